//! `POST …/links`: invitations, which are links that carry who responds.
//!
//! An invitation is made from the request and the collector's secret, so nothing is stored for it.

use api::ResponseId;
use collector_core::Invitation;
use serde_json::{Map, Value};

use super::request::ApiRequest;
use super::state::SiteState;
use crate::environment::random;
use crate::http::{ApiResult, Response, response};

/// Creates invitations, each with an id of its own.
pub fn create(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let (given, site_id, secret) = (request.json()?, site.site_id()?, site.secret()?);
    let hosted_url = request.call.hosted_url.as_deref().unwrap_or_default();
    let mut failure = None;
    let invitations = Invitation::read_all(&given, &mut || {
        let bytes = random().map_err(|problem| failure = Some(problem)).unwrap_or_default();
        ResponseId::from_random(bytes)
    })?;
    if let Some(problem) = failure {
        return Err(problem);
    }
    let views = invitations.into_iter().map(|invitation| {
        let token = invitation.token(&site_id, &secret);
        let mut view = invitation.into_claims();
        view.insert("url".into(), format!("{hosted_url}?t={token}").into());
        view.insert("token".into(), token.into());
        Value::Object(view)
    });
    let body = Map::from_iter([("links".to_owned(), views.collect::<Value>())]);
    Ok(response::json(201, &Value::Object(body)))
}
