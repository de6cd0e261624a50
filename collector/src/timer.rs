//! Timers of the runtime.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::future::{Either, select};
use wasm_bindgen::prelude::*;
use worker::js_sys::{Date, Function, Promise};
use worker::wasm_bindgen;

use crate::numbered::Numbered;
use crate::promise;

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64, timer: u32) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// Future that is ready once a time has passed. Unlike that of the `worker` crate it may move from
/// one task to another.
pub struct Timer {
    number: u32,
    id: JsValue,
}

thread_local! {
    /// Timers whose time has not passed, with those that wait for them.
    static RUNNING: RefCell<Numbered<Option<Waker>>> = const { RefCell::new(Numbered::new()) };
    /// Function that the runtime calls for every timer, with its number.
    static PASSED: Function = {
        let passed: Box<dyn FnMut(u32)> = Box::new(pass);
        Closure::wrap_assert_unwind_safe(passed).into_js_value().unchecked_into()
    };
}

fn pass(timer: u32) {
    let waker = RUNNING.with_borrow_mut(|running| running.remove(timer));
    if let Some(Some(waker)) = waker {
        waker.wake();
    }
}

impl Timer {
    /// Starts a timer.
    pub fn start(duration: Duration) -> Self {
        let number = RUNNING.with_borrow_mut(|running| running.add(None));
        let id = PASSED.with(|passed| set_timeout(passed, duration.as_millis() as f64, number));
        Self { number, id }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context) -> Poll<()> {
        RUNNING.with_borrow_mut(|running| match running.get_mut(self.number) {
            None => Poll::Ready(()),
            Some(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
        })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let waker = RUNNING.with_borrow_mut(|running| running.remove(self.number));
        if waker.is_some() {
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
        let mut pending = promise::wait(&promise);
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
