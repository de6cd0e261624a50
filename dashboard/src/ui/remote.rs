//! Data of a request, which is made again when it changes, at intervals, and after an error.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api::{self, Call};
use super::browser::now_ms;
use crate::api_error::ApiError;
use crate::model::FromJson;

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
        };
        let attempt = StoredValue::new(0_u32);
        Effect::new(move |before: Option<Option<Call>>| {
            tick.track();
            remote.reload.track();
            let call = remote.call.get();
            if before.is_some_and(|before| before != call) {
                remote.error.set(None);
            }
            let this = attempt.get_value().wrapping_add(1);
            attempt.set_value(this);
            let Some(wanted) = call.clone() else {
                remote.data.set(None);
                return call;
            };
            spawn_local(async move {
                let loaded = api::fetch::<T>(&wanted).await;
                // The view may be gone, and a newer attempt may be under way.
                if attempt.try_get_value() == Some(this) {
                    remote.accept(wanted, loaded);
                }
            });
            call
        });
        remote
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
