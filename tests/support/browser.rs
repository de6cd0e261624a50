//! A visitor's browser in any of three engines, and a visitor's input to the survey.
//!
//! The drivers of the engines are in `xtask::browser`, because the benchmark uses them too. Its
//! commands block, so each runs on its own thread here. The pages that the test itself serves stay
//! reachable meanwhile.

use std::fmt::Display;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tokio::sync::SemaphorePermit;
use tokio::task::spawn_blocking;
use xtask::browser as driver;
pub use xtask::browser::{Engine, Window, key};

use crate::browser_pool;

/// Time limit for an expected change of a page, after which the test fails.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Makes a test of each engine out of an `async fn` that takes one, so that a failure names the
/// engine: `it_fits::firefox`.
#[macro_export]
macro_rules! in_each_engine {
    ($($test:ident),+ $(,)?) => { $(
        mod $test {
            #[tokio::test]
            async fn chromium() {
                super::$test($crate::Engine::Chromium).await;
            }

            #[tokio::test]
            async fn firefox() {
                super::$test($crate::Engine::Firefox).await;
            }

            #[tokio::test]
            async fn webkit() {
                super::$test($crate::Engine::Webkit).await;
            }
        }
    )+ };
}

/// Browser of one test. A running browser goes from one test to the next, each of which begins a
/// visit with nothing stored and no tab open (`browser_pool.rs`).
///
/// A test has one at a time: with two, tests could wait for each other's places without end. A
/// second tab is no second browser.
pub struct Browser {
    driver: Option<Arc<driver::Browser>>,
    // Given back last.
    _permit: SemaphorePermit<'static>,
}

impl Browser {
    /// Opens a window of the given kind, once another browser may work.
    pub async fn open(engine: Engine, window: Window) -> Self {
        let permit = browser_pool::permit().await;
        let driver = wait(move || browser_pool::take(engine, window)).await;
        Self { driver: Some(Arc::new(driver)), _permit: permit }
    }

    /// Returns the engine that renders the pages.
    pub fn engine(&self) -> Engine {
        self.driver().engine()
    }

    fn driver(&self) -> &Arc<driver::Browser> {
        self.driver.as_ref().expect("the browser is there until the drop")
    }

    async fn with<T: Send + 'static, E: Display + Send + 'static>(
        &self,
        command: impl FnOnce(&driver::Browser) -> Result<T, E> + Send + 'static,
    ) -> T {
        let driver = self.driver().clone();
        wait(move || command(&driver)).await
    }

    /// Ends the visit and begins the next one in the same browser, as the pool does between two
    /// tests. Fails where the pool would start another browser.
    pub async fn next_visit(mut self, window: Window) -> Self {
        let driver = self.driver.take().and_then(Arc::into_inner);
        let mut driver = driver.expect("no command is under way");
        let next = move || {
            driver.end_visit()?;
            driver.begin_visit(window)?;
            anyhow::Ok(driver)
        };
        self.driver = Some(Arc::new(wait(next).await));
        self
    }

    /// Goes to a page.
    pub async fn goto(&self, url: &str) {
        let url = url.to_owned();
        self.with(move |driver| driver.goto(&url)).await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.with(driver::Browser::reload).await;
    }

    /// Goes back to the page before.
    pub async fn back(&self) {
        self.with(driver::Browser::back).await;
    }

    /// Runs the body of a function in the page and returns its result. A promise is awaited.
    pub async fn run(&self, script: &str) -> Value {
        let script = script.to_owned();
        self.with(move |driver| driver.run(&script)).await
    }

    /// Runs a script inside the survey: `survey` is its shadow root, `null` where none is open.
    pub async fn survey(&self, script: &str) -> Value {
        let root = "const survey = document.querySelector('grapevine-survey')?.shadowRoot ?? null;";
        self.run(&format!("{root}\n{script}")).await
    }

