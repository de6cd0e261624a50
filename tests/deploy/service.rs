//! The systemd unit and the Dockerfile. Neither runs here: tests have no systemd and no container
//! engine, so their own linters check the files.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

/// Exposure that `systemd-analyze security` accepts, in tenths: 0 is none, 100 all.
const MAX_EXPOSURE: &str = "20";

#[test]
fn the_unit_is_valid_and_hardened() {
    let analyze = || Command::new("systemd-analyze");
    if analyze().arg("--version").output().is_err() {
        xtask::install_packages(&["systemd"]);
    }
    let unit = fs::read_to_string(xtask::root().join("deploy/grapevine.service")).expect("a unit");
    // The program need not be installed here.
    let program = "ExecStart=grapevine ";
    assert_eq!(unit.matches(program).count(), 1);
    let folder = TempDir::with_prefix("grapevine-unit-").expect("a temporary folder");
    let path = folder.path().join("grapevine.service");
    fs::write(&path, unit.replace(program, "ExecStart=/bin/true ")).expect("a file");
    let run = |arguments: &[&str]| {
        let output =
            analyze().args(arguments).arg(&path).output().expect("systemd-analyze, of the package systemd");
        let printed = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&printed).into_owned())
    };
    let (is_valid, printed) = run(&["verify", "--man=no"]);
    assert!(is_valid && !printed.contains("grapevine.service:"), "{printed}");
    let (is_hardened, printed) = run(&["security", "--offline=yes", "--threshold", MAX_EXPOSURE]);
    assert!(is_hardened, "{printed}");
    println!("{}", printed.lines().last().unwrap_or_default());
}

/// Without what a container should have, hadolint finds nothing either.
#[test]
fn the_dockerfile_passes_its_linter() {
    let hadolint = xtask::hadolint().unwrap_or_else(|error| panic!("{error:#}"));
    let path = xtask::root().join("deploy/Dockerfile");
    let output =
        Command::new(hadolint).args(["--no-color", "--failure-threshold", "style"]).arg(&path).output();
    let output = output.expect("hadolint");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let file = fs::read_to_string(path).expect("a Dockerfile");
    for line in ["FROM node:22-", "USER 1000:1000", "VOLUME /var/lib/grapevine", "HEALTHCHECK "] {
        assert!(file.lines().any(|it| it.starts_with(line)), "no line begins with {line}");
    }
}
