//! Log of the collector: one JSON object a line, on the standard error of workerd.
//!
//! Each line has `time`, `level`, `event` and, where there is one, a `status`. Lines that are
//! written while the Worker handles a request have its `request`, an id that they share, and its
//! `route`. No line has what visitors or owners sent: no address, path, query, header or body, and
//! of a cause nothing that it quotes.

use std::cell::Cell;
use std::fmt::Display;

use worker::wasm_bindgen::prelude::*;

use crate::http::Problem;
use crate::metrics::{self, Group};
use crate::route::Endpoint;

#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
extern "C" {
    /// Writes a line without the members that are empty or 0, and the cause without what it quotes.
    /// `collector/js/entry.js` defines it.
    #[wasm_bindgen(js_name = writeLog)]
    fn write_log(
        level: &str,
        event: &str,
        request: u32,
        route: &str,
        status: u16,
        subject: &str,
        cause: &str,
    );
}

thread_local! {
    /// Number of the newest request.
    static NEWEST: Cell<u32> = const { Cell::new(0) };
    /// Request that is handled in this instant.
    static CURRENT: Cell<RequestLabel> = const { Cell::new(RequestLabel::NONE) };
}

/// Request as the log names it.
#[derive(Clone, Copy)]
pub struct RequestLabel {
    /// Its number since the start of the process; 0 for no request.
    number: u32,
    endpoint: Option<&'static Endpoint>,
}

impl RequestLabel {
    /// Label of what is done for no request, such as the tasks of an alarm.
    pub const NONE: Self = Self { number: 0, endpoint: None };

    /// Makes this the label of the lines that follow. Returns the label before.
    pub fn replace(self) -> Self {
        CURRENT.replace(self)
    }

    /// Counts the response to the request, and logs it where it is an error of the collector.
    pub fn finish(self, status: u16) {
        metrics::count_request(self.endpoint.map_or(Group::Other, Endpoint::group), status);
        if status >= 500 {
            let outer = self.replace();
            write("error", "request-failed", status, "", "");
            outer.replace();
        }
    }
}

/// Labels what follows as part of a new request.
pub fn begin_request() {
    NEWEST.set(NEWEST.get().wrapping_add(1));
    CURRENT.set(RequestLabel { number: NEWEST.get(), endpoint: None });
}

/// Adds the endpoint to the label of the current request.
pub fn set_endpoint(endpoint: &'static Endpoint) {
    CURRENT.set(RequestLabel { endpoint: Some(endpoint), ..CURRENT.get() });
}

/// Logs a failure. The subject is the id of a site, of a response or the name of a task.
#[cold]
#[inline(never)]
pub fn error(event: &str, subject: &str, cause: &dyn Display) {
    write("error", event, 0, subject, &cause.to_string());
}

/// Logs the problem of something that no caller is told of.
#[cold]
pub fn problem(event: &str, subject: &str, problem: &Problem) {
    write("error", event, problem.status(), subject, &problem.cause());
}

/// Logs a state that the operator should change.
#[cold]
pub fn warning(event: &str, subject: &str, cause: &dyn Display) {
    write("warning", event, 0, subject, &cause.to_string());
}

/// Logs panics from now on, in place of the text with a stack that the `worker` crate prints.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let message = payload.downcast_ref::<String>().map(String::as_str);
        error("panic", "", &message.or_else(|| payload.downcast_ref().copied()).unwrap_or_default());
    }));
}

fn write(level: &str, event: &str, status: u16, subject: &str, cause: &str) {
    let RequestLabel { number, endpoint } = CURRENT.get();
    let route = endpoint.map(Endpoint::name).unwrap_or_default();
    write_log(level, event, number, &route, status, subject, cause);
}
