//! The pages of ours: `GET /s/SITE`, which asks by itself, for links, mails and QR codes, and `GET /f/SITE`, which other pages
//! frame where their rules forbid WebAssembly. Both show the survey by the loader that every page uses.
//!
//! Nothing is written here, whoever asks and with whatever address: a mail program that follows all links, or a browser that
//! loads a page beforehand, does not vote. The score of an address is only chosen when a browser has shown the survey.
//!
//! Each page is a file that was built: the languages of the survey in its first line, its policy in the second, then the page,
//! with places for what is known of the site. What is wrong is told as a page too, since people read it.

use std::rc::Rc;

use api::language;
use collector_core::{Invitation, html};
use serde_json::{Map, Value};
use worker::{Headers, Response, ResponseBuilder};

use super::Call;
use super::loader::{self, Loader};
use crate::assets;
use crate::reply::{self, Outcome, Problem};

const MISSING: &str = "Part of the address may be missing. Open the link once more from where you found it.";

/// `GET /s/SITE`, and `GET /f/SITE` where it is framed.
pub async fn show(call: &Call, site: &str, framed: bool) -> Outcome<Response> {
    let known = known(call, site).await;
    let name = match &known {
        Err(_) => "problem.page",
        Ok(_) if framed => "frame.page",
        Ok(_) => "hosted.page",
    };
    let file = assets::text(&call.env, name).await?;
    let (languages, page) = file.split_once('\n').unwrap_or_default();
    let known = match known {
        Ok(known) => known,
        Err(problem) => return told(problem, page),
    };
    let mut values = vec![("site", site), ("name", &known.name), ("ancestors", &known.ancestors)];
    let headers = reply::open_headers("")?;
    if framed {
        // It is the same for everybody: what it needs to know stands behind the `#`, which no browser sends.
        headers.set("cache-control", "public, max-age=300")?;
        // A page that isolates itself may frame only what does so as well.
        headers.set("cross-origin-embedder-policy", "require-corp")?;
        return filled(page, &values, headers, 200);
    }
    headers.set("cache-control", "private, no-cache")?;
    let languages: Vec<&str> = languages.split(' ').collect();
    let (lang, options) = options(call, site, &languages)?;
    let options = Value::Object(options).to_string();
    values.extend([
        ("scheme", known.scheme.as_str()),
        ("lang", lang),
        ("dir", language::direction(lang)),
        ("options", &options),
    ]);
    filled(page, &values, headers, 200)
}

async fn known(call: &Call, site: &str) -> Outcome<Rc<Loader>> {
    Ok(loader::of(call, &call.site(site)?).await?.0)
}

/// The language of the page, and what the survey is shown with. Of an address that people pass on and programs add to, what is
/// wrong or unknown is passed over: there is a question to ask all the same. So is a token that is not ours or was changed.
fn options<'a>(call: &Call, site: &str, languages: &[&'a str]) -> Outcome<(&'a str, Map<String, Value>)> {
    let pairs = call.address.pairs();
    let given = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let link = given("t").and_then(|token| Some((token, call.site(site).ok()?)));
    let link = link.and_then(|(token, site)| Invitation::verify(token, &site, &call.secret().ok()?));
    let mut options = link.map(Invitation::into_claims).unwrap_or_default();

    let wished = options.remove("lang");
    let wished = given("lang").into_iter().chain(wished.as_ref().and_then(Value::as_str));
    let chosen = language::choose(wished, languages);
    let accepted = call.header("accept-language").unwrap_or_default();
    let lang = chosen.or_else(|| language::choose(language::accepted(&accepted), languages));

    let channel = if given("c") == Some("mail") { "mail" } else { "link" };
    options.insert("channel".into(), channel.into());
    if let Some(chosen) = chosen {
        options.insert("lang".into(), chosen.into());
    }
    // Digits and nothing else.
    let score = given("score").and_then(|text| (0..=10).find(|score: &u8| score.to_string() == text));
    if let Some(score) = score {
        options.insert("score".into(), score.into());
    }
    Ok((lang.unwrap_or("en"), options))
}

/// What is wrong, for whoever followed a link.
fn told(problem: Problem, page: &str) -> Outcome<Response> {
    let (status, body) = (problem.status(), problem.body());
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (title, detail) = match status {
        404 => ("There is no survey here", MISSING),
        _ => (text("title"), text("detail")),
    };
    let headers = problem.response()?.headers().clone();
    filled(page, &[("title", title), ("detail", detail)], headers, status)
}

/// A page with what is known now in its places, and its policy as a header.
fn filled(page: &str, values: &[(&str, &str)], headers: Headers, status: u16) -> Outcome<Response> {
    let filled = html::render_template(page, values);
    let (policy, page) = filled.split_once('\n').unwrap_or_default();
    headers.set("content-type", "text/html; charset=utf-8")?;
    headers.set("content-security-policy", policy)?;
    headers.set("referrer-policy", "no-referrer")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).fixed(page.as_bytes().to_vec()))
}

/// `GET /s/SITE/qr.svg`: the address of the page as a picture. It depends on nothing but the address.
pub fn qr(call: &Call, site: &str) -> Outcome<Response> {
    let address = call.page(&call.site(site)?)?;
    let svg = collector_core::qr::svg(&address)
        .ok_or_else(|| Problem::bad_request("The header Host is too long."))?;
    reply::file("image/svg+xml", svg.into_bytes())
}
