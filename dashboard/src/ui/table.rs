//! Table behind a chart, with copies as CSV and PNG.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::browser;
use super::picture::CopyPicture;
use crate::csv::csv;
use crate::picture::Picture;

/// Table behind a chart, closed at first.
#[component]
pub fn DataTable(
    /// Name of the table.
    caption: &'static str,
    /// Names of the columns.
    columns: &'static [&'static str],
    /// Rows, of which the first cell is the heading.
    #[prop(into)]
    rows: Signal<Vec<Vec<String>>>,
    /// Draws the chart as a picture.
    picture: Callback<(), Picture>,
) -> impl IntoView {
    let outcome = RwSignal::new("");
    let copy = move |_| {
        let head = columns.iter().map(|name| (*name).to_owned()).collect();
        let text = csv(&std::iter::once(head).chain(rows.get_untracked()).collect::<Vec<_>>());
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            let _ = outcome.try_set(if copied { "Copied" } else { "The browser does not allow it" });
        });
    };
    let head = columns.iter().map(|name| view! { <th scope="col">{*name}</th> }).collect_view();
    let row = |row: Vec<String>| {
        let mut cells = row.into_iter();
        let head = cells.next();
        let cells = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
        view! { <tr><th scope="row">{head}</th>{cells}</tr> }
    };
    let is_open = RwSignal::new(false);
    // A table of a year of days is drawn only when it is looked at.
    let body = move || is_open.get().then(|| rows.get().into_iter().map(row).collect_view());
    view! {
        <details class="data" on:toggle=move |_| is_open.update(|is_open| *is_open = !*is_open)>
            <summary>"View as a table, or copy"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=caption>
                <table>
                    <caption class="hidden-text">{caption}</caption>
                    <thead><tr>{head}</tr></thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <p class="row">
                <button type="button" class="button" on:click=copy>"Copy as CSV"</button>
                <span role="status">{outcome}</span>
                <CopyPicture picture=picture/>
            </p>
        </details>
    }
}
