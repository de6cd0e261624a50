//! Webhooks that fail: tried again, given up after three days, and never lost.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use tests::ids::unix_ms;
use tests::{Collector, ScriptedResponse, Site, WebhookReceiver, new_id, until};

use crate::{DAY, HOUR, MINUTE};

/// Seconds between the attempts of a delivery.
const PAUSES_S: [u64; 10] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 24 * 3_600];

/// Registers a webhook for responses.
async fn subscribe(site: &Site, receiver: &WebhookReceiver) -> Value {
    let answer = site
        .owner_request("POST", "webhooks", json!({ "url": receiver.url(), "events": ["response.created"] }))
        .await;
    assert_eq!(answer.status, 201, "{answer}");
    answer.json()
}

fn endpoint(webhook: &Value) -> String {
    format!("webhooks/{}", webhook["id"].as_str().unwrap())
}

async fn test(site: &Site, webhook: &Value) {
    assert_eq!(
        site.owner_request("POST", &format!("{}/test", endpoint(webhook)), Value::Null).await.status,
        202
    );
}

/// The webhook, once it has that value.
async fn when(site: &Site, webhook: &Value, member: &str, value: Value) -> Value {
    until(&format!("{member} {value}"), async || {
        Some(site.owner_get(&endpoint(webhook)).await).filter(|webhook| webhook[member] == value)
    })
    .await
}

/// Returns the milliseconds between the attempts of a delivery, on the collector's clock.
fn pauses(delivery: &Value) -> Vec<u64> {
    let attempts = delivery["attempts"].as_array().unwrap();
    let times: Vec<u64> = attempts.iter().map(|attempt| unix_ms(attempt["at"].as_str().unwrap())).collect();
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// The deliveries, oldest first.
async fn deliveries(site: &Site, webhook: &Value) -> Vec<Value> {
    let mut listed = site.owner_get(&format!("{}/deliveries", endpoint(webhook))).await["deliveries"].take();
    listed.as_array_mut().unwrap().reverse();
    listed.as_array().unwrap().clone()
}

#[tokio::test]
async fn a_delivery_succeeds_at_the_fourth_attempt_and_delays_no_other() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    receiver.script([ScriptedResponse::new(500)]);
    test(&site, &webhook).await;
    when(&site, &webhook, "failures", json!(1)).await;
    for _ in 0..2 {
        test(&site, &webhook).await;
    }
    let active = when(&site, &webhook, "pending", json!(1)).await;
    assert_eq!((&active["status"], &active["failures"]), (&json!("active"), &json!(0)));
    receiver.script([ScriptedResponse::new(404), ScriptedResponse::new(503)]);
    let mut ahead = 0;
    for (failures, pause) in [(1, 6_000), (2, 61_000), (3, 301_000)] {
        assert_eq!(receiver.calls().len(), failures + 2, "a pause is kept");
        ahead += pause;
        collector.put_forward(&site, ahead).await;
        receiver.called(failures + 3).await;
        if failures < 3 {
            when(&site, &webhook, "failures", json!(failures)).await;
        }
    }
    let active = when(&site, &webhook, "pending", json!(0)).await;
    assert_eq!((&active["status"], &active["failures"]), (&json!("active"), &json!(0)));
    let calls = receiver.calls();
    let mut ids: Vec<&str> =
        calls.iter().map(|call| call.header("webhook-id").rsplit('_').next().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["1", "1", "1", "1", "2", "3"], "under its own id each time");
    assert!(calls.iter().all(|call| call.is_signed_with(webhook["secret"].as_str().unwrap())));
    let listed = deliveries(&site, &webhook).await;
    let statuses: Vec<&Value> =
        listed[0]["attempts"].as_array().unwrap().iter().map(|attempt| &attempt["status"]).collect();
    assert_eq!(statuses, [&json!(500), &json!(404), &json!(503), &json!(200)]);
    assert!(listed.iter().all(|delivery| delivery["state"] == "delivered"));
    let kept = pauses(&listed[0]).into_iter().zip([5_000, 60_000, 300_000]);
    assert!(kept.into_iter().all(|(pause, least)| pause >= least), "{}", listed[0]);
}

