//! Pages of ours that show a survey: `GET /s/SITE` for links, email and QR codes, and `GET
//! /f/SITE`, which other pages frame where their policy forbids WebAssembly. Both use the loader
//! that every page uses.
//!
//! A request stores nothing, whatever its URL: an email program that follows every link, or a
//! browser that prefetches, does not vote. The score of a URL is only chosen when a browser has
//! shown the survey.
//!
//! Each page is a built file: the languages of the survey in the first line, the policy in the
//! second, then the page with placeholders for what is known of the site. A problem is shown as a
//! page too, since people read it.

use std::rc::Rc;

use api::language;
use collector_core::{Invitation, html, qr};
use serde_json::{Map, Value};
use worker::{Headers, Response, ResponseBuilder};

use super::asset_store;
use super::context::RequestContext;
use super::site_cache::{self, CachedSite};
use crate::environment;
use crate::http::{ApiResult, Problem, response};

const UNKNOWN_SITE: &str =
    "Part of the address may be missing. Open the link once more from where you found it.";
/// Language of a page for which the visitor's languages name none.
const DEFAULT_LANGUAGE: &str = "en";
const MAX_SCORE: u8 = 10;

/// `GET /s/SITE`: the page that asks by itself.
pub async fn get(context: &RequestContext, site: &str) -> ApiResult<Response> {
    let cached = lookup_site(context, site).await;
    let file = page_file(context, if cached.is_ok() { "hosted.page" } else { "problem.page" }).await?;
    let (languages, page) = file.split_once('\n').unwrap_or_default();
    let cached = match cached {
        Ok(cached) => cached,
        Err(problem) => return error_page(problem, page),
    };
    let languages: Vec<&str> = languages.split(' ').collect();
    let (lang, options) = survey_options(context, site, &languages)?;
    let options = Value::Object(options).to_string();
    let values = [
        ("site", site),
        ("name", &cached.name),
        ("ancestors", &cached.frame_ancestors),
        ("scheme", &cached.color_scheme),
        ("lang", lang),
        ("dir", language::direction(lang)),
        ("options", &options),
    ];
    let headers = response::open_headers("")?;
    headers.set("cache-control", "private, no-cache")?;
    headers.set("vary", "accept-language")?;
    render(page, &values, headers, 200)
}

/// `GET /f/SITE`: the page for a frame. It is the same for everybody: its options stand behind the
/// `#`, which no browser sends.
pub async fn get_framed(context: &RequestContext, site: &str) -> ApiResult<Response> {
    let cached = lookup_site(context, site).await;
    let file = page_file(context, if cached.is_ok() { "frame.page" } else { "problem.page" }).await?;
    let (_, page) = file.split_once('\n').unwrap_or_default();
    let cached = match cached {
        Ok(cached) => cached,
        Err(problem) => return error_page(problem, page),
    };
    let values = [("site", site), ("name", cached.name.as_str()), ("ancestors", &cached.frame_ancestors)];
    let headers = response::open_headers("")?;
    headers.set("cache-control", "public, max-age=300")?;
    // A cross-origin isolated page may frame only what is isolated as well.
    headers.set("cross-origin-embedder-policy", "require-corp")?;
    render(page, &values, headers, 200)
}

/// `GET /s/SITE/qr.svg`: the URL of the hosted survey as a QR code.
pub fn qr_code(context: &RequestContext, site: &str) -> ApiResult<Response> {
    let url = context.hosted_url(&context.site(site)?)?;
    let svg = qr::svg(&url).ok_or_else(|| Problem::bad_request("The header `Host` is too long."))?;
    let response = response::public_file("image/svg+xml", svg.into_bytes())?;
    // Part of the URL unless the operator has set a public one.
    response.headers().set("vary", "x-forwarded-proto")?;
    Ok(response)
}

async fn page_file(context: &RequestContext, name: &'static str) -> ApiResult<Rc<str>> {
    asset_store::text(&context.env, name).await
}

async fn lookup_site(context: &RequestContext, site: &str) -> ApiResult<Rc<CachedSite>> {
    Ok(site_cache::get(context, &context.site(site)?).await?.0)
}

/// Returns the language of the page and the options of the survey.
///
/// People pass URLs on and programs add to them, so a wrong or unknown parameter is ignored: there
/// is a survey to show all the same. So is a token that is not ours or was changed.
fn survey_options<'a>(
    context: &RequestContext,
    site: &str,
    languages: &[&'a str],
) -> ApiResult<(&'a str, Map<String, Value>)> {
    let pairs = context.url.pairs();
    let parameter =
        |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let token = parameter("t").and_then(|token| Some((token, context.site(site).ok()?)));
    let secret = environment::secret(&context.env).ok();
    let invitation = token.and_then(|(token, site)| Invitation::verify(token, &site, secret.as_ref()?));
    let mut options = invitation.map(Invitation::into_claims).unwrap_or_default();

    let invited = options.remove("lang");
    let wanted = parameter("lang").into_iter().chain(invited.as_ref().and_then(Value::as_str));
    let chosen = language::choose(wanted, languages);
    let accepted = context.header("accept-language").unwrap_or_default();
    let lang = chosen.or_else(|| language::choose(language::accepted(&accepted), languages));

    let channel = if parameter("c") == Some("mail") { "mail" } else { "link" };
    options.insert("channel".into(), channel.into());
    if let Some(chosen) = chosen {
        options.insert("lang".into(), chosen.into());
    }
    // Digits and nothing else, which `parse` would not enforce.
    let score = parameter("score").and_then(|text| (0..=MAX_SCORE).find(|score| score.to_string() == text));
    if let Some(score) = score {
        options.insert("score".into(), score.into());
    }
    Ok((lang.unwrap_or(DEFAULT_LANGUAGE), options))
}

/// Renders a problem for a person who followed a link.
fn error_page(problem: Problem, page: &str) -> ApiResult<Response> {
    let (status, body) = (problem.status(), problem.body());
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (title, detail) = match status {
        404 => ("There is no survey here", UNKNOWN_SITE),
        _ => (text("title"), text("detail")),
    };
    let headers = problem.into_response()?.headers().clone();
    render(page, &[("title", title), ("detail", detail)], headers, status)
}

/// Renders a page: fills its placeholders and moves its policy into a header.
fn render(page: &str, values: &[(&str, &str)], headers: Headers, status: u16) -> ApiResult<Response> {
    let filled = html::render_template(page, values);
    let (policy, page) = filled.split_once('\n').unwrap_or_default();
    headers.set("content-type", "text/html; charset=utf-8")?;
    headers.set("content-security-policy", policy)?;
    headers.set("referrer-policy", "no-referrer")?;
    Ok(ResponseBuilder::new().with_status(status).with_headers(headers).fixed(page.as_bytes().to_vec()))
}
