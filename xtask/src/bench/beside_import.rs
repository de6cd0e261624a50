//! Cost of an import: for the other sites of its process, and in memory.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::collector::{Times, megabytes, memory};
use super::table::{Table, count};
use super::{Bench, Site};
use crate::progress::log;

/// Number of lines of the file.
const LINES: u64 = 140_000;
/// The most milliseconds within which 99 of 100 requests of another site are answered.
const OTHER_P99_MS: f64 = 250.0;
/// The most bytes by which the process grows.
const GROWTH: u64 = 64 << 20;

impl Bench {
    /// Imports 140,000 lines while the score of another site is read again and again.
    pub fn beside_import(&self, table: &mut Table) -> Result<()> {
        let (site, other, pid) = (self.site()?, self.site()?, self.workerd.pid());
        // Both objects are warm, and the memory is that of a process that has imported before.
        self.fill(&site, 1_000)?;
        self.fill(&other, 1_000)?;
        log(&format!("import: {} lines beside another site", count(LINES)));
        let file = file();
        let before = memory(pid);
        let (done, peak) = (AtomicBool::new(false), AtomicU64::new(before.unwrap_or(0)));
        let (took, waits) = thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    peak.fetch_max(memory(pid).unwrap_or(0), Ordering::Relaxed);
                    thread::sleep(Duration::from_millis(5));
                }
            });
            let asking = scope.spawn(|| self.ask_until(&other, &done));
            let took = self.import_once(&site, &file);
            done.store(true, Ordering::Relaxed);
            let waits = asking.join().unwrap_or_else(|_| Ok(Vec::new()));
            (took, waits)
        });
        let (took, waits) = (took?, Times::new(waits?));
        let speed = LINES as f64 / took.as_secs_f64();
        let what = format!("import of {} lines beside another site", count(LINES));
        table.goal(&what, format!("{} rows/s", count(speed as u64)), ">= 15,000", speed >= 15_000.0);
        table.note("  score of the other site, median", format!("{:.1} ms", waits.share(0.5)));
        let p99 = waits.share(0.99);
        table.goal("  99 of 100 are within", format!("{p99:.1} ms"), "< 250 ms", p99 < OTHER_P99_MS);
        if let Some(before) = before {
            let growth = peak.load(Ordering::Relaxed).saturating_sub(before);
            table.goal("  growth of memory", megabytes(growth), "<= 67.1 MB", growth <= GROWTH);
        }
        Ok(())
    }

    fn import_once(&self, site: &Site, file: &str) -> Result<Duration> {
        let path = format!("/v1/sites/{}/import", site.id);
        let begun = Instant::now();
        let answer = self.client().send("POST", &path, Some(&site.owner), "text/csv", file.as_bytes())?;
        let took = begun.elapsed();
        ensure!(answer.status == 200, "the import was refused: {answer}");
        let json: serde_json::Value = serde_json::from_slice(&answer.body).context("no JSON")?;
        ensure!(json["stored"] == LINES, "not all of {LINES} lines were stored: {answer}");
        Ok(took)
    }

    /// Reads the score of a site until `done`, and returns the time of each.
    fn ask_until(&self, site: &Site, done: &AtomicBool) -> Result<Vec<Duration>> {
        let (mut client, mut times) = (self.client(), Vec::new());
        let path = format!("/v1/sites/{}/score?range=30d", site.id);
        while !done.load(Ordering::Relaxed) {
            let begun = Instant::now();
            let answer = client.get(&path, &site.owner)?;
            ensure!(answer.status == 200, "no score: {answer}");
            times.push(begun.elapsed());
            thread::sleep(Duration::from_millis(5));
        }
        Ok(times)
    }
}

/// Returns a file of [`LINES`] lines, each with a comment and a property.
fn file() -> String {
    let mut file = "score,at,comment,plan\n".to_owned();
    for nth in 0..LINES {
        let (score, day) = (nth % 11, 1 + nth % 28);
        file += &format!("{score},2026-01-{day:02},Tea no {nth},plan {}\n", nth % 7);
    }
    file
}
