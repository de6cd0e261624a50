//! Creation of a site.

use serde_json::json;

use super::clock::now_ms;
use super::state::SiteState;
use super::{audit, jobs, properties, registration, schema, survey};
use crate::http::{ApiResult, Problem, Response, response};
use crate::protocol::NewSite;

/// Creates the site. Its id is random, so no site with this id exists yet.
pub async fn create(site: &SiteState, body: &str) -> ApiResult<Response> {
    let NewSite { settings, keys } = serde_json::from_str(body).map_err(Problem::internal)?;
    site.transaction(|| {
        schema::create(&site.database)?;
        site.store_name()?;
        for (digest, role) in &keys {
            site.database.run(
                "INSERT INTO key (digest, role, created) VALUES (?, ?, ?)",
                vec![digest.as_str().into(), role.as_str().into(), now_ms().into()],
            )?;
        }
        properties::set_tracked_properties(site, None, &settings)?;
        survey::insert_version(&site.database, &settings.survey)?;
        jobs::retention::start(site)?;
        registration::schedule(site)?;
        audit::record(&site.database, (None, None), "site.created", None)?;
        site.save_settings(settings)
    })?;
    site.scheduler.set_alarm().await?;
    registration::try_now(site).await;
    Ok(response::json(201, &json!({})))
}
