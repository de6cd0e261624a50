//! Benchmark behind `cargo xtask bench`. It measures the collector with a million answers, and the
//! cost of the widget for a visitor beside another widget.
//!
//! Tests hold bytes and rows to a budget, because those are the same everywhere. Seconds are not,
//! so they are measured here, by hand, on a machine that has nothing else to do, and the table says
//! which goals they meet.
//!
//! The benchmark uses the built collector under workerd, with data of its own that is gone
//! afterwards, and only the standard library: nobody who types `cargo run` waits for it to compile.

mod answers;
mod parts;
mod rival;
mod server;
mod table;
mod visit;
mod widget;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

use crate::http::Client;
use crate::workerd::{Workerd, WorkerdOptions};
use crate::{Dist, build, work};
use table::Table;

const TOKEN: &str = "bench-admin-token";
const PARTS: [&str; 5] = ["import", "score", "export", "ingest", "widget"];

/// Arguments of the command line.
#[derive(Debug, PartialEq)]
struct Wanted {
    parts: Vec<&'static str>,
    rows: u64,
    seconds: u64,
    pairs: u64,
}

/// Measures what the arguments name, or all of it, and prints a table.
pub fn bench(arguments: &[&str]) -> Result<()> {
    let wanted = Wanted::of(arguments)?;
    let dist = build()?;
    let mut bench = Bench::start(dist)?;
    let mut table = Table::default();
    if let Some(load) = load() {
        table.goal("processes that wanted the processor before", load.to_string(), "< 0.5", load < 0.5);
    }
    let measured = bench.measure(&wanted, &mut table);
    // What was measured before something failed is worth seeing too.
    print!("{table}");
    measured
}

impl Wanted {
    fn of(arguments: &[&str]) -> Result<Self> {
        let mut wanted = Self { parts: Vec::new(), rows: 1_000_000, seconds: 10, pairs: 7 };
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            let mut number = || -> Result<u64> {
                let given = rest.next().with_context(|| format!("{word} needs a number after it"))?;
                let number = given.replace(['_', ','], "").parse();
                number
                    .ok()
                    .filter(|it| *it > 0)
                    .with_context(|| format!("{word} {given} is not a number above 0"))
            };
            match (*word, PARTS.iter().find(|part| *part == word)) {
                (_, Some(part)) => wanted.parts.push(part),
                ("--rows", _) => wanted.rows = number()?,
                ("--seconds", _) => wanted.seconds = number()?,
                ("--pairs", _) => wanted.pairs = number()?,
                _ => bail!(
                    "bench knows {}, --rows N, --seconds N and --pairs N, but not {word}",
                    PARTS.join(", ")
                ),
            }
        }
        if wanted.parts.is_empty() {
            wanted.parts = PARTS.to_vec();
        }
        Ok(wanted)
    }

    fn has(&self, part: &str) -> bool {
        self.parts.contains(&part)
    }
}

/// A collector with data of its own. Both are gone when this is dropped.
struct Bench {
    dist: Dist,
    folder: PathBuf,
    options: WorkerdOptions,
    workerd: Workerd,
}

/// A site and the key that opens it.
struct Site {
    id: String,
    owner: String,
}

impl Bench {
    fn start(dist: Dist) -> Result<Self> {
        let folder = work().join("bench");
        if folder.exists() {
            fs::remove_dir_all(&folder).context("what an interrupted bench left cannot be removed")?;
        }
        fs::create_dir_all(&folder)?;
        let options = WorkerdOptions {
            port: 0,
            data: folder.join("data"),
            admin_token: TOKEN.to_owned(),
            secret: "a secret of the bench".to_owned(),
            webhook_hosts: String::new(),
            public_url: String::new(),
        };
        let workerd = Workerd::start(&dist, &options)?;
        Ok(Self { dist, folder, options, workerd })
    }

    /// Restarts the collector with the same data in a new process, whose memory is cold.
    fn restart(&mut self) -> Result<()> {
        self.workerd.kill();
        self.workerd = Workerd::start(&self.dist, &self.options)?;
        Ok(())
    }

    fn client(&self) -> Client {
        Client::new(self.workerd.port())
    }

    fn site(&self) -> Result<Site> {
        let body = br#"{"name":"Bench"}"#;
        let answer = self.client().send("POST", "/v1/sites", Some(TOKEN), "application/json", body)?;
        ensure!(answer.status == 201, "no site was created: {answer}");
        let site: serde_json::Value = serde_json::from_slice(&answer.body)?;
        let text =
            |value: &serde_json::Value| value.as_str().map(str::to_owned).context("a site without id or key");
        Ok(Site { id: text(&site["site"])?, owner: text(&site["keys"]["owner"])? })
    }

    fn measure(&mut self, wanted: &Wanted, table: &mut Table) -> Result<()> {
        if ["import", "score", "export"].iter().any(|part| wanted.has(part)) {
            let (large, small) = (self.site()?, self.site()?);
            self.import(&large, wanted.rows, table)?;
            if wanted.has("score") {
                self.fill(&small, 1_000)?;
                self.score(&large, wanted.rows, &small, 1_000, table)?;
            }
            if wanted.has("export") {
                self.export(&large, wanted.rows, table)?;
            }
        }
        if wanted.has("ingest") {
            self.ingest(wanted.seconds, table)?;
        }
        if wanted.has("widget") { self.widget(wanted.pairs, table) } else { Ok(()) }
    }
}

/// Returns the load of the machine in the last minute, where the system reports it. Other programs
/// make every figure worse.
fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.workerd.kill();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_says_what_is_measured() {
        let all = Wanted { parts: PARTS.to_vec(), rows: 1_000_000, seconds: 10, pairs: 7 };
        assert_eq!(Wanted::of(&[]).unwrap(), all);
        let some = Wanted { parts: vec!["score", "widget"], rows: 50_000, seconds: 3, pairs: 9 };
        assert_eq!(
            Wanted::of(&["score", "--rows", "50_000", "widget", "--seconds", "3", "--pairs", "9"]).unwrap(),
            some
        );
        for wrong in [&["scores"][..], &["--rows"], &["--rows", "many"], &["--rows", "0"]] {
            Wanted::of(wrong).unwrap_err();
        }
    }
}
