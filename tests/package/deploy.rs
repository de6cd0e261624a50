//! `deploy`: by the wrangler of npm without an account, and by a program in its place that records
//! how it was called.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tests::until;

use crate::server_package::{finish, in_terminal, kill, machine, runs};

/// Stands in for `npx wrangler`: it notes its arguments and keeps the secrets. The folder `live`
/// has the Workers that have secrets.
const NPX: &str = r#"#!/bin/sh
case "$*" in
*" secret list "*)
    for name; do :; done
    if [ "$LOGIN" = no ] && [ ! -e "$OUT/login" ]; then
        echo "it's necessary to set a CLOUDFLARE_API_TOKEN" >&2
        exit 1
    fi
    if [ -e "$OUT/live/$name" ]; then echo '[{ "name": "GRAPEVINE_SECRET" }]'; exit 0; fi
    echo "Worker \"$name\" not found." >&2
    exit 1
    ;;
*" login") exec /bin/touch "$OUT/login" ;;
esac
echo "$@" > "$OUT/arguments"
while [ "$1" != --secrets-file ]; do shift; done
/bin/cp -p "$2" "$OUT/secrets.json"
[ "$CODE" = hang ] && echo "$$" > "$OUT/pid" && exec /bin/sleep 600
exit "$CODE"
"#;

