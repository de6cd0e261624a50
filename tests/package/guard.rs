//! Limit for a program that hangs: npm waits for a registry, or a collector for a lock.

use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The first start downloads workerd.
pub const LIMIT: Duration = Duration::from_secs(10 * 60);

/// Runs a program to its end and returns its output. Kills it and fails after [`LIMIT`].
pub fn output(command: &mut Command) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let pid = child.id().to_string();
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let Ok(output) = ended.recv_timeout(LIMIT) else {
        let _ = Command::new("kill").args(["-9", &pid]).status();
        panic!("{command:?} has not ended after {LIMIT:?}");
    };
    output.expect("its output can be read")
}
