//! Query strings: of a score, of a list with its filter, of an import.
#![no_main]

use api::day::Step;
use api::limits::{MAX_RANGE_DAYS, MAX_ROLLING_DAYS};
use api::report::{Breakdown, Compare, Days, ScoreQuery, Segment};
use api::validation::QueryReader;
use collector_core::filter::{Marked, Search};
use collector_core::import::Options;
use collector_core::{Filter, Zone};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &[u8]| {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query).into_owned().collect();
    let borrowed = || pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    match ScoreQuery::parse(borrowed()) {
        Ok(query) => {
            assert_within_limits(&query);
            let written = written(&query);
            let again =
                ScoreQuery::parse(written.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            assert_eq!(again.as_ref(), Ok(&query), "{written:?}");
        }
        Err(errors) => assert!(!errors.is_empty()),
    }
    let mut reader = QueryReader::new(&mut borrowed(), &Filter::PARAMETERS);
    let filter = Filter::read(&mut reader, Marked::No);
    if let Ok(filter) = reader.finish(filter) {
        if let Some(Search::Words(words)) = &filter.search {
            assert!(!words.is_empty());
            assert!(
                words.iter().all(|word| !word.is_empty() && !word.contains(['"', '*', '\0', ' '])),
                "{words:?}"
            );
        }
        assert!(filter.from.zip(filter.to).is_none_or(|(from, to)| from <= to));
    }
    if let Err(errors) = Options::parse(borrowed(), &Zone::utc()) {
        assert!(!errors.is_empty());
    }
});

fn assert_within_limits(query: &ScoreQuery) {
    match query.days {
        Days::Latest(days) => assert!((1..=MAX_RANGE_DAYS).contains(&days)),
        Days::Between(period) => assert!(period.contains(period.first()) && period.contains(period.last())),
        Days::All | Days::Since(_) | Days::Until(_) => {}
    }
    assert!(query.rolling.is_none_or(|days| query.step.is_some() && (2..=MAX_ROLLING_DAYS).contains(&days)));
    assert!(query.compare.is_none() || query.days != Days::All);
}

/// Writes a query out again.
fn written(query: &ScoreQuery) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: &str| pairs.push((name.to_owned(), value.to_owned()));
    match query.days {
        Days::All => {}
        Days::Latest(days) => add("range", &format!("{days}d")),
        Days::Since(from) => add("from", &from.to_string()),
        Days::Until(to) => add("to", &to.to_string()),
        Days::Between(period) => {
            add("from", &period.first().to_string());
            add("to", &period.last().to_string());
        }
    }
    if let Some(step) = query.step {
        add(
            "interval",
            match step {
                Step::Day => "day",
                Step::Week => "week",
                Step::Month => "month",
            },
        );
    }
    if let Some(compare) = query.compare {
        add(
            "compare",
            match compare {
                Compare::Previous => "previous",
                Compare::Year => "year",
            },
        );
    }
    if let Some(variant) = query.variant() {
        add("variant", variant);
    }
    if let Some(days) = query.rolling {
        add("rolling", &format!("{days}d"));
    }
    match &query.by {
        Breakdown::Nothing => {}
        Breakdown::Group(property) => add("group_by", property),
        Breakdown::Filter { property, value: Segment::Value(value) } => {
            add(&format!("filter[{property}]"), value)
        }
        Breakdown::Filter { property, .. } => add(&format!("filter[{property}]"), ""),
    }
    if let Some(category) = query.category {
        add("category", category.as_str());
    }
    pairs
}
