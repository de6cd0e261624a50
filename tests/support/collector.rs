//! A collector, as a test uses it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use xtask::{Dist, WorkerdOptions};

use crate::client::{HttpResponse, Site, send, until};
use crate::ids::noon_ms;
use crate::server::{self, Process, Runtime, Server, dist, dist_with_faults, runtime};

/// Time limit of one request. The collector's own deadline is ten seconds, and an import makes
/// several calls.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A collector under workerd, for one test alone unless it is [shared](Self::shared).
pub struct Collector {
    server: Arc<Server>,
    http: reqwest::Client,
}

impl Collector {
    /// Starts a collector without any site, which ends when it is dropped. The first call in a
    /// process builds `dist/` if it is out of date.
    pub fn start() -> Self {
        Self::from_dist(dist())
    }

    /// Returns a collector that other tests use at the same time, each with sites of its own: for
    /// what happens within a site. It cannot be stopped, and its log and its data are nobody's.
    pub fn shared() -> Self {
        Self::connect(server::shared())
    }

    /// Starts a collector with fault routes: `GET /faults/panic`, and `/faults/panic/SITE` and
    /// `/faults/hang/SITE` in the object.
    pub fn start_with_faults() -> Self {
        Self::from_dist(dist_with_faults())
    }

    /// Starts a collector with other settings.
    pub fn start_with(change: impl FnOnce(&mut WorkerdOptions)) -> Self {
        Self::with(runtime(), dist(), change)
    }

    /// Starts a collector with other settings under `wrangler dev`, whatever runs the others.
    pub fn start_under_wrangler(change: impl FnOnce(&mut WorkerdOptions)) -> Self {
        Self::with(Runtime::Wrangler, dist(), change)
    }

    /// Starts a collector whose clock is at a time in Unix milliseconds, with other settings: for
    /// data that has dates, and for what must not pass midnight. Linux only.
    pub fn start_at(unix_ms: u64, change: impl FnOnce(&mut WorkerdOptions)) -> Self {
        Self::connect(Arc::new(Server::start_at(unix_ms, runtime(), dist(), change)))
    }

    /// Starts a collector behind a proxy on this machine that names clients in `X-Forwarded-For`,
    /// so that a test can send from many addresses. Its time is noon, since limits of addresses
    /// begin anew at midnight.
    pub fn start_behind_proxy() -> Self {
        Self::start_at(noon_ms(), |options| options.set("GRAPEVINE_CLIENT_IP_HEADER", "X-Forwarded-For"))
    }

    /// Starts a collector of another build.
    pub fn from_dist(dist: &Dist) -> Self {
        Self::with(runtime(), dist, |_| {})
    }

    fn with(runtime: Runtime, dist: &Dist, change: impl FnOnce(&mut WorkerdOptions)) -> Self {
        Self::connect(Arc::new(Server::start(runtime, dist, change)))
    }

    /// Makes a client of a server. It is never shared, since it belongs to the test's executor.
    fn connect(server: Arc<Server>) -> Self {
        // Without a proxy: it is on this machine. The timeout turns a request that hangs into a
        // failed test.
        let mut http = reqwest::Client::builder().no_proxy().timeout(TIMEOUT);
        if matches!(server.runtime, Runtime::Wrangler) {
            // Cloudflare asks the Worker for compressed content whatever the client accepts, and
            // undoes it for clients that say they accept none.
            http = http.default_headers(HeaderMap::from_iter([(
                ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            )]));
        }
        Self { server, http: http.build().expect("a client") }
    }

    /// Returns the server, which must not be shared.
    fn exclusive(&self) -> &Server {
        assert_eq!(Arc::strong_count(&self.server), 1, "this needs a collector of its own");
        &self.server
    }

    /// Returns the server to be changed, which must not be shared.
    fn exclusive_mut(&mut self) -> &mut Server {
        Arc::get_mut(&mut self.server).expect("a collector of this test alone")
    }

