//! The pages that the collector serves itself, and what else only it reads.
//!
//! A page is one file: its policy in the first line, then the HTML. The texts of the pages are a
//! file too, with one line for each language. The policy names the one style sheet in the page by
//! its digest, so both are made here, and the collector only fills in what it knows of a site.
//!
//! The row for emails is one file too: the row as HTML and as text, and what each language says in
//! it. Email programs know neither scripts nor style sheets, and some lay out by tables alone. So
//! the numbers are the cells of one row, which fits a phone of 320 pixels, and each is a link of 44
//! pixels' height. Both ends say what they mean, below and in their accessible name. The table has
//! the direction of the language: from right to left, 0 stands on the right.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::progress::run;
use crate::tools::Tools;
use crate::{assets, root};

/// Texts of the widget that the hosted pages contain too.
const ON_HOSTED_PAGES: [&str; 10] = [
    "detractor",
    "high",
    "low",
    "optional",
    "passive",
    "promoter",
    "question",
    "send",
    "thanks",
    "thanks_line",
];

/// Texts of each language that an invitation email contains.
const IN_EMAIL: [&str; 4] = ["dir", "question", "low", "high"];

/// Options of esbuild for every script and style sheet.
///
/// Without the last one, esbuild reads `strict` in tsconfig.json and makes the scripts strict. The
/// loader would then throw on a page that has made `window.grapevine` read-only.
pub const ESBUILD: [&str; 4] = ["--minify", "--charset=utf8", "--log-level=warning", "--tsconfig-raw={}"];

/// Texts of each language.
pub type Tables = BTreeMap<String, Locale>;

/// Texts of one language, by name. A visitor's browser loads those of the widget only.
#[derive(Deserialize)]
pub struct Locale {
    /// Texts of the hosted pages around the survey.
    pub hosted: BTreeMap<String, String>,
    /// Texts of the survey.
    #[serde(flatten)]
    pub widget: BTreeMap<String, String>,
}

/// A page: its name, its style sheet, its script, and its `frame-ancestors`.
struct Page {
    name: &'static str,
    style: &'static str,
    script: Option<&'static str>,
    ancestors: &'static str,
}

const PAGES: [Page; 5] = [
    Page { name: "hosted", style: "hosted", script: Some("hosted"), ancestors: "'none'" },
    Page { name: "frame", style: "frame", script: Some("frame"), ancestors: "{{ancestors}}" },
    Page { name: "confirm", style: "hosted", script: None, ancestors: "'none'" },
    Page { name: "thanks", style: "hosted", script: None, ancestors: "'none'" },
    Page { name: "problem", style: "hosted", script: None, ancestors: "'none'" },
];

/// Minifies the scripts and style sheets of the pages into `out`.
pub fn compile(tools: &Tools, out: &Path) -> Result<()> {
    let source = root().join("widget/js");
    for page in &PAGES {
        let style = format!("{}.css", page.style);
        minify(tools, &source.join("pages").join(&style), &out.join(style), &[])?;
        if let Some(script) = page.script {
            let script = format!("{script}.js");
            minify(tools, &source.join(&script), &out.join(script), &["--bundle", "--format=iife"])?;
        }
    }
    Ok(())
}

fn minify(tools: &Tools, from: &Path, to: &Path, format: &[&str]) -> Result<()> {
    let mut esbuild = Command::new(&tools.esbuild);
    esbuild.arg(from).args(ESBUILD).args(format);
    run(esbuild.arg(format!("--outfile={}", to.display())))
}

/// Writes the pages, which preload the glue and the WebAssembly, the row for emails, and the type
/// declarations.
pub fn publish(out: &Path, target: &Path, tables: &Tables, glue: &str, wasm: &str) -> Result<()> {
    let read =
        |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    for page in &PAGES {
        let style = read(&out.join(format!("{}.css", page.style)))?.trim().to_owned();
        let digest = BASE64_STANDARD.encode(Sha256::digest(&style));
        let mut policy =
            format!("default-src 'none'; style-src 'sha256-{digest}'; img-src data: {{{{logo_origin}}}}");
        let html = read(&root().join(format!("widget/js/pages/{}.html", page.name)))?;
        let mut html = html.replace("__STYLE__", &style).replace("__GLUE__", glue).replace("__WASM__", wasm);
        if let Some(script) = page.script {
            let content = read(&out.join(format!("{script}.js")))?;
            html = html.replace("__SCRIPT__", &assets::write(target, script, "js", content.as_bytes())?);
            policy += "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
        }
        policy += &format!("; base-uri 'none'; form-action 'self'; frame-ancestors {}", page.ancestors);
        ensure!(!html.contains("__"), "{}.html has a place that nothing was put in", page.name);
        fs::write(target.join(format!("{}.page", page.name)), format!("{policy}\n{html}"))?;
    }
    fs::write(target.join("hosted.texts"), hosted_texts(tables)?).context("cannot write hosted.texts")?;
    let types = root().join("widget/js/grapevine.d.ts");
    fs::copy(&types, target.join("grapevine.d.ts")).context("cannot copy the declarations for TypeScript")?;
    fs::write(target.join("email.json"), email_row(tables)?.to_string()).context("cannot write email.json")
}

