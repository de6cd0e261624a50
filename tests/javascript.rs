//! The widget's hand-written JavaScript, without a browser: its types by TypeScript, its unit tests
//! by Node.

use std::process::{Command, Output};

/// Runs a program in `widget/js` and returns its output, or fails with all of it.
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } =
        command.current_dir(xtask::root().join("widget/js")).output().expect("the program starts");
    let output = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?} failed with {status}:\n{output}");
    output
}

#[test]
fn typescript_reports_no_error() {
    xtask::install_npm_packages().expect("npm installs TypeScript");
    run(Command::new(xtask::root().join("node_modules/.bin/tsc")).args(["--noEmit", "--pretty", "false"]));
}

#[test]
fn unit_tests_pass() {
    let output = run(Command::new("node").args(["--test", "--test-reporter=tap"]));
    let passed = output.lines().find_map(|line| line.strip_prefix("# pass ")?.parse().ok()).unwrap_or(0);
    println!("{passed} unit tests of the widget's JavaScript passed");
    // A wrong folder has no tests, and Node reports success.
    assert!(passed >= 45, "only {passed} tests ran:\n{output}");
}
