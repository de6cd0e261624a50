//! Sites of the collector, for its operator: list, create, delete, and keys.

mod create;
mod site_row;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::model::{ListedSite, SiteList};
use crate::ui::App;
use crate::ui::api::{self, Call, with_parameters};
use crate::ui::status::{Failure, Skeleton};
use create::CreateSite;
use site_row::SiteRow;

/// Number of sites that are loaded at once.
const PAGE: &str = "50";

/// List of the sites.
#[component]
pub fn Sites(
    /// State of the page.
    app: App,
) -> impl IntoView {
    crate::ui::browser::set_title("All sites · Grapevine");
    let sites = RwSignal::new(Vec::<ListedSite>::new());
    let next = RwSignal::new(None::<String>);
    let (is_loaded, error) = (RwSignal::new(false), RwSignal::new(None));
    let load = move |cursor: Option<String>| {
        let Some(token) = token(app) else { return };
        error.set(None);
        let is_first = cursor.is_none();
        let cursor = cursor.map(|cursor| ("cursor", cursor));
        let path = with_parameters("v1/sites", [("limit", PAGE.into())].into_iter().chain(cursor));
        spawn_local(async move {
            match api::fetch::<SiteList>(&Call::get(path, &token)).await {
                Ok(page) => {
                    let _ = sites.try_update(|sites| {
                        if is_first {
                            sites.clear();
                        }
                        sites.extend(page.sites.into_iter().filter(|site| site.deleted_at.is_none()));
                    });
                    let _ = next.try_set(page.next_cursor);
                    let _ = is_loaded.try_set(true);
                }
                Err(problem) => {
                    let _ = error.try_set(Some(problem));
                }
            }
        });
    };
    load(None);
    let failure = move || {
        error.get().map(|error| {
            view! {
                <Failure app=app error=error loaded_at=None retry=move || load(None)/>
            }
        })
    };
    let list = move || match (is_loaded.get(), sites.with(Vec::is_empty)) {
        (false, _) => error.with(Option::is_none).then(|| view! { <Skeleton lines=4/> }).into_any(),
        (true, true) => {
            view! { <p class="soft">"There is no site yet. Create the first one."</p> }.into_any()
        }
        (true, false) => view! {
            <ul class="sites" role="list">
                <For each=move || sites.get() key=|site| site.site.clone() let:site>
                    <SiteRow app=app site=site gone=move |gone: String| {
                        sites.update(|sites| sites.retain(|site| site.site != gone));
                    }/>
                </For>
            </ul>
        }
        .into_any(),
    };
    let more = move || {
        next.get().map(|cursor| {
            view! {
                <button type="button" class="button" on:click=move |_| load(Some(cursor.clone()))>
                    "Load more"
                </button>
            }
        })
    };
    view! {
        <div class="column">
            <h1>"All sites"</h1>
            <CreateSite app=app created=move || load(None)/>
            {failure} {list} {more}
        </div>
    }
}

/// Returns the admin token.
fn token(app: App) -> Option<String> {
    app.session.with_untracked(|session| session.admin.clone())
}
