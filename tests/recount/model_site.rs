//! A site to which things happen, and what must be there afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use collector_core::Zone;
use fastrand::Rng;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tests::client::send;
use tests::ids::iso;
use tests::{Collector, Site, now_ms};
use uuid::Builder;

use super::generator::{DAY, Message, Step};
use super::rows::Row;
use super::zones::zone;

/// Time limit for everything that finishes by itself.
pub const TIMEOUT: Duration = Duration::from_secs(30);
const HOUR: u64 = 3_600_000;

/// A site with its collector.
pub struct World {
    pub collector: Collector,
    pub site: Site,
    pub zone: Zone,
    /// The declared properties.
    pub declared: Vec<String>,
    /// The rows at the last look.
    pub rows: Vec<Row>,
    /// The responses that may be there, and whether they must.
    pub there: BTreeMap<String, bool>,
    /// Files that were imported, each with the number of its rows.
    pub(super) files: Vec<(String, u64)>,
    /// Imported responses that the owner has erased: no import brings them back.
    pub erased: BTreeSet<String>,
    /// Number of other responses that may exist, whose ids come from the collector.
    pub strangers: RangeInclusive<usize>,
    /// Months for which the responses are kept.
    months: Option<u32>,
    pub(super) ids: BTreeMap<u32, String>,
    pub(super) stored: Vec<Value>,
    ahead: i64,
}

impl World {
    pub async fn new() -> Self {
        let collector = Collector::start_with_faults();
        let site = collector.site().await;
        Self {
            collector,
            site,
            zone: Zone::utc(),
            declared: Vec::new(),
            rows: Vec::new(),
            there: BTreeMap::new(),
            files: Vec::new(),
            erased: BTreeSet::new(),
            strangers: 0..=0,
            months: Some(24),
            ids: BTreeMap::new(),
            stored: Vec::new(),
            ahead: 0,
        }
    }

    /// The present time of the collector.
    pub fn now(&self) -> i64 {
        i64::try_from(now_ms()).unwrap() + self.ahead
    }

    /// Applies a step and waits until the site has finished all background work.
    pub async fn act(&mut self, step: &Step) {
        match step {
            Step::Store(drawn) => {
                let messages = self.messages(drawn);
                self.store(Value::Array(messages)).await;
            }
            Step::Again(nth) => {
                if !self.stored.is_empty() {
                    let again = self.stored[nth % self.stored.len()].clone();
                    self.store(again).await;
                }
            }
            Step::Import(lines) => self.import(lines).await,
            Step::ImportAgain(nth) => self.import_again(*nth).await,
            Step::Bulk(count, seed) => {
                let lines = self.bulk(*count, *seed);
                self.import(&lines).await;
            }
            Step::Undo { nth, kill } => self.undo(*nth, *kill).await,
            Step::Patch(impression, patch) => self.patch(*impression, patch).await,
            Step::Erase(impression) => {
                let id = self.id(*impression);
                let erased = send(self.delete(&format!("responses/{id}"))).await;
                let known = self.there.remove(&id);
                assert_eq!(erased.status, if known.is_some() { 204 } else { 404 }, "{erased}");
            }
            Step::Select(endpoint) => self.select(endpoint).await,
            Step::Forget(user) => self.forget(user).await,
            Step::Settings(settings) => {
                send(self.change(settings)).await.ok();
            }
            Step::Wait(ms) => {
                // Retention follows the clock by at most two days a run, and one run follows
                // another after a day, so each step is between one day and two.
                let (start, steps) = (self.ahead, (ms / DAY).max(1));
                for step in 1..=steps {
                    self.ahead = start + ms * step / steps;
                    self.wait_for_retention_run().await;
                }
            }
            Step::Kill => self.restart().await,
            Step::Together { messages, bulk, settings, erased, kill_after_ms } => {
                self.together(messages, *bulk, settings.as_ref(), *erased, *kill_after_ms).await;
            }
        }
        self.quiet().await;
        match step {
            Step::Wait(_) => self.wait_for_retention().await,
            Step::Kill | Step::Together { kill_after_ms: Some(_), .. } => self.accept_retention().await,
            _ => {}
        }
    }

