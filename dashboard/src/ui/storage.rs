//! Keys in the browser: those to remember in `localStorage`, others in `sessionStorage`, which ends
//! with the tab.

use web_sys::Storage;

use crate::model::FromJson;
use crate::session::Session;

const NAME: &str = "grapevine.session";

fn kept() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn of_tab() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// Returns the keys that the browser holds.
pub fn load() -> Session {
    let mut session = read(kept());
    session.merge(read(of_tab()));
    session
}

fn read(storage: Option<Storage>) -> Session {
    let text = storage.and_then(|storage| storage.get_item(NAME).ok()?);
    text.and_then(|text| Session::from_json(&serde_json::from_str(&text).ok()?)).unwrap_or_default()
}

/// Stores the keys. A browser that stores nothing keeps them until the page is closed.
pub fn save(session: &Session) {
    let (to_keep, tab) = session.split();
    write(kept(), &to_keep);
    write(of_tab(), &tab);
}

fn write(storage: Option<Storage>, session: &Session) {
    let Some(storage) = storage else { return };
    let text = (!session.is_empty()).then(|| session.to_json().to_string());
    let _ = match text {
        Some(text) => storage.set_item(NAME, &text),
        None => storage.remove_item(NAME),
    };
}
