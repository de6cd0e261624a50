//! The question as a row of links for an email.

use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, Site};

use crate::hosted::{page_url, unescaped};
use crate::loader_and_cors::get;

async fn row(site: &Site, query: &str) -> Value {
    site.get(&format!("email{query}"), &site.read).await.ok()
}

/// The addresses in HTML, as an email program opens them.
fn links(html: &str) -> Vec<String> {
    html.split(" href=\"").skip(1).map(|rest| unescaped(rest.split('"').next().unwrap())).collect()
}

#[tokio::test]
async fn the_email_row_is_localized_and_links_to_the_hosted_page() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea <b>&</b> \"more\" {{low}}" })).await;
    for (query, lang, dir, part) in [
        ("", "en", "ltr", "recommend Tea <b>&</b> \"more\" {{low}} to"),
        ("?lang=de", "de", "ltr", "dass Sie Tea <b>&</b> \"more\" {{low}} Freunden"),
        ("?lang=ar", "ar", "rtl", "«Tea <b>&</b> \"more\" {{low}}»"),
    ] {
        let row = row(&site, query).await;
        let (html, text) = (row["html"].as_str().unwrap(), row["text"].as_str().unwrap());
        let start = format!("<table role=\"presentation\" lang=\"{lang}\" dir=\"{dir}\"");
        assert!(html.starts_with(&start) && html.ends_with("</table>"), "{html}");
        assert!(!html.contains("<b>") && !html.contains('\n') && !html.contains("{{page"), "{html}");
        let question = row["subject"].as_str().unwrap();
        assert!(question.contains(part), "{question}");
        assert!(unescaped(html).contains(question) && text.starts_with(&format!("{question}\n\n")), "{text}");

        let links = links(html);
        let expected: Vec<String> = (0..=10)
            .map(|score| page_url(&collector, &site, &format!("?score={score}&c=email&lang={lang}")))
            .collect();
        assert_eq!(links, expected);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(lines.len(), 11, "{text}");
        for (line, link) in lines.iter().zip(&expected) {
            assert!(line.ends_with(&format!(": {link}")), "{line}");
        }

        // Both ends have their meaning beside the row and in the accessible name.
        let texts = crate::email_row::texts(&collector, lang);
        for (score, name) in [("0", "low"), ("10", "high")] {
            let meaning = texts[name].as_str().unwrap();
            assert!(html.contains(&format!(">{score} = {meaning}</td>")), "{html}");
            assert!(html.contains(&format!(" aria-label=\"{score}, {meaning}\"")), "{html}");
            assert!(text.contains(&format!("\n{score} ({meaning}): ")), "{text}");
        }
        // All numbers stand in one row. Zero is the first cell of the table's direction, where
        // reading begins, and each end has its meaning on its side.
        let (start, end) = if dir == "rtl" { ("right", "left") } else { ("left", "right") };
        let rows: Vec<&str> = html.split("<tr>").skip(1).collect();
        let [question, numbers, ends] = rows.as_slice() else { panic!("not three rows: {html}") };
        assert!(question.starts_with("<td colspan=\"11\""), "{question}");
        assert_eq!((numbers.matches("<td ").count(), numbers.matches("<a ").count()), (11, 11), "{numbers}");
        let sides: Vec<usize> =
            [start, end].iter().map(|side| ends.find(&format!("text-align:{side}")).unwrap()).collect();
        assert!(sides[0] < sides[1] && ends.matches("colspan=\"5\"").count() == 2, "{ends}");
        assert_eq!(html.matches("height:44px").count(), 22, "the height, and that of the line: {html}");
        assert_eq!(html.matches("<table").count(), html.matches("</table>").count());
        for link in links {
            assert_eq!(get(&collector, &link, &[]).await.status, 200, "{link}");
        }
    }
}

#[tokio::test]
async fn the_email_row_has_the_accent_and_the_owners_words() {
    let collector = Collector::shared();
    let accents = [
        (json!({}), "#5b3cc4", "#ffffff", "#5b3cc4"),
        (json!({ "accent": "#FFDD00" }), "#ffdd00", "#000000", ""),
    ];
    let style = include_str!("../../widget/src/styles/card.css");
    assert!(style.contains("--fill: #5b3cc4 "), "the accent of a survey without one is the widget's");
    for (theme, fill, on_fill, rim) in accents {
        let texts = json!({ "de": { "low": "Nie & nimmer" } });
        let survey = json!({ "theme": theme, "texts": texts });
        let site = collector.create_site(json!({ "name": "Tea", "survey": survey })).await;
        let row = row(&site, "?lang=de").await;
        let html = row["html"].as_str().unwrap();
        for (part, count) in [
            (format!(" bgcolor=\"{fill}\""), 11),
            (format!("background:{fill}"), 11),
            (format!(";color:{on_fill};"), 11),
            (format!("border:1px solid {rim}"), 11),
            (">0 = Nie &amp; nimmer</td>".into(), 1),
            (
                format!(">10 = {}</td>", crate::email_row::texts(&collector, "de")["high"].as_str().unwrap()),
                1,
            ),
        ] {
            assert_eq!(html.matches(&part).count(), count, "{part}: {html}");
        }
        assert!(row["text"].as_str().unwrap().contains("\n0 (Nie & nimmer): "), "{row}");
        // A border of a bright accent is darker than the accent.
        assert_eq!(html.contains(&format!("solid {fill}")), !rim.is_empty(), "{html}");
    }
}

