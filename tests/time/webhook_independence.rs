//! Deliveries are independent: what one receiver or one message does is no matter of the others.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Collector, ScriptedResponse, Site, WebhookReceiver, new_id, until};

use crate::{HOUR, MINUTE};

/// Seconds between the attempts of a delivery.
const PAUSES_S: [u64; 10] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 24 * 3_600];

/// Registers a webhook for responses, and returns its path.
async fn subscribe(site: &Site, receiver: &WebhookReceiver, format: &str) -> String {
    let events = ["response.created", "response.detractor"];
    let given = json!({ "url": receiver.url(), "events": events, "format": format });
    let webhook = site.owner_post("webhooks", &given).await.json();
    format!("webhooks/{}", webhook["id"].as_str().unwrap())
}

async fn deliveries(site: &Site, webhook: &str, query: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = site.owner_get(&format!("{webhook}/deliveries?{query}{cursor}")).await;
        all.extend(page["deliveries"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next_cursor"].as_str() else { return all };
        cursor = format!("&cursor={next}");
    }
}

/// Waits until that many deliveries are in a state.
async fn until_state(site: &Site, webhook: &str, state: &str, number: usize) -> Vec<Value> {
    until(&format!("{number} {state}"), async || {
        Some(deliveries(site, webhook, &format!("state={state}")).await).filter(|all| all.len() == number)
    })
    .await
}

#[tokio::test]
async fn a_refused_comment_fails_alone_and_can_be_replayed_or_deleted() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver, "json").await;
    receiver.refuse(Some("<script"));
    site.store(json!([
        { "id": new_id(), "score": 1, "comment": "<script>alert(1)</script>", "elapsed_ms": 60_000 },
        { "id": new_id(), "score": 2, "comment": "Cold tea", "elapsed_ms": 60_000 },
        { "id": new_id(), "score": 9, "comment": "Good tea", "elapsed_ms": 60_000 },
    ]))
    .await;
    let mut ahead = MINUTE;
    collector.put_forward(&site, ahead).await;
    until_state(&site, &webhook, "delivered", 2).await;
    for (nth, pause) in PAUSES_S.into_iter().enumerate() {
        until("the attempt is over", async || {
            let listed = deliveries(&site, &webhook, "state=pending").await;
            (listed.first()?["attempts"].as_array()?.len() == nth + 1).then_some(())
        })
        .await;
        ahead += pause * 1_000 + 1_000;
        collector.put_forward(&site, ahead).await;
    }
    let failed = until_state(&site, &webhook, "failed", 1).await.remove(0);
    assert_eq!(failed["reason"], "11 attempts failed; the last response was 403.");
    assert!(failed["body"].as_str().unwrap().contains("<script"), "{failed}");
    let view = site.owner_get(&webhook).await;
    assert_eq!((&view["status"], &view["pending"]), (&json!("failing"), &json!(0)), "it is not paused");
    // The next alert arrives as ever, and a second refused comment days later does not pause it.
    site.store(json!([
        { "id": new_id(), "score": 3, "comment": "Late tea", "elapsed_ms": 60_000 },
        { "id": new_id(), "score": 0, "comment": "<script>again", "elapsed_ms": 60_000 },
    ]))
    .await;
    ahead += MINUTE;
    collector.put_forward(&site, ahead).await;
    until_state(&site, &webhook, "delivered", 3).await;
    let second = until_state(&site, &webhook, "pending", 1).await.remove(0);
    // Replayed, once the firewall lets it through.
    receiver.refuse(None);
    let path = |delivery: &Value| format!("{webhook}/deliveries/{}", delivery["id"].as_str().unwrap());
    let replayed = site.owner_request("POST", &format!("{}/replay", path(&failed)), Value::Null).await.status;
    assert_eq!(replayed, 202);
    until_state(&site, &webhook, "delivered", 4).await;
    let calls = receiver.calls();
    let same: Vec<_> = calls.iter().filter(|call| call.body == failed["body"].as_str().unwrap()).collect();
    let ids: BTreeSet<&str> = same.iter().map(|call| call.header("webhook-id")).collect();
    assert_eq!((same.len(), ids.len()), (12, 1), "the same id at each attempt");
    assert_eq!(site.owner_request("DELETE", &path(&second), Value::Null).await.status, 204);
    assert_eq!(until_state(&site, &webhook, "pending", 0).await.len(), 0);
}

