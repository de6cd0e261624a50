//! Before and after a note.

use super::*;

fn day_of(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn around_on(note: &str, window: u16, today: &str, days: &[DayTotals]) -> Value {
    serde_json::to_value(before_after(day_of(note), window, day_of(today), days)).unwrap()
}

#[test]
fn the_day_of_a_note_belongs_to_the_period_after() {
    let days = [
        day("2026-10-31", [1_000, 0, 0]),
        day("2026-11-01", [40, 30, 8]),
        day("2026-11-07", [9, 0, 0]),
        day("2026-11-08", [90, 30, 9]),
        day("2026-11-14", [3, 2, 0]),
        day("2026-11-15", [1_000, 0, 0]),
    ];
    let got = around_on("2026-11-08", 7, "2026-12-24", &days);
    let span = before_after_span(day_of("2026-11-08"), 7, day_of("2026-12-24"));
    assert_eq!((span.first(), span.last()), (day_of("2026-11-01"), day_of("2026-11-14")));
    let (before, after) = (&got["before"], &got["after"]);
    assert_eq!((&before["from"], &before["to"]), (&json!("2026-11-01"), &json!("2026-11-07")));
    assert_eq!((&after["from"], &after["to"]), (&json!("2026-11-08"), &json!("2026-11-14")));
    assert_eq!(before["counts"], json!({ "promoters": 49, "passives": 30, "detractors": 8 }));
    assert_eq!(before["shares"]["detractors"].as_f64().unwrap(), 8.0 / 87.0);
    assert_eq!(after["counts"], json!({ "promoters": 93, "passives": 32, "detractors": 9 }));
    assert_eq!((&before["scored"], &after["scored"]), (&json!(87), &json!(134)));
    assert_eq!(after["interval95"]["method"], nps::INTERVAL_METHOD);
    assert_eq!(nps::round(got["delta"].as_f64().unwrap(), 2), 15.56);
    assert_eq!(nps::round(got["z"].as_f64().unwrap(), 3), 1.797);
    assert_eq!(nps::round(got["p"].as_f64().unwrap(), 3), 0.072);
    assert_eq!(got["significant"], false);
}

#[test]
fn the_period_after_ends_today() {
    let days = [day("2026-11-22", [3, 0, 0]), day("2026-11-23", [5, 0, 0])];
    let got = around_on("2026-11-21", 30, "2026-11-22", &days);
    assert_eq!((&got["after"]["to"], &got["after"]["scored"]), (&json!("2026-11-22"), &json!(3)));
    assert_eq!((&got["before"]["from"], &got["before"]["to"]), (&json!("2026-10-22"), &json!("2026-11-20")));
    assert_eq!((&got["before"]["score"], &got["delta"]), (&Value::Null, &Value::Null));
    let today = around_on("2026-11-22", 1, "2026-11-22", &days);
    assert_eq!(
        (&today["after"]["from"], &today["after"]["to"]),
        (&json!("2026-11-22"), &json!("2026-11-22"))
    );
}

#[test]
fn a_note_for_tomorrow_has_no_period_after() {
    let got = around_on("2026-11-23", 7, "2026-11-22", &[day("2026-11-22", [3, 2, 1])]);
    assert_eq!(got["after"], Value::Null);
    for name in ["delta", "z", "p", "significant"] {
        assert_eq!(got[name], Value::Null, "{name}");
    }
    assert_eq!(got["before"]["scored"], 6);
    let span = before_after_span(day_of("2026-11-23"), 7, day_of("2026-11-22"));
    assert_eq!((span.first(), span.last()), (day_of("2026-11-16"), day_of("2026-11-22")));
}
