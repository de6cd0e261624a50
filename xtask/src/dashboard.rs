//! Build of the owner's page: Leptos compiled to WebAssembly, with one script and one style sheet.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::progress::{run, step};
use crate::shrink_wasm::shrink_wasm;
use crate::tools::{Tools, cargo, link_without, npm_tools};
use crate::{assets, build_cache, pages, root, work};

const SOURCES: [&str; 16] = [
    "nps/Cargo.toml",
    "nps/src",
    "api/Cargo.toml",
    "api/build.rs",
    "api/src",
    "dashboard/Cargo.toml",
    "dashboard/index.html",
    "dashboard/js",
    "dashboard/src",
    "widget/js/why.json",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/link.sh",
    "xtask/src/dashboard.rs",
    "xtask/src/assets.rs",
    "xtask/src/shrink_wasm.rs",
];

/// Policy of the page. It loads its own files and calls the API of its own origin.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
                      connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Flags of the compiler. A panic traps at once. Leptos erases the types of elements, so the code
/// of one serves others too, which saves 20 KB.
const FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort --cfg erase_components";

/// Passes of wasm-opt. Instances of one generic function stay whole and next to each other, where
/// brotli finds what they share: 22 KB less than with the passes of the widget.
const PASSES: [&str; 4] =
    ["-Oz", "--one-caller-inline-max-function-size", "0", "--reorder-functions-by-name"];

/// Files in `dist/assets` that a build replaces: those of the page and none of another part.
const PREFIX: &str = "dashboard";

/// Returns the expected time of the build; empty if it is current.
pub fn pending() -> Result<Vec<Duration>> {
    let current = build_cache::is_current(&work().join("dashboard/.stamp"), &digest()?);
    Ok(if current { vec![] } else { vec![Duration::from_secs(120)] })
}

fn digest() -> Result<String> {
    build_cache::digest(&SOURCES, &[&npm_tools()?])
}

/// Builds the page into `dist/assets`, which the widget's build has emptied before.
pub fn build(tools: &Tools, dist: &Path) -> Result<()> {
    let out = work().join("dashboard");
    fs::create_dir_all(&out)?;
    build_cache::rebuild_if_changed(&out.join(".stamp"), &digest()?, || {
        step("Building the owner's page", || compile(tools, &out))
    })?;
    publish(&out, &dist.join("assets"))
}

/// Writes the script, the WebAssembly and the style sheet into `out`, each minified.
fn compile(tools: &Tools, out: &Path) -> Result<()> {
    let minify = |from: &Path, to: &str, format: &[&str]| {
        let mut esbuild = Command::new(&tools.esbuild);
        esbuild.arg(from).args(pages::ESBUILD).arg("--bundle").args(format);
        run(esbuild.arg(format!("--outfile={}", out.join(to).display())))
    };
    minify(&root().join("dashboard/src/styles/index.css"), "dashboard.css", &[])?;

    let target = work().join("dashboard-target");
    let mut build = cargo("nightly");
    build.args(["build", "--package", "dashboard", "--profile", "widget"]);
    build.args(["--target", "wasm32-unknown-unknown"]);
    build
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size", "--target-dir"])
        .arg(&target);
    build.env("RUSTFLAGS", FLAGS).current_dir(root());
    link_without(&mut build, "*intounderlying*");
    run(&mut build)?;

    let wasm = target.join("wasm32-unknown-unknown/widget/dashboard.wasm");
    let mut bindgen = Command::new(&tools.wasm_bindgen);
    bindgen.args(["--target", "web", "--no-typescript", "--omit-default-module-path"]);
    run(bindgen.args(["--out-name", "dashboard", "--out-dir"]).arg(out).arg(wasm))?;
    let glue = fs::read_to_string(out.join("dashboard.js"))?;
    let glue =
        shrink_wasm(tools, &glue, &out.join("dashboard_bg.wasm"), &out.join("dashboard.wasm"), &PASSES)?;
    fs::write(out.join("dashboard.js"), glue)?;
    let wasm = format!("--alias:dashboard-wasm={}", out.join("dashboard.js").display());
    // The script waits for the WebAssembly at its top level.
    minify(&root().join("dashboard/js/entry.js"), "entry.js", &["--format=esm", "--target=es2022", &wasm])
}

/// Writes the files under hashed names and the page that names them, unless they are current.
fn publish(out: &Path, target: &Path) -> Result<()> {
    let read = |name: &str| fs::read(out.join(name)).with_context(|| format!("the build left no {name}"));
    let read_text = |name: &str| Ok::<_, anyhow::Error>(String::from_utf8(read(name)?)?);
    let (wasm_bytes, style_bytes) = (read("dashboard.wasm")?, read("dashboard.css")?);
    let name = |content: &[u8], extension: &str| format!("{PREFIX}-{}.{extension}", assets::hash(content));
    let (wasm, style) = (name(&wasm_bytes, "wasm"), name(&style_bytes, "css"));
    let entry = filled(&read_text("entry.js")?, &[("__WASM__", &wasm)])?;
    let script = name(entry.as_bytes(), "js");
    let html = fs::read_to_string(root().join("dashboard/index.html"))?;
    let html = html.replace("__WASM__", &wasm);
    let html = filled(&html, &[("__STYLE__", &style), ("__SCRIPT__", &script)])?;
    let page = format!("{POLICY}\n{html}");

    let page_file = target.join(format!("{PREFIX}.page"));
    if fs::read(&page_file).is_ok_and(|current| current == page.as_bytes()) {
        return Ok(());
    }
    for entry in fs::read_dir(target)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_file(entry.path())?;
        }
    }
    assets::write_as(target, &wasm, &wasm_bytes)?;
    assets::write_as(target, &style, &style_bytes)?;
    assets::write_as(target, &script, entry.as_bytes())?;
    // Written last, so that an interrupted build starts again.
    fs::write(page_file, page).context("cannot write the owner's page")
}

/// Replaces placeholders, each of which must occur once.
fn filled(text: &str, values: &[(&str, &str)]) -> Result<String> {
    values.iter().try_fold(text.to_owned(), |text, (token, value)| {
        ensure!(text.matches(token).count() == 1, "the owner's page does not name {token} once");
        Ok(text.replace(token, value))
    })
}
