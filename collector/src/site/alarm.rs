//! The alarm: runs the tasks that are due and sets itself for the next.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::select;
use worker::Date;

use super::clock::now_ms;
use super::imports::undo;
use super::jobs::{backfill, bulk, migration, places, retention, rezone, tag_index, word_index};
use super::scheduler::Task;
use super::schema::Tables;
use super::state::SiteState;
use super::webhooks::queue::{self, ClaimedDelivery};
use super::webhooks::{events, sender};
use super::{deletion, registration};
use crate::http::ApiResult;
use crate::log;
use crate::timer::Timer;

/// Delay after which a failed task is tried again.
const RETRY_MS: i64 = 30_000;
/// Time after which an alarm starts no further task and lets the object rest.
const ALARM_BUDGET_MS: u64 = 20_000;
/// Delay after which the alarm looks again at tables that cannot be read.
const UNREADABLE_RETRY: Duration = Duration::from_secs(60);
/// Interval at which the table is read while webhooks are being sent.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Sets the alarm for the earliest task, whatever it was set for.
///
/// Where the tables cannot be read, only the alarm is kept: the runtime drops it once it has rung,
/// and the tasks would wait for ever in the collector that can read them.
pub async fn reset(site: &SiteState) -> ApiResult<()> {
    match site.database.check_sole_writer().and_then(|()| site.tables()) {
        Ok(Tables::Absent) => Ok(()),
        Ok(Tables::Deleted) if deletion::is_finished(site)? => Ok(()),
        Ok(Tables::Deleted) => site.scheduler.postpone_alarm(deletion::RETRY).await,
        Ok(Tables::Migrating | Tables::Current) => site.scheduler.reset_alarm().await,
        Err(_) => site.scheduler.postpone_alarm(UNREADABLE_RETRY).await,
    }
}

/// Runs the tasks that are due.
pub async fn run_due_tasks(site: &SiteState) -> ApiResult<()> {
    site.database.check_sole_writer()?;
    match site.tables()? {
        Tables::Absent => return Ok(()),
        Tables::Deleted => return deletion::finish(site).await,
        Tables::Migrating | Tables::Current => {}
    }
    let started_ms = Date::now().as_millis();
    // Webhooks are sent side by side, so that a receiver that hangs holds up neither the others nor
    // any other task.
    let mut sending: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    loop {
        let is_in_budget = Date::now().as_millis() - started_ms < ALARM_BUDGET_MS;
        let pause = match site.scheduler.next_due()?.filter(|_| is_in_budget) {
            Some((kind, subject)) => {
                match Task::parse(&kind) {
                    None => site.scheduler.remove_kind(&kind)?,
                    Some(task) => {
                        // Should it panic, it is tried again later instead of at once and for ever.
                        site.scheduler.reschedule(task, &subject, now_ms() + RETRY_MS)?;
                        match task {
                            Task::Webhook => {
                                for delivery in claim(site, &subject) {
                                    sending.push(Box::pin(deliver(site, delivery)));
                                }
                            }
                            Task::Register => sending.push(Box::pin(register(site))),
                            _ => report(task.as_str(), &subject, run(site, task, &subject)),
                        }
                    }
                }
                // Waiting requests come first, and sending goes on between two pages of something
                // large.
                Duration::ZERO
            }
            None if sending.is_empty() => return Ok(()),
            // Until a webhook is sent, or for a moment: meanwhile another task may have come due.
            None => POLL_INTERVAL,
        };
        let any_sent = poll_fn(|context| {
            let before = sending.len();
            sending.retain_mut(|sending| sending.as_mut().poll(context).is_pending());
            if sending.len() < before { Poll::Ready(()) } else { Poll::Pending }
        });
        select(any_sent, Timer::start(pause)).await;
    }
}

/// Takes the deliveries of a webhook that are sent now.
fn claim(site: &SiteState, webhook: &str) -> Vec<ClaimedDelivery> {
    let claimed = site.transaction(|| queue::claim(site, webhook));
    claimed.unwrap_or_else(|problem| {
        report(Task::Webhook.as_str(), webhook, Err(problem));
        Vec::new()
    })
}

async fn deliver(site: &SiteState, delivery: ClaimedDelivery) {
    report("delivery", &delivery.webhook, sender::deliver(site, &delivery).await);
}

async fn register(site: &SiteState) {
    report(Task::Register.as_str(), "", registration::register(site).await);
}

fn report(task: &str, subject: &str, result: ApiResult<()>) {
    if let Err(problem) = result {
        log::problem("task-failed", [task, " ", subject].concat().trim_end(), &problem);
    }
}

/// Runs one task. The task itself removes or reschedules its entry in the table, together with what
/// it does.
fn run(site: &SiteState, task: Task, subject: &str) -> ApiResult<()> {
    site.transaction(|| match task {
        Task::Migrate => migration::move_page(site),
        Task::Backfill => backfill::backfill_property(site, subject),
        Task::Rezone => rezone::recompute_local_days(site),
        Task::WordIndex => word_index::index_comments(site),
        Task::TagIndex => tag_index::index_tags(site),
        Task::Places => places::assign(site),
        Task::Bulk => bulk::run_page(site),
        Task::UndoImport => undo::undo_page(site, subject),
        Task::Retention => retention::apply_retention(site, subject),
        Task::ResponseEvents => events::enqueue_due_response_events(site, subject),
        Task::OverdueEvents => events::enqueue_overdue_events(site),
        Task::Digest => events::enqueue_digest(site),
        // They have to wait for another, so they cannot be one transaction.
        Task::Webhook | Task::Register => Ok(()),
    })
}
