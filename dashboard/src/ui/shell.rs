//! Frame of every view of a site: the switcher, the tabs, the filters and the menu.

use leptos::prelude::*;
use leptos::web_sys::MouseEvent;

use super::App;
use super::api::Call;
use super::filter_bar::FilterBar;
use super::later::later;
use super::link::Link;
use super::pages;
use super::remote::Remote;
use super::sample::SampleBanner;
use crate::format;
use crate::model::{CurrentKey, Role};
use crate::session::{Session, SignedInSite};
use crate::url_state::{Page, UrlState};

/// Value of the switcher that adds a site.
const ADD: &str = "+";

/// Frame of every view.
#[component]
pub fn Shell(
    /// State of the page.
    app: App,
    /// Whether the sites of the collector are listed.
    is_listing: bool,
) -> impl IntoView {
    let page = Memo::new(move |_| app.url.with(|url| url.page));
    let site_id = Memo::new(move |_| app.site.with(|site| site.as_ref().map(|site| site.site.clone())));
    let body = move || match (is_listing, site_id.get(), page.get()) {
        // The list of sites is for the operator.
        (false, Some(_), Page::Sites) => later(move || pages::page(app, Page::Overview)),
        (false, Some(_), page) => later(move || pages::page(app, page)),
        _ => later(move || pages::page(app, Page::Sites)),
    };
    let has_filters = Memo::new(move |_| page.get().has_filters());
    let filters = move || has_filters.get().then(|| later(move || view! { <FilterBar app=app/> }.into_any()));
    let is_shared = Memo::new(move |_| !is_listing && app.role() == Role::Share);
    let note = move || is_shared.get().then(|| view! { <SharedNote app=app/> });
    let is_sample = Memo::new(move |_| !is_listing && app.is_sample());
    let banner = move || is_sample.get().then(|| view! { <SampleBanner app=app/> });
    let site = move || match is_sample.get() {
        true => view! { <p class="brand">{SignedInSite::sample().name}</p> }.into_any(),
        false => view! { <Switcher app=app/> }.into_any(),
    };
    let menu = move || (!is_sample.get()).then(|| view! { <Menu app=app is_listing=is_listing/> });
    view! {
        <a class="skip" href="#main" on:click=skip>"Skip to the content"</a>
        {banner}
        <header class="top">
            {is_listing.then(|| view! { <p class="brand">"Grapevine"</p> })}
            {(!is_listing).then(|| view! { {site} {filters} })}
            {menu}
            <Tabs app=app is_listing=is_listing/>
        </header>
        <main id="main" tabindex="-1">{note} {body}</main>
    }
}

/// Note that the page shows a snapshot, and until when its link works.
#[component]
fn SharedNote(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let tick = RwSignal::new(0);
    let key = Remote::<CurrentKey>::new(tick, move || Some(Call::of_site(&app.site.get()?, "keys/current")));
    // A key never gets another end, so it is read again only where that has failed.
    Effect::new(move |_| {
        app.tick.track();
        if key.error().with_untracked(Option::is_some) {
            key.retry();
        }
    });
    let valid = move || {
        let day = key.value().with(|key| key.as_ref().and_then(CurrentKey::last_day))?;
        (!key.is_stale().get()).then(|| format!(", valid until {}", format::day(day)))
    };
    view! {
        <p class="notice">
            <span>
                "This is a shared snapshot" {valid} ". It is read-only and has the days up to last midnight."
            </span>
        </p>
    }
}

/// Moves the focus without a change of the fragment, which belongs to keys.
fn skip(event: MouseEvent) {
    event.prevent_default();
    let main = document().get_element_by_id("main");
    use wasm_bindgen::JsCast;
    if let Some(main) = main.and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = main.focus();
    }
}

/// Choice of the site.
#[component]
fn Switcher(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let options = move || {
        let current = app.site.with(|site| site.as_ref().map(|site| site.site.clone()));
        let sites = app.session.with(|session| session.sites.clone());
        sites
            .into_iter()
            .map(|site| {
                let is_current = Some(&site.site) == current.as_ref();
                let label = site.label().to_owned();
                view! { <option value=site.site selected=is_current>{label}</option> }
            })
            .collect_view()
    };
    let change = move |event| {
        let value = event_target_value(&event);
        if value == ADD {
            app.is_adding.set(true);
        } else {
            app.navigate(|url| *url = url.for_site(&value));
        }
    };
    view! {
        <select class="switcher" aria-label="Site" on:change=change>
            {options}
            <option value=ADD>"Add a site…"</option>
        </select>
    }
}

/// Tabs of the site. A shared snapshot has one view.
#[component]
fn Tabs(
    /// State of the page.
    app: App,
    /// Whether the sites of the collector are listed.
    is_listing: bool,
) -> impl IntoView {
    let tabs = move || {
        let is_owner = app.role() != Role::Share && !app.is_sample();
        let tabs = Page::TABS.into_iter().filter(|_| is_owner && !is_listing && Page::TABS.len() > 1);
        let links = tabs
            .map(|page| {
                let to = move |url: UrlState| UrlState { page, view: Vec::new(), ..url };
                let is_current = move || app.url.with(|url| url.page == page);
                let is_current = Signal::derive(is_current);
                view! { <Link app=app to=to is_current=is_current>{page.label()}</Link> }
            })
            .collect::<Vec<_>>();
        (!links.is_empty()).then(|| view! { <nav aria-label="Views">{links}</nav> })
    };
    view! { {tabs} }
}

/// Menu of the account.
#[component]
fn Menu(
    /// State of the page.
    app: App,
    /// Whether the sites of the collector are listed.
    is_listing: bool,
) -> impl IntoView {
    let has_admin = move || !is_listing && app.session.with(|session| session.admin.is_some());
    let all_sites = move || {
        has_admin().then(|| {
            view! {
                <button type="button" class="button quiet"
                    on:click=move |_| app.navigate(|url| url.page = Page::Sites)>
                    "All sites"
                </button>
            }
        })
    };
    let sign_out = move |_| {
        app.change_session(|session| *session = Session::default());
        app.navigate(|url| *url = UrlState::default());
    };
    view! {
        <div class="menu">
            {all_sites}
            <button type="button" class="button quiet" on:click=sign_out>"Sign out"</button>
        </div>
    }
}
