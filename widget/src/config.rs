//! The site's settings, read from the JavaScript object that holds them.
//!
//! The browser has already parsed their JSON and the collector has validated it, so the widget
//! needs no JSON parser. Settings at their default are missing.

use js_sys::{Array, Object, Reflect};
use nps::Category;
use wasm_bindgen::{JsCast, JsValue};

/// A value of the settings; undefined where it is missing.
#[derive(Clone)]
pub struct ConfigValue(pub JsValue);

impl ConfigValue {
    /// Returns a member, undefined if it is missing.
    pub fn get(&self, name: &str) -> ConfigValue {
        // Reading a member fails only where there is no object to read from.
        ConfigValue(Reflect::get(&self.0, &name.into()).unwrap_or_default())
    }

    /// Returns the value if it is a string.
    pub fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    /// Whether the value is truthy in JavaScript.
    pub fn is_truthy(&self) -> bool {
        self.0.is_truthy()
    }

    /// Returns the items of an array; none for any other value.
    pub fn array(&self) -> Vec<ConfigValue> {
        let items = self.0.dyn_ref::<Array>().map(Array::to_vec).unwrap_or_default();
        items.into_iter().map(ConfigValue).collect()
    }

    /// Returns a text that may be a string or an object by language: in the language, else in
    /// English, else in the first language of the object.
    pub fn localized(&self, lang: &str) -> String {
        let first = || Object::values(self.0.dyn_ref::<Object>()?).get(0).as_string();
        let by_language = || self.get(lang).text().or_else(|| self.get("en").text()).or_else(first);
        self.text().or_else(by_language).unwrap_or_default()
    }

    /// Whether the member `for` names the category. A missing member names all of them.
    pub fn applies_to(&self, category: Category) -> bool {
        let audience = self.get("for").array();
        audience.is_empty() || audience.iter().any(|name| name.text().as_deref() == Some(category.as_str()))
    }
}
