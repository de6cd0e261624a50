//! Migrations of the tables from earlier versions.

use api::ResponseId;
use collector_core::stored_response::search_rowid;
use serde_json::{Value, json};

use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::database::Database;

/// The most responses that are moved at once.
const PAGE: usize = 1_000;

/// Migrates from the first version, whose totals had no properties. The responses go into the new
/// table, whose triggers count them anew.
pub fn from_first(database: &Database) -> ApiResult<()> {
    // Should this be interrupted, the old table is still there and `due`, which comes last, is not:
    // it begins anew.
    for statement in [
        "DROP TRIGGER IF EXISTS response_added",
        "DROP TRIGGER IF EXISTS response_changed",
        "DROP INDEX IF EXISTS response_untimed",
        "DROP TABLE IF EXISTS day",
        "ALTER TABLE response RENAME TO response_first",
        "ALTER TABLE meta RENAME TO meta_first",
        "ALTER TABLE key RENAME TO key_first",
    ] {
        database.run(statement, vec![])?;
    }
    super::create(database)?;
    database.run("INSERT INTO meta SELECT name, value FROM meta_first", vec![])?;
    let keys = "INSERT INTO key (digest, role, created) SELECT digest, role, ? FROM key_first";
    database.run(keys, vec![now_ms().into()])?;
    let mut after = String::new();
    loop {
        let page = "SELECT json_group_array(hex(id)) FROM
            (SELECT id FROM response_first WHERE id > unhex(?) ORDER BY id LIMIT ?)";
        let ids: Vec<String> = database.json(page, vec![after.as_str().into(), (PAGE as i32).into()])?;
        let Some(last) = ids.last() else { break };
        let numbered: Vec<Value> =
            ids.iter().filter_map(|id| Some(json!([id, search_rowid(ResponseId::from_hex(id)?)]))).collect();
        let moved = "INSERT INTO response (id, number, at, timed, day, variant, channel, score, score_ms,
            bucket, comment,
                comment_ms, shown, dismissed, lang, page, user, properties)
            SELECT r.id, given.value ->> 1, r.at, r.timed, r.day, r.variant, r.channel, r.score,
                r.score_ms, r.bucket, r.comment,
                r.comment_ms, r.shown, r.dismissed, r.lang, r.page, r.user, r.properties
            FROM json_each(?) AS given JOIN response_first AS r ON r.id = unhex(given.value ->> 0)";
        database.run(moved, vec![Value::Array(numbered).to_string().into()])?;
        after = last.clone();
    }
    // The settings had no retention, and nothing may be deleted that was kept so far: that is the
    // owner's decision.
    let kept = "UPDATE meta SET value = json_set(value, '$.retention',
        json('{\"months\":null,\"contact_days\":90}'))
        WHERE name = 'settings'";
    database.run(kept, vec![])?;
    let survey =
        "INSERT INTO survey (at, settings) SELECT ?, value -> '$.survey' FROM meta WHERE name = 'settings'";
    database.run(survey, vec![now_ms().into()])?;
    let daily = "INSERT INTO due (kind, subject, at) VALUES ('retention', '', ?)";
    database.run(daily, vec![now_ms().into()])?;
    for statement in ["DROP TABLE response_first", "DROP TABLE meta_first", "DROP TABLE key_first"] {
        database.run(statement, vec![])?;
    }
    Ok(())
}