/// Returns `deploy` with the stand-in, which ends with a code.
fn deploy(folder: &Path, code: &str, arguments: &[&str]) -> Command {
    let fake = folder.join("npx");
    if !fake.exists() {
        fs::write(&fake, NPX).unwrap();
        fs::set_permissions(&fake, Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(folder.join("temporary")).unwrap();
    }
    let mut node = machine().command("node", folder);
    node.arg(machine().installed().join("main.js")).arg("deploy").args(arguments);
    let path = std::env::join_paths([folder.to_owned(), machine().bin()]).unwrap();
    node.env("PATH", path).env("OUT", folder).env("CODE", code).env("TMPDIR", folder.join("temporary"));
    node
}

/// Asserts that nothing of a deployment is left, such as a file with secrets.
#[track_caller]
fn assert_removed(folder: &Path) {
    assert_eq!(fs::read_dir(folder.join("temporary")).unwrap().count(), 0);
}

#[test]
fn a_dry_run_packs_the_worker_without_an_account_or_secrets() {
    let folder = TempDir::with_prefix("grapevine-deploy-").unwrap();
    let (succeeded, printed) = machine().run(folder.path(), &["deploy", "--dry-run"]);
    assert!(succeeded, "{printed}");
    assert!(printed.contains("--dry-run: exiting now") && printed.contains("env.SITES (Site)"), "{printed}");
    assert!(printed.contains("Nothing was uploaded."), "{printed}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no secrets are made for it");
}

#[test]
fn a_deployment_has_the_secrets_of_the_data_folder() {
    let folder = TempDir::with_prefix("grapevine-deploy-").unwrap();
    let deploy =
        |code: &str, arguments: &[&str]| finish(&mut in_terminal(&deploy(folder.path(), code, arguments)));
    let json = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(folder.path().join(name)).unwrap()).unwrap()
    };

    let (succeeded, printed) = deploy("0", &["--name", "tea-shop"]);
    assert!(succeeded, "{printed}");
    let (settings, secrets) = (json("grapevine-data/grapevine.json"), json("secrets.json"));
    assert_eq!(secrets["GRAPEVINE_ADMIN_TOKEN"], settings["adminToken"]);
    assert_eq!(secrets["GRAPEVINE_SECRET"], settings["secret"]);
    let mode = fs::metadata(folder.path().join("secrets.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let arguments = fs::read_to_string(folder.path().join("arguments")).unwrap();
    assert!(
        arguments.starts_with("--yes --package=wrangler@4.86.0 -- wrangler deploy --config /"),
        "{arguments}"
    );
    assert!(arguments.contains(" --name tea-shop "), "{arguments}");
    let admin = settings["adminToken"].as_str().unwrap();
    assert!(
        printed.contains(&format!("GRAPEVINE_ADMIN_TOKEN={admin}"))
            && printed.contains("https://HOST/v1/sites")
    );
    // What it unpacked for wrangler is gone, with the secrets.
    let config = arguments.split(' ').nth(6).unwrap();
    assert!(!fs::exists(config).unwrap(), "{config}");
    assert_removed(folder.path());

    // The second deployment has the same secrets, and shows none.
    let (succeeded, printed) = deploy("0", &[]);
    assert!(succeeded && !printed.contains(admin), "{printed}");
    assert_eq!(json("secrets.json"), secrets);

    let (succeeded, printed) = deploy("1", &[]);
    assert!(!succeeded && printed.contains("wrangler has failed"), "{printed}");
    let (succeeded, printed) = deploy("0", &["--name", "Tea Shop"]);
    assert!(!succeeded && printed.contains("\"Tea Shop\" is no name of a Worker"), "{printed}");
}

#[test]
fn a_worker_with_secrets_keeps_them_from_another_folder() {
    let folder = TempDir::with_prefix("grapevine-deploy-").unwrap();
    let first = deploy(folder.path(), "0", &["--name", "tea-shop"]);
    let (succeeded, printed) = finish(&mut { first });
    assert!(succeeded && !printed.contains("GRAPEVINE_SECRET="), "no terminal, no secret: {printed}");
    let secrets: Value =
        serde_json::from_slice(&fs::read(folder.path().join("secrets.json")).unwrap()).unwrap();
    fs::create_dir(folder.path().join("live")).unwrap();
    fs::write(folder.path().join("live/tea-shop"), "").unwrap();
    fs::remove_file(folder.path().join("secrets.json")).unwrap();

    // A new folder, and that of a collector with secrets of its own.
    let other = folder.path().join("other");
    fs::create_dir(&other).unwrap();
    let settings = format!(r#"{{ "adminToken": "{0}", "secret": "{0}" }}"#, "s".repeat(32));
    fs::write(other.join("grapevine.json"), settings).unwrap();
    for data in ["new", "other"] {
        let (succeeded, printed) =
            finish(&mut deploy(folder.path(), "0", &["--name", "tea-shop", "--data", data]));
        let expected = "The Worker `tea-shop` has a GRAPEVINE_SECRET";
        assert!(!succeeded && printed.contains(expected) && printed.contains("--data"), "{data}: {printed}");
        assert!(!folder.path().join("secrets.json").exists(), "{data}: nothing was uploaded");
    }
    assert!(!folder.path().join("new").exists(), "no secrets are made for it");
    let (succeeded, printed) = finish(&mut deploy(folder.path(), "0", &["--name", "tea-shop"]));
    assert!(succeeded, "the folder that it was deployed from: {printed}");
    let mut with_secret = deploy(folder.path(), "0", &["--name", "tea-shop", "--data", "new"]);
    let secret = secrets["GRAPEVINE_SECRET"].as_str().unwrap();
    let (succeeded, printed) = finish(with_secret.env("GRAPEVINE_SECRET", secret));
    assert!(succeeded, "the secret that it has: {printed}");

    assert_removed(folder.path());
}

#[test]
fn a_worker_whose_secrets_cannot_be_read_is_not_deployed_and_a_terminal_asks_for_a_login() {
    let folder = TempDir::with_prefix("grapevine-deploy-").unwrap();
    let mut unknown = deploy(folder.path(), "0", &[]);
    unknown.env("LOGIN", "no");
    let (succeeded, printed) = finish(&mut unknown);
    assert!(!succeeded && printed.contains("necessary to set a CLOUDFLARE_API_TOKEN"), "{printed}");
    assert!(printed.contains("Log in with \"npx wrangler@4.86.0 login\""), "{printed}");
    assert!(!folder.path().join("login").exists() && !folder.path().join("grapevine-data").exists());
    let (succeeded, printed) = finish(&mut in_terminal(&unknown));
    assert!(succeeded && folder.path().join("login").exists(), "{printed}");
}

#[tokio::test]
async fn a_deployment_that_is_stopped_leaves_no_secrets() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let folder = TempDir::with_prefix("grapevine-deploy-").unwrap();
        let mut node = deploy(folder.path(), "hang", &[]);
        let mut node = node.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let read = || fs::read_to_string(folder.path().join("pid")).ok()?.trim().parse().ok();
        let wrangler = until("wrangler begins", async || read()).await;
        kill(node.id(), signal);
        let ended = until("it ends", async || node.try_wait().unwrap()).await;
        assert!(!ended.success());
        assert!(!runs(wrangler), "{signal}");
        assert_removed(folder.path());
    }
}
