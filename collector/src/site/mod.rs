//! The object of one site: the only writer of its answers.
//!
//! What it promises:
//! - **An acknowledged answer is on disk.** The runtime holds every reply back until the writes before it are durable.
//! - **Counts equal rows.** The day's aggregates change by triggers within the statement that changes the row, and a
//!   statement is all or nothing. Nothing else writes them.
//! - **Once is once.** A response is keyed by the id that the browser made, so a duplicate changes nothing.
//! - **A panic leaves it whole.** No field is half changed at a point where a panic can leave: queues are taken and
//!   replaced as one, and the database rolls its statement back.
//!
//! What it answers: 200 or 201 with the result; 401 or 403 for the key; 403 for a foreign origin; 404 where the site
//! was never created; 422 for a query that cannot be; 503 where a write failed and nothing of it is stored.

mod database;
mod ingest;
mod list;
mod schema;
mod score;
pub mod settings;

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use futures_util::FutureExt;
use nps::site_id::Role;
use nps::{Day, Message};
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::{Date, DurableObject, Env, Request, Response, Result, State, durable_object};

use crate::reply::{self, Outcome, Problem};
use database::Database;
use ingest::Commits;
use settings::Settings;

/// The Durable Object class, bound as `SITES`.
#[durable_object(fetch)]
pub struct Site {
    inner: AssertUnwindSafe<Inner>,
}

struct Inner {
    database: Database,
    commits: Commits,
    /// As stored; read once.
    settings: RefCell<Option<Rc<Settings>>>,
}

/// What a site begins with.
#[derive(Serialize, Deserialize)]
pub struct Founding {
    pub settings: Settings,
    /// The digest of each key and its role's word.
    pub keys: Vec<(String, String)>,
}

impl DurableObject for Site {
    fn new(state: State, _env: Env) -> Self {
        let inner = Inner {
            database: Database::new(state.storage().sql()),
            commits: Commits::default(),
            settings: RefCell::new(None),
        };
        Self { inner: AssertUnwindSafe(inner) }
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        match AssertUnwindSafe(self.inner.route(request)).catch_unwind().await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(problem)) => problem.response(),
            Err(_) => Problem::internal("a panic in the object, reported above").response(),
        }
    }
}

impl Inner {
    async fn route(&self, mut request: Request) -> Outcome<Response> {
        let url = request.url()?;
        match url.path() {
            "/create" => self.create(&request.text().await?),
            "/ingest" => {
                let settings = self.settings()?;
                let origin = request.headers().get("x-origin")?;
                if let Some(foreign) = origin.filter(|origin| !settings.admits(origin)) {
                    return Err(Problem::foreign_origin(&foreign));
                }
                let messages: Vec<Message> =
                    serde_json::from_str(&request.text().await?).map_err(Problem::internal)?;
                self.ingest(&settings, messages).await?;
                // The hottest answer of all; the Worker in front knows what to say.
                Ok(Response::empty()?)
            }
            "/loader" => {
                self.database.count_loader();
                let settings = self.settings()?;
                Ok(Response::ok(serde_json::to_string(&settings.public()).map_err(Problem::internal)?)?)
            }
            "/score" => {
                self.authorize(&request, Role::Read)?;
                self.score(&url)
            }
            "/responses" => {
                self.authorize(&request, Role::Owner)?;
                self.list(&url)
            }
            "/zone" => {
                self.authorize(&request, Role::Owner)?;
                reply::json(200, &self.settings()?.zone)
            }
            "/import" => {
                self.authorize(&request, Role::Owner)?;
                self.import(&request.text().await?)
            }
            "/usage" => {
                self.authorize(&request, Role::Owner)?;
                reply::json(200, &self.database.usage())
            }
            #[cfg(feature = "faults")]
            "/panic" => broken(),
            #[cfg(feature = "faults")]
            "/hang" => {
                worker::Delay::from(std::time::Duration::from_secs(3600)).await;
                reply::json(200, &json!({}))
            }
            _ => Err(Problem::not_found("operation of this name")),
        }
    }

    /// Creates the site. Its id is random, so there is none yet.
    fn create(&self, body: &str) -> Outcome<Response> {
        let founding: Founding = serde_json::from_str(body).map_err(Problem::internal)?;
        schema::create(&self.database)?;
        for (digest, role) in &founding.keys {
            self.database.run(
                "INSERT INTO key (digest, role) VALUES (?, ?)",
                vec![digest.as_str().into(), role.as_str().into()],
            )?;
        }
        let settings = serde_json::to_string(&founding.settings).map_err(Problem::internal)?;
        self.database.run("INSERT INTO meta (name, value) VALUES ('settings', ?)", vec![settings.into()])?;
        reply::json(201, &json!({}))
    }

    /// The site's settings; 404 where it was never created. Asking does not create anything.
    fn settings(&self) -> Outcome<Rc<Settings>> {
        if let Some(settings) = self.settings.borrow().clone() {
            return Ok(settings);
        }
        if !schema::exists(&self.database)? {
            return Err(Problem::no_site());
        }
        let stored = self
            .database
            .text("SELECT value FROM meta WHERE name = 'settings'", vec![])?
            .ok_or_else(Problem::no_site)?;
        let settings: Rc<Settings> = Rc::new(serde_json::from_str(&stored).map_err(Problem::internal)?);
        self.settings.replace(Some(settings.clone()));
        Ok(settings)
    }

    /// Whether the key that was shown may do this. A key of another site is a wrong key: it is not in this database.
    fn authorize(&self, request: &Request, needed: Role) -> Outcome<()> {
        self.settings()?;
        let digest = request.headers().get("x-key")?.ok_or_else(Problem::unauthorized)?;
        let role = self.database.text("SELECT role FROM key WHERE digest = ?", vec![digest.into()])?;
        match role.as_deref().and_then(Role::parse) {
            None => Err(Problem::unauthorized()),
            Some(role) if !role.covers(needed) => Err(Problem::forbidden()),
            Some(_) => Ok(()),
        }
    }

    /// The present day of the site.
    fn today(&self, settings: &Settings) -> Day {
        settings.zone.day_of(now())
    }
}

/// The present time in Unix milliseconds.
fn now() -> i64 {
    i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX)
}

#[cfg(feature = "faults")]
#[expect(clippy::panic, reason = "the route is there to panic, and only in test builds")]
fn broken() -> Outcome<Response> {
    panic!("asked to panic in the object")
}
