//! Browsers as people use them, in three engines: Chromium, Firefox and WebKit (as GTK has it).
//!
//! All three speak WebDriver (W3C), which is JSON over HTTP, and are driven directly by the few
//! lines of HTTP that the benchmark has too. This module is not in the tests because the benchmark
//! drives browsers as well. It blocks until each command is done instead of being `async`, so that
//! `cargo run` needs no runtime for it; the tests run each command on a thread.
//!
//! Input is real: the pointer moves and presses, keys go down and up, in the same way in every
//! engine (`actions`). One file for each engine has what the engine needs to start, to have the
//! wanted size and to leave the network alone. Each browser has a folder below
//! `target/grapevine/browsers/`, which is deleted with it.
//!
//! A start takes from one to three seconds, so a browser can serve one visitor after another
//! ([`Browser::end_visit`], [`Browser::begin_visit`]). Each has a fresh user context, which ends
//! with all its tabs, cookies, storage, caches, service workers and permissions.
//!
//! Differences between the engines:
//! - [`Browser::cdp`], and everything built on it, is for Chromium alone.
//! - WebKit has one language, the others have a list; here it is one everywhere.
//! - A phone is a phone (`mobile`, overlaid scroll bars) only in Chromium; the others show a small
//!   window of a desktop.
//! - WebKit reports `Unidentified` for the key of Shift and Tab, though the focus moves; its own
//!   radio buttons do not wrap.

mod actions;
mod chromium;
mod devtools;
mod firefox;
mod install;
mod process;
mod webdriver;
#[cfg(unix)]
mod webkit;

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

pub use actions::key;
use process::{Folder, Process};
use webdriver::Session;

/// Engine that renders the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    Webkit,
}

impl Engine {
    /// All engines that visitors use.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    /// Returns the name, as in the names of files.
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

/// Kind of window and of visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Width of the page, without the bars of the window.
    pub width: u32,
    /// Height of the page, without the bars of the window.
    pub height: u32,
    /// Whether the visitor prefers dark colours.
    pub dark: bool,
    /// Whether the visitor prefers that nothing moves.
    pub still: bool,
    /// Value of `navigator.language`, such as `de` or `pt-BR`.
    pub language: &'static str,
}

impl Window {
    /// Desktop.
    pub const DESKTOP: Self = Self { width: 1280, height: 800, dark: false, still: false, language: "en" };
    /// Smallest phone that is supported.
    pub const PHONE: Self = Self { width: 320, height: 640, ..Self::DESKTOP };

    /// Changes the visitor to one who prefers dark colours.
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// Changes the visitor to one who prefers reduced motion.
    pub const fn still(self) -> Self {
        Self { still: true, ..self }
    }

    /// Changes the language of the visitor.
    pub const fn language(self, language: &'static str) -> Self {
        Self { language, ..self }
    }
}

/// Browser of one visitor at a time. It ends on drop, and its driver with it.
#[derive(Debug)]
pub struct Browser {
    engine: Engine,
    window: Window,
    session: Session,
    clicks: AtomicU32,
    /// Of a Chromium that serves one visitor after another.
    user_contexts: Option<chromium::UserContexts>,
    // In the order in which they must end.
    _driver: Process,
    _display: Option<Process>,
    _folder: Folder,
}

/// Processes of an engine that was started.
struct Started {
    session: Session,
    driver: Process,
    display: Option<Process>,
}

impl Browser {
    /// Starts a browser for a first visitor, with one window. Installs missing programs first,
    /// where this machine allows it.
    pub fn open(engine: Engine, window: Window) -> Result<Self> {
        let mut browser = Self::start(engine, window, false)?;
        if engine == Engine::Chromium {
            browser.user_contexts = Some(chromium::UserContexts::new(&browser.session)?);
        }
        // A session of WebKit begins with its first visitor.
        if engine == Engine::Webkit {
            browser.fit()?
        } else {
            browser.begin_visit(window)?
        }
        Ok(browser)
    }

    /// Starts a Chromium that keeps what goes over the network for [`Browser::recorded`].
    pub fn recording(window: Window) -> Result<Self> {
        let browser = Self::start(Engine::Chromium, window, true)?;
        browser.fit()?;
        Ok(browser)
    }

