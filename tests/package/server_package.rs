//! The server package, installed in an empty folder by npm with an empty cache, and the collector
//! that it starts.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::Value;
use tests::client::{HttpResponse, send, try_send};
use xtask::Packages;

use crate::guard;

/// Programs that the package may call: those of Node, and what npm itself runs.
const PROGRAMS: [&str; 6] = ["node", "npm", "npx", "sh", "env", "ps"];

/// Returns the packages, which the first call makes.
pub fn packages() -> &'static Packages {
    static PACKAGES: OnceLock<Packages> = OnceLock::new();
    PACKAGES.get_or_init(|| xtask::package().unwrap_or_else(|error| panic!("{error:#}")))
}

/// A machine that has Node and no Rust: a folder of programs, and npm's cache.
pub struct NodeMachine {
    folder: PathBuf,
}

/// Returns the machine that the tests of this process share. What it downloads stays in the build's
/// folder until the next run, which begins without it.
pub fn machine() -> &'static NodeMachine {
    static MACHINE: OnceLock<NodeMachine> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let folder = xtask::root().join("target/grapevine/node-machine");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        let machine = NodeMachine::new(&folder);
        // npx installs the package before the first test uses it.
        let installed = guard::output(&mut machine.npx(&folder, &["--version"]));
        assert_eq!(text(&installed), format!("{}\n", env!("CARGO_PKG_VERSION")));
        machine
    })
}

impl NodeMachine {
    /// Creates a machine with an empty cache in a folder.
    pub fn new(folder: &Path) -> Self {
        fs::create_dir_all(folder.join("bin")).unwrap();
        for program in PROGRAMS {
            let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap();
            let path = String::from_utf8(found.stdout).unwrap();
            symlink(path.trim(), folder.join("bin").join(program)).unwrap();
        }
        Self { folder: folder.to_owned() }
    }

    /// Returns the folder with its programs.
    pub fn bin(&self) -> PathBuf {
        self.folder.join("bin")
    }

    /// Returns a program of the machine, in a folder and without the variables of the test.
    pub fn command(&self, program: &str, folder: &Path) -> Command {
        let mut command = Command::new(self.bin().join(program));
        command.env_clear().env("PATH", self.bin()).env("HOME", &self.folder);
        command.env("npm_config_cache", self.folder.join("cache"));
        command.env("npm_config_update_notifier", "false");
        // The way to the registry, where the machine has one of its own.
        command.envs(std::env::vars().filter(|(name, _)| is_network(name)));
        command.current_dir(folder).stdin(Stdio::null());
        command
    }

    /// Returns the program with arguments, from the package that npx has in its cache.
    pub fn npx(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = self.command("npx", folder);
        let package = format!("--package={}", packages().server.display());
        command.args(["--yes", &package, "--", "grapevine"]).args(arguments);
        command
    }

    /// Returns the command of the README with arguments, in the folder with the package.
    pub fn readme(&self, folder: &Path, arguments: &[&str]) -> Command {
        let name = packages().server.file_name().unwrap();
        fs::copy(&packages().server, folder.join(name)).unwrap();
        let mut command = self.command("npx", folder);
        command.arg("--yes").arg(Path::new(".").join(name)).args(arguments);
        command
    }

    /// Runs the program to its end, and returns what it printed, with whether it succeeded.
    pub fn run(&self, folder: &Path, arguments: &[&str]) -> (bool, String) {
        finish(&mut self.npx(folder, arguments))
    }

    /// Returns the folder of the installed package.
    pub fn installed(&self) -> PathBuf {
        let cache = self.folder.join("cache/_npx");
        let folders = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path());
        let mut packages = folders.map(|path| path.join("node_modules/@grapevine-nps/server"));
        packages.find(|path| path.exists()).expect("npx has installed it")
    }
}

/// Whether a variable leads npm to its registry.
fn is_network(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with("_proxy")
        || ["npm_config_registry", "npm_config_cafile", "node_extra_ca_certs"].contains(&&*name)
}

/// Returns a command that runs another one in a terminal, with the variables of that only.
pub fn in_terminal(command: &Command) -> Command {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| format!("'{}'", word.to_str().unwrap())).collect::<Vec<_>>().join(" ");
    let mut script = Command::new("/usr/bin/script");
    script.env_clear().args(["--quiet", "--flush", "--return", "--command", &line, "/dev/null"]);
    script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    script.current_dir(command.get_current_dir().unwrap()).stdin(Stdio::null());
    script
}

/// Runs a program to its end, and returns what it printed, with whether it succeeded.
pub fn finish(command: &mut Command) -> (bool, String) {
    let output = guard::output(command);
    (output.status.success(), text(&output))
}

fn text(Output { stdout, stderr, .. }: &Output) -> String {
    // A terminal ends lines with CR LF.
    String::from_utf8([stdout.as_slice(), stderr].concat()).unwrap().replace('\r', "")
}

/// A collector that `grapevine start` runs. Dropping it ends its processes.
pub struct Started {
    child: Child,
    /// Data folder.
    pub data: PathBuf,
    printed: Arc<Mutex<String>>,
    pub http: Client,
}

impl Started {
    /// Starts a collector on a free port with its data in a folder, and waits until it is up.
    pub fn new(folder: &Path, arguments: &[&str]) -> Self {
        let arguments = [&["start", "--port", "0"], arguments].concat();
        Self::by(machine().npx(folder, &arguments), folder)
    }

