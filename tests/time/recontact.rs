//! Not asking a known user too often, on whatever device.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site, new_id};

use crate::{DAY, HOUR};

async fn is_due(site: &Site, user: &str) -> bool {
    let answer = site.due(user).await;
    assert_eq!(answer.as_object().unwrap().len(), 1, "it says no more than that: {answer}");
    answer["due"].as_bool().unwrap()
}

async fn show(site: &Site, user: &str, outcome: Value) {
    let mut message = json!({ "id": new_id(), "shown": true, "user": user });
    message.as_object_mut().unwrap().extend(outcome.as_object().unwrap().clone());
    site.store(message).await;
}

/// Asserts that the user is due from that time on and not before. The clock can only go on.
async fn assert_due_from(collector: &Collector, site: &Site, user: &str, ahead: u64) {
    collector.put_forward(site, ahead - HOUR).await;
    assert!(!is_due(site, user).await, "{user} too early");
    collector.put_forward(site, ahead + HOUR).await;
    assert!(is_due(site, user).await, "{user}");
}

#[tokio::test]
async fn an_answer_blocks_for_120_days_and_a_dismissal_for_30() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    for user in ["answered", "dismissed", "both", "nobody"] {
        assert!(is_due(&site, user).await, "{user}");
    }
    show(&site, "answered", json!({ "score": 9 })).await;
    show(&site, "dismissed", json!({ "dismissed": true })).await;
    show(&site, "both", json!({ "dismissed": true, "score": 9 })).await;
    assert!(is_due(&site, "nobody").await);
    assert_due_from(&collector, &site, "dismissed", 30 * DAY).await;
    assert!(!is_due(&site, "both").await, "an answer weighs more");
    assert_due_from(&collector, &site, "answered", 120 * DAY).await;
    assert!(is_due(&site, "both").await);
}

#[tokio::test]
async fn three_ignored_impressions_block_and_a_dismissal_resets_the_count() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    for days in 0..3 {
        collector.put_forward(&site, days * DAY).await;
        for user in ["silent", "woken"] {
            assert!(is_due(&site, user).await, "{user} after {days} ignored impressions");
            show(&site, user, json!({})).await;
            assert!(!is_due(&site, user).await, "two on one day");
        }
    }
    collector.put_forward(&site, 3 * DAY).await;
    for user in ["silent", "woken"] {
        assert!(!is_due(&site, user).await, "three were ignored");
    }
    show(&site, "woken", json!({ "dismissed": true })).await;
    collector.put_forward(&site, 500 * DAY).await;
    assert!(!is_due(&site, "silent").await, "however long ago");
    assert!(is_due(&site, "woken").await, "a word ends the row");
}

#[tokio::test]
async fn at_most_four_impressions_in_365_days() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    for nth in 0..4 {
        collector.put_forward(&site, nth * 40 * DAY).await;
        assert!(is_due(&site, "ann").await, "the {nth}. time");
        show(&site, "ann", json!({ "dismissed": true })).await;
    }
    assert_due_from(&collector, &site, "ann", 365 * DAY).await;
}

#[tokio::test]
async fn the_recontact_settings_of_the_owner_apply() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let recontact = json!({ "answered_days": 200, "dismissed_days": 7, "ignored_times": 1 });
    site.owner_request("PUT", "survey", json!({ "recontact": recontact })).await.ok();
    show(&site, "answered", json!({ "score": 9 })).await;
    show(&site, "dismissed", json!({ "dismissed": true })).await;
    show(&site, "silent", json!({})).await;
    assert!(!is_due(&site, "silent").await);
    assert_due_from(&collector, &site, "dismissed", 7 * DAY).await;
    assert_due_from(&collector, &site, "answered", 200 * DAY).await;
}

#[tokio::test]
async fn due_reveals_nothing_of_other_sites_and_refuses_invalid_queries() {
    let collector = Collector::start_with_faults();
    let (site, other) = (collector.site().await, collector.site().await);
    show(&site, "ann", json!({ "score": 9 })).await;
    assert!(!is_due(&site, "ann").await && is_due(&other, "ann").await);
    let stored = site.responses().await[0]["user"].as_str().unwrap().to_owned();
    assert!(is_due(&site, &stored).await, "what is kept in place of the name opens nothing");
    let long = format!("due?user={}", "x".repeat(1_001));
    for (query, pointer) in
        [("due", "user"), ("due?user=a&user=b", "user"), ("due?name=a", "name"), (long.as_str(), "user")]
    {
        send(site.asking("GET", query, "")).await.invalid_at(pointer);
    }
    other.with_id("00000000000000000000").get("due?user=ann", "").await.problem(404);
}
