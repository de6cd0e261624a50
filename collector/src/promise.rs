//! Promises of the runtime.

use std::task::{Context, Poll, Waker};

use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen_futures::future_to_promise;

use crate::panic;

/// Runs work at once, up to where it waits for something. Returns its result where it has waited
/// for nothing, and otherwise a promise of it: a promise is dear, and most calls need none.
pub fn start(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Result<JsValue, JsValue> {
    let mut work = panic::boxed(work);
    match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        // It is polled again by the promise, whose waker counts then.
        Poll::Pending => Ok(future_to_promise(work).into()),
    }
}
