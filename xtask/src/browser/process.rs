//! The programs of a browser: started quietly, and ended with the folder they wrote to.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::work;

/// How long a driver may take to say where it listens.
const PATIENCE: Duration = Duration::from_secs(30);

/// What would send a browser elsewhere than to this machine.
const PROXIES: [&str; 6] =
    ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/// A folder for one browser. It goes when this is dropped.
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

    /// Writes a file in it, and the folders that lead there.
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

/// A program that runs until this is dropped. What it says goes to a file.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Process {
    pub fn start(command: &mut Command, folder: &Folder) -> Result<Self> {
        let name = Path::new(command.get_program()).file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let log = folder.path().join(format!("{name}.log"));
        let output = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        for proxy in PROXIES {
            command.env_remove(proxy);
        }
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        Ok(Self { child, name, log })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Looks until there is something, as long as the program runs.
    pub fn wait<T>(&mut self, what: &str, look: impl Fn(&Self) -> Option<T>) -> Result<T> {
        let begun = Instant::now();
        loop {
            if let Some(found) = look(self) {
                return Ok(found);
            }
            if self.child.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
                bail!("{} does not say {what}; it said: {}", self.name, self.said().trim());
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// Waits for a line that ends with a port, after those words.
    pub fn port(&mut self, words: &str) -> Result<u16> {
        self.wait("its port", |process| port_after(words, &process.said()))
    }
}

/// The number after those words, once the line with them is whole.
fn port_after(words: &str, said: &str) -> Option<u16> {
    let (rest, _) = said.split_once(words)?.1.split_once('\n')?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_read_once_its_line_is_whole() {
        let words = "on port ";
        assert_eq!(port_after(words, "started on port 412"), None);
        assert_eq!(port_after(words, "hello\nstarted on port 41237.\n"), Some(41237));
        assert_eq!(port_after(words, "hello\n"), None);
    }

    #[test]
    fn a_program_that_ends_early_says_why() {
        let folder = Folder::new().unwrap();
        let mut process =
            Process::start(Command::new("cargo").arg("--no-such-flag").arg("x"), &folder).unwrap();
        let error = process.port("on port ").unwrap_err().to_string();
        assert!(error.starts_with("cargo does not say its port; it said: error"), "{error}");
        let path = folder.path().to_owned();
        drop(folder);
        assert!(!path.exists());
    }
}
