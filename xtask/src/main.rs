//! Commands of `cargo xtask`.

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  build    Build dist/: the widget, the owner's page, the collector and the configurations to run them.
  package  Pack dist/ for machines without Rust: a tarball and two npm packages in target/package/.
  bench    Measure the collector with a million answers, and the widget beside posthog-js in Chromium, on a machine that
           does nothing else. It takes some minutes.
             bench [import] [score] [export] [ingest] [widget] [start] [--rows N] [--seconds N] [--pairs N]
  licenses Check the licences and sources of all packages with `cargo deny`.
  help     Show this.

`cargo run` builds and starts everything; `cargo test` proves it.
";

fn main() -> ExitCode {
    let command: Vec<String> = std::env::args().skip(1).collect();
    let result = match command.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["build"] => xtask::build().map(|dist| xtask::log(&format!("{} is complete", dist.path.display()))),
        ["licenses"] => {
            xtask::check_licenses().map(|()| xtask::log("licences and sources are as in deny.toml"))
        }
        ["package"] => xtask::package_command(),
        ["bench", arguments @ ..] => xtask::bench(arguments),
        [] | ["help" | "-h" | "--help"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprint!("There is no command {:?}.\n\n{HELP}", other.join(" "));
            return ExitCode::FAILURE;
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
