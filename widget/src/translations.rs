//! Texts of the survey in one language.
//!
//! A language is one file in `locales/` with a text for each [`TextKey`]; the widget has no other
//! text that a visitor reads. The build writes each file as an array in the order of the keys, from
//! which [`TextKey`] is generated too.

use js_sys::Array;
use nps::Category;

include!(concat!(env!("OUT_DIR"), "/text_key.rs"));

/// Texts of one language, in the order of [`TextKey`].
pub struct Translations(Array);

impl Translations {
    /// Wraps the array that JavaScript has parsed.
    pub fn new(texts: Array) -> Self {
        Self(texts)
    }

    /// Returns a text; empty where the array is too short.
    pub fn get(&self, key: TextKey) -> String {
        self.0.get(key as u32).as_string().unwrap_or_default()
    }

    /// Returns a text with `value` in place of its placeholder in braces.
    pub fn format(&self, key: TextKey, value: &str) -> String {
        let text = self.get(key);
        let place = |brace| text.bytes().position(|byte| byte == brace);
        let around = || Some([text.get(..place(b'{')?)?, value, text.get(place(b'}')? + 1..)?].concat());
        around().unwrap_or_default()
    }

    /// Returns the prompt of the comment field for a category.
    pub fn prompt(&self, category: Category) -> String {
        self.get(match category {
            Category::Detractor => TextKey::Detractor,
            Category::Passive => TextKey::Passive,
            Category::Promoter => TextKey::Promoter,
        })
    }
}
