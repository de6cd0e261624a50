//! Modules that need a browser: the views, the address, the keys, and requests.

mod address;
mod api;
mod browser;
#[cfg(feature = "overview")]
mod charts;
mod confirm;
mod copy;
mod filter_bar;
mod later;
mod link;
pub mod module;
mod pages;
mod picture;
mod remote;
mod sample;
mod shell;
mod sign_in;
mod status;
mod storage;
mod table;
mod tabs;

use leptos::prelude::*;

use crate::model::{Role, SiteSettings};
use crate::session::{Session, SignedInSite};
use crate::url_state::{Page, UrlState};
use module::Modules;
use remote::Remote;

/// State that every view shares.
#[derive(Clone, Copy)]
pub struct App {
    /// Keys.
    pub session: RwSignal<Session>,
    /// State in the address.
    pub url: RwSignal<UrlState>,
    /// Changes every few seconds while the page is seen, so that views load again.
    pub tick: RwSignal<u32>,
    /// Whether the owner is adding another site.
    pub is_adding: RwSignal<bool>,
    /// Reason why a link did not sign in.
    pub link_problem: RwSignal<Option<String>>,
    /// The owner's site in the address.
    pub own_site: Memo<Option<SignedInSite>>,
    /// The site that is shown: the owner's, or that of the sample data.
    pub site: Memo<Option<SignedInSite>>,
    /// Id of the owner's site where the link to the sample data has seen that it has no responses.
    pub empty_site: RwSignal<Option<String>>,
    /// Settings of the site that is shown, which only an owner key may read.
    pub settings: Remote<SiteSettings>,
    /// The other modules of the page.
    pub modules: Modules,
}

impl App {
    fn new(modules: Modules, session: Option<Session>) -> Self {
        let session = RwSignal::new(session.unwrap_or_else(storage::load));
        let link_problem = RwSignal::new(None);
        let url = RwSignal::new(address::open(session, link_problem));
        let tick = RwSignal::new(0);
        let own_site =
            Memo::new(move |_| url.with(|url| session.with(|it| it.site(url.site.as_deref()).cloned())));
        let site = Memo::new(move |_| {
            let is_sample = url.with(|url| url.page == Page::Sample);
            let shown = |own: SignedInSite| {
                if is_sample && own.role != Role::Share { SignedInSite::sample() } else { own }
            };
            own_site.get().map(shown)
        });
        let settings = Remote::new(tick, move || {
            let site = site.get().filter(SignedInSite::has_settings)?;
            Some(api::Call::of_site(&site, ""))
        });
        let (is_adding, empty_site) = (RwSignal::new(false), RwSignal::new(None));
        Self { session, url, tick, is_adding, link_problem, own_site, site, empty_site, settings, modules }
    }

    /// Goes to another state of the address.
    pub fn navigate(self, change: impl FnOnce(&mut UrlState)) {
        address::navigate(self.url, false, change);
    }

    /// Goes to another state in place of the present one, to which "back" does not return.
    pub fn replace(self, change: impl FnOnce(&mut UrlState)) {
        address::navigate(self.url, true, change);
    }

    /// Returns the present day in the zone of the site, as far as it is known.
    pub fn today(self) -> api_types::Day {
        self.day_at(browser::now_ms())
    }

    /// Returns the day of a time of the API in the zone of the site.
    pub fn day_of(self, time: &str) -> api_types::Day {
        self.day_at(browser::parse_time(time))
    }

    fn day_at(self, time_ms: f64) -> api_types::Day {
        browser::day_at(time_ms, self.zone().as_deref())
    }

    /// Returns a time of the API in the zone of the site, as far as it is known, with its name.
    pub fn exact(self, time: &str) -> String {
        browser::exact(time, self.zone().as_deref())
    }

    fn zone(self) -> Option<String> {
        self.settings.value().with(|settings| settings.as_ref().map(|it| it.timezone.clone()))
    }

    /// Returns the role of the key; a share key has the fewest rights.
    pub fn role(self) -> Role {
        self.site.with(|site| site.as_ref().map_or(Role::Share, |site| site.role))
    }

    /// Whether the sample data is shown.
    pub fn is_sample(self) -> bool {
        self.site.with(|site| site.as_ref().is_some_and(SignedInSite::is_sample))
    }

    /// Changes the keys and stores them.
    pub fn change_session(self, change: impl FnOnce(&mut Session)) {
        self.session.update(change);
        storage::save(&self.session.get_untracked());
    }
}

/// The crate `api`, whose name the client has here.
use ::api as api_types;

/// The page. `session` has the keys, where another module knows them.
#[component]
fn Root(modules: Modules, session: Option<Session>) -> impl IntoView {
    let app = App::new(modules, session);
    address::listen(app);
    let load_again = move || app.tick.update(|tick| *tick = tick.wrapping_add(1));
    browser::poll(15_000, load_again);
    browser::on_connection(load_again);
    // The name of a site is stored, so that the switcher shows it at once.
    Effect::new(move |_| {
        let name = app.settings.value().with(|settings| settings.as_ref().map(|it| it.name.clone()));
        let Some((name, site)) = name.zip(app.site.get_untracked()) else { return };
        if !site.is_sample() && site.name.as_ref() != Some(&name) {
            app.change_session(|session| session.add(SignedInSite { name: Some(name), ..site }));
        }
    });
    let page = Memo::new(move |_| app.url.with(|url| url.page));
    let has_site = Memo::new(move |_| app.site.with(Option::is_some));
    let is_admin = Memo::new(move |_| app.session.with(|session| session.admin.is_some()));
    move || {
        let is_listing = is_admin.get() && (page.get() == Page::Sites || !has_site.get());
        match () {
            () if app.is_adding.get() => view! { <sign_in::SignIn app=app/> }.into_any(),
            () if is_listing || has_site.get() => {
                view! { <shell::Shell app=app is_listing=is_listing/> }.into_any()
            }
            () => view! { <sign_in::SignIn app=app/> }.into_any(),
        }
    }
}
