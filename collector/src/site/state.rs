//! State of a site's object in memory.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use api::Day;
use collector_core::Secret;
use collector_core::SiteId;
use worker::{Env, State};

use super::clock::now_ms;
use super::database::Database;
use super::ingest::commit_queue::CommitQueue;
use super::rate_limits::RateLimits;
use super::scheduler::Scheduler;
use super::site_settings::SiteSettings;
use super::webhooks::store::WebhookStore;
use super::{meta, schema};
use crate::environment;
use crate::http::{ApiResult, Problem};

/// State of a site: its database, and what is kept in memory beside it.
pub struct SiteState {
    pub env: Env,
    pub database: Rc<Database>,
    pub scheduler: Scheduler,
    pub webhooks: WebhookStore,
    pub commits: CommitQueue,
    pub limits: RateLimits,
    /// Time at which the schedule of retention was last compared with the clock.
    pub retention_checked_ms: Cell<i64>,
    durable: State,
    settings: RefCell<Option<Rc<SiteSettings>>>,
}

impl SiteState {
    /// Creates the state of an object that was just started.
    pub fn new(durable: State, env: Env) -> Self {
        let storage = durable.storage();
        let database = Rc::new(Database::new(storage.sql()));
        Self {
            env,
            scheduler: Scheduler::new(database.clone(), storage),
            webhooks: WebhookStore::new(database.clone()),
            database,
            commits: CommitQueue::default(),
            limits: RateLimits::default(),
            retention_checked_ms: Cell::new(0),
            durable,
            settings: RefCell::new(None),
        }
    }

    /// Whether the site was created.
    pub fn exists(&self) -> ApiResult<bool> {
        schema::is_ready(&self.database)
    }

    /// Returns the site's settings; 404 where it was never created. Reading creates nothing.
    pub fn settings(&self) -> ApiResult<Rc<SiteSettings>> {
        if let Some(settings) = self.settings.borrow().clone() {
            return Ok(settings);
        }
        if !self.exists()? {
            return Err(Problem::no_site());
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

    /// Returns the id of this site.
    pub fn site_id(&self) -> ApiResult<SiteId> {
        let name = self.durable.id().name().ok_or_else(|| Problem::internal("an object without a name"))?;
        SiteId::verify(&name, &self.secret()?).ok_or_else(Problem::no_site)
    }

    /// Returns the current local day of the site.
    pub fn today(&self) -> ApiResult<Day> {
        Ok(self.settings()?.zone.day_of(now_ms()))
    }
}
