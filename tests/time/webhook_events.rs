//! Webhook events about answers and cases, and their timing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::ids::unix_ms;
use tests::{Collector, ScriptedResponse, Site, WebhookReceiver, new_id, until};

use crate::{DAY, HOUR, MINUTE};

/// A webhook for those events.
async fn subscribe(site: &Site, receiver: &WebhookReceiver, events: &[&str], format: &str) -> Value {
    let given = json!({ "url": receiver.url(), "events": events, "format": format });
    let answer = site.owner_request("POST", "webhooks", given).await;
    assert_eq!(answer.status, 201, "{answer}");
    answer.json()
}

/// Waits until nothing is on its way to any webhook.
async fn quiet(site: &Site) {
    until("nothing on its way", async || {
        let listed = site.owner_get("webhooks").await["webhooks"].take();
        listed.as_array().unwrap().iter().all(|webhook| webhook["pending"] == 0).then_some(())
    })
    .await;
}

/// The types of what came, with the score of each.
fn received_events(receiver: &WebhookReceiver) -> Vec<(String, Value)> {
    let calls = receiver.calls();
    calls
        .iter()
        .map(|call| (call.json()["type"].as_str().unwrap().to_owned(), call.json()["data"]["score"].clone()))
        .collect()
}

#[tokio::test]
async fn a_detractor_event_is_sent_once_within_a_minute_with_the_comment() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver, &["response.detractor"], "json").await;
    let (with, without) = (new_id(), new_id());
    site.store(json!({ "id": with, "score": 3, "elapsed_ms": 1_000, "page": "/tea", "user": "ann", "contact": "ann@example.org" })).await;
    site.store(json!({ "id": without, "score": 0, "elapsed_ms": 1_000 })).await;
    site.store(json!({ "id": new_id(), "score": 9, "comment": "Good tea" })).await;
    site.store(json!({ "id": new_id(), "dismissed": true })).await;
    site.store(json!({ "id": with, "comment": "Cold tea", "elapsed_ms": 9_000 })).await;
    collector.put_forward(&site, MINUTE).await;
    receiver.called(2).await;
    quiet(&site).await;
    let calls = receiver.calls();
    assert_eq!(calls.len(), 2, "{calls:?}");
    let call = calls.iter().find(|call| call.json()["data"]["id"] == with.as_str()).unwrap();
    assert!(call.is_signed_with(webhook["secret"].as_str().unwrap()));
    let body = call.json();
    assert_eq!((&body["type"], &body["site"]["id"]), (&json!("response.detractor"), &json!(site.id)));
    let mut listed = site.owner_get(&format!("responses/{with}")).await;
    listed.as_object_mut().unwrap().remove("contact");
    assert_eq!(body["data"], listed, "as it is listed, but not how to reach the person");
    assert_eq!(body["data"]["comment"], "Cold tea");
    // A later comment does not tell it again.
    site.store(json!({ "id": without, "comment": "Late", "elapsed_ms": 90_000 })).await;
    collector.put_forward(&site, 3 * MINUTE).await;
    quiet(&site).await;
    assert_eq!(receiver.calls().len(), 2);
}

#[tokio::test]
async fn a_response_with_a_comment_is_sent_sooner() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    subscribe(&site, &receiver, &["response.created"], "json").await;
    site.store(json!({ "id": new_id(), "score": 3, "comment": "Cold tea" })).await;
    site.store(json!({ "id": new_id(), "score": 8 })).await;
    collector.put_forward(&site, 11_000).await;
    receiver.called(1).await;
    assert_eq!(received_events(&receiver), [("response.created".to_owned(), json!(3))]);
    collector.put_forward(&site, MINUTE).await;
    receiver.called(2).await;
    assert_eq!(received_events(&receiver)[1], ("response.created".to_owned(), json!(8)));
}

