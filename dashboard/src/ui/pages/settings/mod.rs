//! Settings of a site, in four parts.

mod audit;
mod badge;
mod data;
mod field;
mod key_row;
mod keys;
mod new_key;
mod people;
mod site;
mod store;
mod toggle;

use leptos::prelude::*;
use leptos::web_sys::MouseEvent;

use crate::model::Role;
use crate::ui::App;
use crate::ui::browser;
use crate::ui::status::{Failure, Skeleton};
use store::Store;

/// Parameter of the address that names the part.
const SECTION: &str = "section";

/// Part of the settings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Site,
    Keys,
    Data,
    People,
}

impl Section {
    const ALL: [Self; 4] = [Self::Site, Self::Keys, Self::Data, Self::People];

    /// Returns the name in the address; empty for the first.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Site => "",
            Self::Keys => "keys",
            Self::Data => "data",
            Self::People => "people",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Site => "Site",
            Self::Keys => "Keys and sharing",
            Self::Data => "Import and export",
            Self::People => "People and log",
        }
    }

    fn from_address(app: App) -> Self {
        let name = app.url.with(|url| url.view(SECTION).map(String::from)).unwrap_or_default();
        Self::ALL.into_iter().find(|section| section.as_str() == name).unwrap_or(Self::Site)
    }
}

/// View of the settings.
#[component]
pub fn Settings(
    /// State of the page.
    app: App,
) -> impl IntoView {
    browser::set_title("Settings · Grapevine");
    let site = Memo::new(move |_| app.site.with(|site| site.as_ref().map(|site| site.key.clone())));
    let role = Memo::new(move |_| app.role());
    let section = Memo::new(move |_| Section::from_address(app));
    let body = move || {
        // Another site has other settings. Read, since a memo that nobody reads counts as changed.
        site.with(|_| ());
        match role.get() {
            Role::Owner => view! { <Parts app=app section=section/> }.into_any(),
            _ => {
                view! { <p class="soft">"Settings need an owner key. You are signed in with a read key."</p> }
                    .into_any()
            }
        }
    };
    view! {
        <div class="column">
            <h1>"Settings"</h1>
            {body}
        </div>
    }
}

/// Parts of the settings, of which one is shown.
#[component]
fn Parts(
    /// State of the page.
    app: App,
    /// The part that is shown.
    section: Memo<Section>,
) -> impl IntoView {
    let store = Store::new(app);
    let links = Section::ALL
        .map(|part| {
            let open = move |event: MouseEvent| {
                // Other clicks open a tab of the browser.
                if event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
                    event.prevent_default();
                    app.navigate(|url| url.set_view(SECTION, part.as_str()));
                }
            };
            let href = move || {
                let mut url = app.url.get();
                url.set_view(SECTION, part.as_str());
                url.to_query()
            };
            let current = move || (section.get() == part).then_some("page");
            view! { <a href=href aria-current=current on:click=open>{part.label()}</a> }
        })
        .collect_view();
    let failure = move || {
        store.error.get().map(|error| {
            view! { <Failure app=app error=error loaded_at=None retry=move || store.load()/> }
        })
    };
    let content = move || match section.get() {
        Section::Data => view! { <data::Data app=app/> }.into_any(),
        Section::People => view! { <people::People app=app/> <audit::AuditLog app=app/> }.into_any(),
        Section::Keys => {
            let badge = loaded(store, move || view! { <badge::Badge app=app store=store/> });
            view! { <keys::Keys app=app/> {badge} }.into_any()
        }
        Section::Site => loaded(store, move || view! { <site::SiteForm store=store/> }).into_any(),
    };
    view! {
        <nav class="tabs" aria-label="Parts of the settings">{links}</nav>
        {failure}
        {content}
    }
}

/// Shows a view once the settings are loaded.
fn loaded<V: IntoView + 'static>(
    store: Store,
    content: impl Fn() -> V + Send + Sync + 'static,
) -> impl IntoView {
    let has_value = Memo::new(move |_| store.value.with(Option::is_some));
    let has_failed = Memo::new(move |_| !has_value.get() && store.error.with(Option::is_some));
    // The form is made once, so that what the owner has typed stays when newer settings come.
    move || match (has_value.get(), has_failed.get()) {
        (true, _) => content().into_any(),
        (false, true) => ().into_any(),
        (false, false) => view! { <Skeleton lines=6/> }.into_any(),
    }
}
