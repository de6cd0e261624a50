//! Groups, filters, and what they hide.

use proptest::prelude::*;

use super::suppress::complementary_segment;
use super::*;

fn value(text: &str) -> Segment {
    Segment::Value(text.into())
}

fn grouped(groups: Vec<(Segment, Totals)>) -> Value {
    let all = groups.iter().fold(Totals::default(), |mut all, (_, totals)| {
        all += *totals;
        all
    });
    let today = Day::parse("2026-11-22").unwrap();
    let days = vec![DayTotals { day: today, totals: all }];
    answer(&plan(&[("range", "1d"), ("group_by", "plan")]), Rows { days, groups, ..Rows::default() })
}

#[test]
fn groups_are_ordered_by_answers() {
    let got = grouped(vec![
        (Segment::Other, totals([5, 0, 0])),
        (value("pro"), totals([5, 0, 0])),
        (Segment::Absent, totals([5, 0, 0])),
        (value("free"), totals([30, 5, 5])),
        (value("empty"), totals([0, 0, 0])),
    ]);
    let order: Vec<_> =
        got["groups"].as_array().unwrap().iter().map(|it| json!([it["value"], it["other"]])).collect();
    assert_eq!(
        order,
        [
            json!(["free", false]),
            json!(["pro", false]),
            json!([null, false]),
            json!([null, true]),
            json!(["empty", false])
        ]
    );
    let free = &got["groups"][0];
    let interval = &report(&[], &[day("2026-11-22", [30, 5, 5])])["interval95"];
    assert_eq!((free["score"].as_f64().unwrap(), &free["interval95"]), (62.5, interval));
    assert_eq!(
        *free,
        json!({
            "value": "free", "other": false, "hidden": false, "score": 62.5, "scored": 40, "interval95": interval,
            "counts": { "promoters": 30, "passives": 5, "detractors": 5 },
            "shares": { "promoters": 0.75, "passives": 0.125, "detractors": 0.125 },
            "distribution": [0, 0, 0, 5, 0, 0, 0, 0, 5, 0, 30],
            "shown": 80, "dismissed": 40, "response_rate": 0.5, "comment_rate": 0.75,
            "median_seconds": free["median_seconds"], "low_sample": false,
        })
    );
    let empty = &got["groups"][4];
    assert_eq!(
        (&empty["hidden"], &empty["score"], &empty["scored"]),
        (&json!(false), &Value::Null, &json!(0))
    );
    assert_eq!((&got["query"]["group_by"], &got["scored"]), (&json!("plan"), &json!(55)));
}

#[test]
fn a_small_group_shows_its_counts_only() {
    let got = grouped(vec![
        (value("team"), totals([3, 0, 1])),
        (value("pro"), totals([9, 0, 0])),
        (value("free"), totals([30, 5, 5])),
    ]);
    let small = json!({
        "value": "team", "other": false, "hidden": true, "score": null, "scored": 4, "interval95": null,
        "counts": null, "shares": null, "distribution": null, "shown": 8, "dismissed": 4, "response_rate": 0.5,
        "comment_rate": null, "median_seconds": null, "low_sample": true,
    });
    assert_eq!(got["groups"][2], small);
    // Alone it would be the total minus the others.
    assert_eq!((&got["groups"][1]["value"], &got["groups"][1]["hidden"]), (&json!("pro"), &json!(true)));
    assert_eq!(got["groups"][0]["hidden"], false);
    // The total is never hidden.
    assert_eq!((&got["scored"], got["score"].is_number()), (&json!(53), true));
    assert!(!got.as_object().unwrap().contains_key("hidden"));
}

#[test]
fn rows_of_a_group_add_up() {
    let got = grouped(vec![(value("pro"), totals([3, 0, 0])), (value("pro"), totals([2, 0, 0]))]);
    assert_eq!(got["groups"].as_array().unwrap().len(), 1);
    assert_eq!((&got["groups"][0]["scored"], &got["groups"][0]["hidden"]), (&json!(5), &json!(false)));
}

#[test]
fn the_smallest_other_group_is_hidden_with_a_small_one() {
    for (scored, covered) in [
        (&[0, 5, 9][..], None),
        (&[4, 9, 7, 7, 0], Some(2)),
        (&[2, 2, 9, 8], Some(3)),
        (&[2, 3, 9, 8], None),
        (&[1, 1, 1], None),
        (&[3, 0], None),
        (&[], None),
    ] {
        assert_eq!(complementary_segment(scored), covered, "{scored:?}");
    }
}