    fn start(engine: Engine, window: Window, record: bool) -> Result<Self> {
        let start = || {
            let folder = Folder::new()?;
            let Started { session, driver, display } = match engine {
                Engine::Chromium => chromium::start(&window, &folder, record)?,
                Engine::Firefox => firefox::start(&folder)?,
                #[cfg(unix)]
                Engine::Webkit => webkit::start(&window, &folder)?,
                #[cfg(not(unix))]
                Engine::Webkit => anyhow::bail!("WebKit as GTK has it does not exist for this system"),
            };
            anyhow::Ok(Self {
                engine,
                window,
                session,
                clicks: AtomicU32::new(0),
                user_contexts: None,
                _driver: driver,
                _display: display,
                _folder: folder,
            })
        };
        start().with_context(|| format!("{engine} does not start"))
    }

    /// Whether the running browser can serve a visitor with such a window. What it cannot change is
    /// the language of Chromium and everything of WebKit.
    pub fn can_serve(&self, window: Window) -> bool {
        match self.engine {
            Engine::Chromium => self.window.language == window.language,
            Engine::Firefox => true,
            Engine::Webkit => self.window == window,
        }
    }

    /// Ends the visit: closes all tabs and deletes all that the browser keeps of the visitor. Only
    /// [`Browser::begin_visit`] may follow.
    pub fn end_visit(&mut self) -> Result<()> {
        match (self.engine, &mut self.user_contexts) {
            (Engine::Chromium, Some(contexts)) => contexts.end(&self.session),
            (Engine::Chromium, None) => bail!("a browser that records has one visitor"),
            (Engine::Firefox, _) => firefox::end_user_context(&self.session),
            (Engine::Webkit, _) => {
                self.session.dismiss_dialogs();
                // A browser that hangs is replaced when the next visit begins.
                let _ = self.session.end();
                Ok(())
            }
        }
    }

    /// Begins the visit of somebody whom the browser has never seen, with one window.
    pub fn begin_visit(&mut self, window: Window) -> Result<()> {
        ensure!(self.can_serve(window), "{} cannot change its window to {window:?}", self.engine);
        self.window = window;
        match (self.engine, &mut self.user_contexts) {
            (Engine::Chromium, Some(contexts)) => contexts.begin(&self.session, &window)?,
            (Engine::Chromium, None) => bail!("a browser that records has one visitor"),
            (Engine::Firefox, _) => firefox::begin_user_context(&self.session, &window)?,
            (Engine::Webkit, _) => self.begin_webkit_session()?,
        }
        self.fit()
    }

