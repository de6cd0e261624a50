//! The object of one site: the only writer of its responses.
//!
//! Guarantees:
//! - **An acknowledged response is on disk.** The runtime holds every reply back until the writes
//!   before it are durable.
//! - **Counts equal rows.** Triggers change the totals within the statement that changes the row,
//!   and a statement is all or nothing. Nothing else writes the totals.
//! - **A response counts once.** It is keyed by the id that the browser made, so a duplicate
//!   changes nothing.
//! - **A panic leaves the state whole.** No field is half changed at a point where a panic can
//!   leave: queues are taken and replaced as one, and the database rolls its statement back.
//! - **Visitors come first.** Long work (backfill of a property, a new time zone, retention) goes
//!   by pages from one alarm ([`alarm`]).
//!
//! A call carries a [`Command`](crate::protocol::Command), and [`dispatch`] hands it to a handler,
//! which is a function in the file of its resource that takes the [`SiteState`] or a part of it. A
//! caller's path never reaches the object, so no request can be taken for an internal command.

mod alarm;
mod archive;
mod audit;
mod auth;
mod badge;
pub mod clock;
mod create;
pub mod database;
mod deletion;
mod dispatch;
mod email_row;
mod fields;
mod identity;
mod imports;
pub mod ingest;
mod invitations;
mod jobs;
mod keys;
mod meta;
mod notes;
mod properties;
mod property_values;
mod published;
mod rate_limits;
mod registration;
pub mod request;
mod responses;
mod scheduler;
mod schema;
mod score;
mod settings;
mod sightings;
pub mod site_settings;
mod state;
mod storage_check;
mod survey;
mod unchanged;
mod usage;
mod users;
mod webhooks;

use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use worker::worker_sys::DurableObjectState;
use worker::{Env, wasm_bindgen};

use self::state::SiteState;
use crate::protocol::REPLY_HEADER;
use crate::{log, panic, promise};

/// Durable Object class, bound as `SITES`.
///
/// Its exports are written here instead of by `#[durable_object]`, which knows `fetch` only, and
/// reads all of each request whether needed or not.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
pub struct Site {
    state: AssertUnwindSafe<Rc<SiteState>>,
}

#[wasm_bindgen(
    wasm_bindgen = worker::wasm_bindgen,
    js_sys = worker::js_sys
)]
impl Site {
    /// Creates the object in memory. The database is not touched yet.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Result<Self, JsValue> {
        let storage = state.storage()?;
        Ok(Self { state: AssertUnwindSafe(Rc::new(SiteState::new(state.into(), storage, env))) })
    }

    /// Handles a command of the Worker. Returns nothing, a [`Response`](crate::http::Response) as
    /// text, a response of the runtime, or a promise of one of these.
    #[wasm_bindgen(js_name = handle)]
    pub fn handle(&self, command: String, body: String) -> Result<JsValue, JsValue> {
        let state = self.state.clone();
        promise::start(async move {
            let handled = dispatch::dispatch(&state, &command, body);
            match panic::catch(handled, "a panic in the object, reported above").await {
                Ok(None) => Ok(JsValue::UNDEFINED),
                // Pages of exports are large, and the runtime can pass them on as they are.
                Ok(Some(page)) if page.header(REPLY_HEADER).is_some() => Ok(page.into_runtime()?.into()),
                Ok(Some(response)) => Ok(response.to_text().into()),
                Err(problem) => Ok(problem.into_response().to_text().into()),
            }
        })
    }

    /// Runs the scheduled tasks that are due.
    #[wasm_bindgen(js_name = alarm)]
    pub fn alarm(&self) -> Result<JsValue, JsValue> {
        let state = self.state.clone();
        promise::start(async move {
            let tasks = alarm::run_due_tasks(&state);
            if let Err(problem) = panic::catch(tasks, "a panic in the alarm, reported above").await {
                log::problem("alarm-failed", "", &problem);
            }
            // Whatever happened: each task that is left has its time in the table.
            alarm::reset(&state).await?;
            Ok(JsValue::UNDEFINED)
        })
    }
}
