//! A browser as a person uses it, in three engines: Chromium, Firefox and WebKit (as GTK has it).
//!
//! All three speak WebDriver (W3C), which is JSON over HTTP, so this speaks it directly, over the few lines of HTTP that
//! the benchmark has too. It is here and not in the tests because the benchmark drives browsers as well, and it waits for
//! each command instead of being `async`, because nobody who types `cargo run` should wait for a runtime to compile;
//! the tests hand each command to a thread.
//!
//! What a person does is done with real input: the pointer moves and presses, keys go down and up, in every engine the
//! same way ([`input`](mod@input)). What an engine needs to start, to have the size that is wanted and to leave the network
//! alone is in its own file. Each browser has a profile of its own below `target/grapevine/browsers/`, gone when it ends.
//!
//! What one engine cannot do:
//! - [`Browser::cdp`], and all that is built on it, is Chromium's alone.
//! - WebKit has one language, the others have a list; here it is one everywhere.
//! - Only Chromium's phone is a phone (`mobile`, overlaid scroll bars); the others show a small window of a desktop.
//! - WebKit says `Unidentified` for the key of Shift and Tab, though the focus moves; its own radio buttons do not wrap.

mod chromium;
mod firefox;
mod input;
mod install;
mod process;
#[cfg(unix)]
mod webkit;
mod wire;

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

pub use input::key;
use process::{Folder, Process};
use wire::Wire;

/// What renders the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    Webkit,
}

impl Engine {
    /// Every engine that a visitor may have.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    /// Its name in the names of files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How the page is seen, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Of the page, without what is around it.
    pub width: u32,
    pub height: u32,
    /// Whether the visitor prefers dark colours.
    pub dark: bool,
    /// Whether the visitor prefers that nothing moves.
    pub still: bool,
    /// What `navigator.language` says, such as `de` or `pt-BR`.
    pub language: &'static str,
}

impl Window {
    /// A desktop.
    pub const DESKTOP: Self = Self { width: 1280, height: 800, dark: false, still: false, language: "en" };
    /// The smallest phone that counts.
    pub const PHONE: Self = Self { width: 320, height: 640, ..Self::DESKTOP };

    /// The same for a visitor who prefers dark colours.
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The same for a visitor who prefers that nothing moves.
    pub const fn still(self) -> Self {
        Self { still: true, ..self }
    }

    /// The same for a visitor of that language.
    pub const fn language(self, language: &'static str) -> Self {
        Self { language, ..self }
    }
}

/// A browser with a fresh profile. It ends, and its driver with it, when this is dropped.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    window: Window,
    wire: Wire,
    clicks: AtomicU32,
    // In the order in which they must end.
    _driver: Process,
    _display: Option<Process>,
    _folder: Folder,
}

/// What an engine has started.
struct Started {
    wire: Wire,
    driver: Process,
    display: Option<Process>,
}

impl Browser {
    /// Opens a browser with one window of that kind. What is missing is installed first, where this machine lets us.
    pub fn open(engine: Engine, window: Window) -> Result<Self> {
        Self::start(engine, window, false)
    }

    /// Opens Chromium, which keeps what goes over the network for [`Browser::recorded`].
    pub fn recording(window: Window) -> Result<Self> {
        Self::start(Engine::Chromium, window, true)
    }

    fn start(engine: Engine, window: Window, record: bool) -> Result<Self> {
        let open = || {
            let folder = Folder::new()?;
            let Started { wire, driver, display } = match engine {
                Engine::Chromium => chromium::start(&window, &folder, record)?,
                Engine::Firefox => firefox::start(&window, &folder)?,
                #[cfg(unix)]
                Engine::Webkit => webkit::start(&window, &folder)?,
                #[cfg(not(unix))]
                Engine::Webkit => anyhow::bail!("WebKit as GTK has it is not to be had on this system"),
            };
            // Whole before anything more can fail: the driver would leave its browser behind.
            let clicks = AtomicU32::new(0);
            let browser =
                Self { engine, window, wire, clicks, _driver: driver, _display: display, _folder: folder };
            browser.fit()?;
            anyhow::Ok(browser)
        };
        open().with_context(|| format!("{engine} does not start"))
    }

    /// What renders its pages.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Gives the tab in front its size and, where that is done for each tab, its colours.
    fn fit(&self) -> Result<()> {
        match self.engine {
            Engine::Chromium => chromium::emulate(&self.wire, &self.window),
            Engine::Firefox | Engine::Webkit => wire::fit(&self.wire, &self.window),
        }
    }

