//! Limit of new text a day: beyond it scores are stored and texts are deferred.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id};
use tokio::task::JoinSet;

/// Bytes of a megabyte, which is the least limit.
const MB: usize = 1_000_000;
/// The longest comment, of one byte a character.
const COMMENT: usize = 5_000;

async fn site_of_one_megabyte(collector: &Collector) -> Site {
    let site = collector.site().await;
    site.patch_settings(json!({ "text_mb_per_day": 1 })).await;
    site
}

/// Sends messages and returns their results.
async fn results(site: &Site, messages: &Value) -> Vec<Value> {
    let answer = send(site.posting(messages.to_string())).await.ok();
    answer["results"].as_array().expect("results").clone()
}

/// A batch of messages with a score and the longest comment.
fn batch(count: usize) -> Value {
    (0..count).map(|_| json!({ "id": new_id(), "score": 9, "comment": "x".repeat(COMMENT) })).collect()
}

/// Fills the day but for less than a batch.
async fn fill(site: &Site) {
    for _ in 0..MB / (40 * COMMENT) {
        assert!(results(site, &batch(40)).await.iter().all(|result| result.get("deferred").is_none()));
    }
}

#[tokio::test]
async fn beyond_the_limit_scores_are_stored_and_texts_are_deferred() {
    let collector = Collector::shared();
    let site = site_of_one_megabyte(&collector).await;
    fill(&site).await;
    let id = new_id();
    let message = json!({ "id": id, "score": 2, "comment": "Cold tea", "shown": true, "elapsed_ms": 900 });
    assert_eq!(
        results(&site, &message).await,
        [json!({ "id": id, "status": "stored", "deferred": ["comment"] })]
    );
    let stored = site.owner_get(&format!("responses/{id}")).await;
    assert_eq!((&stored["score"], &stored["comment"]), (&json!(2), &Value::Null));

    let every = new_id();
    let message = json!({
        "id": every, "score": 3, "comment": "Tea", "contact": "a@b.example", "answers": { "why": "Cold" }, "lang": "en",
        "properties": { "plan": "pro" }, "page": "/shop", "user": "ann", "consents": ["quote"],
    });
    let deferred = &results(&site, &message).await[0]["deferred"];
    assert_eq!(*deferred, json!(["comment", "contact", "answers", "properties", "page"]));
    let stored = site.owner_get(&format!("responses/{every}")).await;
    assert_eq!(
        (&stored["score"], &stored["lang"], &stored["contact"]),
        (&json!(3), &json!("en"), &Value::Null)
    );

    let (bad, scored) = (json!({ "id": new_id(), "score": 11 }), json!({ "id": new_id(), "score": 10 }));
    let mixed = results(&site, &json!([bad, scored, { "id": new_id(), "score": 1, "page": "/" }])).await;
    assert_eq!((&mixed[0]["status"], mixed[0].get("deferred")), (&json!("invalid"), None));
    assert_eq!(
        mixed[1],
        json!({ "id": scored["id"], "status": "stored" }),
        "without text nothing is deferred"
    );
    assert_eq!(mixed[2]["deferred"], json!(["page"]));
    let report = site.score("").await;
    assert_eq!((&report["scored"], &report["commented"]), (&json!(204), &json!(200)));

    site.patch_settings(json!({ "text_mb_per_day": 2 })).await;
    let message = json!({ "id": id, "score": 2, "comment": "Cold tea", "shown": true, "elapsed_ms": 900 });
    assert_eq!(results(&site, &message).await, [json!({ "id": id, "status": "stored" })]);
    assert_eq!(
        site.owner_get(&format!("responses/{id}")).await["comment"],
        "Cold tea",
        "the text came later"
    );
    let other = collector.site().await;
    assert_eq!(results(&other, &batch(1)).await[0].get("deferred"), None, "each site has its own limit");
}

#[tokio::test]
async fn only_new_text_counts() {
    let collector = Collector::shared();
    let site = site_of_one_megabyte(&collector).await;
    let once = batch(40);
    for _ in 0..20 {
        assert!(results(&site, &once).await.iter().all(|result| result.get("deferred").is_none()));
    }
    let mut known = once[0].clone();
    known["elapsed_ms"] = json!(7_000);
    results(&site, &known).await;
    for _ in 0..4 {
        assert!(results(&site, &batch(40)).await.iter().all(|result| result.get("deferred").is_none()));
    }
    // Padding is no text: the limit counts parsed values.
    assert_eq!(results(&site, &batch(1)).await[0]["deferred"], json!(["comment"]));
    assert_eq!(results(&site, &once[1]).await[0].get("deferred"), None, "its text is stored already");
    let mixed = results(&site, &json!([once[2], batch(1)[0]])).await;
    assert_eq!((mixed[0].get("deferred"), &mixed[1]["deferred"]), (None, &json!(["comment"])));
}

#[tokio::test]
async fn simultaneous_messages_do_not_exceed_the_limit() {
    let collector = Collector::shared();
    let site = site_of_one_megabyte(&collector).await;
    let mut senders = JoinSet::new();
    for _ in 0..20 {
        let site = site.clone();
        senders.spawn(async move { results(&site, &batch(40)).await });
    }
    let results = senders.join_all().await.concat();
    let stored = results.iter().filter(|result| result.get("deferred").is_none()).count();
    assert_eq!(stored, MB / COMMENT);
    let report = site.score("").await;
    assert_eq!((&report["scored"], &report["commented"]), (&json!(800), &json!(stored)));
}

#[tokio::test]
async fn a_restart_does_not_forget_the_day() {
    let mut collector = Collector::start();
    let site = site_of_one_megabyte(&collector).await;
    fill(&site).await;
    collector.restart();
    let site = collector.again(&site);
    let again = results(&site, &batch(2)).await;
    assert!(again.iter().all(|result| result["deferred"] == json!(["comment"])), "{again:?}");
}

#[tokio::test]
async fn the_limit_is_checked() {
    let collector = Collector::shared();
    let site = collector.site().await;
    assert_eq!(site.owner_get("").await["text_mb_per_day"], 200);
    for wrong in [json!(0), json!(10_001), json!(1.5), json!("200")] {
        site.owner_request("PATCH", "", json!({ "text_mb_per_day": wrong }))
            .await
            .invalid_at("/text_mb_per_day");
    }
    site.patch_settings(json!({ "text_mb_per_day": 7 })).await;
    site.patch_settings(json!({ "text_mb_per_day": null })).await;
    assert_eq!(site.owner_get("").await["text_mb_per_day"], 200);
}
