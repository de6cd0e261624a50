//! `deploy`: by the wrangler of npm without an account, and by a program in its place that records
//! how it was called.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use tempfile::TempDir;

use crate::server_package::{finish, machine};

/// Stands in for `npx wrangler`: it notes its arguments and keeps the secrets.
const NPX: &str = r#"#!/bin/sh
echo "$@" > "$OUT/arguments"
while [ "$1" != --secrets-file ]; do shift; done
/bin/cp -p "$2" "$OUT/secrets.json"
exit "$CODE"
"#;

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
    let fake = folder.path().join("npx");
    fs::write(&fake, NPX).unwrap();
    fs::set_permissions(&fake, Permissions::from_mode(0o755)).unwrap();
    let deploy = |code: &str, arguments: &[&str]| {
        let mut node = machine().command("node", folder.path());
        node.arg(machine().installed().join("main.js")).arg("deploy").args(arguments);
        let path = [folder.path().to_owned(), machine().bin()];
        node.env("PATH", std::env::join_paths(path).unwrap()).env("OUT", folder.path()).env("CODE", code);
        finish(&mut node)
    };
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

    // The second deployment has the same secrets, and shows none.
    let (succeeded, printed) = deploy("0", &[]);
    assert!(succeeded && !printed.contains(admin), "{printed}");
    assert_eq!(json("secrets.json"), secrets);

    let (succeeded, printed) = deploy("1", &[]);
    assert!(!succeeded && printed.contains("wrangler has failed"), "{printed}");
    let (succeeded, printed) = deploy("0", &["--name", "Tea Shop"]);
    assert!(!succeeded && printed.contains("\"Tea Shop\" is no name of a Worker"), "{printed}");
}
