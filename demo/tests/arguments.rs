//! Arguments of the demo.

use std::process::{Command, Output};

fn run(argument: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_demo")).arg(argument).output().expect("the demo can be started")
}

#[test]
fn help_is_printed_and_nothing_is_started() {
    let output = run("--help");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for name in ["Usage: cargo run", "GRAPEVINE_PORT", "GRAPEVINE_SHOP_PORT", "GRAPEVINE_DATA"] {
        assert!(text.contains(name), "{name}: {text}");
    }
}

#[test]
fn the_sample_is_printed_for_the_package_the_same_each_time() {
    let printed = run("sample").stdout;
    let text = String::from_utf8(printed.clone()).unwrap();
    assert_eq!(text.lines().count(), 2_100);
    assert!(text.lines().all(|line| line.starts_with("{\"id\":\"kettle-row-")));
    assert_eq!(run("sample").stdout, printed);
}

#[test]
fn an_unknown_argument_is_named() {
    let output = run("--port");
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("`--port`"));
}
