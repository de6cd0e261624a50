//! Another time zone: every response moves to its day there, also on the days when the clock
//! changes.

use std::collections::BTreeMap;

use api::Day;
use serde_json::{Value, json};
use tests::ids::{iso, unix_ms};
use tests::{Collector, Site, new_id, until};

const HOUR: u64 = 3_600_000;

/// When the clocks of 2026 changed, by the laws of each place and not by any library: summer's
/// first and last instant and the offsets of winter and summer in minutes.
const ZONES: [(&str, &str, &str, i64, i64); 4] = [
    ("UTC", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", 0, 0),
    ("Europe/Warsaw", "2026-03-29T01:00:00.000Z", "2026-10-25T01:00:00.000Z", 60, 120),
    ("America/New_York", "2026-03-08T07:00:00.000Z", "2026-11-01T06:00:00.000Z", -300, -240),
    ("Asia/Kathmandu", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", 345, 345),
];

/// The local day of an instant.
fn day_of(zone: &str, time_ms: u64) -> String {
    let (_, begin, end, winter, summer) = ZONES.into_iter().find(|(name, ..)| *name == zone).unwrap();
    let offset = if (unix_ms(begin)..unix_ms(end)).contains(&time_ms) { summer } else { winter };
    let local = i64::try_from(time_ms).unwrap() + offset * 60_000;
    Day::new(i32::try_from(local.div_euclid(api::day::DAY_MS)).unwrap()).to_string()
}

/// Half past each hour around the four changes of the clock.
fn hours() -> Vec<u64> {
    let days = [("2026-03-06", 5), ("2026-03-27", 5), ("2026-10-23", 5), ("2026-10-30", 5)];
    let begin = |day: &str| unix_ms(&format!("{day}T00:30:00.000Z"));
    days.iter().flat_map(|(day, n)| (0..n * 24).map(move |hour| begin(day) + hour * HOUR)).collect()
}

async fn import(site: &Site, times: impl Iterator<Item = u64>) {
    let rows: String = times.enumerate().map(|(nth, at)| format!("{},{}\n", iso(at), nth % 11)).collect();
    site.import_csv(format!("at,score\n{rows}"), "").await;
}

/// Asserts that each day has those answers that fall on it in the zone.
async fn assert_days(site: &Site, zone: &str) {
    let mut expected: BTreeMap<String, [u64; 11]> = BTreeMap::new();
    for response in site.responses().await {
        let day = day_of(zone, unix_ms(response["at"].as_str().unwrap()));
        expected.entry(day).or_default()[response["score"].as_u64().unwrap() as usize] += 1;
    }
    let report = site.score("interval=day").await;
    assert_eq!(report["query"]["timezone"], zone);
    for point in report["series"].as_array().unwrap() {
        let scores = expected.remove(point["from"].as_str().unwrap()).unwrap_or_default();
        let counts = json!({
            "promoters": scores[9] + scores[10], "passives": scores[7] + scores[8],
            "detractors": scores[..7].iter().sum::<u64>(),
        });
        assert_eq!(point["counts"], counts, "{zone}: {point}");
    }
    assert!(expected.is_empty(), "{zone}: not in the series: {expected:?}");
}

#[tokio::test]
async fn a_new_zone_moves_each_response_to_its_local_day() {
    let collector = Collector::shared();
    let site = collector.site().await;
    import(&site, hours().into_iter()).await;
    for zone in ["UTC", "Europe/Warsaw", "Asia/Kathmandu", "America/New_York", "UTC", "America/New_York"] {
        let changed = site.patch_settings(json!({ "timezone": zone })).await;
        assert_eq!(changed["timezone"], zone);
        site.settled().await;
        assert_days(&site, zone).await;
    }
}

#[tokio::test]
async fn days_of_clock_changes_have_23_and_25_hours() {
    let collector = Collector::shared();
    let site = collector.site().await;
    import(&site, hours().into_iter()).await;
    for (zone, short, long) in
        [("Europe/Warsaw", "2026-03-29", "2026-10-25"), ("America/New_York", "2026-03-08", "2026-11-01")]
    {
        site.patch_settings(json!({ "timezone": zone })).await;
        site.settled().await;
        for (day, answers) in [(short, 23), (long, 25)] {
            let report = site.score(&format!("from={day}&to={day}")).await;
            assert_eq!(report["scored"], answers, "{zone} {day}");
            assert_eq!(site.responses_of(&format!("from={day}&to={day}"), 50).await.len(), answers);
        }
    }
    site.patch_settings(json!({ "timezone": "Asia/Kathmandu" })).await;
    site.settled().await;
    let first = site.responses_of("from=2026-03-29&to=2026-03-29", 50).await;
    let ends = [&first[23]["at"], &first[0]["at"]];
    assert_eq!(ends, ["2026-03-28T18:30:00.000Z", "2026-03-29T17:30:00.000Z"], "a quarter to six ahead");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_change_counts_responses_that_arrive_meanwhile() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
    let begin = unix_ms("2026-01-05T00:30:00.000Z");
    import(&site, (0..5_000).map(|nth| begin + nth * HOUR)).await;
    // The second change comes while the first is under way.
    site.patch_settings(json!({ "timezone": "Europe/Warsaw" })).await;
    site.patch_settings(json!({ "timezone": "America/New_York" })).await;
    let mut stored = 0_usize;
    until("every response has moved", async || {
        site.store(json!({ "id": new_id(), "score": stored % 11, "properties": { "plan": "pro" } })).await;
        stored += 1;
        (site.owner_get("").await["in_progress"]["timezone"] == false).then_some(())
    })
    .await;
    assert_days(&site, "America/New_York").await;
    let plans = site.score("group_by=plan").await["groups"].take();
    let scored: Vec<&Value> = plans.as_array().unwrap().iter().map(|group| &group["scored"]).collect();
    assert_eq!(scored, [&json!(5_000), &json!(stored)]);
}

#[tokio::test]
async fn a_zone_change_resumes_after_a_restart() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    let begin = unix_ms("2026-01-05T00:30:00.000Z");
    import(&site, (0..5_000).map(|nth| begin + nth * HOUR)).await;
    site.patch_settings(json!({ "timezone": "America/New_York" })).await;
    collector.restart();
    let site = collector.again(&site);
    site.settled().await;
    assert_days(&site, "America/New_York").await;
}

#[tokio::test]
async fn an_unknown_zone_is_refused_and_null_is_utc() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "timezone": "Europe/Warsaw" })).await;
    for wrong in [json!("Mars/Olympus"), json!("+02:00"), json!(""), json!(2), json!("Europe/Warsaw ")] {
        site.owner_request("PATCH", "", json!({ "timezone": wrong })).await.invalid_at("/timezone");
    }
    assert_eq!(site.owner_get("").await["timezone"], "Europe/Warsaw");
    assert_eq!(site.patch_settings(json!({ "timezone": null })).await["timezone"], "UTC");
}
