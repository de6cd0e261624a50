//! Pages of the collector: hosted and framed survey, and the QR code of the hosted page.

use reqwest::Method;
use serde_json::{Value, json};
use tests::client::send;
use tests::{Collector, HttpResponse, Site, new_id};

use crate::loader_and_cors::{fetch, get};

/// The page of a site, with a query or without.
pub fn page_url(collector: &Collector, site: &Site, query: &str) -> String {
    format!("{}/s/{}{query}", collector.url(), site.id)
}

/// Asserts that it is a page, and returns its text.
#[track_caller]
fn html(answer: &HttpResponse, status: u16) -> String {
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (status, "text/html; charset=utf-8"),
        "{answer}"
    );
    String::from_utf8(answer.body.clone()).expect("a page of text")
}

/// Returns the value of an attribute, as a browser reads it.
pub fn attribute(html: &str, name: &str) -> String {
    let (_, rest) = html.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} in {html}"));
    unescaped(rest.split('"').next().unwrap())
}

/// Text as a browser reads it.
pub fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Returns the options that the page passes to the survey.
pub async fn options(collector: &Collector, site: &Site, query: &str) -> Value {
    let page = html(&get(collector, &page_url(collector, site, query), &[]).await, 200);
    serde_json::from_str(&attribute(&page, "data-options")).expect("JSON")
}

#[tokio::test]
async fn the_hosted_page_may_load_its_own_files_only() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "origins": ["https://tea.example"] })).await;
    let answer = get(&collector, &page_url(&collector, &site, ""), &[]).await;
    let page = html(&answer, 200);
    for part in [
        "<html lang=\"en\" dir=\"ltr\"",
        "<title>Tea shop</title>",
        "<meta name=\"viewport\" content=\"width=device-width",
        "<meta name=\"robots\" content=\"noindex\">",
        "<div id=\"survey\"></div>",
        "<noscript>",
        &format!("<script async src=\"../e/{}.js\"", site.id),
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let policy = answer.header("content-security-policy");
    let rules: Vec<&str> = policy.split("; ").collect();
    for rule in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(rules.contains(&rule), "{rule} in {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{policy}");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert!(!page.contains("tea.example"), "visitors see the origins");

    // Each file that it names is there: its script, and what is loaded ahead.
    let names: Vec<&str> =
        page.split("\"../a/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(names.len(), 3, "{page}");
    let loader = String::from_utf8(get(&collector, &site.loader_url(), &[]).await.body).unwrap();
    for name in names {
        assert_eq!(
            get(&collector, &format!("{}/a/{name}", collector.url()), &[]).await.status,
            200,
            "{name}"
        );
        assert!(name.starts_with("hosted-") || loader.contains(name), "{name} is not what the loader loads");
    }
}

#[tokio::test]
async fn site_names_and_options_are_escaped_in_the_hosted_page() {
    let collector = Collector::shared();
    let hostile = "</title><script>alert(1)</script> \"'&amp;{{options}} {{site}} __SITE__";
    let site = collector.create_site(json!({ "name": hostile })).await;
    let user = "\" onload=\"alert(1)\"><script>alert('1')</script>{{name}}&quot;\u{2028}";
    let properties = json!({ "a\"b": "</script>", "<c>": "{{site}}" });
    let links = json!({ "links": [{ "user": user, "properties": properties }] });
    let link = site.owner_post("links", &links).await.json()["links"][0]["token"].take();
    let query = format!("?t={}", link.as_str().unwrap());
    let page = html(&get(&collector, &page_url(&collector, &site, &query), &[]).await, 200);
    assert_eq!(page.matches("<script").count(), 2, "{page}");
    assert_eq!(page.matches("</title>").count(), 1, "{page}");
    let title = page.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
    assert_eq!(unescaped(title), hostile);
    let mut given: Value = serde_json::from_str(&attribute(&page, "data-options")).unwrap();
    given.as_object_mut().unwrap().remove("id");
    assert_eq!(given, json!({ "channel": "link", "user": user, "properties": properties }));

    let framed = html(&get(&collector, &format!("{}/f/{}", collector.url(), site.id), &[]).await, 200);
    assert_eq!((framed.matches("<script").count(), framed.matches("</title>").count()), (2, 1), "{framed}");
}

#[tokio::test]
async fn query_parameters_become_survey_options() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (query, expected) in [
        ("", json!({ "channel": "link" })),
        ("?score=0", json!({ "channel": "link", "score": 0 })),
        ("?score=10&c=email", json!({ "channel": "email", "score": 10 })),
        ("?c=interview", json!({ "channel": "interview" })),
        // Links in emails that were sent when the channel was called `mail`.
        ("?score=10&c=mail", json!({ "channel": "email", "score": 10 })),
        ("?utm_source=x&score=7&lang=de&c=email", json!({ "channel": "email", "score": 7, "lang": "de" })),
        ("?lang=DE-at", json!({ "channel": "link", "lang": "de" })),
        ("?lang=xx&c=web", json!({ "channel": "link" })),
        ("?c=import&target=body&id=1&user=ann&__proto__=1", json!({ "channel": "link" })),
        ("?score=7&score=9", json!({ "channel": "link", "score": 7 })),
        ("?lang=%22%3E%3Cscript%3E", json!({ "channel": "link" })),
        ("?t=", json!({ "channel": "link" })),
    ] {
        assert_eq!(options(&collector, &site, query).await, expected, "{query}");
    }
    for wrong in
        ["-1", "11", "7.5", "7.0", "+7", "07", "0x7", "7%20", "%207", "seven", "", "%D9%A7", "1e1", "٧"]
    {
        let given = options(&collector, &site, &format!("?score={wrong}")).await;
        assert_eq!(given, json!({ "channel": "link" }), "{wrong}");
    }
}

