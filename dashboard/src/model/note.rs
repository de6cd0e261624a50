//! Dated notes.

use api::Day;
use serde::Deserialize;

use super::report::day;

/// List of notes, the newest day first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct NoteList {
    /// Notes.
    pub notes: Vec<Note>,
    /// Number of days compared on either side.
    pub days: u32,
}

/// Note with the score before and after it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Note {
    /// Id.
    pub id: String,
    /// Day of the change.
    #[serde(deserialize_with = "day")]
    pub day: Day,
    /// The change in a few words.
    pub text: String,
    /// Whether anyone can read the note.
    #[serde(default)]
    pub public: bool,
    /// Score on both sides of the day.
    pub effect: Option<Effect>,
}

/// Move of the score since a day.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Effect {
    /// Score after minus score before.
    pub delta: Option<f64>,
    /// Whether the move is more than chance explains.
    pub significant: Option<bool>,
}
