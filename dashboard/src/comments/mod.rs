//! Comments: which are listed, how they are changed, and how they are quoted.

mod edit;
mod filters;
mod mailto;
mod quote;
mod shortcut;

pub use edit::Edit;
pub use filters::{ActiveFilter, Cursor, Filters, StateChoice};
pub use mailto::mailto;
pub use quote::{as_html, as_text};
pub use shortcut::Shortcut;

use crate::format;
use crate::model::{CaseState, Mark, Response};

/// Returns when the case is due. `minutes` is the time until then, negative where it has passed.
pub fn due(minutes: f64) -> String {
    match (format::duration(minutes.abs()), minutes < 0.0) {
        (Some(duration), true) => format!("overdue by {duration}"),
        (Some(duration), false) => format!("due in {duration}"),
        (None, _) => "due now".into(),
    }
}

/// Returns the state of a response in words; `minutes` is the time until its case is due.
pub fn state(response: &Response, minutes: Option<f64>) -> Option<String> {
    match (response.mark, response.state?) {
        (Some(_), _) => None,
        (None, CaseState::Done) => Some(state_label(CaseState::Done).into()),
        (None, state) => Some(match minutes {
            Some(minutes) => format!("{}, {}", state_label(state), due(minutes)),
            None => state_label(state).into(),
        }),
    }
}

/// Returns the label of a state.
pub const fn state_label(state: CaseState) -> &'static str {
    match state {
        CaseState::Open => "Open",
        CaseState::InProgress => "In progress",
        CaseState::Done => "Done",
    }
}

/// Returns the mark of a response in words.
pub const fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Test => "Marked as a test",
        Mark::Spam => "Marked as spam",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a response with these members.
    pub(super) fn response(members: serde_json::Value) -> Response {
        let mut all = serde_json::json!({ "id": "a", "at": "2026-11-26T10:00:00.000Z" });
        let (Some(all_members), Some(members)) = (all.as_object_mut(), members.as_object()) else {
            panic!("objects");
        };
        all_members.extend(members.clone());
        crate::model::FromJson::from_json(&all).unwrap()
    }

    #[test]
    fn a_case_says_when_it_is_due_until_it_is_done() {
        let of = |members, minutes| state(&response(members), minutes);
        assert_eq!(
            of(serde_json::json!({ "state": "open" }), Some(22.4 * 60.0)).as_deref(),
            Some("Open, due in 22 h")
        );
        let late = of(serde_json::json!({ "state": "in_progress" }), Some(-3.0 * 1_440.0));
        assert_eq!(late.as_deref(), Some("In progress, overdue by 3 days"));
        assert_eq!(of(serde_json::json!({ "state": "open" }), Some(0.2)).as_deref(), Some("Open, due now"));
        assert_eq!(of(serde_json::json!({ "state": "done" }), Some(-9.0)).as_deref(), Some("Done"));
        assert_eq!(of(serde_json::json!({}), None), None);
        assert_eq!(of(serde_json::json!({ "state": "open", "mark": "spam" }), Some(9.0)), None);
    }
}
