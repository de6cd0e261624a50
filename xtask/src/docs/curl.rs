//! A call of an operation as one types it into a shell.

use anyhow::Result;

use super::json::Json;
use super::text::escape;
use super::{Operation, Reference};

impl<'a> Reference<'a> {
    /// The example: what is required, the first key, and the first example of the body.
    pub fn curl(&self, operation: &Operation<'a>) -> Result<String> {
        let lines = self.command(operation)?.join(" \\\n  ");
        Ok(format!("<pre class=\"curl\"><code>{}</code></pre>\n", escape(&lines)))
    }

    /// The command, a part of it a line.
    fn command(&self, operation: &Operation<'a>) -> Result<Vec<String>> {
        let body = self.resolved(operation.body.get("requestBody"))?;
        let media = body.get("content").members().first();
        let method = match (operation.method.as_str(), media) {
            ("GET", None) | ("POST", Some(_)) => String::new(),
            ("HEAD", _) => " --head".to_owned(),
            (method, _) => format!(" -X {method}"),
        };
        let mut lines = vec![format!("curl{method} \"https://HOST{}\"", self.address(operation)?)];
        if let Some(keys) = self.security(operation).first() {
            lines.extend(keys.iter().map(|key| format!("-H \"Authorization: Bearer ${}\"", variable(key))));
        }
        for one in self.parameters(operation)? {
            if one.get("in").text() == Some("header") && *one.get("required") == Json::Bool(true) {
                let text = format!("{}: {}", one.get("name").text().unwrap_or_default(), example(one));
                lines.push(format!("-H {}", quoted(&text)));
            }
        }
        if let Some((kind, media)) = media {
            lines.push(format!("-H \"Content-Type: {kind}\""));
            if let Some((_, first)) = media.get("examples").members().first() {
                let value = self.resolved(first)?.get("value");
                lines.push(match value.text() {
                    Some(text) if !kind.ends_with("/json") => {
                        format!("--data-binary @- <<'END'\n{}\nEND", text.trim_end())
                    }
                    _ => format!("-d {}", quoted(&value.pretty())),
                });
            }
        }
        Ok(lines)
    }

    /// The path and query. A GET also shows the first parameter that it may have, if none is required.
    fn address(&self, operation: &Operation<'a>) -> Result<String> {
        let parameters = self.parameters(operation)?;
        let mut path = operation.path.to_owned();
        for one in parameters.iter().filter(|one| one.get("in").text() == Some("path")) {
            let name = one.get("name").text().unwrap_or_default();
            // The site is the reader's own, as the keys are; what else there is stands as an example.
            let value = if name == "site" { "$SITE".to_owned() } else { example(one) };
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        let query: Vec<&&Json> =
            parameters.iter().filter(|one| one.get("in").text() == Some("query")).collect();
        let mut shown: Vec<&&Json> =
            query.iter().filter(|one| *one.get("required") == Json::Bool(true)).copied().collect();
        if shown.is_empty() && operation.method == "GET" {
            shown.extend(query.first());
        }
        for (at, one) in shown.iter().enumerate() {
            path.push(if at == 0 { '?' } else { '&' });
            path += &format!("{}={}", one.get("name").text().unwrap_or_default(), encoded(&example(one)));
        }
        Ok(path)
    }
}

/// The example of a parameter as text.
fn example(parameter: &Json) -> String {
    let example = parameter.get("example");
    example.text().map_or_else(|| example.to_string(), str::to_owned)
}

/// A name as the shell's variables are written: `ownerKey` is `OWNER_KEY`.
fn variable(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    out
}

/// Text that the shell leaves as it is.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Text as it stands in a query.
fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:,/".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_the_parts_as_they_are_meant() {
        assert_eq!(variable("ownerKey"), "OWNER_KEY");
        assert_eq!(variable("site"), "SITE");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(encoded("%m/%d %H:%M"), "%25m/%25d%20%25H:%25M");
    }
}