#[test]
fn a_filtered_report_is_suppressed_per_period() {
    let plan = plan(&[
        ("range", "2d"),
        ("interval", "day"),
        ("rolling", "2d"),
        ("compare", "previous"),
        ("filter[plan]", "pro"),
    ]);
    let cell = |text: &str, segment, scored| Cell { day: Day::parse(text).unwrap(), segment, scored };
    let segments = vec![value("team"), Segment::Absent, value("pro"), value("pro")];
    let rows = vec![
        cell("2026-11-22", 2, 6),
        cell("2026-11-22", 0, 2),
        cell("2026-11-22", 1, 7),
        cell("2026-11-21", 3, 9),
        cell("2026-11-21", 0, 5),
        cell("2026-11-20", 2, 3),
        cell("2026-11-20", 99, 3),
    ];
    let days = vec![day("2026-11-20", [3, 0, 0]), day("2026-11-21", [9, 0, 0]), day("2026-11-22", [6, 0, 0])];
    let got = answer(&plan, Rows { days, cells: Cells { segments, rows }, ..Rows::default() });
    assert_eq!(got["query"]["filter"], json!({ "name": "plan", "value": "pro" }));
    // All of it: team 7, absent 7, pro 15. On the 22nd team has 2, which pro, the smallest of the
    // others, covers.
    assert_eq!((&got["hidden"], &got["score"]), (&json!(false), &json!(100.0)));
    let [first, second] = [&got["series"][0], &got["series"][1]];
    assert_eq!((&first["hidden"], &first["score"]), (&json!(false), &json!(100.0)));
    assert_eq!(
        (&second["hidden"], &second["score"], &second["counts"]),
        (&json!(true), &Value::Null, &Value::Null)
    );
    assert_eq!(
        (&second["scored"], &second["comment_rate"], &second["shown"]),
        (&json!(6), &Value::Null, &json!(12))
    );
    assert_eq!(first["rolling"]["hidden"], false);
    assert_eq!((&second["rolling"]["hidden"], &second["rolling"]["scored"]), (&json!(false), &json!(15)));
    let previous = &got["previous"];
    assert_eq!((&previous["hidden"], &previous["scored"]), (&json!(true), &json!(3)));
    for name in ["score", "interval95", "counts", "delta", "z", "p", "significant"] {
        assert_eq!(previous[name], Value::Null, "{name}");
    }
}

#[test]
fn a_hidden_filtered_report_has_no_comparison() {
    let plan = plan(&[("range", "1d"), ("compare", "previous"), ("filter[plan]", "")]);
    let days = vec![day("2026-11-21", [9, 0, 0]), day("2026-11-22", [4, 0, 0])];
    let got = answer(&plan, Rows::of_days(days));
    assert_eq!(got["query"]["filter"], json!({ "name": "plan", "value": null }));
    assert_eq!((&got["hidden"], &got["scored"], &got["score"]), (&json!(true), &json!(4), &Value::Null));
    for name in
        ["interval95", "counts", "distribution", "commented", "comment_rate", "median_seconds", "seconds"]
    {
        assert_eq!(got[name], Value::Null, "{name}");
    }
    assert_eq!((&got["response_rate"], &got["dismissal_rate"]), (&json!(0.5), &json!(0.5)));
    assert_eq!((&got["previous"]["score"], &got["previous"]["delta"]), (&json!(100.0), &Value::Null));
}

#[test]
fn another_variant_is_suppressed_per_period() {
    let plan = plan(&[
        ("range", "2d"),
        ("interval", "day"),
        ("rolling", "2d"),
        ("compare", "previous"),
        ("variant", "stay"),
    ]);
    let days = vec![day("2026-11-20", [2, 0, 0]), day("2026-11-21", [4, 0, 0]), day("2026-11-22", [1, 0, 0])];
    let got = answer(&plan, Rows::of_days(days));
    assert_eq!((&got["hidden"], &got["score"]), (&json!(false), &json!(100.0)));
    let points = got["series"].as_array().unwrap();
    assert!(points.iter().all(|point| point["hidden"] == true && point["score"].is_null()), "{got}");
    assert_eq!(
        (&points[0]["rolling"]["hidden"], &points[1]["rolling"]["score"]),
        (&json!(false), &json!(100.0))
    );
    assert_eq!((&got["previous"]["hidden"], &got["previous"]["delta"]), (&json!(true), &Value::Null));
    assert_eq!(got["query"]["filter"], Value::Null);
}

