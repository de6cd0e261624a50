//! `GET …/identity` and `POST …/identity`: the secret under which the owner proves users.

use api::site_patch::IDENTITIES;
use serde_json::json;
use worker::Response;

use super::clock::{iso, now_ms};
use super::state::SiteState;
use crate::http::{ApiResult, response};
use crate::identity::IdentityRule;

/// `GET …/identity`
pub fn get(site: &SiteState) -> ApiResult<Response> {
    let settings = site.settings()?;
    let newest = IdentityRule::new(&settings, now_ms()).newest;
    response::json(
        200,
        &json!({
            "identity": IDENTITIES[usize::from(settings.signed_identity)],
            "secret": site.secret()?.identity_secret(&site.site_id()?, newest),
            "generation": newest,
            "rotated_at": (newest > 1).then(|| iso(settings.identity_rotated_ms)),
        }),
    )
}

/// `POST …/identity`: makes a new secret. The one before it stays valid for a day.
pub fn rotate(site: &SiteState) -> ApiResult<Response> {
    let mut settings = (*site.settings()?).clone();
    settings.identity_rotations = settings.identity_rotations.saturating_add(1);
    settings.identity_rotated_ms = now_ms();
    site.save_settings(settings)?;
    get(site)
}
