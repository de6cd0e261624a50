//! Removes unused code from the widget, on both sides of the border between JavaScript and
//! WebAssembly.
//!
//! wasm-bindgen exports more of its own functions than the survey uses, and writes classes for the
//! streams that `xtask/link.sh` has left out. No optimiser may drop an export by itself, so this
//! module tells it which ones the glue can still reach. The names that cross the border are long
//! and hashed, and both files get short ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::progress::output;
use crate::tools::{self, Tools};

/// Import and export names as wasm-opt lists them: module, name and short name of each import, name
/// and short name of each export.
#[derive(Deserialize)]
pub struct ImportExportNames {
    pub imports: Vec<[String; 3]>,
    pub exports: Vec<[String; 2]>,
}

/// Passes for a small module of which every byte counts. What is used often gets the short numbers,
/// and so more bytes are alike.
pub const SMALLEST: [&str; 7] = [
    "--always-inline-max-function-size=3",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--reorder-functions",
];

/// Optimises `from` into `to` with passes of wasm-opt, keeps what this glue can reach, and returns
/// the matching glue.
pub fn shrink_wasm(tools: &Tools, glue: &str, from: &Path, to: &Path, passes: &[&str]) -> Result<String> {
    let mut glue = without_classes(glue);
    // What is plainly not reached goes in a second; the passes may then find more.
    let mut present: &[&str] = &[];
    loop {
        let reached = exports_used(&glue);
        let border = optimize(tools, &reached, from, to, present)?;
        let imported: BTreeSet<&str> = border.imports.iter().map(|[_, name, _]| name.as_str()).collect();
        let trimmed = without_orphans(&without_imports(&glue, &imported));
        // Less glue may reach less of the module, which may import less of the glue.
        if trimmed != glue {
            glue = trimmed;
        } else if present != passes {
            present = passes;
        } else {
            return catch_traps(&rename(&glue, &border)?);
        }
    }
}

/// Removes from the module what the exports do not reach, then optimises it for size.
fn optimize(
    tools: &Tools,
    exports: &BTreeSet<String>,
    from: &Path,
    to: &Path,
    passes: &[&str],
) -> Result<ImportExportNames> {
    let features: Vec<String> = tools::WASM_FEATURES.iter().map(|name| format!("--enable-{name}")).collect();
    let roots = json!([{ "name": "glue", "root": true, "reaches": exports }]);
    let exports = exports.iter().map(|name| json!({ "name": name, "export": name }));
    let graph: Vec<Value> = roots.as_array().into_iter().flatten().cloned().chain(exports).collect();
    let (graph_file, reached) = (to.with_extension("graph.json"), to.with_extension("reached.wasm"));
    fs::write(&graph_file, serde_json::to_string_pretty(&graph)?)?;
    let mut metadce = Command::new(&tools.wasm_metadce);
    metadce.arg(from).arg("--graph-file").arg(&graph_file).arg("-o").arg(&reached).args(&features);
    // Some passes go by the names of functions, which are removed at the end.
    metadce.arg("-g");
    output(&mut metadce).context("wasm-metadce failed")?;

    let mut optimize = Command::new(&tools.wasm_opt);
    // The stack begins at address 0 and grows down to it, so nothing lies in the first kilobyte.
    optimize.arg("--low-memory-unused").args(passes).arg("--reorder-locals");
    optimize.args(["--strip-debug", "--strip-producers", "--strip-target-features"]);
    optimize.arg("--minify-imports-and-exports-and-modules");
    let border =
        output(optimize.args(&features).arg(&reached).arg("-o").arg(to)).context("wasm-opt failed")?;
    serde_json::from_str(&border).context("wasm-opt does not list the names as it did")
}

/// Returns the glue without its classes. All of them belong to other crates: the widget itself
/// exports functions only.
fn without_classes(glue: &str) -> String {
    let mut kept = String::new();
    let mut lines = glue.lines();
    while let Some(line) = lines.next() {
        let end: fn(&str) -> bool = if line.starts_with("export class ") {
            |line| line.starts_with("if (Symbol.dispose) ")
        } else if line.starts_with("const ") && line.contains("Finalization = ") {
            |line| line.ends_with(';')
        } else {
            kept.push_str(line);
            kept.push('\n');
            continue;
        };
        if !end(line) {
            lines.by_ref().find(|line| end(line));
        }
    }
    kept
}

/// Returns the glue without the imports that the module no longer has.
fn without_imports(glue: &str, imported: &BTreeSet<&str>) -> String {
    without_blocks(glue, "        ", |line| {
        let name = line.trim_start().split_once(": function(").map(|(name, _)| name);
        name.is_some_and(|name| !imported.contains(name))
    })
}

/// Returns the glue without those of its functions that nothing calls any more. A function and the
/// export that it calls may share a name.
fn without_orphans(glue: &str) -> String {
    let marked = glue.replace("wasm.", "wasm.$");
    without_blocks(glue, "", |line| {
        let name = line.strip_prefix("function ").and_then(|rest| rest.split_once('(')).map(|(name, _)| name);
        name.is_some_and(|name| words(&marked).filter(|word| *word == name).count() == 1)
    })
}

