//! Settings with the version that a change is made to.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::api_error::{ApiError, ErrorKind};
use crate::model::FullSettings;
use crate::ui::App;
use crate::ui::api::{self, Call};

/// Settings with their ETag.
type Version = (FullSettings, Option<String>);

/// Settings of the site, loaded once, so that nothing changes under the owner's hands.
#[derive(Clone, Copy)]
pub struct Store {
    app: App,
    /// The newest settings.
    pub value: RwSignal<Option<FullSettings>>,
    /// The problem of loading them.
    pub error: RwSignal<Option<ApiError>>,
    etag: RwSignal<Option<String>>,
}

impl Store {
    /// Begins to load the settings.
    pub fn new(app: App) -> Self {
        let store =
            Self { app, value: RwSignal::new(None), error: RwSignal::new(None), etag: RwSignal::new(None) };
        store.load();
        Effect::new(move |_| {
            app.tick.track();
            if store.value.with_untracked(|it| it.as_ref().is_some_and(|it| it.in_progress.is_running())) {
                spawn_local(async move { drop(store.follow_progress().await) });
            }
        });
        store
    }

    /// Loads the settings.
    pub fn load(self) {
        spawn_local(async move {
            match self.read().await {
                Ok(version) => self.accept(version),
                Err(problem) => drop(self.error.try_set(Some(problem))),
            }
        });
    }

    /// Changes the settings of the version that was loaded. If somebody else was faster, nothing is
    /// changed and the newest settings are loaded.
    pub async fn save(self, change: Value) -> Result<(), ApiError> {
        match self.patch(&change).await {
            // A change that runs in the background has ended meanwhile.
            Err(problem) if problem.kind == ErrorKind::Changed => match self.follow_progress().await? {
                true => self.patch(&change).await,
                false => {
                    self.accept(self.read().await?);
                    Err(problem)
                }
            },
            saved => saved,
        }
    }

    async fn patch(self, change: &Value) -> Result<(), ApiError> {
        let etag = self.etag.try_get_untracked().flatten();
        let call = self.call()?.method("PATCH").body(change).if_match(etag);
        self.accept(api::fetch_tagged(&call).await?);
        self.app.settings.retry();
        Ok(())
    }

    /// Loads the newest version, and takes it where nobody has changed a setting. Returns whether
    /// that is so.
    async fn follow_progress(self) -> Result<bool, ApiError> {
        let newest = self.read().await?;
        let known = self.value.try_get_untracked().flatten();
        let is_same = known.is_some_and(|known| known.differs_in_progress_only(&newest.0));
        if is_same {
            self.accept(newest);
        }
        Ok(is_same)
    }

    async fn read(self) -> Result<Version, ApiError> {
        api::fetch_tagged(&self.call()?).await
    }

    fn call(self) -> Result<Call, ApiError> {
        let site = self.app.site.try_get_untracked().flatten().ok_or_else(ApiError::offline)?;
        Ok(Call::of_site(&site, ""))
    }

    fn accept(self, (settings, etag): Version) {
        // The view may be gone.
        let _ = self.etag.try_set(etag);
        let _ = self.error.try_set(None);
        let _ = self.value.try_set(Some(settings));
    }
}
