//! Overview of a made-up shop, for a site that has no responses.

use leptos::prelude::*;

use super::overview::Overview;
use crate::model::Report;
use crate::ui::App;
use crate::ui::browser;
use crate::ui::remote::Remote;
use crate::ui::sample::{all_days, leave};
use crate::url_state::Page;

/// Overview of the sample data, unless the site has responses.
#[component]
pub fn Sample(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let own_site = app.own_site;
    // The link to this view has looked already. The address alone may be old.
    let site = own_site.with_untracked(|site| site.as_ref().map(|site| site.site.clone()));
    let is_known = site.is_some() && app.empty_site.get_untracked() == site;
    app.empty_site.set(None);
    let once = RwSignal::new(0);
    let report = Remote::<Report>::new(once, move || {
        app.is_sample().then(|| own_site.with(|site| site.as_ref().map(all_days)))?.filter(|_| !is_known)
    });
    let is_empty = Memo::new(move |_| {
        let scored = report.value().with(|report| report.as_ref().map(|report| report.scored));
        if is_known { Some(true) } else { scored.map(|scored| scored == Some(0)) }
    });
    Effect::new(move |_| {
        let is_here = app.url.with(|url| url.page == Page::Sample);
        // Why a request fails is on the overview of the site.
        let is_wrong = is_empty.get() == Some(false) || report.error().with(Option::is_some);
        if is_here && (!app.is_sample() || is_wrong) {
            leave(app);
        }
    });
    // The link that was pressed is gone.
    if is_known {
        browser::focus_soon("main".into());
    }
    on_cleanup(|| browser::focus_soon("main".into()));
    move || (is_empty.get() == Some(true)).then(|| view! { <Overview app=app/> })
}
