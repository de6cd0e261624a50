//! What the loader hands over: the site's settings, read from the JavaScript object that they are.
//!
//! The browser has parsed that JSON already, so no JSON parser need be downloaded for it.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// What the survey needs to know of its site.
pub struct Settings {
    /// The origin of the collector.
    pub collector: String,
    pub site: String,
    /// What the owner's site is called.
    pub name: String,
    /// Which wording of the question this is.
    pub variant: String,
    /// The question in the owner's words, where they are not the standard's.
    pub question: Option<String>,
}

impl Settings {
    /// Reads `{"collector", "site", "name", "survey": {"variant", "question"?}}`.
    pub fn read(given: &JsValue) -> Result<Self, JsValue> {
        let survey = get(given, "survey")?;
        Ok(Self {
            collector: text(given, "collector")?,
            site: text(given, "site")?,
            name: text(given, "name")?,
            variant: text(&survey, "variant")?,
            question: text(&survey, "question").ok(),
        })
    }
}

/// A text of an object, or the name of the one that is missing.
pub fn text(object: &JsValue, name: &str) -> Result<String, JsValue> {
    get(object, name)?.as_string().ok_or_else(|| name.into())
}

/// A value of an object.
pub fn get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}
