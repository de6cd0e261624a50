//! What the owner has set, read from the JavaScript object that it is.
//!
//! The browser has parsed that JSON already, and the collector has checked it, so no JSON parser need be downloaded for it. What
//! is at its default is not there.

use js_sys::{Array, Reflect};
use nps::Category;
use wasm_bindgen::{JsCast, JsValue};

/// An object of the settings, or nothing.
#[derive(Clone)]
pub struct Owner(pub JsValue);

impl Owner {
    /// A member; nothing where there is none.
    pub fn get(&self, name: &str) -> Owner {
        // Reading a member fails only where there is no object to read from.
        Owner(Reflect::get(&self.0, &name.into()).unwrap_or_default())
    }

    /// The text that this is.
    pub fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    /// Whether this is `true`.
    pub fn is_set(&self) -> bool {
        self.0.is_truthy()
    }

    /// The items of the array that this is.
    pub fn items(&self) -> Vec<Owner> {
        let items = self.0.dyn_ref::<Array>().map(Array::to_vec).unwrap_or_default();
        items.into_iter().map(Owner).collect()
    }

    /// The text that this is, or has for the language, or for English, or for whatever language comes first.
    pub fn words(&self, lang: &str) -> String {
        let any = || {
            let own = self.0.dyn_ref::<js_sys::Object>()?;
            js_sys::Object::values(own).get(0).as_string()
        };
        let one = || self.get(lang).text().or_else(|| self.get("en").text()).or_else(any);
        self.text().or_else(one).unwrap_or_default()
    }

    /// Whether the member `for` names the category, or is not there and so means all.
    pub fn is_for(&self, category: Category) -> bool {
        let named = self.get("for").items();
        named.is_empty() || named.iter().any(|name| name.text().as_deref() == Some(category.as_str()))
    }
}
