//! Proxy between a page and the collector. It simulates a network that loses, delays or refuses
//! requests, and the captive portal of a hotel.
//!
//! Without a script it passes everything on. It records every request in order, also those that it
//! does not pass on.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use reqwest::redirect::Policy;
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::client::until;
use crate::webhook_receiver::{ReceivedRequest, read};

/// Time limit for a response of the collector.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A proxy on a free port of 127.0.0.1. It ends when this is dropped.
pub struct FaultyProxy {
    port: u16,
    state: Arc<State>,
    task: Option<JoinHandle<()>>,
}

struct State {
    http: reqwest::Client,
    collector: Mutex<String>,
    script: Mutex<VecDeque<Fault>>,
    otherwise: Mutex<Fault>,
    calls: Mutex<Vec<ReceivedRequest>>,
}

/// Fault for a message, which is any request but a GET. A page's files always pass.
#[derive(Debug, Clone)]
pub enum Fault {
    /// No fault: the message reaches the collector, and the response the page.
    None,
    /// A delay before the message reaches the collector.
    Delay(Duration),
    /// A connection that ends before the response, after the message has reached the collector.
    DropResponse,
    /// A connection that ends without a response; the collector receives nothing.
    DropRequest,
    /// A response in the collector's place: status, headers, body.
    Respond(u16, &'static [(&'static str, &'static str)], &'static str),
}

impl Fault {
    /// 503 without `Retry-After`, from a busy collector.
    pub const BUSY: Self = Self::Respond(503, &[], "");

    /// Response of the collector to a message that it will never accept.
    pub const REFUSED: Self = Self::Respond(
        422,
        &[("content-type", "application/problem+json")],
        r#"{"type": "about:blank", "title": "Invalid", "status": 422}"#,
    );

    /// 503 with `Retry-After` of three seconds.
    pub const BUSY_3_S: Self = Self::Respond(503, &[("retry-after", "3")], "");

    /// Response of a hotel's network to every request until the guest has agreed to its terms.
    pub const PORTAL: Self = Self::Respond(
        200,
        &[("content-type", "text/html")],
        "<!doctype html><title>Welcome</title><p>Agree to our terms.",
    );
}

impl FaultyProxy {
    /// Starts a proxy that passes everything on to a collector.
    pub async fn start(collector: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).timeout(TIMEOUT);
        let state = Arc::new(State {
            http: http.build().expect("a client"),
            collector: Mutex::new(collector.to_owned()),
            script: Mutex::default(),
            otherwise: Mutex::new(Fault::None),
            calls: Mutex::default(),
        });
        let mut proxy = Self { port: 0, state, task: None };
        proxy.open().await;
        proxy
    }

    /// Returns the URL of the proxy, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Passes on to another collector from now on.
    pub fn point(&self, collector: &str) {
        *lock(&self.state.collector) = collector.to_owned();
    }

    /// Applies these faults to the next messages, one each. Later messages get the fault set
    /// before.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        lock(&self.state.script).extend(faults);
    }

    /// Applies a fault to every message from now on.
    pub fn always(&self, fault: Fault) {
        lock(&self.state.script).clear();
        *lock(&self.state.otherwise) = fault;
    }

    /// Refuses every connection from now on.
    pub async fn close(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            // The port is free once the task has ended.
            let _ = task.await;
        }
    }

    /// Accepts connections again, on the same port.
    pub async fn open(&mut self) {
        self.close().await;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listener = TcpListener::bind(address).await.expect("a free port");
        self.port = listener.local_addr().expect("an address").port();
        let state = self.state.clone();
        self.task = Some(tokio::spawn(async move {
            // The connections end with this task.
            let mut served = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                served.spawn(serve(stream, state.clone()));
            }
        }));
    }

    /// Returns every request so far.
    pub fn calls(&self) -> Vec<ReceivedRequest> {
        lock(&self.state.calls).clone()
    }

    /// Returns every message so far, whether or not it was passed on.
    pub fn messages(&self) -> Vec<ReceivedRequest> {
        let mut calls = self.calls();
        calls.retain(|call| call.method == "POST");
        calls
    }

    /// Returns the messages, once there are `times` of them.
    pub async fn sent(&self, times: usize) -> Vec<ReceivedRequest> {
        let what = format!("{times} messages at {}", self.url());
        until(&what, async || Some(self.messages()).filter(|messages| messages.len() >= times)).await
    }
}

impl Drop for FaultyProxy {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics with it")
}

impl State {
    fn fault(&self, call: &ReceivedRequest) -> Fault {
        if call.method == "GET" {
            return Fault::None;
        }
        let next = lock(&self.script).pop_front();
        next.unwrap_or_else(|| lock(&self.otherwise).clone())
    }

    /// Returns the response of the collector; `None` where the collector cannot be reached.
    async fn pass(&self, call: &ReceivedRequest) -> Option<Vec<u8>> {
        let url = lock(&self.collector).clone() + &call.path;
        let mut request = self.http.request(call.method.parse().ok()?, url).body(call.body.clone());
        for (name, value) in call.headers.iter().filter(|(name, _)| !is_of_connection(name)) {
            request = request.header(name, value);
        }
        let response = request.send().await.ok()?;
        let mut head = format!("HTTP/1.1 {}\r\n", response.status());
        for (name, value) in response.headers().iter().filter(|(name, _)| !is_of_connection(name.as_str())) {
            head += &format!("{name}: {}\r\n", value.to_str().ok()?);
        }
        Some(answer(&head, &response.bytes().await.ok()?))
    }
}

/// Whether a header belongs to one connection. The proxy has two.
fn is_of_connection(name: &str) -> bool {
    ["connection", "content-length", "host", "keep-alive", "transfer-encoding"].contains(&name)
}

/// Formats a response with its length.
fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let end = format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    [head.as_bytes(), end.as_bytes(), body].concat()
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let mut stream = BufReader::new(stream);
    // A browser opens connections that it may not use.
    let Some(call) = read(&mut stream).await else { return };
    lock(&state.calls).push(call.clone());
    let answer = match state.fault(&call) {
        Fault::None => state.pass(&call).await,
        Fault::Delay(after) => {
            tokio::time::sleep(after).await;
            state.pass(&call).await
        }
        Fault::DropResponse => {
            state.pass(&call).await;
            None
        }
        Fault::DropRequest => None,
        Fault::Respond(status, headers, body) => {
            // With the CORS headers of the collector, so that the page may read the response.
            let mut head = format!(
                "HTTP/1.1 {status} Scripted\r\naccess-control-allow-origin: *\r\naccess-control-expose-headers: retry-after\r\n"
            );
            for (name, value) in headers {
                head += &format!("{name}: {value}\r\n");
            }
            Some(answer(&head, body.as_bytes()))
        }
    };
    if let Some(answer) = answer {
        // A browser may be gone by now.
        let _ = stream.write_all(&answer).await;
    }
}
