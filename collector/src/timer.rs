//! Timers of the runtime.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::future::{Either, select};
use wasm_bindgen::prelude::*;
use worker::js_sys::{Date, Promise};
use worker::wasm_bindgen;
use worker::wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Closure<dyn FnMut()>, milliseconds: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// Future that is ready once a time has passed. Unlike that of the `worker` crate it may move from
/// one task to another.
pub struct Timer {
    state: Rc<State>,
    id: JsValue,
    _callback: Closure<dyn FnMut()>,
}

#[derive(Default)]
struct State {
    has_passed: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Timer {
    /// Starts a timer.
    pub fn start(duration: Duration) -> Self {
        let state = Rc::new(State::default());
        let passed = state.clone();
        let callback = Closure::wrap_assert_unwind_safe(Box::new(move || {
            passed.has_passed.set(true);
            if let Some(waker) = passed.waker.take() {
                waker.wake();
            }
        }) as Box<dyn FnMut()>);
        let id = set_timeout(&callback, duration.as_millis() as f64);
        Self { state, id, _callback: callback }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context) -> Poll<()> {
        if self.state.has_passed.get() {
            return Poll::Ready(());
        }
        self.state.waker.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if !self.state.has_passed.get() {
            clear_timeout(&self.id);
        }
    }
}

/// Deadline of one wait after another. The waits of a request share a timer, which is started anew
/// only where it ends before its wait has lasted long enough.
#[derive(Default)]
pub struct Deadline(Cell<Option<Timer>>);

impl Deadline {
    /// Waits for a promise; `None` where it takes longer than the timeout.
    pub async fn wait(&self, promise: Promise, timeout: Duration) -> Option<Result<JsValue, JsValue>> {
        let begun_ms = Date::now();
        let mut pending = JsFuture::from(promise);
        let mut left = timeout;
        loop {
            let timer = self.0.take().unwrap_or_else(|| Timer::start(left));
            match select(pending, timer).await {
                Either::Left((result, timer)) => {
                    self.0.set(Some(timer));
                    return Some(result);
                }
                Either::Right(((), still_pending)) => pending = still_pending,
            }
            let waited = Duration::from_millis((Date::now() - begun_ms).max(0.0) as u64);
            left = timeout.saturating_sub(waited);
            if left.is_zero() {
                return None;
            }
        }
    }
}
