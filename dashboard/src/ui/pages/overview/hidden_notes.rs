//! Automatic notes that the owner has hidden. The settings of the site have their keys, so they are
//! hidden in every browser.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

use crate::api_error::{ApiError, ErrorKind};
use crate::automatic::{NoteKey, with_hidden, without_hidden};
use crate::format;
use crate::model::SiteSettings;
use crate::session::Role;
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::browser;
use crate::ui::confirm::Wrong;

/// Number of times that a change is tried where somebody else changes the settings meanwhile.
const ATTEMPTS: usize = 3;

/// Hidden notes of a card.
#[derive(Clone, Copy)]
pub struct HiddenNotes {
    app: App,
    /// Beginning of the ids of the buttons.
    id: &'static str,
    /// Keys of the hidden notes; `None` until the settings are loaded.
    stored: RwSignal<Option<Vec<String>>>,
    error: RwSignal<Option<ApiError>>,
}

impl HiddenNotes {
    /// Follows the settings of the site.
    pub fn new(app: App, id: &'static str) -> Self {
        let stored = RwSignal::new(None);
        Effect::new(move |_| {
            let settings = app.settings.value();
            stored.set(settings.with(|settings| settings.as_ref().map(|it| it.hidden_notes.clone())));
        });
        Self { app, id, stored, error: RwSignal::new(None) }
    }

    /// Whether a note is hidden. Until the settings of an owner are loaded each is.
    pub fn has(self, key: &NoteKey) -> bool {
        let is_loading = || self.app.role() == Role::Owner && self.app.settings.error().with(Option::is_none);
        self.stored.with(|stored| stored.as_ref().map_or_else(is_loading, |stored| key.is_among(stored)))
    }

    /// Hides a note. The focus goes to the button that shows it again.
    fn hide(self, key: NoteKey) {
        self.change(move |stored| with_hidden(stored, &key), self.show_id());
    }

    /// Shows notes again. The focus goes to the button that hides the first one.
    fn show(self, keys: Vec<NoteKey>) {
        self.change(move |stored| without_hidden(stored, &keys), self.hide_id());
    }

    fn change(self, change: impl Fn(&[String]) -> Vec<String> + 'static, focus: String) {
        let Some(site) = self.app.site.get_untracked() else { return };
        self.error.set(None);
        spawn_local(async move {
            match save(&Call::of_site(&site, ""), change).await {
                Ok(settings) => {
                    let _ = self.stored.try_set(Some(settings.hidden_notes));
                    self.app.settings.retry();
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

/// Changes the newest keys, since the list is stored as a whole.
async fn save(settings: &Call, change: impl Fn(&[String]) -> Vec<String>) -> Result<SiteSettings, ApiError> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (newest, etag) = api::fetch_tagged::<SiteSettings>(settings).await?;
        let body = json!({ "hidden_notes": change(&newest.hidden_notes) });
        match api::fetch(&settings.clone().method("PATCH").body(&body).if_match(etag)).await {
            Err(problem) if problem.kind == ErrorKind::Changed && attempt < ATTEMPTS => {}
            saved => return saved,
        }
    }
}

/// Button that hides a note, for the owner.
#[component]
pub fn HideNote(
    /// Hidden notes of the card.
    hidden: HiddenNotes,
    /// Key of the note.
    key: NoteKey,
    /// Name of the button, which begins with "Hide".
    name: String,
    /// Whether the button has the focus when hidden notes are shown again.
    #[prop(optional)]
    is_first: bool,
) -> impl IntoView {
    let is_owner = hidden.app.role() == Role::Owner;
    let id = is_first.then(|| hidden.hide_id());
    is_owner.then(|| {
        view! {
            <button type="button" class="button quiet" id=id aria-label=name
                on:click=move |_| hidden.hide(key.clone())>
                "Hide"
            </button>
        }
    })
}

/// Button that shows the hidden notes of a card again, where there are any.
#[component]
pub fn ShowHidden(
    /// Hidden notes of the card.
    hidden: HiddenNotes,
    /// Keys of those that the card would show.
    keys: Signal<Vec<NoteKey>>,
) -> impl IntoView {
    let count = Memo::new(move |_| keys.with(Vec::len));
    let has_any = Memo::new(move |_| count.get() > 0);
    let is_known = move || hidden.stored.with(Option::is_some);
    let button = move || {
        (has_any.get() && is_known()).then(|| {
            view! {
                <p>
                    <button type="button" class="button quiet" id=hidden.show_id()
                        on:click=move |_| hidden.show(keys.get_untracked())>
                        {move || format!("Show {}", format::counted(count.get() as u64, "hidden note"))}
                    </button>
                </p>
            }
        })
    };
    view! { {button} <Wrong error=hidden.error/> }
}
