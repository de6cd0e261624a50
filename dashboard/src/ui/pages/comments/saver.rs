//! Saves changes one after another, each against the version that the owner has seen.

use std::collections::VecDeque;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::feed::{Entry, Item};
use crate::api_error::{ApiError, ErrorKind};
use crate::comments::Edit;
use crate::model::{CaseState, Response, TagList};
use crate::session::SignedInSite;
use crate::ui::App;
use crate::ui::api::{self, Call};
use crate::ui::remote::Remote;

/// Number of attempts where others change the same response at the same time.
const ATTEMPTS: usize = 3;

/// Change of a response.
#[derive(Clone)]
pub struct Job {
    /// The response.
    pub entry: Entry,
    /// The change.
    pub edit: Edit,
}

/// Change of a field that somebody else has changed meanwhile.
#[derive(Clone)]
pub struct Conflict {
    /// The change that was not saved.
    pub job: Job,
    /// The newest version.
    pub newest: Item,
}

/// SaveOutcome of the last change.
#[derive(Clone)]
pub enum SaveOutcome {
    /// Saved change.
    Done {
        /// Sentence that says so.
        text: String,
        /// Label of the button that takes it back, and the changes that do.
        undo: Option<(&'static str, Vec<Job>)>,
    },
    /// Change that is not saved.
    Failed {
        /// The problem.
        error: ApiError,
        /// The changes that are not saved.
        jobs: Vec<Job>,
    },
}

/// Result of one change: the one that reverses it, if something has changed.
enum Saved {
    Changed(Edit),
    Same,
    Conflict(Box<Conflict>),
}

/// Changes under way, and what became of them.
#[derive(Clone, Copy)]
pub struct Saver {
    app: App,
    tags: Remote<TagList>,
    /// SaveOutcome of the last change.
    pub outcome: RwSignal<Option<SaveOutcome>>,
    /// Changes that the owner has to decide.
    pub conflicts: RwSignal<Vec<Conflict>>,
    /// Whether a change is under way.
    pub is_saving: RwSignal<bool>,
    queue: StoredValue<VecDeque<(Vec<Job>, bool)>>,
}

impl Saver {
    /// Creates a saver without changes. The tags are loaded again after a change of them.
    pub fn new(app: App, tags: Remote<TagList>) -> Self {
        Self {
            app,
            tags,
            outcome: RwSignal::new(None),
            conflicts: RwSignal::new(Vec::new()),
            is_saving: RwSignal::new(false),
            queue: StoredValue::new(VecDeque::new()),
        }
    }

    /// Saves a change of each of these responses.
    pub fn save(self, entries: impl IntoIterator<Item = Entry>, edit: &Edit) {
        self.enqueue(entries.into_iter().map(|entry| Job { entry, edit: edit.clone() }).collect(), false);
    }

    /// Takes changes back.
    pub fn undo(self, jobs: Vec<Job>) {
        self.enqueue(jobs, true);
    }

    /// Saves changes that failed before.
    pub fn again(self, jobs: Vec<Job>) {
        self.enqueue(jobs, false);
    }

    /// Decides a conflict: with `mine`, the change replaces that of somebody else.
    pub fn decide(self, conflict: Conflict, mine: bool) {
        let entry = &conflict.job.entry;
        self.conflicts
            .update(|all| all.retain(|it| it.job.entry != *entry || it.job.edit != conflict.job.edit));
        entry.set(conflict.newest);
        if mine {
            self.enqueue(vec![conflict.job], false);
        }
    }

    fn enqueue(self, jobs: Vec<Job>, is_undo: bool) {
        let Some(site) = self.app.site.get_untracked().filter(|_| !jobs.is_empty()) else { return };
        self.queue.update_value(|queue| queue.push_back((jobs, is_undo)));
        if !self.is_saving.get_untracked() {
            self.is_saving.set(true);
            spawn_local(async move {
                while let Some(Some((jobs, is_undo))) = self.queue.try_update_value(VecDeque::pop_front) {
                    self.run(&site, jobs, is_undo).await;
                }
                let _ = self.is_saving.try_set(false);
            });
        }
    }

    async fn run(self, site: &SignedInSite, jobs: Vec<Job>, is_undo: bool) {
        let (mut undo, mut failed, mut problem, mut conflicts) = (Vec::new(), Vec::new(), None, Vec::new());
        let edit = jobs.first().map(|job| job.edit.clone());
        // A case cannot cease to be one, so this is no way back.
        let was_case = jobs.iter().all(|job| job.entry.with_untracked(|item| item.response.state.is_some()));
        for job in jobs {
            match save(site, &job).await {
                Ok(Saved::Changed(reverse)) => undo.push(Job { edit: reverse, ..job }),
                Ok(Saved::Same) => {}
                Ok(Saved::Conflict(conflict)) => conflicts.push(*conflict),
                Err(error) => {
                    problem = Some(error);
                    failed.push(job);
                }
            }
        }
        let Some(edit) = edit else { return };
        if matches!(edit, Edit::AddTag(_) | Edit::RemoveTag(_)) && !undo.is_empty() {
            self.tags.retry();
        }
        let _ = self.conflicts.try_update(|all| all.extend(conflicts));
        let outcome = match problem {
            Some(error) => SaveOutcome::Failed { error, jobs: failed },
            None if undo.is_empty() => return,
            None if is_undo => SaveOutcome::Done { text: "Undone.".into(), undo: None },
            None => {
                let is_new_case = matches!(edit, Edit::State(_)) && !was_case;
                let label = if is_new_case { "Reopen" } else { "Undo" };
                let has_undo = edit != Edit::State(CaseState::Open) || !is_new_case;
                let text = edit.done(undo.len());
                SaveOutcome::Done { text, undo: has_undo.then_some((label, undo)) }
            }
        };
        let _ = self.outcome.try_set(Some(outcome));
    }
}

/// Saves one change.
async fn save(site: &SignedInSite, job: &Job) -> Result<Saved, ApiError> {
    let known = job.entry.get_untracked();
    let mut newest = known.clone();
    let mut problem = ApiError::offline();
    for _ in 0..ATTEMPTS {
        if newest.etag.is_none() {
            let read = read(site, &known.response.id).await?;
            newest = Item { is_settled: known.is_settled, ..read };
            if job.edit.collides(&known.response, &newest.response) {
                return Ok(Saved::Conflict(Box::new(Conflict { job: job.clone(), newest })));
            }
        }
        let Some(body) = job.edit.body(&newest.response) else {
            job.entry.set(newest);
            return Ok(Saved::Same);
        };
        let call = of_response(site, &known.response.id).method("PATCH").body(&body);
        match api::fetch_tagged::<Response>(&call.if_match(newest.etag.take())).await {
            Ok((response, etag)) => {
                let is_settled = match &job.edit {
                    Edit::State(state) => *state == CaseState::Done,
                    Edit::Mark(mark) => mark.is_some(),
                    _ => known.is_settled,
                };
                job.entry.set(Item { response, etag, is_settled });
                return Ok(Saved::Changed(job.edit.reverse(&newest.response)));
            }
            Err(error) if error.kind == ErrorKind::Changed => problem = error,
            Err(error) => return Err(error),
        }
    }
    Err(problem)
}

/// Returns the request of a response.
pub fn of_response(site: &SignedInSite, id: &str) -> Call {
    Call::of_site(site, &format!("responses/{id}"))
}

/// Reads a response with its ETag.
pub async fn read(site: &SignedInSite, id: &str) -> Result<Item, ApiError> {
    let (response, etag) = api::fetch_tagged::<Response>(&of_response(site, id)).await?;
    Ok(Item::new(response, etag))
}
