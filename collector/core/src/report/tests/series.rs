//! Rolling windows and the comparison with a year ago.

use super::*;

#[test]
fn a_rolling_window_as_long_as_its_step_equals_the_step() {
    let days = [day("2026-11-03", [5, 1, 3]), day("2026-11-14", [2, 2, 2]), day("2026-11-22", [9, 0, 1])];
    let got = report(
        &[("from", "2026-11-02"), ("to", "2026-11-22"), ("interval", "week"), ("rolling", "7d")],
        &days,
    );
    let series = got["series"].as_array().unwrap();
    assert_eq!(series.len(), 3);
    for point in series {
        for field in ["from", "score", "scored", "interval95"] {
            assert_eq!(point["rolling"][field], point[field], "{field}");
        }
        assert_eq!(point["rolling"].as_object().unwrap().len(), 4);
    }
    assert_eq!(got["query"]["rolling"], "7d");
}

#[test]
fn a_rolling_window_reaches_back_before_the_period() {
    let days = [
        day("2026-11-17", [100, 0, 0]),
        day("2026-11-18", [1, 0, 0]),
        day("2026-11-20", [0, 0, 1]),
        day("2026-11-21", [0, 2, 0]),
        day("2026-11-21", [0, 2, 0]),
    ];
    let got = report(&[("range", "2d"), ("interval", "day"), ("rolling", "4d")], &days);
    let points = got["series"].as_array().unwrap();
    let seen: Vec<_> = points
        .iter()
        .map(|it| json!([it["scored"], it["rolling"]["from"], it["rolling"]["scored"]]))
        .collect();
    assert_eq!(seen, [json!([4, "2026-11-18", 6]), json!([0, "2026-11-19", 5])]);
    assert_eq!((&got["scored"], &points[1]["rolling"]["score"]), (&json!(4), &json!(-20.0)));
}

#[test]
fn points_without_rolling_have_no_window() {
    let got = report(&[("range", "1d"), ("interval", "day")], &[day("2026-11-22", [1, 0, 0])]);
    let point = got["series"][0].as_object().unwrap();
    assert!(["rolling", "share", "hidden"].iter().all(|name| !point.contains_key(*name)));
    assert_eq!((&point["dismissed"], &point["comment_rate"]), (&json!(1), &json!(1.0)));
}

#[test]
fn the_year_before_replaces_the_previous_period() {
    let days = [
        day("2024-02-29", [93, 32, 9]),
        day("2023-02-28", [49, 30, 8]),
        day("2024-02-28", [7, 0, 0]),
        day("2023-03-01", [0, 0, 7]),
    ];
    let got = report(&[("from", "2024-02-29"), ("to", "2024-02-29"), ("compare", "year")], &days);
    assert_eq!(got["query"]["compare"], "year");
    let previous = &got["previous"];
    assert_eq!((&previous["from"], &previous["to"]), (&json!("2023-02-28"), &json!("2023-02-28")));
    assert_eq!(previous["scored"], 87);
    assert_eq!(nps::round(previous["z"].as_f64().unwrap(), 3), 1.797);
    assert_eq!(nps::round(previous["p"].as_f64().unwrap(), 3), 0.072);
    assert_eq!(previous["significant"], false);
}
