//! Only promoters, only passives, only detractors.

use super::*;

#[test]
fn one_category_has_a_share_and_no_score() {
    let days = [day("2026-11-21", [81, 100, 82]), day("2026-11-22", [0, 0, 0])];
    let got = report(&[("range", "2d"), ("interval", "day"), ("category", "promoter")], &days);
    assert_eq!((&got["scored"], &got["score"], &got["interval95"]), (&json!(81), &Value::Null, &Value::Null));
    assert_eq!(got["counts"], json!({ "promoters": 81, "passives": 0, "detractors": 0 }));
    assert_eq!(got["distribution"], json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 81]));
    for name in ["shares", "commented", "comment_rate", "median_seconds", "seconds"] {
        assert_eq!(got[name], Value::Null, "{name}");
    }
    assert_eq!((&got["shown"], &got["response_rate"]), (&json!(526), &json!(0.5)));
    // 81 of 263: Newcombe 1998, table I.
    let share = ["value", "low", "high"].map(|name| got["share"][name].as_f64().unwrap());
    assert_eq!(share[0], 81.0 / 263.0);
    assert_eq!([nps::round(share[1], 4), nps::round(share[2], 4)], [0.2553, 0.3662]);
    assert_eq!(got["query"]["category"], "promoter");

    let points = got["series"].as_array().unwrap();
    assert_eq!(points[0]["share"], got["share"]["value"]);
    assert_eq!((&points[0]["scored"], &points[0]["score"]), (&json!(81), &Value::Null));
    assert!(points[1].as_object().unwrap().contains_key("share") && points[1]["share"].is_null());
}

#[test]
fn the_sample_of_a_share_is_all_scored_responses() {
    let got = report(&[("category", "detractor")], &[day("2026-11-22", [28, 0, 2])]);
    assert_eq!((&got["scored"], &got["low_sample"]), (&json!(2), &json!(false)));
    let none = report(&[("category", "detractor")], &[]);
    assert!(none.as_object().unwrap().contains_key("share") && none["share"].is_null());
}

#[test]
fn fewer_than_five_answers_hide_their_categories() {
    let plan =
        plan(&[("range", "1d"), ("interval", "day"), ("filter[plan]", "pro"), ("category", "passive")]);
    let got = answer(&plan, Rows::of_days(vec![day("2026-11-22", [1, 2, 1])]));
    for part in [&got, &got["series"][0]] {
        assert_eq!(part["hidden"], true);
        for name in ["scored", "counts", "shares", "share", "score", "comment_rate"] {
            assert_eq!(part[name], Value::Null, "{name}");
        }
        assert_eq!(part["shown"], 8);
    }
    assert_eq!(got["distribution"], Value::Null);
}
