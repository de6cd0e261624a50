//! Audit log: which key changed, exported or erased what, for 90 days.
//!
//! The dispatch of commands writes an entry once a handler has succeeded, and the runtime holds the
//! reply back until the entry is on disk: an acknowledged change has its entry. An entry has no
//! personal data, and no text of a key, only its id.
//!
//! Each action keeps its latest [`KEPT`] entries. So a flood of one action does not push the others
//! out of the log.

use api::Role;

use super::clock::{DAY_MS, iso_sql, now_ms};
use super::database::Database;
use super::request::{ApiRequest, page_limit, parse_digits};
use super::state::SiteState;
use crate::http::request_url::query_reader;
use crate::http::{ApiResult, Response, response};
use crate::protocol::KeyDigest;
use crate::route::SiteRoute;

/// Days after which an entry is deleted.
const KEPT_DAYS: i64 = 90;
/// Entries of one action that are kept at least.
const KEPT: i64 = 1_000;
/// Interval of entries at which the surplus of an action is deleted.
const TRIM_INTERVAL: i64 = 50;

/// Actor of an entry: the role and the digest of a key, or neither for the operator.
pub type Actor<'a> = (Option<Role>, Option<&'a KeyDigest>);

/// Returns the action of an endpoint, and the id of its object where the path has it; `None` for
/// what changes nothing. User ids are personal data, so they are left out.
pub fn action(route: &SiteRoute) -> Option<(&'static str, Option<&str>)> {
    use SiteRoute as R;
    Some(match route {
        R::PatchSettings => ("settings.changed", None),
        R::PutSurvey => ("survey.changed", None),
        R::RotateIdentity => ("identity.rotated", None),
        R::PatchResponse { id } => ("response.changed", Some(id)),
        R::DeleteResponse { id } => ("response.erased", Some(id)),
        R::EraseResponses => ("responses.erased", None),
        R::MarkResponses => ("responses.marked", None),
        R::DeleteImport { id } => ("import.deleted", Some(id)),
        R::DeleteUser { .. } => ("user.erased", None),
        R::CreateKey => ("key.created", None),
        R::DeleteKey { id } => ("key.revoked", Some(id)),
        R::CreateNote => ("note.created", None),
        R::PatchNote { id } => ("note.changed", Some(id)),
        R::DeleteNote { id } => ("note.deleted", Some(id)),
        R::CreateWebhook => ("webhook.created", None),
        R::PatchWebhook { id } => ("webhook.changed", Some(id)),
        R::DeleteWebhook { id } => ("webhook.deleted", Some(id)),
        R::RotateWebhook { id } => ("webhook.rotated", Some(id)),
        R::DeleteDelivery { id, .. } => ("delivery.deleted", Some(id)),
        R::GetSettings
        | R::GetIdentity
        | R::GetSurvey
        | R::GetScore
        | R::GetUsage
        | R::GetBadgeSvg
        | R::GetBadgeJson
        | R::ListPublicNotes
        | R::CheckEligibility
        | R::CreateInvitations
        | R::GetEmailRow
        | R::ListResponses
        | R::GetResponse { .. }
        | R::GetCases
        | R::LookUpUsers
        | R::ListKeys
        | R::GetCurrentKey
        | R::ListNotes
        | R::ListWebhooks
        | R::GetWebhook { .. }
        | R::TestWebhook { .. }
        | R::ListDeliveries { .. }
        | R::ReplayDelivery { .. }
        | R::GetBulkJob
        | R::ListImports
        | R::ListTags
        | R::GetImport { .. }
        // The first page is recorded where it is read.
        | R::ReadArchive
        | R::ListAudit => return None,
    })
}

/// Writes an entry.
pub fn record(
    database: &Database,
    (role, key): Actor,
    action: &'static str,
    object: Option<String>,
) -> ApiResult<()> {
    let role = role.map_or("admin", Role::as_str);
    let insert = "INSERT INTO audit (at, role, key, name, action, object) \
        VALUES (?1, ?2, substr(?3, 1, 12), (SELECT name FROM key WHERE digest = ?3), ?4, ?5) \
        RETURNING json_array(id)";
    let key = key.filter(|_| role != "admin").cloned();
    let values = vec![now_ms().into(), role.into(), key.into(), action.into(), object.into()];
    let id = database.number(insert, values)?;
    if id.is_some_and(|id| id % TRIM_INTERVAL == 0) {
        let trim = "DELETE FROM audit WHERE action = ?1 AND id <= \
            (SELECT id FROM audit WHERE action = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
        database.run(trim, vec![action.into(), KEPT.into()])?;
    }
    Ok(())
}

/// Deletes what is older than is kept at the time of a run of retention.
pub fn delete_old(site: &SiteState, run_ms: i64) -> ApiResult<()> {
    let first_ms = run_ms - KEPT_DAYS * DAY_MS;
    site.database.run("DELETE FROM audit WHERE at < ?", vec![first_ms.into()])?;
    Ok(())
}

/// `GET …/audit`: the entries, newest first.
pub fn list(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let pairs = request.query();
    let mut query = query_reader(&pairs, &["limit", "cursor"]);
    let limit = page_limit(&mut query);
    let before = query.parse("cursor", "a `next_cursor` of an earlier page, unchanged", parse_digits::<u32>);
    let (limit, before) = query.finish((limit, before.map(i64::from)))?;
    let sql = format!(
        "SELECT json_group_array(json_array(json_object('at', {}, 'action', action, 'object', object, \
            'role', role, 'key_id', key, 'key_name', name) || '', id)) \
        FROM (SELECT * FROM audit WHERE (?1 IS NULL OR id < ?1) AND at >= ?2 ORDER BY id DESC LIMIT ?3)",
        iso_sql("at")
    );
    let first_ms = now_ms() - KEPT_DAYS * DAY_MS;
    // One more than the page, to know whether there is a next one.
    let values = vec![before.into(), first_ms.into(), (limit + 1).into()];
    let mut entries: Vec<(String, i64)> = site.database.json(&sql, values)?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| has_more).map(|(_, id)| format!("\"{id}\""));
    let next = next.unwrap_or_else(|| "null".to_owned());
    let entries: Vec<String> = entries.into_iter().map(|(entry, _)| entry).collect();
    let text = format!("{{\"entries\":[{}],\"next_cursor\":{next}}}", entries.join(","));
    Ok(response::json_text(200, text))
}
