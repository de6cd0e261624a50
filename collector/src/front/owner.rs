//! What goes to the site's object as it came: the owner's calls, and the few that everybody may make.
//!
//! The table says which addresses there are and what each takes, so that nothing else reaches an object.

use worker::Response;

use super::object::Ask;
use super::{Call, body};
use crate::assets;
use crate::reply::{Outcome, Problem};

const LIMIT: usize = 64 * 1024;
/// For a thousand users, or links with a user and a few properties each.
const MANY_LIMIT: usize = 1_024 * 1_024;

/// The methods of an address below a site; `None` where there is none.
fn methods(path: &[&str]) -> Option<&'static str> {
    Some(match path {
        [] => "GET, PATCH",
        ["score" | "cases" | "due" | "changes" | "usage" | "badge.svg" | "badge.json" | "mail"] => "GET",
        ["survey"] => "GET, PUT",
        ["responses" | "keys" | "notes" | "webhooks"] => "GET, POST",
        ["responses", _] => "GET, PATCH, DELETE",
        ["users" | "links"] => "POST",
        ["users", _] => "GET, DELETE",
        ["keys", _] => "DELETE",
        ["notes", _] => "PATCH, DELETE",
        ["webhooks", _] => "GET, PATCH, DELETE",
        ["webhooks", _, "deliveries"] => "GET",
        ["webhooks", _, "test" | "rotate"] | ["webhooks", _, "deliveries", _, "replay"] => "POST",
        _ => return None,
    })
}

/// Whether there is such an address, and whether it takes the method.
pub fn allowed(path: &[&str], method: &str) -> Outcome<()> {
    let methods = methods(path).ok_or_else(|| Problem::not_found("page or endpoint"))?;
    if methods.split(", ").any(|own| own == method) { Ok(()) } else { Err(Problem::method(methods)) }
}

/// Asks the object. A key of the kind that is shared may stand in the address, since it is made for links.
pub async fn forward(call: &mut Call, site: &str, path: &[&str]) -> Outcome<Response> {
    let site = call.site(site)?;
    let word = call.request.inner().method();
    let method = if word == "HEAD" { "GET" } else { word.as_str() };
    let body = match method {
        "POST" | "PUT" | "PATCH" => {
            let limit = if matches!(path, ["links" | "users"]) { MANY_LIMIT } else { LIMIT };
            let body = body::read(&mut call.request, limit).await?;
            Some(String::from_utf8(body).map_err(|_| Problem::not_json("it is not UTF-8"))?)
        }
        // What the row says in each language lies in a file.
        _ if path == ["mail"] => Some(assets::text(&call.env, "mail.json").await?.to_string()),
        _ => None,
    };
    let linked = call.address.pairs().into_iter().find(|(name, _)| name == "key").map(|(_, key)| key);
    let key = call.bearer().or(linked.filter(|key| key.starts_with("grapevine_share_")));
    let query = call.address.query();
    let ask = match path {
        ["mail"] => Ask::new(&site, format!("_mail?{query}")),
        _ => Ask::forward(&site, method, &path.join("/"), query)?,
    };
    let mut ask = ask
        .with_key(key)?
        .with_header("x-visitor", call.visitor(&site)?)?
        .with_header("x-if-match", call.header("if-match"))?
        .with_header("x-if-none-match", call.header("if-none-match"))?;
    if matches!(path, ["links" | "mail"]) {
        ask = ask.with_header("x-page", Some(call.page(&site)?))?;
    }
    if let Some(body) = body {
        ask = ask.with_body(body);
    }
    ask.send(&call.env).await
}
