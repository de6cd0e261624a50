//! Looking around with sample data, for an owner whose site has no responses yet. The view has a
//! site of its own, whose requests the module of the sample data answers: none leaves the browser.

use std::cell::RefCell;

use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::App;
use super::api::Call;
use super::browser;
use super::link::Link;
use super::remote::Remote;
use crate::model::{Report, Role};
use crate::session::SignedInSite;
use crate::url_state::{Page, UrlState};

thread_local! {
    /// Loads the sample data. Its promise is of a function that answers requests.
    static LOAD: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Sets the function that loads the sample data.
pub fn set_loader(load: Function) {
    LOAD.set(Some(load));
}

/// Returns the response to a request of the sample site. Nothing of it can be changed.
pub async fn respond(method: &str, endpoint: &str) -> Result<Response, JsValue> {
    let load = LOAD.with_borrow(Clone::clone).filter(|_| method == "GET").ok_or(JsValue::NULL)?;
    let promise: Promise = load.call0(&JsValue::NULL)?.dyn_into()?;
    let respond: Function = JsFuture::from(promise).await?.dyn_into()?;
    let text = respond.call2(&JsValue::NULL, &endpoint.into(), &browser::now_ms().into())?;
    Response::new_with_opt_str(Some(&text.as_string().ok_or(JsValue::NULL)?))
}

/// Returns the request of the score of all days, which says whether a site has responses.
pub fn all_days(site: &SignedInSite) -> Call {
    Call::of_site(site, "score?range=all")
}

/// Returns the state of the address with another view of the same site, and nothing else of it.
fn view_of_site(page: Page) -> impl Fn(UrlState) -> UrlState + Send + Sync + 'static {
    move |url| UrlState { site: url.site, page, ..UrlState::default() }
}

/// Leaves the sample data for the overview of the owner's site.
pub fn leave(app: App) {
    app.replace(|url| *url = view_of_site(Page::Overview)(url.clone()));
}

/// Link to the sample data, where the site has no responses of any day.
#[component]
pub fn LookAround(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let site = move || app.site.get().filter(|site| site.role != Role::Share && !site.is_sample());
    let report = Remote::<Report>::new(app.tick, move || site().map(|site| all_days(&site)));
    let is_empty = Memo::new(move |_| {
        report.value().with(|report| report.as_ref().is_some_and(|report| report.scored == Some(0)))
    });
    // So that the collector is not asked once more.
    let before = move |()| app.empty_site.set(app.own_site.get_untracked().map(|site| site.site));
    move || {
        is_empty.get().then(|| {
            view! {
                <Link app=app to=view_of_site(Page::Sample) class="button" before=before>
                    "Look around with sample data"
                </Link>
            }
        })
    }
}

/// Banner over the whole page, so that nobody takes the sample for data of the site.
#[component]
pub fn SampleBanner(
    /// State of the page.
    app: App,
) -> impl IntoView {
    view! {
        <aside class="sample" aria-label="Sample data">
            <p>
                <strong>"Sample data of a made-up shop."</strong>
                " This is its overview. Nothing here is yours. "
                <Link app=app to=view_of_site(Page::Overview)>"Back to my site"</Link>
            </p>
        </aside>
    }
}
