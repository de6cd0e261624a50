//! Schemathesis, which generates requests from the OpenAPI document and checks the responses.
//!
//! It is written in Python, so it gets a virtual environment beside the other tools, with the
//! versions in `xtask/schemathesis.txt`. Only the tests need it; a build does not.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::apt::install_packages;
use crate::build_cache;
use crate::progress::{log, output, run, step};
use crate::tools::cache;

const REQUIREMENTS: &str = "xtask/schemathesis.txt";
const PYTHON: &str = "Schemathesis, which `cargo test` uses, needs Python 3.11 or newer with its module venv. Install it (on \
                      Debian the packages python3 and python3-venv), then run this again.";

/// Returns the program, and installs it if it is missing.
pub fn schemathesis() -> Result<PathBuf> {
    let version = version()?;
    let folder = cache()?.join(format!("schemathesis-{version}"));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    // Two checkouts may test at the same time. The second waits and finds the program installed.
    let lock = File::create(folder.join("lock"))?;
    if lock.try_lock().is_err() {
        log("waiting for another installation of Schemathesis to finish");
        lock.lock().context("cannot lock the installation of Schemathesis")?;
    }
    let (stamp, venv) = (folder.join(".stamp"), folder.join("venv"));
    if !works(&program(&venv, "python")) {
        // An update of the system may have removed the Python under it.
        let _ = fs::remove_file(&stamp);
    }
    build_cache::rebuild_if_changed(&stamp, &build_cache::digest(&[REQUIREMENTS], &[])?, || {
        install(&venv, &version)
    })?;
    Ok(program(&venv, "schemathesis"))
}

fn install(venv: &Path, version: &str) -> Result<()> {
    let python = python()?;
    log(&format!("Schemathesis {version} is installed once and kept in {}", venv.display()));
    step(&format!("Installing Schemathesis {version} (pip)"), || {
        run(clean(&mut Command::new(python)).args(["-m", "venv", "--clear"]).arg(venv))?;
        let quiet = ["--quiet", "--no-input", "--disable-pip-version-check"];
        let mut pip = Command::new(program(venv, "python"));
        clean(&mut pip).args(["-m", "pip", "install", "--require-hashes"]).args(quiet).arg("--requirement");
        run(pip.arg(crate::root().join(REQUIREMENTS)))
    })?;
    let printed = output(Command::new(program(venv, "schemathesis")).arg("--version"));
    if !printed.is_some_and(|printed| printed.contains(version)) {
        bail!("Schemathesis was installed into {} but does not say that it is {version}", venv.display());
    }
    Ok(())
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

fn version() -> Result<String> {
    let pinned = fs::read_to_string(crate::root().join(REQUIREMENTS)).context(REQUIREMENTS)?;
    let version =
        pinned.lines().find_map(|line| line.strip_prefix("schemathesis==")?.split_whitespace().next());
    version.map(str::to_owned).with_context(|| format!("{REQUIREMENTS} names no version of schemathesis"))
}
