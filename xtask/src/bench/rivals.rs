//! Our collector and one in plain JavaScript, side by side on the same runtime and storage.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::load::{Load, Throughput};
use super::{Bench, Site, create_site, options};
use crate::http::Client;
use crate::workerd::Workerd;
use crate::{Dist, root};

/// Both collectors with temporary data. Dropping it ends the processes and deletes the data.
pub struct Rivals {
    folder: PathBuf,
    ours: Workerd,
    plain: Workerd,
    pub site: Site,
}

/// A measurement of both in turns.
pub struct Pair {
    pub ours: Throughput,
    pub plain: Throughput,
}

impl Rivals {
    /// Starts both with their data in the folder, which is deleted first, and with these variables
    /// of the environment.
    pub fn start(bench: &Bench, folder: PathBuf, environment: &[(String, String)]) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder).context("what an interrupted bench left cannot be removed")?;
        }
        let start = |dist: &Dist, name: &str| {
            // Beside the data comes a log, so each has a folder of its own.
            let mut options = options(folder.join(name).join("data"));
            options.environment.extend_from_slice(environment);
            Workerd::start(dist, &options)
        };
        let ours = start(&bench.dist, "ours")?;
        let plain = start(&Dist { path: root().join("xtask/src/bench/plain") }, "plain")?;
        let site = create_site(&mut Client::new(ours.port()))?;
        Ok(Self { folder, ours, plain, site })
    }

    /// Sends both the same number of messages at a time, one after the other.
    pub fn ingest(&self, connections: u32, seconds: u64, nth: u64) -> Result<Pair> {
        let messages = Load::Messages { seed: u64::from(connections) * 100 + nth };
        let ours = format!("{}/v1/sites/{}/responses", self.ours.url(), self.site.id);
        let plain = format!("{}/responses", self.plain.url());
        in_turns(
            nth,
            || messages.run(&ours, connections, seconds),
            || messages.run(&plain, connections, seconds),
        )
    }

    /// Reads the score of both on one connection, for one second and by a key of its own: a key has
    /// 6,000 calls a minute.
    pub fn read_scores(&self, _seconds: u64, nth: u64) -> Result<Pair> {
        let site = format!("/v1/sites/{}", self.site.id);
        let body = br#"{"role":"read","name":"Bench"}"#;
        let keys = format!("{site}/keys");
        let mut client = Client::new(self.ours.port());
        let answer = client.send("POST", &keys, Some(&self.site.owner), "application/json", body)?;
        let created: serde_json::Value = serde_json::from_slice(&answer.body)?;
        let key = Load::Reads { key: Some(created["key"].as_str().context("no key was created")?) };
        let ours = format!("{}{site}/score", self.ours.url());
        let plain = format!("{}/score", self.plain.url());
        in_turns(nth, || key.run(&ours, 1, 1), || Load::Reads { key: None }.run(&plain, 1, 1))
    }

    /// Reads of both what needs no object, on one connection: the floor under every other figure.
    pub fn floors(&self, seconds: u64, nth: u64) -> Result<Pair> {
        let [ours, plain] = [&self.ours, &self.plain].map(|server| format!("{}/healthz", server.url()));
        let read = Load::Reads { key: None };
        in_turns(nth, || read.run(&ours, 1, seconds), || read.run(&plain, 1, seconds))
    }

    /// Fails unless all that was acknowledged counts. What was on its way when the load ended may
    /// count as well.
    pub fn check_counts(&self, acknowledged: u64, on_their_way: u64) -> Result<()> {
        let path = format!("/v1/sites/{}/score", self.site.id);
        let answer = Client::new(self.ours.port()).get(&path, &self.site.owner)?;
        let json: serde_json::Value = serde_json::from_slice(&answer.body)?;
        let scored = json["scored"].as_u64().context("no score")?;
        ensure!(
            (acknowledged..=acknowledged + on_their_way).contains(&scored),
            "{acknowledged} messages were acknowledged, and {scored} count"
        );
        Ok(())
    }
}

impl Drop for Rivals {
    fn drop(&mut self) {
        self.ours.kill();
        self.plain.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Measures both, with the one in front that was behind the time before.
fn in_turns(
    nth: u64,
    ours: impl FnOnce() -> Result<Throughput>,
    plain: impl FnOnce() -> Result<Throughput>,
) -> Result<Pair> {
    if nth.is_multiple_of(2) {
        let ours = ours()?;
        Ok(Pair { ours, plain: plain()? })
    } else {
        let plain = plain()?;
        Ok(Pair { ours: ours()?, plain })
    }
}

/// Returns a folder in memory, if the system has one.
pub fn folder_in_memory() -> Option<PathBuf> {
    let memory = Path::new("/dev/shm");
    memory.is_dir().then(|| memory.join(format!("grapevine-bench-{}", std::process::id())))
}