#[tokio::test]
async fn two_refused_messages_and_nothing_else_for_three_days_pause_a_webhook() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver, "json").await;
    receiver.respond(ScriptedResponse::new(403));
    for id in [new_id(), new_id()] {
        site.store(json!({ "id": id, "score": 1, "comment": "Cold tea", "elapsed_ms": 60_000 })).await;
    }
    let mut ahead = MINUTE;
    collector.put_forward(&site, ahead).await;
    for (nth, pause) in PAUSES_S.into_iter().enumerate() {
        until("both are tried", async || {
            let listed = deliveries(&site, &webhook, "state=pending").await;
            let tried = |it: &Value| it["attempts"].as_array().is_some_and(|tried| tried.len() == nth + 1);
            (listed.len() == 2 && listed.iter().all(tried)).then_some(())
        })
        .await;
        ahead += pause * 1_000 + 1_000;
        collector.put_forward(&site, ahead).await;
    }
    let paused = until("a pause", async || {
        Some(site.owner_get(&webhook).await).filter(|webhook| webhook["status"] == "paused")
    })
    .await;
    assert_eq!(paused["paused_why"], "Attempts failed for three days; the last response was 403.");
    // A test that the receiver accepts ends the pause, and nothing is lost.
    until_state(&site, &webhook, "sending", 0).await;
    receiver.respond(ScriptedResponse::new(200));
    let tested = site.owner_request("POST", &format!("{webhook}/test"), Value::Null).await;
    assert_eq!(tested.status, 202, "{tested}");
    until_state(&site, &webhook, "delivered", 3).await;
    assert_eq!(site.owner_get(&webhook).await["status"], "active");
}

#[tokio::test]
async fn a_chat_that_is_behind_gets_one_summary_and_a_program_gets_every_event() {
    let collector = Collector::start_with_faults();
    let (site, chat, program) =
        (collector.site().await, WebhookReceiver::start().await, WebhookReceiver::start().await);
    let webhooks = [subscribe(&site, &chat, "slack").await, subscribe(&site, &program, "json").await];
    for webhook in &webhooks {
        site.owner_request("PATCH", webhook, json!({ "paused": true })).await.ok();
    }
    let scores = (0..66).map(|n| n % 11);
    let page: Vec<Value> = scores
        .map(|score| json!({ "id": new_id(), "score": score, "comment": "Tea", "elapsed_ms": 60_000 }))
        .collect();
    for part in page.chunks(50) {
        site.store(part.into()).await;
    }
    collector.put_forward(&site, MINUTE).await;
    for webhook in &webhooks {
        until("all wait", async || (site.owner_get(webhook).await["pending"] == 66).then_some(())).await;
    }
    for webhook in &webhooks {
        site.owner_request("PATCH", webhook, json!({ "paused": false })).await.ok();
    }
    until_state(&site, &webhooks[1], "delivered", 66).await;
    let bodies: BTreeSet<String> = program.calls().into_iter().map(|call| call.body).collect();
    assert_eq!(bodies.len(), 66);
    let sent = until_state(&site, &webhooks[0], "delivered", 1).await.remove(0);
    assert_eq!((&sent["event"], chat.calls().len()), (&json!("responses.summary"), 1));
    let text = chat.calls()[0].json()["text"].clone();
    assert_eq!(text, "Tea shop: 66 responses: 42 detractors, 12 passives, 12 promoters");
    assert!(!chat.calls()[0].body.contains("http"), "{text}");
    let counted = deliveries(&site, &webhooks[0], "state=summarized").await;
    let reason = format!("Counted in the summary {}.", sent["id"].as_str().unwrap());
    assert!(counted.len() == 66 && counted.iter().all(|it| it["reason"] == reason.as_str()));
    // Fifty are not too many.
    site.owner_request("PATCH", &webhooks[0], json!({ "paused": true })).await.ok();
    let few: Vec<Value> = (0..50)
        .map(|_| json!({ "id": new_id(), "score": 1, "comment": "Tea", "elapsed_ms": 60_000 }))
        .collect();
    site.store(Value::Array(few)).await;
    collector.put_forward(&site, 2 * MINUTE).await;
    until("fifty wait", async || (site.owner_get(&webhooks[0]).await["pending"] == 50).then_some(())).await;
    site.owner_request("PATCH", &webhooks[0], json!({ "paused": false })).await.ok();
    chat.called(51).await;
}

