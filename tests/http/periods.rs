//! Days, weeks and months in the site's own time zone, and one period against the one before.

use serde_json::{Value, json};
use tests::{Collector, Site};

/// A site in that time zone with those answers, each a time and a score.
async fn site(collector: &Collector, zone: &str, answers: &[(String, u8)]) -> Site {
    let site = collector.create_site(json!({ "name": "Tea shop", "timezone": zone })).await;
    let rows: String = answers.iter().map(|(at, score)| format!("{at},{score}\n")).collect();
    let imported = site.import_csv(format!("at,score\n{rows}"), "").await;
    assert_eq!(imported["stored"], answers.len());
    site
}

/// The given member of each point of the series.
fn points(report: &Value, member: &str) -> Vec<Value> {
    report["series"].as_array().unwrap().iter().map(|point| point[member].clone()).collect()
}

/// Half past each hour of UTC, over whole days.
fn hourly(days: &[&str]) -> Vec<(String, u8)> {
    days.iter().flat_map(|day| (0..24).map(move |hour| (format!("{day}T{hour:02}:30:00Z"), 9))).collect()
}

#[tokio::test]
async fn days_of_clock_changes_have_23_and_25_hours() {
    let collector = Collector::shared();
    let spring = ["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31"];
    let autumn = ["2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26", "2026-10-27"];
    let site = site(&collector, "Europe/Warsaw", &[hourly(&spring), hourly(&autumn)].concat()).await;
    let report = site.score("from=2026-03-28&to=2026-03-30&interval=day").await;
    assert_eq!(points(&report, "scored"), [24, 23, 24], "{report:#}");
    let report = site.score("from=2026-10-24&to=2026-10-26&interval=day").await;
    assert_eq!(points(&report, "scored"), [24, 25, 24], "{report:#}");
}

#[tokio::test]
async fn a_day_begins_at_local_midnight_to_the_millisecond() {
    let collector = Collector::shared();
    for (zone, day, last_before, first, last, first_after) in [
        (
            "Europe/Warsaw",
            "2026-03-29",
            "2026-03-28T22:59:59.999Z",
            "2026-03-28T23:00:00Z",
            "2026-03-29T21:59:59.999Z",
            "2026-03-29T22:00:00Z",
        ),
        (
            "Europe/Warsaw",
            "2026-10-25",
            "2026-10-24T21:59:59.999Z",
            "2026-10-24T22:00:00Z",
            "2026-10-25T22:59:59.999Z",
            "2026-10-25T23:00:00Z",
        ),
        (
            "Asia/Kathmandu",
            "2026-06-01",
            "2026-05-31T18:14:59.999Z",
            "2026-05-31T18:15:00Z",
            "2026-06-01T18:14:59.999Z",
            "2026-06-01T18:15:00Z",
        ),
        (
            "America/St_Johns",
            "2026-01-15",
            "2026-01-15T03:29:59.999Z",
            "2026-01-15T03:30:00Z",
            "2026-01-16T03:29:59.999Z",
            "2026-01-16T03:30:00Z",
        ),
        (
            "Pacific/Kiritimati",
            "2026-01-15",
            "2026-01-14T09:59:59.999Z",
            "2026-01-14T10:00:00Z",
            "2026-01-15T09:59:59.999Z",
            "2026-01-15T10:00:00Z",
        ),
        (
            "UTC",
            "2024-02-29",
            "2024-02-28T23:59:59.999Z",
            "2024-02-29T00:00:00Z",
            "2024-02-29T23:59:59.999Z",
            "2024-03-01T00:00:00Z",
        ),
    ] {
        let answers = [(last_before, 0), (first, 9), (last, 10), (first_after, 1)]
            .map(|(at, score)| (at.to_owned(), score));
        let site = site(&collector, zone, &answers).await;
        let report = site.score(&format!("from={day}&to={day}")).await;
        assert_eq!(report["distribution"], json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]), "{zone} {day}");
    }
}

