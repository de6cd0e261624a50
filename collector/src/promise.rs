//! Promises of the runtime: of our work, and of what our work waits for.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;
use worker::js_sys::{Function, Promise};
use worker::wasm_bindgen;

use crate::executor;
use crate::http::Problem;
use crate::numbered::Numbered;

/// Starts work. Returns its result where it waits for nothing, and otherwise a promise of it: a
/// promise is dear, and most calls of objects need none.
pub fn start(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Result<JsValue, JsValue> {
    let call = Rc::new(Call::default());
    let started = call.clone();
    executor::spawn(async move { started.settle(work.await) });
    if let Some(result) = call.result.take() {
        return result;
    }
    let resolvers = with_resolvers();
    let promise = resolvers.promise();
    call.promise.set(Some(resolvers));
    Ok(promise)
}

/// For a promise of the runtime, where no response can be made.
impl From<Problem> for JsValue {
    fn from(problem: Problem) -> Self {
        problem.body().to_string().into()
    }
}

/// Work that was started.
#[derive(Default)]
struct Call {
    result: Cell<Option<Result<JsValue, JsValue>>>,
    /// Promise of the result, once there is one.
    promise: Cell<Option<Resolvers>>,
}

impl Call {
    fn settle(&self, result: Result<JsValue, JsValue>) {
        match (self.promise.take(), result) {
            (Some(promise), Ok(value)) => promise.resolve(&value),
            (Some(promise), Err(error)) => promise.reject(&error),
            (None, result) => self.result.set(Some(result)),
        }
    }
}

/// Waits for a promise.
pub fn wait(promise: &Promise) -> Wait {
    let id = WAITS.with_borrow_mut(|waits| waits.add(Waiting::default()));
    CALLBACKS.with(|callbacks| callbacks.attach(promise, id));
    Wait(id)
}

/// Future of [`wait`].
pub struct Wait(u32);

#[derive(Default)]
struct Waiting {
    result: Option<Result<JsValue, JsValue>>,
    waker: Option<Waker>,
}

thread_local! {
    static WAITS: RefCell<Numbered<Waiting>> = const { RefCell::new(Numbered::new()) };
    static CALLBACKS: Callbacks = Callbacks::new();
}

/// Functions that all promises call, with the number of the wait. One for each promise would take
/// longer to make and to free than all else about it.
struct Callbacks {
    fulfilled: Function,
    rejected: Function,
}

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    /// A promise with the functions that settle it.
    type Resolvers;

    #[wasm_bindgen(js_namespace = Promise, js_name = withResolvers)]
    fn with_resolvers() -> Resolvers;

    #[wasm_bindgen(method, getter)]
    fn promise(this: &Resolvers) -> JsValue;

    #[wasm_bindgen(method)]
    fn resolve(this: &Resolvers, value: &JsValue);

    #[wasm_bindgen(method)]
    fn reject(this: &Resolvers, error: &JsValue);

    type Thenable;

    #[wasm_bindgen(method)]
    fn then(this: &Thenable, fulfilled: &JsValue, rejected: &JsValue) -> JsValue;
}

impl Callbacks {
    fn new() -> Self {
        let fulfilled = |id: u32, value: JsValue| settle(id, Ok(value));
        let rejected = |id: u32, error: JsValue| settle(id, Err(error));
        let function = |callback: Box<dyn FnMut(u32, JsValue)>| {
            Closure::wrap_assert_unwind_safe(callback).into_js_value().unchecked_into()
        };
        Self { fulfilled: function(Box::new(fulfilled)), rejected: function(Box::new(rejected)) }
    }

    fn attach(&self, promise: &Promise, id: u32) {
        let (context, id) = (JsValue::UNDEFINED, JsValue::from(id));
        let promise: &Thenable = promise.unchecked_ref();
        promise.then(&self.fulfilled.bind1(&context, &id), &self.rejected.bind1(&context, &id));
    }
}

fn settle(id: u32, result: Result<JsValue, JsValue>) {
    // The future may have been dropped.
    let waker = WAITS.with_borrow_mut(|waits| {
        let waiting = waits.get_mut(id)?;
        waiting.result = Some(result);
        waiting.waker.take()
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Future for Wait {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context) -> Poll<Self::Output> {
        WAITS.with_borrow_mut(|waits| {
            let Some(waiting) = waits.get_mut(self.0) else { return Poll::Pending };
            match waiting.result.take() {
                Some(result) => Poll::Ready(result),
                None => {
                    waiting.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        // What was in it is dropped outside.
        let waiting = WAITS.with_borrow_mut(|waits| waits.remove(self.0));
        drop(waiting);
    }
}
