//! Files that were built: the widget's, whose names carry a hash of their content, so that they are kept for ever, what
//! describes the interface, and what only the collector reads.

use worker::{EncodeBody, Headers, Response, ResponseBody, ResponseBuilder};

use super::Call;
use crate::assets::{fetch, missing};
use crate::reply::{self, Outcome, Problem};
use crate::site::asked::lists;

/// `GET /a/NAME`: the file, compressed beforehand with brotli where the caller takes that.
pub async fn get(call: &Call, name: &str) -> Outcome<Response> {
    let unknown = || Problem::not_found("file of this name");
    let content_type = content_type(name).ok_or_else(unknown)?;
    let brotli = accepts_brotli(call);
    let etag = format!("\"{name}{}\"", if brotli { ".br" } else { "" });

    let headers = reply::open_headers(content_type)?;
    headers.set("cache-control", "public, max-age=31536000, immutable")?;
    headers.set("vary", "accept-encoding")?;
    headers.set("etag", &etag)?;
    let file = |name: &str| if brotli { format!("{name}.br") } else { name.to_owned() };
    // Looked up first: whatever tag a caller shows, a file that is not there is not unchanged.
    let Some(body) = fetch(&call.env, &file(name)).await? else {
        // A page that was opened before this version came has a loader with the names of then.
        let extension = name.strip_prefix("widget-").and_then(|rest| rest.split_once('.'));
        let present = format!("widget.{}", extension.ok_or_else(unknown)?.1);
        let body = fetch(&call.env, &file(&present)).await?.ok_or_else(unknown)?;
        let headers = reply::open_headers(content_type)?;
        headers.set("cache-control", "no-store")?;
        return encoded(headers, brotli, body);
    };
    if matches(call, &etag) {
        return Ok(ResponseBuilder::new().with_status(304).with_headers(headers).empty());
    }
    encoded(headers, brotli, body)
}

/// A file that was compressed beforehand, or was not.
fn encoded(headers: Headers, brotli: bool, body: ResponseBody) -> Outcome<Response> {
    let mut response = ResponseBuilder::new();
    if brotli {
        headers.set("content-encoding", "br")?;
        response = response.with_encode_body(EncodeBody::Manual);
    }
    Ok(response.with_headers(headers).body(body))
}

/// `GET /openapi.json`: the description of all this, for programs. It changes with the collector, so it is not kept for long.
pub async fn openapi(call: &Call) -> Outcome<Response> {
    described(call, "openapi.json", "application/json").await
}

/// `GET /e/grapevine.d.ts`: what a page may ask of the loader, for editors and compilers.
pub async fn types(call: &Call) -> Outcome<Response> {
    described(call, "grapevine.d.ts", "application/typescript; charset=utf-8").await
}

async fn described(call: &Call, name: &str, content_type: &str) -> Outcome<Response> {
    let body = fetch(&call.env, name).await?.ok_or_else(|| missing(name))?;
    let headers = reply::open_headers(content_type)?;
    headers.set("cache-control", "public, max-age=300")?;
    Ok(ResponseBuilder::new().with_headers(headers).body(body))
}

/// `GET /docs`: the same for people. One page that needs nothing else, and may load nothing else.
pub async fn docs(call: &Call) -> Outcome<Response> {
    let brotli = accepts_brotli(call);
    let file = if brotli { "docs.html.br" } else { "docs.html" };
    let body = fetch(&call.env, file).await?.ok_or_else(|| missing(file))?;
    let headers = reply::open_headers("text/html; charset=utf-8")?;
    headers.set("cache-control", "public, max-age=300")?;
    headers.set("vary", "accept-encoding")?;
    headers.set("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")?;
    encoded(headers, brotli, body)
}

/// Whether the caller has this already.
pub fn matches(call: &Call, etag: &str) -> bool {
    call.header("if-none-match").is_some_and(|known| lists(&known, etag))
}

/// Whether the caller takes brotli. A weight of zero is a no.
pub fn accepts_brotli(call: &Call) -> bool {
    call.header("accept-encoding").is_some_and(|accepted| {
        accepted.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("br")
                && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    })
}

/// The type of a file that may be served: hashed, in this folder, and of a kind that the widget has.
fn content_type(name: &str) -> Option<&'static str> {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    let (stem, extension) = name.rsplit_once('.')?;
    let (_, hash) = stem.rsplit_once('-')?;
    if !plain || hash.len() != 16 {
        return None;
    }
    match extension {
        "wasm" => Some("application/wasm"),
        "js" => Some("text/javascript; charset=utf-8"),
        "json" => Some("application/json"),
        _ => None,
    }
}
