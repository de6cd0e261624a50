//! Retention of the audit log.

use rusqlite::Connection;
use serde_json::{Value, json};
use tests::{Collector, Site};

use crate::DAY;

async fn actions(site: &Site) -> Vec<Value> {
    let mut page = site.owner_get("audit").await;
    page["entries"].as_array_mut().unwrap().iter_mut().map(|entry| entry["action"].take()).collect()
}

#[tokio::test]
async fn entries_are_deleted_after_ninety_days() {
    let mut collector = Collector::start_with_faults();
    let site = collector.site().await;
    // Two days at a time, which is as fast as retention follows.
    for day in (2..=88).step_by(2) {
        collector.put_forward_and_retain(&site, day * DAY).await;
    }
    assert_eq!(site.owner_request("PUT", "survey", json!({ "delay_seconds": 3 })).await.status, 200);
    assert_eq!(actions(&site).await, ["survey.changed", "site.created"]);
    for day in [90, 92, 94] {
        collector.put_forward_and_retain(&site, day * DAY).await;
    }
    assert_eq!(actions(&site).await, ["survey.changed"]);
    collector.kill();
    let database = Connection::open(&collector.objects()[0]).unwrap();
    let rows: i64 = database.query_row("SELECT count(*) FROM audit", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1, "not only hidden");
}
