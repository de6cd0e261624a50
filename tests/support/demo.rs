//! The demo as a new user starts it: `cargo run`, on free ports and with a new data folder.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::Value;

use crate::client::send;

/// A start after the build takes a second or two; a cold build of the demo itself is part of it.
const START: Duration = Duration::from_secs(600);

/// Site whose variables the demo prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintedSite {
    /// The shop's, in the first lines.
    Shop,
    /// That of the real survey, in lines to paste after the first.
    Survey,
}

/// A running demo. Dropping it ends the process.
pub struct Demo {
    child: Child,
    /// URL of the shop, without a slash at the end.
    pub shop: String,
    /// URL of the collector, without a slash at the end.
    pub collector: String,
    /// The printed command that reads the score.
    pub curl: String,
    /// Everything printed until the demo was up.
    pub printed: String,
    /// Lines of its error output so far.
    log: Arc<Mutex<String>>,
    http: Client,
}

impl Demo {
    /// Starts the demo with that data folder and waits until it is up.
    pub fn start(data: &Path) -> Self {
        // The build runs here, with its progress on the terminal, so that the child only starts.
        crate::server::dist();
        let mut child = Command::new("cargo")
            .args(["run", "--quiet"])
            .current_dir(xtask::root())
            .env("GRAPEVINE_PORT", "0")
            .env("GRAPEVINE_SHOP_PORT", "0")
            .env("GRAPEVINE_DATA", data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("cargo starts");
        let log = Arc::new(Mutex::new(String::new()));
        let (reported, to) = (lines(child.stderr.take().expect("a pipe")), log.clone());
        std::thread::spawn(move || {
            for line in reported {
                eprint!("{line}");
                to.lock().expect("no panic before").push_str(&line);
            }
        });
        let lines = lines(child.stdout.take().expect("a pipe"));
        let (begun, mut printed) = (Instant::now(), String::new());
        while !printed.contains("Ctrl-C stops everything") {
            match lines.recv_timeout(START.saturating_sub(begun.elapsed())) {
                Ok(line) => printed.push_str(&line),
                Err(_) => {
                    let _ = child.kill();
                    panic!("`cargo run` did not come up; it printed:\n{printed}");
                }
            }
        }
        let curl =
            printed.split("curl ").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("a curl command");
        let url = |text: &str| {
            let start = text.find("http://").expect("a URL");
            text[start..].split(['/', '\'', '\n']).take(3).collect::<Vec<_>>().join("/")
        };
        let shop = url(&printed);
        let http = Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().expect("a client");
        Self { shop, collector: url(curl), curl: curl.to_owned(), child, http, log, printed }
    }

    /// Reads the score with the printed command.
    pub fn curl_score(&self) -> Value {
        let output =
            Command::new("sh").args(["-c", &format!("curl -sS {}", self.curl)]).output().expect("curl");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    /// Runs a command in a shell with the printed variables of a site, and parses its output.
    pub fn run_example(&self, site: PrintedSite, command: &str) -> Value {
        let is_export = |line: &&str| line.starts_with("export ");
        let (shop, survey) = self.printed.split_once("Real data").unwrap_or((&self.printed, ""));
        let mut script: Vec<&str> = shop.lines().filter(is_export).collect();
        if site == PrintedSite::Survey {
            script.extend(survey.lines().filter(is_export));
        }
        script.push(command);
        let output = Command::new("sh").args(["-c", &script.join("\n")]).output().expect("a shell");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    /// Reads the score of a site with the command of the README.
    pub fn readme_score(&self, site: PrintedSite) -> Value {
        let command =
            r#"curl -sS -H "Authorization: Bearer $READ_KEY" "$HOST/v1/sites/$SITE/score?range=all""#;
        self.run_example(site, command)
    }

    /// Returns the address of the owner's page, with the owner of the shop signed in.
    pub fn owner_page(&self) -> &str {
        let rest = self.printed.split("Owner page").nth(1).expect("it prints the owner's page");
        rest.split_whitespace().next().expect("an address")
    }

    /// Reads the score of the shop.
    pub async fn score(&self) -> Value {
        self.get("score?range=all", "READ_KEY").await
    }

    /// Reads the newest responses of the shop.
    pub async fn responses(&self) -> Vec<Value> {
        let page = self.get("responses?limit=20", "OWNER_KEY").await;
        page["responses"].as_array().cloned().expect("responses")
    }

    /// Gets an endpoint of the shop's site with one of the printed keys.
    async fn get(&self, endpoint: &str, key: &str) -> Value {
        let (collector, site) = (&self.collector, self.variable("SITE"));
        let url = format!("{collector}/v1/sites/{site}/{endpoint}");
        send(self.http.get(url).bearer_auth(self.variable(key))).await.ok()
    }

    /// Returns the first value that is printed for a variable.
    fn variable(&self, name: &str) -> &str {
        let rest = self.printed.split(&format!(" {name}=")).nth(1).expect("it is printed");
        rest.split_whitespace().next().expect("a value")
    }

    /// Whether it has reported a text, on its error output.
    pub fn has_reported(&self, text: &str) -> bool {
        self.log.lock().expect("no panic before").contains(text)
    }

    /// Returns whether it has exited with success; nothing while it runs.
    pub fn exited(&mut self) -> Option<bool> {
        self.child.try_wait().expect("a child").map(|status| status.success())
    }

    /// Presses Ctrl-C and returns whether the demo exited with success.
    pub fn interrupt(mut self) -> bool {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().expect("kill");
        sent.success() && self.child.wait().expect("it ends").success()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Interrupted and not killed, so that it stops its collector.
        let _ =
            Command::new("kill").args(["-INT", &self.child.id().to_string()]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

/// Reads the lines of a pipe as they arrive.
fn lines(pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (to, from) = mpsc::channel();
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = String::new();
        while pipe.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            if to.send(std::mem::take(&mut line)).is_err() {
                break;
            }
        }
    });
    from
}
