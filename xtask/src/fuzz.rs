//! `cargo xtask fuzz`: the targets in `fuzz/`, each for some time.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::progress::{log, run, step};
use crate::{lock, root, tools};

const CARGO_FUZZ: &str = "0.13.2";
const USAGE: &str = "Usage: cargo xtask fuzz [--seconds N] [TARGET...]";
const DEFAULT_SECONDS: u64 = 60;
/// Lines of a failed target that are printed.
const TAIL_LINES: usize = 60;
/// The code has no `unsafe`, so a sanitizer would only slow it down.
const BUILD_FLAGS: [&str; 2] = ["--sanitizer", "none"];

/// Arguments of the command line.
#[derive(Debug, PartialEq)]
struct Arguments<'a> {
    seconds: u64,
    /// Targets to run; empty for all.
    targets: Vec<&'a str>,
}

/// Runs the targets with the inputs in `fuzz/seeds` and those found before in `fuzz/corpus`. It
/// fails at the first input that breaks an assertion, which stays in `fuzz/artifacts`.
pub fn fuzz(arguments: &[&str]) -> Result<()> {
    let arguments = Arguments::parse(arguments)?;
    let folder = root().join("fuzz");
    let known = targets(&folder)?;
    let unknown = arguments.targets.iter().find(|name| !known.iter().any(|target| target == *name));
    if let Some(unknown) = unknown {
        bail!("There is no target `{unknown}`. Expected one of: {}.", known.join(", "));
    }
    let program = {
        let _lock = lock()?;
        tools::nightly()?;
        tools::cargo_tool("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ)?
    };
    step("Building the fuzz targets", || run(cargo_fuzz(&program, "build").args(BUILD_FLAGS)))?;
    let is_wanted =
        |name: &&String| arguments.targets.is_empty() || arguments.targets.contains(&name.as_str());
    let wanted: Vec<&str> = known.iter().filter(is_wanted).map(String::as_str).collect();
    // A target takes one processor.
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    wanted.chunks(at_once).try_for_each(|targets| {
        step(&format!("Fuzzing {}", targets.join(" and ")), || {
            run_targets(&program, &folder, targets, arguments.seconds)
        })
    })
}

/// Runs targets side by side.
fn run_targets(program: &Path, folder: &Path, targets: &[&str], seconds: u64) -> Result<()> {
    thread::scope(|scope| {
        let start = |target: &&str| {
            let target = (*target).to_owned();
            scope.spawn(move || run_target(program, folder, &target, seconds))
        };
        let running: Vec<_> = targets.iter().map(start).collect();
        running.into_iter().try_for_each(|target| target.join().expect("no panic beside a fuzzer"))
    })
}

fn run_target(program: &Path, folder: &Path, target: &str, seconds: u64) -> Result<()> {
    let corpus = folder.join("corpus").join(target);
    std::fs::create_dir_all(&corpus).with_context(|| format!("cannot create {}", corpus.display()))?;
    let mut fuzz = cargo_fuzz(program, "run");
    fuzz.args(BUILD_FLAGS).arg(target).arg(&corpus).arg(folder.join("seeds").join(target));
    fuzz.args(["--", &format!("-max_total_time={seconds}"), "-timeout=10", "-rss_limit_mb=2048"]);
    let ended = fuzz.stdin(Stdio::null()).output().context("cannot start cargo-fuzz")?;
    let printed = String::from_utf8_lossy(&ended.stderr).into_owned();
    if !ended.status.success() {
        let lines: Vec<&str> = printed.lines().collect();
        let tail = lines.split_at(lines.len().saturating_sub(TAIL_LINES)).1.join("\n  ");
        bail!("the input that broke {target} is in fuzz/artifacts/{target}. Its last lines:\n  {tail}");
    }
    let done = printed.lines().rev().find(|line| line.starts_with("Done")).unwrap_or("done");
    log(&format!("{target}: {done}"));
    Ok(())
}

/// Returns a command of cargo-fuzz, which uses nightly Rust.
fn cargo_fuzz(program: &Path, command: &str) -> Command {
    let mut cargo_fuzz = Command::new(program);
    tools::clean(&mut cargo_fuzz).env("RUSTUP_TOOLCHAIN", "nightly").current_dir(root());
    cargo_fuzz.args([command, "--fuzz-dir", "fuzz", "--target-dir", "target/fuzz"]);
    cargo_fuzz
}

/// Returns the names of all targets.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.join("fuzz_targets"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

impl<'a> Arguments<'a> {
    fn parse(arguments: &[&'a str]) -> Result<Self> {
        let (mut parsed, mut rest) = (Self { seconds: DEFAULT_SECONDS, targets: Vec::new() }, arguments);
        while let [first, others @ ..] = rest {
            rest = others;
            match *first {
                "--seconds" => {
                    let [value, others @ ..] = rest else { bail!("`--seconds` has no value. {USAGE}") };
                    parsed.seconds = value
                        .parse()
                        .ok()
                        .filter(|seconds| *seconds > 0)
                        .with_context(|| format!("`{value}` is no whole number from 1. {USAGE}"))?;
                    rest = others;
                }
                option if option.starts_with('-') => bail!("Unknown argument `{option}`. {USAGE}"),
                target => parsed.targets.push(target),
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_targets_come_in_any_order() {
        assert_eq!(Arguments::parse(&[]).unwrap(), Arguments { seconds: 60, targets: vec![] });
        let expected = Arguments { seconds: 5, targets: vec!["csv", "query"] };
        assert_eq!(Arguments::parse(&["csv", "--seconds", "5", "query"]).unwrap(), expected);
    }

    #[test]
    fn wrong_arguments_are_named() {
        let error = |arguments: &[&str]| Arguments::parse(arguments).unwrap_err().to_string();
        assert!(error(&["--seconds"]).starts_with("`--seconds` has no value."));
        assert!(error(&["--seconds", "0"]).starts_with("`0` is no whole number from 1."));
        assert!(error(&["--minutes", "1"]).starts_with("Unknown argument `--minutes`."));
        let error = fuzz(&["csw"]).unwrap_err().to_string();
        assert!(error.starts_with("There is no target `csw`. Expected one of: csv, link_token, "), "{error}");
    }

    #[test]
    fn each_target_has_seeds() {
        let folder = root().join("fuzz");
        for target in targets(&folder).unwrap() {
            let seeds = std::fs::read_dir(folder.join("seeds").join(&target));
            assert!(seeds.is_ok_and(|seeds| seeds.count() >= 2), "seeds of {target}");
        }
    }
}
