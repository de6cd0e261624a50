//! A receiver of webhooks: a small HTTP server that answers as a test tells it to, and keeps what
//! it was sent.

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

/// Listens on a free port of 127.0.0.1 until it is dropped.
pub struct WebhookReceiver {
    port: u16,
    kept: Arc<Kept>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Kept {
    script: Mutex<VecDeque<ScriptedResponse>>,
    calls: Mutex<Vec<ReceivedRequest>>,
}

/// Reply to one request.
#[derive(Debug, Clone)]
pub struct ScriptedResponse {
    status: u16,
    header: String,
    after: Duration,
}

impl ScriptedResponse {
    /// At once, with that status.
    pub fn new(status: u16) -> Self {
        Self { status, header: String::new(), after: Duration::ZERO }
    }

    /// With one header more.
    pub fn with(self, name: &str, value: &str) -> Self {
        Self { header: format!("{name}: {value}\r\n"), ..self }
    }

    /// After a while.
    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
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
    /// Answers 200 to everything until it is told otherwise.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let kept = Arc::new(Kept::default());
        let shared = kept.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone()));
            }
        });
        Self { port, kept, task }
    }

    /// Returns the URL of the receiver's endpoint.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    /// Answers the next requests so, one each, and those after them with 200.
    pub fn script(&self, replies: impl IntoIterator<Item = ScriptedResponse>) {
        self.kept.script.lock().unwrap().extend(replies);
    }

    /// Returns the requests received so far.
    pub fn calls(&self) -> Vec<ReceivedRequest> {
        self.kept.calls.lock().unwrap().clone()
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
    /// A header, empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.body))
    }

    /// Whether one of its signatures is made with that secret, as a library of Standard Webhooks
    /// checks it.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = secret.strip_prefix("whsec_").expect("a secret of Standard Webhooks");
        let key = BASE64_STANDARD.decode(key).expect("Base64");
        let sent = self.header("webhook-timestamp").parse().expect("a time");
        // The function has the published example as its own test.
        let right = collector_core::webhook::sign(&key, self.header("webhook-id"), sent, &self.body);
        self.header("webhook-signature").split(' ').any(|signature| signature == right)
    }
}

async fn serve(stream: TcpStream, kept: Arc<Kept>) {
    let mut stream = BufReader::new(stream);
    let Some(call) = read(&mut stream).await else { return };
    kept.calls.lock().unwrap().push(call);
    let reply = kept.script.lock().unwrap().pop_front().unwrap_or(ScriptedResponse::new(200));
    tokio::time::sleep(reply.after).await;
    let answer = format!(
        "HTTP/1.1 {} Scripted\r\n{}content-length: 0\r\nconnection: close\r\n\r\n",
        reply.status, reply.header
    );
    // The collector may have gone by now.
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// A whole request; `None` where it ends before that.
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
