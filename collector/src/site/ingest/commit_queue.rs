//! Group commit.
//!
//! A batch that finds nothing on its way to the disk is committed at once, and its caller waits for
//! nothing else. Batches that come in before that commit is durable gather, and are committed
//! together once it is; and so on while batches come in. Should a commit fail, each of its batches
//! is stored alone, so that a bad one cannot take others with it.
//!
//! No timer is part of it. Those of the runtime follow the wall clock, so a clock that is set back
//! would stop all writes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;

use super::commit::{self, Batch, Committed};
use crate::executor;
use crate::http::{ApiResult, Problem};
use crate::site::state::SiteState;
use crate::{log, panic};

/// The most bytes of a commit. SQLite in an object takes values of 2 MB.
const MAX_COMMIT_BYTES: usize = 1_000_000;

/// Batches that wait for a commit.
#[derive(Default)]
pub struct CommitQueue {
    pending: RefCell<Vec<PendingCommit>>,
    is_under_way: Cell<bool>,
}

/// A batch, and its caller.
struct PendingCommit {
    batch: Batch,
    result: oneshot::Sender<ApiResult<Committed>>,
}

/// Guard of a commit under way. However it ends, a panic included, the next batch finds nothing
/// under way, and those that have gathered are told to come again.
struct UnderWay<'a>(&'a CommitQueue);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.is_under_way.set(false);
        self.0.pending.take();
    }
}

/// Stores a batch, at once or together with those of other callers. Returns when the database has
/// it; the runtime holds the reply back until it is on disk.
pub async fn store(site: &Rc<SiteState>, batch: Batch) -> ApiResult<Committed> {
    let queue = &site.commits;
    if queue.is_under_way.replace(true) {
        let (result, committed) = oneshot::channel();
        queue.pending.borrow_mut().push(PendingCommit { batch, result });
        // Cancelled where the commit before has failed.
        return committed.await.unwrap_or_else(|_| Err(Problem::busy()));
    }
    let under_way = UnderWay(queue);
    let committed = commit::commit(site, &batch).map_err(retryable)?;
    std::mem::forget(under_way);
    let site = site.clone();
    executor::spawn(async move {
        let gathered = panic::catch(commit_gathered(&site), "a panic in a commit, reported above");
        if let Err(problem) = gathered.await {
            log::problem("commit-failed", "", &problem);
        }
    });
    Ok(committed)
}

/// Commits what gathers until nothing does.
async fn commit_gathered(site: &Rc<SiteState>) -> ApiResult<()> {
    let _under_way = UnderWay(&site.commits);
    loop {
        // Where the disk has refused the commit, the runtime is about to end the object.
        site.database.sync().await?;
        let mut gathered = site.commits.pending.take();
        if gathered.is_empty() {
            return Ok(());
        }
        while !gathered.is_empty() {
            let later = gathered.split_off(fitting(&gathered));
            commit_together(site, std::mem::replace(&mut gathered, later));
        }
    }
}

/// Returns the number of batches that one commit takes, at least one.
fn fitting(batches: &[PendingCommit]) -> usize {
    let mut bytes = 0;
    let fitting = batches.iter().take_while(|pending| {
        bytes += pending.batch.rows.len() + 1;
        bytes <= MAX_COMMIT_BYTES
    });
    fitting.count().max(1)
}

fn commit_together(site: &SiteState, pending: Vec<PendingCommit>) {
    let together = Batch::join(pending.iter().map(|pending| &pending.batch));
    let is_whole = matches!(commit::commit_whole(site, &together), Ok(true));
    for PendingCommit { batch, result } in pending {
        let alone = || commit::commit(site, &batch).map_err(retryable);
        // A caller that is gone needs no result.
        let _ = result.send(if is_whole { Ok(Committed::Whole) } else { alone() });
    }
}

/// Returns what the caller is told where a batch is not stored: that it may be sent again.
fn retryable(problem: Problem) -> Problem {
    if matches!(problem.status(), 503 | 507) { problem } else { Problem::busy() }
}
