//! `group_by` with a share key: groups of a snapshot, none of which is of one to four people.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

const DAY_MS: u64 = 86_400_000;

/// Site with a share key.
struct Shared {
    site: Site,
    key: String,
}

impl Shared {
    async fn new(collector: &Collector, properties: &[&str]) -> Self {
        let site = collector.create_site(json!({ "name": "Tea shop", "properties": properties })).await;
        let made = site.owner_post("keys", &json!({ "role": "share" })).await.json();
        Self { key: made["key"].as_str().expect("a key").to_owned(), site }
    }

    async fn report(&self, query: &str) -> Value {
        self.site.get(&format!("score?{query}"), &self.key).await.ok()
    }

    /// Returns the number of responses of each shown plan, of `other` ones, and of all.
    async fn groups(&self, query: &str) -> (BTreeMap<String, u64>, u64) {
        let report = self.report(query).await;
        let groups = report["groups"].as_array().expect("groups").iter().map(|group| {
            assert_eq!(
                (&group["hidden"], group["scored"].as_u64() >= Some(5)),
                (&json!(false), true),
                "{report}"
            );
            let name =
                if group["other"] == true { "other" } else { group["value"].as_str().unwrap_or("none") };
            (name.to_owned(), group["scored"].as_u64().unwrap())
        });
        let groups: BTreeMap<String, u64> = groups.collect();
        let scored = report["scored"].as_u64().unwrap();
        assert_eq!(groups.values().sum::<u64>(), scored, "{report}");
        (groups, scored)
    }

    async fn assert_groups(&self, expected: &[(&str, u64)]) {
        let groups: BTreeMap<String, u64> =
            expected.iter().map(|(name, many)| ((*name).to_owned(), *many)).collect();
        assert_eq!(self.groups("group_by=plan").await.0, groups);
    }
}

