//! Writes and reads a second, against a collector in plain JavaScript.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Bench;
use super::load;
use super::rivals::{Pair, Rivals, folder_in_memory};
use super::slow_disk;
use super::table::{Table, count, verdict};
use crate::progress::log;

const HEADING: [&str; 8] = ["", "ours", "plain JavaScript", "ratio", "p99 ours", "p99 plain", "goal", ""];

/// Connections of the loads: a crowd, a few, and one visitor after another.
const CONNECTIONS: [u32; 3] = [64, 8, 1];

/// Storage for the data of both.
struct Storage {
    name: &'static str,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    connections: &'static [u32],
}

impl Bench {
    /// Measures the accepted messages a second, in pairs: on a disk, in memory, and on a disk whose
    /// every flush takes 5 ms.
    pub fn ingest(&self, seconds: u64, pairs: u64, table: &mut Table) -> Result<()> {
        load::prepare()?;
        table.row(HEADING.map(str::to_owned));
        for storage in self.storages()? {
            let rivals = Rivals::start(self, storage.folder, &storage.environment)?;
            let (mut acknowledged, mut on_their_way) = (0, 0);
            for connections in storage.connections {
                log(&format!("ingest: {connections} connections, {}", storage.name));
                let pairs = (0..pairs)
                    .map(|nth| rivals.ingest(*connections, seconds, nth))
                    .collect::<Result<Vec<_>>>()?;
                acknowledged += pairs.iter().map(|pair| pair.ours.answered).sum::<u64>();
                on_their_way += u64::from(*connections) * pairs.len() as u64;
                let what = format!("messages, {connections} connections, {}", storage.name);
                table.row(throughput_row(&what, &pairs, least_ratio(*connections, storage.name)));
            }
            rivals.check_counts(acknowledged, on_their_way)?;
        }
        Ok(())
    }

    /// Measures the time of a score of 1,000 responses, in pairs, and that of a request that needs
    /// no object.
    pub fn score_beside_plain(&self, seconds: u64, pairs: u64, table: &mut Table) -> Result<()> {
        load::prepare()?;
        let folder = folder_in_memory().unwrap_or_else(|| self.folder.join("rivals"));
        let rivals = Rivals::start(self, folder, &[])?;
        rivals.ingest(8, 1, 0)?;
        log("score: beside plain JavaScript");
        table.row(HEADING.map(str::to_owned));
        for (what, goal, read) in [
            ("score, 1 connection", Some(1.5), Rivals::read_scores as fn(&_, _, _) -> _),
            ("  of which any request takes", None, Rivals::floors),
        ] {
            let pairs: Vec<Pair> =
                (0..pairs).map(|nth| read(&rivals, seconds, nth)).collect::<Result<_>>()?;
            table.row(latency_row(what, &pairs, goal));
        }
        Ok(())
    }

    fn storages(&self) -> Result<Vec<Storage>> {
        let disk = |name, connections| Storage {
            name,
            folder: self.folder.join("rivals"),
            environment: Vec::new(),
            connections,
        };
        let mut storages = vec![disk("disk", &CONNECTIONS[..])];
        if let Some(folder) = folder_in_memory() {
            storages.push(Storage { folder, ..disk("memory", &CONNECTIONS[..]) });
        }
        if let Some(shim) = slow_disk::build(&self.folder)? {
            let shim = shim.to_str().context("a path that is not text")?.to_owned();
            let environment = vec![("LD_PRELOAD".to_owned(), shim)];
            storages.push(Storage { environment, ..disk("disk of 5 ms", &CONNECTIONS[..1]) });
        }
        Ok(storages)
    }
}

/// The least ratio of accepted messages that is a goal.
fn least_ratio(connections: u32, storage: &str) -> Option<f64> {
    match (connections, storage) {
        (64, "memory") => Some(0.8),
        (64, "disk") => Some(1.2),
        (64, "disk of 5 ms") => Some(1.5),
        (1, "memory") => Some(0.7),
        _ => None,
    }
}

fn throughput_row(what: &str, pairs: &[Pair], least: Option<f64>) -> Vec<String> {
    let ratio = median(pairs.iter().map(|pair| pair.ours.per_second / pair.plain.per_second));
    let speed = |speeds: Vec<f64>| format!("{}/s", count(median(speeds.into_iter()) as u64));
    row(
        what,
        [
            speed(pairs.iter().map(|pair| pair.ours.per_second).collect()),
            speed(pairs.iter().map(|pair| pair.plain.per_second).collect()),
        ],
        ratio,
        pairs,
        (least.map(|least| format!(">= {least}")), least.is_some_and(|least| ratio >= least)),
    )
}

fn latency_row(what: &str, pairs: &[Pair], most: Option<f64>) -> Vec<String> {
    let ratio = median(pairs.iter().map(|pair| pair.ours.median_ms / pair.plain.median_ms));
    let time = |times: Vec<f64>| format!("{:.2} ms", median(times.into_iter()));
    row(
        what,
        [
            time(pairs.iter().map(|pair| pair.ours.median_ms).collect()),
            time(pairs.iter().map(|pair| pair.plain.median_ms).collect()),
        ],
        ratio,
        pairs,
        (most.map(|most| format!("<= {most}")), most.is_some_and(|most| ratio <= most)),
    )
}

fn row(
    what: &str,
    [ours, plain]: [String; 2],
    ratio: f64,
    pairs: &[Pair],
    (goal, is_met): (Option<String>, bool),
) -> Vec<String> {
    let p99 = |times: Vec<f64>| format!("{:.1} ms", median(times.into_iter()));
    vec![
        what.to_owned(),
        ours,
        plain,
        format!("{ratio:.2}"),
        p99(pairs.iter().map(|pair| pair.ours.p99_ms).collect()),
        p99(pairs.iter().map(|pair| pair.plain.p99_ms).collect()),
        goal.clone().unwrap_or_default(),
        goal.map(|_| verdict(is_met)).unwrap_or_default().to_owned(),
    ]
}

/// Returns the middle value; of an even number, the upper of the two.
fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::super::load::Throughput;
    use super::*;

    fn pair(ours: f64, plain: f64) -> Pair {
        let throughput = |per_second: f64| Throughput {
            answered: per_second as u64,
            per_second,
            median_ms: 1e3 / per_second,
            p99_ms: 2.0,
        };
        Pair { ours: throughput(ours), plain: throughput(plain) }
    }

    #[test]
    fn a_row_has_the_median_of_the_ratios_of_its_pairs() {
        let pairs = [pair(4_000.0, 4_000.0), pair(900.0, 1_000.0), pair(2_000.0, 4_000.0)];
        let row = throughput_row("messages", &pairs, Some(0.8));
        assert_eq!(row[1..], ["2,000/s", "4,000/s", "0.90", "2.0 ms", "2.0 ms", ">= 0.8", "met"]);
        let row = latency_row("score", &pairs, Some(1.05));
        assert_eq!(row[1..], ["0.50 ms", "0.25 ms", "1.11", "2.0 ms", "2.0 ms", "<= 1.05", "MISSED"]);
        assert_eq!(throughput_row("messages", &pairs, None)[6..], ["", ""]);
    }
}
