//! Commands of `cargo xtask`.

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  build    Build dist/: the widget, the owner's page, the collector and the configurations to run them.
  package  Pack dist/ for machines without Rust: a tarball and two npm packages in target/package/.
  bench    Measure the collector with a million responses, the widget beside posthog-js and the start of the owner's page in
           Chromium, on a machine that does nothing else. It takes some minutes.
             bench [import] [score] [export] [ingest] [widget] [dashboard] [start] [--rows N] [--seconds N] [--pairs N]
  licenses Check the licences and sources of all packages with `cargo deny`.
  fuzz     Run the fuzz targets on nightly Rust, a minute each: what strangers and owners send. fuzz [--seconds N] [TARGET...]
  soak     Send messages over a bad network while the collector is killed, its disk fills up and its clock moves. Fails where
           something acknowledged is lost or something counts twice. soak [--minutes N] [--seconds N] [--seed N]
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
        ["fuzz", arguments @ ..] => xtask::fuzz(arguments),
        ["soak", arguments @ ..] => xtask::soak(arguments),
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
