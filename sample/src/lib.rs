//! Sample data of a made-up shop: a year of [`responses`], and the [`site`] that answers requests
//! of the API from them.
//!
//! The demo imports the responses into a collector. The owner's page has this crate as a
//! WebAssembly module of its own, which it loads when the owner looks around with sample data: the
//! reports come from the code of the collector, and no request leaves the browser.

mod responses;
mod site;

pub use responses::{PROPERTIES, ndjson};
pub use site::SampleSite;

/// Returns the JSON that the collector would send for a GET of `endpoint`, such as
/// `score?range=all`, had it received the sample responses in the year before `now_ms`. `None`
/// where the sample site has no answer.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn respond(endpoint: &str, now_ms: f64) -> Option<String> {
    use std::cell::RefCell;

    thread_local! {
        /// The site of the day on which it was last asked for, so that the figures stay.
        static SITE: RefCell<Option<SampleSite>> = const { RefCell::new(None) };
    }
    let now = (now_ms / 1_000.0) as i64;
    SITE.with_borrow_mut(|site| {
        site.take_if(|site| !site.is_of_day(now));
        if site.is_none() {
            *site = SampleSite::new(now).ok();
        }
        site.as_ref()?.respond(endpoint)
    })
}
