//! The reference for people: `collector/openapi.json` as one page of HTML, `docs.html`.
//!
//! It is made when `dist/` is built, so it cannot say other things than the description that programs read. It needs
//! nothing beside itself: no script, no font, no other file. Its only style is inside, and the page brings a policy that
//! allows that style by its hash and nothing else, so it is safe wherever it lies.
//!
//! Nothing of the description may be lost in silence. Every part is read with the list of the words that it may have
//! ([`Json::only`]), and a word that nobody taught this page to show stops the build.

mod curl;
mod json;
mod operation;
mod schema;
mod text;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::{assets, fresh};
use json::Json;
use text::{anchor, blocks, escape, inline};

const STYLE: &str = include_str!("style.css");
const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// Writes `docs.html` and its brotli for that description, unless they are there already.
pub fn write(folder: &Path, openapi: &[u8]) -> Result<()> {
    let page = page(openapi).context("collector/openapi.json cannot be shown as a page")?;
    let (plain, compressed) = (folder.join("docs.html"), folder.join("docs.html.br"));
    if compressed.is_file() && fs::read(&plain).is_ok_and(|there| there == page.as_bytes()) {
        return Ok(());
    }
    // Last comes what is looked at above, so that an interrupted build is begun again.
    fresh::write(&compressed, &assets::brotli(page.as_bytes())?)?;
    fresh::write(&plain, page.as_bytes())
}

/// The page for a description.
fn page(openapi: &[u8]) -> Result<String> {
    let document: Json = serde_json::from_slice(openapi).context("it is not JSON")?;
    Reference::new(&document)?.page()
}

/// A description on its way to a page.
struct Reference<'a> {
    document: &'a Json,
    operations: Vec<Operation<'a>>,
}

/// One method of one path.
struct Operation<'a> {
    path: &'a str,
    method: String,
    id: &'a str,
    /// The tag under which it stands.
    tag: &'a str,
    /// What the path says for all its methods.
    shared: &'a [Json],
    body: &'a Json,
}

impl<'a> Reference<'a> {
    fn new(document: &'a Json) -> Result<Self> {
        document.only(
            "the document",
            &["openapi", "info", "servers", "tags", "paths", "components", "security"],
        )?;
        let parts =
            ["securitySchemes", "parameters", "headers", "responses", "examples", "schemas", "requestBodies"];
        document.get("components").only("components", &parts)?;
        let mut operations = Vec::new();
        let mut ids = BTreeSet::new();
        for (path, item) in document.get("paths").members() {
            item.only(path, &[&METHODS[..], &["parameters"]].concat())?;
            for (method, body) in item.members().iter().filter(|(name, _)| METHODS.contains(&&**name)) {
                let what = format!("{} {path}", method.to_uppercase());
                let id =
                    body.get("operationId").text().with_context(|| format!("{what} has no operationId"))?;
                ensure!(ids.insert(id), "two operations are called {id}");
                let tags = body.get("tags").list();
                ensure!(tags.len() == 1, "{what} stands under {} tags and not under one", tags.len());
                let tag = tags[0].text().context("a tag is text")?;
                let known = document.get("tags").list().iter().any(|one| one.get("name").text() == Some(tag));
                ensure!(known, "{what} stands under {tag}, which is not among the tags");
                let shared = item.get("parameters").list();
                operations.push(Operation { path, method: method.to_uppercase(), id, tag, shared, body });
            }
        }
        Ok(Self { document, operations })
    }

    /// What a `$ref` leads to; anything else is itself.
    fn resolved(&self, value: &'a Json) -> Result<&'a Json> {
        match value.get("$ref").text() {
            None => Ok(value),
            Some(to) => {
                let found = self.document.at(to).with_context(|| format!("{to} leads nowhere"))?;
                self.resolved(found)
            }
        }
    }

    fn page(&self) -> Result<String> {
        let info = self.document.get("info");
        info.only("info", &["title", "version", "summary", "description", "license"])?;
        let title = escape(info.get("title").text().context("the document has no title")?);
        let version = escape(info.get("version").text().unwrap_or_default());
        let summary = info.get("summary").text().map(|it| format!("<p class=\"lead\">{}</p>", inline(it)));
        let license = info.get("license");
        license.only("license", &["name", "identifier"])?;
        let license = license.get("name").text().map(|name| format!("<p>Licence: {}.</p>", escape(name)));
        let mut groups = String::new();
        for tag in self.document.get("tags").list() {
            tag.only("a tag", &["name", "description"])?;
            groups += &self.group(tag)?;
        }
        Ok(format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{hash}'; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title} {version}: reference</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#content\">Skip to the content</a>\n{contents}\n\
             <main id=\"content\" tabindex=\"-1\">\n<header>\n<h1>{title} <small>{version}</small></h1>\n{summary}\n</header>\n\
             {description}\n{servers}\n{keys}\n{groups}\n{schemas}\n\
             <footer><p>Made from <a href=\"/openapi.json\">openapi.json</a>, which says the same to programs.</p>{license}</footer>\n\
             </main>\n</body>\n</html>\n",
            hash = style_hash(),
            contents = self.contents(),
            summary = summary.unwrap_or_default(),
            description = blocks(info.get("description").text().unwrap_or_default()),
            servers = self.servers()?,
            keys = self.keys()?,
            schemas = self.schemas()?,
            license = license.unwrap_or_default(),
        ))
    }

