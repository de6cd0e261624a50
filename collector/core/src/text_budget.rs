//! Budget of new text that a site takes in a day (UTC).
//!
//! A flood of messages costs little as long as each adds one to a count. What fills a disk is text.
//! So beyond the budget the scores are stored and the texts are deferred: the sender keeps them.

use std::mem::size_of_val;

use api::ResponseUpdate;

/// Fields of a message that hold text. Each is the name of a cell as well.
pub const TEXT_FIELDS: [&str; 5] = ["comment", "contact", "answers", "properties", "page"];

/// Part of the budget after which its use is stored: 200 writes a day.
const STORED_PARTS: u64 = 200;

/// Text of one message: its fields and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText {
    /// Fields with text, in the order of [`TEXT_FIELDS`].
    pub fields: Vec<&'static str>,
    /// Bytes of their values, and of the names of answers and properties.
    pub bytes: u64,
}

impl MessageText {
    /// Measures a message.
    pub fn measure(message: &ResponseUpdate) -> Self {
        let text = |text: &Option<String>| text.as_deref().map_or(0, size_of_val);
        let sizes = [
            text(&message.comment),
            text(&message.contact),
            json_bytes(&message.answers),
            json_bytes(&message.properties),
            text(&message.page),
        ];
        let fields = TEXT_FIELDS.into_iter().zip(sizes).filter(|(_, bytes)| *bytes > 0);
        Self { fields: fields.map(|(name, _)| name).collect(), bytes: sizes.iter().sum::<usize>() as u64 }
    }
}

/// Returns the bytes of an object as it is stored.
fn json_bytes<T: serde::Serialize>(members: &std::collections::BTreeMap<String, T>) -> usize {
    if members.is_empty() { 0 } else { serde_json::json!(members).to_string().len() }
}

/// Use of the budget on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextBudget {
    day: i32,
    used: u64,
    /// Part of `used` that was stored.
    stored: u64,
}

impl TextBudget {
    /// Parses what [`TextBudget::add`] returned; anything else is a day without text.
    pub fn parse(text: &str) -> Self {
        let numbers =
            text.split_once(' ').and_then(|(day, used)| Some((day.parse().ok()?, used.parse().ok()?)));
        let (day, used) = numbers.unwrap_or_default();
        Self { day, used, stored: used }
    }

    /// Returns the bytes used on that day.
    pub fn used(&self, day: i32) -> u64 {
        if self.day == day { self.used } else { 0 }
    }

    /// Counts bytes of that day. Returns the text to store, where enough has come since the last.
    pub fn add(&mut self, day: i32, bytes: u64, limit: u64) -> Option<String> {
        if self.day != day {
            *self = Self { day, ..Self::default() };
        }
        self.used = self.used.saturating_add(bytes);
        if self.used - self.stored < limit / STORED_PARTS {
            return None;
        }
        self.stored = self.used;
        Some(format!("{day} {}", self.used))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::ResponseId;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn parsed_values_are_measured() {
        let read = |mut value: serde_json::Value| {
            value["id"] = json!(ResponseId::from_bytes([7; 16]));
            MessageText::measure(&ResponseUpdate::from_json(&value, &[]).unwrap().update)
        };
        assert_eq!(
            read(json!({ "score": 9, "lang": "en", "user": "ann" })),
            MessageText { fields: vec![], bytes: 0 }
        );
        let comment = read(json!({ "score": 9, "comment": "T\u{e9}a" }));
        assert_eq!(comment, MessageText { fields: vec!["comment"], bytes: 4 });
        let all = read(json!({
            "score": 9, "comment": "Tea", "contact": "a@b.example", "page": "/shop", "answers": { "why": "x" },
            "properties": { "plan": "pro" },
        }));
        assert_eq!(all.fields, TEXT_FIELDS);
        assert_eq!(all.bytes, 3 + 11 + 5 + 11 + 14);
    }

    #[test]
    fn each_day_has_a_budget_of_its_own() {
        let mut budget = TextBudget::default();
        assert_eq!((budget.add(7, 999, 1_000_000), budget.used(7), budget.used(8)), (None, 999, 0));
        assert_eq!(budget.add(8, 10, 1_000_000), None);
        assert_eq!((budget.used(7), budget.used(8)), (0, 10));
    }

    #[test]
    fn use_is_stored_in_steps_and_read_again() {
        let mut budget = TextBudget::default();
        assert_eq!(budget.add(7, 4_999, 1_000_000), None);
        let text = budget.add(7, 1, 1_000_000).unwrap();
        assert_eq!((text.as_str(), TextBudget::parse(&text)), ("7 5000", budget));
        assert_eq!(budget.add(7, 4_999, 1_000_000), None);
        for wrong in ["", "7", "x y", "7 -1", "7 5000 1"] {
            assert_eq!(TextBudget::parse(wrong), TextBudget::default(), "{wrong}");
        }
    }

    proptest! {
        /// After a restart, less than a two-hundredth of the budget is forgotten.
        #[test]
        fn a_restart_forgets_little(parts in prop::collection::vec(0..9_000_u64, 0..300)) {
            let (mut budget, mut stored) = (TextBudget::default(), String::new());
            for bytes in &parts {
                if let Some(text) = budget.add(3, *bytes, 1_000_000) {
                    stored = text;
                }
            }
            prop_assert_eq!(budget.used(3), parts.iter().sum::<u64>());
            prop_assert!(budget.used(3) - TextBudget::parse(&stored).used(3) < 5_000);
        }
    }
}