#[tokio::test]
async fn the_hosted_page_uses_the_language_of_the_link_or_the_browser() {
    let collector = Collector::shared();
    let site = collector.site().await;
    for (query, accepted, lang, dir) in [
        ("", "", "en", "ltr"),
        ("", "de-AT,de;q=0.9,en;q=0.8", "de", "ltr"),
        ("", "xx,ar-EG;q=0.5", "ar", "rtl"),
        ("", "de;q=0,*", "en", "ltr"),
        ("?lang=ar", "de", "ar", "rtl"),
        ("?lang=de-CH", "ar", "de", "ltr"),
        ("?lang=xx", "ar", "ar", "rtl"),
        ("", "\"><script>", "en", "ltr"),
    ] {
        let url = page_url(&collector, &site, query);
        let page = html(&get(&collector, &url, &[("accept-language", accepted)]).await, 200);
        let start = format!("<html lang=\"{lang}\" dir=\"{dir}\"");
        assert!(page.contains(&start), "{query} {accepted}: {page}");
    }
}

#[tokio::test]
async fn the_hosted_page_has_the_color_scheme_of_the_survey() {
    let collector = Collector::shared();
    for (theme, scheme) in
        [(json!({}), ""), (json!({ "scheme": "dark" }), "dark"), (json!({ "scheme": "light" }), "light")]
    {
        let site = collector.create_site(json!({ "name": "Tea shop", "survey": { "theme": theme } })).await;
        let page = html(&get(&collector, &page_url(&collector, &site, ""), &[]).await, 200);
        assert_eq!(attribute(&page, "data-scheme"), scheme);
    }
}

#[tokio::test]
async fn fetching_or_prefetching_the_hosted_page_stores_nothing() {
    let collector = Collector::start();
    let site = collector.site().await;
    let made = site.owner_post("links", &json!({ "links": [{ "user": "ann" }] })).await.json();
    let token = made["links"][0]["token"].as_str().unwrap();
    let query = format!("?score=9&c=email&t={token}");
    let (state, files) = (site.state().await, collector.objects());
    let rows = site.usage().await["rows_written"].clone();
    let scanner = ("user-agent", "Mozilla/5.0 (compatible; link scanner) HeadlessChrome/140.0.0.0");
    for headers in [
        &[][..],
        &[("sec-purpose", "prefetch"), ("purpose", "prefetch")],
        &[("sec-purpose", "prefetch;prerender")],
        &[scanner],
    ] {
        for method in [Method::GET, Method::HEAD] {
            let page = page_url(&collector, &site, &query);
            for url in
                [page.clone(), format!("{}/f/{}", collector.url(), site.id), page.replace('?', "/qr.svg?")]
            {
                let answer = fetch(&collector, method.clone(), &url, headers).await;
                assert_eq!(answer.status, 200, "{url}: {answer}");
                assert_eq!(answer.body.is_empty(), method == Method::HEAD, "{url}");
            }
        }
    }
    assert_eq!(site.usage().await["rows_written"], rows);
    assert_eq!((site.state().await, collector.objects()), (state, files));
    assert_eq!(site.score("").await["shown"], 0);
}

