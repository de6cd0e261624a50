//! `/v1/sites`: creating, listing and deleting sites. The caller has the admin token.

use api::Role;
use api::{Survey, ValidationError};
use collector_core::api_key::{key_digest, new_key};
use collector_core::{Jurisdiction, SiteId};
use serde_json::{Value, json};
use web_sys::Response;

use super::context::RequestContext;
use super::site_cache;
use super::site_client::SiteClient;
use crate::environment::{random, secret};
use crate::http::problem::quoted;
use crate::http::request_url::query_reader;
use crate::http::{ApiResult, Problem, body, response};
use crate::protocol::{Command, NewSite};
use crate::registry::client;
use crate::registry::protocol::{ListSites, SitePosition};
use crate::site::request::page_limit;
use crate::site::site_settings::{SettingsPatch, SiteSettings};

/// `POST /v1/sites`: creates a site and returns its id and its keys, which are shown this once.
pub async fn create(context: &RequestContext, body_limit: usize) -> ApiResult<Response> {
    let mut given = body::read_json(context, body_limit).await?;
    let jurisdiction = take_jurisdiction(&mut given)?;
    let settings = read_settings(given)?;

    let site = SiteId::issue_in(jurisdiction, random()?, &secret(&context.env)?);
    let (owner, read) = (new_key(Role::Owner, &random()?), new_key(Role::Read, &random()?));
    let new = NewSite {
        settings,
        keys: vec![
            (key_digest(&owner), Role::Owner.as_str().into()),
            (key_digest(&read), Role::Read.as_str().into()),
        ],
    };
    let new = serde_json::to_string(&new).map_err(Problem::internal)?;
    let created = SiteClient::new(context, &site).send(&Command::CreateSite, Some(&new)).await?;
    if created.status() != 201 {
        return created.into_runtime();
    }
    let created = json!({ "site": site.as_str(), "keys": { "owner": owner, "read": read } });
    response::json(201, &created).into_runtime()
}

/// `GET /v1/sites`: lists the sites, the newest first, with those that were deleted.
pub async fn list(context: &RequestContext) -> ApiResult<Response> {
    let pairs = context.url.pairs();
    let mut query = query_reader(&pairs, &["limit", "cursor"]);
    let limit = page_limit(&mut query);
    let expected = "a `next_cursor` of an earlier page, unchanged";
    let after = query.parse("cursor", expected, SitePosition::parse);
    let (limit, after) = query.finish((limit, after))?;
    client::list(&context.env, ListSites { after, limit }).await
}

/// `DELETE /v1/sites/SITE`: deletes a site with everything in it.
pub async fn delete(context: &RequestContext, site: &str) -> ApiResult<Response> {
    let site = context.site(site)?;
    let reply = SiteClient::new(context, &site).send(&Command::DeleteSite, None).await?;
    site_cache::expire(&site);
    reply.into_runtime()
}

/// Takes the jurisdiction from the settings of a new site: it is part of the id, and cannot be
/// changed.
fn take_jurisdiction(given: &mut Value) -> Result<Option<Jurisdiction>, ValidationError> {
    let Some(value) = given.as_object_mut().and_then(|fields| fields.remove("jurisdiction")) else {
        return Ok(None);
    };
    if value.is_null() {
        return Ok(None);
    }
    let known = value.as_str().and_then(Jurisdiction::parse);
    known.map(Some).ok_or_else(|| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let detail = format!(
            "{} is not a jurisdiction. Give `eu`, or leave it out for a site that may be anywhere.",
            quoted(&text)
        );
        ValidationError::new("/jurisdiction", detail)
    })
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