#[tokio::test]
async fn retry_after_delays_this_delivery_and_the_next() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    receiver.script([ScriptedResponse::new(429).with("retry-after", "3600")]);
    test(&site, &webhook).await;
    when(&site, &webhook, "failures", json!(1)).await;
    collector.put_forward(&site, HOUR - MINUTE).await;
    test(&site, &webhook).await;
    collector.put_forward(&site, HOUR + MINUTE).await;
    receiver.called(3).await;
    when(&site, &webhook, "pending", json!(0)).await;
    let listed = deliveries(&site, &webhook).await;
    assert!(pauses(&listed[0])[0] >= HOUR, "the one that was asked for: {}", listed[0]);
    let first = |delivery: &Value| unix_ms(delivery["attempts"][0]["at"].as_str().unwrap());
    assert!(first(&listed[1]) >= first(&listed[0]) + HOUR, "and the next waits with it: {}", listed[1]);
}

#[tokio::test]
async fn three_days_of_failures_pause_a_webhook_until_the_owner_resumes_it() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    receiver.script((0..11).map(|_| ScriptedResponse::new(500)));
    test(&site, &webhook).await;
    let (mut ahead, mut last) = (0, 0);
    for failures in 1..=10 {
        when(&site, &webhook, "failures", json!(failures)).await;
        last = ahead;
        ahead += PAUSES_S[failures - 1] * 1_000 + 1_000;
        collector.put_forward(&site, ahead).await;
    }
    let paused = when(&site, &webhook, "status", json!("paused")).await;
    assert!(last < 3 * DAY && 3 * DAY < ahead, "{last} {ahead}");
    assert_eq!(paused["paused_why"], "Attempts failed for three days; the last response was 500.");
    assert_eq!(paused["pending"], 1);
    site.store(json!({ "id": new_id(), "score": 3 })).await;
    ahead += DAY;
    collector.put_forward(&site, ahead).await;
    when(&site, &webhook, "pending", json!(2)).await;
    assert_eq!(receiver.calls().len(), 11, "it is left alone");
    let resumed = site.owner_request("PATCH", &endpoint(&webhook), json!({ "paused": false })).await.ok();
    assert_eq!((&resumed["status"], &resumed["paused_why"]), (&json!("active"), &Value::Null));
    let calls = receiver.called(13).await;
    assert_eq!(calls[12].json()["data"]["score"], 3, "what waited is sent");
}

#[tokio::test]
async fn a_410_pauses_the_webhook() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    receiver.script([ScriptedResponse::new(410)]);
    test(&site, &webhook).await;
    let paused = when(&site, &webhook, "status", json!("paused")).await;
    assert!(paused["paused_why"].as_str().unwrap().contains("410"), "{paused}");
    collector.put_forward(&site, 5 * DAY).await;
    site.owner_request("POST", &format!("{}/test", endpoint(&webhook)), Value::Null).await.problem(409);
    assert_eq!(receiver.calls().len(), 1);
}

