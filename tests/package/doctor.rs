//! `doctor`: a line for each check, and what to do.

use std::fs::{self, File, FileTimes, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::server_package::{Started, finish, machine};

/// Asserts that a line of a report begins with a state and contains a text.
#[track_caller]
fn assert_line(report: &str, state: &str, text: &str) {
    let found = report.lines().any(|line| line.starts_with(state) && line.contains(text));
    assert!(found, "no {state:?} with {text:?} in:\n{report}");
}

#[tokio::test]
async fn a_collector_that_runs_is_read_and_written() {
    let folder = TempDir::with_prefix("grapevine-doctor-").unwrap();
    let (succeeded, before) = machine().run(folder.path(), &["doctor", "--port", "0"]);
    assert!(succeeded, "{before}");
    assert_line(&before, "ok", "with glibc 2.");
    assert_line(&before, "ok", "workerd starts and writes");
    assert_line(&before, "ok", "file descriptors");
    assert_line(&before, "ok", "There is no folder grapevine-data so far");
    assert_line(&before, "ok", "Port 0 on 127.0.0.1 is free");
    assert!(!folder.path().join("grapevine-data").exists(), "a check makes nothing");

    let started = Started::new(folder.path(), &[]);
    let port = started.url().rsplit(':').next().unwrap().to_owned();
    let (succeeded, report) = machine().run(folder.path(), &["doctor", "--port", &port]);
    assert!(succeeded, "{report}");
    assert_line(&report, "ok", "The data folder grapevine-data can be written");
    assert_line(&report, "ok", "GB are free");
    assert_line(&report, "ok", "for its owner alone");
    assert_line(&report, "ok", "The clock says 2");
    assert_line(&report, "ok", &format!("The process {} (node) uses grapevine-data", started.pids()[0]));
    assert_line(&report, "ok", &format!("The collector at {}/ reads and writes its storage", started.url()));

    let (succeeded, report) = machine().run(folder.path(), &["doctor", "--port", "9"]);
    assert!(!succeeded, "{report}");
    assert_line(&report, "problem", "Use the --port and --host that it was started with");
}

#[test]
fn what_is_wrong_is_named_with_what_to_do_and_fails() {
    let folder = TempDir::with_prefix("grapevine-doctor-").unwrap();
    let data = folder.path().join("grapevine-data");
    fs::create_dir(&data).unwrap();
    let settings = data.join("grapevine.json");
    fs::write(&settings, r#"{ "adminToken": "a", "secret": "s" }"#).unwrap();
    fs::set_permissions(&settings, Permissions::from_mode(0o644)).unwrap();
    let later = SystemTime::now() + Duration::from_secs(86_400);
    File::options()
        .write(true)
        .open(&settings)
        .unwrap()
        .set_times(FileTimes::new().set_modified(later))
        .unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (succeeded, report) = machine().run(folder.path(), &["doctor", "--port", &port]);
    assert!(!succeeded, "{report}");
    assert_line(&report, "warning", "chmod 600 grapevine-data/grapevine.json");
    assert_line(&report, "problem", "behind the newest file of grapevine-data. Set it");
    assert_line(&report, "problem", &format!("Port {port} on 127.0.0.1 is taken"));
    assert!(report.contains("2 problems."), "{report}");

    fs::write(folder.path().join("a-file"), "").unwrap();
    let (succeeded, report) = machine().run(folder.path(), &["doctor", "--port", "0", "--data", "a-file"]);
    assert!(!succeeded, "{report}");
    assert_line(&report, "problem", "a-file is no folder");
    assert!(report.contains("1 problem.") && !report.contains("    at "), "{report}");

    let mut without_temporary = machine().npx(folder.path(), &["doctor", "--port", "0"]);
    let temporary = folder.path().join("missing");
    let (succeeded, report) = finish(without_temporary.env("TMPDIR", &temporary));
    assert!(!succeeded, "{report}");
    let unwritable = format!("{} cannot be written", temporary.display());
    assert_line(&report, "problem", &unwritable);
    assert_line(&report, "ok", "Port 0 on 127.0.0.1 is free");
    assert!(!report.contains("    at "), "{report}");
}
