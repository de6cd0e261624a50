//! Erasing and marking a selection of responses.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id, until};

use crate::groups::{assert_recounted, site_with};

/// So many imported responses over two months, and three of a page.
async fn mixed(collector: &Collector, imported: usize) -> Site {
    let site = site_with(collector, &["plan"]).await;
    let row = |nth: usize| {
        let plan = ["free", "pro"][nth % 2];
        format!("2026-{:02}-{:02}T12:00:00Z,{},{plan},Word{nth}\n", nth % 2 + 1, nth % 28 + 1, nth % 11)
    };
    let rows: String = (0..imported).map(row).collect();
    assert_eq!(site.import_csv(format!("at,score,plan,comment\n{rows}"), "").await["stored"], imported);
    for score in [1, 8, 10] {
        site.store(json!({ "id": new_id(), "score": score, "shown": true, "properties": { "plan": "pro" } }))
            .await;
    }
    site
}

async fn bulk(site: &Site, endpoint: &str) -> Value {
    let answer = site.owner_request("POST", &format!("responses/{endpoint}"), Value::Null).await;
    assert!([200, 202].contains(&answer.status), "{answer}");
    answer.json()
}

async fn done(site: &Site) -> Value {
    until("the job is done", async || {
        let job = site.get("responses/bulk", &site.owner).await.json();
        (job["state"] == "done").then_some(job)
    })
    .await
}

#[tokio::test]
async fn a_selection_is_counted_and_then_erased() {
    let collector = Collector::shared();
    let site = mixed(&collector, 200).await;
    for (query, expected) in [
        ("filter[channel]=import", 200),
        ("filter[channel]=web", 3),
        ("filter[channel]=import&filter[plan]=pro", 100),
        ("from=2026-02-01&to=2026-02-28", 100),
        ("marked=spam", 0),
        ("q=word1", 111),
    ] {
        for dry_run in ["true", "1"] {
            let counted = bulk(&site, &format!("erase?{query}&dry_run={dry_run}")).await;
            assert_eq!(counted, json!({ "dry_run": true, "matching": expected }), "{query}");
        }
    }
    assert_eq!(site.owner_get("responses/bulk").await, json!({ "state": "none" }));
    assert_eq!(site.responses().await.len(), 203, "nothing is erased by counting");
    let erased = bulk(&site, "erase?filter[channel]=import&from=2026-02-01&to=2026-02-28").await;
    assert_eq!(
        (&erased["state"], &erased["responses"], &erased["action"]),
        (&json!("done"), &json!(100), &json!("erase"))
    );
    assert_eq!(site.owner_get("responses/bulk").await, erased);
    assert_eq!(site.responses().await.len(), 103);
    assert!(
        site.responses_of("q=word1", 50)
            .await
            .iter()
            .all(|response| response["at"].as_str() < Some("2026-02"))
    );
    for property in ["plan", "channel"] {
        assert_recounted(&site, property).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_of_many_goes_on_after_a_kill() {
    let mut collector = Collector::start();
    let site = mixed(&collector, 6_000).await;
    let begun = bulk(&site, "erase?filter[channel]=import").await;
    assert_eq!((&begun["state"], &begun["responses"]), (&json!("running"), &json!(1_000)), "{begun}");
    let second = site.owner_request("POST", "responses/mark?mark=spam&tag=x", Value::Null).await;
    if second.status != 200 {
        second.problem(409);
    }
    for _ in 0..3 {
        collector.restart();
    }
    let site = collector.again(&site);
    let job = done(&site).await;
    assert_eq!(job["responses"], 6_000);
    assert_eq!(site.responses().await.len(), 3);
    assert_eq!(site.score("").await["scored"], 3);
    for property in ["plan", "channel"] {
        assert_recounted(&site, property).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_is_marked_and_unmarked() {
    let collector = Collector::shared();
    let site = mixed(&collector, 2_500).await;
    let before = site.score("group_by=plan").await;
    bulk(&site, "mark?mark=spam&filter[plan]=pro&filter[channel]=import").await;
    assert_eq!(done(&site).await["responses"], 1_250);
    assert_eq!(site.score("").await["scored"], 1_253);
    assert_eq!(site.responses().await.len(), 1_253);
    assert_eq!(site.responses_of("marked=spam", 200).await.len(), 1_250);
    assert_recounted(&site, "plan").await;
    bulk(&site, "mark?mark=none&marked=spam").await;
    assert_eq!(done(&site).await["responses"], 1_250);
    assert_eq!(site.score("group_by=plan").await, before);
}

#[tokio::test]
async fn what_an_import_created_can_be_marked() {
    let collector = Collector::shared();
    let site = mixed(&collector, 20).await;
    let second = site.import_csv("score,at\n1,2026-05-05\n2,2026-05-06\n", "").await;
    let import = second["import"].as_str().unwrap();
    assert_eq!(site.responses_of(&format!("import={import}"), 50).await.len(), 2);
    let counted = bulk(&site, &format!("mark?mark=test&import={import}&dry_run=true")).await;
    assert_eq!(counted["matching"], 2);
    bulk(&site, &format!("mark?mark=test&import={import}")).await;
    assert_eq!(done(&site).await["responses"], 2);
    assert_eq!(site.score("").await["scored"], 23);
    assert!(site.responses_of("import=k4m9x2v7pcqa", 50).await.is_empty());
}

#[tokio::test]
async fn a_list_says_how_many_responses_match() {
    let collector = Collector::shared();
    let site = mixed(&collector, 300).await;
    for (query, expected) in [
        ("", 303),
        ("filter[channel]=import", 300),
        ("from=2026-02-01&to=2026-02-28", 150),
        ("variant=standard&filter[channel]=web", 3),
        ("filter[plan]=pro", 153),
        ("q=word1", 111),
        ("marked=spam", 0),
        ("marked=any", 303),
        ("tag=x", 0),
    ] {
        let page = site.page(&format!("limit=2&{query}")).await.ok();
        assert_eq!(page["matching"], expected, "{query}");
        if let Some(next) = page["next_cursor"].as_str() {
            assert!(site.page(&format!("cursor={next}&{query}")).await.ok()["matching"].is_null());
        }
    }
    bulk(&site, "mark?mark=spam&filter[channel]=web").await;
    assert_eq!(site.page("").await.ok()["matching"], 300);
}

#[tokio::test]
async fn a_selection_without_a_condition_or_mark_is_refused() {
    let collector = Collector::shared();
    let site = mixed(&collector, 1).await;
    for (endpoint, pointer) in [
        ("erase", ""),
        ("erase?marked=any", ""),
        ("erase?dry_run=true", ""),
        ("erase?filter[channel]=fax", "filter[channel]"),
        ("erase?colour=red", "colour"),
        ("erase?tag=x&mark=spam", "mark"),
        ("erase?tag=x&dry_run=maybe", "dry_run"),
        ("mark?tag=x", "mark"),
        ("mark?tag=x&mark=junk", "mark"),
    ] {
        let answer = site.owner_request("POST", &format!("responses/{endpoint}"), Value::Null).await;
        answer.invalid_at(pointer);
    }
    for key in [&site.read, ""] {
        let answer = tests::client::send(site.asking("POST", "responses/erase?tag=x", key)).await;
        assert!([401, 403].contains(&answer.status), "{answer}");
    }
    assert_eq!(site.responses().await.len(), 4);
}
