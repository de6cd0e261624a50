//! The wire of WebDriver: a command is a path and some JSON, its answer a value or an error with a name.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::Window;
use crate::http::Client;

/// How long a window may take to get its size.
const PATIENCE: Duration = Duration::from_secs(10);

/// A session with a driver.
#[derive(Debug)]
pub struct Wire {
    port: u16,
    session: String,
}

impl Wire {
    /// Has the driver start its browser.
    pub fn begin(port: u16, capabilities: &Value) -> Result<Self> {
        let mut wire = Self { port, session: String::new() };
        let begun = wire.post("", &json!({ "capabilities": { "alwaysMatch": capabilities } }))?;
        let id = begun["sessionId"].as_str().context("the driver names no session")?;
        wire.session = format!("/{id}");
        Ok(wire)
    }

    pub fn get(&self, path: &str) -> Result<Value> {
        self.command("GET", path, "")
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.command("POST", path, &body.to_string())
    }

    pub fn delete(&self, path: &str) -> Result<Value> {
        self.command("DELETE", path, "")
    }

    /// Runs the body of a function in the page and answers what it returns; of a promise, what that comes to.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Does what keys and the pointer do.
    pub fn act(&self, actions: &Value) -> Result<()> {
        self.post("/actions", &json!({ "actions": actions })).map(drop)
    }

    fn command(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        let path = format!("/session{}{path}", self.session);
        // A connection for each command: a driver may close one that was idle, just when it is used again.
        let answer = Client::new(self.port).send(method, &path, None, "application/json", body.as_bytes())?;
        let mut said: Value =
            serde_json::from_slice(&answer.body).with_context(|| format!("no JSON for {path}: {answer}"))?;
        let value = said["value"].take();
        if answer.status != 200 {
            let (error, message) = (value["error"].as_str(), value["message"].as_str());
            let body: String = body.chars().take(400).collect();
            bail!("{}: {}\nof {method} {path} {body}", error.unwrap_or("error"), message.unwrap_or_default());
        }
        Ok(value)
    }
}

/// Makes the page of that size, not the window with its bars around it.
pub fn fit(wire: &Wire, window: &Window) -> Result<()> {
    let begun = Instant::now();
    loop {
        let sizes = wire.run("return [innerWidth, innerHeight, outerWidth, outerHeight];")?;
        let [width, height, outer_width, outer_height] =
            [0, 1, 2, 3].map(|at| sizes[at].as_i64().unwrap_or_default());
        let wanted = (i64::from(window.width), i64::from(window.height));
        if (width, height) == wanted {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "the page is {width} × {height} instead of {wanted:?}");
        let (width, height) = (wanted.0 + outer_width - width, wanted.1 + outer_height - height);
        wire.post("/window/rect", &json!({ "x": 0, "y": 0, "width": width, "height": height }))?;
        // The page hears of its size a little later.
        sleep(Duration::from_millis(20));
    }
}