    /// Returns the id of an impression. Half of the ids are as a browser creates them now; the
    /// others are older or carry no timestamp.
    pub(super) fn id(&mut self, impression: u32) -> String {
        let now = u64::try_from(self.now()).unwrap();
        let id = self.ids.entry(impression).or_insert_with(|| {
            let mut rng = Rng::with_seed(impression.into());
            let made = match rng.usize(..8) {
                0 | 1 => None,
                2 => Some(now - 5 * HOUR),
                3 => Some(now - 60_000),
                4 => Some(now - 700 * HOUR),
                _ => Some(now),
            };
            // The rest of an id is the same at every run, too.
            let random: [u8; 16] = std::array::from_fn(|_| rng.u8(..));
            let builder = match made {
                Some(ms) => {
                    Builder::from_unix_timestamp_millis(ms, random.first_chunk().expect("ten of sixteen"))
                }
                None => Builder::from_random_bytes(random),
            };
            builder.into_uuid().to_string()
        });
        id.clone()
    }

    pub(super) fn messages(&mut self, drawn: &[Message]) -> Vec<Value> {
        let mut messages = Vec::new();
        for Message { impression, fields } in drawn {
            let mut message = fields.clone();
            message["id"] = json!(self.id(*impression));
            messages.push(message);
        }
        messages
    }

    async fn store(&mut self, messages: Value) {
        self.site.store(messages.clone()).await;
        for message in messages.as_array().unwrap() {
            self.there.insert(message["id"].as_str().unwrap().to_owned(), true);
        }
        self.stored.push(messages);
    }

    async fn patch(&mut self, impression: u32, patch: &Value) {
        let id = self.id(impression);
        let url = self.site.url(&format!("responses/{id}"));
        let patched = send(self.collector.http().patch(url).bearer_auth(&self.site.owner).json(patch)).await;
        let row = self.rows.iter().find(|row| row.id == id);
        let expected = match row {
            None => 404,
            Some(row) if row.score.is_none() && patch.get("state").is_some() => 422,
            Some(_) => 200,
        };
        assert_eq!(patched.status, expected, "{patched}");
    }

    /// Erases or marks a selection and waits until that is done.
    async fn select(&mut self, endpoint: &str) {
        let (action, query) = endpoint.split_once('?').expect("a query");
        let query =
            query.strip_prefix("mark=").map_or(query, |rest| rest.split_once('&').expect("a filter").1);
        let selected = self.export(&format!("&{query}")).await;
        let url = self.site.url(&format!("responses/{endpoint}"));
        let answer = send(self.collector.http().post(url).bearer_auth(&self.site.owner)).await;
        assert!([200, 202].contains(&answer.status), "{answer}");
        let begun = Instant::now();
        let mut job = answer.json();
        while job["state"] != "done" {
            assert!(begun.elapsed() < TIMEOUT, "it is never done: {job}");
            tokio::time::sleep(Duration::from_millis(10)).await;
            job = self.site.get("responses/bulk", &self.site.owner).await.json();
        }
        if action == "erase" {
            assert_eq!(job["responses"], selected.len(), "{endpoint}");
            for row in selected {
                self.there.remove(&row.id);
                self.erased.extend((row.channel == "import").then_some(row.id));
            }
        }
    }

    async fn forget(&mut self, user: &str) {
        let known = self.site.get(&format!("users/{user}"), &self.site.owner).await.ok();
        let known = known["responses"].as_array().unwrap().clone();
        let erased = send(self.delete(&format!("users/{user}"))).await.ok();
        assert_eq!(erased["erased"], known.len(), "{user}");
        for response in known {
            self.there.remove(response["id"].as_str().unwrap()).expect("a response that is there");
        }
    }

