//! A running workerd.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{Dist, data_lock, root};

/// Options for starting a collector.
#[derive(Debug, Clone)]
pub struct WorkerdOptions {
    /// Port on 127.0.0.1; 0 for any free one.
    pub port: u16,
    /// Folder of the data, which is created. `workerd.log` is written beside it.
    pub data: PathBuf,
    /// Token that allows its bearer to create sites. Empty leaves it unset.
    pub admin_token: String,
    /// Secret that signs site ids, at least 16 characters. With another secret, the sites of this
    /// data are lost. Empty leaves it unset.
    pub secret: String,
    /// Hosts in private networks to which webhooks may go, separated by commas. Empty allows none.
    pub webhook_hosts: String,
    /// URL at which browsers reach the collector, where that is another than its own. Empty leaves
    /// it unset.
    pub public_url: String,
    /// Further environment variables and their values.
    pub environment: Vec<(String, String)>,
}

impl WorkerdOptions {
    /// Adds an environment variable.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Returns the variables of the collector with their values, which may be empty.
    pub fn variables(&self) -> [(&'static str, &str); 6] {
        [
            ("GRAPEVINE_ADMIN_TOKEN", &self.admin_token),
            ("GRAPEVINE_SECRET", &self.secret),
            ("GRAPEVINE_WEBHOOK_HOSTS", &self.webhook_hosts),
            ("GRAPEVINE_PUBLIC_URL", &self.public_url),
            // Set by `environment` where a test or an operator wants them.
            ("GRAPEVINE_CLIENT_IP_HEADER", ""),
            ("GRAPEVINE_TRUSTED_PROXIES", ""),
        ]
    }
}

/// A running collector. Dropping it ends the process.
#[derive(Debug)]
pub struct Workerd {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Workerd {
    /// Starts a collector and waits until it responds.
    pub fn start(dist: &Dist, options: &WorkerdOptions) -> Result<Self> {
        fs::create_dir_all(&options.data)
            .with_context(|| format!("cannot create {}", options.data.display()))?;
        data_lock::check(&options.data)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        if TcpListener::bind(address).is_err() {
            bail!("port {} is taken by another program", options.port);
        }
        let log = options.data.with_file_name("workerd.log");
        let output = File::options().create(true).append(true).open(&log)?;
        let mut command = Command::new(binary()?);
        for (name, value) in options.variables() {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                command.env(name, value);
            }
        }
        command.envs(options.environment.iter().map(|(name, value)| (name, value)));
        let mut child = command
            .args(["serve", "--control-fd=1", &format!("--socket-addr=http={address}")])
            .arg(format!("--directory-path=data={}", options.data.display()))
            .arg(dist.path.join("workerd.capnp"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(output.try_clone()?)
            .spawn()
            .context("cannot start workerd")?;
        data_lock::write(&options.data, child.id())?;
        let stdout = child.stdout.take().context("workerd has no output")?;
        let port = listening(stdout, output);
        let mut workerd = Self { child, port: port.unwrap_or(options.port), log };
        wait_until_up(&mut workerd.child, workerd.port, &workerd.log)?;
        Ok(workerd)
    }

    /// Returns the URL of the collector, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills the process, as a power cut would.
    pub fn kill(&mut self) {
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Returns how the process has ended; nothing while it runs.
    pub fn exit_status(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(status.to_string()),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Returns the end of its log, to be shown after a reason.
    pub fn log_end(&self) -> String {
        log_end(&self.log)
    }
}

impl Drop for Workerd {
    /// Kills the process. Acknowledged messages are on disk, so nothing has to finish.
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until a collector responds that was just started.
pub fn wait_until_up(child: &mut Child, port: u16, log: &Path) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let begun = Instant::now();
    loop {
        match health(address) {
            Ok((200, _)) => return Ok(()),
            Ok((503, problem)) => bail!("the collector is up but cannot work: {}", detail(&problem)),
            _ => {}
        }
        let ended = child.try_wait()?;
        if ended.is_some() || begun.elapsed() > Duration::from_secs(30) {
            bail!("the collector did not start; {}", log_end(log));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Returns the last lines of a log.
fn log_end(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().rev().take(10).collect();
    let lines: String = lines.into_iter().rev().map(|line| format!("\n  {line}")).collect();
    let end = if lines.is_empty() { " is empty".to_owned() } else { format!(" ends with:{lines}") };
    format!("{}{end}", log.display())
}

/// Returns the path of the workerd binary, not of npm's script in front of it, so that the process
/// id is the right one.
pub fn binary() -> Result<PathBuf> {
    let platform = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-64",
        ("macos", "aarch64") => "darwin-arm64",
        ("windows", "x86_64") => "windows-64",
        (system, processor) => bail!("there is no workerd for {system} on {processor}"),
    };
    let name = format!("workerd{}", std::env::consts::EXE_SUFFIX);
    let path = root().join(format!("node_modules/@cloudflare/workerd-{platform}/bin/{name}"));
    if path.is_file() { Ok(path) } else { bail!("{} is missing; run `cargo xtask build`", path.display()) }
}

/// Returns the port that workerd reports; `None` where workerd ends before that. Its other output
/// goes to the log.
fn listening(stdout: ChildStdout, mut log: File) -> Option<u16> {
    let mut stdout = BufReader::new(stdout);
    let mut line = String::new();
    while stdout.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
        let event: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        if event["event"] == "listen" && event["socket"] == "http" {
            // The copy ends with workerd. A log that cannot be written is not an error.
            std::thread::spawn(move || std::io::copy(&mut stdout, &mut log));
            return event["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        }
        let _ = log.write_all(line.as_bytes());
        line.clear();
    }
    None
}

/// Returns the status and the body of `GET /healthz`. The proxy of `wrangler dev` leaves the
/// connection open for seconds, so the end of the body is that of its length.
fn health(address: SocketAddr) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let (mut answer, mut head) = (BufReader::new(stream), String::new());
    while !head.ends_with("\r\n\r\n") {
        if answer.read_line(&mut head)? == 0 {
            bail!("a response that broke off");
        }
    }
    let head = head.to_ascii_lowercase();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no HTTP")?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let mut body = String::new();
    answer.take(length.unwrap_or(u64::MAX)).read_to_string(&mut body)?;
    Ok((status, body))
}

/// Returns the detail of a problem, or the whole body if the body is no problem.
fn detail(body: &str) -> String {
    let problem: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    problem["detail"].as_str().unwrap_or(body).to_owned()
}
