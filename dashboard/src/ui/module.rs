//! Modules of the page. The views are spread over several WebAssembly modules, so that the first
//! view loads what it needs. Each module has the whole frame and some of the views, and one of them
//! has the page at a time. What they share is in the address and in the browser's storage.

use std::any::Any;
use std::cell::RefCell;

use js_sys::{Function, Promise};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::status::{Failure, Skeleton};
use super::{App, Root, sample};
use crate::api_error::ApiError;
use crate::model::FromJson;
use crate::session::Session;
use crate::url_state::Page;

thread_local! {
    /// The views, which are taken away when this is dropped.
    static MOUNTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Shows the page. `load` loads the module of a view, by its name, and returns the promise of a
/// function that has it take over. `load_sample` returns the promise of the function that answers
/// requests of the sample site. `session` has the keys that the module before has, as JSON.
#[wasm_bindgen]
pub fn start(load: Function, load_sample: Function, session: Option<String>) {
    sample::set_loader(load_sample);
    let session = session.and_then(|text| Session::from_json(&serde_json::from_str(&text).ok()?));
    let Some(body) = document().body() else { return };
    let mounted = mount_to(body, move || {
        view! { <Root modules=Modules(StoredValue::new_local(load)) session=session/> }
    });
    MOUNTED.set(Some(Box::new(mounted)));
}

/// Takes the page away, with all that waits or listens.
#[wasm_bindgen]
pub fn stop() {
    drop(MOUNTED.take());
}

/// The other modules of the page.
#[derive(Clone, Copy)]
pub struct Modules(StoredValue<Function, LocalStorage>);

impl Modules {
    /// Loads the module of a view, and returns the function that has it take over.
    async fn load(self, page: Page) -> Result<Function, JsValue> {
        let load = self.0.try_get_value().ok_or(JsValue::NULL)?;
        let promise: Promise = load.call1(&JsValue::NULL, &page.as_str().into())?.dyn_into()?;
        JsFuture::from(promise).await?.dyn_into()
    }

    /// Loads the module of a view that will probably be opened.
    pub fn prefetch(self, page: Page) {
        // Where this fails, opening the view tries again.
        spawn_local(async move { drop(self.load(page).await) });
    }
}

/// Place of a view of another module, until that takes over.
#[component]
pub fn Elsewhere(
    /// State of the page.
    app: App,
    /// The view.
    page: Page,
) -> impl IntoView {
    let problem = RwSignal::new(None::<ApiError>);
    let is_loading = StoredValue::new(false);
    let load = move || {
        if is_loading.get_value() {
            return;
        }
        is_loading.set_value(true);
        spawn_local(async move {
            let loaded = app.modules.load(page).await;
            // The owner may have gone to another view meanwhile.
            if is_loading.try_set_value(false).is_some() {
                return;
            }
            match loaded {
                Ok(enter) => {
                    let session = app.session.with_untracked(|session| session.to_json().to_string());
                    let _ = enter.call1(&JsValue::NULL, &session.into());
                }
                Err(_) => problem.set(Some(ApiError::part_missing())),
            }
        });
    };
    Effect::new(move |_| {
        app.tick.track();
        load();
    });
    let body = move || match problem.get() {
        Some(error) => view! { <Failure app=app error=error loaded_at=None retry=load/> }.into_any(),
        None => view! { <Skeleton lines=8/> }.into_any(),
    };
    view! { <h1 class="hidden-text">{page.label()}</h1> {body} }
}
