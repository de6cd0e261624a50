//! Child processes of a browser, and the folder they write to.
//!
//! Nothing outlives the program that started it, however that program ends: a driver runs in a
//! process group of its own, and a small shell beside it (the watchdog) waits for the end of a pipe
//! that only the starting program holds. The kernel closes the pipe on a normal exit, a panic,
//! Ctrl-C and SIGKILL alike; the watchdog then kills the group and deletes the folder. This also
//! covers browsers in a `static`, which Rust never drops.

use std::fs::{self, File};
#[cfg(unix)]
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::work;

/// Time in which a driver must print where it listens.
const START_TIMEOUT: Duration = Duration::from_secs(30);

/// Environment variables that would send a browser through a proxy.
const PROXY_VARIABLES: [&str; 6] =
    ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/// Script of the watchdog. Its arguments are the process group and the folder.
#[cfg(unix)]
const WATCHDOG: &str = "
    read -r _
    kill -s KILL -- \"-$1\"
    # The last processes may still be writing.
    for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf -- \"$2\" && break; sleep 0.1; done
";

/// Folder of one browser. It is deleted on drop.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = work().join("browsers").join(name);
        // A process of the same number may have been interrupted.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file below the folder and creates its parents.
    pub fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.0))?;
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The last processes of a browser may still be writing as they end.
        for _ in 0..50 {
            if fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            sleep(Duration::from_millis(20));
        }
    }
}

/// Child process that is killed on drop, with every process it started. Its output goes to a file.
#[derive(Debug)]
pub struct Process {
    child: Child,
    #[cfg(unix)]
    watchdog: Child,
    name: String,
    log: PathBuf,
}

impl Process {
    pub fn start(command: &mut Command, folder: &Folder) -> Result<Self> {
        let name = Path::new(command.get_program()).file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let log = folder.path().join(format!("{name}.log"));
        let output = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        for proxy in PROXY_VARIABLES {
            command.env_remove(proxy);
        }
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        #[cfg(unix)]
        let watchdog = watchdog(child.id(), folder)?;
        Ok(Self {
            child,
            #[cfg(unix)]
            watchdog,
            name,
            log,
        })
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the output so far.
    pub fn output(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Polls until `look` returns a value. Fails once the process has ended.
    pub fn wait<T>(&mut self, what: &str, look: impl Fn(&Self) -> Option<T>) -> Result<T> {
        let begun = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return Ok(found);
            }
            if self.child.try_wait()?.is_some() || begun.elapsed() > START_TIMEOUT {
                bail!("{} does not print {what}; its output: {}", self.name, self.output().trim());
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// Waits for a line in which a port follows the given words.
    pub fn port(&mut self, words: &str) -> Result<u16> {
        self.wait("its port", |process| port_after(words, &process.output()))
    }
}

/// Parses the number after the given words, once their line is complete.
fn port_after(words: &str, output: &str) -> Option<u16> {
    let (rest, _) = output.split_once(words)?.1.split_once('\n')?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Starts the watchdog of a process group.
#[cfg(unix)]
fn watchdog(group: u32, folder: &Folder) -> Result<Child> {
    let mut watchdog = Command::new("sh");
    watchdog.args(["-c", WATCHDOG, "watchdog", &group.to_string()]).arg(folder.path());
    // Its own process group, which Ctrl-C does not reach.
    watchdog.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    watchdog.spawn().context("cannot start sh")
}

impl Drop for Process {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            drop(self.watchdog.stdin.take());
            let _ = self.watchdog.wait();
        }
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_parsed_once_its_line_is_complete() {
        let words = "on port ";
        assert_eq!(port_after(words, "started on port 412"), None);
        assert_eq!(port_after(words, "hello\nstarted on port 41237.\n"), Some(41237));
        assert_eq!(port_after(words, "hello\n"), None);
    }

    #[test]
    fn a_process_that_ends_early_fails_with_its_output() {
        let folder = Folder::new().unwrap();
        let mut process =
            Process::start(Command::new("cargo").arg("--no-such-flag").arg("x"), &folder).unwrap();
        let error = process.port("on port ").unwrap_err().to_string();
        assert!(error.starts_with("cargo does not print its port; its output: error"), "{error}");
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
    }

    /// The pipe closes in the same way when the program that holds it is killed.
    #[cfg(unix)]
    #[test]
    fn closing_the_pipe_of_the_watchdog_kills_the_group_and_deletes_the_folder() {
        let folder = Folder::new().unwrap();
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 1000 & echo started $!; wait"]);
        let mut process = Process::start(&mut shell, &folder).unwrap();
        let grandchild = process.wait("the process", |it| port_after("started ", &it.output())).unwrap();
        drop(process.watchdog.stdin.take());
        process.watchdog.wait().unwrap();
        assert!(!process.child.wait().unwrap().success());
        assert!(!folder.path().exists());
        // The kernel ends a killed process when it next gets a processor.
        let begun = Instant::now();
        loop {
            let stat = fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
            if stat.is_empty() || stat.contains(") Z ") {
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "{stat}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
