//! Keys that end, and when one was last used.

use serde_json::json;
use tests::ids::{iso, now_ms, unix_ms};
use tests::{Collector, Site};

use crate::{DAY, HOUR, MINUTE};

async fn last_used(site: &Site, id: &str) -> Option<u64> {
    let keys = site.owner_get("keys").await["keys"].take();
    let key = keys.as_array().unwrap().iter().find(|key| key["id"] == id).unwrap();
    key["last_used_at"].as_str().map(unix_ms)
}

#[tokio::test]
async fn a_key_expires_at_the_end_of_its_last_day() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let last_day = &iso(now_ms() + 2 * DAY)[..10];
    let ends = unix_ms(&format!("{last_day}T00:00:00.000Z")) + DAY;
    let mut keys = Vec::new();
    for role in ["owner", "read", "share"] {
        let made =
            site.owner_request("POST", "keys", json!({ "role": role, "expires": last_day })).await.json();
        assert_eq!(made["expires_at"], iso(ends));
        keys.push(made["key"].as_str().unwrap().to_owned());
    }
    collector.put_forward(&site, ends - now_ms() - MINUTE).await;
    for key in &keys {
        assert_eq!(site.get("score", key).await.status, 200, "the last minute of its last day");
    }
    collector.put_forward(&site, ends - now_ms() + 1_000).await;
    for key in &keys {
        site.get("score", key).await.problem(401);
    }
    assert_eq!(
        site.owner_get("keys").await["keys"].as_array().unwrap().len(),
        5,
        "the owner still sees them"
    );
    site.owner_request("POST", "keys", json!({ "role": "read", "expires": last_day }))
        .await
        .invalid_at("/expires");
}

#[tokio::test]
async fn the_last_use_is_recorded_to_the_hour() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let made =
        site.owner_request("POST", "keys", json!({ "role": "read", "name": "Dashboard" })).await.json();
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert_eq!(last_used(&site, id).await, None);
    let near = |at: Option<u64>, expected: u64| {
        assert!(at.unwrap().abs_diff(expected) < MINUTE, "{at:?} {expected}")
    };
    site.get("score", key).await.ok();
    near(last_used(&site, id).await, now_ms());
    collector.put_forward(&site, HOUR / 2).await;
    site.get("score", key).await.ok();
    near(last_used(&site, id).await, now_ms());
    collector.put_forward(&site, 5 * HOUR).await;
    near(last_used(&site, id).await, now_ms());
    site.get("score", key).await.ok();
    near(last_used(&site, id).await, now_ms() + 5 * HOUR);
}
