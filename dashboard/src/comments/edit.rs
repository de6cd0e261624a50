//! Changes of a response by the owner. Each saves one field.

use serde_json::{Value, json};

use super::state_label;
use crate::model::{CaseState, Mark, Response};

/// Change of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Adds a tag.
    AddTag(String),
    /// Removes a tag.
    RemoveTag(String),
    /// Replaces the note; an empty one is removed.
    Note(String),
    /// Replaces the person in charge; an empty one is removed.
    Assignee(String),
    /// Changes the state of the case, which may begin with that.
    State(CaseState),
    /// Sets the mark or takes it back.
    Mark(Option<Mark>),
}

impl Edit {
    /// Returns the change as the API takes it; `None` where it changes nothing.
    pub fn body(&self, on: &Response) -> Option<Value> {
        let text = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
        match self {
            Self::AddTag(tag) => (!on.tags.contains(tag)).then(|| {
                let tags: Vec<&String> = on.tags.iter().chain([tag]).collect();
                json!({ "tags": tags })
            }),
            Self::RemoveTag(tag) => on.tags.contains(tag).then(|| {
                let tags: Vec<&String> = on.tags.iter().filter(|it| *it != tag).collect();
                json!({ "tags": tags })
            }),
            Self::Note(note) => {
                (on.note.as_deref().unwrap_or("") != note).then(|| json!({ "note": text(note) }))
            }
            Self::Assignee(name) => {
                (on.assignee.as_deref().unwrap_or("") != name).then(|| json!({ "assignee": text(name) }))
            }
            Self::State(state) => (on.state != Some(*state)).then(|| json!({ "state": state.as_str() })),
            Self::Mark(mark) => (on.mark != *mark).then(|| json!({ "mark": mark.map(Mark::as_str) })),
        }
    }

    /// Returns the change that undoes this one. A case can be reopened, but never ceases to be one.
    pub fn reverse(&self, before: &Response) -> Self {
        match self {
            Self::AddTag(tag) => Self::RemoveTag(tag.clone()),
            Self::RemoveTag(tag) => Self::AddTag(tag.clone()),
            Self::Note(_) => Self::Note(before.note.clone().unwrap_or_default()),
            Self::Assignee(_) => Self::Assignee(before.assignee.clone().unwrap_or_default()),
            Self::State(_) => Self::State(before.state.unwrap_or(CaseState::Open)),
            Self::Mark(_) => Self::Mark(before.mark),
        }
    }

    /// Whether somebody else has changed the same field meanwhile, to something else. Tags never
    /// collide, since each is added and removed alone.
    pub fn collides(&self, known: &Response, newest: &Response) -> bool {
        let has_changed = match self {
            Self::AddTag(_) | Self::RemoveTag(_) => false,
            Self::Note(_) => known.note != newest.note,
            Self::Assignee(_) => known.assignee != newest.assignee,
            Self::State(_) => known.state != newest.state,
            Self::Mark(_) => known.mark != newest.mark,
        };
        has_changed && self.body(newest).is_some()
    }

    /// Returns the name of the field and the wanted value.
    pub fn wanted(&self) -> (&'static str, String) {
        let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
        match self {
            Self::AddTag(tag) | Self::RemoveTag(tag) => ("tag", tag.clone()),
            Self::Note(note) => ("note", or_none(note)),
            Self::Assignee(name) => ("assignee", or_none(name)),
            Self::State(state) => ("state", state_label(*state).into()),
            Self::Mark(mark) => ("mark", or_none(mark.map_or("", Mark::as_str))),
        }
    }

    /// Returns the value of the same field in a response.
    pub fn present(&self, response: &Response) -> String {
        match self {
            Self::AddTag(_) | Self::RemoveTag(_) => response.tags.join(", "),
            _ => Self::reverse(self, response).wanted().1,
        }
    }

