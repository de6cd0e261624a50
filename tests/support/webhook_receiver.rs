//! Receiver of webhooks: a small HTTP server with scripted responses that records its requests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::client::until;

/// A receiver on a free port of 127.0.0.1. Dropping it closes the port.
pub struct WebhookReceiver {
    port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    script: Mutex<VecDeque<ScriptedResponse>>,
    /// Response to everything that is not scripted.
    otherwise: Mutex<Option<ScriptedResponse>>,
    /// Text that a web application firewall in front of the receiver refuses.
    refused: Mutex<Option<String>>,
    calls: Mutex<Vec<ReceivedRequest>>,
    /// Requests that wait for their response: now, and at most.
    open: Mutex<(usize, usize)>,
}

/// Response to one request.
#[derive(Debug, Clone)]
pub struct ScriptedResponse {
    status: u16,
    header: String,
    after: Duration,
    has_endless_body: bool,
}

impl ScriptedResponse {
    /// Creates an immediate response with that status.
    pub fn new(status: u16) -> Self {
        Self { status, header: String::new(), after: Duration::ZERO, has_endless_body: false }
    }

    /// Sets a header.
    pub fn with(self, name: &str, value: &str) -> Self {
        Self { header: format!("{name}: {value}\r\n"), ..self }
    }

    /// Delays the response.
    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    /// Promises a body that never comes.
    pub fn with_endless_body(self) -> Self {
        Self { has_endless_body: true, ..self }
    }
}

/// Request as it was received.
#[derive(Debug, Clone)]
pub struct ReceivedRequest {
    pub method: String,
    pub path: String,
    /// Names are in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl WebhookReceiver {
    /// Starts a receiver that responds 200 to everything.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State::default());
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Self { port, state, task }
    }

    /// Returns the URL of the receiver's endpoint.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// Scripts the next responses, one for each request. Later requests get 200.
    pub fn script(&self, replies: impl IntoIterator<Item = ScriptedResponse>) {
        self.state.script.lock().unwrap().extend(replies);
    }

    /// Sets the response to every request that is not scripted.
    pub fn respond(&self, response: ScriptedResponse) {
        *self.state.otherwise.lock().unwrap() = Some(response);
    }

    /// Responds 403 to every body that contains a text, as a web application firewall does; `None`
    /// ends that.
    pub fn refuse(&self, text: Option<&str>) {
        *self.state.refused.lock().unwrap() = text.map(str::to_owned);
    }

    /// Returns the most requests that waited for their response at the same time.
    pub fn most_at_once(&self) -> usize {
        self.state.open.lock().unwrap().1
    }

    /// Returns the requests received so far.
    pub fn calls(&self) -> Vec<ReceivedRequest> {
        self.state.calls.lock().unwrap().clone()
    }

    /// Returns the received requests, once there are `times` of them.
    pub async fn called(&self, times: usize) -> Vec<ReceivedRequest> {
        let what = format!("{times} webhooks at {}", self.url());
        until(&what, async || Some(self.calls()).filter(|calls| calls.len() >= times)).await
    }
}

impl Drop for WebhookReceiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ReceivedRequest {
    /// Returns a header, empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Parses the body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.body))
    }

    /// Whether a signature of the request is made with that secret, checked as a Standard Webhooks
    /// library does.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = secret.strip_prefix("whsec_").expect("a secret of Standard Webhooks");
        let key = BASE64_STANDARD.decode(key).expect("Base64");
        let sent = self.header("webhook-timestamp").parse().expect("a time");
        // The unit test of `sign` has the published example.
        let right = collector_core::webhook::sign(&key, self.header("webhook-id"), sent, &self.body);
        self.header("webhook-signature").split(' ').any(|signature| signature == right)
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let mut stream = BufReader::new(stream);
    let Some(call) = read(&mut stream).await else { return };
    let is_refused = state.refused.lock().unwrap().as_ref().is_some_and(|text| call.body.contains(text));
    let otherwise = || state.otherwise.lock().unwrap().clone().unwrap_or(ScriptedResponse::new(200));
    let response = {
        // The calls are in the order of the script.
        let mut calls = state.calls.lock().unwrap();
        calls.push(call);
        match is_refused {
            true => ScriptedResponse::new(403),
            false => state.script.lock().unwrap().pop_front().unwrap_or_else(otherwise),
        }
    };
    {
        let mut open = state.open.lock().unwrap();
        open.0 += 1;
        open.1 = open.1.max(open.0);
    }
    tokio::time::sleep(response.after).await;
    state.open.lock().unwrap().0 -= 1;
    let length = if response.has_endless_body { 1_000_000 } else { 0 };
    let answer = format!(
        "HTTP/1.1 {} Scripted\r\n{}content-length: {length}\r\nconnection: close\r\n\r\n",
        response.status, response.header
    );
    // The collector may be gone by now.
    let _ = stream.write_all(answer.as_bytes()).await;
    if response.has_endless_body {
        // Until the collector closes the connection.
        let _ = stream.read(&mut [0; 16]).await;
    }
}

/// Reads a whole request; `None` if the connection ends before.
pub(crate) async fn read(stream: &mut BufReader<TcpStream>) -> Option<ReceivedRequest> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|bytes| *bytes > 0)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut words = lines.first()?.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let headers = lines.iter().skip(1).filter_map(|line| line.split_once(':'));
    let headers: BTreeMap<String, String> =
        headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let length = headers.get("content-length").map_or(Some(0), |length| length.parse().ok())?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(ReceivedRequest { method, path, headers, body: String::from_utf8(body).ok()? })
}
