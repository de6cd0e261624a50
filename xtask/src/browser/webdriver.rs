//! WebDriver client: a command is a path and JSON, the response a value or a named error.

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::Window;
use crate::http::Client;

/// Time in which a window must have its size.
const RESIZE_TIMEOUT: Duration = Duration::from_secs(10);

/// Time in which a browser must end. One that hangs is killed.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// WebDriver session.
#[derive(Debug)]
pub struct Session {
    port: u16,
    path: String,
    capabilities: Value,
}

impl Session {
    /// Opens a session, for which the driver starts its browser.
    pub fn new(port: u16, capabilities: &Value) -> Result<Self> {
        let mut session = Self { port, path: String::new(), capabilities: Value::Null };
        let mut created = session.post("", &json!({ "capabilities": { "alwaysMatch": capabilities } }))?;
        let id = created["sessionId"].as_str().context("the driver returned no session id")?;
        session.path = format!("/{id}");
        session.capabilities = created["capabilities"].take();
        Ok(session)
    }

    /// Returns the port of the driver.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the capabilities of the browser.
    pub fn capabilities(&self) -> &Value {
        &self.capabilities
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

    /// Ends the session and the browser.
    pub fn end(&self) -> Result<()> {
        let client = Client::new(self.port).timeout(END_TIMEOUT);
        self.send(client, "DELETE", "", "").map(drop)
    }

    /// Closes the dialogs that are open in the current tab.
    pub fn dismiss_dialogs(&self) {
        while self.post("/alert/dismiss", &json!({})).is_ok() {}
    }

    /// Runs the body of a function in the page and returns its result, that of a promise once it
    /// has settled.
    pub fn execute(&self, script: &str) -> Result<Value> {
        self.execute_with(script, &json!([]))
    }

    /// Runs the body of a function, as [`Session::execute`] does, with arguments.
    pub fn execute_with(&self, script: &str, arguments: &Value) -> Result<Value> {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Performs actions of keys and the pointer.
    pub fn perform(&self, actions: &Value) -> Result<()> {
        self.post("/actions", &json!({ "actions": actions })).map(drop)
    }

    fn command(&self, method: &str, path: &str, body: &str) -> Result<Value> {
        self.send(Client::new(self.port), method, path, body)
    }

    fn send(&self, mut client: Client, method: &str, path: &str, body: &str) -> Result<Value> {
        let path = format!("/session{}{path}", self.path);
        // A new connection for each command: a driver may close an idle one just when it is used
        // again.
        let response = client.send(method, &path, None, "application/json", body.as_bytes())?;
        let mut json: Value = serde_json::from_slice(&response.body)
            .with_context(|| format!("no JSON for {path}: {response}"))?;
        let value = json["value"].take();
        if response.status != 200 {
            let (error, message) = (value["error"].as_str(), value["message"].as_str());
            let body: String = body.chars().take(400).collect();
            bail!("{}: {}\nof {method} {path} {body}", error.unwrap_or("error"), message.unwrap_or_default());
        }
        Ok(value)
    }
}

/// Resizes the window until the page, without the bars around it, has its size.
pub fn resize(session: &Session, window: &Window) -> Result<()> {
    let start = Instant::now();
    loop {
        let sizes = session.execute("return [innerWidth, innerHeight, outerWidth, outerHeight];")?;
        let [width, height, outer_width, outer_height] =
            [0, 1, 2, 3].map(|at| sizes[at].as_i64().unwrap_or_default());
        let wanted = (i64::from(window.width), i64::from(window.height));
        if (width, height) == wanted {
            return Ok(());
        }
        ensure!(start.elapsed() < RESIZE_TIMEOUT, "the page is {width} × {height} instead of {wanted:?}");
        let (width, height) = (wanted.0 + outer_width - width, wanted.1 + outer_height - height);
        session.post("/window/rect", &json!({ "x": 0, "y": 0, "width": width, "height": height }))?;
        // The page learns its size a little later.
        sleep(Duration::from_millis(20));
    }
}