    /// Returns what has been done, for so many responses.
    pub fn done(&self, count: usize) -> String {
        let done = match self {
            Self::AddTag(tag) => format!("Tagged “{tag}”"),
            Self::RemoveTag(tag) => format!("Tag “{tag}” removed"),
            Self::Note(note) if note.is_empty() => "Note removed".into(),
            Self::Note(_) => "Note saved".into(),
            Self::Assignee(name) if name.is_empty() => "Assigned to nobody".into(),
            Self::Assignee(name) => format!("Assigned to {name}"),
            Self::State(CaseState::Open) => "Opened".into(),
            Self::State(CaseState::InProgress) => "In progress".into(),
            Self::State(CaseState::Done) => "Marked as done".into(),
            Self::Mark(Some(Mark::Test)) => "Marked as a test; it no longer counts".into(),
            Self::Mark(Some(Mark::Spam)) => "Marked as spam; it no longer counts".into(),
            Self::Mark(None) => "Mark taken back; it counts again".into(),
        };
        if count == 1 { format!("{done}.") } else { format!("{done}: {count} responses.") }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::response;
    use super::*;

    fn all() -> Vec<Edit> {
        vec![
            Edit::AddTag("late".into()),
            Edit::RemoveTag("tin".into()),
            Edit::Note("Called her".into()),
            Edit::Assignee("Ben".into()),
            Edit::State(CaseState::Done),
            Edit::Mark(Some(Mark::Spam)),
        ]
    }

    #[test]
    fn each_edit_sends_one_field_and_is_undone_by_another() {
        let before = response(json!({ "tags": ["tin"], "note": "Old", "state": "in_progress" }));
        let bodies: Vec<_> = all().iter().filter_map(|edit| edit.body(&before)).collect();
        assert_eq!(
            bodies,
            [
                json!({ "tags": ["tin", "late"] }),
                json!({ "tags": [] }),
                json!({ "note": "Called her" }),
                json!({ "assignee": "Ben" }),
                json!({ "state": "done" }),
                json!({ "mark": "spam" }),
            ]
        );
        let undone: Vec<_> = all().iter().map(|edit| edit.reverse(&before)).collect();
        assert_eq!(
            undone,
            [
                Edit::RemoveTag("late".into()),
                Edit::AddTag("tin".into()),
                Edit::Note("Old".into()),
                Edit::Assignee(String::new()),
                Edit::State(CaseState::InProgress),
                Edit::Mark(None),
            ]
        );
        let removed = Edit::Assignee(String::new()).body(&response(json!({ "assignee": "Ben" })));
        assert_eq!(removed, Some(json!({ "assignee": null })));
    }

    #[test]
    fn nothing_is_sent_where_nothing_changes() {
        let same = response(json!({
            "tags": ["late"], "note": "Called her", "assignee": "Ben", "state": "done", "mark": "spam",
        }));
        assert!(all().iter().all(|edit| edit.body(&same).is_none()));
        assert_eq!(Edit::Note(String::new()).body(&response(json!({}))), None);
    }

    #[test]
    fn only_another_value_of_the_same_field_collides() {
        let known = response(json!({ "note": "Old", "state": "open", "tags": [] }));
        let edit = Edit::Note("Mine".into());
        assert!(edit.collides(&known, &response(json!({ "note": "Theirs", "state": "open" }))));
        assert!(edit.collides(&known, &response(json!({ "state": "open" }))), "the note was removed");
        assert!(!edit.collides(&known, &response(json!({ "note": "Old", "state": "done" }))));
        assert!(!edit.collides(&known, &response(json!({ "note": "Mine" }))), "both want the same");
        assert!(!Edit::AddTag("late".into()).collides(&known, &response(json!({ "tags": ["tin"] }))));
        assert!(Edit::State(CaseState::Done).collides(&known, &response(json!({ "state": "in_progress" }))));
        assert_eq!(edit.wanted(), ("note", "Mine".into()));
        assert_eq!(edit.present(&response(json!({ "note": "Theirs" }))), "Theirs");
        assert_eq!(edit.present(&response(json!({}))), "none");
    }

    #[test]
    fn what_was_done_is_said_with_the_number() {
        assert_eq!(Edit::State(CaseState::Done).done(1), "Marked as done.");
        assert_eq!(Edit::AddTag("late".into()).done(3), "Tagged “late”: 3 responses.");
    }
}
