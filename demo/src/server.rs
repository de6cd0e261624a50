//! Web server of the demo. It serves the shop, which contains the script tag as its owner would add
//! it.

use std::io::ErrorKind;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::files::{home, locate};

/// Placeholder for the script tag in the shop's pages.
const PLACE: &str = "{{tag}}";
/// Returns the script tag that a site owner adds.
pub fn tag(collector: &str, site: &str) -> String {
    format!(r#"<script async src="{collector}/e/{site}.js" data-delay="2" data-view="1"></script>"#)
}

/// Returns all routes. `tag` is the script tag, complete.
pub fn routes(tag: String) -> Router {
    Router::new().fallback(get(file)).with_state(tag)
}

/// Serves a file of the shop, or its 404 page.
async fn file(State(tag): State<String>, uri: Uri) -> Response {
    let (found, (path, kind)) = match locate(uri.path()) {
        Some(place) if home().join(&place.0).is_file() => (StatusCode::OK, place),
        _ => (StatusCode::NOT_FOUND, ("shop/404.html".into(), "text/html; charset=utf-8")),
    };
    let body = match tokio::fs::read(home().join(&path)).await {
        Ok(body) if kind.starts_with("text/html") => with_tag(&String::from_utf8_lossy(&body), &tag).into(),
        Ok(body) => body,
        Err(error) if error.kind() == ErrorKind::NotFound => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
    (found, headers, body).into_response()
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
