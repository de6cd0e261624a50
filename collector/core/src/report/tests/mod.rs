//! Whole reports, field by field.

mod before_after;
mod categories;
mod groups;
mod query;
mod series;

use serde_json::{Value, json};

use super::*;
use api::report::ScoreQuery;
use api::{Day, ValidationError};
use nps::time_to_answer::BUCKETS;
use nps::{Histogram, TimeToAnswer};

/// As many promoters, passives and detractors, shown twice as often as answered.
fn totals([promoters, passives, detractors]: [u64; 3]) -> Totals {
    let mut counts = [0; 11];
    (counts[10], counts[8], counts[3]) = (promoters, passives, detractors);
    let scored = promoters + passives + detractors;
    let mut times = [0; BUCKETS];
    times[TimeToAnswer::bucket_of(2_000)] = scored;
    Totals {
        scores: Histogram::from_counts(counts),
        shown: 2 * scored,
        answered: scored,
        dismissed: scored,
        commented: promoters,
        elapsed: TimeToAnswer::from_counts(times),
    }
}

/// A day with those [`totals`].
fn day(text: &str, answers: [u64; 3]) -> DayTotals {
    DayTotals { day: Day::parse(text).unwrap(), totals: totals(answers) }
}

fn plan(query: &[(&str, &str)]) -> Plan {
    let today = Day::parse("2026-11-22").unwrap();
    Plan::new(&ScoreQuery::parse(query.iter().copied()).unwrap(), today, None, None).unwrap()
}

fn answer(plan: &Plan, rows: Rows) -> Value {
    serde_json::to_value(plan.report(rows, "Europe/Warsaw", "standard")).unwrap()
}

/// The report on 2026-11-22, as it goes out.
fn report(query: &[(&str, &str)], days: &[DayTotals]) -> Value {
    let today = Day::parse("2026-11-22").unwrap();
    let (first, last) = (days.iter().map(|day| day.day).min(), days.iter().map(|day| day.day).max());
    let plan = Plan::new(&ScoreQuery::parse(query.iter().copied()).unwrap(), today, first, last).unwrap();
    answer(&plan, Rows::of_days(days.to_vec()))
}

#[test]
fn without_data_rates_and_scores_are_null() {
    let none = json!({ "promoters": 0, "passives": 0, "detractors": 0 });
    let expected = json!({
        "score": null, "scored": 0, "interval95": null, "counts": none, "shares": null,
        "distribution": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        "shown": 0, "answered": 0, "dismissed": 0, "commented": 0, "response_rate": null, "dismissal_rate": null,
        "comment_rate": null, "median_seconds": null, "seconds": null, "low_sample": true,
        "groups": [],
        "query": {
            "from": "2026-11-22", "to": "2026-11-22", "interval": null, "rolling": null, "compare": null,
            "group_by": null, "filter": null, "category": null,
            "timezone": "Europe/Warsaw", "variant": "standard",
        },
    });
    assert_eq!(report(&[], &[]), expected);

    let compared = report(&[("range", "2d"), ("compare", "previous"), ("interval", "day")], &[]);
    let step = |day: &str| {
        json!({
            "from": day, "to": day, "score": null, "scored": 0, "interval95": null, "counts": none, "shares": null,
            "shown": 0, "dismissed": 0, "response_rate": null, "comment_rate": null,
        })
    };
    assert_eq!(compared["series"], json!([step("2026-11-21"), step("2026-11-22")]));
    assert_eq!(
        compared["previous"],
        json!({
            "from": "2026-11-19", "to": "2026-11-20", "score": null, "scored": 0, "interval95": null,
            "counts": none, "shares": null, "delta": null, "z": null, "p": null, "significant": null,
        })
    );
    assert_eq!(
        (&compared["query"]["interval"], &compared["query"]["compare"]),
        (&json!("day"), &json!("previous"))
    );
}

