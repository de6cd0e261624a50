//! What the object does by itself: one alarm over one table.
//!
//! `due` says what is to be done and when. The alarm rings at the earliest of these times, does what is due, and is set
//! again. Each task is small, or a page of something large that puts itself back, so answers of visitors get in between.
//! A task that is broken off is still in the table and is done again, so each of them may be done twice.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::select;
use worker::{Date, Delay};

use super::Inner;
use super::clock::now;
use crate::reply::{Outcome, Problem};

/// A kind of task; what it is about stands in `subject`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Count one more page of a property that was declared.
    Fill,
    /// Move one more page of responses to their day in the present time zone.
    Zone,
    /// Delete what is older than the owner wants.
    Retention,
    /// Make the webhook events of a response.
    Response,
    /// Make the webhook events of cases that nobody closed in time.
    Overdue,
    /// Make the weekly digest.
    Digest,
    /// Send what waits for an endpoint.
    Webhook,
}

impl Task {
    const ALL: [Self; 7] =
        [Self::Fill, Self::Zone, Self::Retention, Self::Response, Self::Overdue, Self::Digest, Self::Webhook];

    fn as_str(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Zone => "zone",
            Self::Retention => "retention",
            Self::Response => "response",
            Self::Overdue => "overdue",
            Self::Digest => "digest",
            Self::Webhook => "webhook",
        }
    }
}

/// After a task that failed it is tried again so much later.
const AGAIN_MS: i64 = 30_000;
/// How long one ring of the alarm goes on before it lets the object rest.
const RING_MS: u64 = 20_000;
/// How often the table is looked at while endpoints are being told.
const TICK: Duration = Duration::from_secs(1);

impl Inner {
    /// Puts a task in for that time, or leaves it where it is to be done sooner.
    pub async fn plan(&self, task: Task, subject: &str, at: i64) -> Outcome<()> {
        self.note_due(task, subject, at)?;
        self.arm().await
    }

    /// The same where the alarm is set later.
    pub fn note_due(&self, task: Task, subject: &str, at: i64) -> Outcome<()> {
        self.database.run(
            "INSERT INTO due (kind, subject, at) VALUES (?, ?, ?)
             ON CONFLICT (kind, subject) DO UPDATE SET at = min(at, excluded.at)",
            vec![task.as_str().into(), subject.into(), at.into()],
        )?;
        Ok(())
    }

    /// Moves a task to another time, whatever was planned.
    pub fn postpone(&self, task: Task, subject: &str, at: i64) -> Outcome<()> {
        let change = "INSERT OR REPLACE INTO due (kind, subject, at) VALUES (?, ?, ?)";
        self.database.run(change, vec![task.as_str().into(), subject.into(), at.into()])?;
        Ok(())
    }

    /// Takes a task out.
    pub fn cancel(&self, task: Task, subject: &str) -> Outcome<()> {
        let gone = "DELETE FROM due WHERE kind = ? AND subject = ?";
        self.database.run(gone, vec![task.as_str().into(), subject.into()])?;
        Ok(())
    }

    /// When a task is due, if it is planned.
    pub fn planned(&self, task: Task, subject: &str) -> Outcome<Option<i64>> {
        let query = "SELECT json_array(max(at)) FROM due WHERE kind = ? AND subject = ?";
        let [at]: [Option<i64>; 1] = self.database.json(query, vec![task.as_str().into(), subject.into()])?;
        Ok(at)
    }

    /// Sets the alarm for the earliest task.
    pub async fn arm(&self) -> Outcome<()> {
        let [at]: [Option<i64>; 1] = self.database.json("SELECT json_array(min(at)) FROM due", vec![])?;
        if let Some(at) = at
            && self.armed.replace(at) != at
        {
            let wait = Duration::from_millis(u64::try_from(at - now()).unwrap_or(0));
            self.state.storage().set_alarm(wait).await?;
        }
        Ok(())
    }

    /// The same whatever was set before.
    pub async fn rearm(&self) -> Outcome<()> {
        self.armed.set(0);
        if self.exists()? { self.arm().await } else { Ok(()) }
    }

    /// Does what is due.
    pub async fn ring(&self) -> Outcome<()> {
        if !self.exists()? {
            return Ok(());
        }
        let begun = Date::now().as_millis();
        // Endpoints are told side by side, so that one which hangs holds up neither the others nor any other task.
        let mut sending: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
        loop {
            let again = Date::now().as_millis() - begun < RING_MS;
            let wait = match self.next_due()?.filter(|_| again) {
                Some((kind, subject)) => {
                    match Task::ALL.into_iter().find(|task| task.as_str() == kind) {
                        // Of another version of the collector.
                        None => drop(self.database.run("DELETE FROM due WHERE kind = ?", vec![kind.into()])?),
                        Some(task) => {
                            // Should it panic, it is tried again later rather than at once for ever.
                            self.postpone(task, &subject, now() + AGAIN_MS)?;
                            let attempt = self.attempt(task, subject);
                            if task == Task::Webhook {
                                sending.push(Box::pin(attempt))
                            } else {
                                attempt.await
                            }
                        }
                    }
                    // Whoever waits comes first, and what is being sent goes on between two pages of something large.
                    Duration::ZERO
                }
                None if sending.is_empty() => return Ok(()),
                // Until one is told, or for a moment: meanwhile something else may have come due.
                None => TICK,
            };
            let one = poll_fn(|context| {
                let before = sending.len();
                sending.retain_mut(|sending| sending.as_mut().poll(context).is_pending());
                if sending.len() < before { Poll::Ready(()) } else { Poll::Pending }
            });
            select(one, Delay::from(wait)).await;
        }
    }

    fn next_due(&self) -> Outcome<Option<(String, String)>> {
        let query = "SELECT json_array(kind, subject) FROM due WHERE at <= ? ORDER BY at LIMIT 1";
        let next = self.database.text(query, vec![now().into()])?;
        next.map(|next| serde_json::from_str(&next).map_err(Problem::internal)).transpose()
    }

    async fn attempt(&self, task: Task, subject: String) {
        if let Err(problem) = self.perform(task, &subject).await {
            worker::console_error!("the task {} {subject} failed: {}", task.as_str(), problem.body());
        }
    }

    /// Does one task and says in the table what is next, which is nothing where it is done.
    async fn perform(&self, task: Task, subject: &str) -> Outcome<()> {
        match task {
            Task::Fill => self.fill(subject),
            Task::Zone => self.move_days(),
            Task::Retention => self.retain(subject),
            Task::Response => self.tell_response(subject),
            Task::Overdue => self.tell_overdue(),
            Task::Digest => self.tell_digest(),
            Task::Webhook => self.deliver(subject).await,
        }
    }
}
