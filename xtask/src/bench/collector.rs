//! Measurements of the collector.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use fastrand::Rng;

use super::answers::{HEADER, midnight, row};
use super::table::{Table, count};
use super::{Bench, Site};
use crate::progress::log;

/// Size limit of an import.
const FILE: usize = 16 * 1024 * 1024;
/// Number of measured score requests, after the warm-up.
const ASKED: usize = 200;
const WARM_UP: usize = 20;

impl Bench {
    /// Measures the responses that an import stores per second, in files of the largest size
    /// allowed.
    pub fn import(&self, site: &Site, rows: u64, table: &mut Table) -> Result<()> {
        let took = self.fill(site, rows)?;
        let speed = rows as f64 / took.as_secs_f64();
        let what = format!("import of {} rows", count(rows));
        table.goal(&what, format!("{} rows/s", count(speed as u64)), ">= 20,000", speed >= 20_000.0);
        if let Some(memory) = memory(self.workerd.pid()) {
            table.note("  memory of workerd afterwards", megabytes(memory));
        }
        Ok(())
    }

    /// Imports that number of rows and returns the time that the collector took, without generating
    /// the rows.
    pub fn fill(&self, site: &Site, rows: u64) -> Result<Duration> {
        let (midnight, mut rng, mut client) = (midnight(), Rng::with_seed(rows), self.client());
        let path = format!("/v1/sites/{}/import", site.id);
        let (mut sent, mut took) = (0, Duration::ZERO);
        while sent < rows {
            let (mut file, mut lines) = (HEADER.to_owned(), 0);
            while sent + lines < rows && file.len() < FILE - 500 {
                row(&mut file, midnight, &mut rng);
                lines += 1;
            }
            let begun = Instant::now();
            let answer = client.send("POST", &path, Some(&site.owner), "text/csv", file.as_bytes())?;
            let now = begun.elapsed();
            took += now;
            ensure!(answer.status == 200, "the import was refused: {answer}");
            let json: serde_json::Value = serde_json::from_slice(&answer.body)?;
            ensure!(json["stored"] == lines, "not all of {lines} rows were stored: {answer}");
            sent += lines;
            let speed = lines as f64 / now.as_secs_f64();
            log(&format!("import: {} of {} rows, {} rows/s", count(sent), count(rows), count(speed as u64)));
        }
        Ok(took)
    }

    /// Measures the time of a score, and whether it depends on the number of responses. Requests to
    /// both sites alternate, so that other load on the machine affects both.
    pub fn score(&self, large: &Site, rows: u64, small: &Site, few: u64, table: &mut Table) -> Result<()> {
        let mut client = self.client();
        let (mut of_large, mut of_small) = (Vec::new(), Vec::new());
        log(&format!("score: {ASKED} times at {} rows and at {}", count(rows), count(few)));
        for nth in 0..WARM_UP + ASKED {
            for (site, times) in [(large, &mut of_large), (small, &mut of_small)] {
                let path = format!("/v1/sites/{}/score?range=365d&interval=day", site.id);
                let begun = Instant::now();
                let answer = client.get(&path, &site.owner)?;
                let took = begun.elapsed();
                ensure!(answer.status == 200, "no score: {answer}");
                if nth == 0 {
                    let json: serde_json::Value = serde_json::from_slice(&answer.body)?;
                    let scored = if site.id == large.id { rows } else { few };
                    ensure!(
                        json["scored"] == scored,
                        "the score is not of {scored} answers: {}",
                        json["scored"]
                    );
                }
                if nth >= WARM_UP {
                    times.push(took);
                }
            }
        }
        let (large, small) = (Times::new(of_large), Times::new(of_small));
        for (rows, times) in [(rows, &large), (few, &small)] {
            let what = format!("score at {} rows, median", count(rows));
            let ms = times.share(0.5);
            table.goal(&what, format!("{ms:.2} ms"), "< 10 ms", ms < 10.0);
            table.note("  95 of 100 are within", format!("{:.2} ms", times.share(0.95)));
        }
        let ratio = large.share(0.5) / small.share(0.5);
        table.goal("score, ratio of the medians", format!("{ratio:.2}"), "<= 1.1", ratio <= 1.1);
        Ok(())
    }

    /// Measures the speed of an export, and whether workerd holds all of it in memory on the way.
    pub fn export(&mut self, site: &Site, rows: u64, table: &mut Table) -> Result<()> {
        // A restart frees the memory of the import, which would hide that of the export.
        self.restart()?;
        let (mut client, pid) = (self.client(), self.workerd.pid());
        client.get(&format!("/v1/sites/{}/score", site.id), &site.owner)?;
        log(&format!("export: {} rows", count(rows)));
        let path = format!("/v1/sites/{}/export?format=ndjson", site.id);
        let before = memory(pid);
        let (done, peak) = (AtomicBool::new(false), AtomicU64::new(before.unwrap_or(0)));
        let (mut lines, mut bytes) = (0, 0);
        let begun = Instant::now();
        let status = thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    peak.fetch_max(memory(pid).unwrap_or(0), Ordering::Relaxed);
                    thread::sleep(Duration::from_millis(10));
                }
            });
            let status = client.stream(&path, &site.owner, |part| {
                bytes += part.len() as u64;
                lines += part.iter().filter(|byte| **byte == b'\n').count() as u64;
            });
            done.store(true, Ordering::Relaxed);
            status
        })?;
        let took = begun.elapsed().as_secs_f64();
        if status == 404 {
            table.note("export", "not there".to_owned());
            return Ok(());
        }
        ensure!(status == 200, "the export was answered {status}");
        table.goal("export, rows", count(lines), &count(rows), lines == rows);
        table.note("export, speed", format!("{:.1} MB/s", bytes as f64 / 1e6 / took));
        table.note("  which are", format!("{} rows/s", count((lines as f64 / took) as u64)));
        if let Some(before) = before {
            let growth = peak.load(Ordering::Relaxed).saturating_sub(before);
            table.note("export, memory of workerd before", megabytes(before));
            table.note("  at most", megabytes(before + growth));
            table.goal("  growth", megabytes(growth), "< 64 MB", growth < 64_000_000);
        }
        Ok(())
    }
}

/// Durations in ascending order.
pub struct Times(Vec<Duration>);

impl Times {
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    /// Returns the quantile in milliseconds.
    pub fn share(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0
            .get((last as f64 * share).round() as usize)
            .map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
    }
}

/// Returns the resident memory of a process in bytes, if the system reports it.
pub fn memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}

pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
