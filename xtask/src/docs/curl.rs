//! Example calls for a shell.

use super::openapi::{Endpoint, Parameter};

/// Example call: required parameters, the first key and the first example of the body.
pub fn command(endpoint: &Endpoint) -> String {
    let body = endpoint.operation.request_body.as_ref().and_then(|body| body.content.first());
    let method = match (endpoint.method, body) {
        ("GET", None) | ("POST", Some(_)) => String::new(),
        (method, _) => format!(" -X {method}"),
    };
    let mut lines = vec![format!("curl{method} \"$HOST{}\"", path_and_query(endpoint))];
    for (key, _) in endpoint.operation.security.first().into_iter().flat_map(|keys| keys.iter()) {
        lines.push(format!("-H \"Authorization: Bearer ${}\"", shell_variable(key)));
    }
    for parameter in endpoint.parameters.iter().filter(|it| it.place == "header" && it.required) {
        lines.push(format!("-H {}", quoted(&format!("{}: {}", parameter.name, parameter.example.to_text()))));
    }
    if let Some((kind, media)) = body {
        lines.push(format!("-H \"Content-Type: {kind}\""));
        if let Some((_, example)) = media.examples.first() {
            let body = example.body(kind);
            lines.push(match kind.ends_with("/json") {
                true => format!("-d {}", quoted(&body)),
                false => format!("--data-binary @- <<'END'\n{body}\nEND"),
            });
        }
    }
    lines.join(" \\\n  ")
}

/// Path with example values. A GET without required query parameters shows its first optional one.
fn path_and_query(endpoint: &Endpoint) -> String {
    let mut path = endpoint.path.to_owned();
    for parameter in endpoint.parameters.iter().filter(|it| it.place == "path") {
        let is_site = parameter.name == "site";
        let value = if is_site { "$SITE".to_owned() } else { parameter.example.to_text() };
        path = path.replace(&format!("{{{}}}", parameter.name), &value);
    }
    let query = || endpoint.parameters.iter().filter(|it| it.place == "query");
    let mut shown: Vec<&&Parameter> = query().filter(|it| it.required).collect();
    if shown.is_empty() && endpoint.method == "GET" {
        shown.extend(query().next());
    }
    for (index, parameter) in shown.iter().enumerate() {
        path.push(if index == 0 { '?' } else { '&' });
        path += &format!("{}={}", parameter.name, percent_encoded(&parameter.example.to_text()));
    }
    path
}

/// Name of a key as a shell variable, as `cargo run` prints it: `ownerKey` is `OWNER_KEY`.
fn shell_variable(name: &str) -> String {
    let separator = |c: char| if c.is_ascii_uppercase() { "_" } else { "" };
    let name: String = name.chars().map(|c| format!("{}{}", separator(c), c.to_ascii_uppercase())).collect();
    if name == "ADMIN_TOKEN" { format!("GRAPEVINE_{name}") } else { name }
}

/// Text in single quotes for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn percent_encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:,/".contains(&byte);
    let encode = |byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_quotes_and_queries_survive_the_shell() {
        assert_eq!(shell_variable("ownerKey"), "OWNER_KEY");
        assert_eq!(shell_variable("adminToken"), "GRAPEVINE_ADMIN_TOKEN");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(percent_encoded("%m/%d %H:%M"), "%25m/%25d%20%25H:%25M");
    }
}