    /// Waits until an expression about the survey is true.
    pub async fn until(&self, expression: &str) {
        let begun = Instant::now();
        while self.survey(&format!("return Boolean({expression});")).await != true {
            assert!(begun.elapsed() < TIMEOUT, "in {} it did not come to this: {expression}", self.engine());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the survey is open.
    pub async fn until_shown(&self) {
        self.until("survey?.querySelector('input[type=radio]')").await;
    }

    /// Finishes every finite animation of the survey.
    pub async fn until_still(&self) {
        let still = "const elements = [survey?.host, ...survey?.querySelectorAll('*') ?? []];
            const running = elements.flatMap((it) => it?.getAnimations() ?? []).filter((it) => it.playState == 'running');
            for (const animation of running)
                if (animation.effect?.getComputedTiming().endTime < Infinity) animation.finish();
            return new Promise((next) => requestAnimationFrame(() => next(null)));";
        self.survey(still).await;
    }

    /// Presses the mouse on an element of the survey.
    pub async fn click(&self, selector: &str) {
        self.click_on(format!("document.querySelector('grapevine-survey').shadowRoot{}", query(selector)))
            .await;
    }

    /// Presses the mouse on an element of the page.
    pub async fn click_page(&self, selector: &str) {
        self.click_on(format!("document{}", query(selector))).await;
    }

    async fn click_on(&self, element: String) {
        self.with(move |driver| driver.click(&element)).await;
    }

    /// Presses the mouse on the element of one expression and releases it on that of another.
    pub async fn drag(&self, from: &str, to: &str) {
        let (from, to) = (from.to_owned(), to.to_owned());
        self.with(move |driver| driver.drag(&from, &to)).await;
    }

    /// Presses keys where the focus is, one after another: characters, or those of [`key`].
    pub async fn press(&self, keys: impl IntoIterator<Item = char>) {
        let keys: Vec<char> = keys.into_iter().collect();
        self.with(move |driver| driver.press(keys)).await;
    }

    /// Presses keys together, such as Shift and Tab.
    pub async fn chord(&self, keys: impl IntoIterator<Item = char>) {
        let keys: Vec<char> = keys.into_iter().collect();
        self.with(move |driver| driver.chord(keys)).await;
    }

    /// Saves a screenshot in `target/grapevine/screenshots/` once nothing moves in the survey.
    /// Names of other engines than Chromium end with the engine.
    pub async fn picture(&self, name: &str) {
        self.until_still().await;
        let folder = xtask::root().join("target/grapevine/screenshots");
        std::fs::create_dir_all(&folder).expect("a folder");
        let suffix = match self.engine() {
            Engine::Chromium => String::new(),
            engine => format!("-{engine}"),
        };
        let png = BASE64_STANDARD.decode(self.with(driver::Browser::picture).await).expect("base64");
        std::fs::write(folder.join(format!("{name}{suffix}.png")), png).expect("a file");
    }

    /// Returns the paths that the page requested from an origin, in order. `/favicon.ico` is left
    /// out, since browsers request it by themselves.
    pub async fn requests(&self, origin: &str) -> Vec<String> {
        let entries =
            self.run("return performance.getEntriesByType('resource').map((entry) => entry.name);").await;
        let names = entries.as_array().cloned().unwrap_or_default();
        let paths = names.iter().filter_map(|name| name.as_str()?.strip_prefix(origin));
        paths.filter(|path| *path != "/favicon.ico").map(str::to_owned).collect()
    }

    /// Returns the handles of the open tabs.
    pub async fn tabs(&self) -> Vec<String> {
        self.with(driver::Browser::tabs).await
    }

    /// Returns the handle of the current tab, which receives the commands.
    pub async fn tab(&self) -> String {
        self.with(driver::Browser::tab).await
    }

    /// Opens a tab, switches to it and returns its handle.
    pub async fn new_tab(&self) -> String {
        self.with(driver::Browser::new_tab).await
    }

    /// Switches to another tab.
    pub async fn switch(&self, handle: &str) {
        let handle = handle.to_owned();
        self.with(move |driver| driver.switch(&handle)).await;
    }

    /// Closes the tab; [`Browser::switch`] must come next.
    pub async fn close_tab(&self) {
        self.with(driver::Browser::close_tab).await;
    }

    /// Switches to a frame of the page, or of the survey if the page has no such frame.
    pub async fn frame(&self, selector: &str) {
        let query = query(selector);
        let survey = "document.querySelector('grapevine-survey')?.shadowRoot?";
        self.with(move |driver| driver.frame(&format!("document{query} ?? {survey}{query}"))).await;
    }

    /// Switches to the page around this frame.
    pub async fn parent_frame(&self) {
        self.with(driver::Browser::parent_frame).await;
    }

    /// Sends a command of Chromium's developer tools. Fails in every other engine.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let command = command.to_owned();
        self.with(move |driver| driver.cdp(&command, &parameters)).await
    }

    /// Returns the warnings and errors in the console since the last call. Chromium only.
    pub async fn console(&self) -> Vec<String> {
        self.with(driver::Browser::console).await
    }

    /// Disconnects the tab from the network, or reconnects it. Chromium only.
    pub async fn offline(&self, offline: bool) {
        self.with(move |driver| driver.offline(offline)).await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A pending command keeps the browser alive, which ends after the command.
        let driver = self.driver.take().and_then(Arc::into_inner);
        // After a failure the browser may be in any state, so it ends as well.
        if let Some(driver) = driver.filter(|_| !std::thread::panicking()) {
            browser_pool::give_back(driver);
        }
    }
}

/// Returns the JavaScript call that finds an element.
fn query(selector: &str) -> String {
    format!(".querySelector({})", json!(selector))
}

/// Runs blocking work on another thread and panics if it fails.
async fn wait<T: Send + 'static, E: Display + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> T {
    let done = spawn_blocking(work).await.expect("it does not panic");
    done.unwrap_or_else(|error| panic!("{error:#}"))
}
