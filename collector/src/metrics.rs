//! Counters of this process, for `GET /metrics`.
//!
//! They are in the memory of the isolate, which the Worker and all objects share on one machine.
//! They begin anew with the process, as Prometheus expects of counters.

use std::cell::Cell;

use crate::site::clock::now_ms;

/// Status classes of a request.
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];
/// Groups of endpoints, in the order of [`Group`].
const GROUPS: [&str; 5] = ["ingest", "loader", "hosted", "api", "other"];
/// Number of counters of requests.
const REQUESTS: usize = CLASSES.len() * GROUPS.len();

/// Text before the value of each other counter, in the order of [`Counter`].
const OTHERS: [&str; 5] = [
    "# TYPE grapevine_messages_total counter\ngrapevine_messages_total{result=\"accepted\"} ",
    "grapevine_messages_total{result=\"duplicate\"} ",
    "grapevine_messages_total{result=\"refused\"} ",
    "# TYPE grapevine_webhook_attempts_total counter\n\
     grapevine_webhook_attempts_total{result=\"delivered\"} ",
    "grapevine_webhook_attempts_total{result=\"failed\"} ",
];

const BUILD_INFO: &str = concat!(
    "# TYPE grapevine_build_info gauge\n",
    "grapevine_build_info{version=\"",
    env!("CARGO_PKG_VERSION"),
    "\"} 1\n# TYPE grapevine_start_time_seconds gauge\n",
    "grapevine_start_time_seconds "
);

/// Group of endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Messages of visitors.
    Ingest,
    /// Loader, widget and owner's page as files.
    Loader,
    /// Hosted and framed survey.
    Hosted,
    /// Endpoints with a key or the admin token, and public figures.
    Api,
    /// Health, documents and paths without an endpoint.
    Other,
}

/// Counter of something other than requests, by its position behind the counters of
/// requests.
#[derive(Debug, Clone, Copy)]
pub enum Counter {
    /// Stored, and something of it was new.
    AcceptedMessages,
    /// Acknowledged, and nothing of it was new.
    DuplicateMessages,
    /// Not acknowledged.
    RefusedMessages,
    DeliveredEvents,
    FailedAttempts,
}

thread_local! {
    static COUNTERS: [Cell<u64>; REQUESTS + OTHERS.len()] =
        const { [const { Cell::new(0) }; REQUESTS + OTHERS.len()] };
    /// Time of the first request, in Unix seconds.
    static STARTED: Cell<u64> = const { Cell::new(0) };
}

/// Counts a request.
pub fn count_request(group: Group, status: u16) {
    if let Some(class) = usize::from(status / 100).checked_sub(2) {
        add_at(group as usize * CLASSES.len() + class, 1);
    }
    start();
}

/// Adds to a counter.
pub fn add(counter: Counter, number: u64) {
    add_at(REQUESTS + counter as usize, number);
}

fn add_at(position: usize, number: u64) {
    COUNTERS.with(|counters| counters.get(position).map(|counter| counter.set(counter.get() + number)));
}

fn at(position: usize) -> u64 {
    COUNTERS.with(|counters| counters.get(position).map_or(0, Cell::get))
}

/// Returns the time of the first request, in Unix seconds.
fn start() -> u64 {
    if STARTED.get() == 0 {
        STARTED.set(now_ms().unsigned_abs() / 1_000);
    }
    STARTED.get()
}

/// Formats all counters in the text format of Prometheus.
pub fn text() -> String {
    let mut text = "# TYPE grapevine_requests_total counter\n".to_owned();
    let mut push = |parts: &[&str], value: u64| {
        parts.iter().for_each(|part| text.push_str(part));
        text.push_str(&value.to_string());
        text.push('\n');
    };
    for (group, name) in GROUPS.iter().enumerate() {
        for (class, status) in CLASSES.iter().enumerate() {
            let parts = ["grapevine_requests_total{group=\"", name, "\",class=\"", status, "\"} "];
            push(&parts, at(group * CLASSES.len() + class));
        }
    }
    for (position, name) in OTHERS.iter().enumerate() {
        push(&[name], at(REQUESTS + position));
    }
    push(&[BUILD_INFO], start());
    text
}
