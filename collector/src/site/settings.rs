//! `GET …` and `PATCH …`: settings of the site, other than its survey.

use super::jobs::rezone;
use super::properties;
use super::registration;
use super::request::ApiRequest;
use super::site_settings::SettingsPatch;
use super::state::SiteState;
use super::webhooks::events;
use crate::http::{ApiResult, Problem, Response, etag, response};

/// Settings as JSON, with their tag.
struct TaggedSettings {
    text: String,
    etag: String,
}

/// `GET …`
pub fn get(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let TaggedSettings { text, etag } = read(site)?;
    Ok(response::tagged_as(&text, &etag, request.if_none_match()))
}

/// `PATCH …`: changes the fields that are given and leaves the others (JSON Merge Patch, RFC 7396).
pub async fn patch(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    // Progress of a job is not a change of the owner's, so only the first half of the tag counts
    // here.
    let current = read(site)?;
    let settings_half = |etag: &str| etag.split('.').next().map(str::to_owned);
    let known = request.call.if_match.as_deref();
    if known.is_none_or(|known| settings_half(known) != settings_half(&current.etag)) {
        request.check_if_match(&current.etag)?;
    }
    let patch = SettingsPatch::read(&request.json()?)?;
    let before = site.settings()?;
    let after = patch.apply_to(&before);
    let is_renamed = after.name != before.name;
    site.transaction(|| {
        properties::set_tracked_properties(site, Some(&before), &after)?;
        let is_rezoned = after.zone != before.zone;
        site.save_settings(after)?;
        if is_renamed {
            registration::schedule(site)?;
        }
        if is_rezoned {
            rezone::start(site)?;
            events::schedule_digest(site)?;
        }
        Ok(())
    })?;
    site.scheduler.set_alarm().await?;
    if is_renamed {
        registration::try_now(site).await;
    }
    let TaggedSettings { text, etag } = read(site)?;
    Ok(response::tagged_as(&text, &etag, None))
}

/// Returns the settings with the progress of jobs that apply them. The tag has a half for each.
fn read(site: &SiteState) -> ApiResult<TaggedSettings> {
    let settings = site.settings()?;
    let progress = "SELECT json_object( \
        'properties', (SELECT json_group_array(name) FROM property WHERE length(upto) <= 16), \
        'timezone', json(iif(EXISTS (SELECT 1 FROM due WHERE kind = 'zone'), 'true', 'false')))";
    let progress = site.database.text(progress, vec![])?.unwrap_or_default();
    let text = serde_json::to_string(&settings.view()).map_err(Problem::internal)?;
    let etag = format!(
        "{}.{}",
        etag::of_text(&text).trim_end_matches('"'),
        etag::of_text(&progress).trim_start_matches('"')
    );
    let text = text.strip_suffix('}').unwrap_or(&text);
    let text = format!("{text},\"site\":\"{}\",\"in_progress\":{progress}}}", site.site_id()?);
    Ok(TaggedSettings { text, etag })
}