#[tokio::test]
async fn a_marked_response_is_sent_once_the_mark_is_taken_back() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    subscribe(&site, &receiver, &["response.detractor", "case.overdue"], "json").await;
    let (spam, test, real) = (new_id(), new_id(), new_id());
    site.store(json!([
        { "id": spam, "score": 1, "comment": "Cold tea", "user": "ann" },
        { "id": test, "score": 2, "comment": "Cold tea", "user": "bob", "test": true },
        { "id": real, "score": 3, "comment": "Cold tea" },
    ]))
    .await;
    let mark = async |mark: Value| {
        site.owner_request("PATCH", &format!("responses/{spam}"), json!({ "mark": mark })).await.ok();
    };
    mark(json!("spam")).await;
    collector.put_forward(&site, MINUTE).await;
    receiver.called(1).await;
    collector.put_forward(&site, 2 * DAY).await;
    quiet(&site).await;
    let detractor = |score: u8| ("response.detractor".to_owned(), json!(score));
    assert_eq!(received_events(&receiver), [detractor(3)], "neither the responses nor their cases");
    mark(Value::Null).await;
    receiver.called(3).await;
    mark(json!("test")).await;
    mark(Value::Null).await;
    quiet(&site).await;
    let mut later = received_events(&receiver).split_off(1);
    later.sort_by(|(one, _), (other, _)| one.cmp(other));
    assert_eq!(later, [("case.overdue".to_owned(), json!(1)), detractor(1)], "each once");
}

#[tokio::test]
async fn a_promoter_event_requires_consent() {
    let collector = Collector::start_with_faults();
    let (site, receiver, all) =
        (collector.site().await, WebhookReceiver::start().await, WebhookReceiver::start().await);
    subscribe(&site, &receiver, &["response.promoter"], "json").await;
    subscribe(&site, &all, &["response.created", "response.detractor", "response.promoter"], "json").await;
    let later = new_id();
    site.store(json!([
        { "id": new_id(), "score": 10 },
        { "id": new_id(), "score": 9, "consents": ["publish"] },
        { "id": new_id(), "score": 7, "consents": ["quote"] },
        { "id": new_id(), "score": 10, "consents": ["quote"] },
        { "id": new_id(), "score": 9, "consents": ["reference"] },
        { "id": later, "score": 9, "elapsed_ms": 1_000 },
    ]))
    .await;
    collector.put_forward(&site, MINUTE).await;
    all.called(6).await;
    quiet(&site).await;
    let mut scores = received_events(&receiver);
    scores.sort_by_key(|(_, score)| score.as_u64());
    assert_eq!(
        scores,
        [("response.promoter".to_owned(), json!(9)), ("response.promoter".to_owned(), json!(10))]
    );
    let mut kinds: Vec<String> = received_events(&all).into_iter().map(|(kind, _)| kind).collect();
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "response.created",
            "response.created",
            "response.created",
            "response.created",
            "response.promoter",
            "response.promoter"
        ],
        "each once, as the most telling"
    );
    // The consent that comes minutes later is told too, once.
    site.store(json!({ "id": later, "consents": ["quote"], "elapsed_ms": 200_000 })).await;
    collector.put_forward(&site, 4 * MINUTE).await;
    receiver.called(3).await;
    site.store(json!({ "id": later, "consents": ["reference"], "elapsed_ms": 300_000 })).await;
    collector.put_forward(&site, 8 * MINUTE).await;
    quiet(&site).await;
    assert_eq!(receiver.calls()[2].json()["data"]["id"], later.as_str());
    assert_eq!((receiver.calls().len(), all.calls().len()), (3, 7));
}