#[tokio::test]
async fn a_time_without_an_offset_is_local_to_the_site() {
    let collector = Collector::shared();
    // The clock skips the second of them, and shows the third twice: the earlier is meant.
    for (local, utc) in [
        ("2026-07-01 14:30", "2026-07-01T12:30:00.000Z"),
        ("2026-03-29 02:30", "2026-03-29T01:30:00.000Z"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00.000Z"),
        ("2026-01-01", "2025-12-31T23:00:00.000Z"),
        ("2026-07-01T14:30:15.250", "2026-07-01T12:30:15.250Z"),
        ("2026-07-01T14:30:00+05:45", "2026-07-01T08:45:00.000Z"),
    ] {
        let site = site(&collector, "Europe/Warsaw", &[(local.to_owned(), 9)]).await;
        assert_eq!(site.responses().await[0]["at"], utc, "{local}");
    }
}

#[tokio::test]
async fn a_series_has_every_step_even_without_answers() {
    let collector = Collector::shared();
    let answers = [("2026-01-28T12:00:00Z", 9), ("2026-01-31T12:00:00Z", 0), ("2026-03-03T12:00:00Z", 7)]
        .map(|(at, score)| (at.to_owned(), score));
    let site = site(&collector, "UTC", &answers).await;

    let days = site.score("from=2026-01-27&to=2026-02-01&interval=day").await;
    let from = ["2026-01-27", "2026-01-28", "2026-01-29", "2026-01-30", "2026-01-31", "2026-02-01"];
    assert_eq!(
        (points(&days, "from"), points(&days, "to")),
        (from.map(Value::from).to_vec(), from.map(Value::from).to_vec())
    );
    assert_eq!(points(&days, "scored"), [0, 1, 0, 0, 1, 0]);
    assert_eq!(json!(points(&days, "score")), json!([null, 100.0, null, null, -100.0, null]));
    assert_eq!(points(&days, "interval95")[0], Value::Null);

    let weeks = site.score("from=2026-01-27&to=2026-02-17&interval=week").await;
    assert_eq!(
        points(&weeks, "from"),
        ["2026-01-27", "2026-02-02", "2026-02-09", "2026-02-16"],
        "Mondays, and the first day"
    );
    assert_eq!(points(&weeks, "to"), ["2026-02-01", "2026-02-08", "2026-02-15", "2026-02-17"]);
    assert_eq!(points(&weeks, "scored"), [2, 0, 0, 0]);

    let months = site.score("from=2026-01-15&to=2026-04-02&interval=month").await;
    assert_eq!(points(&months, "from"), ["2026-01-15", "2026-02-01", "2026-03-01", "2026-04-01"]);
    assert_eq!(points(&months, "to"), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-02"]);
    assert_eq!(points(&months, "scored"), [2, 0, 1, 0]);
    assert_eq!(json!(points(&months, "score")), json!([0.0, null, 0.0, null]));
    assert_eq!(points(&months, "response_rate"), [Value::Null, Value::Null, Value::Null, Value::Null]);
}

#[tokio::test]
async fn series_and_previous_are_absent_unless_requested() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let report = site.score("range=7d").await;
    assert_eq!((report.get("series"), report.get("previous")), (None, None), "{report}");
}

#[tokio::test]
async fn the_comparison_of_two_periods_matches_a_published_test() {
    let collector = Collector::shared();
    let period = |month: &str, counts: [(u8, usize); 3]| -> Vec<(String, u8)> {
        let each = counts.into_iter().flat_map(|(score, n)| std::iter::repeat_n(score, n));
        each.enumerate()
            .map(|(nth, score)| (format!("2026-{month}-{:02}T12:00:00Z", nth % 30 + 1), score))
            .collect()
    };
    let now = period("09", [(10, 93), (8, 32), (0, 9)]);
    let before = period("08", [(9, 49), (7, 30), (6, 8)]).into_iter();
    // August has 31 days, and the thirty before 1 September begin on its second.
    let before = before.map(|(at, score)| (at.replace("-08-01T", "-08-31T"), score)).collect();
    let earlier = vec![("2026-08-01T12:00:00Z".to_owned(), 0)];
    let site = site(&collector, "UTC", &[now, before, earlier].concat()).await;

    let report = site.score("from=2026-09-01&to=2026-09-30&compare=previous").await;
    assert_eq!(report["counts"], json!({ "promoters": 93, "passives": 32, "detractors": 9 }));
    let previous = &report["previous"];
    assert_eq!((&previous["from"], &previous["to"]), (&json!("2026-08-02"), &json!("2026-08-31")));
    assert_eq!(previous["counts"], json!({ "promoters": 49, "passives": 30, "detractors": 8 }));
    let number = |name: &str| previous[name].as_f64().unwrap_or_else(|| panic!("{name} in {previous}"));
    assert!((number("z") - 1.797).abs() < 0.0005, "{previous}");
    assert!((number("p") - 0.072).abs() < 0.0005, "{previous}");
    assert!((number("delta") - (8_400.0 / 134.0 - 4_100.0 / 87.0)).abs() < 1e-9, "{previous}");
    assert_eq!(previous["significant"], false);
}

#[tokio::test]
async fn a_large_difference_is_significant_and_an_empty_period_has_none() {
    let collector = Collector::start();
    let answers = |day: &str, score: u8| vec![(format!("{day}T12:00:00Z"), score); 40];
    let site = site(&collector, "UTC", &[answers("2026-09-01", 0), answers("2026-09-02", 10)].concat()).await;
    let previous = site.score("from=2026-09-02&to=2026-09-02&compare=previous").await["previous"].take();
    assert_eq!((&previous["delta"], &previous["significant"]), (&json!(200.0), &json!(true)), "{previous}");
    let report = site.score("from=2026-09-01&to=2026-09-01&compare=previous").await;
    let nothing = ["score", "interval95", "delta", "z", "p", "significant"];
    assert!(nothing.iter().all(|name| report["previous"][name].is_null()), "{report}");
    assert_eq!(report["previous"]["scored"], 0);
}
