//! Time until the owner can use the overview, on a machine that is four times slower, and the
//! longest task of the page.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::table::Table;
use super::widget::Spread;
use super::{Bench, Site};
use crate::browser::{Browser, Window};
use crate::progress::log;

/// Slowdown relative to this machine.
const SLOWER: u32 = 4;
const DAY_SECONDS: u64 = 86_400;
const DAYS: u64 = 365;
const EACH_DAY: u64 = 24;
/// Goals.
const INTERACTIVE_MS: f64 = 1_500.0;
const LONG_TASK_MS: f64 = 50.0;

/// Figures of a visit.
struct Visit {
    /// Time since the navigation until the overview is drawn and input is handled.
    interactive_ms: f64,
    /// Longest task until then.
    start_ms: f64,
    /// Longest task while a year of days is drawn.
    year_ms: f64,
}

impl Bench {
    /// Opens the owner's page that number of times, with nothing cached or compiled.
    pub fn dashboard(&self, visits: u64, table: &mut Table) -> Result<()> {
        let site = self.site()?;
        self.fill_year(&site)?;
        let mut all = Vec::new();
        for visit in 0..visits {
            log(&format!("dashboard: visit {} of {visits}", visit + 1));
            all.push(self.open_overview(&site)?);
        }
        let median = |figure: fn(&Visit) -> f64| Spread::new(all.iter().map(figure)).median;
        let ms = |number: f64| format!("{number:.0} ms");
        let interactive = median(|visit| visit.interactive_ms);
        let what = format!("owner's page interactive, {SLOWER} × slower, median of {visits} visits");
        table.goal(&what, ms(interactive), "<= 1500 ms", interactive <= INTERACTIVE_MS);
        table.note("longest task until then", ms(median(|visit| visit.start_ms)));
        let year = median(|visit| visit.year_ms);
        table.goal("longest task of a year of days after it", ms(year), "<= 50 ms", year <= LONG_TASK_MS);
        Ok(())
    }

    /// Imports responses of the last year.
    fn fill_year(&self, site: &Site) -> Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let line = |nth: u64| {
            let seconds = now - nth * DAY_SECONDS / EACH_DAY;
            let comment = if nth.is_multiple_of(9) { "The parcel came late." } else { "" };
            format!(
                "{}\n",
                json!({ "at": seconds, "score": nth * 7 % 11, "plan": nth % 3, "comment": comment })
            )
        };
        let body: String = (0..DAYS * EACH_DAY).map(line).collect();
        let mut client = self.client();
        let settings = br#"{"properties":["plan"]}"#;
        let path = format!("/v1/sites/{}", site.id);
        let changed = client.send("PATCH", &path, Some(&site.owner), "application/json", settings)?;
        ensure!(changed.status == 200, "the settings were not changed: {changed}");
        let path = format!("{path}/import");
        let imported =
            client.send("POST", &path, Some(&site.owner), "application/x-ndjson", body.as_bytes())?;
        ensure!(imported.status == 200, "nothing was imported: {imported}");
        Ok(())
    }

    fn open_overview(&self, site: &Site) -> Result<Visit> {
        let browser = Browser::recording(Window::DESKTOP)?;
        let cdp = |command: &str, parameters: Value| browser.cdp(command, &parameters);
        // The browser has finished starting before the page that counts.
        browser.goto(&format!("{}/healthz", self.workerd.url()))?;
        let source = include_str!("dashboard.js");
        cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }))?;
        cdp("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER }))?;
        let number = |value: Value| value.as_f64().context("no number");
        browser.goto(&format!("{}/?range=30d#key={}&site={}", self.workerd.url(), site.owner, site.id))?;
        let interactive_ms = number(browser.run("return window.drawn(30);")?)?;
        let start_ms = number(browser.run("return window.longest;")?)?;
        // What else the page loads has come.
        let settle =
            "return new Promise((done) => setTimeout(done, 2000)).then(() => { window.longest = 0; });";
        browser.run(settle)?;
        let year = format!(
            "history.pushState(null, '', location.search.replace('range=30d', 'range={DAYS}d&interval=day'));
            setTimeout(() => window.dispatchEvent(new PopStateEvent('popstate')));
            return window.drawn({DAYS}).then(() => new Promise((done) => setTimeout(done, 500)))
                .then(() => window.longest);"
        );
        let year_ms = number(browser.run(&year)?)?;
        Ok(Visit { interactive_ms, start_ms, year_ms })
    }
}
