//! The address: the state in its query, and a key in its fragment, which is taken out at once.

use api::limits::MAX_SITE_NAME;
use gloo_events::EventListener;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::App;
use super::storage;
use crate::model::Role;
use crate::session::{Session, SignedInSite, is_site_id};
use crate::url_state::UrlState;

/// Reads the address when the page opens.
pub fn open(session: RwSignal<Session>, problem: RwSignal<Option<String>>) -> UrlState {
    let (query, fragment) = parts();
    let mut url = UrlState::parse(&query);
    if let Some(linked) = linked_site(&fragment, &url) {
        // The key leaves the address before anything else happens.
        match linked {
            Ok(linked) => {
                url = UrlState { site: Some(linked.site.clone()), ..url };
                session.update(|session| session.add(linked));
                storage::save(&session.get_untracked());
            }
            Err(wrong) => problem.set(Some(wrong)),
        }
        write(&url, true);
    }
    url
}

/// Follows "back", "forward" and links that are pasted into the address bar.
pub fn listen(app: App) {
    let Some(window) = web_sys::window() else { return };
    // Dropped with the page, which stops listening.
    StoredValue::new_local(EventListener::new(&window, "popstate", move |_| {
        app.url.set(open(app.session, app.link_problem));
    }));
}

/// Goes to another state, unless it is the present one, which "back" skips with `replace`.
pub fn navigate(url: RwSignal<UrlState>, replace: bool, change: impl FnOnce(&mut UrlState)) {
    let mut changed = url.get_untracked();
    change(&mut changed);
    if url.with_untracked(|url| *url != changed) {
        write(&changed, replace);
        url.set(changed);
    }
}

fn parts() -> (String, String) {
    let location = web_sys::window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location.as_ref().and_then(|location| read(location).ok()).unwrap_or_default()
    };
    (part(web_sys::Location::search), part(web_sys::Location::hash))
}

fn write(url: &UrlState, replace: bool) {
    let Some(window) = web_sys::window() else { return };
    let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) else { return };
    let address = format!("{path}{}", url.to_query());
    // A browser refuses too many changes in a row; the view follows all the same.
    let _ = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    };
}

/// Returns the site of a link such as `#share=KEY&site=SITE&name=Tea+shop`; `None` where the
/// fragment has no key. The site may also stand in the query.
fn linked_site(fragment: &str, url: &UrlState) -> Option<Result<SignedInSite, String>> {
    let fragment = fragment.strip_prefix('#')?;
    let pairs: Vec<_> = form_urlencoded::parse(fragment.as_bytes()).collect();
    let pair = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let key = pair("share").or_else(|| pair("key"))?;
    let Some(role) = Role::of_key(&key) else {
        return Some(Err("The key in this link is not complete. Ask for the link once more.".into()));
    };
    let site = pair("site").map(String::from).or_else(|| url.site.clone());
    Some(match site.filter(|site| is_site_id(site)) {
        Some(site) => {
            // A share key cannot read the name.
            let name = pair("name").filter(|_| role == Role::Share);
            let name = name.map(|name| name.chars().take(MAX_SITE_NAME).collect());
            Ok(SignedInSite { site, name, key: key.into_owned(), role, remember: false })
        }
        None => Err("This link does not name its site. Ask for the link once more.".into()),
    })
}
