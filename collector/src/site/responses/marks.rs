//! Marks of responses: test and spam. A marked response is in no figure, no case and no webhook,
//! until the mark is taken back.

use api::{Mark, ValidationError};
use serde_json::{Value, json};

use crate::http::ApiResult;
use crate::http::problem::quoted;
use crate::site::clock::now_ms;
use crate::site::properties;
use crate::site::state::SiteState;

/// Reads the mark of a patch: `null` takes it back.
pub fn read(value: &Value) -> Result<Option<Mark>, ValidationError> {
    match value {
        Value::Null => Ok(None),
        value => value.as_str().and_then(Mark::parse).map(Some).ok_or_else(|| {
            let given = value.as_str().map_or_else(|| value.to_string(), quoted);
            ValidationError::new("/mark", format!("`mark` must be test, spam or null, not {given}."))
        }),
    }
}

/// Marks responses by their hexadecimal ids, or takes their marks back. Returns how many have
/// changed.
pub fn set(site: &SiteState, ids: &[String], mark: Option<Mark>) -> ApiResult<u64> {
    let ids = json!(ids).to_string();
    let number = mark.map(Mark::number);
    site.transaction(|| {
        let condition = "id IN (SELECT unhex(value) FROM json_each(?1)) AND mark IS NOT ?2";
        let count = format!("SELECT json_array(count(*)) FROM response WHERE {condition}");
        let changed = site.database.count(&count, vec![ids.as_str().into(), number.into()])?;
        // What was not sent is sent once the mark is taken back.
        let unsent = "SELECT subject FROM delivery WHERE state = 'pending' \
            AND subject IN (SELECT lower(value) FROM json_each(?1))";
        let again = format!(
            "UPDATE response SET told = 0 \
                WHERE id IN (SELECT unhex(subject) FROM ({unsent})) AND ?2 > 0"
        );
        site.database.run(&again, vec![ids.as_str().into(), number.into()])?;
        let withdraw =
            format!("DELETE FROM delivery WHERE ?2 > 0 AND state = 'pending' AND subject IN ({unsent})");
        site.database.run(&withdraw, vec![ids.as_str().into(), number.into()])?;
        let update = format!("UPDATE response SET mark = ?2 WHERE {condition}");
        site.database.run(&update, vec![ids.as_str().into(), number.into()])?;
        if mark.is_none() && site.webhooks.has_any() {
            let schedule = "INSERT OR IGNORE INTO due (kind, subject, at) \
                SELECT 'response', lower(hex(id)), ?2 FROM response \
                WHERE id IN (SELECT unhex(value) FROM json_each(?1)) \
                  AND told & 1 = 0 AND channel <> 'import'";
            site.database.run(schedule, vec![ids.as_str().into(), now_ms().into()])?;
        }
        properties::free_places(&site.database)?;
        Ok(changed)
    })
}
