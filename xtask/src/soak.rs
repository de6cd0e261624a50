//! `cargo xtask soak`: load and faults at once, for as long as you want.

use anyhow::{Context, Result, bail, ensure};

use crate::{root, tools};

const USAGE: &str = "Usage: cargo xtask soak [--minutes N] [--seconds N] [--seed N]";

/// Arguments of the command line.
#[derive(Debug, PartialEq)]
struct Arguments {
    seconds: u64,
    seed: Option<u64>,
}

/// Runs the test target `soak` with these arguments. It fails where something acknowledged is lost
/// or something counts twice.
pub fn soak(arguments: &[&str]) -> Result<()> {
    let Arguments { seconds, seed } = Arguments::parse(arguments)?;
    // Elsewhere the target has no test, and would pass.
    ensure!(
        cfg!(target_os = "linux"),
        "The soak needs Linux: it fills a disk and moves the clock of a process."
    );
    let mut cargo = tools::cargo("stable");
    cargo.args(["test", "--quiet", "--package", "tests", "--test", "soak", "--", "--nocapture"]);
    cargo.env("GRAPEVINE_SOAK_SECONDS", seconds.to_string()).current_dir(root());
    if let Some(seed) = seed {
        cargo.env("GRAPEVINE_SEED", seed.to_string());
    }
    let status = cargo.status().context("cannot start cargo")?;
    if status.success() { Ok(()) } else { bail!("the soak ended with {status}; its differences are above") }
}

impl Arguments {
    fn parse(arguments: &[&str]) -> Result<Self> {
        let mut parsed = Self { seconds: 0, seed: None };
        for pair in arguments.chunks(2) {
            let [name, value] = pair else { bail!("`{}` has no value. {USAGE}", pair.concat()) };
            let number: u64 =
                value.parse().ok().with_context(|| format!("`{value}` is no whole number. {USAGE}"))?;
            match *name {
                "--minutes" => parsed.seconds += number * 60,
                "--seconds" => parsed.seconds += number,
                "--seed" => parsed.seed = Some(number),
                other => bail!("Unknown argument `{other}`. {USAGE}"),
            }
        }
        if parsed.seconds == 0 {
            parsed.seconds = 60;
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_seconds_add_up() {
        let parsed = |arguments: &[&str]| Arguments::parse(arguments).unwrap();
        assert_eq!(parsed(&[]), Arguments { seconds: 60, seed: None });
        assert_eq!(parsed(&["--minutes", "10"]), Arguments { seconds: 600, seed: None });
        assert_eq!(
            parsed(&["--seed", "7", "--minutes", "1", "--seconds", "5"]),
            Arguments { seconds: 65, seed: Some(7) }
        );
    }

    #[test]
    fn wrong_arguments_are_named() {
        let error = |arguments: &[&str]| Arguments::parse(arguments).unwrap_err().to_string();
        assert!(error(&["--minutes"]).starts_with("`--minutes` has no value."));
        assert!(error(&["--minutes", "ten"]).starts_with("`ten` is no whole number."));
        assert!(error(&["--hours", "1"]).starts_with("Unknown argument `--hours`."));
    }
}
