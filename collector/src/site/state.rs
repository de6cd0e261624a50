//! State of a site's object in memory.

use std::cell::{Cell, RefCell};
use std::mem;
use std::rc::Rc;

use api::Day;
use collector_core::Secret;
use collector_core::SiteId;
use collector_core::text_budget::TextBudget;
use worker::worker_sys::DurableObjectStorage;
use worker::{Env, State};

use super::auth::KnownKey;
use super::clock::now_ms;
use super::database::Database;
use super::deletion;
use super::ingest::commit_queue::CommitQueue;
use super::jobs::places;
use super::meta;
use super::rate_limits::{MAX_KEYS, RateLimits};
use super::scheduler::Scheduler;
use super::schema::{self, Tables};
use super::score::KnownReport;
use super::sightings::KnownSightings;
use super::site_settings::SiteSettings;
use super::unchanged::Unchanged;
use super::webhooks::store::WebhookStore;
use crate::environment;
use crate::http::{ApiResult, Problem};

/// The most reports of scores that are kept.
const MAX_REPORTS: usize = 16;

/// State of a site: its database, and what is kept in memory beside it.
pub struct SiteState {
    pub env: Env,
    pub database: Rc<Database>,
    pub scheduler: Scheduler,
    pub webhooks: WebhookStore,
    pub commits: CommitQueue,
    pub limits: RateLimits,
    /// Keys that were looked up, by their digests.
    pub known_keys: Unchanged<KnownKey, MAX_KEYS>,
    /// Reports of scores that were read, by their queries.
    pub reports: Unchanged<KnownReport, MAX_REPORTS>,
    /// Use of the day's budget of text, once it was read.
    pub text_budget: Cell<Option<TextBudget>>,
    /// Sightings of the tag, once they were read.
    pub sightings: RefCell<Option<KnownSightings>>,
    /// Time at which the schedule of retention was last compared with the clock.
    pub retention_checked_ms: Cell<i64>,
    /// Whether the registry is being told of the site.
    pub is_registering: Cell<bool>,
    /// Whether a registration that a migration scheduled was looked for.
    pub registration_checked: Cell<bool>,
    /// Time of the last check of the storage; see `storage_check`.
    pub storage_checked_ms: Cell<i64>,
    /// Schedule of the task that gives places to values.
    pub places: Cell<places::Schedule>,
    durable: State,
    settings: RefCell<Option<Rc<SiteSettings>>>,
    /// State of the tables, once they were found and are not [`Tables::Absent`].
    tables: Cell<Option<Tables>>,
}

/// Guard of a transaction. Forgets on drop what was read from the tables, so that an error or a
/// panic leaves nothing in memory that was undone on disk.
struct MemoryGuard<'a>(&'a SiteState);

impl Drop for MemoryGuard<'_> {
    fn drop(&mut self) {
        self.0.settings.replace(None);
        self.0.webhooks.forget();
    }
}

impl SiteState {
    /// Creates the state of an object that was just started.
    pub fn new(durable: State, raw_storage: DurableObjectStorage, env: Env) -> Self {
        let storage = durable.storage();
        let database = Rc::new(Database::new(raw_storage));
        Self {
            env,
            scheduler: Scheduler::new(database.clone(), storage),
            webhooks: WebhookStore::new(database.clone()),
            database,
            commits: CommitQueue::default(),
            limits: RateLimits::default(),
            known_keys: Unchanged::default(),
            reports: Unchanged::default(),
            text_budget: Cell::new(None),
            sightings: RefCell::new(None),
            retention_checked_ms: Cell::new(0),
            is_registering: Cell::new(false),
            registration_checked: Cell::new(false),
            storage_checked_ms: Cell::new(0),
            places: Cell::default(),
            durable,
            settings: RefCell::new(None),
            tables: Cell::new(None),
        }
    }

