//! Tasks: futures that are polled by the callbacks of what they wait for.
//!
//! A task that is woken runs at once, not in a turn of its own afterwards as with
//! `wasm_bindgen_futures`.
//!
//! Tasks never run within each other: what wakes a task from within another is noted, and the task
//! runs when the other waits or ends.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use crate::numbered::Numbered;
use crate::panic;

type Work = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    /// Tasks by number. One is away while it is polled.
    static TASKS: RefCell<Numbered<Option<Work>>> = const { RefCell::new(Numbered::new()) };
    /// Tasks that were woken.
    static WOKEN: RefCell<VecDeque<u32>> = const { RefCell::new(VecDeque::new()) };
    static IS_RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Wakes the task with that number.
struct TaskWaker(u32);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        run(self.0);
    }
}

/// Starts a task. It runs at once, up to where it waits for something.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Work = Box::pin(work);
    run(TASKS.with_borrow_mut(|tasks| tasks.add(Some(work))));
}

/// Polls a task and whatever that wakes. Within another task it is left to that one's run.
fn run(task: u32) {
    WOKEN.with_borrow_mut(|woken| woken.push_back(task));
    if IS_RUNNING.replace(true) {
        return;
    }
    while let Some(task) = WOKEN.with_borrow_mut(VecDeque::pop_front) {
        // One that has ended may still be woken.
        let Some(mut work) = TASKS.with_borrow_mut(|tasks| tasks.get_mut(task)?.take()) else { continue };
        let waker = Waker::from(Arc::new(TaskWaker(task)));
        // A panic ends this task and no other.
        let polled = panic::poll_once(work.as_mut(), &mut Context::from_waker(&waker));
        let left = matches!(polled, Ok(Poll::Pending)).then_some(work);
        TASKS.with_borrow_mut(|tasks| match (left, tasks.get_mut(task)) {
            (Some(work), Some(place)) => *place = Some(work),
            _ => drop(tasks.remove(task)),
        });
    }
    IS_RUNNING.set(false);
}