#[test]
fn a_report_counts_its_period_and_compares_the_previous_one() {
    let days = [
        day("2026-11-20", [43, 12, 4]),
        day("2026-11-07", [1_000, 0, 0]),
        day("2026-11-15", [49, 30, 8]),
        day("2026-11-18", [50, 20, 5]),
        day("2026-11-09", [0, 0, 0]),
    ];
    let got = report(&[("range", "7d"), ("compare", "previous"), ("interval", "week")], &days);

    assert_eq!(got["scored"], 134);
    assert_eq!(got["score"].as_f64().unwrap(), 8_400.0 / 134.0);
    assert_eq!(got["counts"], json!({ "promoters": 93, "passives": 32, "detractors": 9 }));
    assert_eq!(got["distribution"], json!([0, 0, 0, 9, 0, 0, 0, 0, 32, 0, 93]));
    let shares = ["promoters", "passives", "detractors"].map(|name| got["shares"][name].as_f64().unwrap());
    assert_eq!(shares, [93.0 / 134.0, 32.0 / 134.0, 9.0 / 134.0]);
    assert_eq!((&got["shown"], &got["dismissed"], &got["commented"]), (&json!(268), &json!(134), &json!(93)));
    assert_eq!((&got["response_rate"], &got["low_sample"]), (&json!(0.5), &json!(false)));
    assert_eq!(got["comment_rate"].as_f64().unwrap(), 93.0 / 134.0);
    assert!((2.0..2.52).contains(&got["median_seconds"].as_f64().unwrap()));
    assert_eq!(got["interval95"]["method"], nps::INTERVAL_METHOD);
    assert_eq!((&got["answered"], &got["dismissal_rate"]), (&json!(134), &json!(0.5)));
    let seconds =
        ["lower_quartile", "median", "upper_quartile"].map(|name| got["seconds"][name].as_f64().unwrap());
    assert!(seconds.is_sorted() && 2.0 <= seconds[0] && seconds[2] < 2.52, "{seconds:?}");
    assert_eq!(got["seconds"]["median"], got["median_seconds"]);

    let series = got["series"].as_array().unwrap();
    assert_eq!(series.len(), 1);
    assert_eq!((&series[0]["from"], &series[0]["to"]), (&json!("2026-11-16"), &json!("2026-11-22")));
    assert_eq!((&series[0]["score"], &series[0]["interval95"]), (&got["score"], &got["interval95"]));
    assert_eq!(series[0]["shares"], got["shares"]);

    let previous = &got["previous"];
    assert_eq!((&previous["from"], &previous["to"]), (&json!("2026-11-09"), &json!("2026-11-15")));
    assert_eq!(previous["counts"], json!({ "promoters": 49, "passives": 30, "detractors": 8 }));
    assert_eq!(previous["shares"]["promoters"].as_f64().unwrap(), 49.0 / 87.0);
    assert_eq!(nps::round(previous["delta"].as_f64().unwrap(), 2), 15.56);
    assert_eq!(nps::round(previous["z"].as_f64().unwrap(), 3), 1.797);
    assert_eq!(nps::round(previous["p"].as_f64().unwrap(), 3), 0.072);
    assert_eq!(previous["significant"], false);
}

#[test]
fn fifty_promoters_and_ten_detractors_of_a_hundred_score_forty() {
    let got = report(&[("range", "1d")], &[day("2026-11-22", [50, 40, 10])]);
    assert_eq!(got["score"], 40.0);
}

#[test]
fn an_empty_period_has_no_comparison() {
    let got = report(&[("range", "1d"), ("compare", "previous")], &[day("2026-11-21", [3, 2, 1])]);
    assert_eq!((&got["score"], &got["previous"]["scored"]), (&Value::Null, &json!(6)));
    for field in ["delta", "z", "p", "significant"] {
        assert_eq!(got["previous"][field], Value::Null, "{field}");
    }
}

#[test]
fn rows_of_a_day_add_up() {
    let parts = [day("2026-11-22", [10, 10, 5]), day("2026-11-22", [2, 1, 1])];
    let got = report(&[("range", "1d")], &parts);
    assert_eq!((&got["scored"], &got["low_sample"]), (&json!(29), &json!(true)));
    assert_eq!(report(&[("range", "1d")], &[parts[0], parts[1], parts[1]])["low_sample"], false);
}

#[test]
fn a_rate_is_at_most_one() {
    let mut odd = day("2026-11-22", [1, 0, 0]);
    (odd.totals.shown, odd.totals.answered, odd.totals.commented) = (0, 0, 3);
    let got = report(&[], &[odd]);
    assert_eq!((&got["response_rate"], &got["comment_rate"]), (&Value::Null, &json!(1.0)));
    (odd.totals.shown, odd.totals.answered) = (1, 2);
    assert_eq!(report(&[], &[odd])["response_rate"], 1.0);
}

#[test]
fn the_largest_counts_give_finite_numbers() {
    let mut full = day("2026-11-22", [0, 0, 0]);
    (full.totals.shown, full.totals.answered, full.totals.commented) = (u64::MAX, u64::MAX, u64::MAX);
    full.totals.scores = Histogram::from_counts([u64::MAX; 11]);
    full.totals.elapsed = TimeToAnswer::from_counts([u64::MAX; BUCKETS]);
    let got = report(&[("interval", "month")], &[full, full]);
    for number in ["score", "response_rate", "comment_rate", "median_seconds"] {
        assert!(got[number].is_number(), "{number}");
    }
}