#[tokio::test]
async fn an_overdue_case_is_sent_once_after_a_day() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    subscribe(&site, &receiver, &["case.overdue"], "json").await;
    let ids = [new_id(), new_id(), new_id(), new_id()];
    for (id, score) in ids.iter().zip([0, 3, 6, 9]) {
        site.store(json!({ "id": id, "score": score, "contact": "ann@example.org", "comment": "Cold tea" }))
            .await;
    }
    site.owner_request("PATCH", &format!("responses/{}", ids[0]), json!({ "state": "done" })).await.ok();
    site.owner_request("PATCH", &format!("responses/{}", ids[1]), json!({ "state": "in_progress" }))
        .await
        .ok();
    collector.put_forward(&site, DAY - HOUR).await;
    assert_eq!(site.owner_get("cases").await["overdue"], 0);
    collector.put_forward(&site, DAY + MINUTE).await;
    receiver.called(2).await;
    assert_eq!(site.owner_get("cases").await["overdue"], 2);
    collector.put_forward(&site, 3 * DAY).await;
    quiet(&site).await;
    let calls = receiver.calls();
    let sent: Vec<Value> = calls.iter().map(|call| call.json()["data"]["id"].clone()).collect();
    assert_eq!(sent, [json!(ids[1]), json!(ids[2])]);
    let unix_ms_of = |value: &Value| unix_ms(value.as_str().unwrap());
    for body in calls.iter().map(|call| call.json()) {
        let (sent, due) = (unix_ms_of(&body["timestamp"]), unix_ms_of(&body["data"]["due_at"]));
        assert!((due..due + 2 * MINUTE).contains(&sent), "as soon as it is overdue: {body}");
    }
    assert!(
        calls
            .iter()
            .all(|call| call.json()["type"] == "case.overdue" && !call.body.contains("ann@example.org"))
    );
}

#[tokio::test]
async fn slack_messages_escape_mentions_and_markup() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    subscribe(&site, &receiver, &["response.detractor", "case.overdue"], "slack").await;
    let id = new_id();
    site.store(json!({
        "id": id, "score": 3, "comment": "<!channel> cold & late\nagain", "page": "/tea", "contact": "ann@example.org",
    }))
    .await;
    collector.put_forward(&site, MINUTE).await;
    let first = receiver.called(1).await[0].json();
    assert_eq!(first["text"], "Tea shop: A detractor responded: 3 of 10");
    let all = first.to_string();
    assert!(all.contains("> &lt;!channel&gt; cold &amp; late\\n> again"), "{first}");
    assert!(!all.contains("<!channel>") && !all.contains("ann@example.org"), "{first}");
    assert!(all.contains(&id) && all.contains("/tea"), "{first}");
    assert_eq!((&first["unfurl_links"], &first["unfurl_media"]), (&json!(false), &json!(false)));
    collector.put_forward(&site, DAY + MINUTE).await;
    let second = receiver.called(2).await[1].json();
    let due = site.owner_get(&format!("responses/{id}")).await["due_at"].as_str().unwrap().to_owned();
    assert_eq!(second["text"], format!("Tea shop: A case is overdue since {due}: 3 of 10"));
}

#[tokio::test]
async fn hanging_receivers_do_not_delay_the_others() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let (hanging, quick) =
        ([WebhookReceiver::start().await, WebhookReceiver::start().await], WebhookReceiver::start().await);
    let test = async |webhook: &Value| {
        let endpoint = format!("webhooks/{}/test", webhook["id"].as_str().unwrap());
        assert_eq!(site.owner_request("POST", &endpoint, Value::Null).await.status, 202);
    };
    for receiver in &hanging {
        receiver.script([ScriptedResponse::new(200).after(Duration::from_secs(60))]);
        test(&subscribe(&site, receiver, &["response.detractor"], "json").await).await;
    }
    until("one of them hangs", async || hanging.iter().any(|it| !it.calls().is_empty()).then_some(())).await;
    test(&subscribe(&site, &quick, &["response.detractor"], "json").await).await;
    // An answer is told 40 seconds after it came at the latest, so 20 are left of the minute.
    let begun = Instant::now();
    while quick.calls().is_empty() {
        assert!(begun.elapsed().as_secs() < 20, "an alert would be later than a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
