//! The badge: whether it is public, how it looks, and its HTML.

use leptos::prelude::*;
use serde_json::json;

use super::store::Store;
use super::toggle::Toggle;
use crate::install::Tag;
use crate::ui::App;
use crate::ui::browser;
use crate::ui::copy::CodeBlock;

/// Badge with the score of the last 365 days.
#[component]
pub fn Badge(
    /// State of the page.
    app: App,
    /// Settings.
    store: Store,
) -> impl IntoView {
    let is_public =
        Memo::new(move |_| store.value.with(|settings| settings.as_ref().is_some_and(|it| it.badge)));
    let badge = move || {
        let site = app.site.get()?.site;
        let tag = Tag::new(&browser::address(), &site);
        is_public.get().then(|| {
            view! {
                <p><img src=tag.badge() alt="The badge as others see it" height="20"/></p>
                <CodeBlock label="HTML of the badge" code=tag.badge_html()/>
                <p class="soft">
                    "It shows the score of the 365 days before today, a dash below 5 responses, and no \
                    colour of good or bad."
                </p>
            }
        })
    };
    view! {
        <section class="card stack" aria-labelledby="badge-title">
            <h2 id="badge-title">"Badge"</h2>
            <Toggle store=store id="badge" label="Anyone may see the score as a badge"
                read=|settings| settings.badge change=|is_on| json!({ "badge": is_on })/>
            {badge}
        </section>
    }
}