#[tokio::test]
async fn a_power_cut_during_an_attempt_loses_no_delivery() {
    let mut collector = Collector::start_with_faults();
    let (mut site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    receiver.script([ScriptedResponse::new(200).after(Duration::from_secs(30))]);
    for _ in 0..3 {
        test(&site, &webhook).await;
    }
    receiver.called(3).await;
    collector.restart();
    site = collector.again(&site);
    collector.put_forward(&site, MINUTE).await;
    when(&site, &webhook, "pending", json!(0)).await;
    let calls = receiver.calls();
    let sent = |id: &str| {
        let same: Vec<_> = calls.iter().filter(|call| call.header("webhook-id") == id).collect();
        assert!(same.iter().all(|call| call.body == same[0].body), "{same:?}");
        same.len()
    };
    // They are sent at once, so any of them may come first and have the slow response.
    assert_eq!(sent(calls[0].header("webhook-id")), 2, "the one that was under way has the same id again");
    let ids: BTreeSet<&str> = calls.iter().map(|call| call.header("webhook-id")).collect();
    assert_eq!(ids.len(), 3, "{calls:?}");
}

#[tokio::test]
async fn a_pending_event_is_sent_after_a_power_cut() {
    let mut collector = Collector::start_with_faults();
    let (mut site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    subscribe(&site, &receiver).await;
    site.store(json!({ "id": new_id(), "score": 3, "comment": "Cold tea" })).await;
    collector.restart();
    site = collector.again(&site);
    collector.put_forward(&site, MINUTE).await;
    assert_eq!(receiver.called(1).await[0].json()["data"]["comment"], "Cold tea");
}

#[tokio::test]
async fn both_secrets_sign_for_a_day_after_a_rotation() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    let rotated =
        site.owner_request("POST", &format!("{}/rotate", endpoint(&webhook)), Value::Null).await.ok();
    let (old, new) = (webhook["secret"].as_str().unwrap(), rotated["secret"].as_str().unwrap());
    assert_ne!(old, new);
    for (ahead, both) in [(0, true), (DAY - HOUR, true), (DAY + HOUR, false)] {
        collector.put_forward(&site, ahead).await;
        test(&site, &webhook).await;
        let sent = 1 + usize::from(ahead > 0) + usize::from(ahead > DAY);
        let call = receiver.called(sent).await.pop().unwrap();
        assert_eq!((call.is_signed_with(new), call.is_signed_with(old)), (true, both), "after {ahead} ms");
        when(&site, &webhook, "pending", json!(0)).await;
    }
    assert_eq!(site.owner_get(&endpoint(&webhook)).await.get("secret"), None);
}

#[tokio::test]
async fn erasing_a_response_deletes_its_deliveries_and_its_pending_events() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    let (sent, waiting, planned) = (new_id(), new_id(), new_id());
    let erase = |id: &str| site.asking("DELETE", &format!("responses/{id}"), &site.owner);
    site.store(json!({ "id": sent, "score": 3, "comment": "Cold tea" })).await;
    collector.put_forward(&site, MINUTE).await;
    receiver.called(1).await;
    when(&site, &webhook, "pending", json!(0)).await;
    receiver.script([ScriptedResponse::new(500)]);
    site.store(json!({ "id": waiting, "score": 4, "comment": "Colder tea" })).await;
    collector.put_forward(&site, 2 * MINUTE).await;
    when(&site, &webhook, "failures", json!(1)).await;
    site.store(json!({ "id": planned, "score": 5, "comment": "Coldest tea" })).await;
    for id in [&sent, &waiting, &planned] {
        assert_eq!(tests::client::send(erase(id)).await.status, 204);
    }
    assert_eq!(deliveries(&site, &webhook).await, Vec::<Value>::new());
    collector.put_forward(&site, HOUR).await;
    test(&site, &webhook).await;
    let calls = receiver.called(3).await;
    assert_eq!(calls[2].json()["type"], "test", "the two before it were there before the erasure");
    when(&site, &webhook, "pending", json!(0)).await;
}

#[tokio::test]
async fn deliveries_are_deleted_after_thirty_days() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let webhook = subscribe(&site, &receiver).await;
    test(&site, &webhook).await;
    when(&site, &webhook, "pending", json!(0)).await;
    for day in 1..=29 {
        collector.put_forward_and_retain(&site, day * DAY).await;
    }
    test(&site, &webhook).await;
    receiver.called(2).await;
    assert_eq!(deliveries(&site, &webhook).await.len(), 2);
    for day in 30..=32 {
        collector.put_forward_and_retain(&site, day * DAY).await;
    }
    until("the first is forgotten", async || (deliveries(&site, &webhook).await.len() == 1).then_some(()))
        .await;
    assert_eq!(deliveries(&site, &webhook).await[0]["id"], "2");
}

#[tokio::test]
async fn pages_of_large_deliveries_hold_at_most_one_mebibyte() {
    let collector = Collector::start_with_faults();
    let (site, receiver) = (collector.site().await, WebhookReceiver::start().await);
    let given = json!({ "url": receiver.url(), "events": ["response.created"] });
    let webhook = site.owner_request("POST", "webhooks", given).await.json();
    for nth in 0..48 {
        let letter = ["🍵", "\u{1}", "\""][nth % 3];
        let answers: serde_json::Map<String, Value> =
            (0..5).map(|page_url| (format!("q{page_url}"), letter.repeat(1_000).into())).collect();
        let comment = letter.repeat(4_900);
        site.store(json!({ "id": new_id(), "score": 9, "comment": comment, "answers": answers })).await;
    }
    collector.put_forward(&site, MINUTE).await;
    when(&site, &webhook, "pending", json!(0)).await;
    receiver.called(48).await;
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page_url = format!("webhooks/{}/deliveries{cursor}", webhook["id"].as_str().unwrap());
        let answer = site.get(&page_url, &site.owner).await;
        assert!(answer.body.len() <= 1_048_576, "{} bytes", answer.body.len());
        let page = answer.ok();
        let listed = page["deliveries"].as_array().unwrap();
        all.extend(listed.iter().map(|delivery| delivery["id"].as_str().unwrap().parse::<u64>().unwrap()));
        assert!(listed.iter().all(|delivery| delivery["attempts"][0]["status"] == 200));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("?cursor={next}");
    }
    assert_eq!(all, (1..=48).rev().collect::<Vec<u64>>(), "each once, newest first");
}
