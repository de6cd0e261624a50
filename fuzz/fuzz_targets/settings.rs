//! Settings of a site and of its survey: what an owner sends.
#![no_main]

use api::limits::{
    MAX_CONTACT_DAYS, MAX_DECLARED, MAX_HIDDEN_NOTES, MAX_RETENTION_MONTHS, MAX_SITE_NAME, MAX_SURVEY_BYTES,
    MAX_TEXT_MB_PER_DAY,
};
use api::{SitePatch, Survey};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let Ok(value) = collector_core::json::parse(text) else { return };
    match SitePatch::read(&value) {
        Ok(patch) => {
            assert!(patch.name.is_none_or(|name| (1..=MAX_SITE_NAME).contains(&name.chars().count())));
            assert!(patch.properties.is_none_or(|declared| declared.len() <= MAX_DECLARED));
            assert!(patch.hidden_notes.is_none_or(|hidden| hidden.len() <= MAX_HIDDEN_NOTES));
            assert!(patch.contact_days.is_none_or(|days| (1..=MAX_CONTACT_DAYS).contains(&days)));
            assert!(
                patch
                    .retention_months
                    .flatten()
                    .is_none_or(|months| (1..=MAX_RETENTION_MONTHS).contains(&months))
            );
            assert!(
                patch.text_mb_per_day.is_none_or(|megabytes| (1..=MAX_TEXT_MB_PER_DAY).contains(&megabytes))
            );
        }
        Err(errors) => assert!(!errors.is_empty()),
    }
    match Survey::read(&value, "/survey") {
        Ok(survey) => accepted(&survey),
        Err(errors) => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|error| error.pointer.starts_with("/survey")), "{errors:?}");
        }
    }
});

/// Asserts that the two forms in which a survey is written are read as the same survey, and that
/// the loader can carry it.
fn accepted(survey: &Survey) {
    let complete = survey.complete();
    assert_eq!(Survey::read(&complete, "").as_ref(), Ok(survey), "{complete}");
    let stored = serde_json::to_string(survey).expect("JSON");
    assert!(stored.len() <= MAX_SURVEY_BYTES, "{} bytes", stored.len());
    assert_eq!(serde_json::from_str::<Survey>(&stored).ok().as_ref(), Some(survey), "{stored}");
    let loader = Value::Object(survey.loader_config(("site", "Tea shop"), &[], Vec::new()).into_json());
    assert_eq!(loader["variant"], survey.variant.as_str());
}
