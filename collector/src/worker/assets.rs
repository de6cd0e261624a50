//! Built files that are served: those of the widget and of the owner's page, whose names carry a
//! hash of their content so that they are cached for ever, and the description of the API.

use api::language;
use worker::{EncodeBody, Headers, ResponseBody, ResponseBuilder};

use super::asset_store::{fetch, missing, text};
use super::context::RequestContext;
use super::hosted_page::DEFAULT_LANGUAGE;
use crate::http::etag::{self, etag_matches};
use crate::http::{ApiResult, Problem, Response, response};

/// Policy of the API's documentation, which is one page without a script.
const DOCS_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                           form-action 'none'; frame-ancestors 'none'";

/// `GET /a/NAME`: a file of a page, compressed with brotli at build time where the caller
/// accepts that.
///
/// `widget-HASH.json?l=TAGS` is the file with the texts of the language that fits best. The address
/// contains all that decides it, so the answer is cached like any other file.
pub async fn get(context: &RequestContext, name: &str) -> ApiResult<web_sys::Response> {
    let unknown = || Problem::not_found("file with this name");
    let content_type = content_type(name).ok_or_else(unknown)?;
    let is_brotli = accepts_brotli(context);
    let pairs = context.url.pairs();
    let tags = pairs.iter().find(|(name, _)| name == "l");
    let chosen = tags.map(|(_, tags)| language::choose(language::accepted(tags), &language::LANGUAGES));
    let stem = chosen.map_or("widget", |chosen| chosen.unwrap_or(DEFAULT_LANGUAGE));
    // The loader names these, so a page that was opened before this deployment has another hash.
    let named_by_loader = name.strip_prefix("widget-").and_then(|rest| rest.split_once('.'));
    let hashed = named_by_loader.map(|(hash, extension)| [stem, "-", hash, ".", extension].concat());
    let name = hashed.as_deref().unwrap_or(name);
    let etag = format!("\"{name}{}\"", if is_brotli { ".br" } else { "" });

    let headers = response::open_headers(content_type)?;
    headers.set("cache-control", "public, max-age=31536000, immutable")?;
    headers.set("vary", "accept-encoding")?;
    headers.set("etag", &etag)?;
    let file = |name: &str| if is_brotli { format!("{name}.br") } else { name.to_owned() };
    // Fetched before the tag is compared: a file that does not exist is not unmodified, whatever
    // tag the caller sends.
    let Some(body) = fetch(&context.env, &file(name)).await? else {
        let (_, extension) = named_by_loader.ok_or_else(unknown)?;
        let present = [stem, ".", extension].concat();
        let body = fetch(&context.env, &file(&present)).await?.ok_or_else(unknown)?;
        let headers = response::open_headers(content_type)?;
        headers.set("cache-control", "no-store")?;
        return encoded(headers, is_brotli, body);
    };
    if is_cached(context, &etag) {
        return Ok(ResponseBuilder::new().with_status(304).with_headers(headers).empty().into());
    }
    encoded(headers, is_brotli, body)
}

/// Returns a file that was or was not compressed at build time.
fn encoded(headers: Headers, is_brotli: bool, body: ResponseBody) -> ApiResult<web_sys::Response> {
    let mut response = ResponseBuilder::new();
    if is_brotli {
        headers.set("content-encoding", "br")?;
        response = response.with_encode_body(EncodeBody::Manual);
    }
    Ok(response.with_headers(headers).body(body).into())
}

/// `GET /openapi.json`: the description of the API. It changes with the collector, so caches keep
/// it briefly.
pub fn openapi(context: &RequestContext) -> impl Future<Output = ApiResult<web_sys::Response>> {
    briefly_cached(context, "openapi.json", "application/json")
}

/// `GET /e/grapevine.d.ts`: TypeScript declarations of the loader's interface.
pub fn loader_types(context: &RequestContext) -> impl Future<Output = ApiResult<web_sys::Response>> {
    briefly_cached(context, "grapevine.d.ts", "application/typescript; charset=utf-8")
}

async fn briefly_cached(
    context: &RequestContext,
    name: &str,
    content_type: &str,
) -> ApiResult<web_sys::Response> {
    let body = fetch(&context.env, name).await?.ok_or_else(|| missing(name))?;
    let headers = response::open_headers(content_type)?;
    headers.set("cache-control", "public, max-age=300")?;
    Ok(ResponseBuilder::new().with_headers(headers).body(body).into())
}

/// `GET /docs`: the documentation of the API, as one page that needs nothing else and may load
/// nothing else.
pub async fn docs(context: &RequestContext) -> ApiResult<web_sys::Response> {
    let is_brotli = accepts_brotli(context);
    let file = if is_brotli { "docs.html.br" } else { "docs.html" };
    let body = fetch(&context.env, file).await?.ok_or_else(|| missing(file))?;
    let headers = response::open_headers("text/html; charset=utf-8")?;
    headers.set("cache-control", "public, max-age=300")?;
    headers.set("vary", "accept-encoding")?;
    headers.set("content-security-policy", DOCS_POLICY)?;
    encoded(headers, is_brotli, body)
}

/// `GET /`: the owner's page. It names its files by their hashes, so browsers ask for it each time.
/// The first line of the built file is its policy.
pub async fn dashboard(context: &RequestContext) -> ApiResult<Response> {
    let page = text(&context.env, "dashboard.page").await?;
    let (policy, html) = page.split_once('\n').unwrap_or_default();
    let etag = etag::of_text(html);
    let response = match is_cached(context, &etag) {
        true => Response::empty(304, "private, no-cache"),
        false => Response::new("text/html; charset=utf-8", "private, no-cache", html.to_owned()),
    };
    let response = response.with_header("etag", &etag).with_header("content-security-policy", policy);
    Ok(response.with_header("referrer-policy", "no-referrer"))
}

/// Whether the caller has the response with this tag already.
pub fn is_cached(context: &RequestContext, etag: &str) -> bool {
    context.header("if-none-match").is_some_and(|known| etag_matches(&known, etag))
}

/// Whether the caller accepts brotli. A weight of zero means that it does not.
pub fn accepts_brotli(context: &RequestContext) -> bool {
    context.header("accept-encoding").is_some_and(|accepted| {
        accepted.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("br")
                && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    })
}

/// Returns the type of a file that may be served: hashed, in this folder, and of a kind that a
/// page has.
fn content_type(name: &str) -> Option<&'static str> {
    let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    let (stem, extension) = name.rsplit_once('.')?;
    let (_, hash) = stem.rsplit_once('-')?;
    if !is_plain || hash.len() != 16 {
        return None;
    }
    match extension {
        "wasm" => Some("application/wasm"),
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        "json" => Some("application/json"),
        _ => None,
    }
}
