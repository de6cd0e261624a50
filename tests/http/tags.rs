//! Tags with their numbers of responses.

use serde_json::{Value, json};
use tests::{Collector, Site, new_id};

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
    let collector = Collector::start();
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
    let collector = Collector::start();
    let site = collector.site().await;
    let rows: String = (0..5_400).map(|nth| format!("{},2026-03-{:02}\n", nth % 11, nth % 28 + 1)).collect();
    site.import_csv(format!("score,at\n{rows}"), "").await;
    for response in site.responses_of("from=2026-03-05&to=2026-03-05&category=promoter", 200).await {
        change(&site, response["id"].as_str().unwrap(), json!({ "tags": ["often"] })).await;
    }
    let few = counts(&site).await[0].1;
    assert_eq!(site.responses_of("tag=often", 200).await.len() as u64, few);
    assert_eq!(site.responses_of("tag=often&category=detractor", 200).await, [] as [Value; 0]);
    assert_eq!(site.responses_of("tag=oft", 200).await, [] as [Value; 0]);
}
