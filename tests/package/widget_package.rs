//! The widget package in an app: its types, its files, and a server that renders the app.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::guard;
use crate::server_package::{finish, machine, packages};

/// Packages of the repository that an app has by itself.
const OF_THE_APP: [&str; 5] = ["@types", "csstype", "react", "react-dom", "scheduler"];

/// App in TypeScript. Each line that must not compile says so.
const APP: &str = r#"
import { load, type LoadOptions } from "@grapevine-nps/widget";
import { useGrapevine } from "@grapevine-nps/widget/react";

const options: LoadOptions = { host: "https://nps.example", site: "abc", delay: 3, mode: "tab" };

export async function rate(): Promise<GrapevineState | undefined> {
  const grapevine = await load(options);
  await grapevine?.("identify", "4711", "hash");
  await grapevine?.("set", { plan: "pro", seats: 3, trial: false, left: null });
  document.addEventListener("grapevine:submitted", () => {});
  // @ts-expect-error: no such command
  await grapevine?.("open");
  // @ts-expect-error: on a server there is none
  await grapevine("show");
  return grapevine?.("why");
}

// @ts-expect-error: no site
void load({ host: "https://nps.example" });
// @ts-expect-error: no such mode
void load({ ...options, mode: "popup" });
// @ts-expect-error: no such option
void load({ ...options, colour: "red" });

export function Feedback({ user }: { user: string | null }) {
  const { grapevine, error } = useGrapevine({ ...options, user });
  return <button disabled={!grapevine} title={error?.message} onClick={() => grapevine?.("show")}>Rate</button>;
}
"#;

/// Program of a server: it renders the app, and calls what only a page can do.
const SERVER: &str = r#"
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { load } from "@grapevine-nps/widget";
import { useGrapevine } from "@grapevine-nps/widget/react";

const options = { host: "https://nps.example", site: "abc" };
function Feedback() {
  const { grapevine, error } = useGrapevine(options);
  return createElement("p", null, `${typeof grapevine}, ${typeof error}`);
}
console.log(JSON.stringify([typeof await load(options), renderToString(createElement(Feedback))]));
"#;

/// Creates the folder of an app that has installed the package.
pub fn app() -> TempDir {
    let folder = TempDir::with_prefix("grapevine-app-").unwrap();
    fs::write(folder.path().join("package.json"), r#"{ "type": "module", "private": true }"#).unwrap();
    let mut install = machine().command("npm", folder.path());
    let (succeeded, printed) =
        finish(install.args(["install", "--no-audit", "--no-fund"]).arg(&packages().widget));
    assert!(succeeded, "{printed}");
    let modules = folder.path().join("node_modules");
    assert!(!modules.join("react").exists(), "an app without React gets none");
    for name in OF_THE_APP {
        symlink(xtask::root().join("node_modules").join(name), modules.join(name)).unwrap();
    }
    folder
}

/// Runs a program of the repository's packages in an app, which has to succeed.
pub fn run_tool(app: &Path, name: &str, arguments: &[&str]) -> String {
    let tool = xtask::root().join("node_modules/.bin").join(name);
    let (succeeded, text) = finish(Command::new(tool).args(arguments).current_dir(app));
    assert!(succeeded, "{name}: {text}");
    text
}

#[test]
fn an_app_in_typescript_gets_the_types_of_the_commands() {
    let app = app();
    fs::write(app.path().join("app.tsx"), APP).unwrap();
    for resolution in ["bundler", "nodenext"] {
        let module = if resolution == "bundler" { "esnext" } else { resolution };
        let options = format!(
            "--noEmit --strict --jsx react-jsx --target es2022 --lib es2022,dom --module {module} \
             --moduleResolution {resolution} --types react app.tsx"
        );
        run_tool(app.path(), "tsc", &options.split_whitespace().collect::<Vec<_>>());
    }
}

#[test]
fn a_server_renders_the_app_and_loads_nothing() {
    let app = app();
    fs::write(app.path().join("server.js"), SERVER).unwrap();
    let output = guard::output(machine().command("node", app.path()).arg("server.js"));
    assert!(output.status.success(), "{output:?}");
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(printed, json!(["undefined", "<p>undefined, undefined</p>"]));
}

#[test]
fn the_package_is_small_and_has_no_copy_of_the_loader() {
    let app = app();
    let package = app.path().join("node_modules/@grapevine-nps/widget");
    let mut files: Vec<String> = fs::read_dir(&package)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort_unstable();
    let expected = [
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "grapevine.d.ts",
        "index.d.ts",
        "index.js",
        "package.json",
        "react.d.ts",
        "react.js",
    ];
    assert_eq!(files, expected);
    let same = [package.join("grapevine.d.ts"), xtask::root().join("widget/js/grapevine.d.ts")];
    let [packed, source] = same.map(|path| fs::read_to_string(path).unwrap());
    assert_eq!(packed, source);
    let bytes: u64 =
        ["index.js", "react.js"].map(|name| fs::metadata(package.join(name)).unwrap().len()).iter().sum();
    assert!(bytes < 12_000, "{bytes} bytes");
}
