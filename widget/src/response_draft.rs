//! Draft of a response: everything the visitor has given in this impression so far.
//!
//! The outbox (`js/outbox.js`) delivers it. Each message contains every field known by then under
//! the impression's one id, so the newest message replaces the earlier ones.

use std::cell::{Cell, RefCell};

use api::ResponseId;
use js_sys::JSON::stringify;
use js_sys::{Array, Date, Function, JsString, Object, Reflect};
use nps::Score;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, HtmlFormElement, Window};

use crate::config::ConfigValue;

/// Arrow keys pass over values, so a score is sent when it has stood this long.
const SCORE_DELAY_MS: u32 = 350;
/// Without a score by then, the impression is sent alone.
const IMPRESSION_DELAY_MS: u32 = 10_000;

/// Draft of the response of one impression.
pub struct ResponseDraft {
    /// Id of the impression, and of its response.
    pub id: String,
    enqueue: Function,
    window: Window,
    started_ms: f64,
    elapsed_ms: Cell<f64>,
    fields: RefCell<Object>,
    /// Whether a field has changed since the outbox was last asked to send.
    unsent: Cell<bool>,
}

/// Part of the form that a message contains.
#[derive(Clone, Copy, PartialEq)]
pub enum Submit {
    /// The visitor pressed Send: all fields.
    Everything,
    /// The visitor went to another step, paused or left: the texts and choices. Contact and
    /// consents are left out, since nobody has given them before pressing Send.
    TextOnly,
    /// The visitor is writing: as [`Submit::TextOnly`], but only kept in the browser until the next
    /// message is sent.
    Draft,
}

impl ResponseDraft {
    /// Starts an impression now, under the id in the settings or a new one.
    pub fn new(window: &Window, settings: &ConfigValue) -> Option<Self> {
        let new_id = || {
            let mut random = [0; 10];
            window.crypto().ok()?.get_random_values_with_u8_array(&mut random).ok()?;
            Some(ResponseId::from_time(Date::now() as u64, &random).to_string())
        };
        let id = settings.get("id").text().or_else(new_id)?;
        let fields = Object::new();
        set(&fields, "id", &id.as_str().into());
        set(&fields, "shown", &true.into());
        Some(Self {
            id,
            enqueue: settings.get("enqueue").0.dyn_into().ok()?,
            started_ms: now_ms(window) - settings.get("since_ms").0.as_f64().unwrap_or(0.0),
            window: window.clone(),
            elapsed_ms: Cell::new(0.0),
            fields: RefCell::new(fields),
            unsent: Cell::new(false),
        })
    }

    /// Milliseconds on the draft's clock.
    pub fn now_ms(&self) -> f64 {
        now_ms(&self.window)
    }

    /// Publishes the impression.
    pub fn set_shown(&self) {
        self.publish(Some(IMPRESSION_DELAY_MS));
    }

    /// Sets the score and publishes it.
    pub fn set_score(&self, score: Score) {
        self.set_field("score", &score.get().into());
        self.publish(Some(SCORE_DELAY_MS));
    }

    /// Records "Not now" and publishes it.
    pub fn set_dismissed(&self) {
        self.set_field("dismissed", &true.into());
        self.publish(Some(0));
    }

    /// Reads the fields of the form and publishes them. Disabled and blank fields are left out, or
    /// empty where they had a value before: the visitor has taken it back.
    pub fn read_form(&self, form: &HtmlFormElement, submit: Submit) {
        let Ok(data) = FormData::new_with_form(form) else { return };
        let (answers, consents) = (Object::new(), Array::new());
        let (mut comment, mut contact) = (JsValue::UNDEFINED, JsValue::UNDEFINED);
        for entry in js_sys::try_iter(&data).ok().flatten().into_iter().flatten().flatten() {
            let entry: Array = entry.unchecked_into();
            let (name, value) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
            let text = JsString::from(value.as_string().unwrap_or_default()).trim();
            let blank = text == "";
            match name.split_at_checked(2) {
                _ if blank => {}
                Some(("t:", key)) => set(&answers, key, &value),
                Some(("o:", key)) => {
                    let chosen = ConfigValue(answers.clone().into()).get(key).0.dyn_into::<Array>();
                    let chosen = chosen.unwrap_or_default();
                    chosen.push(&value);
                    set(&answers, key, &chosen);
                }
                Some(("c:", _)) => drop(consents.push(&value)),
                _ if name == "comment" => comment = value,
                _ if name == "contact" => contact = text.into(),
                _ => {}
            }
        }
        if let Some(known) = self.known("answers").dyn_ref::<Object>() {
            for key in Object::keys(known).iter().filter_map(|key| key.as_string()) {
                if ConfigValue(answers.clone().into()).get(&key).0.is_undefined() {
                    set(&answers, &key, &JsValue::NULL);
                }
            }
        }
        self.set_text("comment", comment);
        self.set_field("answers", &answers);
        if submit == Submit::Everything {
            self.set_text("contact", contact);
            self.set_field("consents", &consents);
        }
        // Only a visitor who has pressed Send waits for a result.
        if submit == Submit::Everything || self.unsent.get() {
            self.publish((submit != Submit::Draft).then_some(0));
        }
    }

    fn known(&self, name: &str) -> JsValue {
        ConfigValue(self.fields.borrow().clone().into()).get(name).0
    }

    /// Sets a field of text, empty where it is missing and there was one before.
    fn set_text(&self, name: &str, text: JsValue) {
        let is_withdrawn = text.is_undefined() && !self.known(name).is_undefined();
        self.set_field(name, &if is_withdrawn { "".into() } else { text });
    }

    /// Sets a field if its value has changed, and the time since the start. Of two messages the
    /// collector keeps the one with the later time, so that number only grows.
    fn set_field(&self, name: &str, value: &JsValue) {
        let known = self.known(name);
        let text = |value: &JsValue| stringify(value).ok();
        // An empty value is a change only where there was a value before.
        let empty = value.is_undefined()
            || value.dyn_ref::<Object>().is_some_and(|object| Object::keys(object).length() == 0);
        if (known.is_undefined() && empty) || known == *value || text(&known) == text(value) {
            return;
        }
        let elapsed_ms = (now_ms(&self.window) - self.started_ms).floor().max(self.elapsed_ms.get() + 1.0);
        self.elapsed_ms.set(elapsed_ms);
        self.unsent.set(true);
        let fields = self.fields.borrow();
        set(&fields, name, value);
        set(&fields, "elapsed_ms", &elapsed_ms.into());
    }

    /// Hands the fields to the outbox, to be sent after a delay, or without one with the next
    /// message.
    fn publish(&self, delay_ms: Option<u32>) {
        if delay_ms.is_some() {
            self.unsent.set(false);
        }
        // The outbox reports no errors here; it retries by itself.
        let _ = self.enqueue.call2(&JsValue::NULL, &self.fields.borrow(), &delay_ms.into());
    }
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a member of a plain object cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

/// Milliseconds on a clock that is never set back.
fn now_ms(window: &Window) -> f64 {
    window.performance().map_or(0.0, |clock| clock.now())
}
