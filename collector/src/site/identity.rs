//! `GET …/identity` and `POST …/identity`: the secret under which the owner proves users.

use super::clock::{iso, now_ms};
use super::state::SiteState;
use crate::http::{ApiResult, Response, response};
use crate::identity::IdentityRule;

/// `GET …/identity`
pub fn get(site: &SiteState) -> ApiResult<Response> {
    let settings = site.settings()?;
    let newest = IdentityRule::new(&settings, now_ms()).newest;
    let secret = site.secret()?.identity_secret(&site.site_id()?, newest);
    let rotated_at = match newest {
        1 => "null".to_owned(),
        _ => format!("\"{}\"", iso(settings.identity_rotated_ms)),
    };
    let identity = settings.identity();
    let text = format!(
        r#"{{"identity":"{identity}","secret":"{secret}","generation":{newest},"rotated_at":{rotated_at}}}"#
    );
    Ok(response::json_text(200, text))
}

/// `POST …/identity`: makes a new secret. The one before it stays valid for a day.
pub fn rotate(site: &SiteState) -> ApiResult<Response> {
    let mut settings = (*site.settings()?).clone();
    settings.identity_rotations = settings.identity_rotations.saturating_add(1);
    settings.identity_rotated_ms = now_ms();
    site.save_settings(settings)?;
    get(site)
}
