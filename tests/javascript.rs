//! The hand-written JavaScript without a browser: its types by TypeScript, its unit tests by Node.

use std::process::{Command, Output};

/// Folders with a `tsconfig.json`: the widget, its npm package, and the program that runs a
/// collector.
const FOLDERS: [&str; 3] = ["widget/js", "widget/npm", "server"];

/// Runs a program in a folder and returns its output, or fails with all of it.
fn run(folder: &str, command: &mut Command) -> String {
    let Output { status, stdout, stderr } =
        command.current_dir(xtask::root().join(folder)).output().expect("the program starts");
    let output = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?} failed with {status}:\n{output}");
    output
}

#[test]
fn typescript_reports_no_error() {
    xtask::install_npm_packages().expect("npm installs TypeScript");
    let tsc = xtask::root().join("node_modules/.bin/tsc");
    for folder in FOLDERS {
        run(folder, Command::new(&tsc).args(["--noEmit", "--pretty", "false"]));
    }
}

#[test]
fn unit_tests_pass() {
    for (folder, least) in [("widget/js", 45), ("server", 8)] {
        let output = run(folder, Command::new("node").args(["--test", "--test-reporter=tap"]));
        let passed = output.lines().find_map(|line| line.strip_prefix("# pass ")?.parse().ok()).unwrap_or(0);
        println!("{passed} unit tests in {folder} passed");
        // A wrong folder has no tests, and Node reports success.
        assert!(passed >= least, "only {passed} tests ran:\n{output}");
    }
}
