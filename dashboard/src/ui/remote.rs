//! Data of a request, which is made again when it changes, at intervals, and after an error.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::{self, Call};
use super::browser::now_ms;
use crate::api_error::ApiError;
use crate::model::FromJson;

/// A timer may ring this much too early.
const MARGIN_MS: f64 = 50.0;

/// Data of a request. What was loaded before stays while it is loaded again.
pub struct Remote<T: Send + Sync + 'static> {
    /// The newest data, and the request that it belongs to.
    data: RwSignal<Option<(Call, T)>>,
    /// The request that is wanted.
    call: Memo<Option<Call>>,
    /// The problem of the last attempt.
    pub error: RwSignal<Option<ApiError>>,
    /// Time of the newest data.
    pub loaded_at: RwSignal<f64>,
    reload: RwSignal<u32>,
    progress: StoredValue<Progress>,
}

/// Attempt that is under way, and the wait that the collector has asked for.
#[derive(Default)]
struct Progress {
    /// Number of the newest attempt.
    attempt: u32,
    /// Request that is under way.
    under_way: Option<Call>,
    /// Time before which the same request is not sent again.
    wait_until: f64,
}

impl<T: Send + Sync + 'static> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Remote<T> {}

impl<T: FromJson + Clone + PartialEq + Send + Sync + 'static> Remote<T> {
    /// Loads what `call` returns whenever that changes and at each tick.
    pub fn new(tick: RwSignal<u32>, call: impl Fn() -> Option<Call> + Send + Sync + 'static) -> Self {
        let remote = Self {
            data: RwSignal::new(None),
            call: Memo::new(move |_| call()),
            error: RwSignal::new(None),
            loaded_at: RwSignal::new(0.0),
            reload: RwSignal::new(0),
            progress: StoredValue::new(Progress::default()),
        };
        Effect::new(move |before: Option<Option<Call>>| {
            tick.track();
            remote.reload.track();
            let call = remote.call.get();
            let is_new = before.is_none_or(|before| before != call);
            if is_new {
                remote.error.set(None);
            }
            match call.clone() {
                Some(wanted) => remote.start(wanted, is_new),
                None => {
                    remote.progress.update_value(|progress| {
                        *progress =
                            Progress { attempt: progress.attempt.wrapping_add(1), ..Progress::default() };
                    });
                    remote.data.set(None);
                }
            }
            call
        });
        remote
    }

    /// Sends a request, unless it is under way or has to wait.
    fn start(self, call: Call, is_new: bool) {
        let attempt = self.progress.try_update_value(|progress| {
            let is_under_way = progress.under_way.as_ref() == Some(&call);
            if is_under_way || (!is_new && now_ms() < progress.wait_until) {
                return None;
            }
            progress.attempt = progress.attempt.wrapping_add(1);
            progress.under_way = Some(call.clone());
            Some(progress.attempt)
        });
        let Some(Some(attempt)) = attempt else { return };
        spawn_local(async move {
            let loaded = api::fetch::<T>(&call).await;
            // The view may be gone, and a newer attempt may be under way.
            let is_newest = self.progress.try_update_value(|progress| {
                let is_newest = progress.attempt == attempt;
                if is_newest {
                    progress.under_way = None;
                }
                is_newest
            });
            if is_newest == Some(true) {
                self.accept(call, loaded);
            }
        });
    }

    fn accept(self, call: Call, loaded: Result<T, ApiError>) {
        match loaded {
            Ok(value) => {
                self.error.set(None);
                self.loaded_at.set(now_ms());
                let new = Some((call, value));
                // A view is drawn again only when its data has changed.
                if self.data.with_untracked(|data| *data != new) {
                    self.data.set(new);
                }
            }
            Err(error) => {
                let is_of_other =
                    |data: &Option<(Call, T)>| data.as_ref().is_some_and(|(loaded, _)| *loaded != call);
                if self.data.with_untracked(is_of_other) {
                    self.data.set(None);
                }
                if let Some(seconds) = error.retry_after {
                    let reload = self.reload;
                    let wait_until = now_ms() + f64::from(seconds) * 1_000.0 - MARGIN_MS;
                    self.progress.update_value(|progress| progress.wait_until = wait_until);
                    Timeout::new(seconds * 1_000, move || {
                        let _ = reload.try_update(|reload| *reload = reload.wrapping_add(1));
                    })
                    .forget();
                }
                self.error.set(Some(error));
            }
        }
    }

    /// Returns the newest data.
    pub fn value(self) -> Signal<Option<T>> {
        Signal::derive(move || self.data.with(|data| data.as_ref().map(|(_, value)| value.clone())))
    }

    /// Whether the newest data belongs to another request than the one that is wanted.
    pub fn is_stale(self) -> Memo<bool> {
        Memo::new(move |_| {
            self.data.with(|data| {
                data.as_ref().is_some_and(|(loaded, _)| self.call.with(|call| call.as_ref() != Some(loaded)))
            })
        })
    }

    /// Loads again.
    pub fn retry(self) {
        self.reload.update(|reload| *reload = reload.wrapping_add(1));
    }
}
