//! Limits of everything that the collector accepts.

use api::ResponseUpdate;
use api::limits::{
    MAX_ANSWER, MAX_ANSWERS, MAX_COMMENT, MAX_CONTACT, MAX_LANG, MAX_OPTIONS, MAX_PAGE, MAX_PROPERTIES,
    MAX_PROPERTY_NAME, MAX_PROPERTY_VALUE, MAX_SLUG, MAX_UPDATE_BYTES, MAX_USER,
};
use api::response_update::FollowUpAnswer;
use collector_core::import::{Options, Reader};
use collector_core::stored_response::ImportedResponse;
use collector_core::{Secret, SiteId, Zone};
use serde_json::Value;

/// The present in all targets, 2026-11-26.
pub const NOW_MS: i64 = 1_795_651_200_000;

/// Returns the secret of the collector in all targets.
pub fn secret() -> Secret {
    Secret::new("a secret of the collector").expect("a secret that is long enough")
}

/// Returns a site of that collector.
pub fn site(nth: u8) -> SiteId {
    SiteId::issue([nth; 8], &secret())
}

/// Asserts that no part of an update is longer than it may be.
pub fn assert_within_limits(update: &ResponseUpdate) {
    let is_short = |text: &Option<String>, max: usize| text.as_ref().is_none_or(|text| is_text(text, max));
    assert!(update.score.is_none_or(|score| score.get() <= 10));
    // An empty comment or contact takes back an earlier one.
    let is_words = |text: &Option<String>, max| is_short(&text.clone().filter(|text| !text.is_empty()), max);
    assert!(is_words(&update.comment, MAX_COMMENT), "comment: {update:?}");
    assert!(is_short(&update.variant, MAX_SLUG), "variant: {update:?}");
    assert!(is_short(&update.lang, MAX_LANG), "lang: {update:?}");
    assert!(is_short(&update.page, MAX_PAGE), "page: {update:?}");
    assert!(is_short(&update.user, MAX_USER), "user: {update:?}");
    assert!(is_words(&update.contact, MAX_CONTACT), "contact: {update:?}");
    assert!(update.properties.len() <= MAX_PROPERTIES, "properties: {update:?}");
    for (name, value) in &update.properties {
        assert!(is_text(name, MAX_PROPERTY_NAME) && is_text(value, MAX_PROPERTY_VALUE), "{name}: {value}");
    }
    assert!(update.answers.len() <= MAX_ANSWERS, "answers: {update:?}");
    for answer in update.answers.values() {
        match answer {
            FollowUpAnswer::Text(text) => assert!(is_text(text, MAX_ANSWER), "{text}"),
            FollowUpAnswer::Options(options) => assert!(options.len() <= MAX_OPTIONS, "{options:?}"),
            FollowUpAnswer::Withdrawn => {}
        }
    }
    let bytes = serde_json::to_string(update).expect("JSON").len();
    // A letter may become an escape of six bytes.
    assert!(bytes <= 6 * MAX_UPDATE_BYTES, "{bytes} bytes");
}

/// Whether a text has something in it and is not too long.
fn is_text(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.chars().count())
}

/// Imports a file with all options that change how its cells are read, and asserts that the result
/// is the same each time, within all limits, and counted. Input that is no file is refused.
pub fn check_import(data: &[u8], format: Format) {
    // The first line has the options, as a query.
    let split = data.iter().position(|byte| *byte == b'\n').map_or(data.len(), |position| position + 1);
    let (query, body) = data.split_at(split);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.trim_ascii_end()).into_owned().collect();
    let zone = Zone::utc();
    let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let Ok(options) = Options::parse(pairs, &zone) else { return };
    let Some(first) = import(body, &options, &zone, format) else { return };
    assert_eq!(Some(&first), import(body, &options, &zone, format).as_ref(), "the same file, twice");
    for response in &first {
        assert_within_limits(&response.update);
    }
}

/// Format of an import.
#[derive(Clone, Copy)]
pub enum Format {
    Csv,
    Ndjson,
}

/// Reads a whole file; `None` where it is refused, which must have a reason.
fn import(body: &[u8], options: &Options, zone: &Zone, format: Format) -> Option<Vec<ImportedResponse>> {
    let begun = match format {
        Format::Csv => Reader::csv(body, options, zone, NOW_MS),
        Format::Ndjson => Reader::ndjson(body, options, zone, NOW_MS),
    };
    let mut reader = match begun {
        Ok(reader) => reader,
        Err(error) => return refused(&error.detail),
    };
    let mut responses = Vec::new();
    loop {
        match reader.next_answers() {
            Ok(Some(more)) => responses.extend(more),
            Ok(None) => break,
            Err(error) => return refused(&error.detail),
        }
    }
    let counts = reader.counts();
    let read = responses.len() as u64;
    assert!(read + counts.rejected <= counts.rows, "{read} of {counts:?}");
    assert!(counts.rows <= read + counts.rejected + counts.without_score, "{read} of {counts:?}");
    assert!(counts.errors.len() as u64 <= counts.rejected, "{counts:?}");
    assert!(counts.errors.iter().all(|error| !error.detail.is_empty() && error.line > 0), "{counts:?}");
    assert!(matches!(reader.description(), Value::Object(_)));
    Some(responses)
}

fn refused<T>(detail: &str) -> Option<T> {
    assert!(detail.ends_with('.') && detail.chars().count() > 10, "a reason: {detail:?}");
    None
}
