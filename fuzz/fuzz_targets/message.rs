//! Body of `POST …/responses`: what any page sends.
#![no_main]

use api::ResponseUpdate;
use collector_core::json;
use collector_core::stored_response::NewResponse;
use grapevine_fuzz::assert_within_limits;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|body: &[u8]| {
    let parts = json::elements(body).unwrap_or_else(|| vec![body]);
    for part in parts {
        let Some(value) = std::str::from_utf8(part).ok().and_then(|text| json::parse(text).ok()) else {
            continue;
        };
        let preferred = json::names_within(part, "properties");
        match ResponseUpdate::from_json(&value, &preferred) {
            Ok(received) => accepted(received.update, &preferred),
            Err(errors) => {
                assert!(!errors.is_empty());
                assert!(errors.iter().all(|error| !error.detail.is_empty()), "{errors:?}");
            }
        }
    }
});

/// Asserts that an accepted message is within its limits, is read again as it was written, and
/// makes a row that the object can parse.
fn accepted(update: ResponseUpdate, preferred: &[String]) {
    assert_within_limits(&update);
    let written = serde_json::to_value(&update).expect("JSON");
    let again = ResponseUpdate::from_json(&written, preferred)
        .unwrap_or_else(|errors| panic!("{errors:?}: {written}"));
    assert_eq!(again.update, update);
    assert!(again.ignored.is_empty(), "{:?} of {written}", again.ignored);
    let row = NewResponse::from_message(update).to_row();
    assert!(matches!(serde_json::from_str(&row), Ok(Value::Array(_))), "{row}");
}
