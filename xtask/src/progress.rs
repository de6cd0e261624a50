//! Progress of long steps on the terminal, and the log of the tools that they run.

use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::work;

/// Number of log lines that an error repeats.
const LOG_TAIL_LINES: usize = 20;

/// Position among the announced steps: how many have begun, and how many there are.
static ANNOUNCED: Mutex<(usize, usize)> = Mutex::new((0, 0));

/// Prints a line of progress past the test runner's capture, so that a test that builds does not
/// look stuck.
pub fn log(line: &str) {
    let _ = writeln!(std::io::stderr(), "grapevine: {line}");
}

/// Announces the steps that follow, given how long each takes on two cores, and numbers them
/// `[1/7]`.
pub fn announce(estimates: &[Duration]) {
    let whole: Duration = estimates.iter().sum();
    if let Ok(mut announced) = ANNOUNCED.lock() {
        *announced = (0, estimates.len());
    }
    if whole >= Duration::from_secs(120) {
        let minutes = whole.as_secs().div_ceil(60);
        let steps =
            if estimates.len() == 1 { "one step".into() } else { format!("{} steps", estimates.len()) };
        log(&format!(
            "the build has {steps} and takes about {minutes} minutes on two cores; later builds take seconds"
        ));
    }
}

/// Runs one long step and prints one line for it: `[3/7] Building the widget … 92 s`.
///
/// # Errors
/// Those of the step, with its title.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let title = numbered(title);
    let begun = Instant::now();
    let bar = spinner(&title);
    let done = work();
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let seconds = begun.elapsed().as_secs_f64();
    let outcome = if done.is_ok() { "" } else { "failed after " };
    log(&format!("{title} … {outcome}{seconds:.0} s"));
    done.with_context(|| format!("{title} failed"))
}

/// Returns the title with its number, if steps were announced.
fn numbered(title: &str) -> String {
    let Ok(mut announced) = ANNOUNCED.lock() else { return title.to_owned() };
    let (begun, all) = &mut *announced;
    if *begun == *all {
        return title.to_owned();
    }
    *begun += 1;
    format!("[{begun}/{all}] {title}")
}

/// Prints a line that counts the seconds of a step, or a plain line if the output is no terminal.
fn spinner(title: &str) -> Option<ProgressBar> {
    if !std::io::stderr().is_terminal() {
        log(&format!("{title} …"));
        return None;
    }
    let style = ProgressStyle::with_template("grapevine: {msg} … {elapsed} {spinner}").ok()?;
    let bar = ProgressBar::new_spinner().with_style(style).with_message(title.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    Some(bar)
}

/// Runs a command to its end. Its output goes to the build's log.
///
/// # Errors
/// If the command does not start or does not succeed; the error ends with the last lines of the
/// log.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let path = log_path();
    let mut file = open_log(&path)?;
    writeln!(file, "\n$ {command:?}")?;
    let begin = file.metadata()?.len();
    let status = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .with_context(|| format!("cannot start {name}"))?;
    if status.success() {
        return Ok(());
    }
    let written = std::fs::read(&path).unwrap_or_default();
    let new_output = written.get(usize::try_from(begin)?..).unwrap_or_default();
    let text = String::from_utf8_lossy(new_output);
    let lines: Vec<&str> = text.lines().collect();
    let tail = lines.split_at(lines.len().saturating_sub(LOG_TAIL_LINES)).1.join("\n  ");
    bail!("{name} ended with {status}. Its last lines, all of which are in {}:\n  {tail}", path.display())
}

/// Returns the path of the build log.
fn log_path() -> PathBuf {
    work().join("build.log")
}

fn open_log(path: &PathBuf) -> Result<File> {
    std::fs::create_dir_all(work())?;
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.with_context(|| format!("cannot write {}", path.display()))
}

/// Returns the output of a command, if the command succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_reports_its_last_lines_and_the_log() {
        let mut command = Command::new("sh");
        command.args(["-c", "for n in $(seq 40); do echo line $n; done; echo wrong >&2; exit 3"]);
        let error = run(&mut command).unwrap_err().to_string();
        assert!(error.contains("exit status: 3") && error.contains("build.log"), "{error}");
        assert!(error.ends_with("line 40\n  wrong") && !error.contains("line 20\n"), "{error}");
        let missing = run(&mut Command::new("no-such-tool")).unwrap_err().to_string();
        assert_eq!(missing, "cannot start no-such-tool");
    }

    #[test]
    fn announced_steps_are_numbered_and_others_are_not() {
        announce(&[Duration::from_secs(1), Duration::from_secs(2)]);
        assert_eq!(["a", "b", "c"].map(numbered), ["[1/2] a", "[2/2] b", "c"]);
    }
}
