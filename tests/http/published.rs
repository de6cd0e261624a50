//! Figures for strangers: share keys and the badge read a snapshot that discloses no small group.

use rusqlite::Connection;
use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id};

const DAY_MS: u64 = 86_400_000;

/// Site with a badge and a share key.
struct Shared {
    site: Site,
    key: String,
}

impl Shared {
    async fn new(collector: &Collector) -> Self {
        let site =
            collector.create_site(json!({ "name": "Tea shop", "badge": true, "properties": ["plan"] })).await;
        let key = share_key(&site).await;
        Self { site, key }
    }

    async fn score(&self, query: &str) -> Value {
        self.site.get(&format!("score?{query}"), &self.key).await.ok()
    }

    /// The numbers of scores that the share key and the badge show.
    async fn scored(&self) -> (u64, u64) {
        let shared = self.score("").await["scored"].as_u64().expect("a number");
        let badge = send(self.site.asking("GET", "badge.json", "")).await.ok();
        (shared, badge["scored"].as_u64().expect("a number"))
    }
}

async fn share_key(site: &Site) -> String {
    let made = site.owner_post("keys", &json!({ "role": "share" })).await.json();
    made["key"].as_str().expect("a key").to_owned()
}

/// Stores responses with those scores and returns their ids.
async fn store(site: &Site, scores: &[u8]) -> Vec<String> {
    let messages: Vec<Value> =
        scores.iter().map(|score| json!({ "id": new_id(), "score": score, "shown": true })).collect();
    site.store(json!(messages)).await;
    messages.iter().map(|message| message["id"].as_str().expect("an id").to_owned()).collect()
}

async fn erase(site: &Site, ids: &[String]) {
    for id in ids {
        assert_eq!(site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await.status, 204);
    }
}

