//! What a visitor has said in this showing, and when.
//!
//! The loader keeps it and brings it to the collector (`stage.js`); each message says all that is known by then under the
//! showing's one id, so the newest makes the ones before it needless.

use std::cell::{Cell, RefCell};

use api::ResponseId;
use js_sys::JSON::stringify;
use js_sys::{Array, Date, Function, Object, Reflect};
use nps::Score;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FormData, HtmlFormElement, Window};

use crate::owner::Owner;

/// Arrow keys pass over values: a score is sent when it has stood this long.
const SCORE_STANDS_MS: u32 = 350;
/// Nothing chosen for this long: say that the survey was shown.
const SHOWN_ALONE_MS: u32 = 10_000;

/// One showing, as far as the collector is concerned.
pub struct Said {
    /// The id of the showing.
    pub id: String,
    say: Function,
    window: Window,
    started: f64,
    elapsed: Cell<f64>,
    facts: RefCell<Object>,
}

/// How much of what stands in the form has been said.
#[derive(Clone, Copy, PartialEq)]
pub enum Extent {
    /// The visitor has sent it: everything.
    All,
    /// The visitor has gone on, or is leaving the page: the words, but neither contact nor consent, which nobody has given
    /// before sending.
    Words,
}

impl Said {
    /// Begins a showing, now, under the id that the page gives or a new one.
    pub fn begin(window: &Window, settings: &Owner) -> Option<Self> {
        let new_id = || {
            let mut random = [0; 10];
            window.crypto().ok()?.get_random_values_with_u8_array(&mut random).ok()?;
            Some(ResponseId::from_time(Date::now() as u64, &random).to_string())
        };
        let id = settings.get("id").text().or_else(new_id)?;
        let facts = Object::new();
        set(&facts, "id", &id.as_str().into());
        set(&facts, "shown", &true.into());
        Some(Self {
            id,
            say: settings.get("say").0.dyn_into().ok()?,
            started: now(window),
            window: window.clone(),
            elapsed: Cell::new(0.0),
            facts: RefCell::new(facts),
        })
    }

    /// The survey is on the page.
    pub fn shown(&self) {
        self.say(SHOWN_ALONE_MS);
    }

    /// A score was chosen, or another one.
    pub fn choose(&self, score: Score) {
        self.note("score", &score.get().into());
        self.say(SCORE_STANDS_MS);
    }

    /// "Not now".
    pub fn dismiss(&self) {
        self.note("dismissed", &true.into());
        self.say(0);
    }

    /// What stands in the form counts now.
    pub fn take(&self, form: &HtmlFormElement, extent: Extent) {
        let Ok(data) = FormData::new_with_form(form) else { return };
        let (answers, consents) = (Object::new(), Array::new());
        let (mut comment, mut contact) = (JsValue::UNDEFINED, JsValue::UNDEFINED);
        for entry in js_sys::try_iter(&data).ok().flatten().into_iter().flatten().flatten() {
            let entry: Array = entry.unchecked_into();
            let (name, value) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
            let blank = value.as_string().is_none_or(|text| text.trim().is_empty());
            match name.split_at_checked(2) {
                _ if blank => {}
                Some(("t:", key)) => set(&answers, key, &value),
                Some(("o:", key)) => {
                    let chosen = Owner(answers.clone().into()).get(key).0.dyn_into::<Array>();
                    let chosen = chosen.unwrap_or_default();
                    chosen.push(&value);
                    set(&answers, key, &chosen);
                }
                Some(("c:", _)) => drop(consents.push(&value)),
                _ if name == "comment" => comment = value,
                _ if name == "contact" => contact = value,
                _ => {}
            }
        }
        self.note("comment", &comment);
        self.note("answers", &answers);
        if extent == Extent::All {
            self.note("contact", &contact);
            self.note("consents", &consents);
        }
        self.say(0);
    }

    /// Adds a fact that is new, dated. Of two answers the collector keeps the later, so the number only ever grows.
    fn note(&self, name: &str, value: &JsValue) {
        let facts = self.facts.borrow();
        let known = Owner(facts.clone().into()).get(name).0;
        let text = |value: &JsValue| stringify(value).ok();
        // What is empty is news only where something was.
        let empty = value.is_undefined()
            || value.dyn_ref::<Object>().is_some_and(|object| Object::keys(object).length() == 0);
        if (known.is_undefined() && empty) || known == *value || text(&known) == text(value) {
            return;
        }
        let elapsed = (now(&self.window) - self.started).floor().max(self.elapsed.get() + 1.0);
        self.elapsed.set(elapsed);
        set(&facts, name, value);
        set(&facts, "elapsed_ms", &elapsed.into());
    }

    fn say(&self, after_ms: u32) {
        // The loader's own function, which throws nothing.
        let _ = self.say.call2(&JsValue::NULL, &self.facts.borrow(), &after_ms.into());
    }
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a member of an object of our own cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

/// Milliseconds on a clock that is never set back.
fn now(window: &Window) -> f64 {
    window.performance().map_or(0.0, |clock| clock.now())
}
