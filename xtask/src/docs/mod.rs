//! API reference: `collector/openapi.json` as one HTML page, `docs.html`.
//!
//! The page is generated with `dist/`, so it always matches the document. It is self-contained: no
//! script, no font, no other file. Its Content Security Policy allows only its own style, by hash,
//! so the page is safe wherever it is served. The markup is in `templates/docs.html`.

mod curl;
mod html;
mod openapi;
mod ordered_json;
mod schema;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use askama::Template;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::{assets, build_cache};
use html::{anchor, any_of, code};
use openapi::{Document, Endpoint};

const STYLE: &str = include_str!("../../templates/docs.css");

/// Writes `docs.html` and its Brotli form for this description, unless both are current.
pub fn write(folder: &Path, openapi: &[u8]) -> Result<()> {
    let page = page(openapi).context("cannot render collector/openapi.json")?;
    let (plain, compressed) = (folder.join("docs.html"), folder.join("docs.html.br"));
    if compressed.is_file() && fs::read(&plain).is_ok_and(|current| current == page.as_bytes()) {
        return Ok(());
    }
    // The file that is compared above is written last, so that an interrupted build starts again.
    build_cache::write(&compressed, &assets::brotli(page.as_bytes())?)?;
    build_cache::write(&plain, page.as_bytes())
}

fn page(openapi: &[u8]) -> Result<String> {
    let document = Document::parse(openapi)?;
    let endpoints = document.endpoints();
    let command = |id: &str| {
        let endpoint = endpoints.iter().find(|endpoint| endpoint.operation.id == id);
        endpoint.map(curl::command).with_context(|| format!("the quick start needs the operation `{id}`"))
    };
    let (create_site, store_response, get_score) =
        (command("createSite")?, command("storeResponses")?, command("getScore")?);
    let style_hash = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let page = Page {
        document: &document,
        endpoints,
        style: STYLE,
        style_hash,
        create_site,
        store_response,
        get_score,
    };
    Ok(page.render()?)
}

#[derive(Template)]
#[template(path = "docs.html", whitespace = "minimize")]
struct Page<'a> {
    document: &'a Document,
    endpoints: Vec<Endpoint<'a>>,
    style: &'static str,
    style_hash: String,
    create_site: String,
    store_response: String,
    get_score: String,
}

/// Sentence about the keys that an operation accepts.
fn keys(endpoint: &Endpoint) -> String {
    let link = |name: &str| format!("<a href=\"#{}\">{}</a>", anchor("key", name), code(name));
    let alternatives = endpoint.operation.security.iter();
    let links: Vec<String> = alternatives
        .map(|keys| keys.iter().map(|(name, _)| link(name)).collect::<Vec<_>>().join(" and "))
        .collect();
    let named: Vec<String> = links.iter().filter(|link| !link.is_empty()).cloned().collect();
    match (named.is_empty(), named.len() == links.len()) {
        (true, _) => "No key is needed.".to_owned(),
        (_, true) => format!("Key: {}.", any_of(&named)),
        (_, false) => format!("Optional key: {}.", any_of(&named)),
    }
}

/// Media types of a request body, grouped by their common schema.
fn body_kinds(body: &openapi::RequestBody) -> Vec<(String, &openapi::Schema)> {
    let mut groups: Vec<(Vec<String>, &openapi::Schema)> = Vec::new();
    for (kind, media) in body.content.iter() {
        match groups.iter_mut().find(|(_, schema)| **schema == media.schema) {
            Some((kinds, _)) => kinds.push(code(kind)),
            None => groups.push((vec![code(kind)], &media.schema)),
        }
    }
    groups.into_iter().map(|(kinds, schema)| (any_of(&kinds), schema)).collect()
}

#[cfg(test)]
mod tests;
