//! `POST /v1/sites`: creates a site.

use api::{Survey, ValidationError};
use collector_core::Role;
use collector_core::SiteId;
use collector_core::api_key::{key_digest, new_key};
use serde_json::{Value, json};
use worker::Response;

use super::context::RequestContext;
use super::site_client::SiteClient;
use crate::environment::{random, secret};
use crate::http::{ApiResult, Problem, body, response};
use crate::protocol::{Command, NewSite};
use crate::site::site_settings::{SettingsPatch, SiteSettings};

/// Creates a site and returns its id and its keys, which are shown this once. The caller has the
/// admin token.
pub async fn create(context: &RequestContext, body_limit: usize) -> ApiResult<Response> {
    let given = body::read_json(&context.request, body_limit).await?;
    let settings = read_settings(given)?;

    let site = SiteId::issue(random()?, &secret(&context.env)?);
    let (owner, read) = (new_key(Role::Owner, &random()?), new_key(Role::Read, &random()?));
    let new = NewSite {
        settings,
        keys: vec![
            (key_digest(&owner), Role::Owner.as_str().into()),
            (key_digest(&read), Role::Read.as_str().into()),
        ],
    };
    let new = serde_json::to_string(&new).map_err(Problem::internal)?;
    let created = SiteClient::new(&context.env, &site).send(&Command::CreateSite, Some(&new)).await?;
    if created.status() != 201 {
        return Ok(created.into_response());
    }
    response::json(201, &json!({ "site": site.as_str(), "keys": { "owner": owner, "read": read } }))
}

/// Reads the settings of a new site: those that can be patched later, and the survey.
fn read_settings(mut given: Value) -> ApiResult<SiteSettings> {
    let survey = given.as_object_mut().and_then(|fields| fields.remove("survey"));
    let mut errors = Vec::new();
    let patch = SettingsPatch::read(&given).map_err(|found| errors.extend(found)).unwrap_or_default();
    let survey = match survey.filter(|survey| !survey.is_null()) {
        None => Survey::default(),
        Some(survey) => {
            Survey::read(&survey, "/survey").map_err(|found| errors.extend(found)).unwrap_or_default()
        }
    };
    if errors.is_empty() && patch.name().is_none() {
        let detail =
            "Missing field `name`. Give the name that visitors know you by: it stands in the question.";
        errors.push(ValidationError::new("/name", detail));
    }
    if errors.is_empty() { Ok(patch.apply_to(&SiteSettings::new(survey))) } else { Err(errors.into()) }
}
