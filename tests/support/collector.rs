//! A collector for one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use xtask::{Dist, Workerd, WorkerdOptions, WranglerDev};

use crate::client::{HttpResponse, Site, send, until};

/// Time limit of one request. The collector's own deadline is ten seconds, and an import makes
/// several calls.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Variable that makes the tests run the collector under `wrangler dev` in place of plain workerd.
const RUNTIME_VARIABLE: &str = "GRAPEVINE_TEST_RUNTIME";

/// Returns the program that runs the collectors of this process.
fn runtime() -> Runtime {
    match std::env::var(RUNTIME_VARIABLE).as_deref() {
        Ok("wrangler") => Runtime::Wrangler,
        Ok("workerd" | "") | Err(_) => Runtime::Workerd,
        Ok(other) => panic!("{RUNTIME_VARIABLE} is {other:?}; it may be \"workerd\" or \"wrangler\""),
    }
}

/// Program that runs a collector.
#[derive(Clone, Copy)]
enum Runtime {
    Workerd,
    Wrangler,
}

/// Process of a collector.
enum Process {
    Workerd(Workerd),
    Wrangler(WranglerDev),
}

impl Process {
    fn start(runtime: Runtime, dist: &Dist, options: &WorkerdOptions) -> Self {
        let started = match runtime {
            Runtime::Wrangler => WranglerDev::start(dist, options).map(Self::Wrangler),
            Runtime::Workerd => Workerd::start(dist, options).map(Self::Workerd),
        };
        started.unwrap_or_else(|error| panic!("{error:#}"))
    }

    fn port(&self) -> u16 {
        match self {
            Self::Workerd(workerd) => workerd.port(),
            Self::Wrangler(wrangler) => wrangler.port(),
        }
    }

    fn pid(&self) -> u32 {
        match self {
            Self::Workerd(workerd) => workerd.pid(),
            Self::Wrangler(wrangler) => wrangler.pid(),
        }
    }

    fn kill(&mut self) {
        match self {
            Self::Workerd(workerd) => workerd.kill(),
            Self::Wrangler(wrangler) => wrangler.kill(),
        }
    }
}

/// A collector under workerd. Dropping it ends the process and deletes the data.
pub struct Collector {
    process: Process,
    runtime: Runtime,
    dist: Dist,
    options: WorkerdOptions,
    http: reqwest::Client,
    folder: TempDir,
}

impl Collector {
    /// Starts a collector without any site. The first call in a process builds `dist/` if it is out
    /// of date.
    pub fn start() -> Self {
        Self::from_dist(dist())
    }

    /// Starts a collector with fault routes: `GET /faults/panic`, and `/faults/panic/SITE` and
    /// `/faults/hang/SITE` in the object.
    pub fn start_with_faults() -> Self {
        static BUILT: OnceLock<Result<Dist, String>> = OnceLock::new();
        Self::from_dist(BUILT.get_or_init(|| built(xtask::build_with_faults())).as_ref().unwrap_or_else(fail))
    }

    /// Starts a collector with other settings.
    pub fn start_with(change: impl FnOnce(&mut WorkerdOptions)) -> Self {
        Self::with(runtime(), dist(), change)
    }

    /// Starts a collector with other settings under `wrangler dev`, whatever runs the others.
    pub fn start_under_wrangler(change: impl FnOnce(&mut WorkerdOptions)) -> Self {
        Self::with(Runtime::Wrangler, dist(), change)
    }

    /// Starts a collector behind a proxy on this machine that names clients in `X-Forwarded-For`,
    /// so that a test can send from many addresses.
    pub fn start_behind_proxy() -> Self {
        Self::start_with(|options| options.set("GRAPEVINE_CLIENT_IP_HEADER", "X-Forwarded-For"))
    }

    /// Starts a collector of another build.
    pub fn from_dist(dist: &Dist) -> Self {
        Self::with(runtime(), dist, |_| {})
    }

    fn with(runtime: Runtime, dist: &Dist, change: impl FnOnce(&mut WorkerdOptions)) -> Self {
        let folder = TempDir::with_prefix("grapevine-test-").expect("a temporary folder");
        let mut options = WorkerdOptions {
            port: 0,
            data: folder.path().join("data"),
            admin_token: format!("admin-{}", uuid::Uuid::new_v4().simple()),
            secret: format!("secret-{}", uuid::Uuid::new_v4().simple()),
            webhook_hosts: "127.0.0.1".into(),
            public_url: String::new(),
            environment: Vec::new(),
        };
        change(&mut options);
        let process = Process::start(runtime, dist, &options);
        // Without a proxy: it is on this machine. The timeout turns a request that hangs into a
        // failed test.
        let mut http = reqwest::Client::builder().no_proxy().timeout(TIMEOUT);
        if matches!(runtime, Runtime::Wrangler) {
            // Cloudflare asks the Worker for compressed content whatever the client accepts, and
            // undoes it for clients that say they accept none.
            http = http.default_headers(HeaderMap::from_iter([(
                ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            )]));
        }
        let http = http.build().expect("a client");
        Self { process, runtime, dist: dist.clone(), options, http, folder }
    }

    /// Returns the URL of the collector, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port())
    }

    /// Kills the process, as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Returns the port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.process.port()
    }

    /// Returns the process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Kills the process, restarts it with the same data, and returns the time until its first
    /// response.
    pub fn restart(&mut self) -> Duration {
        self.process.kill();
        let begun = Instant::now();
        self.process = Process::start(self.runtime, &self.dist, &self.options);
        begun.elapsed()
    }

    /// Restarts the collector with other settings and the same data.
    pub fn restart_with(&mut self, change: impl FnOnce(&mut WorkerdOptions)) {
        change(&mut self.options);
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
        &self.options.admin_token
    }

    /// Returns the secret that signs site ids.
    pub fn secret(&self) -> &str {
        &self.options.secret
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
        &self.options
    }

    /// Returns the folder of the data.
    pub fn data(&self) -> PathBuf {
        self.options.data.clone()
    }

    /// Returns every file of the data, in order.
    pub fn data_files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        gather(&self.options.data, &mut found);
        found.sort();
        found
    }

    /// Returns the log of workerd.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("workerd.log")).unwrap_or_default()
    }

    /// Returns the files of the data, and the log, that contain a text.
    pub fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut files = self.data_files();
        files.push(self.folder.path().join("workerd.log"));
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
        self.options.data.join(match self.runtime {
            Runtime::Workerd => "grapevine-registry",
            Runtime::Wrangler => "v3/do/grapevine-Registry",
        })
    }

    /// Returns the folder of the built files.
    pub fn dist(&self) -> &Path {
        &self.dist.path
    }
}

impl Drop for Collector {
    /// Prints the end of workerd's log after a failed test.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let bytes = fs::read(self.folder.path().join("workerd.log")).unwrap_or_default();
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

/// Returns the build of this process.
pub fn dist() -> &'static Dist {
    static BUILT: OnceLock<Result<Dist, String>> = OnceLock::new();
    BUILT.get_or_init(|| built(xtask::build())).as_ref().unwrap_or_else(fail)
}

/// Keeps the result either way, so that a failed build is not repeated in every test.
fn built<E: std::fmt::Debug>(result: Result<Dist, E>) -> Result<Dist, String> {
    result.map_err(|error| format!("{error:?}"))
}

fn fail(error: &String) -> &'static Dist {
    panic!("the build failed: {error}")
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