#[tokio::test]
async fn a_summary_that_waits_is_counted_in_the_next() {
    let collector = Collector::start_with_faults();
    let (site, chat) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &chat, "slack").await;
    let store = async |number: usize, minutes: u64| {
        let page: Vec<Value> = (0..number)
            .map(|_| json!({ "id": new_id(), "score": 1, "comment": "Tea", "elapsed_ms": 60_000 }))
            .collect();
        for part in page.chunks(50) {
            site.store(part.into()).await;
        }
        collector.put_forward(&site, minutes * MINUTE).await;
    };
    // A pause of the receiver's that lets everything wait.
    chat.respond(ScriptedResponse::new(503).with("retry-after", "3600"));
    assert_eq!(site.owner_request("POST", &format!("{webhook}/test"), Value::Null).await.status, 202);
    chat.called(1).await;
    until("it is held", async || (site.owner_get(&webhook).await["failures"] == 1).then_some(())).await;
    store(60, 1).await;
    until("all wait", async || (site.owner_get(&webhook).await["pending"] == 61).then_some(())).await;
    collector.put_forward(&site, HOUR + 2 * MINUTE).await;
    // The first summary is refused too.
    until_state(&site, &webhook, "summarized", 60).await;
    until("the summary was tried", async || {
        (site.owner_get(&webhook).await["failures"].as_u64()? >= 2).then_some(())
    })
    .await;
    store(70, 62 + 2).await;
    until("more wait", async || (site.owner_get(&webhook).await["pending"].as_u64()? >= 71).then_some(()))
        .await;
    chat.respond(ScriptedResponse::new(200));
    collector.put_forward(&site, 3 * HOUR).await;
    until("nothing waits", async || (site.owner_get(&webhook).await["pending"] == 0).then_some(())).await;
    let texts: Vec<Value> = chat.calls().iter().map(|call| call.json()["text"].clone()).collect();
    let expected = "Tea shop: 130 responses: 130 detractors, 0 passives, 0 promoters";
    assert_eq!(texts.iter().filter(|text| *text == expected).count(), 1, "{texts:?}");
    assert_eq!(deliveries(&site, &webhook, "state=summarized").await.len(), 131);
}

#[tokio::test]
async fn the_newest_detractor_is_sent_first_and_retries_last() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver, "json").await;
    // The receiver wants an hour of rest, in which everything waits.
    receiver.script([ScriptedResponse::new(503).with("retry-after", "3600")]);
    site.store(json!({ "id": new_id(), "score": 0, "comment": "first", "elapsed_ms": 60_000 })).await;
    collector.put_forward(&site, MINUTE).await;
    until("a failure", async || (site.owner_get(&webhook).await["failures"] == 1).then_some(())).await;
    // One after the other, so that their events have an order.
    for (nth, score) in [9, 1, 8, 2, 3, 4, 5].into_iter().enumerate() {
        let comment = format!("number {nth}.");
        site.store(json!({ "id": new_id(), "score": score, "comment": comment, "elapsed_ms": 60_000 })).await;
        collector.put_forward(&site, (2 + nth as u64) * MINUTE).await;
        until("it waits", async || (site.owner_get(&webhook).await["pending"] == nth + 2).then_some(()))
            .await;
    }
    receiver.respond(ScriptedResponse::new(200).after(Duration::from_millis(500)));
    collector.put_forward(&site, 2 * HOUR).await;
    let calls = receiver.called(9).await;
    let scores: Vec<u64> =
        calls[1..].iter().map(|call| call.json()["data"]["score"].as_u64().unwrap()).collect();
    let first: BTreeSet<u64> = scores[..4].iter().copied().collect();
    assert_eq!(first, BTreeSet::from([2, 3, 4, 5]), "the newest detractors: {scores:?}");
    assert_eq!(scores[4], 1, "then the older one: {scores:?}");
    let last: BTreeSet<u64> = scores[5..].iter().copied().collect();
    assert_eq!(last, BTreeSet::from([0, 8, 9]), "then the others, and what failed before: {scores:?}");
    assert_eq!(receiver.most_at_once(), 4);
}
