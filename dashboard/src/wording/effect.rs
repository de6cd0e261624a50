//! Move of the score since a note.

use crate::automatic::AutomaticNote;
use crate::format;
use crate::model::{Effect, Note};

/// Returns the sentence about the score since the day of a note; `None` where there is nothing to
/// compare yet.
pub fn effect(effect: &Effect) -> Option<String> {
    let (delta, significant) = (effect.delta?, effect.significant?);
    let points = format::score(delta.abs());
    let moved = match delta {
        _ if points == "0" => return Some("No change since.".into()),
        delta if delta > 0.0 => format!("Up {points} since"),
        _ => format!("Down {points} since"),
    };
    let chance =
        if significant { ", more than chance usually explains" } else { ", no more than chance explains" };
    Some(format!("{moved}{chance}."))
}

/// Returns a note with its day and what has happened since.
pub fn note(note: &Note) -> String {
    let since = note.effect.as_ref().and_then(effect).map(|effect| format!(" {effect}"));
    format!(
        "{}: {}.{}",
        format::short_day(note.day),
        note.text.trim_end_matches('.'),
        since.unwrap_or_default()
    )
}

/// Returns an automatic note with its day.
pub fn automatic(note: &AutomaticNote) -> String {
    format!("{}: {}", format::short_day(note.day), note.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_since_a_note_is_put_in_words() {
        let text = |delta, significant| effect(&Effect { delta, significant });
        assert_eq!(text(Some(8.6), Some(true)).unwrap(), "Up 9 since, more than chance usually explains.");
        assert_eq!(text(Some(-3.0), Some(false)).unwrap(), "Down 3 since, no more than chance explains.");
        assert_eq!(text(Some(0.2), Some(false)).unwrap(), "No change since.");
        assert_eq!(text(None, None), None);
        let mut written = Note {
            id: "1".into(),
            day: api::Day::parse("2026-11-07").unwrap(),
            text: "New packaging.".into(),
            public: false,
            effect: Some(Effect { delta: Some(0.0), significant: Some(false) }),
        };
        assert_eq!(note(&written), "7 Nov: New packaging. No change since.");
        written.effect = None;
        assert_eq!(note(&written), "7 Nov: New packaging.");
    }
}
