//! Server of a customer's pages on its own origin, which records the requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::webhook_receiver::{ReceivedRequest, read};

/// A server on a free port of 127.0.0.1. Dropping it closes the port.
pub struct PageServer {
    port: u16,
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    /// Pages by path; the empty path is the fallback.
    pages: Mutex<BTreeMap<String, ServedPage>>,
    calls: Mutex<Vec<ReceivedRequest>>,
}

/// Response that the server gives at one path.
#[derive(Debug, Clone)]
pub struct ServedPage {
    status: u16,
    headers: String,
    body: Vec<u8>,
    pause: Duration,
}

impl ServedPage {
    /// Creates an HTML page.
    pub fn html(body: impl Into<String>) -> Self {
        Self::new("text/html; charset=utf-8", body.into())
    }

    /// Creates any other file, such as a script or an image.
    pub fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, headers: String::new(), body: body.into(), pause: Duration::ZERO }
            .with("content-type", content_type)
    }

    /// Adds a header, such as `content-security-policy`.
    pub fn with(self, name: &str, value: &str) -> Self {
        Self { headers: format!("{}{name}: {value}\r\n", self.headers), ..self }
    }

    /// Makes the clock of an HTML page run ten times as fast, from before its first script. A test
    /// that waits ten seconds then takes one.
    pub fn with_fast_clock(self) -> Self {
        let html = String::from_utf8(self.body).expect("a page is text");
        let position = html.find("<meta").expect("the page has a meta element in front of its scripts");
        let (doctype, rest) = html.split_at(position);
        let script = include_str!("js/fast_clock.js");
        Self { body: format!("{doctype}<script>{script}</script>{rest}").into(), ..self }
    }

    /// Serves it only after a pause, as a slow server does.
    pub fn after(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// Sets a status other than 200.
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

impl PageServer {
    /// Starts a server without pages, which responds 404 to everything.
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

    /// Starts a server with the same page at every path.
    pub async fn with_page(page: ServedPage) -> Self {
        let pages = Self::start().await;
        pages.put_anywhere(page);
        pages
    }

    /// Serves a page at a path, with any query, from now on.
    pub fn put(&self, path: &str, page: ServedPage) {
        assert!(path.starts_with('/'), "a path: {path}");
        self.state.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// Serves a page at every path without its own page.
    pub fn put_anywhere(&self, page: ServedPage) {
        self.state.pages.lock().unwrap().insert(String::new(), page);
    }

    /// Returns the origin of the server, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the URL of a path.
    pub fn url(&self, path: &str) -> String {
        self.origin() + path
    }

    /// Returns every request so far, in order. `/favicon.ico` is left out, since browsers request
    /// it by themselves.
    pub fn calls(&self) -> Vec<ReceivedRequest> {
        let mut calls = self.state.calls.lock().unwrap().clone();
        calls.retain(|call| call.path != "/favicon.ico");
        calls
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let mut stream = BufReader::new(stream);
    // Browsers open connections in advance.
    let Some(call) = read(&mut stream).await else { return };
    let page = {
        let pages = state.pages.lock().unwrap();
        let path = call.path.split('?').next().unwrap_or_default();
        pages.get(path).or_else(|| pages.get("")).cloned()
    };
    let head = call.method == "HEAD";
    state.calls.lock().unwrap().push(call);
    let page =
        page.unwrap_or_else(|| ServedPage::html("<!doctype html><title>Nothing here</title>").status(404));
    let start = format!(
        "HTTP/1.1 {} Served\r\n{}content-length: {}\r\nconnection: close\r\n\r\n",
        page.status,
        page.headers,
        page.body.len()
    );
    let body = if head { &[][..] } else { &page.body };
    tokio::time::sleep(page.pause).await;
    // The browser may be gone by now.
    let _ = stream.write_all(&[start.as_bytes(), body].concat()).await;
}
