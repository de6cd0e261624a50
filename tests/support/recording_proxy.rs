//! Proxy that records every byte that a browser sends to the collector.
//!
//! The page's tag points at it, and the widget sends everything to the origin of its script.
//! Requests and responses pass unchanged, except that each has its own connection.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A proxy on a free port of 127.0.0.1. Dropping it closes the port.
pub struct RecordingProxy {
    port: u16,
    prefix: &'static str,
    recorded: Arc<Mutex<Vec<RecordedRequest>>>,
    task: JoinHandle<()>,
}

/// A request as it was received.
#[derive(Debug, Clone)]
pub struct RecordedRequest {
    /// The request line and the headers, with the empty line.
    pub head: String,
    pub body: String,
}

impl RecordingProxy {
    /// Starts a proxy in front of a collector.
    pub async fn start(collector: &str) -> Self {
        Self::start_below(collector, "").await
    }

    /// Stands in front of a collector of that address, and takes a prefix off the path of each
    /// request. Without it the answer is 404.
    pub async fn start_below(collector: &str, prefix: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let recorded = Arc::new(Mutex::default());
        let (shared, to) = (recorded.clone(), collector.trim_start_matches("http://").to_owned());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, to.clone(), prefix, shared.clone()));
            }
        });
        Self { port, prefix, recorded, task }
    }

    /// Returns the URL of the proxy, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.prefix)
    }

    /// Returns every request so far, in order.
    pub fn sent(&self) -> Vec<RecordedRequest> {
        self.recorded.lock().unwrap().clone()
    }

    /// Returns and forgets the requests so far.
    pub fn take(&self) -> Vec<RecordedRequest> {
        std::mem::take(&mut *self.recorded.lock().unwrap())
    }
}

impl Drop for RecordingProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl RecordedRequest {
    /// Returns the path with its query.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// Returns the header names, in lower case, with their values. A name may occur twice.
    pub fn headers(&self) -> Vec<(String, String)> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect()
    }

    /// Returns a header, if it is present.
    pub fn header(&self, wanted: &str) -> Option<String> {
        self.headers().into_iter().find_map(|(name, value)| (name == wanted).then_some(value))
    }

    /// Parses the body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.body))
    }
}

async fn pass(
    stream: TcpStream,
    to: String,
    prefix: &str,
    recorded: Arc<Mutex<Vec<RecordedRequest>>>,
) -> Option<()> {
    let mut browser = BufReader::new(stream);
    // Browsers open connections in advance.
    let sent = read(&mut browser).await?;
    let lines =
        sent.head.trim_end().lines().filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let head: String = lines.flat_map(|line| [line, "\r\n"]).collect();
    if !sent.path().starts_with(prefix) {
        let missing = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        return browser.write_all(missing.as_bytes()).await.ok();
    }
    let head = head.replacen(prefix, "", 1);
    let request = format!("{head}connection: close\r\n\r\n{}", sent.body);
    recorded.lock().unwrap().push(sent);
    let mut collector = TcpStream::connect(to).await.ok()?;
    collector.write_all(request.as_bytes()).await.ok()?;
    // The browser may be gone by now.
    copy(&mut collector, &mut browser).await.ok()?;
    browser.shutdown().await.ok()
}

/// Reads a whole request; `None` if the connection ends before.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<RecordedRequest> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        stream.read_line(&mut head).await.ok().filter(|bytes| *bytes > 0)?;
    }
    let mut sent = RecordedRequest { head, body: String::new() };
    assert_eq!(sent.header("transfer-encoding"), None, "a body of a length that is not said: {sent:?}");
    let length = sent.header("content-length").map_or(Some(0), |length| length.parse().ok())?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    sent.body = String::from_utf8(body).ok()?;
    Some(sent)
}
