//! The page of the real description, and what a wrong description is told.

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
fn every_operation_and_schema_has_its_anchor_and_every_link_an_end() {
    let (source, page) = (source(), page(&source()).unwrap());
    let document: Json = serde_json::from_slice(&source).unwrap();
    for operation in &Reference::new(&document).unwrap().operations {
        let id = operation.id;
        assert!(page.contains(&format!("<h3 id=\"{id}\">")), "{id} has no heading");
        assert!(page.contains(&format!("<a href=\"#{id}\">")), "the contents do not lead to {id}");
    }
    for (name, _) in document.at("#/components/schemas").unwrap().members() {
        assert!(page.contains(&format!("<h3 id=\"schema-{name}\">{name}</h3>")), "{name} has no heading");
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let different: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), different.len(), "an id stands twice");
    for to in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(different.contains(to), "#{to} leads nowhere");
    }
}

#[test]
fn the_page_needs_nothing_but_itself() {
    let page = page(&source()).unwrap();
    for forbidden in
        ["<script", "<link", "<img", " src=", " style=", "@import", "url(", "http://", "href=\"https"]
    {
        let outside_code = page.replace("http://localhost:8788", "");
        assert!(!outside_code.contains(forbidden), "{forbidden} is in the page");
    }
    let style = page.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next()).unwrap();
    let hash = format!("style-src 'sha256-{}'", text::base64(&Sha256::digest(style)));
    assert!(page.contains(&hash), "the policy does not allow the style that is there");
}

#[test]
fn everything_that_people_wrote_is_on_the_page() {
    let (source, page) = (source(), page(&source()).unwrap());
    let document: Json = serde_json::from_slice(&source).unwrap();
    // Shared parts that no operation uses have no place.
    let unused = document.at("#/components/responses/MethodNotAllowed").unwrap();
    let allow = document.at("#/components/headers/Allow").unwrap();
    let mut texts = Vec::new();
    walk(&document, &mut |value| {
        if value != unused && value != allow {
            texts.extend(["description", "summary"].iter().filter_map(|word| value.get(word).text()));
        }
    });
    let none = |owner: &Json| [owner.get("description").text().unwrap_or_default().to_owned()];
    let skipped = [none(unused), none(allow)].concat();
    assert!(texts.len() > 200, "{}", texts.len());
    for text in texts.into_iter().filter(|text| !text.contains("PUT of the responses")) {
        let shown = blocks(text);
        let inner = shown.trim().trim_start_matches("<p>").trim_end_matches("</p>").trim_end_matches('.');
        assert!(page.contains(inner) || skipped.contains(&text.to_owned()), "not on the page: {text}");
    }
    // As code, two asterisks are a pattern of paths.
    assert!(!page.replace("<code>**</code>", "").contains("**"), "a mark of bold text is left over");
}

fn walk<'a>(value: &'a Json, with: &mut impl FnMut(&'a Json)) {
    with(value);
    value.list().iter().for_each(|item| walk(item, with));
    value.members().iter().for_each(|(_, member)| walk(member, with));
}

#[test]
fn text_stands_for_itself() {
    let page = with(
        "\"summary\": \"Create a site\"",
        "\"summary\": \"<script>alert('`<b>`')</script> & \\\"more\\\"\"",
    )
    .unwrap();
    assert!(!page.contains("<script"), "markup gets through");
    assert!(page.contains(
        "&lt;script&gt;alert(&#39;<code>&lt;b&gt;</code>&#39;)&lt;/script&gt; &amp; &quot;more&quot;"
    ));
    assert_eq!(inline("a **b** `c<d` ` e"), "a <strong>b</strong> <code>c&lt;d</code> ` e");
    assert_eq!(
        blocks("One:\n- a\n  b\n- c\n\nTwo"),
        "<p>One:</p>\n<ul>\n<li>a b</li>\n<li>c</li>\n</ul>\n<p>Two</p>\n"
    );
}

#[test]
fn what_the_page_cannot_show_stops_the_build() {
    for (from, to, says) in [
        ("\"maxLength\": 5000", "\"maxLenght\": 5000", "does not know the word \"maxLenght\""),
        ("\"maxLength\": 5000", "\"dependentRequired\": {}", "dependentRequired"),
        (
            "\"operationId\": \"getHealth\",",
            "\"operationId\": \"getHealth\", \"callbacks\": {},",
            "callbacks",
        ),
        (
            "\"operationId\": \"getHealth\"",
            "\"operationId\": \"getScore\"",
            "two operations are called getScore",
        ),
        ("#/components/responses/Internal", "#/components/responses/Infernal", "leads nowhere"),
        ("\"tags\": [\"Operation\"]", "\"tags\": [\"Opration\"]", "not among the tags"),
        ("\"503\": {", "\"599\": {", "no name for the status 599"),
    ] {
        let error = with(from, to).expect_err(says);
        assert!(format!("{error:#}").contains(says), "{error:#}");
    }
}

#[test]
fn a_schema_is_told_in_words() {
    let told = |schema: &str| {
        let document: Json = serde_json::from_str(&format!(
            r##"{{"components": {{"schemas": {{"Day": {{"type": "string"}}, "It": {schema}}}}}}}"##
        ))
        .unwrap();
        let reference = Reference { document: &document, operations: Vec::new() };
        let phrase = reference.phrase(document.at("#/components/schemas/It").unwrap()).unwrap();
        phrase
            .replace("<code>", "`")
            .replace("</code>", "`")
            .replace("<span class=\"case\">", "[")
            .replace("</span>", "]")
    };
    let day = "<a href=\"#schema-Day\">Day</a>";
    for (schema, words) in [
        (r#"{"type": ["integer", "null"], "minimum": 0, "maximum": 10}"#, "integer or null, 0 to 10"),
        (
            r#"{"type": "string", "maxLength": 5, "default": "x"}"#,
            "string, at most 5 characters, by default `x`",
        ),
        (
            r#"{"type": "array", "minItems": 11, "maxItems": 11, "items": {"type": "number", "minimum": 0}}"#,
            "array of (number, at least 0), 11 items",
        ),
        (r#"{"type": "object", "additionalProperties": {"type": "string"}}"#, "object, every member: string"),
        (
            r##"{"oneOf": [{"$ref": "#/components/schemas/Day"}, {"type": "null"}]}"##,
            &format!("{day} or null"),
        ),
        (r#"{"enum": ["a", "b", null]}"#, "one of `a`, `b` or `null`"),
        (r#"{"type": "string", "not": {"const": "x"}}"#, "string, not `x`"),
        (
            r#"{"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"], "properties": {"b": {"const": true}}}]}"#,
            "object, at least one of these holds: [`a` is given] [or `b` is given: always `true`]",
        ),
    ] {
        assert_eq!(told(schema), words);
    }
}

#[test]
fn examples_are_laid_out_for_people() {
    let short: Json = serde_json::from_str(r#"{"b":1,"a":[true,null,"x"]}"#).unwrap();
    assert_eq!(short.pretty(), r#"{ "b": 1, "a": [true, null, "x"] }"#);
    let long: Json = serde_json::from_str(&format!(r#"{{"text":"{}","list":[1]}}"#, "x".repeat(80))).unwrap();
    assert_eq!(long.pretty(), format!("{{\n  \"text\": \"{}\",\n  \"list\": [1]\n}}", "x".repeat(80)));
}

#[test]
fn base64_is_as_in_rfc_4648() {
    for (plain, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
    {
        assert_eq!(text::base64(plain.as_bytes()), encoded);
    }
}
