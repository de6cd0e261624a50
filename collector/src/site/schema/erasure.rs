//! Step to version 3: marks of responses, an index of words that can be erased, and values of a
//! property that give up their place.
//!
//! - `response.mark` takes a response out of every figure (`api::Mark`). 0 marks a response while
//!   it is being erased. `marked` lists the others, since they are few.
//! - `words` keeps no word of a comment that was erased: a contentless index deletes by the text
//!   itself, and with `secure-delete` from its pages at once instead of by a note of the deletion.
//!   `word_row` leads from its rows to the responses. Comments that were stored before are indexed
//!   by pages, in the order of ids: [`meta::WORDS_UPTO`] is the last id that is indexed, and absent
//!   once all are.
//! - `value.upto` is the last id that is counted under the value's number; see [`daily_totals`].
//!   `property.is_full` says that responses may be counted as other, and `property.is_listed` that
//!   the owner has set the values.

use super::daily_totals::{self, MAX_VALUES};
use crate::http::ApiResult;
use crate::site::clock::now_ms;
use crate::site::database::Database;
use crate::site::jobs::word_index;
use crate::site::meta;

/// Changes the tables.
pub fn run(database: &Database) -> ApiResult<()> {
    for statement in STATEMENTS {
        database.run(statement, vec![])?;
    }
    let comment_triggers = COMMENT_TRIGGERS.into_iter().map(comment_trigger);
    for statement in comment_triggers.chain(daily_totals::triggers()) {
        database.run(&statement, vec![])?;
    }
    // Until then values were numbered in the order in which they came, and kept their numbers.
    let full = "UPDATE property SET is_full = 1 \
        WHERE slot IN (SELECT property FROM value GROUP BY property HAVING count(*) >= ?)";
    database.run(full, vec![MAX_VALUES.to_string().into()])?;
    meta::set(database, meta::WORDS_UPTO, "")?;
    if word_index::index_page(database)? {
        let schedule = "INSERT OR REPLACE INTO due (kind, subject, at) VALUES ('words', '', ?)";
        database.run(schedule, vec![now_ms().into()])?;
    }
    Ok(())
}

const STATEMENTS: [&str; 21] = [
    "DROP TRIGGER comment_added",
    "DROP TRIGGER comment_changed",
    "DROP TRIGGER comment_removed",
    // `words_content` is not dropped with `words`, nor may it be by itself, and it has ids.
    "INSERT INTO words (words) VALUES ('delete-all')",
    "DROP TABLE words",
    "DROP TRIGGER IF EXISTS response_added",
    "DROP TRIGGER IF EXISTS response_changed",
    "DROP TRIGGER IF EXISTS response_removed",
    "DROP TRIGGER IF EXISTS property_filled",
    "ALTER TABLE response ADD COLUMN mark INTEGER",
    "ALTER TABLE property ADD COLUMN is_full INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE property ADD COLUMN is_listed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE value ADD COLUMN upto BLOB NOT NULL DEFAULT x'ffffffffffffffffffffffffffffffffff'",
    // Values that were erased kept their number without a text.
    "DELETE FROM value WHERE text IS NULL",
    "CREATE TABLE marked (id BLOB PRIMARY KEY) WITHOUT ROWID",
    "CREATE TRIGGER mark_added AFTER INSERT ON response WHEN NEW.mark > 0 BEGIN \
        INSERT INTO marked (id) VALUES (NEW.id); \
     END",
    "CREATE TRIGGER mark_changed AFTER UPDATE OF mark ON response \
     WHEN ifnull(NEW.mark, 0) <> ifnull(OLD.mark, 0) BEGIN \
        DELETE FROM marked WHERE id = NEW.id AND ifnull(NEW.mark, 0) = 0; \
        INSERT INTO marked (id) SELECT NEW.id WHERE NEW.mark > 0 \
            AND NOT EXISTS (SELECT 1 FROM marked WHERE id = NEW.id); \
     END",
    "CREATE TRIGGER mark_removed AFTER DELETE ON response WHEN OLD.mark > 0 BEGIN \
        DELETE FROM marked WHERE id = OLD.id; \
     END",
    "CREATE VIRTUAL TABLE words USING fts5 ( \
        comment, content = '', tokenize = 'unicode61 remove_diacritics 2' \
    )",
    "INSERT INTO words (words, rank) VALUES ('secure-delete', 1)",
    "CREATE TABLE word_row (number INTEGER PRIMARY KEY, id BLOB NOT NULL)",
];

/// Triggers of the index of words. A response that the pages have not reached is left to them. No
/// `OR IGNORE` here: in a trigger the conflict clause of the statement outside counts.
const COMMENT_TRIGGERS: [&str; 3] = [
    "CREATE TRIGGER comment_added AFTER INSERT ON response \
     WHEN NEW.comment IS NOT NULL AND {NEW is indexed} BEGIN \
        INSERT INTO words (rowid, comment) VALUES (NEW.number, NEW.comment); \
        INSERT INTO word_row (number, id) SELECT NEW.number, NEW.id \
            WHERE NOT EXISTS (SELECT 1 FROM word_row WHERE number = NEW.number); \
     END",
    "CREATE TRIGGER comment_changed AFTER UPDATE OF comment ON response \
     WHEN NEW.comment IS NOT OLD.comment AND {NEW is indexed} BEGIN \
        INSERT INTO words (words, rowid, comment) SELECT 'delete', OLD.number, OLD.comment \
            WHERE OLD.comment IS NOT NULL; \
        INSERT INTO words (rowid, comment) SELECT NEW.number, NEW.comment WHERE NEW.comment IS NOT NULL; \
        INSERT INTO word_row (number, id) SELECT NEW.number, NEW.id \
            WHERE NOT EXISTS (SELECT 1 FROM word_row WHERE number = NEW.number); \
     END",
    "CREATE TRIGGER comment_removed AFTER DELETE ON response \
     WHEN OLD.comment IS NOT NULL AND {OLD is indexed} BEGIN \
        INSERT INTO words (words, rowid, comment) VALUES ('delete', OLD.number, OLD.comment); \
        DELETE FROM word_row WHERE number = OLD.number; \
     END",
];

/// Returns SQL of a trigger, in which `{NEW is indexed}` is the condition that the pages have
/// passed the response.
fn comment_trigger(template: &str) -> String {
    let is_indexed = |row: &str| {
        let upto = meta::WORDS_UPTO;
        format!("NOT EXISTS (SELECT 1 FROM meta WHERE name = '{upto}' AND value < hex({row}.id))")
    };
    template.replace("{NEW is indexed}", &is_indexed("NEW")).replace("{OLD is indexed}", &is_indexed("OLD"))
}
