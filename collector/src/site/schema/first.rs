//! Step from the first version, whose totals had no properties.

use api::ResponseId;
use collector_core::stored_response::search_rowid;
use serde_json::{Value, json};

use super::migrations::Leftover;
use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::database::Database;

/// Responses of the first version. The triggers of the new table count them anew.
pub const RESPONSES: Leftover = Leftover { table: "response_first", copy };

/// Creates the tables of the second version, and moves all but the responses. The totals are
/// dropped, since they are counted anew.
pub fn run(database: &Database) -> ApiResult<()> {
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
    super::create_base(database)?;
    let now_ms = now_ms();
    database.run("INSERT INTO meta SELECT name, value FROM meta_first", vec![])?;
    let keys = "INSERT INTO key (digest, role, created) SELECT digest, role, ? FROM key_first";
    database.run(keys, vec![now_ms.into()])?;
    // The settings had no retention, and nothing may be deleted that was kept so far: that is the
    // owner's decision.
    let kept = "UPDATE meta SET value = json_set(value, '$.retention', \
        json('{\"months\":null,\"contact_days\":90}')) \
        WHERE name = 'settings'";
    database.run(kept, vec![])?;
    let survey =
        "INSERT INTO survey (at, settings) SELECT ?, value -> '$.survey' FROM meta WHERE name = 'settings'";
    database.run(survey, vec![now_ms.into()])?;
    let daily = "INSERT INTO due (kind, subject, at) VALUES ('retention', '', ?)";
    database.run(daily, vec![now_ms.into()])?;
    database.run("DROP TABLE meta_first", vec![])?;
    database.run("DROP TABLE key_first", vec![])?;
    Ok(())
}

/// Copies responses into the new table.
fn copy(database: &Database, ids: &[String]) -> ApiResult<()> {
    let numbered: Vec<Value> =
        ids.iter().filter_map(|id| Some(json!([id, search_rowid(ResponseId::from_hex(id)?)]))).collect();
    let copy = "INSERT INTO response (id, number, at, timed, day, variant, channel, score, score_ms, \
            bucket, comment, \
            comment_ms, shown, dismissed, lang, page, user, properties) \
        SELECT r.id, given.value ->> 1, r.at, r.timed, r.day, r.variant, r.channel, r.score, \
            r.score_ms, r.bucket, r.comment, \
            r.comment_ms, r.shown, r.dismissed, r.lang, r.page, r.user, r.properties \
        FROM json_each(?) AS given JOIN response_first AS r ON r.id = unhex(given.value ->> 0)";
    database.run(copy, vec![Value::Array(numbered).to_string().into()])?;
    Ok(())
}