    /// Returns the engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Opens a session for the next visitor, with a new driver if the last one has not ended.
    #[cfg(unix)]
    fn begin_webkit_session(&mut self) -> Result<()> {
        match webkit::new_session(self.session.port()) {
            Ok(session) => self.session = session,
            Err(_) => *self = Self::start(self.engine, self.window, false)?,
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn begin_webkit_session(&mut self) -> Result<()> {
        bail!("WebKit as GTK has it does not exist for this system")
    }

    /// Sets the size of the current tab and, where the engine has them for each tab, its colours.
    fn fit(&self) -> Result<()> {
        match self.engine {
            Engine::Chromium => chromium::emulate(&self.session, &self.window),
            Engine::Firefox | Engine::Webkit => webdriver::resize(&self.session, &self.window),
        }
    }

    /// Goes to a page and waits until it has loaded.
    pub fn goto(&self, url: &str) -> Result<()> {
        self.session.post("/url", &json!({ "url": url })).map(drop)
    }

    /// Loads the page again.
    pub fn reload(&self) -> Result<()> {
        self.session.post("/refresh", &json!({})).map(drop)
    }

    /// Goes back to the page before.
    pub fn back(&self) -> Result<()> {
        self.session.post("/back", &json!({})).map(drop)
    }

    /// Runs the body of a function in the page and returns its result, that of a promise once it
    /// has settled.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.session.execute(script)
    }

    /// Presses the mouse on the element of an expression, once the element has stopped moving.
    /// Fails if another element covers it. Two presses are never a double click, however fast.
    pub fn click(&self, element: &str) -> Result<()> {
        let element = self.session.execute(&actions::reach(element))?;
        self.session.perform(&actions::click(&element, self.clicks.fetch_add(1, Relaxed)))
    }

    /// Presses the mouse on the element of one expression and releases it on that of another.
    pub fn drag(&self, from: &str, to: &str) -> Result<()> {
        let from = self.session.execute(&actions::reach(from))?;
        let to = self.session.execute(&actions::reach(to))?;
        self.session.perform(&actions::drag(&from, &to))
    }

    /// Presses keys where the focus is, one after another: characters, or those of [`key`].
    pub fn press(&self, keys: impl IntoIterator<Item = char>) -> Result<()> {
        self.session.perform(&actions::press(keys))
    }

    /// Presses keys together, such as Shift and Tab: each stays down until the last is.
    pub fn chord(&self, keys: impl IntoIterator<Item = char>) -> Result<()> {
        self.session.perform(&actions::chord(keys))
    }

    /// Takes a picture of the window: a PNG in Base64.
    pub fn picture(&self) -> Result<String> {
        let picture = self.session.get("/screenshot")?;
        Ok(picture.as_str().context("no picture")?.to_owned())
    }

    /// Returns the handles of the open tabs.
    pub fn tabs(&self) -> Result<Vec<String>> {
        let handles = self.session.get("/window/handles")?;
        let handles = handles.as_array().into_iter().flatten().filter_map(Value::as_str);
        let in_context = handles.filter(|it| self.user_contexts.as_ref().is_none_or(|all| all.has_tab(it)));
        Ok(in_context.map(str::to_owned).collect())
    }

    /// Returns the handle of the current tab, which receives the commands.
    pub fn tab(&self) -> Result<String> {
        Ok(self.session.get("/window")?.as_str().context("no tab")?.to_owned())
    }

    /// Opens a tab, switches to it and returns its handle.
    pub fn new_tab(&self) -> Result<String> {
        let handle = match (self.engine, &self.user_contexts) {
            (Engine::Chromium, Some(contexts)) => contexts.new_tab()?,
            (Engine::Firefox, _) => firefox::new_tab(&self.session)?,
            _ => {
                let created = self.session.post("/window/new", &json!({ "type": "tab" }))?;
                created["handle"].as_str().context("no tab")?.to_owned()
            }
        };
        self.switch(&handle)?;
        self.fit()?;
        Ok(handle)
    }

    /// Switches to another tab.
    pub fn switch(&self, handle: &str) -> Result<()> {
        self.session.post("/window", &json!({ "handle": handle })).map(drop)
    }

    /// Closes the tab; [`Browser::switch`] must come next. The last tab stays: to close it is to
    /// end the browser.
    pub fn close_tab(&self) -> Result<()> {
        ensure!(self.tabs()?.len() > 1, "it is the last tab");
        self.session.delete("/window").map(drop)
    }

    /// Switches to the frame of an expression.
    pub fn frame(&self, element: &str) -> Result<()> {
        let frame = self.session.execute(&format!("return {element};"))?;
        ensure!(!frame.is_null(), "there is no {element}");
        self.session.post("/frame", &json!({ "id": frame })).map(drop)
    }

    /// Switches to the page around the current frame.
    pub fn parent_frame(&self) -> Result<()> {
        self.session.post("/frame/parent", &json!({})).map(drop)
    }

    /// Sends a DevTools command to the tab and returns its result. Chromium only.
    pub fn cdp(&self, command: &str, parameters: &Value) -> Result<Value> {
        ensure!(
            self.engine == Engine::Chromium,
            "only Chromium knows {command}, and this is {}",
            self.engine
        );
        chromium::cdp(&self.session, command, parameters)
    }

    /// Returns the warnings and errors of all pages in the console since the last call. Chromium
    /// only.
    pub fn console(&self) -> Result<Vec<String>> {
        ensure!(self.engine == Engine::Chromium, "only Chromium says what is in its console");
        chromium::console(&self.session)
    }

    /// Returns the network events of DevTools since the last call, from a [`Browser::recording`].
    pub fn recorded(&self) -> Result<Vec<Value>> {
        chromium::recorded(&self.session)
    }

    /// Disconnects the tab from the network, or connects it again. Chromium only.
    pub fn offline(&self, offline: bool) -> Result<()> {
        ensure!(self.engine == Engine::Chromium, "only Chromium can be taken off the network");
        chromium::offline(&self.session, offline)
    }
}

impl Drop for Browser {
    /// Ends the session first, so that the browser can exit normally.
    fn drop(&mut self) {
        // The session may have ended already.
        let _ = self.session.end();
    }
}