#[tokio::test]
async fn an_unknown_site_gets_an_html_404_page() {
    let collector = Collector::start();
    let site = collector.site().await;
    let objects = collector.objects();
    for id in ["00000000000000000000", "x", "", "..%2f..", "%3Cscript%3E", &site.id.to_uppercase()] {
        for kind in ["s", "f"] {
            let answer = get(&collector, &format!("{}/{kind}/{id}", collector.url()), &[]).await;
            let page = html(&answer, 404);
            assert!(
                page.contains("<h1>There is no survey here</h1>") && page.contains("<html lang=\"en\">"),
                "{page}"
            );
            assert!(!page.contains("<script"), "{page}");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        }
        get(&collector, &format!("{}/s/{id}/qr.svg", collector.url()), &[]).await.problem(404);
    }
    assert_eq!(collector.objects(), objects, "no object was made");
    for path in ["/s", "/f", "/s/x/y", "/s/x/qr.png", "/f/x/qr.svg"] {
        collector.get(path).await.problem(404);
    }
}

#[tokio::test]
async fn a_site_of_another_secret_gets_an_html_404_page() {
    let mut collector = Collector::start();
    let site = collector.site().await;
    let url = |collector: &Collector| page_url(collector, &site, "");
    assert_eq!(get(&collector, &url(&collector), &[]).await.status, 200);
    // Another secret: the site was issued under none that this collector knows.
    collector.restart_with(|options| options.secret = "another secret of the collector".into());
    html(&get(&collector, &url(&collector), &[]).await, 404);
}

#[tokio::test]
async fn only_the_origins_of_a_site_may_frame_its_survey() {
    let collector = Collector::shared();
    let (open, restricted) = (
        collector.site().await,
        collector
            .create_site(
                json!({ "name": "Tea shop", "origins": ["https://tea.example", "https://tea.example:8443"] }),
            )
            .await,
    );
    let origins = json!(["https://*.tea.example", "http://[::1]:8080", "http://localhost:3000"]);
    let subdomains = collector.create_site(json!({ "name": "Tea shop", "origins": origins })).await;
    let nameless = collector.create_site(json!({ "name": "Tea shop", "origins": ["http://[::1]"] })).await;
    for (site, ancestors) in [
        (&open, "*"),
        (&restricted, "https://tea.example https://tea.example:8443"),
        (&subdomains, "https://*.tea.example http://localhost:3000"),
        (&nameless, "'none'"),
    ] {
        let answer = get(&collector, &format!("{}/f/{}", collector.url(), site.id), &[]).await;
        let page = html(&answer, 200);
        let policy = answer.header("content-security-policy");
        assert!(policy.ends_with(&format!("; frame-ancestors {ancestors}")), "{policy}");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("script-src 'self' 'wasm-unsafe-eval'")
        );
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(answer.header("cross-origin-embedder-policy"), "require-corp");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        assert!(page.contains(&format!("<script async src=\"../e/{}.js\"", site.id)), "{page}");
    }
    // Neither the query nor the headers change the frame page.
    let url = format!("{}/f/{}", collector.url(), open.id);
    let plain = get(&collector, &url, &[]).await;
    let other = get(&collector, &format!("{url}?score=9&lang=de"), &[("accept-language", "de")]).await;
    assert_eq!(plain.body, other.body);
}

