//! Everything that a browser sends to a collector, to the byte.
//!
//! It stands between the two: the page's tag names it, and since the widget speaks to wherever its
//! script came from, all of it comes by here. Requests go on as they came, but for one connection
//! each; answers are passed back untouched.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Listens on a free port of 127.0.0.1 until it is dropped.
pub struct RecordingProxy {
    port: u16,
    prefix: &'static str,
    kept: Arc<Mutex<Vec<Sent>>>,
    task: JoinHandle<()>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The request line and the headers, with the empty line.
    pub head: String,
    pub body: String,
}

impl RecordingProxy {
    /// Stands in front of a collector of that address.
    pub async fn start(collector: &str) -> Self {
        Self::start_below(collector, "").await
    }

    /// Stands in front of a collector of that address, and takes a prefix off the path of each
    /// request. Without it the answer is 404.
    pub async fn start_below(collector: &str, prefix: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let kept = Arc::new(Mutex::default());
        let (shared, to) = (kept.clone(), collector.trim_start_matches("http://").to_owned());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(pass(stream, to.clone(), prefix, shared.clone()));
            }
        });
        Self { port, prefix, kept, task }
    }

    /// Returns the URL of the proxy, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.prefix)
    }

    /// Every request so far, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.kept.lock().unwrap().clone()
    }

    /// Every request since the last time this was asked.
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.kept.lock().unwrap())
    }
}

impl Drop for RecordingProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Sent {
    /// The path with its query.
    pub fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// Names, in lower case, with their values. A name may come twice.
    pub fn headers(&self) -> Vec<(String, String)> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect()
    }

    /// A header, where it is there.
    pub fn header(&self, wanted: &str) -> Option<String> {
        self.headers().into_iter().find_map(|(name, value)| (name == wanted).then_some(value))
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.body))
    }
}

async fn pass(stream: TcpStream, to: String, prefix: &str, kept: Arc<Mutex<Vec<Sent>>>) -> Option<()> {
    let mut browser = BufReader::new(stream);
    // A browser opens connections that it may not use.
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
    kept.lock().unwrap().push(sent);
    let mut collector = TcpStream::connect(to).await.ok()?;
    collector.write_all(request.as_bytes()).await.ok()?;
    // The browser may have gone away by now.
    copy(&mut collector, &mut browser).await.ok()?;
    browser.shutdown().await.ok()
}

/// A whole request; `None` where it ends before that.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<Sent> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        stream.read_line(&mut head).await.ok().filter(|bytes| *bytes > 0)?;
    }
    let mut sent = Sent { head, body: String::new() };
    assert_eq!(sent.header("transfer-encoding"), None, "a body of a length that is not said: {sent:?}");
    let length = sent.header("content-length").map_or(Some(0), |length| length.parse().ok())?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    sent.body = String::from_utf8(body).ok()?;
    Some(sent)
}
