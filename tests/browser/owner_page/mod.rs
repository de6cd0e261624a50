//! The owner's page, as an owner uses it.

mod comments;
mod comments_detail;
mod comments_keys;
mod hidden_notes;
mod hostile;
mod imports;
mod install;
mod modules;
mod overview;
mod overview_notes;
mod pictures;
mod sample;
mod settings;
mod sign_in;
mod states;

use serde_json::{Value, json};
use tests::{Browser, Collector, DAY_MS, Engine, Site, Window, now_ms};

/// A collector with the site of a shop, and a browser of its owner.
pub struct Owner {
    pub collector: Collector,
    pub site: Site,
    pub browser: Browser,
}

impl Owner {
    /// Starts with an empty site.
    pub async fn start(engine: Engine, window: Window) -> Self {
        Self::start_on(Collector::shared(), engine, window).await
    }

    /// Starts with an empty site that is the only one of its collector, for the operator's list of
    /// all sites.
    pub async fn start_alone(engine: Engine, window: Window) -> Self {
        Self::start_on(Collector::start(), engine, window).await
    }

    async fn start_on(collector: Collector, engine: Engine, window: Window) -> Self {
        let site = collector
            .create_site(
                json!({ "name": "Kettle Row", "properties": ["plan"], "retention": { "months": null } }),
            )
            .await;
        let browser = Browser::open(engine, window).await;
        Self { collector, site, browser }
    }

    /// Returns the address of the page with a query or a fragment.
    pub fn address(&self, rest: &str) -> String {
        format!("{}/{rest}", self.collector.url())
    }

    /// Opens the page, signed in with a key by a link.
    pub async fn open_with(&self, key: &str, query: &str) {
        let rest = format!("?site={}{query}#key={key}", self.site.id);
        self.browser.goto(&self.address(&rest)).await;
    }

    /// Opens the page, signed in with the owner key by a link.
    pub async fn open(&self, query: &str) {
        self.open_with(&self.site.owner, query).await;
    }

    /// Imports responses of the last days: so many a day, whose scores follow a rule of the number
    /// of days ago and of the number in that day.
    pub async fn import(&self, days: u64, each: u64, rule: impl Fn(u64, u64) -> u64) {
        let plans = ["free", "pro", "team"];
        let mut lines = vec![];
        for ago in 0..days {
            for nth in 0..each {
                let seconds = (now_ms() - ago * DAY_MS) / 1_000 - nth * 60;
                let plan = plans[((ago + nth) % 3) as usize];
                let comment = if nth == 0 { format!("Parcel {ago} came late") } else { String::new() };
                lines.push(
                    json!({ "at": seconds, "score": rule(ago, nth), "plan": plan, "comment": comment })
                        .to_string(),
                );
            }
        }
        let imported = self.site.import(lines.join("\n"), "", "application/x-ndjson").await.ok();
        assert_eq!(imported["rejected"], 0, "{imported}");
    }

    /// Waits until the page has a text.
    pub async fn until_text(&self, text: &str) {
        self.browser.until(&format!("document.body.textContent.includes({})", json!(text))).await;
    }

    /// Sets the value of a field as typing does.
    pub async fn fill(&self, selector: &str, text: &str) {
        let script = format!(
            "const field = document.querySelector({});
            field.value = {};
            for (const kind of ['input', 'change'])
                field.dispatchEvent(new Event(kind, {{ bubbles: true }}));",
            json!(selector),
            json!(text)
        );
        self.browser.run(&script).await;
    }

    /// Returns the value of an expression.
    pub async fn value(&self, expression: &str) -> Value {
        self.browser.run(&format!("return {expression};")).await
    }

    /// Presses the button with this text.
    pub async fn press_button(&self, text: &str) {
        let find = format!(
            "[...document.querySelectorAll('button')].find((it) => it.textContent.trim() === {})",
            json!(text)
        );
        self.browser.until(&find).await;
        let mark = format!(
            "for (const it of document.querySelectorAll('[data-pressed]')) delete it.dataset.pressed;
            {find}.dataset.pressed = '';"
        );
        self.browser.run(&mark).await;
        self.browser.click_page("[data-pressed]").await;
    }

    /// Asserts that axe finds nothing.
    pub async fn assert_accessible(&self) {
        assert_accessible(&self.browser).await;
    }
}

async fn assert_accessible(browser: &Browser) {
    let wrong = browser.axe().await;
    assert!(wrong.is_empty(), "{}", wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
}
