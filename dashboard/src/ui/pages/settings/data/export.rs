//! Export of the days and the filter of the address.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api_error::ApiError;
use crate::ui::App;
use crate::ui::api::{self, Call, with_parameters};
use crate::ui::browser;
use crate::ui::confirm::Wrong;
use crate::ui::filter_bar::FilterBar;

/// File of the responses of the days and the filter.
#[component]
pub fn Export(
    /// State of the page.
    app: App,
) -> impl IntoView {
    let (error, outcome) = (RwSignal::new(None::<ApiError>), RwSignal::new(""));
    let export = move |format: &'static str| {
        let Some(site) = app.site.get_untracked() else { return };
        let today = app.today();
        let (days, filter) =
            app.url.with_untracked(|url| (url.range.list_parameters(today), url.filter.clone()));
        let mut parameters: Vec<(String, String)> = vec![("format".into(), format.into())];
        parameters.extend(days.into_iter().map(|(name, value)| (name.to_owned(), value)));
        parameters.extend(filter.map(|filter| (format!("filter[{}]", filter.property), filter.value)));
        if format == "csv" {
            // By it Excel knows that the file is UTF-8.
            parameters.push(("bom".into(), "1".into()));
        }
        let parameters = parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
        let call = Call::of_site(&site, &with_parameters("export", parameters));
        error.set(None);
        outcome.set("Preparing the file…");
        spawn_local(async move {
            match api::download(&call).await {
                Ok(file) => {
                    browser::save_file(&file, &format!("responses-{today}.{format}"));
                    let _ = outcome.try_set("Saved in your downloads");
                }
                Err(problem) => {
                    let _ = (outcome.try_set(""), error.try_set(Some(problem)));
                }
            }
        });
    };
    view! {
        <section class="card stack" aria-labelledby="export-title">
            <h2 id="export-title">"Export"</h2>
            <p>"The responses of these days and this filter, with comments, contacts, tags and notes."</p>
            <FilterBar app=app/>
            <p class="row">
                <button type="button" class="button" on:click=move |_| export("csv")>"Export as CSV"</button>
                <button type="button" class="button"
                    on:click=move |_| export("ndjson")>"Export as NDJSON"</button>
                <span role="status">{outcome}</span>
            </p>
            <Wrong error=error/>
        </section>
    }
}
