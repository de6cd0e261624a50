//! Imports of the model site, and their undo.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use fastrand::Rng;
use tests::client::send;
use tests::ids::iso;
use tests::now_ms;

use super::generator::{COLUMNS, ImportLine, line};
use super::model_site::{TIMEOUT, World};
use super::rows::Row;
use super::zones::changes;

impl World {
    pub(super) fn csv(&mut self, lines: &[ImportLine]) -> String {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["id", "at"].iter().chain(&COLUMNS)).unwrap();
        for (nth, ImportLine { impression, time_ms, cells }) in lines.iter().enumerate() {
            let id = impression.map(|impression| self.id(impression)).unwrap_or_default();
            let timestamp = iso(u64::try_from(*time_ms).unwrap());
            // Every other time is of the site's clock. That one may show what is still to come
            // elsewhere, so not of today.
            let local = nth % 2 == 1 && nth % 4 != 3;
            let timestamp = if local { timestamp.trim_end_matches('Z').to_owned() } else { timestamp };
            csv.write_record([&id, &timestamp].into_iter().chain(cells)).unwrap();
        }
        String::from_utf8(csv.into_inner().unwrap()).unwrap()
    }

    pub(super) fn bulk(&self, count: usize, seed: u64) -> Vec<ImportLine> {
        let mut rng = Rng::with_seed(seed);
        let now = i64::try_from(now_ms()).unwrap();
        let changes = changes(now - 500 * 24 * 3_600_000, now);
        (0..count).map(|_| line(&mut rng, None, now, &changes)).collect()
    }

    pub(super) async fn import(&mut self, lines: &[ImportLine]) {
        let csv = self.csv(lines);
        let rows = self.import_csv(&csv).await;
        self.files.push((csv, rows));
    }

    /// Imports an earlier file again: each of its rows is stored, changed, already there or erased.
    pub(super) async fn import_again(&mut self, nth: usize) {
        let Some((csv, rows)) = self.files.iter().rev().nth(nth).cloned() else { return };
        assert_eq!(self.import_csv(&csv).await, rows, "rows of {csv}");
    }

    /// Imports a file, as soon as no job refuses it. Returns the number of its rows.
    async fn import_csv(&mut self, csv: &str) -> u64 {
        let begun = Instant::now();
        let mut answer = self.site.import(csv.to_owned(), "", "text/csv").await;
        while answer.status == 409 {
            assert!(begun.elapsed() < TIMEOUT, "the import is never accepted: {answer}");
            tokio::time::sleep(Duration::from_millis(10)).await;
            answer = self.site.import(csv.to_owned(), "", "text/csv").await;
        }
        let imported = answer.ok();
        assert_eq!(imported["rejected"], 0, "{imported}");
        // A row has an id of its own, also where its file names that of an impression.
        let stored = usize::try_from(imported["stored"].as_u64().unwrap()).unwrap();
        self.strangers = stored..=stored;
        let counts = ["stored", "changed", "already_there", "erased_before"];
        counts.iter().map(|name| imported[*name].as_u64().unwrap()).sum()
    }

    /// Undoes an import and waits until it is gone. Only imported responses may go, and no more
    /// than it has created.
    pub(super) async fn undo(&mut self, nth: usize, kill: bool) {
        let listed = self.site.owner_get("imports").await;
        let Some(import) = listed["imports"].get(nth) else { return };
        let before = self.export("").await;
        let endpoint = format!("imports/{}", import["id"].as_str().unwrap());
        let answer = send(self.delete(&endpoint)).await;
        if answer.status == 409 {
            assert_ne!(import["changed"], 0, "{answer}");
            return;
        }
        assert!([202, 204].contains(&answer.status), "{answer}");
        if kill {
            self.restart().await;
        }
        if answer.status == 202 {
            // What it stores is acknowledged after the undo was accepted, so it stays.
            let lines = self.bulk(20, nth as u64);
            self.import(&lines).await;
        }
        let begun = Instant::now();
        while self.site.get(&endpoint, &self.site.owner).await.status != 404 {
            assert!(begun.elapsed() < TIMEOUT, "the import is never undone");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let after: BTreeSet<String> = self.export("").await.into_iter().map(|row| row.id).collect();
        let gone: Vec<&Row> = before.iter().filter(|row| !after.contains(&row.id)).collect();
        for row in &gone {
            self.there.remove(&row.id);
        }
        // After a power cut retention may have run too.
        let first = self.first_kept_ms().unwrap_or(i64::MIN);
        let undone: Vec<&&Row> = gone.iter().filter(|row| row.at >= first).collect();
        assert!(undone.iter().all(|row| row.channel == "import"), "{undone:?}");
        assert!(
            undone.len() as u64 <= import["stored"].as_u64().unwrap(),
            "{} went of {import}",
            undone.len()
        );
    }
}
