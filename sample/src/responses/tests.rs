use std::collections::{BTreeMap, HashSet};

use nps::{Difference, Histogram, Nps, Score};

use super::calendar::LATELY_DAYS;
use super::*;

const DAY: i64 = 86_400;
/// 26 November 2026, 12:40 UTC.
const NOW: i64 = 1_795_696_800;

fn comments() -> Vec<Comment> {
    parse(COMMENTS).unwrap()
}

fn year() -> Vec<Response> {
    super::year(NOW).unwrap()
}

fn histogram<'r>(responses: impl IntoIterator<Item = &'r Response>) -> Histogram {
    let mut histogram = Histogram::default();
    for response in responses {
        histogram.add(Score::new(response.score).unwrap(), 1);
    }
    histogram
}

fn nps(histogram: &Histogram) -> f64 {
    Nps::new(histogram).unwrap().value()
}

#[test]
fn comments_are_many_varied_and_without_personal_data() {
    let comments = comments();
    let mut by_language = BTreeMap::<&str, usize>::new();
    for comment in &comments {
        *by_language.entry(&comment.lang).or_default() += 1;
        assert!(comment.score <= 10, "{comment:?}");
        assert!((1..300).contains(&comment.text.chars().count()), "{comment:?}");
        assert!(!comment.text.contains(['@', '/']), "{comment:?}");
        // No telephone numbers.
        assert!(comment.text.chars().filter(char::is_ascii_digit).count() <= 3, "{comment:?}");
    }
    let different: HashSet<String> = comments.iter().map(|comment| comment.text.to_lowercase()).collect();
    assert_eq!(different.len(), comments.len());
    let counts = ["en", "de", "es", "fr", "ja"].map(|lang| by_language.remove(lang).unwrap_or_default());
    assert!(counts.iter().zip([80, 25, 20, 15, 15]).all(|(count, least)| *count >= least), "{counts:?}");
    assert!(by_language.is_empty(), "{by_language:?}");
}

#[test]
fn the_last_three_weeks_have_the_vouchers_that_fail() {
    let words = ["voucher", "gutschein", "cupón", "code promo", "クーポン"];
    let comments = comments();
    let about_vouchers: Vec<&Comment> = comments
        .iter()
        .filter(|comment| words.iter().any(|word| comment.text.to_lowercase().contains(word)))
        .collect();
    assert!(about_vouchers.len() >= 12, "{}", about_vouchers.len());
    assert!(about_vouchers.iter().all(|comment| comment.when == Some(Season::Lately)), "{about_vouchers:?}");
    let subscribers =
        about_vouchers.iter().filter(|comment| comment.plan == Some(Plan::Subscription)).count();
    assert!(subscribers * 10 >= about_vouchers.len() * 9);
}

#[test]
fn promoters_and_detractors_have_words_of_their_own() {
    let comments = comments();
    let mentions = |word: &str, scores: std::ops::RangeInclusive<u8>| {
        let with_word = |comment: &&Comment| {
            scores.contains(&comment.score) && comment.text.to_lowercase().contains(word)
        };
        comments.iter().filter(with_word).count()
    };
    for word in ["oolong", "staff", "packaging", "sample", "proben", "muestras"] {
        let (promoters, detractors) = (mentions(word, 9..=10), mentions(word, 0..=6));
        assert!(promoters >= 2 && detractors == 0, "{word}: {promoters}, {detractors}");
    }
    for word in ["late", "dented", "postage", "checkout", "voucher", "gutschein", "cupón", "送料"] {
        let (promoters, detractors) = (mentions(word, 9..=10), mentions(word, 0..=6));
        assert!(detractors > promoters, "{word}: {promoters}, {detractors}");
    }
}

#[test]
fn every_comment_is_used_once() {
    let comments = comments();
    let year = year();
    let mut used: Vec<&str> = year.iter().filter_map(|response| response.comment.as_deref()).collect();
    let mut written: Vec<&str> = comments.iter().map(|comment| comment.text.as_str()).collect();
    used.sort_unstable();
    written.sort_unstable();
    assert_eq!(used, written);
    let share = used.len() as f64 / year.len() as f64;
    assert!((0.12..0.14).contains(&share), "{share}");
}

