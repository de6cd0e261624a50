//! Panics of a request, which end that request and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use crate::http::{ApiResult, Problem};
use crate::log::RequestLabel;

/// A future behind a pointer, so that what polls it is compiled once and not into each caller. It
/// may be caught, since the collector leaves nothing half changed where it may panic.
type Boxed<'a, T> = AssertUnwindSafe<Pin<Box<dyn Future<Output = T> + 'a>>>;

/// Boxes a future.
pub fn boxed<'a, T>(work: impl Future<Output = T> + 'a) -> Boxed<'a, T> {
    AssertUnwindSafe(Box::pin(work))
}

/// Work of which a panic becomes a problem.
pub struct Caught<'a, T> {
    work: Boxed<'a, ApiResult<T>>,
    cause: &'static str,
    /// Label of the lines that the work logs, which it may set.
    pub label: RequestLabel,
}

/// Returns a future that ends with a problem where the work panics. The log has the panic, and the
/// cause as well.
pub fn catch<'a, T>(work: impl Future<Output = ApiResult<T>> + 'a, cause: &'static str) -> Caught<'a, T> {
    Caught { work: boxed(work), cause, label: RequestLabel::NONE }
}

impl<T> Future for Caught<'_, T> {
    type Output = ApiResult<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<ApiResult<T>> {
        let (cause, outer) = (self.cause, self.label.replace());
        let polled = poll_once(self.work.as_mut(), context);
        let polled = polled.unwrap_or_else(|_| Poll::Ready(Err(Problem::internal(cause))));
        self.label = outer.replace();
        polled
    }
}

/// Polls a future that may panic.
///
/// It is never inlined and has nothing to drop: LLVM writes an invalid module where it merges the
/// handler of a caught panic with that of a destructor around it.
#[inline(never)]
pub fn poll_once<T>(
    work: Pin<&mut dyn Future<Output = T>>,
    context: &mut Context,
) -> thread::Result<Poll<T>> {
    catch_unwind(AssertUnwindSafe(|| work.poll(context)))
}
