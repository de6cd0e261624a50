//! Automatic notes that the owner has hidden. The settings of the site have their keys, so they are
//! hidden in every browser.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

use crate::api_error::{ApiError, ErrorKind};
use crate::automatic::{AutomaticNote, NoteKey, with_hidden, without_hidden};
use crate::format;
use crate::model::{FromJson, Role, SiteSettings};
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::browser;
use crate::ui::confirm::Wrong;

/// Number of times that a change is tried where somebody else changes the settings meanwhile.
const ATTEMPTS: usize = 3;

/// Change of the list of keys.
type Change = Box<dyn Fn(&[String]) -> Vec<String>>;

/// Automatic notes of a card: those that are shown, and those that are hidden.
#[derive(Clone, Copy)]
pub struct HiddenNotes {
    app: App,
    /// Beginning of the ids of the buttons.
    id: &'static str,
    /// All notes.
    notes: Signal<Vec<AutomaticNote>>,
    error: RwSignal<Option<ApiError>>,
}

impl HiddenNotes {
    /// Divides notes by the settings of the site.
    pub fn new(app: App, id: &'static str, notes: Signal<Vec<AutomaticNote>>) -> Self {
        Self { app, id, notes, error: RwSignal::new(None) }
    }

    /// Returns the notes that are shown. Until the settings of an owner are loaded there are none.
    pub fn visible(self) -> Vec<AutomaticNote> {
        let settings = self.app.settings;
        let is_waiting = || self.app.role() == Role::Owner && settings.error().with(Option::is_none);
        let mut notes = self.notes.get();
        settings.value().with(|settings| match settings {
            Some(settings) => notes.retain(|note| !note.key.is_among(&settings.hidden_notes)),
            None if is_waiting() => notes.clear(),
            None => {}
        });
        notes
    }

    /// Returns the notes that the owner has hidden.
    fn hidden(self) -> Vec<AutomaticNote> {
        let mut notes = self.notes.get();
        self.app.settings.value().with(|settings| {
            let stored = settings.as_ref().map_or(&[][..], |settings| &settings.hidden_notes);
            notes.retain(|note| note.key.is_among(stored));
        });
        notes
    }

    /// Hides a note. The focus goes to the button that shows it again.
    fn hide(self, key: NoteKey) {
        self.change(Box::new(move |stored| with_hidden(stored, &key)), self.show_id());
    }

    /// Shows the hidden notes again. The focus goes to the button that hides the first one.
    fn show(self) {
        let keys: Vec<NoteKey> = untrack(|| self.hidden()).into_iter().map(|note| note.key).collect();
        self.change(Box::new(move |stored| without_hidden(stored, &keys)), self.hide_id());
    }

    fn change(self, change: Change, focus: String) {
        let Some(site) = self.app.site.get_untracked() else { return };
        self.error.set(None);
        spawn_local(async move {
            match save(&Call::of_site(&site, ""), &change).await {
                Ok(settings) => {
                    self.app.settings.put(settings);
                    browser::focus_soon(focus);
                }
                Err(problem) => drop(self.error.try_set(Some(problem))),
            }
        });
    }

    fn show_id(self) -> String {
        format!("{}-show", self.id)
    }

    fn hide_id(self) -> String {
        format!("{}-hide", self.id)
    }
}

/// Changes the newest keys, since the list is stored as a whole. Returns the settings.
async fn save(settings: &Call, change: &Change) -> Result<Value, ApiError> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (newest, etag) = api::fetch_tagged::<Value>(settings).await?;
        let newest = SiteSettings::from_json(&newest).ok_or_else(ApiError::unexpected)?;
        let body = json!({ "hidden_notes": change(&newest.hidden_notes) });
        match api::fetch_value(&settings.clone().method("PATCH").body(&body).if_match(etag)).await {
            Err(problem) if problem.kind == ErrorKind::Changed && attempt < ATTEMPTS => {}
            saved => return saved,
        }
    }
}

/// Button that hides a note, for the owner.
#[component]
pub fn HideNote(
    /// Notes of the card.
    notes: HiddenNotes,
    /// Key of the note.
    key: NoteKey,
    /// Name of the button, which begins with "Hide".
    name: String,
    /// Whether the button has the focus when hidden notes are shown again.
    #[prop(optional)]
    is_first: bool,
) -> impl IntoView {
    let id = is_first.then(|| notes.hide_id());
    (notes.app.role() == Role::Owner).then(|| {
        view! {
            <button type="button" class="button quiet" id=id aria-label=name
                on:click=move |_| notes.hide(key.clone())>
                "Hide"
            </button>
        }
    })
}

/// Button that shows the hidden notes of a card again, where there are any.
#[component]
pub fn ShowHidden(
    /// Notes of the card.
    notes: HiddenNotes,
) -> impl IntoView {
    let button = move || {
        let count = notes.hidden().len() as u64;
        (count > 0).then(|| {
            let label = format!("Show {}", format::counted(count, "hidden note"));
            view! {
                <p>
                    <button type="button" class="button quiet" id=notes.show_id()
                        on:click=move |_| notes.show()>
                        {label}
                    </button>
                </p>
            }
        })
    };
    view! { {button} <Wrong error=notes.error/> }
}