#[tokio::test]
async fn strangers_see_a_snapshot_that_grows_by_five_or_more() {
    let collector = Collector::start_with_faults();
    let shared = Shared::new(&collector).await;
    for expected in [(0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (5, 5)] {
        assert_eq!(shared.scored().await, expected);
        store(&shared.site, &[9]).await;
    }
    // One is there beside the five, and three more come.
    store(&shared.site, &[0; 3]).await;
    let before = shared.score("range=7d&interval=week").await;
    assert_eq!((&before["score"], &before["shown"]), (&json!(100.0), &json!(5)));
    assert_eq!(shared.scored().await, (5, 5));
    collector.put_forward(&shared.site, DAY_MS).await;
    assert_eq!(shared.scored().await, (5, 5), "only four more");
    assert_eq!(shared.site.score("").await["scored"], 9, "a read key sees the present");
    store(&shared.site, &[0]).await;
    assert_eq!(shared.scored().await, (5, 5), "not before midnight");
    collector.put_forward(&shared.site, 2 * DAY_MS).await;
    assert_eq!(shared.scored().await, (10, 10));
    let weeks = shared.score("range=90d&interval=week").await;
    let of_weeks: u64 =
        weeks["series"].as_array().unwrap().iter().map(|week| week["scored"].as_u64().unwrap()).sum();
    assert_eq!((of_weeks, &weeks["scored"]), (10, &json!(10)), "weeks add up to the total");
}

#[tokio::test]
async fn erased_responses_leave_together_with_four_others() {
    let collector = Collector::start_with_faults();
    let shared = Shared::new(&collector).await;
    let ids = store(&shared.site, &[10, 10, 10, 10, 10, 10, 0, 0, 0, 0, 0, 0]).await;
    assert_eq!(shared.scored().await, (12, 12));
    erase(&shared.site, &ids[..1]).await;
    collector.put_forward(&shared.site, DAY_MS).await;
    assert_eq!(shared.scored().await, (12, 12));
    erase(&shared.site, &ids[1..5]).await;
    collector.put_forward(&shared.site, 2 * DAY_MS).await;
    assert_eq!(shared.scored().await, (7, 7));
    erase(&shared.site, &ids[5..10]).await;
    collector.put_forward(&shared.site, 3 * DAY_MS).await;
    assert_eq!(shared.scored().await, (0, 0), "two are left, and they are hidden");
}

#[tokio::test]
async fn a_share_key_reads_fixed_ranges_and_weeks_only() {
    let collector = Collector::shared();
    let shared = Shared::new(&collector).await;
    store(&shared.site, &[9; 6]).await;
    for query in
        ["", "range=all", "range=7d", "range=30d", "range=90d", "range=365d&interval=week", "interval=week"]
    {
        assert_eq!(shared.score(query).await["scored"], 6, "{query}");
        let linked = format!("score?{query}&key={}", shared.key);
        assert_eq!(send(shared.site.asking("GET", &linked, "")).await.ok()["scored"], 6, "{query}");
    }
    for (query, pointer) in [
        ("range=8d", "range"),
        ("range=1d", "range"),
        ("from=2026-01-01", "from"),
        ("to=2999-01-01", "to"),
        ("range=7d&interval=day", "interval"),
        ("interval=month", "interval"),
        ("filter[plan]=pro", "filter[plan]"),
        ("group_by=channel", "group_by"),
        ("group_by=lang", "group_by"),
        ("group_by=plan&filter[plan]=pro", "filter[plan]"),
        ("variant=standard", "variant"),
        ("range=30d&compare=previous", "compare"),
        ("interval=week&rolling=30d", "rolling"),
        ("category=detractor", "category"),
    ] {
        let refused = shared.site.get(&format!("score?{query}"), &shared.key).await.invalid_at(pointer);
        let detail = refused["detail"].as_str().unwrap();
        assert!(
            ["range, interval", "7d, 30d", "week", "`plan`"].iter().any(|allowed| detail.contains(allowed)),
            "{detail}"
        );
        for key in [&shared.site.read, &shared.site.owner] {
            let answer = shared.site.get(&format!("score?{query}"), key).await;
            let can_be_asked = !["group_by=lang", "group_by=plan&filter[plan]=pro"].contains(&query);
            assert_eq!(answer.status, if can_be_asked { 200 } else { 422 }, "{query}: {answer}");
        }
    }
}

#[tokio::test]
async fn history_that_is_imported_later_has_its_own_days() {
    let collector = Collector::start_with_faults();
    let shared = Shared::new(&collector).await;
    shared.site.patch_settings(json!({ "retention": { "months": null } })).await;
    store(&shared.site, &[9; 5]).await;
    assert_eq!(shared.scored().await, (5, 5));
    let rows: String = (1..=28).map(|day| format!("2020-02-{day:02},0\n")).collect();
    shared.site.import_csv(format!("at,score\n{rows}"), "").await;
    assert_eq!(shared.scored().await, (5, 5));
    collector.put_forward(&shared.site, DAY_MS).await;
    // Cells of five days, and the last three days are too few.
    assert_eq!(shared.scored().await, (30, 5));
    let weeks = shared.score("interval=week").await;
    let weeks = weeks["series"].as_array().unwrap().clone();
    assert!(weeks.iter().all(|week| week["scored"] == 0 || week["scored"].as_u64() >= Some(5)), "{weeks:?}");
    assert_eq!(weeks[0]["from"], "2020-02-05");
}

#[tokio::test]
async fn a_share_key_sees_the_effect_of_a_note_in_published_figures() {
    let collector = Collector::shared();
    let shared = Shared::new(&collector).await;
    let note = json!({ "text": "Free returns", "public": true });
    assert_eq!(shared.site.owner_request("POST", "notes", note).await.status, 201);
    let after =
        async |key: &str| shared.site.get("notes", key).await.ok()["notes"][0]["effect"]["after"].take();
    store(&shared.site, &[9; 4]).await;
    assert_eq!(after(&shared.key).await["scored"], 0);
    assert_eq!(after(&shared.site.read).await["scored"], 4);
    store(&shared.site, &[9; 2]).await;
    assert_eq!(shared.scored().await, (6, 6));
    store(&shared.site, &[0; 2]).await;
    assert_eq!(after(&shared.key).await["scored"], 6);
    assert_eq!(after(&shared.site.read).await["scored"], 8);
}

#[tokio::test]
async fn another_question_is_published_by_itself() {
    let collector = Collector::shared();
    let shared = Shared::new(&collector).await;
    store(&shared.site, &[9; 6]).await;
    assert_eq!(shared.scored().await, (6, 6));
    let survey = json!({ "variant": "stay", "question": "How likely are you to stay?" });
    assert_eq!(shared.site.owner_request("PUT", "survey", survey).await.status, 200);
    store(&shared.site, &[0; 4]).await;
    assert_eq!(shared.scored().await, (0, 0));
    store(&shared.site, &[0]).await;
    assert_eq!(shared.scored().await, (5, 5));
}

#[tokio::test]
async fn a_site_without_strangers_stores_no_snapshot() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    store(&site, &[9; 20]).await;
    share_key(&site).await;
    for key in [&site.read, &site.owner] {
        assert_eq!(site.get("score?range=30d", key).await.ok()["scored"], 20);
        site.get("notes", key).await.ok();
    }
    collector.kill();
    let objects = collector.objects();
    let rows = objects.iter().map(|object| {
        let database = Connection::open(object).unwrap();
        let count = "SELECT count(*) FROM published";
        database.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap_or(0)
    });
    assert_eq!(rows.sum::<i64>(), 0);
}
