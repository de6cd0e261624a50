//! Pool of running browsers between the tests of this process.
//!
//! A start takes one to three seconds and a new visit a fraction of one, so tests reuse browsers.
//! Visits share no state: `xtask::browser` documents how each engine separates them, and the
//! browser tests prove it. The browsers end with the process, however it ends.

use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::Result;
use tokio::sync::{Semaphore, SemaphorePermit};
use xtask::browser::{Browser, Engine, Window};

/// Browsers that work at the same time. Each waits about as long as it works.
static PLACES: LazyLock<usize> = LazyLock::new(browsers_at_once);

static PERMITS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(*PLACES));

/// Browsers without a visitor, the one that waits longest first.
static IDLE: Mutex<Vec<Browser>> = Mutex::new(Vec::new());

/// Returns the number of browsers that may work at the same time.
pub fn browsers_at_once() -> usize {
    2 * std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 4)
}

/// Waits until another browser may work.
pub async fn permit() -> SemaphorePermit<'static> {
    PERMITS.acquire().await.expect("the semaphore is never closed")
}

/// Begins a visit in an idle browser, or starts a browser if none fits.
pub fn take(engine: Engine, window: Window) -> Result<Browser> {
    if let Some(mut browser) = take_idle(engine, window) {
        match browser.begin_visit(window) {
            Ok(()) => return Ok(browser),
            Err(error) => eprintln!("{engine} is started again, for its next visit failed: {error:#}"),
        }
    }
    Browser::open(engine, window)
}

fn take_idle(engine: Engine, window: Window) -> Option<Browser> {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    let fitting = idle.iter().position(|it| it.engine() == engine && it.can_serve(window));
    fitting.map(|position| idle.remove(position))
}

/// Ends the visit and keeps the browser for another test.
pub fn give_back(mut browser: Browser) {
    if let Err(error) = browser.end_visit() {
        eprintln!("{} ends, for its visit did not: {error:#}", browser.engine());
        return;
    }
    let engine = browser.engine();
    let surplus = {
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(browser);
        // Windows of other kinds than before may need other browsers.
        let of_engine = idle.iter().filter(|it| it.engine() == engine).count();
        let oldest = idle.iter().position(|it| it.engine() == engine);
        oldest.filter(|_| of_engine > *PLACES).map(|position| idle.remove(position))
    };
    drop(surplus);
}