    /// Goes to a page and waits until it has loaded.
    pub fn goto(&self, url: &str) -> Result<()> {
        self.wire.post("/url", &json!({ "url": url })).map(drop)
    }

    /// Loads the page again.
    pub fn reload(&self) -> Result<()> {
        self.wire.post("/refresh", &json!({})).map(drop)
    }

    /// Goes back to the page before.
    pub fn back(&self) -> Result<()> {
        self.wire.post("/back", &json!({})).map(drop)
    }

    /// Runs the body of a function in the page and answers what it returns; of a promise, what that comes to.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.wire.run(script)
    }

    /// Presses the mouse on the element that an expression names, once it has stopped moving. Fails where it is
    /// covered: what is under something else cannot be pressed. Two presses are never a double click, however fast.
    pub fn click(&self, element: &str) -> Result<()> {
        let element = self.wire.run(&input::reach(element))?;
        self.wire.act(&input::click(&element, self.clicks.fetch_add(1, Relaxed)))
    }

    /// Presses keys where the focus is, one after another: characters, or those of [`key`].
    pub fn press(&self, keys: impl IntoIterator<Item = char>) -> Result<()> {
        self.wire.act(&input::press(keys))
    }

    /// Presses keys together, such as Shift and Tab: each stays down until the last is.
    pub fn chord(&self, keys: impl IntoIterator<Item = char>) -> Result<()> {
        self.wire.act(&input::chord(keys))
    }

    /// A picture of what the window shows: a PNG in Base64.
    pub fn picture(&self) -> Result<String> {
        let picture = self.wire.get("/screenshot")?;
        Ok(picture.as_str().context("no picture")?.to_owned())
    }

    /// The tabs that are open, each by its handle.
    pub fn tabs(&self) -> Result<Vec<String>> {
        let handles = self.wire.get("/window/handles")?;
        Ok(handles.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// The handle of the tab that commands go to.
    pub fn tab(&self) -> Result<String> {
        Ok(self.wire.get("/window")?.as_str().context("no tab")?.to_owned())
    }

    /// Opens a tab, goes to it, and answers its handle.
    pub fn new_tab(&self) -> Result<String> {
        let made = self.wire.post("/window/new", &json!({ "type": "tab" }))?;
        let handle = made["handle"].as_str().context("no tab")?;
        self.switch(handle)?;
        self.fit()?;
        Ok(handle.to_owned())
    }

    /// Sends the commands that follow to another tab.
    pub fn switch(&self, handle: &str) -> Result<()> {
        self.wire.post("/window", &json!({ "handle": handle })).map(drop)
    }

    /// Closes the tab; [`Browser::switch`] must come next. The last tab stays: to close it is to end the browser.
    pub fn close_tab(&self) -> Result<()> {
        ensure!(self.tabs()?.len() > 1, "it is the last tab");
        self.wire.delete("/window").map(drop)
    }

    /// Sends the commands that follow into the frame that an expression names.
    pub fn frame(&self, element: &str) -> Result<()> {
        let frame = self.wire.run(&format!("return {element};"))?;
        ensure!(!frame.is_null(), "there is no {element}");
        self.wire.post("/frame", &json!({ "id": frame })).map(drop)
    }

    /// Sends the commands that follow to the page around this frame.
    pub fn parent_frame(&self) -> Result<()> {
        self.wire.post("/frame/parent", &json!({})).map(drop)
    }

    /// Sends a command of Chromium's developer tools to the tab, and answers what it says. Fails in every other engine.
    pub fn cdp(&self, command: &str, parameters: &Value) -> Result<Value> {
        ensure!(
            self.engine == Engine::Chromium,
            "only Chromium knows {command}, and this is {}",
            self.engine
        );
        chromium::cdp(&self.wire, command, parameters)
    }

    /// The warnings and errors in the console, of whatever page, since the last call. Chromium only.
    pub fn console(&self) -> Result<Vec<String>> {
        ensure!(self.engine == Engine::Chromium, "only Chromium says what is in its console");
        chromium::console(&self.wire)
    }

    /// The events of the developer tools' `Network` since the last call, of a browser that is [`Browser::recording`].
    pub fn recorded(&self) -> Result<Vec<Value>> {
        chromium::recorded(&self.wire)
    }

    /// Takes the network away from the tab, or gives it back. Chromium only.
    pub fn offline(&self, offline: bool) -> Result<()> {
        ensure!(self.engine == Engine::Chromium, "only Chromium can be taken off the network");
        chromium::offline(&self.wire, offline)
    }
}

impl Drop for Browser {
    /// Ends the session first, also where a test has failed: the driver would leave its browser behind.
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.wire.delete("");
    }
}
