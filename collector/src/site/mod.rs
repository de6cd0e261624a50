//! The object of one site: the only writer of its answers.
//!
//! What it promises:
//! - **An acknowledged answer is on disk.** The runtime holds every reply back until the writes before it are durable.
//! - **Counts equal rows.** The sums change by triggers within the statement that changes the row, and a
//!   statement is all or nothing. Nothing else writes them.
//! - **Once is once.** A response is keyed by the id that the browser made, so a duplicate changes nothing.
//! - **A panic leaves it whole.** No field is half changed at a point where a panic can leave: queues are taken and
//!   replaced as one, and the database rolls its statement back.
//! - **Visitors come first.** What takes long (counting a property, another time zone, retention) goes by pages from one
//!   alarm ([`due`]).
//!
//! [`Inner::route`] leads to the tables of what it answers: what the Worker asks for itself, what everybody may ask, and what needs
//! a key. A caller's path comes in a header of its own, so none of them can be taken for a question of the Worker.

pub mod asked;
mod asking;
mod clock;
mod database;
mod due;
mod ingest;
mod keys;
mod limits;
mod notes;
mod owner;
mod people;
mod properties;
mod responses;
mod retention;
mod schema;
mod score;
pub mod settings;
mod webhooks;

use std::cell::{Cell, RefCell};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use api::Day;
use collector_core::{Role, Secret};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
#[cfg(feature = "faults")]
use serde_json::json;
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use self::asked::Asked;
use self::clock::now;
use self::database::Database;
use self::ingest::Commits;
use self::limits::Limits;
use self::settings::Settings;
use self::webhooks::Webhook;
use crate::reply::{self, Outcome, Problem};
use crate::setting;

/// The Durable Object class, bound as `SITES`.
#[durable_object(alarm)]
pub struct Site {
    inner: AssertUnwindSafe<Inner>,
}

struct Inner {
    state: State,
    env: Env,
    database: Database,
    commits: Commits,
    limits: Limits,
    /// As stored; read once.
    settings: RefCell<Option<Rc<Settings>>>,
    webhooks: RefCell<Option<Rc<Vec<Webhook>>>>,
    /// For when the alarm is set; 0 where that is not known.
    armed: Cell<i64>,
    /// When the plan of retention was last compared with the clock.
    checked: Cell<i64>,
}

/// What a site begins with.
#[derive(Serialize, Deserialize)]
pub struct Founding {
    pub settings: Settings,
    /// The digest of each key and its role's word.
    pub keys: Vec<(String, String)>,
}

impl DurableObject for Site {
    fn new(state: State, env: Env) -> Self {
        let inner = Inner {
            database: Database::new(state.storage().sql()),
            state,
            env,
            commits: Commits::default(),
            limits: Limits::default(),
            settings: RefCell::new(None),
            webhooks: RefCell::new(None),
            armed: Cell::new(0),
            checked: Cell::new(0),
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

    async fn alarm(&self) -> Result<Response> {
        match AssertUnwindSafe(self.inner.ring()).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => worker::console_error!("the alarm failed: {}", problem.body()),
            Err(_) => worker::console_error!("a panic in the alarm, reported above"),
        }
        // Whatever happened: what is still to be done has its time in the table.
        if let Err(problem) = self.inner.rearm().await {
            return Err(worker::Error::RustError(problem.body().to_string()));
        }
        Response::empty()
    }
}

impl Inner {
    async fn route(&self, request: Request) -> Outcome<Response> {
        let asked = Asked::read(request).await?;
        if asked.own() == Some("_create") {
            return self.create(&asked).await;
        }
        self.settings()?;
        self.check_retention().await?;
        match asked.own() {
            Some(word) => self.own(&asked, word).await,
            None => {
                let path = asked.path();
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                self.public(&asked, &path).await
            }
        }
    }

    /// What the Worker asks for itself.
    async fn own(&self, asked: &Asked, word: &str) -> Outcome<Response> {
        match word {
            "_ingest" => self.ingest(asked).await,
            "_loader" => {
                self.database.count_loader();
                let settings = self.settings()?;
                let shown = Response::ok(settings.public().to_string())?;
                if !settings.origins.is_empty() {
                    // They are not for everybody: only the frame names them, as it must.
                    shown.headers().set("x-origins", &settings.origins.join(" "))?;
                }
                Ok(shown)
            }
            "_mail" => {
                let may = self.role_of(asked)?.covers(Role::Read);
                if may { self.mail(asked) } else { Err(Problem::forbidden()) }
            }
            "_export" => self.by_owner(asked).and_then(|()| self.export(asked)),
            "_import" => self.by_owner(asked).and_then(|()| self.import(asked.address.query(), &asked.body)),
            "_zone" => {
                self.by_owner(asked)?;
                let settings = self.settings()?;
                let importing = (&settings.zone, self.first_kept()?);
                reply::json_text(200, serde_json::to_vec(&importing).map_err(Problem::internal)?)
            }
            #[cfg(feature = "faults")]
            "_panic" => broken(),
            #[cfg(feature = "faults")]
            "_hang" => {
                worker::Delay::from(std::time::Duration::from_secs(3600)).await;
                reply::json(200, &json!({}))
            }
            #[cfg(feature = "faults")]
            "_clock" => {
                let ahead = asked.address.query().parse().unwrap_or(0);
                clock::AHEAD.store(ahead, std::sync::atomic::Ordering::Relaxed);
                self.check_retention().await?;
                self.rearm().await?;
                reply::json(200, &json!({ "now": clock::iso(now()), "retained": self.is_retained()? }))
            }
            _ => Err(Problem::not_found("page or endpoint")),
        }
    }

