//! Dated notes.

use super::json::from_json;
use api::Day;

/// List of notes, the newest day first.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteList {
    /// Notes.
    pub notes: Vec<Note>,
    /// Number of days compared on either side.
    pub days: u64,
}

from_json!(NoteList { notes, days });

/// Note with the score before and after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Id.
    pub id: String,
    /// Day of the change.
    pub day: Day,
    /// The change in a few words.
    pub text: String,
    /// Whether anyone can read the note.
    pub public: bool,
    /// Score on both sides of the day.
    pub effect: Option<Effect>,
}

from_json!(Note { id, day, text, public, effect });

/// Move of the score since a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// Score after minus score before.
    pub delta: Option<f64>,
    /// Whether the move is more than chance explains.
    pub significant: Option<bool>,
}

from_json!(Effect { delta, significant });
