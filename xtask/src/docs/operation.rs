//! One operation: how it is called, what it takes, and every answer.

use anyhow::{Context, Result, bail};

use super::json::Json;
use super::text::{anchor, any_of, blocks, escape, inline, table};
use super::{Operation, Reference};

const WORDS: [&str; 9] = [
    "operationId",
    "tags",
    "summary",
    "description",
    "security",
    "parameters",
    "requestBody",
    "responses",
    "deprecated",
];

impl<'a> Reference<'a> {
    /// The section of an operation.
    pub fn operation(&self, operation: &Operation<'a>) -> Result<String> {
        let body = operation.body;
        body.only("it", &WORDS)?;
        let id = escape(operation.id);
        let summary = inline(body.get("summary").text().context("it has no summary")?);
        let old =
            if *body.get("deprecated") == Json::Bool(true) { " <strong>Deprecated.</strong>" } else { "" };
        let parameters = self.parameters(operation)?;
        Ok(format!(
            "<section class=\"operation\">\n<h3 id=\"{id}\">{summary}</h3>\n\
             <p class=\"call\"><b class=\"method {class}\">{method}</b> <code>{path}</code>{old}</p>\n\
             {says}\n<p class=\"needs\">{key}</p>\n{curl}{parameters}{body}{answers}</section>\n",
            class = operation.method.to_lowercase(),
            method = operation.method,
            path = escape(operation.path).replace('/', "/<wbr>"),
            says = blocks(body.get("description").text().unwrap_or_default()),
            key = self.key(operation),
            curl = self.curl(operation)?,
            parameters = self.parameter_table(operation, &parameters)?,
            body = self.body(operation)?,
            answers = self.answers(operation)?,
        ))
    }

