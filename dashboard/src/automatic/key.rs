//! Keys of automatic notes, by which the settings of a site remember those that are hidden.

use api::Day;
use api::limits::MAX_HIDDEN_NOTES;

/// Days by which the beginning of a move may shift when more responses come.
const SHIFT: i32 = 7;

/// Key of an automatic note: its kind, and what distinguishes it among those of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteKey(String);

impl NoteKey {
    /// Returns the key of a move of the score, such as `down.2026-11-02`.
    pub fn shift(delta: f64, day: Day) -> Self {
        Self(format!("{}.{day}", if delta > 0.0 { "up" } else { "down" }))
    }

    /// Returns the key of a version of the survey.
    pub fn survey(version: u64) -> Self {
        Self(format!("survey.{version}"))
    }

    /// Returns the key of a tag that was last seen at a time.
    pub fn tag(last_seen_at: &str) -> Self {
        Self(format!("tag.{last_seen_at}"))
    }

    /// Returns the key of a webhook that was paused at a time.
    pub fn webhook(id: &str, paused_at: &str) -> Self {
        Self(format!("webhook.{id}.{paused_at}"))
    }

    /// Whether one of the stored keys is of this note. A move in the same direction that begins a
    /// week earlier or later is the same move.
    pub fn is_among(&self, stored: &[String]) -> bool {
        stored.iter().any(|stored| self.is(stored))
    }

    fn is(&self, stored: &str) -> bool {
        let parts =
            |key: &str| key.split_once('.').and_then(|(kind, day)| Some((kind == "up", Day::parse(day)?)));
        let is_near = || {
            let ((is_up, day), (was_up, before)) = parts(&self.0).zip(parts(stored))?;
            Some(is_up == was_up && (day.number() - before.number()).abs() <= SHIFT)
        };
        self.0 == stored || is_near() == Some(true)
    }
}

/// Returns the stored keys with that of another note, for which the oldest makes room.
pub fn with_hidden(stored: &[String], key: &NoteKey) -> Vec<String> {
    let rest = without_hidden(stored, std::slice::from_ref(key));
    let surplus = (rest.len() + 1).saturating_sub(MAX_HIDDEN_NOTES);
    rest.into_iter().skip(surplus).chain([key.0.clone()]).collect()
}

/// Returns the stored keys without those of these notes.
pub fn without_hidden(stored: &[String], keys: &[NoteKey]) -> Vec<String> {
    stored.iter().filter(|stored| !keys.iter().any(|key| key.is(stored))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn stored(keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| (*key).to_owned()).collect()
    }

    #[test]
    fn a_move_is_the_same_when_its_first_week_has_shifted() {
        let key = NoteKey::shift(-14.0, day("2026-11-02"));
        for (other, expected) in [
            ("down.2026-11-02", true),
            ("down.2026-10-26", true),
            ("down.2026-11-09", true),
            ("down.2026-11-10", false),
            ("up.2026-11-02", false),
            ("down", false),
            ("survey.3", false),
            ("tag.2026-11-02T10:00:00.000Z", false),
        ] {
            assert_eq!(key.is_among(&stored(&["", other])), expected, "{other}");
        }
    }

    #[test]
    fn other_notes_are_known_by_their_version_or_time() {
        let time = "2026-11-02T10:00:00.000Z";
        for (key, same, other) in [
            (NoteKey::survey(3), "survey.3", "survey.2"),
            (NoteKey::tag(time), "tag.2026-11-02T10:00:00.000Z", "tag.2026-11-02T10:00:01.000Z"),
            (
                NoteKey::webhook("a", time),
                "webhook.a.2026-11-02T10:00:00.000Z",
                "webhook.b.2026-11-02T10:00:00.000Z",
            ),
        ] {
            assert!(key.is_among(&stored(&[same])) && !key.is_among(&stored(&[other])), "{same}");
        }
    }

    #[test]
    fn a_key_is_stored_once_and_the_oldest_make_room() {
        let key = NoteKey::shift(8.0, day("2026-11-02"));
        let before = stored(&["survey.2", "up.2026-11-09"]);
        let after = with_hidden(&before, &key);
        assert_eq!(after, ["survey.2", "up.2026-11-02"]);
        assert_eq!(without_hidden(&after, &[key]), ["survey.2"]);
        let full: Vec<String> = (0..MAX_HIDDEN_NOTES).map(|version| format!("survey.{version}")).collect();
        let after = with_hidden(&full, &NoteKey::survey(200));
        assert_eq!((after.len(), after[0].as_str()), (MAX_HIDDEN_NOTES, "survey.1"));
        assert_eq!(after.last().unwrap(), "survey.200");
    }
}
