//! Group commit.
//!
//! Each commit takes its time to reach the disk. Batches that come in meanwhile gather and are
//! committed together. The first of them becomes the leader: it waits until the commit before is on
//! disk, takes every batch that has gathered, stores them together, and reports the result to each
//! caller. Where nothing is on its way to the disk, the leader waits for nothing. Should a commit
//! fail, each batch is stored alone, so that a bad one cannot take others with it.
//!
//! No timer is part of it. Those of the runtime follow the wall clock, so a clock that is set back
//! would stop all writes.

use std::cell::{Cell, RefCell};

use futures_channel::oneshot;

use crate::http::{ApiResult, Problem};
use crate::site::database::Database;

/// The most bytes of a commit. SQLite in an object takes values of 2 MB.
const MAX_COMMIT_BYTES: usize = 1_000_000;

/// Batches that wait for a commit.
#[derive(Default)]
pub struct CommitQueue {
    pending: RefCell<Vec<PendingCommit>>,
    is_gathering: Cell<bool>,
}

/// Batch of one caller: its rows, with commas between.
struct PendingCommit {
    rows: String,
    has_contact: bool,
    result: oneshot::Sender<ApiResult<()>>,
}

/// Guard of the batch leader. Clears `is_gathering` on drop, so a panic or cancellation never
/// blocks the next batch.
struct LeaderGuard<'a>(&'a Cell<bool>);

impl Drop for LeaderGuard<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl CommitQueue {
    /// Stores rows together with those of other callers. `merge` stores rows, given whether any has
    /// a contact: all of them, or none and an error.
    pub async fn store(
        &self,
        database: &Database,
        rows: &str,
        has_contact: bool,
        merge: impl Fn(&str, bool) -> ApiResult<u64>,
    ) -> ApiResult<()> {
        let (result, stored) = oneshot::channel();
        self.pending.borrow_mut().push(PendingCommit { rows: rows.to_owned(), has_contact, result });
        if !self.is_gathering.replace(true) {
            let guard = LeaderGuard(&self.is_gathering);
            let previous = database.sync().await;
            drop(guard);
            let gathered = self.pending.take();
            // Where the disk refused the commit before, the runtime is about to end the object.
            previous?;
            commit(gathered, merge);
        }
        // Cancelled where the leader is gone or has failed, and with it the batches that it held.
        stored.await.unwrap_or_else(|_| Err(Problem::busy()))
    }
}

fn commit(mut pending: Vec<PendingCommit>, merge: impl Fn(&str, bool) -> ApiResult<u64>) {
    while !pending.is_empty() {
        let mut bytes = 0;
        let fitting = pending.iter().take_while(|batch| {
            bytes += batch.rows.len() + 1;
            bytes <= MAX_COMMIT_BYTES
        });
        let later = pending.split_off(fitting.count().max(1));
        let rows: Vec<&str> = pending.iter().map(|batch| batch.rows.as_str()).collect();
        let any_contact = pending.iter().any(|batch| batch.has_contact);
        let is_stored = merge(&rows.join(","), any_contact).is_ok();
        for PendingCommit { rows, has_contact, result } in std::mem::replace(&mut pending, later) {
            // A caller that is gone needs no result.
            let alone = || merge(&rows, has_contact).map(drop).map_err(retryable);
            let _ = result.send(if is_stored { Ok(()) } else { alone() });
        }
    }
}

/// Returns what the caller is told where a batch is not stored: that it may be sent again.
fn retryable(problem: Problem) -> Problem {
    if problem.status() == 507 { problem } else { Problem::busy() }
}
