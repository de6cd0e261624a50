//! The words of the survey in one language.
//!
//! A language is one file in `locales/`, with exactly the fields of [`Texts`]; nothing else in the widget holds words
//! that a visitor reads. A table with a field missing does not load.

use nps::{Category, Score};
use wasm_bindgen::JsValue;

use crate::settings::text;

/// One language's table.
pub struct Texts {
    /// `ltr` or `rtl`.
    pub dir: String,
    /// Said once by a screen reader when the survey opens.
    pub announcement: String,
    /// The standard question; `{name}` stands for the owner's name.
    pub question: String,
    /// What 0 means, as it stands under the scale.
    pub low: String,
    /// What 10 means, as it stands under the scale.
    pub high: String,
    /// What a screen reader calls the 0: the digit first, then its meaning.
    pub zero: String,
    /// What a screen reader calls the 10.
    pub ten: String,
    /// Asked after 0–6.
    pub detractor: String,
    /// Asked after 7–8.
    pub passive: String,
    /// Asked after 9–10.
    pub promoter: String,
    /// Beside the prompt: no comment is needed.
    pub optional: String,
    /// Near the end of the comment's length; `{count}` stands for the number.
    pub left: String,
    /// Ends the survey without an answer.
    pub not_now: String,
    /// Ends the survey after an answer.
    pub close: String,
    /// Sends the comment.
    pub send: String,
    /// On the same button, while it is being sent.
    pub sending: String,
    /// On the same button, when it could not be sent.
    pub again: String,
    /// What happened and what to do about it.
    pub failed: String,
    /// The heading after an answer.
    pub thanks: String,
    /// The line under it.
    pub thanks_line: String,
}

impl Texts {
    /// Reads a table as the loader parsed it.
    pub fn read(table: &JsValue) -> Result<Self, JsValue> {
        Ok(Self {
            dir: text(table, "dir")?,
            announcement: text(table, "announcement")?,
            question: text(table, "question")?,
            low: text(table, "low")?,
            high: text(table, "high")?,
            zero: text(table, "zero")?,
            ten: text(table, "ten")?,
            detractor: text(table, "detractor")?,
            passive: text(table, "passive")?,
            promoter: text(table, "promoter")?,
            optional: text(table, "optional")?,
            left: text(table, "left")?,
            not_now: text(table, "not_now")?,
            close: text(table, "close")?,
            send: text(table, "send")?,
            sending: text(table, "sending")?,
            again: text(table, "again")?,
            failed: text(table, "failed")?,
            thanks: text(table, "thanks")?,
            thanks_line: text(table, "thanks_line")?,
        })
    }

    /// The prompt of the comment, fitted to what was answered.
    pub fn prompt(&self, score: Score) -> &str {
        match score.category() {
            Category::Detractor => &self.detractor,
            Category::Passive => &self.passive,
            Category::Promoter => &self.promoter,
        }
    }
}
