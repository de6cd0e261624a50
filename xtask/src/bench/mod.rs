//! Benchmark behind `cargo xtask bench`. It measures the collector with a million responses, and
//! the cost of the widget for a visitor next to another widget, and the start of the owner's page.
//!
//! Tests check bytes and rows against budgets, since those are the same everywhere. Seconds depend
//! on the machine, so you measure them here by hand, on an idle machine. The table shows which
//! goals they meet.
//!
//! The benchmark runs the built collector under workerd with temporary data. Writes and reads a
//! second are measured in turns with a collector in plain JavaScript (`plain/`), so that a figure
//! is a ratio of two things in one run.

mod answers;
mod beside_import;
mod collector;
mod dashboard;
mod ingest;
mod load;
mod posthog;
mod rivals;
mod server;
mod slow_disk;
mod start;
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

const TOKEN: &str = "bench-admin-token-of-32-characters";
const PARTS: [&str; 7] = ["import", "score", "export", "ingest", "widget", "dashboard", "start"];

/// Arguments of the command line.
#[derive(Debug, PartialEq)]
struct Arguments {
    parts: Vec<&'static str>,
    rows: u64,
    seconds: u64,
    pairs: u64,
}

/// Measures the named parts, or all of them, and prints a table.
pub fn bench(arguments: &[&str]) -> Result<()> {
    let arguments = Arguments::parse(arguments)?;
    let dist = build()?;
    let mut bench = Bench::start(dist)?;
    let mut table = Table::default();
    if let Some(load) = load() {
        table.goal("processes that wanted the processor before", load.to_string(), "< 0.5", load < 0.5);
    }
    let measured = bench.measure(&arguments, &mut table);
    // The measurements before a failure are printed too.
    print!("{table}");
    measured
}

impl Arguments {
    fn parse(words: &[&str]) -> Result<Self> {
        let mut arguments = Self { parts: Vec::new(), rows: 1_000_000, seconds: 3, pairs: 7 };
        let mut rest = words.iter();
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
                (_, Some(part)) => arguments.parts.push(part),
                ("--rows", _) => arguments.rows = number()?,
                ("--seconds", _) => arguments.seconds = number()?,
                ("--pairs", _) => arguments.pairs = number()?,
                _ => bail!(
                    "bench knows {}, --rows N, --seconds N and --pairs N, but not {word}",
                    PARTS.join(", ")
                ),
            }
        }
        if arguments.parts.is_empty() {
            arguments.parts = PARTS.to_vec();
        }
        Ok(arguments)
    }

    fn has(&self, part: &str) -> bool {
        self.parts.contains(&part)
    }
}

/// A collector with temporary data. Dropping it ends the process and deletes the data.
struct Bench {
    dist: Dist,
    folder: PathBuf,
    options: WorkerdOptions,
    workerd: Workerd,
}

/// A site and its owner key.
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
        let options = options(folder.join("data"));
        let workerd = Workerd::start(&dist, &options)?;
        Ok(Self { dist, folder, options, workerd })
    }

    /// Restarts the collector with the same data, in a process with cold memory.
    fn restart(&mut self) -> Result<()> {
        self.workerd.kill();
        self.workerd = Workerd::start(&self.dist, &self.options)?;
        Ok(())
    }

    fn client(&self) -> Client {
        Client::new(self.workerd.port())
    }

    fn site(&self) -> Result<Site> {
        create_site(&mut self.client())
    }

    fn measure(&mut self, arguments: &Arguments, table: &mut Table) -> Result<()> {
        if ["import", "score", "export"].iter().any(|part| arguments.has(part)) {
            let (large, small) = (self.site()?, self.site()?);
            self.import(&large, arguments.rows, table)?;
            if arguments.has("import") {
                self.beside_import(table)?;
            }
            if arguments.has("score") {
                self.fill(&small, 1_000)?;
                self.score(&large, arguments.rows, &small, 1_000, table)?;
                self.score_beside_plain(arguments.seconds, arguments.pairs, table)?;
            }
            if arguments.has("export") {
                self.export(&large, arguments.rows, table)?;
            }
        }
        if arguments.has("ingest") {
            self.ingest(arguments.seconds, arguments.pairs, table)?;
        }
        if arguments.has("widget") {
            self.widget(arguments.pairs, table)?;
        }
        if arguments.has("dashboard") {
            self.dashboard(arguments.pairs, table)?;
        }
        if arguments.has("start") { self.start_by_npx(table) } else { Ok(()) }
    }
}

/// Returns the options of a collector with its data in that folder.
fn options(data: PathBuf) -> WorkerdOptions {
    WorkerdOptions {
        port: 0,
        data,
        admin_token: TOKEN.to_owned(),
        secret: "a secret of the bench".to_owned(),
        webhook_hosts: String::new(),
        public_url: String::new(),
        // Each message of the load comes from another address, as from a crowd.
        environment: vec![("GRAPEVINE_CLIENT_IP_HEADER".to_owned(), "x-forwarded-for".to_owned())],
    }
}

/// Creates a site.
fn create_site(client: &mut Client) -> Result<Site> {
    let body = br#"{"name":"Bench"}"#;
    let answer = client.send("POST", "/v1/sites", Some(TOKEN), "application/json", body)?;
    ensure!(answer.status == 201, "no site was created: {answer}");
    let site: serde_json::Value = serde_json::from_slice(&answer.body)?;
    let text =
        |value: &serde_json::Value| value.as_str().map(str::to_owned).context("a site without id or key");
    Ok(Site { id: text(&site["site"])?, owner: text(&site["keys"]["owner"])? })
}

/// Returns the load of the machine in the last minute, if the system reports it. Other programs
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
    fn the_command_line_selects_the_measurements() {
        let all = Arguments { parts: PARTS.to_vec(), rows: 1_000_000, seconds: 3, pairs: 7 };
        assert_eq!(Arguments::parse(&[]).unwrap(), all);
        let some = Arguments { parts: vec!["score", "widget"], rows: 50_000, seconds: 3, pairs: 9 };
        assert_eq!(
            Arguments::parse(&["score", "--rows", "50_000", "widget", "--seconds", "3", "--pairs", "9"])
                .unwrap(),
            some
        );
        for wrong in [&["scores"][..], &["--rows"], &["--rows", "many"], &["--rows", "0"]] {
            Arguments::parse(wrong).unwrap_err();
        }
    }
}
