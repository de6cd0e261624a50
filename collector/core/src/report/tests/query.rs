//! Tests of report queries: the accepted parameters, and the days that they select.

use super::*;
use api::Period;
use api::day::Step;

fn parse(query: &str) -> Result<ScoreQuery, ValidationError> {
    ScoreQuery::parse(
        query.split('&').filter(|pair| !pair.is_empty()).filter_map(|pair| pair.split_once('=')),
    )
    .map_err(|errors| errors[0].clone())
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The plan on 2026-11-22, with responses from 2026-01-10 to 2026-11-20.
fn plan(query: &str) -> Plan {
    let known = (Some(day("2026-01-10")), Some(day("2026-11-20")));
    Plan::new(&parse(query).unwrap(), day("2026-11-22"), known.0, known.1).unwrap()
}

fn first_and_last(period: Period) -> String {
    format!("{}/{}", period.first(), period.last())
}

#[test]
fn each_period_parameter_selects_its_days() {
    for (query, expected) in [
        ("", "2026-01-10/2026-11-22"),
        ("range=all", "2026-01-10/2026-11-22"),
        ("range=1d", "2026-11-22/2026-11-22"),
        ("range=30d", "2026-10-24/2026-11-22"),
        ("from=2026-11-01", "2026-11-01/2026-11-22"),
        ("from=2025-11-01", "2025-11-01/2026-11-22"),
        ("to=2026-03-31", "2026-01-10/2026-03-31"),
        ("to=2025-12-31", "2025-12-31/2025-12-31"),
        ("from=2026-12-01&to=2026-12-31", "2026-12-01/2026-12-31"),
    ] {
        assert_eq!(first_and_last(plan(query).period), expected, "{query}");
    }
}

#[test]
fn range_all_covers_every_day_with_data() {
    let (all, today) = (parse("").unwrap(), day("2026-11-22"));
    let period = |first, last| first_and_last(Plan::new(&all, today, first, last).unwrap().period);
    assert_eq!(period(None, None), "2026-11-22/2026-11-22");
    assert_eq!(period(Some(day("2026-11-01")), Some(day("2026-12-24"))), "2026-11-01/2026-12-24");
    assert_eq!(period(Some(day("2026-12-01")), Some(day("2026-12-24"))), "2026-12-01/2026-12-24");
}

#[test]
fn the_previous_period_is_as_long_and_one_query_reads_both() {
    let plan = plan("range=30d&compare=previous&interval=week&variant=stay-3");
    assert_eq!(first_and_last(plan.previous.unwrap()), "2026-09-24/2026-10-23");
    assert_eq!(first_and_last(plan.span()), "2026-09-24/2026-11-22");
    assert_eq!((plan.step, plan.variant.as_deref()), (Some(Step::Week), Some("stay-3")));
    let alone = self::plan("range=7d");
    assert_eq!((alone.previous, alone.span()), (None, alone.period));
}

#[test]
fn each_invalid_parameter_is_named() {
    for (query, pointer) in [
        ("rnage=30d", "rnage"),
        ("range=30d&range=7d", "range"),
        ("range=", "range"),
        ("range=30", "range"),
        ("range=0d", "range"),
        ("range=3661d", "range"),
        ("range=-1d", "range"),
        ("range=+1d", "range"),
        ("range=d", "range"),
        ("range=99999999d", "range"),
        ("range=30D", "range"),
        ("range=30d&from=2026-01-01", "range"),
        ("range=all&to=2026-01-01", "range"),
        ("from=2026-02-30", "from"),
        ("from=", "from"),
        ("to=yesterday", "to"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("interval=hour", "interval"),
        ("interval=", "interval"),
        ("compare=next&range=7d", "compare"),
        ("compare=previous", "compare"),
        ("compare=previous&range=all", "compare"),
        ("variant=A B", "variant"),
        ("variant=", "variant"),
    ] {
        assert_eq!(parse(query).unwrap_err().pointer, pointer, "{query}");
    }
    assert!(parse("x=1").unwrap_err().detail.contains("range, from, to, interval, compare, variant"));
}

#[test]
fn future_days_need_an_end() {
    let query = parse("from=2026-11-23").unwrap();
    assert_eq!(Plan::new(&query, day("2026-11-22"), None, None).unwrap_err().pointer, "from");
    assert!(Plan::new(&query, day("2026-11-23"), None, None).is_ok());
}

#[test]
fn a_series_has_a_maximum_number_of_points() {
    let plan = |query: &str| Plan::new(&parse(query).unwrap(), day("2026-11-22"), None, None);
    assert!(plan("range=3660d&interval=day").is_ok());
    // 4000 days are 2000-01-01 to 2010-12-13.
    assert!(plan("from=2000-01-01&to=2010-12-13&interval=day").is_ok());
    for (query, advice) in [
        ("from=2000-01-01&to=2010-12-14&interval=day", "week or month"),
        ("from=1970-01-01&to=2100-01-01&interval=week", "month"),
        ("from=1970-01-01&to=9999-12-31&interval=month", "fewer days"),
    ] {
        let error = plan(query).unwrap_err();
        assert!(error.pointer == "interval" && error.detail.contains(advice), "{error}");
    }
    assert!(plan("from=1970-01-01&to=9999-12-31").is_ok());
}

#[test]
fn compare_year_uses_the_same_dates() {
    for (query, expected) in [
        ("from=2026-11-01&to=2026-11-22", "2025-11-01/2025-11-22"),
        ("from=2024-02-01&to=2024-02-29", "2023-02-01/2023-02-28"),
        ("from=2025-02-01&to=2025-03-31", "2024-02-01/2024-03-31"),
        ("from=2024-02-29&to=2024-02-29", "2023-02-28/2023-02-28"),
        ("from=2024-02-29&to=2025-02-28", "2023-02-28/2024-02-28"),
        ("from=2023-03-01&to=2024-02-29", "2022-03-01/2023-02-28"),
    ] {
        let plan = plan(&format!("{query}&compare=year"));
        assert_eq!(first_and_last(plan.previous.unwrap()), expected, "{query}");
        assert_eq!(plan.span(), Period::new(plan.previous.unwrap().first(), plan.period.last()).unwrap());
    }
    for (query, overlap) in [("range=366d", true), ("range=365d", false), ("range=3660d", true)] {
        let query = parse(&format!("{query}&compare=year")).unwrap();
        let outcome = Plan::new(&query, day("2026-11-22"), None, None).map_err(|invalid| invalid.pointer);
        assert_eq!(outcome.is_err_and(|pointer| pointer == "compare"), overlap, "{query:?}");
    }
}

#[test]
fn one_query_reads_the_rolling_windows_too() {
    assert_eq!(first_and_last(plan("range=7d&interval=day&rolling=30d").span()), "2026-10-18/2026-11-22");
    // The first week ends on Sunday the 22nd, so its window is shorter than the period.
    assert_eq!(first_and_last(plan("range=7d&interval=week&rolling=2d").span()), "2026-11-16/2026-11-22");
    assert_eq!(
        first_and_last(plan("range=7d&interval=day&rolling=30d&compare=year").span()),
        "2025-11-16/2026-11-22"
    );
    assert_eq!(
        first_and_last(plan("range=30d&interval=day&rolling=366d&compare=previous").span()),
        "2025-10-24/2026-11-22"
    );
}

#[test]
fn a_property_is_either_grouped_or_filtered() {
    let all = parse("").unwrap();
    assert_eq!((all.property(), all.groups(), all.filter_value()), (None, false, None));
    let groups = parse("group_by=plan").unwrap();
    assert_eq!((groups.property(), groups.groups(), groups.filter_value()), (Some("plan"), true, None));
    let filter = parse("filter[channel]=email").unwrap();
    let email = Segment::Value("email".into());
    assert_eq!(
        (filter.property(), filter.groups(), filter.filter_value()),
        (Some("channel"), false, Some(&email))
    );
    for blank in ["filter[plan]=", "filter[plan]=  "] {
        assert_eq!(parse(blank).unwrap().filter_value(), Some(&Segment::Absent));
    }
    let odd = parse("filter[a]b]=pro").unwrap();
    assert_eq!(odd.property(), Some("a]b"));
}

#[test]
fn only_a_counted_property_can_be_queried() {
    let declared = ["plan".to_owned(), "country".to_owned()];
    for query in ["", "group_by=channel", "group_by=plan", "filter[country]=pl", "filter[channel]="] {
        assert_eq!(parse(query).unwrap().check_property(&declared), Ok(()), "{query}");
    }
    for (query, pointer) in [("group_by=page", "group_by"), ("filter[Plan]=pro", "filter[Plan]")] {
        let error = parse(query).unwrap().check_property(&declared).unwrap_err();
        assert_eq!(error.pointer, pointer);
        assert!(error.detail.contains("channel, plan, country"), "{error}");
    }
}

#[test]
fn each_invalid_category_is_named() {
    let long = "x".repeat(501);
    for (query, pointer, says) in [
        ("compare=year", "compare", "nothing before all"),
        ("compare=next&range=7d", "compare", "or year"),
        ("rolling=30d", "rolling", "interval"),
        ("rolling=1d&interval=day", "rolling", "from 2d to 366d"),
        ("rolling=367d&interval=day", "rolling", "from 2d to 366d"),
        ("rolling=all&interval=day", "rolling", "from 2d to 366d"),
        ("rolling=7d&rolling=7d&interval=day", "rolling", "more than once"),
        ("group_by=", "group_by", "1 to 64 characters"),
        ("group_by=plan&group_by=plan", "group_by", "more than once"),
        ("group_by=plan&filter[plan]=pro", "group_by", "one property at a time"),
        ("filter[plan]=pro&filter[plan]=free", "filter[plan]", "more than once"),
        ("filter[plan]=pro&filter[country]=pl", "filter[country]", "one property at a time"),
        ("filter[]=pro", "filter[]", "1 to 64 characters"),
        ("filter=pro", "filter", "in brackets"),
        ("filter[plan=pro", "filter[plan", "in brackets"),
        ("filter[channel]=mail", "filter[channel]", "web, link, email, interview or import, not \"mail\""),
        (&format!("filter[plan]={long}"), "filter[plan]", "500"),
        ("category=Promoter", "category", "Must be promoter"),
        ("category=", "category", "Must be promoter"),
        ("category=passive&range=7d&compare=year", "category", "compare"),
        ("category=passive&interval=day&rolling=7d", "category", "rolling"),
        ("category=passive&group_by=plan", "category", "group_by"),
        ("x=1", "x", "category, filter[NAME]"),
    ] {
        let error = parse(query).unwrap_err();
        assert_eq!(error.pointer, pointer, "{query}");
        assert!(error.detail.contains(says) && error.detail.ends_with('.'), "{query}: {error}");
    }
    assert!(parse("category=passive&interval=day&filter[plan]=pro").is_ok());
}
