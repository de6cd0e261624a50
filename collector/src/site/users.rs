//! Users: their rights, and whether they may be surveyed again.
//!
//! The owner's name for a visitor is stored only as a keyed digest of this site, so whatever the
//! owner requests by name is turned into that first. A stranger learns only whether a visitor may
//! be surveyed again.

use api::ValidationError;
use api::limits::MAX_USER;
use api::user::is_placeholder;
use collector_core::eligibility::Impression;
use serde::Deserialize;
use serde_json::{Value, json};

use super::clock::{iso_sql, now_ms};
use super::fields::known_fields;
use super::request::ApiRequest;
use super::responses::erasure::erase_for_good;
use super::state::SiteState;
use crate::http::{ApiResult, Problem, Response, response};
use crate::identity::IdentityRule;
use crate::protocol::Progress;

/// The most users of one lookup.
const MAX_USERS: usize = 1_000;
/// Responses of a user that are erased at once.
const ERASURE_PAGE: i32 = 500;
/// Latest impressions that eligibility takes into account: more than any rule looks at.
const MAX_IMPRESSIONS: i32 = 100;

/// Impression of the survey, as the database returns it: time, whether it was answered, whether it
/// was dismissed.
#[derive(Deserialize)]
struct ImpressionRow(i64, u8, u8);

impl From<ImpressionRow> for Impression {
    fn from(ImpressionRow(at_ms, answered, dismissed): ImpressionRow) -> Self {
        Self { at_ms, answered: answered == 1, dismissed: dismissed == 1 && answered == 0 }
    }
}

/// Returns the digest that is stored instead of the owner's name for a user.
pub fn digest(site: &SiteState, user: &str) -> ApiResult<String> {
    Ok(site.secret()?.hide_user(&site.site_id()?, user))
}

/// Returns the user of a path; 404 where the text cannot be the name of a user.
pub fn check_name(user: &str) -> ApiResult<&str> {
    is_user(user).then_some(user).ok_or_else(|| Problem::not_found("user with this name"))
}

/// `DELETE …/users/USER`: erases everything about one user, a page at a time. Nothing to erase is
/// fine too: the request may come twice.
pub fn delete(site: &SiteState, request: &ApiRequest, user: &str) -> ApiResult<Response> {
    let digest = digest(site, check_name(user)?)?;
    let query =
        "SELECT json_group_array(lower(hex(id))) FROM (SELECT id FROM response WHERE user = ? LIMIT ?)";
    let ids: Vec<String> = site.database.json(query, vec![digest.into(), ERASURE_PAGE.into()])?;
    erase_for_good(&site.database, &ids)?;
    let erased = request.pages_done().responses + ids.len() as i64;
    if ids.len() == ERASURE_PAGE as usize {
        return request.continue_after(Progress { responses: erased, cursor: None });
    }
    Ok(response::json(200, &json!({ "erased": erased })))
}

/// `POST …/users/lookup`: what became of the surveys of each given user.
pub fn look_up(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let given = request.json()?;
    if given.is_object() {
        known_fields(&given, &["users"], r#"{"users": ["user-17"]}"#)?;
    }
    let users = given.get("users").and_then(Value::as_array);
    let users = users.filter(|users| (1..=MAX_USERS).contains(&users.len())).ok_or_else(|| {
        let detail = format!("`users` must be an array of 1 to {MAX_USERS} of your user ids, each a string.");
        ValidationError::new("/users", detail)
    })?;
    let mut digests = Vec::with_capacity(users.len());
    for (index, user) in users.iter().enumerate() {
        let user = user.as_str().filter(|user| is_user(user)).ok_or_else(|| {
            let detail = format!("A user id must be a string of 1 to {MAX_USER} characters.");
            ValidationError::new(format!("/users/{index}"), detail)
        })?;
        digests.push(json!([user, digest(site, user)?]));
    }
    let query = format!(
        "SELECT json_object('users', json_group_array(json(row))) FROM (SELECT json_object( \
            'user', given.value ->> 0, 'showings', count(response.id), \
            'answers', ifnull(sum(score IS NOT NULL), 0), \
            'dismissals', ifnull(sum(dismissed AND score IS NULL), 0), \
            'last_shown_at', {}, 'last_answered_at', {}) AS row \
        FROM json_each(?) AS given LEFT JOIN response ON response.user = given.value ->> 1 \
                AND response.mark IS NULL \
            GROUP BY given.key ORDER BY given.key)",
        iso_sql("max(at)"),
        iso_sql("max(iif(score IS NOT NULL, at, NULL))")
    );
    site.database.json_response(200, &query, vec![Value::Array(digests).to_string().into()])
}

/// `GET …/due`: whether a user may be surveyed again, on whatever device. An unknown user always
/// may. The response discloses nothing else.
pub fn check_eligibility(site: &SiteState, request: &ApiRequest) -> ApiResult<Response> {
    let settings = site.settings()?;
    settings.check_origin(request.call.origin.as_deref())?;
    site.limits.check_eligibility(request.call.visitor)?;
    let invalid = || {
        let detail = format!("`user` must be your id for the user, at most {MAX_USER} characters.");
        ValidationError::new("user", detail)
    };
    let [user, hash] = request.parameters(["user", "user_hash"])?;
    let user = user.filter(|user| user.is_empty() || is_user(user)).ok_or_else(invalid)?;
    // Guests have no history here, and a history that was stored under a placeholder is that of
    // many people. Who cannot prove a user does not learn the user's.
    let (now_ms, secret) = (now_ms(), site.secret()?);
    let rule = IdentityRule::new(&settings, now_ms);
    if is_placeholder(&user) || !rule.admits((&secret, &site.site_id()?), &user, hash.as_deref()) {
        return Ok(response::json(200, &json!({ "due": true })));
    }
    let query = "SELECT json_group_array(json(row)) FROM (SELECT json_array(at, score IS NOT NULL, dismissed) AS row \
        FROM response WHERE user = ? ORDER BY at DESC LIMIT ?)";
    let values = vec![digest(site, &user)?.into(), MAX_IMPRESSIONS.into()];
    let impressions: Vec<ImpressionRow> = site.database.json(query, values)?;
    let history: Vec<Impression> = impressions.into_iter().map(Impression::from).collect();
    let is_eligible =
        collector_core::eligibility::check(&settings.survey.recontact, now_ms, &history).is_ok();
    Ok(response::json(200, &json!({ "due": is_eligible })))
}

/// Whether text can be the owner's name for a user.
fn is_user(user: &str) -> bool {
    !user.is_empty() && user.chars().nth(MAX_USER).is_none()
}