/// Returns the texts of the hosted pages, one line for each language: its tag and a JSON object.
fn hosted_texts(tables: &Tables) -> Result<String> {
    let lines = tables.iter().map(|(language, table)| {
        let mut texts = table.hosted.clone();
        for name in ON_HOSTED_PAGES {
            let text = table.widget.get(name).with_context(|| format!("{language}.json has no {name}"))?;
            texts.insert(name.to_owned(), text.clone());
        }
        Ok(format!("{language} {}\n", json!(texts)))
    });
    lines.collect()
}

/// Returns the row for emails and its texts in each language.
fn email_row(tables: &Tables) -> Result<Value> {
    let languages = tables.iter().map(|(language, table)| {
        let texts = IN_EMAIL.iter().map(|name| {
            let text = table.widget.get(*name).with_context(|| format!("{language}.json has no {name}"))?;
            Ok((*name, text))
        });
        Ok((language, texts.collect::<Result<BTreeMap<_, _>>>()?))
    });
    let languages = languages.collect::<Result<BTreeMap<_, _>>>()?;
    Ok(json!({ "html": row(), "text": lines(), "languages": languages }))
}

/// Returns the row as HTML.
fn row() -> String {
    let cells: String = (0..=10)
        .map(|score| {
            let meaning = meaning(score).map(|name| format!(r#" aria-label="{score}, {{{{{name}}}}}""#));
            CELL.replace("SCORE", &score.to_string()).replace("MEANING", &meaning.unwrap_or_default())
        })
        .collect();
    ROW.replace("CELLS", &cells)
}

/// Returns the row as text, for emails without HTML.
fn lines() -> String {
    let lines: String = (0..=10)
        .map(|score| {
            let meaning = meaning(score).map(|name| format!(" ({{{{&{name}}}}})")).unwrap_or_default();
            format!("{score}{meaning}: {{{{&page}}}}?score={score}&c=email&lang={{{{&lang}}}}{{{{&t}}}}\n")
        })
        .collect();
    format!("{{{{&question}}}}\n\n{lines}")
}

/// Returns the name of the text that explains a score: only the ends have one.
fn meaning(score: u8) -> Option<&'static str> {
    match score {
        0 => Some("low"),
        10 => Some("high"),
        _ => None,
    }
}

// Outlook takes sizes and colours from attributes. The cells have equal widths, because the first
// row of a table of fixed layout has one cell over all columns.
const ROW: &str = concat!(
    r##"<table role="presentation" lang="{{lang}}" dir="{{dir}}" width="100%" cellpadding="0" cellspacing="2" border="0" bgcolor="#ffffff" "##,
    r##"style="table-layout:fixed;width:100%;max-width:566px;background:#ffffff;color:#26262b;font-family:Arial,sans-serif;font-size:14px;line-height:20px">"##,
    r##"<tr><td colspan="11" style="padding:8px 2px;font-size:18px;line-height:26px;font-weight:bold;text-align:{{start}}">{{question}}</td></tr>"##,
    r##"<tr>CELLS</tr>"##,
    r##"<tr><td colspan="5" valign="top" style="padding:2px 2px 8px;text-align:{{start}}">0 = {{low}}</td><td></td>"##,
    r##"<td colspan="5" valign="top" style="padding:2px 2px 8px;text-align:{{end}}">10 = {{high}}</td></tr></table>"##,
);
const CELL: &str = concat!(
    r##"<td width="9%" align="center" valign="middle" bgcolor="{{fill}}" style="padding:0;border:1px solid {{rim}};border-radius:6px;background:{{fill}}">"##,
    r##"<a href="{{page}}?score=SCORE&amp;c=email&amp;lang={{lang}}{{&t}}"MEANING style="display:block;height:44px;"##,
    r##"line-height:44px;color:{{on_fill}};font-size:16px;font-weight:bold;text-align:center;text-decoration:none">SCORE</a></td>"##,
);
