//! Retention: old data is deleted by itself, and the sums still equal the rows.

use serde_json::{Value, json};
use tests::ids::{iso, now_ms, unix_ms};
use tests::{Collector, Site, new_id, until};

use crate::{DAY, HOUR};

/// Lets days pass, from the one that has come to another: each has its run.
async fn pass(collector: &Collector, site: &Site, days: std::ops::RangeInclusive<u64>) {
    for day in days {
        collector.put_forward_and_retain(site, day * DAY).await;
    }
}

/// So many responses, one every two days, each with a plan.
async fn import(site: &Site, answers: u64) {
    let row = |nth: u64| {
        let plan = ["pro", "free", ""][nth as usize % 3];
        // Some bring an id of their own, which does not carry the time.
        let id = if nth.is_multiple_of(5) { uuid::Uuid::new_v4().to_string() } else { String::new() };
        format!("{id},{},{},{plan},Tea no {nth}\n", iso(now_ms() - HOUR - nth * 2 * DAY), nth % 11)
    };
    let rows: String = (0..answers).map(row).collect();
    site.import_csv(format!("id,at,score,plan,comment\n{rows}"), "").await;
}

/// Asserts that the score and its groups are those of the list.
async fn assert_recounted(site: &Site) {
    let listed = site.responses().await;
    let count = |rule: &dyn Fn(&Value) -> bool| listed.iter().filter(|response| rule(response)).count();
    let distribution: Vec<usize> = (0..=10).map(|score| count(&|it| it["score"] == score)).collect();
    let report = site.score("group_by=plan").await;
    assert_eq!(report["distribution"], json!(distribution));
    assert_eq!(report["shown"], count(&|it| it["shown"] == true));
    for group in report["groups"].as_array().unwrap() {
        let scored = count(&|it| it["properties"]["plan"] == group["value"] && !it["score"].is_null());
        assert_eq!(group["scored"], scored, "{group}");
    }
    let first = listed.last().and_then(|response| response["at"].as_str()).map(|at| at[..10].to_owned());
    if let Some(first) = first {
        assert_eq!(report["query"]["from"], first, "no empty days before the first that is kept");
    }
}

/// Returns the contact of a response.
async fn contact(site: &Site, id: &str) -> Value {
    site.owner_get(&format!("responses/{id}")).await["contact"].take()
}

/// Waits until so many responses are left.
async fn left(site: &Site, responses: usize) {
    until(&format!("{responses} responses"), async || {
        let listed = site.responses().await.len();
        assert!(listed >= responses, "{listed} are fewer than {responses}");
        (listed == responses).then_some(())
    })
    .await;
}

#[tokio::test]
async fn responses_are_deleted_after_the_configured_months() {
    let collector = Collector::start_with_faults();
    let retention = json!({ "months": null, "contact_days": 1 });
    let given = json!({ "name": "Tea shop", "properties": ["plan"], "retention": retention });
    let site = collector.create_site(given).await;
    import(&site, 600).await;
    let id = new_id();
    site.store(json!({ "id": id, "contact": "ann@example.org" })).await;
    collector.put_forward(&site, 2 * DAY).await;
    // The contact shows that what is old was looked for.
    until("the contact is gone", async || contact(&site, &id).await.is_null().then_some(())).await;
    assert_eq!(site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await.status, 204);
    assert_eq!(site.responses().await.len(), 600, "kept for ever");
    site.patch_settings(json!({ "retention": { "months": 12 } })).await;
    // By the calendar, on the clock that is three days ahead.
    collector.put_forward(&site, 3 * DAY + HOUR).await;
    let today = iso(now_ms() + 3 * DAY + HOUR)[..10].to_owned();
    let year: u64 = today[..4].parse().unwrap();
    let first = unix_ms(&format!("{}{}T00:00:00.000Z", year - 1, &today[4..]));
    let kept = (0..600).filter(|nth| now_ms() - HOUR - nth * 2 * DAY >= first).count();
    left(&site, kept).await;
    assert_recounted(&site).await;
    assert_eq!(site.responses_of("q=tea", 200).await.len(), kept, "and is not found any more");
    let export = site.get("export", &site.owner).await;
    assert_eq!(String::from_utf8(export.body).unwrap().lines().count(), kept + 1);
}

#[tokio::test]
async fn responses_are_deleted_after_two_years_by_default() {
    let collector = Collector::start_with_faults();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    import(&site, 20).await;
    site.store(json!({ "id": new_id(), "score": 9, "shown": true, "properties": { "plan": "pro" } })).await;
    // Two days at a time, which is as fast as retention follows.
    for day in (2..=728).step_by(2) {
        collector.put_forward_and_retain(&site, day * DAY).await;
    }
    let some = site.responses().await.len();
    assert!((1..21).contains(&some), "the first days are gone: {some}");
    assert_recounted(&site).await;
    pass(&collector, &site, 729..=734).await;
    left(&site, 0).await;
    assert_eq!(site.score("group_by=plan").await["groups"], json!([]));
    site.store(json!({ "id": new_id(), "score": 9, "properties": { "plan": "pro" } })).await;
    assert_recounted(&site).await;
}

