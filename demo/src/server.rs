//! Web server of the demo. It serves the shop, which contains the script tag as its owner would add
//! it, and the owner page with its two JSON routes.
//!
//! The owner page holds no key. It sends its requests to this server, which forwards them to the
//! collector with the right key.

use std::io::ErrorKind;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use serde_json::json;

use crate::files::{home, locate};
use crate::saved::Site;
use crate::site::Collector;

/// Placeholder for the script tag in the shop's pages.
const PLACE: &str = "{{tag}}";
/// The owner page shows text from strangers, so only its own files may run or load.
const OWNER_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                            base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// State that the routes share.
#[derive(Clone)]
pub struct Shop {
    /// The script tag, complete.
    pub tag: String,
    /// The shop's site at the collector.
    pub site: Site,
    /// The collector.
    pub collector: Collector,
}

/// Returns the script tag that a site owner adds.
pub fn tag(collector: &str, site: &str) -> String {
    format!(r#"<script async src="{collector}/e/{site}.js" data-delay="2" data-view="1"></script>"#)
}

/// Returns all routes.
pub fn routes(shop: Shop) -> Router {
    Router::new()
        .route("/owner/score.json", get(score))
        .route("/owner/responses.json", get(responses))
        .fallback(get(file))
        .with_state(shop)
}

async fn score(State(shop): State<Shop>, RawQuery(query): RawQuery) -> Response {
    relay(&shop, "score", query, &shop.site.read).await
}

async fn responses(State(shop): State<Shop>, RawQuery(query): RawQuery) -> Response {
    relay(&shop, "responses", query, &shop.site.owner).await
}

/// Forwards a GET to the collector and returns its response, or 502 with a reason if there is none.
async fn relay(shop: &Shop, resource: &str, query: Option<String>, key: &str) -> Response {
    let path = format!("/v1/sites/{}/{resource}?{}", shop.site.id, query.unwrap_or_default());
    let forward = async {
        let answer = shop.collector.get(&path, key).send().await?;
        Ok::<_, reqwest::Error>((answer.status(), answer.bytes().await?))
    };
    match forward.await {
        Ok((status, body)) => {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
            (status, headers, body).into_response()
        }
        Err(error) => {
            let why = if error.is_timeout() { "did not respond in time" } else { "cannot be reached" };
            (StatusCode::BAD_GATEWAY, Json(json!({ "detail": format!("The collector {why}.") })))
                .into_response()
        }
    }
}

/// Serves a file of the shop or the owner page, or the shop's 404 page.
async fn file(State(shop): State<Shop>, uri: Uri) -> Response {
    let (found, (path, kind)) = match locate(uri.path()) {
        Some(place) if home().join(&place.0).is_file() => (StatusCode::OK, place),
        _ => (StatusCode::NOT_FOUND, ("shop/404.html".into(), "text/html; charset=utf-8")),
    };
    let body = match tokio::fs::read(home().join(&path)).await {
        Ok(body) if kind.starts_with("text/html") => {
            with_tag(&String::from_utf8_lossy(&body), &shop.tag).into()
        }
        Ok(body) => body,
        Err(error) if error.kind() == ErrorKind::NotFound => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
    let mut response = (found, headers, body).into_response();
    if path.starts_with("owner") {
        let policy = header::HeaderValue::from_static(OWNER_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn with_tag(page: &str, tag: &str) -> String {
    page.replacen(PLACE, tag, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_replaces_the_placeholder() {
        let tag = tag("http://127.0.0.1:8787", "abc");
        assert_eq!(
            with_tag("<head>\n{{tag}}\n</head>", &tag),
            "<head>\n<script async src=\"http://127.0.0.1:8787/e/abc.js\" data-delay=\"2\" data-view=\"1\"></script>\n</head>"
        );
        assert_eq!(with_tag("<p>none</p>", &tag), "<p>none</p>");
    }

    #[test]
    fn every_shop_page_has_one_placeholder() {
        for page in ["index", "tea", "basket", "thanks", "about"] {
            let text = std::fs::read_to_string(home().join(format!("shop/{page}.html"))).unwrap();
            assert_eq!(text.matches(PLACE).count(), 1, "{page}");
            assert!(text.contains("{{tag}}\n</head>"), "{page}");
        }
    }
}
