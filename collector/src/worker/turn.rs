//! Turns of the event loop, so that long work of one request does not hold up others.

use std::time::Duration;

use crate::timer::Timer;

/// Waits for one turn of the event loop, in which the process serves other requests.
///
/// It needs a timer: whatever else can be awaited is ready before the runtime looks for requests,
/// storage on its way to the disk and calls of objects too. Only the Worker may do this. In an
/// object a timer waits for the wall clock, so a clock that is set back would stop it; see
/// `PARTLY_DONE`.
pub async fn pass() {
    Timer::start(Duration::ZERO).await;
}
