//! What a person sees while something takes long.

use std::io::Write;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// A line of progress. It is written past the test runner's capture, so that a test that builds does not look stuck.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "grapevine: {line}");
}

/// Runs one long step and says when it began and how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    say(&format!("{what} …"));
    let begun = Instant::now();
    let done = work().with_context(|| format!("{what} failed"))?;
    say(&format!("{what}: done in {:.0} s", begun.elapsed().as_secs_f64()));
    Ok(done)
}

/// Runs a command to its end; its own output goes to the terminal, standard output included, on standard error.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(std::process::Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{name} ended with {status}; its own words are above");
    }
    Ok(())
}

/// What a command prints, where it succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}
