//! The week in a few sentences, on Monday at eight.

use api::Day;
use serde_json::{Value, json};
use tests::ids::{iso, now_ms, unix_ms};
use tests::{Collector, Site, WebhookReceiver, new_id};

use crate::{DAY, HOUR, MINUTE};

/// Kathmandu is 5:45 ahead the whole year.
const AHEAD: u64 = 5 * HOUR + 45 * MINUTE;

/// The day of the next Monday there on which it is not yet eight, and how long it is until then.
fn next_monday() -> (Day, u64) {
    let now = now_ms();
    let today = Day::parse(&iso(now + AHEAD)[..10]).unwrap();
    let mut monday = today.week_start();
    loop {
        let eight = unix_ms(&format!("{monday}T08:00:00.000Z")) - AHEAD;
        if eight > now + MINUTE {
            return (monday, eight - now);
        }
        monday = monday.plus(7);
    }
}

/// A site that was moved to Kathmandu after its webhook was made.
async fn site(collector: &Collector, receiver: &WebhookReceiver, format: &str) -> Site {
    let site = collector.site().await;
    let given = json!({ "url": receiver.url(), "events": ["digest.weekly"], "format": format });
    assert_eq!(site.owner_request("POST", "webhooks", given).await.status, 201);
    site.patch_settings(json!({ "timezone": "Asia/Kathmandu" })).await;
    site.settled().await;
    site
}

#[tokio::test]
async fn the_digest_is_sent_on_monday_at_eight_local_time() {
    let collector = Collector::start_with_faults();
    let receiver = WebhookReceiver::start().await;
    let site = site(&collector, &receiver, "json").await;
    let (monday, wait) = next_monday();
    // Of the week before the last; answers of the last are dated by now, which is in it unless
    // today is Monday.
    let before = monday.plus(-10);
    site.import_csv(format!("at,score\n{before},9\n{before},0\n"), "").await;
    let in_last_week = Day::parse(&iso(now_ms() + AHEAD)[..10]).unwrap() < monday;
    let messages: Vec<Value> =
        (0..4).map(|_| json!({ "id": new_id(), "score": 10, "shown": true })).collect();
    site.store(json!(messages)).await;
    collector.put_forward(&site, wait - MINUTE).await;
    site.score("").await;
    assert!(receiver.calls().is_empty(), "not before eight");
    collector.put_forward(&site, wait + 1_000).await;
    let body = receiver.called(1).await[0].json();
    let data = &body["data"];
    let eight = unix_ms(&format!("{monday}T08:00:00.000Z")) - AHEAD;
    let sent_ms = unix_ms(body["timestamp"].as_str().unwrap());
    assert!((eight..eight + MINUTE).contains(&sent_ms), "at eight: {body}");
    assert_eq!((&body["type"], &data["to"]), (&json!("digest.weekly"), &json!(monday.plus(-1).to_string())));
    assert_eq!(data["from"], monday.plus(-7).to_string());
    let days = format!("from={}&to={}&compare=previous", monday.plus(-7), monday.plus(-1));
    assert_eq!(data["report"], site.score(&days).await);
    if in_last_week {
        let line = data["line"].as_str().unwrap();
        assert!(
            line.starts_with("Last week: NPS 100 (between ")
                && line.contains("), 4 responses, response rate 100 %."),
            "{line}"
        );
        assert!(line.contains("The week before: 0."), "{line}");
    }
    collector.put_forward(&site, wait + 7 * DAY + 1_000).await;
    let next = receiver.called(2).await[1].json();
    assert_eq!(next["data"]["from"], monday.to_string(), "and a week later the next");
    assert_eq!(receiver.calls().len(), 2);
}

#[tokio::test]
async fn a_digest_without_answers_says_so_in_slack() {
    let collector = Collector::start_with_faults();
    let receiver = WebhookReceiver::start().await;
    let site = site(&collector, &receiver, "slack").await;
    let (_, wait) = next_monday();
    collector.put_forward(&site, wait + 1_000).await;
    let body = receiver.called(1).await[0].json();
    assert_eq!(body["text"], "Tea shop: No responses last week. No responses in the week before.");
}
