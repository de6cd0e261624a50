//! Load on a server from `wrk`, which is installed where it is missing.

use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::apt::install_packages;
use crate::progress::output;
use crate::root;

/// Kind of requests.
pub enum Load<'a> {
    /// Messages of visitors, each with an id of its own. Those of another seed have other ids.
    Messages { seed: u64 },
    /// Reads of one URL, again and again.
    Reads { key: Option<&'a str> },
}

/// Figures of a server under a load.
#[derive(Debug, Clone, Copy)]
pub struct Throughput {
    /// Requests that were answered with success.
    pub answered: u64,
    pub per_second: f64,
    pub median_ms: f64,
    pub p99_ms: f64,
}

/// Makes sure that `wrk` is there.
pub fn prepare() -> Result<()> {
    // It prints its version and ends with an error.
    let is_there = || Command::new("wrk").arg("--version").output().is_ok();
    if !is_there() {
        install_packages(&["wrk"]);
    }
    ensure!(is_there(), "the benchmark needs wrk; install it with your package manager");
    Ok(())
}

impl Load<'_> {
    /// Puts the load on a URL. Any refused request or broken connection is an error.
    pub fn run(&self, url: &str, connections: u32, seconds: u64) -> Result<Throughput> {
        let mut wrk = Command::new("wrk");
        wrk.args(["--threads", "1", "--connections", &connections.to_string()]);
        wrk.args(["--duration", &format!("{seconds}s"), "--timeout", "20s"]);
        wrk.arg("--script").arg(root().join("xtask/src/bench/load.lua"));
        if let Self::Reads { key: Some(key) } = self {
            wrk.args(["--header", &format!("Authorization: Bearer {key}")]);
        }
        wrk.args([url, "--"]);
        match self {
            Self::Messages { seed } => wrk.args(["messages", &seed.to_string()]),
            Self::Reads { .. } => wrk.arg("reads"),
        };
        let printed = output(&mut wrk).with_context(|| format!("wrk cannot reach {url}"))?;
        let report: Value = serde_json::from_str(printed.lines().last().unwrap_or_default())
            .with_context(|| format!("wrk printed {printed}"))?;
        let number = |name: &str| report[name].as_f64().with_context(|| format!("wrk reports no {name}"));
        if number("refused")? + number("broken")? > 0.0 {
            bail!("{url} did not answer all requests: {report}");
        }
        let answered = number("requests")?;
        Ok(Throughput {
            answered: answered as u64,
            per_second: answered / number("microseconds")? * 1e6,
            median_ms: number("median")? / 1e3,
            p99_ms: number("p99")? / 1e3,
        })
    }
}
