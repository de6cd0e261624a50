//! List of imports, each of which can be undone as a whole.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api_error::ApiError;
use crate::format;
use crate::import::summary;
use crate::model::{Import, ImportList};
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::browser;
use crate::ui::confirm::{Confirm, Wrong};
use crate::ui::remote::Remote;
use crate::ui::status::show;

/// Consequence of undoing an import.
const UNDO: &str = "Responses that it created are erased with their tags and notes; those that it changed \
get their earlier content \
                    back.";

/// Imports, the newest first.
#[component]
pub fn Imports(
    /// State of the page.
    app: App,
    /// The list.
    list: Remote<ImportList>,
) -> impl IntoView {
    let content = move |imports: Signal<ImportList>| {
        let shown = move || imports.with(|list| list.imports.clone());
        let empty = move || shown().is_empty().then(|| view! { <p class="soft">"Nothing was imported."</p> });
        view! {
            <ul class="rows" role="list">
                <For each=shown key=|it| (it.id.clone(), it.state.clone(), it.stored) let:import>
                    <ImportRow app=app import=import list=list/>
                </For>
            </ul>
            {empty}
        }
    };
    view! {
        <section class="card stack" aria-labelledby="imports-title">
            <h2 id="imports-title">"Imports"</h2>
            {show(app, list, 3, content)}
        </section>
    }
}

/// Import with a way to undo it.
#[component]
fn ImportRow(
    /// State of the page.
    app: App,
    /// The import.
    import: Import,
    /// The list, which is loaded again after a change.
    list: Remote<ImportList>,
) -> impl IntoView {
    let (is_confirming, error) = (RwSignal::new(false), RwSignal::new(None::<ApiError>));
    let age = format::ago(browser::parse_time(&import.created_at), browser::now_ms());
    let exact = app.exact(&import.created_at);
    let state = match import.state.as_str() {
        "deleting" => "Being undone. ",
        "incomplete" => "Not complete: import the same file once more to go on. ",
        _ => "",
    };
    let summary = format!("{state}{}", summary(&import));
    let until =
        import.changes_kept_until.as_ref().map(|at| format!(" Can be undone until {}.", app.exact(at)));
    let can_undo = import.state != "deleting";
    let label = format!("Undo the import of {exact}");
    let id = StoredValue::new(import.id);
    let undo = move || {
        let Some(site) = app.site.get_untracked() else { return };
        error.set(None);
        spawn_local(async move {
            let call = Call::of_site(&site, &format!("imports/{}", id.get_value())).method("DELETE");
            match api::send(&call).await {
                Ok(_) => list.retry(),
                Err(problem) => drop(error.try_set(Some(problem))),
            }
            let _ = is_confirming.try_set(false);
        });
    };
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong><time datetime=import.created_at title=exact.clone()>{age}</time></strong>
                    <p class="soft">{summary} {until}</p>
                </div>
                {can_undo.then(|| view! {
                    <button type="button" class="button" aria-label=label
                        on:click=move |_| is_confirming.set(true)>
                        "Undo…"
                    </button>
                })}
            </div>
            <Wrong error=error/>
            <Confirm is_open=is_confirming text=UNDO action="Undo for good" run=undo/>
        </li>
    }
}