    pub(super) fn delete(&self, endpoint: &str) -> RequestBuilder {
        self.collector.http().delete(self.site.url(endpoint)).bearer_auth(&self.site.owner)
    }

    pub(super) fn change(&self, settings: &Value) -> RequestBuilder {
        let url = format!("{}/v1/sites/{}", self.collector.url(), self.site.id);
        self.collector.http().patch(url).bearer_auth(&self.site.owner).json(settings)
    }

    async fn set_clock(&self) -> Value {
        self.collector.get(&format!("/faults/clock/{}/{}", self.site.id, self.ahead)).await.ok()
    }

    /// Sets the clock and waits until retention has run by it.
    async fn wait_for_retention_run(&self) {
        let start = Instant::now();
        while self.set_clock().await["retained"] != true {
            assert!(start.elapsed() < TIMEOUT, "retention does not run");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// A power cut. Only the clock of the tests forgets where it was.
    pub(super) async fn restart(&mut self) {
        self.collector.restart();
        self.site = self.collector.again(&self.site);
        self.wait_for_retention_run().await;
    }

    /// Waits until the settings are worked in, and takes them from there.
    async fn quiet(&mut self) {
        let begun = Instant::now();
        let url = format!("{}/v1/sites/{}", self.collector.url(), self.site.id);
        loop {
            let shown = send(self.collector.http().get(&url).bearer_auth(&self.site.owner)).await.ok();
            if shown["in_progress"] == json!({ "properties": [], "timezone": false }) {
                let name = shown["timezone"].as_str().unwrap();
                if self.zone.name() != name {
                    self.zone = zone(name);
                }
                self.declared = serde_json::from_value(shown["properties"].clone()).unwrap();
                self.months =
                    shown["retention"]["months"].as_u64().map(|months| u32::try_from(months).unwrap());
                return;
            }
            assert!(begun.elapsed() < TIMEOUT, "it is never done: {}", shown["in_progress"]);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Returns the first instant whose responses are kept.
    pub(super) fn first_kept_ms(&self) -> Option<i64> {
        let first = self.zone.day_of(self.now()).minus_months(self.months?);
        Some(self.zone.to_unix_ms(i64::from(first.number()) * api::day::DAY_S))
    }

    /// Removes the rows that retention has deleted after a power cut. The clock of the tests stands
    /// at the real time for a moment then, in which the site schedules its next run anew, for a
    /// time that has passed once the clock is set.
    async fn accept_retention(&mut self) {
        let Some(first) = self.first_kept_ms() else { return };
        let kept: BTreeSet<String> = self.export("").await.into_iter().map(|row| row.id).collect();
        for row in self.rows.iter().filter(|row| row.at < first && !kept.contains(&row.id)) {
            self.there.remove(&row.id);
        }
    }

    /// Waits until what is too old is gone. Nothing else may go.
    async fn wait_for_retention(&mut self) {
        let Some(first) = self.first_kept_ms() else { return };
        for row in self.rows.iter().filter(|row| row.at < first) {
            self.there.remove(&row.id);
        }
        let begun = Instant::now();
        loop {
            let rows = self.export("").await;
            let old = rows.iter().filter(|row| row.at < first).count();
            if old == 0 {
                return;
            }
            assert!(
                begun.elapsed() < TIMEOUT,
                "{old} responses from before {} are still there",
                iso(first.cast_unsigned())
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The rows of an export with that filter, newest first.
    pub async fn export(&self, filter: &str) -> Vec<Row> {
        let answer = self.site.get(&format!("export?format=ndjson{filter}"), &self.site.owner).await;
        assert_eq!(answer.status, 200, "{filter}: {answer}");
        let text = String::from_utf8(answer.body).expect("UTF-8");
        text.lines().map(|line| Row::read(&serde_json::from_str(line).expect("a line of JSON"))).collect()
    }
}