    /// Returns the state of the tables. The first call after the object was started reads their
    /// version and migrates them; fails with 503 where this collector does not know the version.
    pub fn tables(&self) -> ApiResult<Tables> {
        if let Some(tables) = self.tables.get() {
            return Ok(tables);
        }
        let tables = schema::open(&self.database, &self.scheduler)?;
        if matches!(tables, Tables::Migrating | Tables::Current) {
            self.store_name()?;
        }
        self.tables.set(Some(tables).filter(|tables| *tables != Tables::Absent));
        Ok(tables)
    }

    /// Whether rows of an earlier version are left to be moved.
    pub fn is_migrating(&self) -> bool {
        self.tables.get() == Some(Tables::Migrating)
    }

    /// Forgets the state of the tables, so that the next command looks at them again.
    pub fn forget_tables(&self) {
        self.tables.set(None);
    }

    /// Stores that no rows are left to be moved.
    pub fn set_migrated(&self) {
        self.tables.set(Some(Tables::Current));
    }

    /// Does work that stands or falls together; see [`Database::transaction`]. What is kept in
    /// memory beside the tables is read anew where it fails.
    pub fn transaction<T>(&self, work: impl FnOnce() -> ApiResult<T>) -> ApiResult<T> {
        let undone = MemoryGuard(self);
        let value = self.database.transaction(work)?;
        mem::forget(undone);
        Ok(value)
    }

    /// Stores that the site is deleted, and forgets what was read from its tables.
    pub fn set_deleted(&self) {
        self.tables.set(Some(Tables::Deleted));
        drop(MemoryGuard(self));
        self.sightings.replace(None);
    }

    /// Deletes all data of the object, and its alarm.
    pub async fn delete_storage(&self) -> ApiResult<()> {
        self.durable.storage().delete_all().await?;
        Ok(self.durable.storage().delete_alarm().await?)
    }

    /// Returns the site's settings; 404 where it was never created, 410 where it is deleted.
    /// Reading creates nothing.
    pub fn settings(&self) -> ApiResult<Rc<SiteSettings>> {
        if let Some(settings) = self.settings.borrow().clone() {
            return Ok(settings);
        }
        match self.tables()? {
            Tables::Absent => return Err(Problem::no_site()),
            Tables::Deleted => return Err(deletion::problem(self)),
            Tables::Migrating | Tables::Current => {}
        }
        let stored = meta::get(&self.database, meta::SETTINGS)?.ok_or_else(Problem::no_site)?;
        let settings: Rc<SiteSettings> = Rc::new(serde_json::from_str(&stored).map_err(Problem::internal)?);
        self.settings.replace(Some(settings.clone()));
        Ok(settings)
    }

    /// Stores the settings.
    pub fn save_settings(&self, settings: SiteSettings) -> ApiResult<()> {
        let text = serde_json::to_string(&settings).map_err(Problem::internal)?;
        meta::set(&self.database, meta::SETTINGS, &text)?;
        self.settings.replace(Some(Rc::new(settings)));
        Ok(())
    }

    /// Returns the collector's secret.
    pub fn secret(&self) -> ApiResult<Secret> {
        environment::secret(&self.env)
    }

    /// Stores the name by which the object was called, which is the id of the site.
    pub fn store_name(&self) -> ApiResult<()> {
        match self.durable.id().name() {
            Some(name) if meta::get(&self.database, meta::SITE)?.as_ref() != Some(&name) => {
                meta::set(&self.database, meta::SITE, &name)
            }
            _ => Ok(()),
        }
    }

    /// Returns the id of this site. An object that its alarm has started may not know its name.
    pub fn site_id(&self) -> ApiResult<SiteId> {
        let name = match self.durable.id().name() {
            Some(name) => name,
            None => meta::get(&self.database, meta::SITE)?
                .ok_or_else(|| Problem::internal("an object without a name"))?,
        };
        SiteId::verify(&name, &self.secret()?).ok_or_else(Problem::no_site)
    }

    /// Returns the current local day of the site.
    pub fn today(&self) -> ApiResult<Day> {
        Ok(self.settings()?.zone.day_of(now_ms()))
    }
}
