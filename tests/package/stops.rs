//! Collectors that are stopped while they start, or hang at it.

use tempfile::TempDir;
use tests::until;

use crate::server_package::{Started, kill, machine, runs};

/// Begins to start a collector whose workerd is halted before it responds.
fn hanging(folder: &TempDir) -> (Started, [u32; 2]) {
    let command = machine().npx(folder.path(), &["start", "--port", "0"]);
    let started = Started::spawn(command, folder.path(), |_| false);
    let workerd = started.halt_next_workerd(None);
    let program = started.pids()[0];
    (started, [program, workerd])
}

/// Asserts that all processes have ended, and the data can be used again.
async fn assert_gone(started: &Started, pids: &[u32]) {
    for pid in pids {
        until("no process is left", async || (!runs(*pid)).then_some(())).await;
    }
    assert!(!started.data.join("grapevine.lock").exists());
}

#[tokio::test]
async fn ctrl_c_ends_a_first_start_that_hangs() {
    let folder = TempDir::with_prefix("grapevine-stop-").unwrap();
    let (mut started, pids) = hanging(&folder);
    kill(pids[0], "-INT");
    assert!(until("npx ends", async || started.ended()).await, "with success");
    assert_gone(&started, &pids).await;
}

#[tokio::test]
async fn a_first_start_that_hangs_is_given_up_and_reported() {
    let folder = TempDir::with_prefix("grapevine-stop-").unwrap();
    let (mut started, pids) = hanging(&folder);
    let printed = started.wait_for("The collector does not respond; grapevine-data/workerd.log is empty");
    assert!(!printed.contains("    at "), "no stack: {printed}");
    assert!(!until("npx ends", async || started.ended()).await, "with a failure");
    assert_gone(&started, &pids).await;
}

#[tokio::test]
async fn ctrl_c_during_a_restart_leaves_no_workerd() {
    let folder = TempDir::with_prefix("grapevine-stop-").unwrap();
    let mut started = Started::new(folder.path(), &[]);
    let [program, first] = started.pids()[..] else { panic!("{:?}", started.pids()) };
    kill(first, "-9");
    let next = started.halt_next_workerd(Some(first));
    kill(program, "-INT");
    assert!(until("npx ends", async || started.ended()).await, "with success");
    assert_gone(&started, &[program, next]).await;
}
