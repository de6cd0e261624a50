//! `POST /v1/sites`: a new site.

use api::{Survey, ValidationError};
use collector_core::Role;
use collector_core::SiteId;
use serde_json::{Value, json};
use worker::Response;

use super::object::Ask;
use super::{Call, body};
use crate::random;
use crate::reply::{self, Outcome, Problem};
use crate::site::Founding;
use crate::site::settings::{Change, Settings};

const LIMIT: usize = 64 * 1024;

/// Creates a site and answers its id and its keys, which are shown this once.
pub async fn create(call: &mut Call) -> Outcome<Response> {
    let secret = call.secret()?;
    let admin = call
        .setting("GRAPEVINE_ADMIN_TOKEN")
        .ok_or_else(|| Problem::unconfigured("GRAPEVINE_ADMIN_TOKEN", ""))?;
    let shown = call.bearer().ok_or_else(Problem::unauthorized)?;
    if !collector_core::api_key::admin_token_matches(&shown, &admin) {
        return Err(Problem::unauthorized());
    }
    let given = body::json(&mut call.request, LIMIT).await?;
    let settings = read(&given)?;

    let site = SiteId::issue(random()?, &secret);
    let (owner, read) = (
        collector_core::api_key::new_key(Role::Owner, &random()?),
        collector_core::api_key::new_key(Role::Read, &random()?),
    );
    let founding = Founding {
        settings,
        keys: vec![
            (collector_core::api_key::key_digest(&owner), Role::Owner.as_str().into()),
            (collector_core::api_key::key_digest(&read), Role::Read.as_str().into()),
        ],
    };
    let body = serde_json::to_string(&founding).map_err(Problem::internal)?;
    let stored = Ask::new(&site, "_create").with_body(body).send(&call.env).await?;
    if stored.status_code() != 201 {
        return Ok(stored);
    }
    reply::json(201, &json!({ "site": site.as_str(), "keys": { "owner": owner, "read": read } }))
}

/// The settings of a new site: those that can be changed later, and the survey.
fn read(given: &Value) -> Outcome<Settings> {
    let mut given = given.clone();
    let survey = given.as_object_mut().and_then(|fields| fields.remove("survey"));
    let mut wrong = Vec::new();
    let change = Change::read(&given).map_err(|found| wrong.extend(found)).unwrap_or_default();
    let survey = match survey.filter(|survey| !survey.is_null()) {
        None => Survey::default(),
        Some(survey) => {
            Survey::read(&survey, "/survey").map_err(|found| wrong.extend(found)).unwrap_or_default()
        }
    };
    if wrong.is_empty() && change.name().is_none() {
        let detail = "Give the name that visitors know you by: it stands in the question.";
        wrong.push(ValidationError::new("/name", detail));
    }
    if wrong.is_empty() { Ok(change.made(&Settings::new(survey))) } else { Err(wrong.into()) }
}
