//! Proof that the recount can fail: a report with one changed number, or rows with one changed
//! field, do not agree.

use std::collections::{BTreeMap, BTreeSet};

use api::Day;
use fastrand::Rng;
use serde_json::{Value, json};

use super::generator::Draw;
use super::rows::{Counting, Row, same};
use super::zones::zone;

const QUERIES: [&[(&str, &str)]; 4] = [
    &[("interval", "day")],
    &[("group_by", "plan")],
    &[("filter[plan]", "pro"), ("interval", "day")],
    &[
        ("from", "2026-10-24"),
        ("to", "2026-10-26"),
        ("interval", "day"),
        ("rolling", "2d"),
        ("compare", "previous"),
    ],
];

/// A row every two hours around the end of summer time, so that the day of some depends on the
/// zone.
fn rows() -> Vec<Row> {
    let mut rng = Rng::with_seed(7);
    let first = i64::try_from(tests::ids::unix_ms("2026-10-23T00:30:00.000Z")).unwrap();
    let row = |nth: i64| {
        let plan = ["pro", "pro", "free", "team"][rng.usize(..4)];
        let score = (!rng.one_in(4)).then(|| rng.usize(..11));
        Row {
            id: nth.to_string(),
            at: first + nth * 7_200_000,
            score,
            shown: !rng.one_in(5),
            dismissed: score.is_none(),
            ms: score.and(Some(u32::try_from(rng.usize(..30_000)).unwrap())),
            comment: rng.one_in(2).then(|| "tea".into()),
            channel: "page".into(),
            variant: "standard".into(),
            properties: BTreeMap::from([("plan".to_owned(), plan.to_owned())]),
            ..Row::default()
        }
    };
    (0..60).map(row).collect()
}

fn report(rows: &[Row], query: &[(&str, &str)], name: &str) -> Value {
    let apart = ["pro", "free", "team"].map(str::to_owned);
    let apart = BTreeMap::from([("plan".to_owned(), BTreeSet::from(apart))]);
    let zone = zone(name);
    let counting = Counting { rows, zone: &zone, today: Day::parse("2026-11-22").unwrap(), apart: &apart };
    let query = [&[("variant", "standard")], query].concat();
    let query: Vec<(String, String)> =
        query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    counting.report(&query)
}

/// The places of all values in an answer that are neither array nor object.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(value, &format!("{at}/{name}"), found))
        }
        Value::Array(members) => {
            members.iter().enumerate().for_each(|(nth, value)| leaves(value, &format!("{at}/{nth}"), found))
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn a_report_with_one_number_changed_is_detected() {
    for query in QUERIES {
        let counted = report(&rows(), query, "Europe/Warsaw");
        same(&counted, &counted).unwrap();
        let mut places = Vec::new();
        leaves(&counted, "", &mut places);
        assert!(places.len() > 40, "{counted}");
        for place in places {
            let mut tampered = counted.clone();
            let leaf = tampered.pointer_mut(&place).unwrap();
            *leaf = match leaf.as_f64() {
                Some(number) => json!(number + 1.0),
                None => json!("something else"),
            };
            let wrong = same(&counted, &tampered).expect_err(&place);
            assert!(wrong.starts_with(&format!("{place}: ")), "{wrong}");
        }
    }
}

#[test]
fn rows_with_one_field_changed_are_detected() {
    type Change = fn(&mut Row);
    let changes: [(&str, Change); 7] = [
        ("score", |row| row.score = row.score.map(|score| (score + 1) % 11)),
        ("no score", |row| row.score = None),
        ("shown", |row| row.shown = !row.shown),
        ("dismissed", |row| row.dismissed = !row.dismissed),
        ("comment", |row| row.comment = if row.comment.is_some() { None } else { Some("tea".into()) }),
        ("day", |row| row.at += api::day::DAY_MS),
        ("variant", |row| row.variant = "b".into()),
    ];
    let (rows, query) = (rows(), QUERIES[0]);
    let counted = report(&rows, query, "Europe/Warsaw");
    let scored = rows.iter().position(|row| row.score.is_some()).unwrap();
    let dismissed = rows.iter().position(|row| row.score.is_none()).unwrap();
    for (what, change) in changes {
        let mut tampered = rows.clone();
        change(&mut tampered[if what == "dismissed" { dismissed } else { scored }]);
        assert!(same(&counted, &report(&tampered, query, "Europe/Warsaw")).is_err(), "{what}");
    }
    for (what, time) in [("sooner", 600), ("later", 29_000)] {
        let mut tampered = rows.clone();
        tampered.iter_mut().for_each(|row| row.ms = row.ms.map(|_| time));
        assert!(same(&counted, &report(&tampered, query, "Europe/Warsaw")).is_err(), "{what}");
    }
    let mut tampered = rows.clone();
    tampered[scored].properties.clear();
    assert!(
        same(&report(&rows, QUERIES[1], "UTC"), &report(&tampered, QUERIES[1], "UTC")).is_err(),
        "property"
    );
    assert!(same(&counted["series"], &report(&rows, query, "America/New_York")["series"]).is_err(), "zone");
}
