//! Commands of the server package for its data: backup, restore, compaction.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::json;
use tempfile::TempDir;
use tests::new_id;

use crate::server_package::{Started, finish, machine};

#[tokio::test]
async fn a_backup_of_a_running_collector_starts_elsewhere_with_its_keys() {
    let folder = TempDir::with_prefix("grapevine-backup-").unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    fs::create_dir(&first).unwrap();
    fs::create_dir(&second).unwrap();
    let started = Started::new(&first, &[]);
    started.respond(json!({ "id": new_id(), "score": 9 })).await;
    let run = |arguments: &[&str]| machine().run(folder.path(), arguments);

    let (succeeded, printed) = run(&["compact", "first/grapevine-data"]);
    assert!(!succeeded && printed.contains("is used by the process"), "{printed}");
    let (succeeded, printed) = run(&["backup", "first/grapevine-data", "copy"]);
    assert!(succeeded && printed.contains("Copied 1 sites with 1 responses"), "{printed}");
    started.respond(json!({ "id": new_id(), "score": 2 })).await;
    let settings = started.settings();
    let (succeeded, printed) = run(&["restore", "copy", "second/grapevine-data"]);
    assert!(succeeded && !printed.contains("GRAPEVINE_SECRET"), "{printed}");
    for path in ["copy/grapevine.json", "second/grapevine-data/grapevine.json"] {
        let mode = fs::metadata(folder.path().join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }

    let restored = Started::new(&second, &[]);
    assert_eq!(restored.settings(), settings);
    assert_eq!(restored.score("site").await.unwrap().ok()["scored"], 1);
    assert!(started.stop("-INT"));
    let (succeeded, printed) = run(&["compact", "first/grapevine-data"]);
    assert!(succeeded && printed.contains("Compacted"), "{printed}");
    let again = Started::new(&first, &[]);
    assert_eq!(again.score("site").await.unwrap().ok()["scored"], 2);
}

#[tokio::test]
async fn an_archive_moves_the_site_to_a_collector_with_the_same_secret() {
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    fs::create_dir(&first).unwrap();
    fs::create_dir(&second).unwrap();
    let started = Started::new(&first, &[]);
    started.respond(json!({ "id": new_id(), "score": 9 })).await;
    let settings = started.settings();
    let secret = settings["secret"].as_str().unwrap();
    let [id, owner, read] = ["id", "owner", "read"].map(|name| settings["site"][name].as_str().unwrap());

    let mut start = machine().npx(&second, &["start", "--port", "0"]);
    start.env("GRAPEVINE_SECRET", secret);
    let other = Started::by(start, &second);
    let file = folder.path().join("site.ndjson");
    let archive = ["archive", &started.url(), id, file.to_str().unwrap()];
    let (succeeded, printed) =
        finish(machine().npx(folder.path(), &archive).env("GRAPEVINE_OWNER_KEY", owner));
    assert!(succeeded, "{printed}");
    let admin = other.settings()["adminToken"].as_str().unwrap().to_owned();
    let unarchive = ["unarchive", &other.url(), file.to_str().unwrap()];
    let (succeeded, printed) =
        finish(machine().npx(folder.path(), &unarchive).env("GRAPEVINE_ADMIN_TOKEN", admin));
    assert!(succeeded, "{printed}");
    let score = other.http.get(format!("{}/v1/sites/{id}/score?range=all", other.url())).bearer_auth(read);
    assert_eq!(tests::client::send(score).await.ok()["scored"], 1);
}

#[tokio::test]
async fn an_archive_that_cannot_be_written_leaves_nothing_behind() {
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let started = Started::new(folder.path(), &[]);
    let settings = started.settings();
    let file = folder.path().join("site.ndjson");
    // From the first kilobyte on the system refuses to write, as on a full disk.
    let limited = "ulimit -f 1 && exec node \"$@\"";
    let mut archive = machine().command("sh", folder.path());
    archive.args(["-c", limited, "sh"]).arg(machine().installed().join("main.js"));
    archive.args(["archive", &started.url(), settings["site"]["id"].as_str().unwrap()]).arg(&file);
    archive.env("GRAPEVINE_OWNER_KEY", settings["site"]["owner"].as_str().unwrap());
    let (succeeded, printed) = finish(&mut archive);
    let part = folder.path().join("site.ndjson.part");
    assert!(!succeeded && printed.contains(&format!("{} cannot be written", part.display())), "{printed}");
    assert!(!printed.contains("    at "), "no stack: {printed}");
    assert!(!file.exists() && !part.exists());
}

#[test]
fn a_folder_is_no_archive() {
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let path = folder.path().to_str().unwrap();
    let mut unarchive = machine().npx(folder.path(), &["unarchive", "http://127.0.0.1:1", path]);
    let (succeeded, printed) = finish(unarchive.env("GRAPEVINE_ADMIN_TOKEN", "a".repeat(32)));
    assert!(!succeeded && printed.contains(&format!("{path} is a folder.")), "{printed}");
    assert!(!printed.contains("    at ") && !printed.contains("EISDIR"), "{printed}");
}