    /// The keys that open an operation, as the description names them: one of several alternatives.
    pub fn security(&self, operation: &Operation<'a>) -> Vec<Vec<&'a str>> {
        let own = operation.body.get("security");
        let given = if *own == Json::Null { self.document.get("security") } else { own };
        let names = |one: &'a Json| one.members().iter().map(|(name, _)| name.as_str()).collect();
        given.list().iter().map(names).collect()
    }

    fn key(&self, operation: &Operation<'a>) -> String {
        let link =
            |name: &&str| format!("<a href=\"#{}\"><code>{}</code></a>", anchor("key", name), escape(name));
        let alternatives: Vec<String> = self
            .security(operation)
            .iter()
            .map(|all| all.iter().map(link).collect::<Vec<_>>().join(" and "))
            .collect();
        match alternatives.as_slice() {
            [] => "No key is needed.".to_owned(),
            [one] if one.is_empty() => "No key is needed.".to_owned(),
            all if all.iter().any(String::is_empty) => {
                format!("A key is not needed but may be sent: {}.", any_of(all))
            }
            all => format!("Key: {}.", any_of(all)),
        }
    }

    /// The parameters of a path, then those of the operation.
    pub fn parameters(&self, operation: &Operation<'a>) -> Result<Vec<&'a Json>> {
        let given = operation.shared.iter().chain(operation.body.get("parameters").list());
        given
            .map(|one| {
                let one = self.resolved(one)?;
                let name = one.get("name").text().context("a parameter has no name")?;
                one.only(
                    name,
                    &["name", "in", "required", "description", "schema", "example", "deprecated"],
                )?;
                Ok(one)
            })
            .collect()
    }

    fn parameter_table(&self, operation: &Operation<'a>, parameters: &[&'a Json]) -> Result<String> {
        let mut rows = String::new();
        for one in parameters {
            let text = |word: &str| one.get(word).text().unwrap_or_default();
            let old =
                if *one.get("deprecated") == Json::Bool(true) { "<strong>Deprecated.</strong> " } else { "" };
            let example = match one.get("example") {
                Json::Null => String::new(),
                Json::Text(text) => format!("<code>{}</code>", escape(text)),
                other => format!("<code>{}</code>", escape(&other.to_string())),
            };
            rows += &format!(
                "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td><td>{old}{}</td><td>{example}</td></tr>\n",
                escape(text("name")),
                escape(text("in")),
                self.phrase(one.get("schema")).with_context(|| format!("in {}", text("name")))?,
                if *one.get("required") == Json::Bool(true) { "yes" } else { "no" },
                inline(text("description")),
            );
        }
        if rows.is_empty() {
            return Ok(rows);
        }
        let columns = ["Name", "In", "Type", "Required", "Description", "Example"];
        Ok(format!(
            "<h4>Parameters</h4>\n{}",
            table(&format!("Parameters of {}", operation.id), &columns, &rows)
        ))
    }

    fn body(&self, operation: &Operation<'a>) -> Result<String> {
        let body = self.resolved(operation.body.get("requestBody"))?;
        if *body == Json::Null {
            return Ok(String::new());
        }
        body.only("its body", &["required", "description", "content"])?;
        let optional =
            if *body.get("required") == Json::Bool(true) { "" } else { "<p>It may be left out.</p>\n" };
        let mut out = format!(
            "<h4>Body</h4>\n{optional}{}",
            blocks(body.get("description").text().unwrap_or_default())
        );
        // Kinds with one schema are shown together.
        let content = body.get("content").members();
        let mut shown: Vec<&Json> = Vec::new();
        for (_, media) in content {
            let schema = media.get("schema");
            if shown.contains(&schema) {
                continue;
            }
            shown.push(schema);
            let same = content.iter().filter(|(_, other)| other.get("schema") == schema);
            let kinds: Vec<String> = same.map(|(kind, _)| format!("<code>{}</code>", escape(kind))).collect();
            out += &format!("<p class=\"kind\">{}</p>\n", any_of(&kinds));
            out += &self.shape(&format!("the body of {}", operation.id), schema)?;
        }
        for (kind, media) in content {
            out += &self.examples(kind, media, true)?;
        }
        Ok(out)
    }

    fn answers(&self, operation: &Operation<'a>) -> Result<String> {
        let mut out = String::new();
        for (status, response) in operation.body.get("responses").members() {
            let shown = self.response(self.resolved(response)?, status.starts_with('2'));
            let shown = shown.with_context(|| format!("in the answer {status}"))?;
            out += &format!(
                "<dt><b class=\"status s{}\">{}</b> {}</dt>\n<dd>{shown}</dd>\n",
                escape(&status[..1]),
                escape(status),
                reason(status)?,
            );
        }
        Ok(format!("<h4>Answers</h4>\n<dl>\n{out}</dl>\n"))
    }

    fn response(&self, response: &'a Json, good: bool) -> Result<String> {
        response.only("it", &["description", "headers", "content"])?;
        let mut out = blocks(response.get("description").text().context("it has no description")?);
        for (kind, media) in response.get("content").members() {
            let says = media.get("schema").get("description").text().map(|says| format!(" {}", inline(says)));
            out += &format!(
                "<p class=\"kind\"><code>{}</code>: {}.{}</p>\n",
                escape(kind),
                self.phrase(media.get("schema"))?,
                says.unwrap_or_default()
            );
        }
        let mut headers = String::new();
        for (name, header) in response.get("headers").members() {
            let header = self.resolved(header)?;
            header.only(name, &["description", "required", "schema"])?;
            let may = if *header.get("required") == Json::Bool(true) { "" } else { " (not always)" };
            headers += &format!(
                "<li><code>{}</code>{may}: {}. {}</li>\n",
                escape(name),
                self.phrase(header.get("schema"))?,
                inline(header.get("description").text().unwrap_or_default())
            );
        }
        if !headers.is_empty() {
            out += &format!("<p>Headers:</p>\n<ul>\n{headers}</ul>\n");
        }
        for (kind, media) in response.get("content").members() {
            out += &self.examples(kind, media, good)?;
        }
        Ok(out)
    }

    /// The examples of a body, open or to be opened.
    fn examples(&self, kind: &str, media: &'a Json, open: bool) -> Result<String> {
        media.only(kind, &["schema", "examples"])?;
        let mut out = String::new();
        for (name, example) in media.get("examples").members() {
            let example = self.resolved(example)?;
            example.only(name, &["summary", "description", "value"])?;
            let summary = inline(example.get("summary").text().unwrap_or(name));
            let says = blocks(example.get("description").text().unwrap_or_default());
            let value = example.get("value");
            let shown = value.text().filter(|_| !kind.contains("json") || kind.contains("ndjson"));
            let shown = shown.map_or_else(|| value.pretty(), str::to_owned);
            out += &format!(
                "<details{}>\n<summary>Example: {summary} <span class=\"soft\">({})</span></summary>\n{says}<pre><code>{}</code></pre>\n</details>\n",
                if open { " open" } else { "" },
                escape(kind),
                escape(shown.trim_end()),
            );
        }
        Ok(out)
    }
}

/// What a status is called.
fn reason(status: &str) -> Result<&'static str> {
    Ok(match status {
        "200" => "OK",
        "201" => "Created",
        "202" => "Accepted",
        "204" => "No content",
        "206" => "Partial content",
        "301" => "Moved permanently",
        "302" => "Found",
        "303" => "See other",
        "304" => "Not modified",
        "307" => "Temporary redirect",
        "308" => "Permanent redirect",
        "400" => "Bad request",
        "401" => "Unauthorized",
        "403" => "Forbidden",
        "404" => "Not found",
        "405" => "Method not allowed",
        "406" => "Not acceptable",
        "409" => "Conflict",
        "410" => "Gone",
        "412" => "Precondition failed",
        "413" => "Content too large",
        "415" => "Unsupported media type",
        "422" => "Unprocessable content",
        "428" => "Precondition required",
        "429" => "Too many requests",
        "500" => "Internal server error",
        "502" => "Bad gateway",
        "503" => "Service unavailable",
        "504" => "Gateway timeout",
        "default" => "Any other",
        other => bail!("this page has no name for the status {other}; add it to xtask/src/docs/operation.rs"),
    })
}