/// Removes each block of lines with this indentation, up to its brace, if its first line is to be
/// dropped.
fn without_blocks(glue: &str, indent: &str, drop: impl Fn(&str) -> bool) -> String {
    let end = format!("{indent}}}");
    let mut kept = String::new();
    let mut lines = glue.lines();
    while let Some(line) = lines.next() {
        let begins = line.strip_prefix(indent).is_some_and(|rest| !rest.starts_with(' '));
        if begins && drop(line) {
            lines.by_ref().find(|line| line.starts_with(&end));
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Returns the exports of the module that the glue calls, which are always written `wasm.NAME`.
fn exports_used(glue: &str) -> BTreeSet<String> {
    let parts = glue.split("wasm.").skip(1);
    parts.filter_map(|rest| words(rest).next()).map(str::to_owned).collect()
}

/// Returns the glue with the short names.
fn rename(glue: &str, border: &ImportExportNames) -> Result<String> {
    let mut renamed = glue.to_owned();
    for [module, name, short] in &border.imports {
        let (from, to) = (format!("        {name}: function("), format!("        {short}: function("));
        ensure!(renamed.matches(&from).count() == 1, "the glue does not define {module} {name} once");
        renamed = renamed.replace(&from, &to);
    }
    // wasm-opt gives all modules one short name.
    let module = border.imports.first().map_or("./widget_bg.js", |[module, ..]| module);
    renamed = renamed.replace(&format!("\"{module}\": import0"), "\"a\": import0");
    let mut named = String::new();
    let mut parts = renamed.split("wasm.");
    named.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let name = words(part).next().unwrap_or_default();
        let short = border.exports.iter().find(|[own, _]| own == name).map(|[_, short]| short);
        let short = short.with_context(|| format!("the module does not export {name}"))?;
        named.push_str("wasm.");
        named.push_str(short);
        named.push_str(&part[name.len()..]);
    }
    Ok(named)
}

/// Returns the glue in which a trap of the survey's own code reaches its caller (`guard`), and not
/// the page's listeners for errors. After a trap, nothing of that code is called any more. A module
/// that listens to nothing has no closures.
fn catch_traps(glue: &str) -> Result<String> {
    const CALL: &str = "return f(a, state.b, ...args);\n        } finally {";
    const CAUGHT: &str = "if (onTrap) return f(a, state.b, ...args);\n        } catch (error) { const tell = onTrap; onTrap = 0; tell(error);\n        } finally {";
    let has_closures = glue.contains("state.b");
    ensure!(!has_closures || glue.contains(CALL), "the glue does not call closures as it did");
    let guard = "let onTrap = (error) => { throw error; };\nexport function guard(tell) { onTrap = onTrap && tell; }\n";
    Ok(glue.replace(CALL, CAUGHT) + guard)
}

/// Returns the identifiers of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "\
export class Stream {
    free() {
        wasm.stream_free(0);
    }
}
if (Symbol.dispose) Stream.prototype[Symbol.dispose] = Stream.prototype.free;

export function open(host) {
    wasm.open(host);
}
function imports() {
    const import0 = {
        __wbg_unused_89ab: function() { return handleError(function (arg0) {
            orphan();
        }, arguments); },
        __wbg_used_0123: function(arg0) {
            return call(arg0);
        },
        __wbg_unused_4567: function() {
            orphan();
        },
    };
    return { \"./widget_bg.js\": import0 };
}
function call(arg0) {
    wasm.call(arg0);
}
function orphan() {
    wasm.orphan();
}
const StreamFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {} }
    : new FinalizationRegistry(ptr => wasm.stream_free(ptr, 1));
imports();
";

    #[test]
    fn unused_glue_and_its_dependencies_are_removed() {
        let glue = without_classes(GLUE);
        assert!(!glue.contains("Stream"), "{glue}");
        let glue = without_orphans(&without_imports(&glue, &["__wbg_used_0123"].into()));
        assert!(!glue.contains("orphan") && !glue.contains("unused"), "{glue}");
        assert_eq!(exports_used(&glue), ["call", "open"].map(str::to_owned).into());
    }

    #[test]
    fn import_and_export_names_are_shortened_on_both_sides() {
        let border = ImportExportNames {
            imports: vec![["./widget_bg.js".into(), "__wbg_used_0123".into(), "b".into()]],
            exports: vec![["open".into(), "c".into()], ["call".into(), "d".into()]],
        };
        let glue = without_orphans(&without_imports(&without_classes(GLUE), &["__wbg_used_0123"].into()));
        let named = rename(&glue, &border).unwrap();
        for part in [
            "b: function(arg0)",
            "export function open(host) {\n    wasm.c(host)",
            "wasm.d(arg0)",
            "\"a\": import0",
        ] {
            assert!(named.contains(part), "{part} is not in\n{named}");
        }
    }
}