    /// The list at the side: every operation under its tag, then the schemas.
    fn contents(&self) -> String {
        let mut list = String::from("<li><a href=\"#keys\">Keys</a></li>\n");
        for tag in self.document.get("tags").list() {
            let name = tag.get("name").text().unwrap_or_default();
            let own = self.operations.iter().filter(|one| one.tag == name);
            let own: String = own
                .map(|one| {
                    format!(
                        "<li><a href=\"#{}\"><b class=\"method {}\">{}</b> <span>{}</span></a></li>\n",
                        escape(one.id),
                        one.method.to_lowercase(),
                        one.method,
                        inline(one.body.get("summary").text().unwrap_or(one.id)),
                    )
                })
                .collect();
            list += &format!(
                "<li><a href=\"#{}\">{}</a>\n<ul>\n{own}</ul></li>\n",
                anchor("tag", name),
                escape(name)
            );
        }
        list += "<li><a href=\"#schemas\">Schemas</a></li>\n";
        format!("<nav aria-label=\"Contents\">\n<ul>\n{list}</ul>\n</nav>")
    }

    fn servers(&self) -> Result<String> {
        let mut list = String::new();
        for server in self.document.get("servers").list() {
            server.only("a server", &["url", "description"])?;
            let url = server.get("url").text().context("a server has no url")?;
            let says = inline(server.get("description").text().unwrap_or_default());
            list += &format!("<p>Addresses begin at <code>{}</code>: {says}.</p>", escape(url));
        }
        Ok(list)
    }

    /// Which keys there are.
    fn keys(&self) -> Result<String> {
        let mut rows = String::new();
        for (name, scheme) in self.document.at("#/components/securitySchemes").map_or(&[][..], Json::members)
        {
            scheme.only(name, &["type", "scheme", "bearerFormat", "description"])?;
            let bearer =
                scheme.get("type").text() == Some("http") && scheme.get("scheme").text() == Some("bearer");
            ensure!(bearer, "{name} is no bearer key, the only kind that the page can show");
            let looks = scheme
                .get("bearerFormat")
                .text()
                .map(|it| format!("<code class=\"whole\">{}</code>", escape(it)));
            rows += &format!(
                "<tr><th scope=\"row\" id=\"{}\"><code>{}</code></th><td>{}</td><td>{}</td></tr>\n",
                anchor("key", name),
                escape(name),
                looks.unwrap_or_default(),
                inline(scheme.get("description").text().unwrap_or_default()),
            );
        }
        let table = text::table("Keys", &["Key", "Looks like", "What it opens"], &rows);
        Ok(format!(
            "<section>\n<h2 id=\"keys\">Keys</h2>\n<p>A key is sent as <code>Authorization: Bearer KEY</code>. In the examples each stands as a \
             variable of the shell, and <code>HOST</code> is where your collector is reached.</p>\n{table}</section>"
        ))
    }

    /// A tag with its operations.
    fn group(&self, tag: &'a Json) -> Result<String> {
        let name = tag.get("name").text().context("a tag has no name")?;
        let mut shown = String::new();
        for operation in self.operations.iter().filter(|one| one.tag == name) {
            shown += &self.operation(operation).with_context(|| format!("in {}", operation.id))?;
        }
        let says = blocks(tag.get("description").text().unwrap_or_default());
        Ok(format!(
            "<section>\n<h2 id=\"{}\">{}</h2>\n{says}\n{shown}</section>\n",
            anchor("tag", name),
            escape(name)
        ))
    }

    fn schemas(&self) -> Result<String> {
        let mut shown = String::new();
        for (name, schema) in self.document.at("#/components/schemas").map_or(&[][..], Json::members) {
            let body = self.schema(name, schema).with_context(|| format!("in the schema {name}"))?;
            let title = escape(name);
            shown += &format!(
                "<section class=\"schema\">\n<h3 id=\"{}\">{title}</h3>\n{body}</section>\n",
                anchor("schema", name)
            );
        }
        Ok(format!("<section>\n<h2 id=\"schemas\">Schemas</h2>\n{shown}</section>"))
    }
}

/// The style as a Content Security Policy names it.
fn style_hash() -> String {
    format!("sha256-{}", text::base64(&Sha256::digest(STYLE)))
}

#[cfg(test)]
mod tests;
