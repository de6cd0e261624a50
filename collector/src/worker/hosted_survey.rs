//! Pages of ours that show a survey: `GET /s/SITE` for links, email and QR codes, and `GET
//! /f/SITE`, which other pages frame where their policy forbids WebAssembly. Both use the loader
//! that every page uses.
//!
//! A request stores nothing, whatever its URL: an email program that follows every link, or a
//! browser that prefetches, does not vote. The score of a URL is only chosen when a browser has
//! shown the survey.
//!
//! Where a browser runs no JavaScript or no WebAssembly, the page is a form (`hosted_form`).

use collector_core::qr;
use nps::Score;
use serde_json::Value;

use super::asset_store;
use super::context::RequestContext;
use super::hosted_page::{Visit, problem_page, render};
use super::site_cache;
use crate::http::{ApiResult, Problem, Response, response};

/// Caching of the hosted page: its URL may hold an invitation.
const REVALIDATED: &str = "private, no-cache";

/// `GET /s/SITE`: the page that asks by itself.
pub async fn get(context: &RequestContext, site: &str) -> ApiResult<Response> {
    match Visit::read(context, site).await {
        Ok(visit) => survey_page(context, &visit, "", (200, REVALIDATED)).await,
        Err(problem) => problem_page(context, problem).await,
    }
}

/// Renders the page that asks. `comment` is what the form was sent with, if it comes back.
pub async fn survey_page(
    context: &RequestContext,
    visit: &Visit,
    comment: &str,
    reply: (u16, &str),
) -> ApiResult<Response> {
    let mut options = visit.options.clone();
    // Where the site may store nothing, the page stores no id either.
    options.extend(visit.cached.loader.get("storage").map(|storage| ("storage".to_owned(), storage.clone())));
    let options = Value::Object(options).to_string();
    let preset =
        visit.options.get("score").and_then(Value::as_u64).and_then(|score| u8::try_from(score).ok());
    let preset = preset.and_then(Score::new);
    let score = preset.map(|score| score.get().to_string()).unwrap_or_default();
    let note = if preset.is_some() { visit.text("preset").replace("{score}", &score) } else { String::new() };
    let checked = format!("checked{score}");
    let values = [
        ("options", options.as_str()),
        ("preset_note", &note),
        ("preset_hidden", if preset.is_some() { "" } else { "hidden" }),
        // Marks the radio button of the score in the form.
        (&checked, "checked"),
        ("prompt", visit.prompt(preset)),
        ("comment", comment),
        ("missing_hidden", if reply.0 == 200 { "hidden" } else { "" }),
    ];
    visit.render(context, "hosted.page", &values, reply).await
}

/// `GET /f/SITE`: the page for a frame. It is the same for everybody: its options stand behind the
/// `#`, which no browser sends.
pub async fn get_framed(context: &RequestContext, site: &str) -> ApiResult<Response> {
    let cached = match context.site(site) {
        Ok(site) => site_cache::get(context, &site).await,
        Err(problem) => Err(problem),
    };
    let cached = match cached {
        Ok((cached, _)) => cached,
        Err(problem) => return problem_page(context, problem).await,
    };
    let values = [("site", site), ("name", cached.name.as_str()), ("ancestors", &cached.frame_ancestors)];
    let page = asset_store::text(&context.env, "frame.page").await?;
    let page = render(&page, &values, response::FIVE_MINUTES).with_header("referrer-policy", "no-referrer");
    // A cross-origin isolated page may frame only what is isolated as well.
    Ok(page.with_header("cross-origin-embedder-policy", "require-corp"))
}

/// `GET /s/SITE/qr.svg`: the URL of the hosted survey as a QR code.
pub fn qr_code(context: &RequestContext, site: &str) -> ApiResult<Response> {
    let url = context.hosted_url(&context.site(site)?)?;
    let svg = qr::svg(&url).ok_or_else(|| Problem::bad_request("The header `Host` is too long."))?;
    let response = response::public_file("image/svg+xml", svg);
    // Part of the URL unless the operator has set a public one.
    Ok(response.with_header("vary", "x-forwarded-proto"))
}