    /// Returns the URL of the collector, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port())
    }

    /// Kills the process, as a power cut would.
    pub fn kill(&mut self) {
        self.exclusive_mut().process.kill();
    }

    /// Returns the port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.server.process.port()
    }

    /// Returns the process id.
    pub fn pid(&self) -> u32 {
        self.exclusive().process.pid()
    }

    /// Kills the process, restarts it with the same data, and returns the time until its first
    /// response.
    pub fn restart(&mut self) -> Duration {
        let server = self.exclusive_mut();
        server.process.kill();
        let begun = Instant::now();
        server.process = Process::start(server.runtime, &server.dist, &server.options);
        begun.elapsed()
    }

    /// Restarts the collector with other settings and the same data.
    pub fn restart_with(&mut self, change: impl FnOnce(&mut WorkerdOptions)) {
        change(&mut self.exclusive_mut().options);
        self.restart();
    }

    /// Sets the clock of a collector with faults to that many milliseconds ahead, and runs the
    /// site's alarm if it is due.
    pub async fn put_forward(&self, site: &Site, ahead_ms: u64) {
        self.get(&format!("/faults/clock/{}/{ahead_ms}", site.id)).await.ok();
    }

    /// Puts the clock forward as [`Collector::put_forward`] does, and waits until the site has
    /// deleted all data that is too old by then.
    pub async fn put_forward_and_retain(&self, site: &Site, ahead_ms: u64) {
        until("what is old is gone", async || {
            let clock = self.get(&format!("/faults/clock/{}/{ahead_ms}", site.id)).await.ok();
            (clock["retained"] == true).then_some(())
        })
        .await;
    }

    /// Returns the HTTP client. It neither requests compression nor undoes it, so it sees the bytes
    /// on the wire.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Returns the token that may create sites.
    pub fn admin_token(&self) -> &str {
        &self.server.options.admin_token
    }

    /// Returns the secret that signs site ids.
    pub fn secret(&self) -> &str {
        &self.server.options.secret
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> HttpResponse {
        send(self.http.get(self.url() + path)).await
    }

    /// Sends raw bytes of one request, which must ask to close the connection, and returns the
    /// response as text. It is complete by its length as well: the proxy of `wrangler dev` leaves
    /// the connection open for seconds.
    pub async fn raw(&self, request: &[u8]) -> String {
        let (mut from, mut to) = tokio::net::TcpStream::connect(("127.0.0.1", self.port()))
            .await
            .expect("a connection")
            .into_split();
        let mut answer = Vec::new();
        let sent = async {
            // A refusal may end the connection before everything is sent.
            let _ = to.write_all(request).await;
        };
        let read =
            async { while !is_complete(&answer) && from.read_buf(&mut answer).await.is_ok_and(|n| n > 0) {} };
        let read = tokio::time::timeout(TIMEOUT, read);
        tokio::pin!(read);
        // Nobody may read the rest of a request that is answered.
        let read = tokio::select! {
            read = &mut read => read,
            () = sent => read.await,
        };
        assert!(read.is_ok(), "no end to the answer: {}", String::from_utf8_lossy(&answer));
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Requests a site with the admin token.
    pub async fn ask_for_site(&self, given: &Value) -> HttpResponse {
        let request = self.http.post(self.url() + "/v1/sites").bearer_auth(self.admin_token());
        send(request.json(given)).await
    }

    /// Creates a site with those settings.
    pub async fn create_site(&self, given: Value) -> Site {
        let answer = self.ask_for_site(&given).await;
        assert_eq!(answer.status, 201, "{answer}");
        Site::created(self.http.clone(), self.url(), &answer.json())
    }

    /// Creates a site with a name and nothing else: UTC, any origin, the standard question.
    pub async fn site(&self) -> Site {
        self.create_site(json!({ "name": "Tea shop" })).await
    }

    /// Returns the site after [`Collector::restart`], which changes the port.
    pub fn again(&self, site: &Site) -> Site {
        site.at(self.url())
    }

    /// Returns what it was started with.
    pub fn options(&self) -> &WorkerdOptions {
        &self.exclusive().options
    }

    /// Returns the folder of the data.
    pub fn data(&self) -> PathBuf {
        self.exclusive().options.data.clone()
    }

    /// Returns every file of the data, in order.
    pub fn data_files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        gather(&self.exclusive().options.data, &mut found);
        found.sort();
        found
    }

    /// Returns the log of workerd.
    pub fn log(&self) -> String {
        fs::read_to_string(self.exclusive().log()).unwrap_or_default()
    }

    /// Returns the files of the data, and the log, that contain a text.
    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut files = self.data_files();
        files.push(self.exclusive().log());
        let holds = |file: &PathBuf| {
            let bytes = fs::read(file).unwrap_or_default();
            bytes.windows(text.len()).any(|part| part == text.as_bytes())
        };
        files.retain(holds);
        files
    }

    /// Returns the database of each site. workerd's own list beside them is left out, and so is the
    /// registry.
    pub fn objects(&self) -> Vec<PathBuf> {
        let mut files = self.data_files();
        files.retain(|file| {
            let folder = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
            // Of the class `Site`, under workerd and under wrangler.
            ["grapevine-site", "grapevine-Site"].contains(&&*folder)
                && file.extension().is_some_and(|it| it == "sqlite")
                && file.file_stem().is_some_and(|it| it != "metadata")
        });
        files
    }

    /// Returns the folder with the database of the registry.
    pub fn registry_folder(&self) -> PathBuf {
        let server = self.exclusive();
        server.options.data.join(match server.runtime {
            Runtime::Workerd => "grapevine-registry",
            Runtime::Wrangler => "v3/do/grapevine-Registry",
        })
    }

    /// Returns the folder of the built files.
    pub fn dist(&self) -> &Path {
        &self.server.dist.path
    }
}

impl Drop for Collector {
    /// Prints the end of workerd's log after a failed test.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let bytes = fs::read(self.server.log()).unwrap_or_default();
            let log = String::from_utf8_lossy(&bytes);
            let lines: Vec<&str> = log.lines().collect();
            let tail = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default();
            // The reason of a 500 may be far from the end.
            let fault = |line: &&str| line.contains("internal-error");
            let faults: Vec<&str> = lines.iter().copied().filter(fault).take(20).collect();
            eprintln!("faults of the collector:\n{}", faults.join("\n"));
            eprintln!("the end of workerd's log:\n{}", tail.join("\n"));
        }
    }
}

/// Whether the response has a length and its body is as long.
fn is_complete(response: &[u8]) -> bool {
    let text = String::from_utf8_lossy(response);
    let Some((head, _)) = text.split_once("\r\n\r\n") else { return false };
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    length.is_some_and(|length| response.len() >= head.len() + 4 + length)
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, found);
        } else {
            found.push(path);
        }
    }
}
