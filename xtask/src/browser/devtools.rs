//! Chromium's DevTools protocol on the browser itself, which alone creates and disposes of
//! contexts. chromedriver passes on only what concerns one tab.

use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

use crate::http::Client;

/// Time in which the browser must respond to a command.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// Connection to the browser target of a Chromium.
#[derive(Debug)]
pub struct DevTools {
    socket: WebSocket<TcpStream>,
    last_id: u64,
}

impl DevTools {
    /// Connects to a browser by the address of its DevTools, `HOST:PORT`.
    pub fn connect(address: &str) -> Result<Self> {
        let port = address.rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.with_context(|| format!("`{address}` has no port"))?;
        let version = Client::new(port).send("GET", "/json/version", None, "", b"")?;
        let version: Value = serde_json::from_slice(&version.body)?;
        let url = version["webSocketDebuggerUrl"].as_str().context("no address of the browser target")?;
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(RESPONSE_TIMEOUT))?;
        let (socket, _) = tungstenite::client(url, stream).context("cannot connect to DevTools")?;
        Ok(Self { socket, last_id: 0 })
    }

    /// Sends a command and returns its result.
    pub fn call(&mut self, method: &str, params: &Value) -> Result<Value> {
        self.last_id += 1;
        let command = json!({ "id": self.last_id, "method": method, "params": params });
        self.socket.send(Message::text(command.to_string()))?;
        loop {
            let message = self.socket.read().with_context(|| format!("no response to {method}"))?;
            let Message::Text(text) = message else { continue };
            let mut response: Value = serde_json::from_str(&text)?;
            // Events have no id.
            if response["id"] != self.last_id {
                continue;
            }
            if !response["error"].is_null() {
                bail!("{method}: {}", response["error"]);
            }
            return Ok(response["result"].take());
        }
    }
}
