//! Erasing or marking a selection of responses: a page at a time, newest first.
//!
//! A site has one such job at a time. It is stored with its position, and each page stands or
//! falls together with that, so it goes on wherever the process ended.
//!
//! It takes what was there when it was started. Until it is done, imports and undos are refused,
//! and messages are dated after its position (`collector_core::stored_response::merge_statement`).

use api::Mark;
use collector_core::Filter;
use collector_core::filter::Marked;

use super::PAGE;
use crate::cursor::Cursor;
use crate::http::ApiResult;
use crate::http::request_url::{query_pairs, query_reader};
use crate::json_object::{self, json_object};
use crate::site::clock::now_ms;
use crate::site::responses::erasure::erase_for_good;
use crate::site::responses::{marks, page};
use crate::site::scheduler::Task;
use crate::site::state::SiteState;
use crate::site::{jobs, meta};

/// The name in `meta` of the latest job.
const JOB: &str = "bulk";
const ERASE: &str = "erase";
const UNMARK: &str = "unmark";

json_object! {
    /// Job, as it is stored.
    BulkJob {
        /// Name of its [`Action`].
        action: String,
        /// Query of the selection, as it was sent.
        query: String,
        /// Position after the last page.
        cursor: Option<Cursor>,
        /// Responses that were erased or whose mark was changed so far.
        responses: i64,
        started: i64,
        finished: Option<i64>,
    }
}

/// Work on each response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Erase,
    /// Sets a mark, or takes it back.
    Mark(Option<Mark>),
}

impl Action {
    fn as_str(self) -> &'static str {
        match self {
            Self::Erase => ERASE,
            Self::Mark(Some(mark)) => mark.as_str(),
            Self::Mark(None) => UNMARK,
        }
    }

    fn parse(name: &str) -> Self {
        match name {
            ERASE => Self::Erase,
            name => Self::Mark(Mark::parse(name)),
        }
    }
}

/// Returns the latest job.
pub fn latest(site: &SiteState) -> ApiResult<Option<BulkJob>> {
    meta::get(&site.database, JOB)?.map(|job| json_object::from_json(&job)).transpose()
}

/// Starts a job and does its first page. The caller sets the alarm for the others.
pub fn start(site: &SiteState, action: Action, query: &str) -> ApiResult<BulkJob> {
    jobs::check_none_of(site, &[Task::Bulk, Task::UndoImport])?;
    let job = BulkJob {
        action: action.as_str().to_owned(),
        query: query.to_owned(),
        cursor: None,
        responses: 0,
        started: now_ms(),
        finished: None,
    };
    site.transaction(|| do_page(site, job))
}

/// Does one more page of the latest job.
pub fn run_page(site: &SiteState) -> ApiResult<()> {
    match latest(site)?.filter(|job| job.finished.is_none()) {
        Some(job) => do_page(site, job).map(|_| ()),
        None => site.scheduler.cancel(Task::Bulk, ""),
    }
}

fn do_page(site: &SiteState, mut job: BulkJob) -> ApiResult<BulkJob> {
    let pairs = query_pairs(&job.query);
    let names = [&["dry_run", "mark"][..], &Filter::PARAMETERS].concat();
    let mut query = query_reader(&pairs, &names);
    let filter = Filter::read(&mut query, Marked::Any);
    let filter = query.finish(filter)?;
    let page = page::select(site, &filter, job.cursor, PAGE as usize)?;
    job.responses += match Action::parse(&job.action) {
        Action::Erase => {
            erase_for_good(&site.database, &page.ids)?;
            i64::try_from(page.ids.len()).unwrap_or(0)
        }
        Action::Mark(mark) => i64::try_from(marks::set(site, &page.ids, mark)?).unwrap_or(0),
    };
    job.cursor = page.next;
    match page.next {
        Some(_) => site.scheduler.reschedule(Task::Bulk, "", now_ms())?,
        None => {
            job.finished = Some(now_ms());
            site.scheduler.cancel(Task::Bulk, "")?;
        }
    }
    meta::set(&site.database, JOB, &json_object::to_json(&job))?;
    Ok(job)
}