#[tokio::test]
async fn thousands_of_responses_are_deleted_in_batches() {
    let collector = Collector::start_with_faults();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    let old = iso(now_ms() - 729 * DAY);
    let rows: String = (0..3_500).map(|nth| format!("{old},{},pro\n", nth % 11)).collect();
    site.import_csv(format!("at,score,plan\n{rows}"), "").await;
    import(&site, 100).await;
    pass(&collector, &site, 1..=5).await;
    left(&site, 100).await;
    assert_recounted(&site).await;
}

#[tokio::test]
async fn a_contact_is_deleted_before_its_response() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let id = new_id();
    site.store(json!({ "id": id, "score": 3, "contact": "ann@example.org" })).await;
    // An answer that is two years old by then shows that what is old was looked for.
    site.import_csv(format!("at,score\n{},9\n", iso(now_ms() - 650 * DAY)), "").await;
    pass(&collector, &site, 1..=89).await;
    left(&site, 1).await;
    assert_eq!(contact(&site, &id).await, "ann@example.org");
    pass(&collector, &site, 90..=92).await;
    until("the contact is gone", async || contact(&site, &id).await.is_null().then_some(())).await;
    let listed = site.responses().await;
    assert_eq!((listed.len(), &listed[0]["state"], &listed[0]["contact"]), (1, &json!("open"), &Value::Null));
    assert_eq!(site.score("").await["scored"], 1);
    let export = site.get("export", &site.owner).await;
    assert!(!String::from_utf8(export.body).unwrap().contains("ann@example.org"));
}

#[tokio::test]
async fn a_contact_is_deleted_after_the_configured_days() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    site.patch_settings(json!({ "retention": { "contact_days": 7 } })).await;
    site.store(json!({ "id": new_id(), "score": 3, "contact": "ann@example.org" })).await;
    pass(&collector, &site, 1..=9).await;
    until("the contact is gone", async || site.responses().await[0]["contact"].is_null().then_some(())).await;
}

/// Answers of so many days, one a day, the newest of that many days ago.
async fn daily(site: &Site, newest: u64, answers: u64) {
    let rows: String =
        (0..answers).map(|nth| format!("{},9\n", iso(now_ms() - (newest + nth) * DAY))).collect();
    site.import_csv(format!("at,score\n{rows}"), "").await;
}

#[tokio::test]
async fn a_clock_years_ahead_deletes_at_most_two_days() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    daily(&site, 650, 78).await;
    let id = new_id();
    site.store(json!({ "id": id, "score": 3, "contact": "ann@example.org" })).await;
    collector.put_forward_and_retain(&site, 800 * DAY).await;
    let left = site.responses().await.len();
    assert!((76..=79).contains(&left), "{left} of 79");
    assert_eq!(contact(&site, &id).await, "ann@example.org");
    // It is still wrong while others ask, and after a minute.
    collector.put_forward_and_retain(&site, 800 * DAY + HOUR).await;
    assert_eq!(site.responses().await.len(), left, "one run a day");
    // Then it is right, and all goes on as if nothing had been.
    pass(&collector, &site, 0..=3).await;
    daily(&site, 1_000, 5).await;
    pass(&collector, &site, 4..=5).await;
    let after = site.responses().await.len();
    assert!(
        (left - 5..=left).contains(&after),
        "what is too old goes, without waiting for years: {after} of {left}"
    );
    assert_eq!(contact(&site, &id).await, "ann@example.org");
}

#[tokio::test]
async fn a_clock_set_back_deletes_nothing_and_retention_continues() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    pass(&collector, &site, 1..=40).await;
    daily(&site, 650, 70).await;
    collector.put_forward_and_retain(&site, 0).await;
    collector.put_forward_and_retain(&site, HOUR).await;
    assert_eq!(site.responses().await.len(), 70);
    daily(&site, 1_000, 5).await;
    pass(&collector, &site, 1..=4).await;
    assert_eq!(site.responses().await.len(), 70, "the five that are older than kept have gone");
}

#[tokio::test]
async fn retention_catches_up_two_days_per_run_after_downtime() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    daily(&site, 640, 80).await;
    let left = async || site.responses().await.len() as u64;
    let all = left().await;
    collector.put_forward_and_retain(&site, 60 * DAY).await;
    assert_eq!(all, left().await, "two days of sixty");
    let mut before = left().await;
    for day in 61..=130 {
        collector.put_forward_and_retain(&site, day * DAY).await;
        let now = left().await;
        assert!(before - now <= 3, "two days a run, and a month's end: {before}, {now}");
        before = now;
    }
    // 130 days on, answers of 600 and fewer days would be kept.
    assert!(left().await <= 1, "all that is too old has gone");
}
