//! A real reverse proxy with TLS in front of a collector, and `curl` as its client.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tests::Collector;
use tests::client::until;

/// Proxy with a recipe in `deploy/`.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Caddy,
    Nginx,
}

impl Kind {
    fn program(self) -> &'static str {
        match self {
            Self::Caddy => "caddy",
            Self::Nginx => "nginx",
        }
    }

    /// Debian packages of the proxy and of the client.
    fn packages(self) -> [&'static str; 3] {
        match self {
            Self::Caddy => ["caddy", "curl", "openssl"],
            Self::Nginx => ["nginx-light", "curl", "openssl"],
        }
    }
}

/// A proxy on a free port. Dropping it ends the process.
pub struct Proxy {
    folder: TempDir,
    port: u16,
    process: Child,
}

/// Response as `curl` sees it.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
    /// Seconds until the first byte of the body, and until the last.
    pub seconds: (f64, f64),
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Proxy {
    /// Starts a proxy with the recipe, of which only the host, the ports and the certificate are
    /// replaced.
    pub async fn start(kind: Kind, collector: &Collector) -> Self {
        install(kind);
        let folder = TempDir::with_prefix("grapevine-proxy-").expect("a temporary folder");
        let port = free_port();
        let upstream = format!("127.0.0.1:{}", collector.port());
        let mut command = match kind {
            Kind::Caddy => caddy(&folder, port, &upstream),
            Kind::Nginx => nginx(&folder, port, &upstream),
        };
        let log = File::create(folder.path().join("log")).expect("a file");
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("a file")).stderr(log);
        let process = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", kind.program()));
        let mut proxy = Self { folder, port, process };
        until(&format!("{kind:?} responds"), async || {
            let ended = proxy.process.try_wait().expect("a status");
            assert!(ended.is_none(), "{kind:?} ended: {}", proxy.log());
            let curl = proxy.curl(&["--max-time", "2"]).arg(proxy.url("/healthz")).output().expect("curl");
            (curl.status.success() && curl.stdout.starts_with(b"{\"status\":\"ok\"}")).then_some(())
        })
        .await;
        proxy
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Returns the certificate that the client trusts: that of the server or of its authority.
    fn trusted(&self) -> PathBuf {
        let caddy = self.folder.path().join("data/caddy/pki/authorities/local/root.crt");
        if caddy.exists() { caddy } else { self.folder.path().join("certificate.pem") }
    }

    fn curl(&self, arguments: &[&str]) -> Command {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--noproxy", "*", "--ipv4", "--cacert"]).arg(self.trusted()).args(arguments);
        curl
    }

    /// Sends a request with these arguments of `curl`.
    pub async fn request(&self, path: &str, arguments: &[&str]) -> Reply {
        let body = self.folder.path().join("body");
        let written = "%{http_code} %{time_starttransfer} %{time_total} %{content_type}";
        let mut curl = self.curl(arguments);
        curl.args(["--max-time", "60", "--write-out", written, "--output"]).arg(&body).arg(self.url(path));
        let output =
            tokio::task::spawn_blocking(move || curl.output()).await.expect("no panic").expect("curl");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let parts: Vec<&str> = text.splitn(4, ' ').collect();
        let [status, first, last, content_type] = parts[..] else { panic!("curl printed {text:?}") };
        let seconds = |text: &str| text.parse().expect("seconds");
        Reply {
            status: status.parse().expect("a status"),
            content_type: content_type.to_owned(),
            body: fs::read(&body).unwrap_or_default(),
            seconds: (seconds(first), seconds(last)),
        }
    }

    /// Writes a file that `curl` can send as `@PATH`.
    pub fn file(&self, content: &[u8]) -> String {
        let path = self.folder.path().join("sent");
        fs::write(&path, content).expect("a file");
        format!("@{}", path.display())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the log of the proxy:\n{}", self.log());
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn install(kind: Kind) {
    // Debian has nginx where only root looks.
    let is_there =
        || ["/usr/sbin", "/usr/bin"].iter().any(|folder| PathBuf::from(folder).join(kind.program()).exists());
    if !is_there() {
        xtask::install_packages(&kind.packages());
        assert!(
            is_there(),
            "{} is missing. Install the packages {}.",
            kind.program(),
            kind.packages().join(", ")
        );
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}

/// Returns a file of `deploy/` in which each text is replaced, and occurs once.
fn recipe(name: &str, replaced: &[(&str, &str)]) -> String {
    let path = xtask::root().join("deploy").join(name);
    let mut recipe = fs::read_to_string(path).expect("a recipe");
    for (from, to) in replaced {
        assert_eq!(recipe.matches(from).count(), 1, "{from:?} in {name}");
        recipe = recipe.replace(from, to);
    }
    recipe
}

/// Caddy with its own authority, which it makes for a host such as `localhost`.
fn caddy(folder: &TempDir, port: u16, upstream: &str) -> Command {
    let options = "\n{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n";
    let recipe = recipe(
        "Caddyfile",
        &[
            ("\n{\n", options),
            ("\nfeedback.example {", &format!("\nlocalhost:{port} {{\n\tbind 127.0.0.1")),
            ("127.0.0.1:8787", upstream),
        ],
    );
    let path = folder.path().join("Caddyfile");
    fs::write(&path, recipe).expect("a file");
    let mut caddy = Command::new("caddy");
    caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(path);
    caddy
        .env("XDG_DATA_HOME", folder.path().join("data"))
        .env("XDG_CONFIG_HOME", folder.path().join("config"));
    caddy
}

/// nginx with a certificate of its own.
fn nginx(folder: &TempDir, port: u16, upstream: &str) -> Command {
    let path = |name: &str| folder.path().join(name).display().to_string();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args([
            "-addext",
            "subjectAltName=DNS:localhost",
            "-out",
            &path("certificate.pem"),
            "-keyout",
            &path("key.pem"),
        ])
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl").success(), "openssl makes a certificate");
    let recipe = recipe(
        "nginx.conf",
        &[
            ("listen 443 ssl;", &format!("listen 127.0.0.1:{port} ssl;")),
            ("server_name feedback.example;", "server_name localhost;"),
            ("/etc/ssl/certs/feedback.example.pem", &path("certificate.pem")),
            ("/etc/ssl/private/feedback.example.key", &path("key.pem")),
            ("server 127.0.0.1:8787;", &format!("server {upstream};")),
        ],
    );
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {};\n", path(name)))
        .concat();
    let main = format!(
        "daemon off;\nmaster_process off;\npid {};\nevents {{}}\nhttp {{\n{temporary}{recipe}\n}}\n",
        path("pid")
    );
    fs::write(path("main.conf"), main).expect("a file");
    let mut nginx = Command::new("/usr/sbin/nginx");
    nginx.args(["-p", &path(""), "-e", "stderr", "-c", &path("main.conf")]);
    nginx
}