    /// What everybody may ask, and behind it what needs a key.
    async fn public(&self, asked: &Asked, path: &[&str]) -> Outcome<Response> {
        match (path, asked.method.as_str()) {
            (["due"], "GET") => {
                self.limit_visitor(asked, 1)?;
                self.due(asked)
            }
            (["badge.svg"], "GET") => self.badge(true),
            (["badge.json"], "GET") => self.badge(false),
            (["changes"], "GET") => self.public_notes(),
            _ => self.with_key(asked, path).await,
        }
    }

    /// Refuses any key but an owner's.
    fn by_owner(&self, asked: &Asked) -> Outcome<()> {
        if self.role_of(asked)? == Role::Owner { Ok(()) } else { Err(Problem::forbidden()) }
    }

    /// The role of the key that was shown, within the limits.
    fn role_of(&self, asked: &Asked) -> Outcome<Role> {
        let role = match self.role(asked) {
            Ok(role) => role,
            Err(problem) => return Err(self.limit_strangers().err().unwrap_or(problem)),
        };
        self.limit_owner()?;
        Ok(role)
    }

    /// What needs a key: each with the role that may do it.
    async fn with_key(&self, asked: &Asked, path: &[&str]) -> Outcome<Response> {
        use Role::{Owner, Read, Share};
        let role = self.role_of(asked)?;
        let may = |needed: Role| if role.covers(needed) { Ok(()) } else { Err(Problem::forbidden()) };
        match (path, asked.method.as_str()) {
            (["score"], "GET") => may(Share).and_then(|()| self.score(asked)),
            (["notes"], "GET") => may(Share).and_then(|()| self.list_notes(asked, role.covers(Read))),
            (["cases"], "GET") => may(Read).and_then(|()| self.cases()),
            _ => {
                may(Owner)?;
                self.owners(asked, path).await
            }
        }
    }

    /// What only an owner may do. A path or method that is not here does not get past the Worker.
    async fn owners(&self, asked: &Asked, path: &[&str]) -> Outcome<Response> {
        match (path, asked.method.as_str()) {
            ([""], "GET") => self.show(asked),
            ([""], "PATCH") => self.change(asked).await,
            (["survey"], "GET") => self.show_survey(asked),
            (["survey"], "PUT") => self.put_survey(asked),
            (["responses"], "GET") => self.list(asked),
            (["responses", id], "GET") => self.one(asked, id),
            (["responses", id], "PATCH") => {
                let patched = self.patch(asked, id)?;
                self.arm().await?;
                Ok(patched)
            }
            (["responses", id], "DELETE") => self.erase(id),
            (["users"], "POST") => self.users(asked),
            (["users", user], "GET") => self.person(asked, user),
            (["users", user], "DELETE") => self.erase_person(user).await,
            (["links"], "POST") => self.create_links(asked),
            (["keys"], "GET") => self.list_keys(asked),
            (["keys"], "POST") => self.create_key(asked),
            (["keys", id], "DELETE") => self.revoke_key(id),
            (["notes"], "POST") => self.create_note(asked),
            (["notes", id], "PATCH") => self.patch_note(asked, id),
            (["notes", id], "DELETE") => self.delete_note(id),
            (["webhooks"], "GET") => self.list_webhooks(),
            (["webhooks"], "POST") => self.create_webhook(asked).await,
            (["webhooks", id], "GET") => self.one_webhook(id),
            (["webhooks", id], "PATCH") => self.patch_webhook(asked, id).await,
            (["webhooks", id], "DELETE") => self.delete_webhook(id),
            (["webhooks", id, "test"], "POST") => self.test_webhook(id).await,
            (["webhooks", id, "rotate"], "POST") => self.rotate_webhook(id),
            (["webhooks", id, "deliveries"], "GET") => self.deliveries(asked, id),
            (["webhooks", id, "deliveries", delivery, "replay"], "POST") => self.replay(id, delivery).await,
            (["usage"], "GET") => reply::json(200, &self.database.usage()),
            _ => Err(Problem::not_found("page or endpoint")),
        }
    }

    /// Whether the site was created.
    fn exists(&self) -> Outcome<bool> {
        schema::ready(&self.database)
    }

    /// The site's settings; 404 where it was never created. Asking does not create anything.
    fn settings(&self) -> Outcome<Rc<Settings>> {
        if let Some(settings) = self.settings.borrow().clone() {
            return Ok(settings);
        }
        if !self.exists()? {
            return Err(Problem::no_site());
        }
        let stored = self.meta("settings")?.ok_or_else(Problem::no_site)?;
        let settings: Rc<Settings> = Rc::new(serde_json::from_str(&stored).map_err(Problem::internal)?);
        self.settings.replace(Some(settings.clone()));
        Ok(settings)
    }

    /// Something small that is kept by name.
    fn meta(&self, name: &str) -> Outcome<Option<String>> {
        self.database.text("SELECT value FROM meta WHERE name = ?", vec![name.into()])
    }

    fn set_meta(&self, name: &str, value: &str) -> Outcome<()> {
        let keep = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)";
        self.database.run(keep, vec![name.into(), value.into()])?;
        Ok(())
    }

    /// The collector's secret. Without it the Worker would not have asked.
    fn secret(&self) -> Outcome<Secret> {
        let text = setting(&self.env, "GRAPEVINE_SECRET").unwrap_or_default();
        Secret::new(text).ok_or_else(|| Problem::internal("no secret in the object"))
    }

    /// The present day of the site.
    fn today(&self, settings: &Settings) -> Day {
        settings.zone.day_of(now())
    }
}

#[cfg(feature = "faults")]
#[expect(clippy::panic, reason = "the route is there to panic, and only in test builds")]
fn broken() -> Outcome<Response> {
    panic!("asked to panic in the object")
}
