//! Notes that the page makes itself: moves of the score, and changes of the survey.

use std::array;

use leptos::prelude::*;

use super::requests;
use crate::automatic::{AutomaticNote, Groups, NoteKey, Shift, driver, shift_note, shifts};
use crate::model::{Property, Report, SurveyVersion};
use crate::ui::App;
use crate::ui::browser;
use crate::ui::remote::Remote;

/// Interval at which the notes are made again. They change from week to week.
const INTERVAL_MS: u32 = 600_000;
/// Number of properties among whose groups the cause of a move is looked for.
const PROPERTIES: usize = 3;

/// Returns the automatic notes, the newest first.
pub fn automatic_notes(app: App) -> Signal<Vec<AutomaticNote>> {
    let tick = RwSignal::new(0_u32);
    browser::poll(INTERVAL_MS, move || tick.update(|tick| *tick = tick.wrapping_add(1)));
    let weeks = Remote::<Report>::new(tick, move || requests::weeks(app));
    let survey = Remote::<SurveyVersion>::new(tick, move || requests::survey(app));
    let found = Memo::new(move |_| {
        weeks.value().with(|weeks| weeks.as_ref().map(|report| shifts(&report.series)).unwrap_or_default())
    });
    let newest = Memo::new(move |_| found.with(|found| found.iter().max_by_key(|it| it.day).cloned()));
    // Only the newest move is explained: each property takes two requests.
    let properties = array::from_fn::<_, PROPERTIES, _>(|place| {
        let name = Memo::new(move |_| property(app, place));
        let groups = move |days: fn(&Shift) -> (api::Day, api::Day)| {
            Remote::<Report>::new(tick, move || {
                let (from, to) = newest.with(|shift| shift.as_ref().map(days))?;
                requests::groups_of_days(app, &name.get()?, from, to)
            })
        };
        (name, groups(|it| (it.first, it.day.plus(-1))), groups(|it| (it.day, it.last)))
    });
    let cause = Memo::new(move |_| {
        let newest = newest.get()?;
        let all = properties.map(|(name, before, after)| {
            Some((name.get()?, before.value().get()?.groups, after.value().get()?.groups))
        });
        let known: Vec<Groups<'_>> =
            all.iter().flatten().map(|(name, before, after)| (&**name, &**before, &**after)).collect();
        driver(newest.delta, &known)
    });
    Signal::derive(move || {
        let newest = newest.get();
        let moves = found.get().into_iter().map(|shift| {
            let cause = if newest.as_ref() == Some(&shift) { cause.get() } else { None };
            shift_note(&shift, cause.as_ref())
        });
        let changed = survey.value().get().filter(|survey| survey.version > 1).map(|survey| {
            let text = format!("The survey was changed (version {}).", survey.version);
            AutomaticNote { key: NoteKey::survey(survey.version), day: app.day_of(&survey.changed_at), text }
        });
        let mut notes: Vec<AutomaticNote> = moves.chain(changed).collect();
        notes.sort_by_key(|note| std::cmp::Reverse(note.day));
        notes
    })
}

/// Returns the name of the declared property at a place.
fn property(app: App, place: usize) -> Option<String> {
    app.settings
        .value()
        .with(|settings| settings.as_ref()?.properties.get(place).map(Property::name).map(String::from))
}
