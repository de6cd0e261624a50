//! Time from the packed npm package to a stored response and its score, in an empty folder.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::Bench;
use super::table::Table;
use crate::http::Client;
use crate::package::package;

/// Longest time that an owner should wait.
const GOAL: Duration = Duration::from_secs(60);
const MESSAGE: &[u8] = br#"{"id":"0192f0c4-7a1e-7c3a-9d55-3c1f0a6b2e10","score":9,"comment":"Bench"}"#;

/// A started collector. Dropping it ends its processes.
struct Started {
    npx: Child,
    data: PathBuf,
}

impl Bench {
    /// Measures the download by npm, and apart from it the start until a response is in the score.
    pub fn start_by_npx(&self, table: &mut Table) -> Result<()> {
        let package = package()?.server;
        let folder = self.folder.join("start");
        fs::create_dir_all(&folder)?;
        let begun = Instant::now();
        let installed = npx(&package, &folder)?.arg("--version").output().context("npx cannot be started")?;
        ensure!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
        table.note("download and installation by npm, with an empty cache", seconds(begun.elapsed()));

        let begun = Instant::now();
        let npx = npx(&package, &folder)?.args(["start", "--port", "0"]).stdout(Stdio::piped()).spawn()?;
        let mut started = Started { npx, data: folder.join("grapevine-data") };
        let mut client = Client::new(started.port()?);
        let settings: Value = serde_json::from_slice(&fs::read(started.data.join("grapevine.json"))?)?;
        let text = |name: &str| settings["site"][name].as_str().context("a site without id or key");
        let responses = format!("/v1/sites/{}/responses", text("id")?);
        let stored = client.send("POST", &responses, None, "text/plain", MESSAGE)?;
        ensure!(stored.status == 200, "no message was stored: {stored}");
        let path = format!("/v1/sites/{}/score?range=all", text("id")?);
        let score = client.send("GET", &path, Some(text("read")?), "", b"")?;
        let score: Value = serde_json::from_slice(&score.body)?;
        ensure!(score["scored"] == 1, "the message is not in the score: {score}");
        let took = begun.elapsed();
        table.goal(
            "from the package to a stored response and its score",
            seconds(took),
            "< 60 s",
            took < GOAL,
        );
        Ok(())
    }
}

/// Returns the program of a package, with an empty cache of npm in the folder and without Rust.
fn npx(package: &Path, folder: &Path) -> Result<Command> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let without_rust = std::env::split_paths(&paths).filter(|path| !path.join("rustup").exists());
    let mut npx = Command::new("npx");
    npx.args(["--yes", &format!("--package={}", package.display()), "--", "grapevine"]);
    npx.env("PATH", std::env::join_paths(without_rust)?).env("npm_config_cache", folder.join("cache"));
    npx.env_remove("GRAPEVINE_ADMIN_TOKEN").env_remove("GRAPEVINE_SECRET").env_remove("GRAPEVINE_PUBLIC_URL");
    npx.current_dir(folder).stdin(Stdio::null());
    Ok(npx)
}

impl Started {
    /// Waits until it runs, and returns its port.
    fn port(&mut self) -> Result<u16> {
        let stdout = self.npx.stdout.take().context("it has no output")?;
        let mut port = None;
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            if let Some((_, url)) = line.split_once("running at http://127.0.0.1:") {
                port = Some(url.trim_end_matches('/').parse()?);
            }
            if line.contains("Ctrl-C stops it") {
                return port.context("it printed no address");
            }
        }
        bail!("the collector did not start")
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let lock = fs::read_to_string(self.data.join("grapevine.lock")).unwrap_or_default();
        for pid in lock.lines() {
            let _ = Command::new("kill").arg(pid).status();
        }
        let _ = self.npx.wait();
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
