//! `POST /s/SITE`: the form of the hosted page, for browsers without JavaScript or WebAssembly.
//!
//! The first request stores nothing. Its reply is a page that shows the response and asks to
//! confirm it; only the second request stores. So a program that submits forms does not vote. The
//! token of the confirmation has the id of the response, so a form that is sent twice counts once.
//! It takes the place of the check of the origin, since the page is our own.

use api::{ResponseId, ResponseUpdate};
use collector_core::FormToken;
use collector_core::form_token::FormTokenError;
use nps::Score;
use serde_json::{Map, Value, json};
use worker::Date;

use super::context::RequestContext;
use super::hosted_page::{Visit, parse_score, problem_page};
use super::hosted_survey::survey_page;
use super::ingest;
use crate::environment::{random, secret};
use crate::http::request_url::query_pairs;
use crate::http::{ApiResult, Problem, Response, body};
use crate::protocol::{DEFERRED, DONE};

/// Caching of pages that repeat what a visitor wrote.
const NOT_STORED: &str = "private, no-store";

/// Returns the confirmation page, or stores a confirmed response and returns the thanks.
pub async fn post(context: &RequestContext, site: &str, body_limit: usize) -> ApiResult<Response> {
    match handle(context, site, body_limit).await {
        Ok(response) => Ok(response),
        Err(problem) => problem_page(context, problem).await,
    }
}

async fn handle(context: &RequestContext, site: &str, body_limit: usize) -> ApiResult<Response> {
    let mut visit = Visit::read(context, site).await?;
    let fields = query_pairs(&body::read_text(context, body_limit).await?);
    let field = |wanted: &str| {
        fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    // Forms send line breaks as CR LF.
    let comment = field("comment").replace("\r\n", "\n");
    let Some(score) = parse_score(field("score")) else {
        visit.options.remove("score");
        return survey_page(context, &visit, &comment, (422, NOT_STORED)).await;
    };
    let now_ms = i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX);
    match FormToken::verify(field("token"), &visit.site, &secret(&context.env)?, now_ms) {
        Ok(id) => {
            store(context, &mut visit, id, score, &comment).await?;
            let values = [("thanks_line", visit.thanks_line(score))];
            visit.render(context, "thanks.page", &values, (200, NOT_STORED)).await
        }
        Err(reason) => {
            let invited = visit.options.get("id").and_then(Value::as_str).and_then(ResponseId::parse);
            let id = match (invited, reason) {
                (Some(id), _) | (None, FormTokenError::Expired(id)) => id,
                (None, FormTokenError::Invalid) => ResponseId::from_random(random()?),
            };
            let token = FormToken::new(id, now_ms).to_text(&visit.site, &secret(&context.env)?);
            let score = score.get().to_string();
            let comment_hidden = if comment.trim().is_empty() { "hidden" } else { "" };
            let values = [
                ("token", token.as_str()),
                ("score", &score),
                ("comment", &comment),
                ("comment_hidden", comment_hidden),
            ];
            visit.render(context, "confirm.page", &values, (200, NOT_STORED)).await
        }
    }
}

/// Stores the response as a message of the page would be.
async fn store(
    context: &RequestContext,
    visit: &mut Visit,
    id: ResponseId,
    score: Score,
    comment: &str,
) -> ApiResult<()> {
    let visitor = context.visitor(&visit.site)?;
    context.check_edge_limit(visitor).await?;
    let mut message = Map::from_iter([
        ("id".to_owned(), json!(id)),
        ("score".to_owned(), score.get().into()),
        ("comment".to_owned(), comment.into()),
        ("shown".to_owned(), true.into()),
        ("lang".to_owned(), visit.lang().into()),
    ]);
    for name in ["channel", "user", "properties"] {
        message.extend(visit.options.remove(name).map(|value| (name.to_owned(), value)));
    }
    let received = ResponseUpdate::from_json(&Value::Object(message), &visit.cached.properties);
    let update = received.map_err(Problem::invalid_all)?.update;
    let stored = ingest::store(context, &visit.site, vec![update], None, (visitor, None)).await?;
    match stored.status() {
        DONE => Ok(()),
        DEFERRED => Err(Problem::busy().detailed(
            "Your score is stored. The site takes no more text today, so send the comment again tomorrow.",
        )),
        507 => Err(Problem::storage_full()),
        _ => Err(Problem::busy()),
    }
}
