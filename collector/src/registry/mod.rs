//! The registry: the object that lists the sites of a collector.
//!
//! Nobody writes to it but the sites themselves, and only when a site is created, renamed or
//! deleted. A site keeps the task of registering among its own (`site::registration`), in the
//! transaction of the change. So the registry may be away, or lost as a whole, and holds up no
//! site.

pub mod client;
pub mod protocol;
mod store;

use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use worker::worker_sys::DurableObjectState;
use worker::{Env, wasm_bindgen};

use self::protocol::RegistryCommand;
use crate::http::{ApiResult, Problem, Response, response};
use crate::json_object;
use crate::site::database::Database;
use crate::{panic, promise};

/// Durable Object class, bound as `REGISTRY`. There is one object of it.
#[wasm_bindgen(wasm_bindgen = worker::wasm_bindgen)]
pub struct Registry {
    database: AssertUnwindSafe<Rc<Database>>,
}

#[wasm_bindgen(
    wasm_bindgen = worker::wasm_bindgen,
    js_sys = worker::js_sys
)]
impl Registry {
    /// Creates the object in memory. The database is not touched yet.
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, _env: Env) -> Result<Self, JsValue> {
        Ok(Self { database: AssertUnwindSafe(Rc::new(Database::new(state.storage()?))) })
    }

    /// Handles a command of a site or of the Worker.
    #[wasm_bindgen(js_name = handle)]
    pub fn handle(&self, command: String) -> Result<JsValue, JsValue> {
        let database = self.database.clone();
        promise::start(async move {
            let handled = async { carry_out(&database, &command) };
            let handled = panic::catch(handled, "a panic in the registry, reported above").await;
            Ok(handled.unwrap_or_else(Problem::into_response).to_text().into())
        })
    }
}

fn carry_out(database: &Database, command: &str) -> ApiResult<Response> {
    match json_object::from_json(command)? {
        RegistryCommand::Put(entry) => {
            store::put(database, entry)?;
            Ok(response::empty(204))
        }
        RegistryCommand::List(list) => store::list(database, list),
    }
}