/// The texts of a language as they were built.
fn texts(collector: &Collector, lang: &str) -> Value {
    let file = std::fs::read(collector.dist().join("assets/email.json")).unwrap();
    serde_json::from_slice::<Value>(&file).unwrap()["languages"][lang].take()
}

#[tokio::test]
async fn a_custom_question_is_used_verbatim() {
    let collector = Collector::shared();
    let survey = json!({
        "variant": "stay", "question": "Will you stay with {name} & us?", "texts": { "de": { "question": "Bleiben Sie?" } },
    });
    let site = collector.create_site(json!({ "name": "Tea shop", "survey": survey })).await;
    for (query, question) in [
        ("?lang=de", "Bleiben Sie?"),
        ("?lang=en", "Will you stay with {name} & us?"),
        ("?lang=ar", "Will you stay with {name} & us?"),
    ] {
        assert_eq!(row(&site, query).await["subject"], question, "{query}");
    }
    assert!(row(&site, "").await["html"].as_str().unwrap().contains("{name} &amp; us?</td>"));
}

#[tokio::test]
async fn a_token_or_merge_tag_is_in_each_link() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let made = site.owner_post("links", &json!({ "links": [{ "user": "ann" }] })).await.json();
    let token = made["links"][0]["token"].as_str().unwrap();
    let merges = ["{{token}}", "*|TOKEN|*", "<%= token & 'x' %>", "%%token%%", "[t]", "é", &"x".repeat(200)];
    let encoded = merges.map(|merge| form(&[("merge", merge)]));
    let cases = merges.into_iter().zip(encoded).chain([(token, format!("?t={token}"))]);
    for (expected, query) in cases {
        let row = row(&site, &query).await;
        let html = row["html"].as_str().unwrap();
        let raw: Vec<&str> =
            html.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(raw.len(), 11);
        for link in raw {
            assert!(link.ends_with(&format!("&amp;c=email&amp;lang=en&amp;t={expected}")), "{link}");
        }
        let lines = row["text"].as_str().unwrap().lines().skip(2);
        assert_eq!(lines.filter(|line| line.ends_with(&format!("&lang=en&t={expected}"))).count(), 11);
    }
    for (query, pointer) in [
        (form(&[("merge", "\"><script>")]), "merge"),
        (form(&[("merge", "a\nb")]), "merge"),
        (form(&[("merge", "")]), "merge"),
        (form(&[("merge", &"x".repeat(201))]), "merge"),
        (form(&[("merge", "x"), ("t", token)]), "merge"),
        (form(&[("t", &format!("{token}A"))]), "t"),
        (form(&[("t", "x")]), "t"),
        (form(&[("lang", "xx")]), "lang"),
        (form(&[("lang", "")]), "lang"),
        (form(&[("lang", "de"), ("lang", "en")]), "lang"),
        (form(&[("token", "x")]), "token"),
    ] {
        site.get(&format!("email{query}"), &site.owner).await.invalid_at(pointer);
    }
}

/// A query of these parameters.
fn form(pairs: &[(&str, &str)]) -> String {
    let mut url = reqwest::Url::parse("http://x/").unwrap();
    url.query_pairs_mut().extend_pairs(pairs);
    format!("?{}", url.query().unwrap())
}

#[tokio::test]
async fn a_read_key_gets_the_email_row() {
    let collector = Collector::shared();
    let (site, other) = (collector.site().await, collector.site().await);
    assert_eq!(site.get("email", &site.read).await.ok(), site.get("email", &site.owner).await.ok());
    let share = site.owner_post("keys", &json!({ "role": "share" })).await.json();
    site.get("email", share["key"].as_str().unwrap()).await.problem(403);
    site.get("email", &other.owner).await.problem(401);
    send(site.asking("GET", "email", "")).await.problem(401);
    site.owner_request("POST", "email", Value::Null).await.problem(405);
    // Behind a proxy the links have the public host.
    let request = site.asking("GET", "email", &site.read).header("host", "nps.tea.example");
    let row = send(request.header("x-forwarded-proto", "https")).await.ok();
    let page = format!("https://nps.tea.example/s/{}?score=0&", site.id);
    assert!(row["text"].as_str().unwrap().contains(&page), "{row}");
}