#[test]
fn only_the_times_depend_on_the_present() {
    let content = |now| {
        let mut responses = responses(&comments(), now).unwrap();
        responses.iter_mut().for_each(|response| response.at = 0);
        responses
    };
    assert_eq!(content(NOW), content(NOW + 100 * DAY));
}

#[test]
fn times_are_in_the_year_before_whatever_the_day() {
    let comments = comments();
    // Every 15 days, at a different hour each, so that each season is the last three weeks once.
    for step in 0..25 {
        let now = NOW + step * (15 * DAY + 7_919);
        for response in responses(&comments, now).unwrap() {
            let age = now - response.at;
            assert!(age > 0 && age <= 366 * DAY, "{response:?}");
        }
    }
}

#[test]
fn most_responses_come_on_weekdays_and_before_christmas() {
    let year = year();
    // 1 January 1970 was a Thursday.
    let weekend = year.iter().filter(|response| matches!(response.at.div_euclid(DAY) % 7, 2 | 3)).count();
    assert!(weekend as f64 / (year.len() as f64) < 0.25, "{weekend}");
    let days_before = |days: std::ops::Range<i64>| {
        year.iter().filter(|response| days.contains(&((NOW - response.at) / DAY))).count()
    };
    // 1 to 22 December of last year, and the same number of days in February.
    let (december, february) = (days_before(339..360), days_before(272..293));
    assert!(december as f64 > 1.2 * february as f64, "{december}, {february}");
}

#[test]
fn the_score_is_stable_until_it_drops_among_subscribers() {
    let year = year();
    let all = histogram(&year);
    // README.md shows these figures.
    assert_eq!((all.promoters(), all.passives(), all.detractors()), (1_249, 555, 296));
    let before = nps(&histogram(year.iter().filter(|response| NOW - response.at > LATELY_DAYS * DAY)));
    assert!((45.0..50.0).contains(&before), "{before}");
    // Months before the last three weeks.
    for month in 0..11 {
        let days = LATELY_DAYS + month * 31..LATELY_DAYS + (month + 1) * 31;
        let within = histogram(year.iter().filter(|response| days.contains(&((NOW - response.at) / DAY))));
        let score = nps(&within);
        assert!((42.0..53.0).contains(&score), "{month}: {score}");
    }
}

#[test]
fn the_drop_is_beyond_chance_on_any_day() {
    let comments = comments();
    for step in 0..12 {
        let now = NOW + step * (30 * DAY + 7_919);
        let year = responses(&comments, now).unwrap();
        let compare = |plan: Option<Plan>, days: i64| {
            let within = |ages: std::ops::Range<i64>| {
                histogram(year.iter().filter(|response| {
                    plan.is_none_or(|plan| response.plan == plan) && ages.contains(&(now - response.at))
                }))
            };
            Difference::between(&within(0..days * DAY), &within(days * DAY..2 * days * DAY)).unwrap()
        };
        for (plan, days) in
            [(Some(Plan::Subscription), LATELY_DAYS), (Some(Plan::Subscription), 30), (None, LATELY_DAYS)]
        {
            let difference = compare(plan, days);
            assert!(
                difference.delta < 0.0 && difference.p < 0.01,
                "{step}, {plan:?}, {days}: {difference:?}"
            );
        }
        for plan in [Plan::OneOff, Plan::Wholesale] {
            let difference = compare(Some(plan), LATELY_DAYS);
            assert!(difference.p > 0.01, "{step}, {plan:?}: {difference:?}");
        }
    }
}

#[test]
fn an_invalid_comment_is_named_by_its_line() {
    let file = "{\"score\": 9, \"lang\": \"en\", \"comment\": \"Good\"}\n{\"score\": 9}\n";
    let problem = parse(file).unwrap_err().to_string();
    assert_eq!(problem, "line 2 of the comments is invalid");
}
