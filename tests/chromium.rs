//! Chromium, driven as a person would use it.
//!
//! WebDriver (W3C) is JSON over HTTP, and half of what is needed here is Chromium's own (colours, width), so this
//! speaks it directly.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;
use reqwest::{Client, Method};
use serde_json::{Value, json};

/// How long a test waits for something to happen on a page before it fails.
const PATIENCE: Duration = Duration::from_secs(15);

/// The keys that are no characters, as WebDriver writes them.
pub mod key {
    pub const TAB: char = '\u{e004}';
    pub const ENTER: char = '\u{e007}';
    pub const ESCAPE: char = '\u{e00c}';
    pub const RIGHT: char = '\u{e014}';
    pub const LEFT: char = '\u{e012}';
}

/// How the window is.
#[derive(Clone, Copy)]
pub struct Window {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
}

impl Window {
    /// A desktop.
    pub const DESKTOP: Self = Self { width: 1280, height: 800, dark: false };
}

/// A browser with a fresh profile. It ends, and its driver with it, when this is dropped.
pub struct Browser {
    http: Client,
    driver: Driver,
}

/// The driver's process, and where its session is.
struct Driver {
    child: Child,
    port: u16,
    session: Option<String>,
}

impl Drop for Driver {
    /// Ends the session first, also where a test has failed: the driver would leave its browser behind.
    fn drop(&mut self) {
        if let Some(session) = &self.session {
            let _ = end_session(self.port, session);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn end_session(port: u16, session: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "DELETE /session/{session} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    // The answer comes when the browser has ended.
    stream.read_to_end(&mut Vec::new()).map(drop)
}

impl Browser {
    /// Opens a window of that kind.
    pub async fn open(window: Window) -> Self {
        let (chromium, chromedriver) = programs();
        let mut child = Command::new(chromedriver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let said = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut driver = Driver { child, port: 0, session: None };
        driver.port = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_suffix('.')?.rsplit_once("on port ")?.1.parse().ok())
            .expect("chromedriver says its port");
        let options = json!({
            "goog:chromeOptions": {
                "binary": chromium,
                "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en",
                    // Headless Chromium otherwise has a least width of 500.
                    format!("--window-size={},{}", window.width.max(500), window.height),
                ],
            },
        });
        let http = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().expect("a client");
        let mut browser = Self { http, driver };
        let session =
            browser.command(Method::POST, "", json!({ "capabilities": { "alwaysMatch": options } })).await;
        browser.driver.session = Some(session["sessionId"].as_str().expect("a session").to_owned());
        browser.emulate(window).await;
        browser
    }

    /// Sizes the page and sets its colours, as the developer tools do.
    async fn emulate(&self, window: Window) {
        let size = json!({ "width": window.width, "height": window.height, "deviceScaleFactor": 1, "mobile": window.width < 500 });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if window.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Sends a command of WebDriver and answers its value.
    async fn command(&self, method: Method, path: &str, body: Value) -> Value {
        let session = self.driver.session.as_ref().map_or(String::new(), |id| format!("/{id}"));
        let url = format!("http://127.0.0.1:{}/session{session}{path}", self.driver.port);
        let mut request = self.http.request(method.clone(), url);
        if method == Method::POST {
            request = request.json(&body);
        }
        let answer = crate::client::send(request).await;
        assert_eq!(answer.status, 200, "{path} {body}: {answer}");
        answer.json()["value"].take()
    }

    /// Sends a command of Chromium's developer tools.
    async fn devtools(&self, command: &str, parameters: Value) {
        self.command(Method::POST, "/goog/cdp/execute", json!({ "cmd": command, "params": parameters }))
            .await;
    }

    /// Goes to a page.
    pub async fn goto(&self, url: &str) {
        self.command(Method::POST, "/url", json!({ "url": url })).await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.command(Method::POST, "/refresh", json!({})).await;
    }

    /// Runs the body of a function in the page and answers what it returns.
    pub async fn run(&self, script: &str) -> Value {
        self.command(Method::POST, "/execute/sync", json!({ "script": script, "args": [] })).await
    }

    /// The same inside the survey: `survey` is its shadow root, `null` where none is open.
    pub async fn survey(&self, script: &str) -> Value {
        let root = "const survey = document.querySelector('grapevine-survey')?.shadowRoot ?? null;";
        self.run(&format!("{root}\n{script}")).await
    }

    /// Waits until an expression about the survey is true.
    pub async fn until(&self, expression: &str) {
        let begun = Instant::now();
        while self.survey(&format!("return Boolean({expression});")).await != true {
            assert!(begun.elapsed() < PATIENCE, "it did not come to this: {expression}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the survey is open.
    pub async fn until_shown(&self) {
        self.until("survey?.querySelector('input[type=radio]')").await;
    }

    /// Presses the mouse on an element of the survey.
    pub async fn click(&self, selector: &str) {
        // Where the pointer would hit it: an element under another cannot be pressed.
        let script = "const box = survey.querySelector(SELECTOR).getBoundingClientRect();
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            const hit = survey.elementFromPoint(x, y), wanted = survey.querySelector(SELECTOR);
            if (!wanted.contains(hit)) throw Error(`something covers ${SELECTOR}`);
            return [x, y];";
        let at = self.survey(&script.replace("SELECTOR", &json!(selector).to_string())).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1 });
            self.devtools("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Presses keys where the focus is, one after another: characters, or those of [`key`].
    pub async fn press(&self, keys: impl IntoIterator<Item = char>) {
        let presses = keys
            .into_iter()
            .flat_map(|value| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": value })));
        let actions = json!([{ "type": "key", "id": "keyboard", "actions": presses.collect::<Vec<_>>() }]);
        self.command(Method::POST, "/actions", json!({ "actions": actions })).await;
    }

    /// Keeps a picture of the page in `target/grapevine/screenshots/`, once nothing moves in the survey.
    pub async fn picture(&self, name: &str) {
        let still = "const moves = [survey?.host, ...survey?.querySelectorAll('*') ?? []].flatMap((at) => at?.getAnimations() ?? []);
            return Promise.allSettled(moves.map((move) => move.finished)).then(() => null);";
        self.survey(still).await;
        let folder = xtask::root().join("target/grapevine/screenshots");
        std::fs::create_dir_all(&folder).expect("a folder");
        let png = self.command(Method::GET, "/screenshot", Value::Null).await;
        let png = STANDARD.decode(png.as_str().expect("a picture")).expect("base64");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("a file");
    }

    /// The paths that the page asked of an origin, in order.
    pub async fn requests(&self, origin: &str) -> Vec<String> {
        let entries =
            self.run("return performance.getEntriesByType('resource').map((entry) => entry.name);").await;
        let names = entries.as_array().cloned().unwrap_or_default();
        names.iter().filter_map(|name| name.as_str()?.strip_prefix(origin)).map(str::to_owned).collect()
    }
}

/// Chromium and its driver; installed where this machine lets us, and named where not.
fn programs() -> (PathBuf, PathBuf) {
    let find =
        || Some((which(&["chromium", "chromium-browser", "google-chrome"])?, which(&["chromedriver"])?));
    if let Some(found) = find() {
        return found;
    }
    xtask::install_packages(&["chromium", "chromium-driver"]);
    find().expect("Chromium or its driver is missing: install the packages `chromium` and `chromium-driver`, then run this again")
}

fn which(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}
