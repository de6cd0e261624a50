//! People's rights, and not asking them too often.
//!
//! The owner's name for a visitor is kept only as a keyed digest of this site, so what the owner asks for by name is turned into
//! that first. Nothing here tells a stranger more than whether a visitor may be asked again.

use std::time::Duration;

use api::ValidationError;
use api::limits::MAX_USER;
use api::user::is_placeholder;
use api::validation::pointer;
use collector_core::SiteId;
use collector_core::eligibility::Showing;
use serde::Deserialize;
use serde_json::{Value, json};
use worker::{Delay, Response};

use super::Inner;
use super::asked::Asked;
use super::clock::{iso_of, now};
use crate::reply::{self, Outcome, Problem};
use crate::row::id_of;

/// How many users one request may ask about.
const MAX_USERS: usize = 1_000;
/// How many responses of a person are erased at once.
const ERASED_AT_ONCE: i32 = 500;
/// How many showings count for whether somebody may be asked again: more than any rule looks at.
const SHOWINGS: i32 = 100;

#[derive(Deserialize)]
struct Known(i64, u8, u8);

impl Inner {
    /// What is kept in place of the owner's name for a visitor.
    pub fn hidden_user(&self, user: &str) -> Outcome<String> {
        Ok(self.secret()?.hide_user(&self.site()?, user))
    }

    /// The id of this site.
    pub fn site(&self) -> Outcome<SiteId> {
        let name = self.state.id().name().ok_or_else(|| Problem::internal("an object without a name"))?;
        SiteId::verify(&name, &self.secret()?).ok_or_else(Problem::no_site)
    }

    /// Erases everything that is kept about one person, by pages, so that others get in between. Nothing kept is fine too: the
    /// request may come twice.
    pub async fn erase_person(&self, user: &str) -> Outcome<Response> {
        let hidden = self.hidden_user(Self::named(user)?)?;
        let query =
            "SELECT json_group_array(lower(hex(id))) FROM (SELECT id FROM response WHERE user = ? LIMIT ?)";
        let mut erased = 0;
        loop {
            let ids: Vec<String> =
                self.database.json(query, vec![hidden.as_str().into(), ERASED_AT_ONCE.into()])?;
            self.erase_all(&ids)?;
            erased += ids.len();
            if ids.len() < ERASED_AT_ONCE as usize {
                return reply::json(200, &json!({ "erased": erased }));
            }
            Delay::from(Duration::ZERO).await;
        }
    }

    /// The owner's name for a visitor, where it can be one.
    pub fn named(user: &str) -> Outcome<&str> {
        is_user(user).then_some(user).ok_or_else(|| Problem::not_found("user of this name"))
    }

    /// What became of each of the users that the owner names: who was asked, who answered, who never did.
    pub fn users(&self, asked: &Asked) -> Outcome<Response> {
        let given = asked.json()?;
        let users = match &given {
            Value::Object(fields) => {
                if let Some(unknown) = fields.keys().find(|name| *name != "users") {
                    let detail = "There is no field of this name. There is only users.";
                    return Err(ValidationError::new(pointer("", unknown), detail).into());
                }
                fields.get("users").and_then(Value::as_array)
            }
            _ => None,
        };
        let users = users.filter(|users| (1..=MAX_USERS).contains(&users.len())).ok_or_else(|| {
            ValidationError::new(
                "/users",
                format!("Must be an array of 1 to {MAX_USERS} of your ids for users, each of them text."),
            )
        })?;
        let mut hidden = Vec::with_capacity(users.len());
        for (at, user) in users.iter().enumerate() {
            let user = user.as_str().filter(|user| is_user(user)).ok_or_else(|| {
                ValidationError::new(
                    format!("/users/{at}"),
                    format!("Must be text of 1 to {MAX_USER} characters."),
                )
            })?;
            hidden.push(json!([user, self.hidden_user(user)?]));
        }
        let query = format!(
            "SELECT json_object('users', json_group_array(json(row))) FROM (SELECT json_object(
                'user', given.value ->> 0, 'showings', count(response.id), 'answers', ifnull(sum(score IS NOT NULL), 0),
                'dismissals', ifnull(sum(dismissed AND score IS NULL), 0), 'last_shown_at', {}, 'last_answered_at', {}) AS row
            FROM json_each(?) AS given LEFT JOIN response ON response.user = given.value ->> 1 GROUP BY given.key ORDER BY given.key)",
            iso_of("max(at)"),
            iso_of("max(iif(score IS NOT NULL, at, NULL))")
        );
        self.database.answer(200, &query, vec![Value::Array(hidden).to_string().into()])
    }

    /// Whether a user may be asked again, on whatever device; somebody unknown always may. It says no more than that.
    pub fn due(&self, asked: &Asked) -> Outcome<Response> {
        let settings = self.settings()?;
        let mut user = None;
        for (name, value) in asked.query() {
            match name.as_str() {
                "user" if user.is_none() => user = Some(value),
                "user" => {
                    return Err(ValidationError::new("user", "Is given more than once; give it once.").into());
                }
                _ => {
                    return Err(ValidationError::new(
                        name,
                        "There is no parameter of this name. There is only user.",
                    )
                    .into());
                }
            }
        }
        let wrong = || {
            ValidationError::new(
                "user",
                format!("Must be your id for the user, at most {MAX_USER} characters."),
            )
        };
        let user = user.filter(|user| user.is_empty() || is_user(user)).ok_or_else(wrong)?;
        // Guests have no history here, and a history that was stored under a placeholder is that of many people.
        if is_placeholder(&user) {
            return reply::json(200, &json!({ "due": true }));
        }
        let query = "SELECT json_group_array(json(row)) FROM (SELECT json_array(at, score IS NOT NULL, dismissed) AS row
            FROM response WHERE user = ? ORDER BY at DESC LIMIT ?)";
        let known: Vec<Known> =
            self.database.json(query, vec![self.hidden_user(&user)?.into(), SHOWINGS.into()])?;
        let history: Vec<Showing> = known
            .into_iter()
            .map(|Known(at_ms, answered, dismissed)| Showing {
                at_ms,
                answered: answered == 1,
                dismissed: dismissed == 1 && answered == 0,
            })
            .collect();
        let due = collector_core::eligibility::check(&settings.survey.recontact, now(), &history).is_ok();
        reply::json(200, &json!({ "due": due }))
    }
}

/// Whether text can be the owner's name for a visitor.
fn is_user(user: &str) -> bool {
    !user.is_empty() && user.chars().nth(MAX_USER).is_none()
}

/// A UUID with its hyphens.
pub fn hyphened(hex: &str) -> String {
    api::ResponseId::to_string(&id_of(hex))
}
