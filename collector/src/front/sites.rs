//! `POST /v1/sites`: a new site. `GET /v1/sites/SITE/usage`: what its object did and holds.

use nps::invalid::pointer;
use nps::site_id::{self, Role};
use nps::{Invalid, SiteId, Survey};
use serde_json::{Map, Value, json};
use worker::Response;

use super::object::Ask;
use super::{Call, body};
use crate::reply::{self, Outcome, Problem};
use crate::site::settings::{self, Settings};
use crate::{intl, site};

const LIMIT: usize = 64 * 1024;

/// Creates a site and answers its id and its keys, which are shown this once.
pub async fn create(mut call: Call) -> Outcome<Response> {
    let secret = call.secret()?;
    let admin = call
        .setting("GRAPEVINE_ADMIN_TOKEN")
        .ok_or_else(|| Problem::unconfigured("GRAPEVINE_ADMIN_TOKEN", ""))?;
    let shown = call.bearer().ok_or_else(Problem::unauthorized)?;
    // Digests, so that the time of the comparison tells nothing, not even the length.
    if !site_id::same(site_id::key_digest(&shown).as_bytes(), site_id::key_digest(&admin).as_bytes()) {
        return Err(Problem::unauthorized());
    }
    let given = body::json(&mut call.request, LIMIT).await?;
    let settings = read(&given)?;

    let site = SiteId::issue(random()?, &secret);
    let (owner, read) = (site_id::new_key(Role::Owner, &random()?), site_id::new_key(Role::Read, &random()?));
    let founding = site::Founding {
        settings,
        keys: vec![
            (site_id::key_digest(&owner), Role::Owner.word().into()),
            (site_id::key_digest(&read), Role::Read.word().into()),
        ],
    };
    let body = serde_json::to_string(&founding).map_err(Problem::internal)?;
    let stored = Ask::new(&site, "create").with_body(body).send(&call.env).await?;
    if stored.status_code() != 201 {
        return Ok(stored);
    }
    reply::json(201, &json!({ "site": site.as_str(), "keys": { "owner": owner, "read": read } }))
}

/// What the object read and wrote since it was last started, and how large its data is: the figures of a bill.
pub async fn usage(call: Call, site: &str) -> Outcome<Response> {
    Ask::new(&call.site(site)?, "usage").with_key(call.bearer())?.send(&call.env).await
}

fn read(given: &Value) -> Outcome<Settings> {
    let Value::Object(fields) = given else {
        return Err(Invalid::at("", "Must be an object, for example {\"name\": \"My shop\"}.").into());
    };
    if let Some(unknown) =
        fields.keys().find(|name| !["name", "timezone", "origins", "survey"].contains(&name.as_str()))
    {
        let detail = "There is no field of this name. The fields are name, timezone, origins, survey.";
        return Err(Invalid::at(pointer("", unknown), detail).into());
    }
    let zone = match fields.get("timezone") {
        None | Some(Value::Null) => nps::Zone::utc(),
        Some(Value::String(name)) => intl::zone(name)?,
        Some(_) => {
            return Err(Invalid::at("/timezone", "Must be an IANA name, for example Europe/Warsaw.").into());
        }
    };
    let survey = fields
        .get("survey")
        .filter(|survey| !survey.is_null())
        .map(Survey::from_json)
        .transpose()?
        .unwrap_or_default();
    Ok(Settings { name: name(fields)?, zone, origins: settings::origins(fields.get("origins"))?, survey })
}

fn name(fields: &Map<String, Value>) -> Outcome<String> {
    let name = fields.get("name").and_then(Value::as_str).map(str::trim).unwrap_or_default();
    if name.is_empty() || name.chars().count() > 100 {
        let detail =
            "Must be the name that visitors know you by, 1 to 100 characters: it stands in the question.";
        return Err(Invalid::at("/name", detail).into());
    }
    Ok(name.to_owned())
}

/// Random bytes from the runtime.
fn random<const N: usize>() -> Outcome<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    Ok(bytes)
}