    /// Starts a collector by a command.
    pub fn by(command: Command, folder: &Path) -> Self {
        Self::read_until(command, folder, |_| false)
    }

    /// Starts a collector by a command, and closes its output after the line that is the last one.
    pub fn read_until(command: Command, folder: &Path, is_last: fn(&str) -> bool) -> Self {
        let started = Self::spawn(command, folder, is_last);
        started.wait_for("Ctrl-C stops it");
        started
    }

    /// Begins to start a collector, and does not wait for it.
    pub fn spawn(mut command: Command, folder: &Path, is_last: fn(&str) -> bool) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let printed = Arc::new(Mutex::new(String::new()));
        read(child.stdout.take().unwrap(), &printed, is_last);
        read(child.stderr.take().unwrap(), &printed, is_last);
        // workerd closes a connection that was idle for some seconds, perhaps as the next message
        // comes.
        let client = Client::builder().no_proxy().pool_max_idle_per_host(0);
        let http = client.timeout(Duration::from_secs(20)).build().unwrap();
        Self { child, data: folder.join("grapevine-data"), printed, http }
    }

    /// Waits until it has printed a text, and returns all that it printed.
    pub fn wait_for(&self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let printed = self.printed.lock().unwrap().clone();
            if printed.contains(text) {
                return printed;
            }
            assert!(begun.elapsed() < guard::LIMIT, "no {text:?} in:\n{printed}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Returns the URL of the collector.
    pub fn url(&self) -> String {
        let printed = self.wait_for("Grapevine is running at ");
        let (_, rest) = printed.split_once("Grapevine is running at ").unwrap();
        rest.split_once("/\n").unwrap().0.to_owned()
    }

    /// Returns the settings that it has stored.
    pub fn settings(&self) -> Value {
        serde_json::from_slice(&fs::read(self.data.join("grapevine.json")).unwrap()).unwrap()
    }

    /// Returns the processes that use the data: the program, and workerd.
    pub fn pids(&self) -> Vec<u32> {
        let lock = fs::read_to_string(self.data.join("grapevine.lock")).unwrap_or_default();
        lock.lines().filter_map(|line| line.parse().ok()).collect()
    }

    /// Waits for another process of workerd than the one before, and halts it before it responds.
    pub fn halt_next_workerd(&self, before: Option<u32>) -> u32 {
        let begun = Instant::now();
        loop {
            match self.pids().get(1) {
                Some(pid) if Some(*pid) != before => {
                    kill(*pid, "-STOP");
                    return *pid;
                }
                _ => assert!(begun.elapsed() < guard::LIMIT, "workerd is not started"),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Reads the score of a site in the settings, if the collector responds.
    pub async fn score(&self, site: &str) -> Option<HttpResponse> {
        let (url, settings) = (self.url(), self.settings());
        let [id, read] = ["id", "read"].map(|name| settings[site][name].as_str().unwrap());
        let request = self.http.get(format!("{url}/v1/sites/{id}/score?range=all")).bearer_auth(read);
        try_send(request).await.ok()
    }

    /// Sends a visitor's message to the first site, which has to be stored.
    pub async fn respond(&self, message: Value) {
        let settings = self.settings();
        let id = settings["site"]["id"].as_str().unwrap();
        let request = self.http.post(format!("{}/v1/sites/{id}/responses", self.url()));
        let reply = send(request.header("content-type", "text/plain").body(message.to_string())).await.ok();
        assert_eq!(reply["results"][0]["status"], "stored", "{reply}");
    }

    /// Returns whether it has ended with success; nothing while it runs.
    pub fn ended(&mut self) -> Option<bool> {
        self.child.try_wait().unwrap().map(|status| status.success())
    }

    /// Presses Ctrl-C as in a terminal: the signal reaches npx and all that it has started, which
    /// are a process group here.
    pub fn interrupt_group(&self) {
        let group = format!("-{}", self.child.id());
        assert!(Command::new("kill").args(["-INT", "--", &group]).status().unwrap().success());
    }

    /// Sends a signal to the program, and returns whether npx then ends with success.
    pub fn stop(mut self, signal: &str) -> bool {
        kill(self.pids()[0], signal);
        let begun = Instant::now();
        loop {
            if let Some(succeeded) = self.ended() {
                return succeeded;
            }
            assert!(begun.elapsed() < guard::LIMIT, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Whether a process runs.
pub fn runs(pid: u32) -> bool {
    let sent = Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().unwrap();
    sent.success()
}

/// Sends a signal to a process.
pub fn kill(pid: u32, signal: &str) {
    let sent = Command::new("kill").args([signal, &pid.to_string()]).status().unwrap();
    assert!(sent.success(), "{signal} {pid}");
}

impl Drop for Started {
    fn drop(&mut self) {
        for pid in self.pids() {
            let _ = Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Adds the lines that come from a pipe to a text, up to the last one.
fn read(pipe: impl std::io::Read + Send + 'static, to: &Arc<Mutex<String>>, is_last: fn(&str) -> bool) {
    let to = to.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            to.lock().unwrap().push_str(&format!("{}\n", line.trim_end_matches('\r')));
            if is_last(&line) {
                break;
            }
        }
    });
}