fn segments() -> impl Strategy<Value = Vec<(Segment, Vec<[u64; 3]>)>> {
    let count = || prop_oneof![20 => Just(0), 2 => 0..3_u64, 1 => 0..40_u64];
    let days = prop::collection::vec([count(), count(), count()], 6);
    prop::collection::vec(days, 0..6).prop_map(|all| {
        let names = [Segment::Other, value("b"), Segment::Absent, value("a"), value("é"), value("")];
        names.into_iter().zip(all).collect()
    })
}

fn sum(days: &[[u64; 3]]) -> Totals {
    days.iter().fold(Totals::default(), |mut sum, answers| {
        sum += totals(*answers);
        sum
    })
}

proptest! {
    /// From the total and the visible groups follows no group of one to four responses, unless
    /// nothing could prevent it.
    #[test]
    fn no_small_group_can_be_derived_by_subtraction(all in segments()) {
        let groups = all.iter().map(|(segment, days)| (segment.clone(), sum(days))).collect();
        let got = grouped(groups);
        let groups = got["groups"].as_array().unwrap();
        let scored = |hidden: bool| -> Vec<u64> {
            let of = groups.iter().filter(|group| group["hidden"] == hidden);
            of.map(|group| group["scored"].as_u64().unwrap()).filter(|scored| *scored > 0).collect()
        };
        let (hidden, visible) = (scored(true), scored(false));
        prop_assert!(visible.iter().all(|scored| *scored >= MIN_CELL));
        prop_assert!(hidden.is_empty() || hidden.iter().any(|scored| *scored < MIN_CELL));
        let safe = hidden.is_empty() || (hidden.len() >= 2 && hidden.iter().sum::<u64>() >= MIN_CELL);
        prop_assert!(safe || visible.is_empty(), "{hidden:?} hidden, {visible:?} visible");
        for group in groups {
            let nothing = ["score", "counts", "distribution", "interval95", "comment_rate", "median_seconds"];
            prop_assert!(group["hidden"] == false || nothing.iter().all(|name| group[*name].is_null()));
        }
    }

    /// A filter hides the period, each point, each window and the compared period exactly where the
    /// groups of these days would.
    #[test]
    fn a_filtered_report_hides_the_same_as_its_group(all in segments(), which in 0..6_usize, seed in 0..1_000_usize) {
        prop_assume!(!all.is_empty());
        let (own, own_days) = &all[which % all.len()];
        prop_assume!(*own != Segment::Other && *own != value(""));
        let text = if let Segment::Value(text) = own { text.as_str() } else { "" };
        let first = Day::parse("2026-11-17").unwrap();
        let on = |index: usize| first.plus(i32::try_from(index).unwrap());
        let mut rows: Vec<Cell> = all.iter().enumerate().flat_map(|(segment, (_, days))| {
            days.iter().enumerate().map(move |(index, answers)| Cell { day: on(index), segment, scored: answers.iter().sum() })
        }).collect();
        let turn = seed % rows.len();
        rows.rotate_left(turn);
        let days = own_days.iter().enumerate().map(|(index, answers)| DayTotals { day: on(index), totals: totals(*answers) });
        let cells = Cells { segments: all.iter().map(|(segment, _)| segment.clone()).collect(), rows };
        let plan = plan(&[("range", "3d"), ("interval", "day"), ("rolling", "3d"), ("compare", "previous"), ("filter[p]", text)]);
        let got = plan.report(Rows { days: days.collect(), cells, ..Rows::default() }, "UTC", "standard");

        let group_is_hidden = |from: usize, to: usize| {
            let groups = all.iter().map(|(segment, days)| (segment.clone(), sum(&days[from..=to]))).collect();
            let groups = plan_of_groups().report(Rows { groups, ..Rows::default() }, "UTC", "standard").groups;
            let value = if let Segment::Value(value) = own { Some(value.clone()) } else { None };
            Some(groups.iter().find(|group| group.value == value && !group.other).unwrap().hidden)
        };
        prop_assert_eq!(got.hidden, group_is_hidden(3, 5));
        prop_assert_eq!(got.previous.unwrap().hidden, group_is_hidden(0, 2));
        for (index, point) in got.series.unwrap().iter().enumerate() {
            prop_assert_eq!(point.hidden, group_is_hidden(3 + index, 3 + index));
            prop_assert_eq!(point.score.is_none(), point.hidden == Some(true) || point.scored == Some(0));
            let rolling = point.rolling.as_ref().unwrap();
            prop_assert_eq!(rolling.hidden, group_is_hidden(1 + index, 3 + index));
            prop_assert_eq!(rolling.score.is_none(), rolling.hidden == Some(true) || rolling.scored == 0);
        }
    }
}

fn plan_of_groups() -> Plan {
    plan(&[("range", "1d"), ("group_by", "p")])
}