#[tokio::test]
async fn responses_from_hosted_pages_are_accepted_and_from_foreign_origins_refused() {
    let collector = Collector::shared();
    let site = collector.create_site(json!({ "name": "Tea shop", "origins": ["https://tea.example"] })).await;
    let collector_url = collector.url();
    let https_url = collector_url.replace("http://", "https://");
    for (headers, status) in [
        (&[("origin", collector_url.as_str())][..], 200),
        (&[("origin", "https://tea.example")], 200),
        (&[("origin", "null"), ("sec-fetch-site", "same-origin")], 200),
        (&[("origin", &https_url), ("x-forwarded-proto", "https")], 200),
        (&[("origin", &https_url)], 403),
        (&[("origin", &collector_url), ("x-forwarded-proto", "https")], 403),
        (&[("origin", "null")], 403),
        (&[("origin", "https://evil.example")], 403),
        (&[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")], 403),
        (
            &[
                ("origin", "https://evil.example"),
                ("x-forwarded-host", "evil.example"),
                ("x-forwarded-proto", "https"),
            ],
            403,
        ),
        (&[("origin", &format!("{collector_url}.evil.example"))], 403),
        (&[("origin", "http://127.0.0.1")], 403),
    ] {
        let message = json!({ "id": new_id(), "score": 9 }).to_string();
        let request = headers
            .iter()
            .fold(site.posting(message), |request, (name, value)| request.header(*name, *value));
        let answer = send(request).await;
        assert_eq!(answer.status, status, "{headers:?}: {answer}");
    }
    assert_eq!(site.score("").await["scored"], 4);
}

/// Returns the content of the QR code, decoded as a telephone does.
fn decoded(svg: &str) -> String {
    let total: usize = attribute(svg, "viewBox").split(' ').next_back().unwrap().parse().unwrap();
    let mut dark = vec![false; total * total];
    let path = svg.rsplit_once(" d=\"").unwrap().1.split('"').next().unwrap();
    for run in path.split('M').skip(1) {
        let numbers: Vec<usize> = run
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .map(|part| part.parse().unwrap())
            .collect();
        let [x, y, width, 1, back] = numbers[..] else { panic!("no run: {run}") };
        assert_eq!(width, back, "{run}");
        dark[y * total + x..][..width].fill(true);
    }
    for y in 0..total {
        for x in 0..total {
            let edge = x.min(y).min(total - 1 - x).min(total - 1 - y);
            assert!(edge >= 4 || !dark[y * total + x], "no quiet zone at {x}, {y}");
        }
    }
    // Each module is a few pixels, as a camera would see it.
    const PIXELS: usize = 5;
    let side = total * PIXELS;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        if dark[y / PIXELS * total + x / PIXELS] { 0 } else { 255 }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code");
    let (meta, text) = grids[0].decode().expect("a code that can be read");
    assert_eq!(meta.ecc_level, 0, "level M");
    text
}

#[tokio::test]
async fn the_qr_code_encodes_the_url_of_the_hosted_page() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let url = format!("{}/s/{}/qr.svg", collector.url(), site.id);
    let long = format!("{}.example", vec!["tea".repeat(20); 4].join("."));
    for (headers, origin) in [
        (&[][..], collector.url()),
        (&[("host", "nps.tea.example")], "http://nps.tea.example".into()),
        (&[("host", "nps.tea.example"), ("x-forwarded-proto", "https")], "https://nps.tea.example".into()),
        (
            &[("host", "nps.tea.example"), ("x-forwarded-proto", "javascript")],
            "http://nps.tea.example".into(),
        ),
        (&[("x-forwarded-host", "evil.example")], collector.url()),
        (&[("host", long.as_str())], format!("http://{long}")),
    ] {
        let answer = get(&collector, &url, headers).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "image/svg+xml"), "{answer}");
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        let svg = String::from_utf8(answer.body).unwrap();
        let address = format!("{origin}/s/{}", site.id);
        assert!(svg.contains(&format!("<title id=\"t\">{address}</title>")), "{svg}");
        assert!(svg.contains("role=\"img\"") && svg.contains("shape-rendering=\"crispEdges\""), "{svg}");
        assert_eq!(decoded(&svg), address);
    }
    let endless = "a".repeat(400);
    get(&collector, &url, &[("host", &endless)]).await.problem(400);
}

#[tokio::test]
async fn type_declarations_are_served_for_editors() {
    let collector = Collector::shared();
    let answer = collector.get("/e/grapevine.d.ts").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/typescript; charset=utf-8"),
        "{answer}"
    );
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let types = String::from_utf8(answer.body).unwrap();
    for command in ["show", "hide", "reset", "why"] {
        assert!(types.contains(&format!("\"{command}\"")), "{command}");
    }
    assert!(types.contains("declare const grapevine"), "{types}");
}
