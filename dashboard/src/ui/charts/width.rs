//! Width of an element, as it changes.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

/// Width before the element is on the page.
const INITIAL: f64 = 640.0;

/// Returns a reference for an element, and its width in pixels.
pub fn observed_width() -> (NodeRef<Div>, RwSignal<f64>) {
    let (element, width) = (NodeRef::<Div>::new(), RwSignal::new(INITIAL));
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let measured = element.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let now = measured.get_bounding_client_rect().width().floor();
            if now > 0.0 && width.try_get_untracked().is_some_and(|before| before != now) {
                width.set(now);
            }
        });
        // The observer calls once at the start. It ends with the element.
        if let Ok(observer) = ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observer.observe(&element);
        }
        measure.forget();
    });
    (element, width)
}