/// Stores so many responses with a plan, and returns their ids.
async fn store(site: &Site, plan: &str, scores: &[u8]) -> Vec<String> {
    let message = |score: &u8| {
        let mut message = json!({ "id": new_id(), "score": score, "shown": true });
        if !plan.is_empty() {
            message["properties"] = json!({ "plan": plan });
        }
        message
    };
    let messages: Vec<Value> = scores.iter().map(message).collect();
    site.store(json!(messages)).await;
    messages.iter().map(|message| message["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_group_is_published_from_five_responses_on_and_grows_by_five_or_more() {
    let collector = Collector::start_with_faults();
    let shared = Shared::new(&collector, &["plan", "country"]).await;
    let site = &shared.site;
    shared.assert_groups(&[]).await;
    store(site, "pro", &[9; 5]).await;
    store(site, "free", &[0; 6]).await;
    shared.assert_groups(&[("pro", 5), ("free", 6)]).await;
    let report = shared.report("group_by=plan&range=30d&interval=week").await;
    assert_eq!(
        (&report["groups"][0]["value"], &report["groups"][0]["score"]),
        (&json!("free"), &json!(-100.0))
    );
    assert_eq!((&report["groups"][1]["shown"], &report["query"]["group_by"]), (&json!(5), &json!("plan")));

    store(site, "pro", &[9; 4]).await;
    collector.put_forward(site, DAY_MS).await;
    shared.assert_groups(&[("pro", 5), ("free", 6)]).await;
    store(site, "pro", &[9]).await;
    collector.put_forward(site, 2 * DAY_MS).await;
    shared.assert_groups(&[("pro", 10), ("free", 6)]).await;
    // Of nine more, four are of one plan: all of them are other.
    store(site, "pro", &[0; 5]).await;
    store(site, "free", &[0; 4]).await;
    collector.put_forward(site, 3 * DAY_MS).await;
    shared.assert_groups(&[("pro", 10), ("free", 6), ("other", 9)]).await;
    let read = site.score("group_by=plan").await;
    assert_eq!(read["groups"][0]["scored"], 15, "a read key sees the present");
}

#[tokio::test]
async fn a_small_group_is_not_the_rest_of_the_total() {
    let collector = Collector::shared();
    for (plans, expected) in [
        (&[("pro", 9), ("free", 4)][..], &[("other", 13)][..]),
        (&[("pro", 9), ("free", 7), ("", 1)], &[("pro", 9), ("other", 8)]),
        (&[("pro", 9), ("free", 3), ("", 2)], &[("pro", 9), ("other", 5)]),
        (&[("pro", 9), ("", 5)], &[("pro", 9), ("none", 5)]),
    ] {
        let shared = Shared::new(&collector, &["plan"]).await;
        for (plan, many) in plans {
            store(&shared.site, plan, &vec![9; *many]).await;
        }
        shared.assert_groups(expected).await;
    }
}

#[tokio::test]
async fn erased_responses_leave_their_group_with_four_others() {
    let collector = Collector::start_with_faults();
    let shared = Shared::new(&collector, &["plan"]).await;
    let ids = store(&shared.site, "pro", &[0; 12]).await;
    store(&shared.site, "free", &[10; 6]).await;
    shared.assert_groups(&[("pro", 12), ("free", 6)]).await;
    for (day, (erased, expected)) in (1..).zip([(0..4, 12), (4..5, 7), (5..9, 7)]) {
        for id in &ids[erased] {
            let path = format!("responses/{id}");
            assert_eq!(shared.site.owner_request("DELETE", &path, Value::Null).await.status, 204);
        }
        collector.put_forward(&shared.site, day * DAY_MS).await;
        shared.assert_groups(&[("pro", expected), ("free", 6)]).await;
    }
    // The total may lose five now, and with it three of the group.
    for id in &ids[9..10] {
        let path = format!("responses/{id}");
        assert_eq!(shared.site.owner_request("DELETE", &path, Value::Null).await.status, 204);
    }
    collector.put_forward(&shared.site, 4 * DAY_MS).await;
    shared.assert_groups(&[("other", 8)]).await;
}

#[tokio::test]
async fn groups_are_withdrawn_where_everything_is_erased() {
    let collector = Collector::start_with_faults();
    let shared = Shared::new(&collector, &["plan"]).await;
    let ids = store(&shared.site, "pro", &[0; 6]).await;
    shared.assert_groups(&[("pro", 6)]).await;
    for id in &ids {
        let path = format!("responses/{id}");
        assert_eq!(shared.site.owner_request("DELETE", &path, Value::Null).await.status, 204);
    }
    collector.put_forward(&shared.site, DAY_MS).await;
    shared.assert_groups(&[]).await;
}

#[tokio::test]
async fn a_group_of_a_range_has_whole_cells_only() {
    let collector = Collector::shared();
    let shared = Shared::new(&collector, &["plan"]).await;
    shared.site.patch_settings(json!({ "retention": { "months": null } })).await;
    let mut rows = String::from("at,score,plan\n");
    for (day, plan, many) in
        [(10, "pro", 5), (11, "free", 5), (12, "pro", 4), (12, "free", 3), (13, "pro", 2), (13, "free", 3)]
    {
        rows.push_str(&format!("2020-02-{day},9,{plan}\n").repeat(many));
    }
    shared.site.import_csv(rows, "").await;
    let (groups, scored) = shared.groups("group_by=plan&range=all").await;
    let expected: BTreeMap<String, u64> =
        [("pro", 11), ("free", 11)].map(|(name, many)| (name.into(), many)).into();
    assert_eq!((groups, scored), (expected, 22));
    for range in ["7d", "30d", "90d", "365d"] {
        assert_eq!(shared.groups(&format!("group_by=plan&range={range}")).await, (BTreeMap::new(), 0));
    }
}

#[tokio::test]
async fn one_property_divides_a_snapshot_for_good() {
    let collector = Collector::start_with_faults();
    let shared = Shared::new(&collector, &[]).await;
    store(&shared.site, "pro", &[9; 6]).await;
    let report = shared.report("group_by=channel").await;
    assert_eq!((&report["groups"][0]["value"], &report["groups"][0]["scored"]), (&json!("web"), &json!(6)));
    let refused = shared.site.get("score?group_by=plan", &shared.key).await.invalid_at("group_by");
    assert!(refused["detail"].as_str().unwrap().contains("`channel`"), "{refused}");
    shared.site.patch_settings(json!({ "properties": ["plan"] })).await;
    shared.site.settled().await;
    shared.site.get("score?group_by=channel", &shared.key).await.invalid_at("group_by");
    shared.assert_groups(&[("other", 6)]).await;
    store(&shared.site, "pro", &[9; 7]).await;
    collector.put_forward(&shared.site, DAY_MS).await;
    shared.assert_groups(&[("other", 13)]).await;
}

#[tokio::test]
async fn a_snapshot_is_divided_when_its_property_is_declared() {
    let collector = Collector::shared();
    let shared = Shared::new(&collector, &[]).await;
    store(&shared.site, "pro", &[9; 6]).await;
    assert_eq!(shared.report("").await["scored"], 6);
    shared.site.patch_settings(json!({ "properties": ["plan"] })).await;
    shared.site.settled().await;
    shared.assert_groups(&[("pro", 6)]).await;
}
