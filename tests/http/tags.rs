//! Tags with their numbers of responses.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

use crate::upgrades::open;

async fn tagged(site: &Site, tags: Value) -> String {
    let id = new_id();
    site.store(json!({ "id": id, "score": 3 })).await;
    change(site, &id, json!({ "tags": tags })).await;
    id
}

async fn change(site: &Site, id: &str, change: Value) {
    site.owner_request("PATCH", &format!("responses/{id}"), change).await.ok();
}

async fn counts(site: &Site) -> Vec<(String, u64)> {
    let listed = site.get("tags", &site.read).await.ok();
    let pair = |it: &Value| (it["tag"].as_str().unwrap().to_owned(), it["responses"].as_u64().unwrap());
    listed["tags"].as_array().unwrap().iter().map(pair).collect()
}

fn pairs(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(tag, count)| ((*tag).to_owned(), *count)).collect()
}

#[tokio::test]
async fn tags_are_counted_as_they_are_given_changed_and_erased() {
    let collector = Collector::shared();
    let site = collector.site().await;
    assert_eq!(counts(&site).await, []);
    let first = tagged(&site, json!(["late", "cold"])).await;
    let second = tagged(&site, json!(["late", "\u{e9}t\u{e9}"])).await;
    tagged(&site, json!(["late"])).await;
    assert_eq!(counts(&site).await, pairs(&[("late", 3), ("cold", 1), ("\u{e9}t\u{e9}", 1)]));
    change(&site, &first, json!({ "tags": ["cold", "refund"] })).await;
    assert_eq!(counts(&site).await, pairs(&[("late", 2), ("cold", 1), ("refund", 1), ("\u{e9}t\u{e9}", 1)]));
    change(&site, &first, json!({ "tags": null })).await;
    change(&site, &second, json!({ "mark": "spam" })).await;
    assert_eq!(counts(&site).await, pairs(&[("late", 1)]));
    change(&site, &second, json!({ "mark": null })).await;
    assert_eq!(counts(&site).await, pairs(&[("late", 2), ("\u{e9}t\u{e9}", 1)]));
    site.owner_request("DELETE", &format!("responses/{second}"), Value::Null).await;
    assert_eq!(counts(&site).await, pairs(&[("late", 1)]));
    site.get("tags", "").await.problem(401);
}

#[tokio::test]
async fn a_tag_selects_its_responses_also_where_it_has_very_many() {
    const ROWS: u64 = 5_500;
    let mut collector = Collector::start();
    let site = collector.site().await;
    let rows: String = (0..ROWS).map(|nth| format!("{},2026-03-{:02}\n", nth % 11, nth % 28 + 1)).collect();
    site.import_csv(format!("score,at\n{rows}"), "").await;
    collector.kill();
    // The triggers of the database count these tags too.
    let tag = "UPDATE response SET tags = iif(score = 0, '[\"often\",\"zero\"]', '[\"often\"]')";
    open(&collector).execute_batch(tag).unwrap();
    collector.restart();
    let site = collector.again(&site);
    assert_eq!(counts(&site).await, pairs(&[("often", ROWS), ("zero", ROWS / 11)]));
    for (filter, expected) in [
        ("tag=often", ROWS),
        ("tag=zero", ROWS / 11),
        ("tag=often&category=promoter", ROWS / 11 * 2),
        ("tag=zero&category=promoter", 0),
        ("tag=oft", 0),
    ] {
        assert_eq!(site.responses_of(filter, 200).await.len() as u64, expected, "{filter}");
    }
}
