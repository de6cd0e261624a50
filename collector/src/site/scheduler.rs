//! Scheduled tasks: one table, and one alarm for the earliest of them.
//!
//! The table `due` holds the time of each task. A task is small, or a page of something large that
//! reschedules itself, so messages of visitors are stored in between. A task that is interrupted is
//! still in the table and runs again, so each may run twice.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use worker::Storage;

use super::clock::now_ms;
use super::database::Database;
use crate::http::{ApiResult, Problem};

/// Kind of a task. Its subject, where it has one, stands beside it in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Moves one more page of rows from the table of an earlier version.
    Migrate,
    /// Counts one more page of responses for a property that was declared.
    Backfill,
    /// Moves one more page of responses to their day in the current time zone.
    Rezone,
    /// Indexes one more page of comments.
    WordIndex,
    /// Indexes the tags of one more page of responses.
    TagIndex,
    /// Gives places to values of properties.
    Places,
    /// Erases or marks one more page of a selection of responses.
    Bulk,
    /// Undoes one more page of an import.
    UndoImport,
    /// Deletes what is older than the owner keeps.
    Retention,
    /// Creates the webhook events of a response.
    ResponseEvents,
    /// Creates the webhook events of overdue cases.
    OverdueEvents,
    /// Creates the weekly digest.
    Digest,
    /// Sends the next deliveries of a webhook.
    Webhook,
    /// Tells the registry of the site.
    Register,
}

impl Task {
    const ALL: [Self; 14] = [
        Self::Migrate,
        Self::Backfill,
        Self::Rezone,
        Self::WordIndex,
        Self::TagIndex,
        Self::Places,
        Self::Bulk,
        Self::UndoImport,
        Self::Retention,
        Self::ResponseEvents,
        Self::OverdueEvents,
        Self::Digest,
        Self::Webhook,
        Self::Register,
    ];

    /// Returns the name in the table. Stored names do not change.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Migrate => "migrate",
            Self::Backfill => "fill",
            Self::Rezone => "zone",
            Self::WordIndex => "words",
            Self::TagIndex => "tags",
            Self::Places => "places",
            Self::Bulk => "bulk",
            Self::UndoImport => "import",
            Self::Retention => "retention",
            Self::ResponseEvents => "response",
            Self::OverdueEvents => "overdue",
            Self::Digest => "digest",
            Self::Webhook => "webhook",
            Self::Register => "register",
        }
    }

    /// Parses a name; `None` for a task of another version of the collector.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.as_str() == name)
    }
}

/// No time of a task: 0 is that of tasks that a migration makes due at once.
const UNKNOWN: i64 = -1;

/// Store of the scheduled tasks.
pub struct Scheduler {
    database: Rc<Database>,
    storage: Storage,
    /// Time for which the alarm is set, or [`UNKNOWN`].
    alarm_at_ms: Cell<i64>,
}

impl Scheduler {
    /// Creates the store of an object that was just started.
    pub fn new(database: Rc<Database>, storage: Storage) -> Self {
        Self { database, storage, alarm_at_ms: Cell::new(UNKNOWN) }
    }

    /// Schedules a task, unless it is scheduled sooner. The alarm is set by [`Self::set_alarm`].
    pub fn schedule(&self, task: Task, subject: &str, at_ms: i64) -> ApiResult<()> {
        self.database.run(
            "INSERT INTO due (kind, subject, at) VALUES (?, ?, ?) \
             ON CONFLICT (kind, subject) DO UPDATE SET at = min(at, excluded.at)",
            vec![task.as_str().into(), subject.into(), at_ms.into()],
        )?;
        Ok(())
    }

    /// Moves a task to another time, sooner or later.
    pub fn reschedule(&self, task: Task, subject: &str, at_ms: i64) -> ApiResult<()> {
        let upsert = "INSERT OR REPLACE INTO due (kind, subject, at) VALUES (?, ?, ?)";
        self.database.run(upsert, vec![task.as_str().into(), subject.into(), at_ms.into()])?;
        Ok(())
    }

    /// Removes a task.
    pub fn cancel(&self, task: Task, subject: &str) -> ApiResult<()> {
        let delete = "DELETE FROM due WHERE kind = ? AND subject = ?";
        self.database.run(delete, vec![task.as_str().into(), subject.into()])?;
        Ok(())
    }

    /// Removes every task of a kind that this version does not know.
    pub fn remove_kind(&self, kind: &str) -> ApiResult<()> {
        self.database.run("DELETE FROM due WHERE kind = ?", vec![kind.into()])?;
        Ok(())
    }

    /// Returns the time of a task, if it is scheduled.
    pub fn scheduled_at(&self, task: Task, subject: &str) -> ApiResult<Option<i64>> {
        let query = "SELECT json_array(max(at)) FROM due WHERE kind = ? AND subject = ?";
        self.database.number(query, vec![task.as_str().into(), subject.into()])
    }

    /// Whether a task is scheduled, whatever its subject.
    pub fn is_any_scheduled(&self, task: Task) -> ApiResult<bool> {
        let query = "SELECT '1' FROM due WHERE kind = ? LIMIT 1";
        Ok(self.database.text(query, vec![task.as_str().into()])?.is_some())
    }

    /// Returns kind and subject of the earliest task that is due. Deliveries go before it: a flood
    /// of events would keep their receivers waiting, and while those are busy none is due.
    pub fn next_due(&self) -> ApiResult<Option<(String, String)>> {
        let query = "SELECT json_array(kind, subject) FROM due WHERE at <= ? \
            ORDER BY kind <> 'webhook', at LIMIT 1";
        let next = self.database.text(query, vec![now_ms().into()])?;
        next.map(|next| serde_json::from_str(&next).map_err(Problem::internal)).transpose()
    }

    /// Sets the alarm for the earliest task.
    pub async fn set_alarm(&self) -> ApiResult<()> {
        let earliest = "SELECT json_array(min(at)) FROM due";
        if let Some(at_ms) = self.database.number(earliest, vec![])?
            && self.alarm_at_ms.replace(at_ms) != at_ms
        {
            let delay = Duration::from_millis(u64::try_from(at_ms - now_ms()).unwrap_or(0));
            self.storage.set_alarm(delay).await?;
        }
        Ok(())
    }

    /// Sets the alarm without a look at the tasks, which this collector cannot read.
    pub async fn postpone_alarm(&self, delay: Duration) -> ApiResult<()> {
        self.alarm_at_ms.set(UNKNOWN);
        Ok(self.storage.set_alarm(delay).await?)
    }

    /// Sets the alarm for the earliest task, whatever it was set for.
    pub async fn reset_alarm(&self) -> ApiResult<()> {
        self.alarm_at_ms.set(UNKNOWN);
        self.set_alarm().await
    }
}
