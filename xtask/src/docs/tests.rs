//! The page of the real description, and the errors of descriptions that it cannot show.

use std::collections::BTreeSet;

use super::html::{blocks, inline};
use super::openapi::Schema;
use super::ordered_json::Json;
use super::*;

fn source() -> Vec<u8> {
    fs::read(crate::root().join("collector/openapi.json")).unwrap()
}

/// The description with one text of it replaced, as a page.
fn with(from: &str, to: &str) -> Result<String> {
    let text = String::from_utf8(source()).unwrap();
    assert!(text.contains(from), "{from} is in the description");
    page(text.replacen(from, to, 1).as_bytes())
}

#[test]
fn every_operation_and_schema_has_an_anchor_and_every_link_resolves() {
    let (source, page) = (source(), page(&source()).unwrap());
    let document = Document::parse(&source).unwrap();
    for endpoint in document.endpoints() {
        let id = &endpoint.operation.id;
        assert!(page.contains(&format!("<h3 id=\"{id}\">")), "{id} has no heading");
        assert!(page.contains(&format!("<a href=\"#{id}\">")), "the contents do not lead to {id}");
    }
    for (name, _) in document.components.schemas.iter() {
        let heading = format!("<h3>{name}</h3></summary>\n<div id=\"schema-{name}\">");
        assert!(page.contains(&heading), "{name} has no heading");
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let different: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), different.len(), "an id stands twice");
    for to in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(different.contains(to), "#{to} leads nowhere");
    }
}

