//! Data of a request, which is made again when it changes, at intervals, and after an error.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

use super::api::{self, Call};
use super::browser::now_ms;
use super::later::next_task;
use crate::api_error::ApiError;
use crate::model::FromJson;

/// A timer may ring this much too early.
const MARGIN_MS: f64 = 50.0;

/// Value that was read from JSON, of the type of its [`Remote`].
type Parsed = Arc<dyn Any + Send + Sync>;

/// Data of a request. What was loaded before stays while it is loaded again.
pub struct Remote<T> {
    loader: Loader,
    of: PhantomData<fn() -> T>,
}

/// Part of a [`Remote`] that is compiled once for all types of data.
#[derive(Clone, Copy)]
struct Loader {
    /// The newest data, and the request that it belongs to.
    data: RwSignal<Option<Loaded>>,
    /// The request that is wanted.
    call: Memo<Option<Call>>,
    /// The problem of the last attempt.
    error: RwSignal<Option<ApiError>>,
    /// Time of the newest data.
    loaded_at: RwSignal<f64>,
    reload: RwSignal<u32>,
    progress: StoredValue<Progress>,
    /// Reads the JSON of a response.
    read: fn(&Value) -> Option<Parsed>,
}

/// Data with its request.
struct Loaded {
    call: Call,
    json: Value,
    value: Parsed,
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

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Remote<T> {}

impl<T: FromJson + Clone + Send + Sync + 'static> Remote<T> {
    /// Loads what `call` returns whenever that changes and at each tick.
    pub fn new(tick: RwSignal<u32>, call: impl Fn() -> Option<Call> + Send + Sync + 'static) -> Self {
        let read = |json: &Value| T::from_json(json).map(|value| Arc::new(value) as Parsed);
        Self { loader: Loader::new(tick, Memo::new(move |_| call()), read), of: PhantomData }
    }

    /// Returns the newest data.
    pub fn value(self) -> Signal<Option<T>> {
        let data = self.loader.data;
        Signal::derive(move || data.with(|data| data.as_ref()?.value.downcast_ref::<T>().cloned()))
    }

    /// Returns the problem of the last attempt.
    pub fn error(self) -> RwSignal<Option<ApiError>> {
        self.loader.error
    }

    /// Returns the time of the newest data.
    pub fn loaded_at(self) -> RwSignal<f64> {
        self.loader.loaded_at
    }

    /// Whether the newest data belongs to another request than the one that is wanted.
    pub fn is_stale(self) -> Memo<bool> {
        self.loader.is_stale()
    }

    /// Shows what the response to a change says, in place of what is loaded or under way.
    pub fn put(self, json: Value) {
        self.loader.put(json);
    }

    /// Loads again.
    pub fn retry(self) {
        self.loader.reload.update(|reload| *reload = reload.wrapping_add(1));
    }
}

impl Loader {
    fn new(tick: RwSignal<u32>, call: Memo<Option<Call>>, read: fn(&Value) -> Option<Parsed>) -> Self {
        let loader = Self {
            data: RwSignal::new(None),
            call,
            error: RwSignal::new(None),
            loaded_at: RwSignal::new(0.0),
            reload: RwSignal::new(0),
            progress: StoredValue::new(Progress::default()),
            read,
        };
        Effect::new(move |before: Option<Option<Call>>| {
            tick.track();
            loader.reload.track();
            let call = loader.call.get();
            let is_new = before.is_none_or(|before| before != call);
            if is_new {
                loader.error.set(None);
            }
            match call.clone() {
                Some(wanted) => loader.start(wanted, is_new),
                None => {
                    loader.progress.update_value(|progress| {
                        *progress =
                            Progress { attempt: progress.attempt.wrapping_add(1), ..Progress::default() };
                    });
                    loader.data.set(None);
                }
            }
            call
        });
        loader
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
            // What the owner has just changed is drawn first.
            next_task().await;
            let loaded = api::fetch_value(&call).await;
            // A year of days takes a while to parse, and a while to draw.
            next_task().await;
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

    fn put(self, json: Value) {
        let Some(Some(call)) = self.call.try_get_untracked() else { return };
        let _ = self.progress.try_update_value(|progress| {
            let attempt = progress.attempt.wrapping_add(1);
            *progress = Progress { attempt, ..Progress::default() };
        });
        self.accept(call, Ok(json));
    }

    fn accept(self, call: Call, loaded: Result<Value, ApiError>) {
        let read = |json: Value| {
            let value = (self.read)(&json).ok_or_else(ApiError::unexpected)?;
            Ok(Loaded { call: call.clone(), json, value })
        };
        match loaded.and_then(read) {
            Ok(new) => {
                self.error.set(None);
                self.loaded_at.set(now_ms());
                // A view is drawn again only when its data has changed.
                let is_same = |data: &Option<Loaded>| {
                    data.as_ref().is_some_and(|old| old.call == new.call && old.json == new.json)
                };
                if !self.data.with_untracked(is_same) {
                    self.data.set(Some(new));
                }
            }
            Err(error) => {
                let is_of_other =
                    |data: &Option<Loaded>| data.as_ref().is_some_and(|loaded| loaded.call != call);
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

    fn is_stale(self) -> Memo<bool> {
        Memo::new(move |_| {
            self.data.with(|data| {
                data.as_ref().is_some_and(|loaded| self.call.with(|call| call.as_ref() != Some(&loaded.call)))
            })
        })
    }
}
