//! Step that adds the index of tags, which triggers keep. Tags that were given before are indexed
//! by pages, in the order of ids: [`meta::TAGS_UPTO`] is the last id that is indexed, and absent
//! once all are.

use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::database::Database;
use crate::site::jobs::tag_index;
use crate::site::meta;
use crate::site::scheduler::Task;

const STATEMENTS: [&str; 4] = [
    "CREATE TABLE tagged (tag TEXT NOT NULL, response BLOB NOT NULL, PRIMARY KEY (tag, response)) \
        WITHOUT ROWID",
    "CREATE TRIGGER tags_added AFTER INSERT ON response WHEN NEW.tags IS NOT NULL BEGIN \
        INSERT INTO tagged (tag, response) SELECT DISTINCT value, NEW.id FROM json_each(NEW.tags); \
     END",
    "CREATE TRIGGER tags_changed AFTER UPDATE OF tags ON response WHEN NEW.tags IS NOT OLD.tags BEGIN \
        DELETE FROM tagged WHERE response = OLD.id AND tag IN (SELECT value FROM json_each(OLD.tags)); \
        INSERT INTO tagged (tag, response) SELECT DISTINCT value, NEW.id FROM json_each(NEW.tags); \
     END",
    "CREATE TRIGGER tags_removed AFTER DELETE ON response WHEN OLD.tags IS NOT NULL BEGIN \
        DELETE FROM tagged WHERE response = OLD.id AND tag IN (SELECT value FROM json_each(OLD.tags)); \
     END",
];

/// Creates the index, and fills its first page.
pub fn run(database: &Database) -> ApiResult<()> {
    STATEMENTS.iter().try_for_each(|statement| database.run(statement, vec![]).map(|_| ()))?;
    meta::set(database, meta::TAGS_UPTO, "")?;
    if tag_index::index_page(database)? {
        let schedule = "INSERT OR REPLACE INTO due (kind, subject, at) VALUES (?, '', ?)";
        database.run(schedule, vec![Task::TagIndex.as_str().into(), now_ms().into()])?;
    }
    Ok(())
}