#[test]
fn the_page_is_self_contained() {
    let page = page(&source()).unwrap();
    for forbidden in
        ["<script", "<link", "<img", " src=", " style=", "@import", "url(", "http://", "href=\"https"]
    {
        let outside_code = page
            .replace("http://localhost:8788", "")
            .replace("&lt;script async src=\"HOST/e/SITE.js\"&gt;", "");
        assert!(!outside_code.contains(forbidden), "{forbidden} is in the page");
    }
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap();
    let hash = format!("style-src 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(style)));
    assert!(page.contains(&hash), "the policy does not allow the style that is there");
}

#[test]
fn every_description_and_summary_is_on_the_page() {
    let (source, page) = (source(), page(&source()).unwrap());
    let document: Json = serde_json::from_slice(&source).unwrap();
    // Shared parts that no operation uses are not on the page.
    let unused = ["#/components/responses/MethodNotAllowed", "#/components/headers/Allow"];
    let unused = unused.map(|part| document.pointer(part).unwrap());
    let mut texts = Vec::new();
    walk(&document, &mut |value| {
        if let Json::Object(members) = value
            && !unused.contains(&value)
        {
            texts.extend(["description", "summary"].iter().filter_map(|name| members.get(name)));
        }
    });
    let texts: Vec<&str> = texts
        .into_iter()
        .filter_map(|it| if let Json::Text(text) = it { Some(&**text) } else { None })
        .collect();
    assert!(texts.len() > 200, "{}", texts.len());
    for text in texts.into_iter().filter(|text| !text.contains("PUT of the responses")) {
        let shown = blocks(text).0;
        let inner = shown.trim().trim_start_matches("<p>").trim_end_matches("</p>").trim_end_matches('.');
        assert!(page.contains(inner), "not on the page: {text}");
    }
    // As code, two asterisks are a pattern of paths.
    assert!(!page.replace("<code>**</code>", "").contains("**"), "a mark of bold text is left over");
}

fn walk<'a>(value: &'a Json, visit: &mut impl FnMut(&'a Json)) {
    visit(value);
    match value {
        Json::List(items) => items.iter().for_each(|item| walk(item, visit)),
        Json::Object(members) => members.iter().for_each(|(_, member)| walk(member, visit)),
        _ => {}
    }
}

#[test]
fn the_quick_start_has_three_calls() {
    let page = page(&source()).unwrap();
    let start = page.find("id=\"quick-start\"").unwrap();
    let end = start + page[start..].find("</section>").unwrap();
    let calls: Vec<&str> = page[start..end].split("<code>curl ").skip(1).collect();
    assert_eq!(calls.len(), 3, "{calls:?}");
    for (call, path) in calls.iter().zip(["", "/$SITE/responses", "/$SITE/score?range=30d"]) {
        assert!(call.starts_with(&format!("&#34;$HOST/v1/sites{path}")), "{call}");
    }
}

#[test]
fn markup_in_text_is_escaped() {
    let page = with(
        "\"summary\": \"Create a site\"",
        "\"summary\": \"<script>alert('`<b>`')</script> & \\\"more\\\"\"",
    )
    .unwrap();
    assert!(!page.contains("<script"), "markup gets through");
    assert!(page.contains("&lt;script&gt;alert('`&lt;b&gt;`')&lt;/script&gt; &amp; \"more\""));
    assert_eq!(inline("a <i>b</i> `<c>`").0, "a &lt;i&gt;b&lt;/i&gt; <code>&lt;c&gt;</code>");
    assert_eq!(inline("a **b** `c<d` ` e").0, "a <strong>b</strong> <code>c&lt;d</code> ` e");
    assert_eq!(
        blocks("One:\n- a\n  b\n- c\n\nTwo").0,
        "<p>One:</p>\n<ul>\n<li>a\nb</li>\n<li>c</li>\n</ul>\n<p>Two</p>\n"
    );
}

#[test]
fn unknown_keywords_and_broken_references_are_errors() {
    for (from, to, says) in [
        ("\"maxLength\": 5000", "\"maxLenght\": 5000", "unknown field `maxLenght`"),
        ("\"maxLength\": 5000", "\"dependentRequired\": {}", "dependentRequired"),
        (
            "\"operationId\": \"getHealth\",",
            "\"operationId\": \"getHealth\", \"callbacks\": {},",
            "callbacks",
        ),
        (
            "\"operationId\": \"getHealth\"",
            "\"operationId\": \"getScore\"",
            "duplicate operationId `getScore`",
        ),
        ("#/components/responses/Internal", "#/components/responses/Infernal", "leads nowhere"),
        ("\"tags\": [\"Operation\"]", "\"tags\": [\"Opration\"]", "unknown tag `Opration`"),
        ("\"503\": {", "\"599\": {", "unknown status `599`"),
    ] {
        let error = with(from, to).expect_err(says);
        assert!(format!("{error:#}").contains(says), "{error:#}");
    }
}

#[test]
fn a_schema_is_rendered_as_text() {
    let rendered = |schema: &str| {
        let schema: Schema = serde_json::from_str(schema).unwrap();
        let phrase = schema.phrase();
        let [code, case] = [("<code>", "</code>"), ("<span class=\"case\">", "</span>")];
        phrase.replace(code.0, "`").replace(code.1, "`").replace(case.0, "[").replace(case.1, "]")
    };
    let day = "<a href=\"#schema-Day\">Day</a>";
    for (schema, words) in [
        (r#"{"type": ["integer", "null"], "minimum": 0, "maximum": 10}"#, "integer or null, 0 to 10"),
        (
            r#"{"type": "string", "maxLength": 5, "default": "x"}"#,
            "string, at most 5 characters, default `x`",
        ),
        (
            r#"{"type": "array", "minItems": 11, "maxItems": 11, "items": {"type": "number", "minimum": 0}}"#,
            "array of (number, at least 0), 11 items",
        ),
        (r#"{"type": "object", "additionalProperties": {"type": "string"}}"#, "object, each member: string"),
        (
            r##"{"oneOf": [{"$ref": "#/components/schemas/Day"}, {"type": "null"}]}"##,
            &format!("{day} or null"),
        ),
        (r#"{"enum": ["a", "b", null]}"#, "one of `a`, `b` or `null`"),
        (r#"{"type": "string", "not": {"const": "x"}}"#, "string, not `x`"),
        (
            r#"{"type": "object", "anyOf": [{"required": ["a"]},
                {"required": ["b"], "properties": {"b": {"const": true}}}]}"#,
            "object, at least one of these holds: [`a` is present] [or `b` is present: always `true`]",
        ),
    ] {
        assert_eq!(rendered(schema), words);
    }
}

#[test]
fn examples_wrap_long_lines() {
    let short: Json = serde_json::from_str(r#"{"b":1,"a":[true,null,"x"]}"#).unwrap();
    assert_eq!(short.pretty(), r#"{ "b": 1, "a": [true, null, "x"] }"#);
    let long: Json = serde_json::from_str(&format!(r#"{{"text":"{}","list":[1]}}"#, "x".repeat(80))).unwrap();
    assert_eq!(long.pretty(), format!("{{\n  \"text\": \"{}\",\n  \"list\": [1]\n}}", "x".repeat(80)));
}

#[test]
fn json_members_keep_their_order_and_duplicates_are_errors() {
    let json: Json = serde_json::from_str(r#"{"b":0.70,"a":{"d":-1,"c":""}}"#).unwrap();
    assert_eq!(serde_json::to_string(&json).unwrap(), r#"{"b":0.7,"a":{"d":-1,"c":""}}"#);
    let error = with("\"summary\": \"Create a site\"", "\"summary\": \"a\", \"summary\": \"b\"");
    assert!(error.is_err(), "a repeated name is lost");
}
