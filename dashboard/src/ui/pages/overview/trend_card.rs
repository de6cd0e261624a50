//! Trend of the score with the notes of its days.

use leptos::prelude::*;

use super::automatic_notes::automatic_notes;
use super::heading;
use super::hidden_notes::{HiddenNotes, HideNote, ShowHidden};
use super::notes::{NoteForm, NoteItem};
use super::requests;
use crate::automatic::AutomaticNote;
use crate::charts::{Flag, steps};
use crate::format;
use crate::model::{Note, NoteList, Report, Role};
use crate::picture;
use crate::range::{Interval, Range};
use crate::ui::App;
use crate::ui::charts::TrendChart;
use crate::ui::later::later;
use crate::ui::remote::Remote;
use crate::url_state::{Page, UrlState};
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
    let made = automatic_notes(app);
    let made = Signal::derive(move || {
        let (from, to) = report.with(|report| (report.query.from, report.query.to));
        made.get().into_iter().filter(|note| (from..=to).contains(&note.day)).collect::<Vec<_>>()
    });
    let notes_made = HiddenNotes::new(app, "notes", made);
    let automatic = Signal::derive(move || notes_made.visible());
    let flags = Signal::derive(move || {
        let written = of_days.get().into_iter().map(|note| Flag { day: note.day, is_automatic: false });
        let made = automatic.get().into_iter().map(|note| Flag { day: note.day, is_automatic: true });
        written.chain(made).collect::<Vec<_>>()
    });
    let is_rolling = Signal::derive(move || {
        report.with(|report| report.series.iter().any(|point| point.rolling.is_some()))
    });
    let series = Signal::derive(move || report.with(|report| steps(&report.series)));
    let is_full = move || app.role() != Role::Share;
    let is_owner = Memo::new(move |_| app.role() == Role::Owner);
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
    let newest_automatic = move || {
        let note = automatic.with(|notes| notes.first().cloned())?;
        let text = wording::automatic(&note);
        let name = hide_name(&note);
        Some(view! {
            <span class="grow">{text}</span>
            <HideNote notes=notes_made key=note.key name=name is_first=true/>
        })
    };
    let count = move || of_days.with(Vec::len) + automatic.with(Vec::len);
    let has_notes = Memo::new(move |_| count() > 0);
    let made_list = move || {
        let line = |note: AutomaticNote| {
            let name = hide_name(&note);
            view! {
                <li class="soft">
                    <span>{format::short_day(note.day)}</span>
                    <span class="grow"><bdi>{note.text}</bdi> " Automatic."</span>
                    <HideNote notes=notes_made key=note.key name=name/>
                </li>
            }
        };
        automatic.get().into_iter().map(line).collect_view()
    };
    let open = Callback::new(move |(from, to)| {
        let range = Range::Custom { from, to };
        app.navigate(|url| *url = UrlState { page: Page::Comments, range, ..url.clone() });
    });
    let picture = Callback::new(move |()| {
        let heading = report.with_untracked(|report| heading(app, "trend of the score", report));
        picture::trend(&heading, &series.get_untracked(), &flags.get_untracked())
    });
    let open = Signal::derive(move || (app.role() == Role::Owner).then_some(open));
    view! {
        <section class="card trend" aria-labelledby="trend-title">
            <div class="row head"><h2 id="trend-title">"Trend"</h2> {choice}</div>
            <TrendChart steps=series interval=interval is_rolling=is_rolling flags=flags open=open picture=picture>
                {move || has_notes.get().then(|| view! {
                    <details class="more">
                        <summary>{move || format::counted(count() as u64, "note")}</summary>
                        <ul class="notes" role="list">
                            <For each=move || of_days.get() key=|note| (note.id.clone(), note.public)
                                let:note>
                                <NoteItem app=app note=note notes=notes/>
                            </For>
                            {made_list}
                        </ul>
                    </details>
                })}
                {move || is_owner.get().then(|| later(move || view! { <NoteForm app=app notes=notes/> }.into_any()))}
            </TrendChart>
            <p class="sentence">{newest_note}</p>
            <p class="sentence note">{newest_automatic}</p>
            <ShowHidden notes=notes_made/>
        </section>
    }
}

/// Returns the name of the button that hides a note.
fn hide_name(note: &AutomaticNote) -> String {
    format!("Hide the note of {}", format::day(note.day))
}
