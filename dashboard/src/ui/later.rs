//! Work in tasks of its own, so that the browser handles input in between.

use std::sync::Arc;

use gloo_timers::callback::Timeout;
use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Draws content in a task of its own.
pub fn later(content: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    draw(Arc::new(content))
}

/// Part of [`later`] that is compiled once.
fn draw(content: Arc<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    let is_due = RwSignal::new(false);
    Timeout::new(0, move || {
        let _ = is_due.try_set(true);
    })
    .forget();
    (move || is_due.get().then(|| content())).into_any()
}

/// Waits for the next task.
pub async fn next_task() {
    let promise = Promise::new(&mut |resolve, _| {
        let window = web_sys::window();
        let set = window.and_then(|window| window.set_timeout_with_callback(&resolve).ok());
        if set.is_none() {
            let _ = resolve.call0(&resolve);
        }
    });
    let _ = JsFuture::from(promise).await;
}
