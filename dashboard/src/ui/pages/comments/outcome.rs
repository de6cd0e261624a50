//! SaveOutcome of a change: done and undoable, not saved, or in conflict with another change.

use leptos::prelude::*;

use super::Inbox;
use super::saver::{Conflict, SaveOutcome};

/// Bar at the end of the window. It stays until the next change or until it is closed.
#[component]
pub fn OutcomeBar(
    /// State of the view.
    inbox: Inbox,
) -> impl IntoView {
    let saver = inbox.saver;
    let close = move || {
        view! {
            <button type="button" class="button quiet" aria-label="Close this message"
                on:click=move |_| saver.outcome.set(None)>"×"</button>
        }
    };
    let outcome = move || {
        Some(match saver.outcome.get()? {
            SaveOutcome::Done { text, undo } => {
                let undo = undo.map(|(label, jobs)| {
                    let undo = move |_| saver.undo(jobs.clone());
                    view! { <button type="button" class="button" on:click=undo>{label}</button> }
                });
                view! { <p class="row toast"><span class="grow">{text}</span> {undo} {close()}</p> }
                    .into_any()
            }
            SaveOutcome::Failed { error, jobs } => {
                let text = format!("Not saved. {}", error.explanation());
                let again = move |_| saver.again(jobs.clone());
                view! {
                    <p class="row toast"><span class="grow">{text}</span>
                        <button type="button" class="button" on:click=again>"Try again"</button> {close()}
                    </p>
                }
                .into_any()
            }
        })
    };
    let conflict =
        move || saver.conflicts.with(|all| all.first().cloned()).map(|conflict| versions(inbox, conflict));
    view! {
        <div class="outcomes"><div role="alert">{conflict}</div> <div role="status">{outcome}</div></div>
    }
}

/// Returns both versions of a field, of which the owner chooses one.
fn versions(inbox: Inbox, conflict: Conflict) -> impl IntoView {
    let (field, mine) = conflict.job.edit.wanted();
    let theirs = conflict.job.edit.present(&conflict.newest.response);
    let (keep, replace) = (conflict.clone(), conflict);
    view! {
        <div class="toast conflict">
            <p><strong>{format!("Somebody else has changed the {field} meanwhile.")}</strong></p>
            <dl>
                <div><dt>"Theirs"</dt><dd dir="auto">{theirs}</dd></div>
                <div><dt>"Yours"</dt><dd dir="auto">{mine}</dd></div>
            </dl>
            <p class="row">
                <button type="button" class="button"
                    on:click=move |_| inbox.saver.decide(keep.clone(), false)>
                    "Keep theirs"
                </button>
                <button type="button" class="button"
                    on:click=move |_| inbox.saver.decide(replace.clone(), true)>
                    "Use yours"
                </button>
            </p>
        </div>
    }
}
