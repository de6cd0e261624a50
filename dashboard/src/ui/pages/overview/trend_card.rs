//! Trend of the score with the notes of its days.

use leptos::prelude::*;

use super::notes::{NoteForm, NoteItem};
use super::requests;
use crate::charts::steps;
use crate::format;
use crate::model::{Note, NoteList, Report};
use crate::range::Interval;
use crate::session::Role;
use crate::ui::App;
use crate::ui::charts::TrendChart;
use crate::ui::remote::Remote;
use crate::wording;

/// Trend with the choice of its steps, and the notes.
#[component]
pub fn TrendCard(
    /// State of the page.
    app: App,
    /// The report.
    report: Signal<Report>,
    /// The notes.
    notes: Remote<NoteList>,
) -> impl IntoView {
    let interval = Signal::derive(move || requests::interval(app));
    let of_days = Signal::derive(move || {
        let (from, to) = report.with(|report| (report.query.from, report.query.to));
        let notes = notes.value().get().map(|list| list.notes).unwrap_or_default();
        notes.into_iter().filter(|note| (from..=to).contains(&note.day)).collect::<Vec<Note>>()
    });
    let series = Signal::derive(move || report.with(|report| steps(&report.series)));
    let is_full = move || app.role() != Role::Share;
    let choice = move || {
        is_full().then(|| {
            let current = interval.get();
            let options =
                [(Interval::Day, "By day"), (Interval::Week, "By week"), (Interval::Month, "By month")];
            let options = options.map(|(choice, label)| {
                view! { <option value=choice.as_str() selected=choice == current>{label}</option> }
            });
            let change = move |event| {
                let chosen = Interval::parse(&event_target_value(&event));
                let usual = app.url.with_untracked(|url| url.range).default_interval(app.today());
                app.navigate(|url| url.interval = chosen.filter(|chosen| *chosen != usual));
            };
            let options = options.into_iter().collect_view();
            view! { <select aria-label="Steps of the trend" on:change=change>{options}</select> }
        })
    };
    // The newest change and what came of it are seen without a press.
    let newest_note = move || of_days.with(|notes| notes.first().map(wording::note));
    view! {
        <section class="card trend" aria-labelledby="trend-title">
            <div class="row head"><h2 id="trend-title">"Trend"</h2> {choice}</div>
            <TrendChart steps=series interval=interval notes=of_days>
                {move || (!of_days.with(Vec::is_empty)).then(|| view! {
                    <details class="more">
                        <summary>{move || format::counted(of_days.with(Vec::len) as u64, "note")}</summary>
                        <ul class="notes" role="list">
                            <For each=move || of_days.get() key=|note| (note.id.clone(), note.text.clone())
                                let:note>
                                <NoteItem app=app note=note notes=notes/>
                            </For>
                        </ul>
                    </details>
                })}
                {move || (app.role() == Role::Owner).then(|| view! { <NoteForm app=app notes=notes/> })}
            </TrendChart>
            <p class="sentence">{newest_note}</p>
        </section>
    }
}
