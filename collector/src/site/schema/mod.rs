//! Tables of a site.
//!
//! `response` has one row for each impression of the survey. Its key is the id of the impression,
//! and most rows are in no other index: an id of version 7 sorts by its time, so newest-first needs
//! none. `timed` says that the time in the id is the time of the row; only rows for which it is not
//! (another version, a clock that is off) are indexed by time. Small indexes have the few rows that
//! are cases or of identified users.
//!
//! `day` holds the totals, kept by the triggers in [`daily_totals`]: one row for each property,
//! variant, local day and value. The property of slot 0 is the channel, which every response has,
//! so its values add up to the total.
//!
//! `words` is the full-text index of the comments (FTS5). It stores no text, only words, and none
//! that was erased ([`erasure`]).
//!
//! `tagged` leads from the tags of the owner to their responses.
//!
//! So a new response writes two rows, its own and that of its day, and one more for each declared
//! property, for a comment, and for an identified user.

mod audit;
mod consent_times;
pub mod daily_totals;
mod erased_rows;
mod erasure;
mod first;
mod imports;
mod independent_deliveries;
pub mod migrations;
mod published;
mod registration;
mod tags;

use collector_core::case_state;

use super::database::Database;
use crate::http::ApiResult;

pub use self::migrations::{Tables, open};

/// Creates the tables of a new site: those of [`migrations::BASE`], and every later step. So a new
/// site and one that was migrated have the same tables.
pub fn create(database: &Database) -> ApiResult<()> {
    create_version(database, migrations::VERSION)
}

/// Creates the tables of a version from [`migrations::BASE`] on.
pub fn create_version(database: &Database, version: u32) -> ApiResult<()> {
    create_base(database)?;
    migrations::store_version(database, migrations::BASE)?;
    migrations::run(database, migrations::BASE, version)
}

/// Creates the tables of [`migrations::BASE`].
fn create_base(database: &Database) -> ApiResult<()> {
    for statement in TABLES {
        let statement = statement
            .replace("{NEW.deadline}", &case_state::deadline_sql("NEW."))
            .replace("{deadline}", &case_state::deadline_sql(""));
        database.run(&statement, vec![])?;
    }
    for statement in daily_totals::tables() {
        database.run(&statement, vec![])?;
    }
    Ok(())
}

/// Tables of [`migrations::BASE`]. Later changes are steps of their own, so this list stays.
const TABLES: [&str; 25] = [
    // `settings` and `schema`.
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    // Of a key only its digest is kept. Times are Unix milliseconds, here and below.
    "CREATE TABLE key ( \
        digest TEXT PRIMARY KEY, role TEXT NOT NULL, name TEXT, created INTEGER, used INTEGER, expires INTEGER \
    ) WITHOUT ROWID",
    // Every version of the survey.
    "CREATE TABLE survey (version INTEGER PRIMARY KEY, at INTEGER NOT NULL, settings TEXT NOT NULL)",
    // `number` is the row in `words`. `state` is 0 open, 1 in progress, 2 done; null is no case.
    // `told` has the webhook events that were sent: 1 response, 2 promoter.
    "CREATE TABLE response ( \
        id BLOB PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL, timed INTEGER NOT NULL, \
        day INTEGER NOT NULL, variant TEXT NOT NULL, channel TEXT NOT NULL, \
        score INTEGER, score_ms INTEGER, bucket INTEGER, comment TEXT, comment_ms INTEGER, \
        shown INTEGER NOT NULL, dismissed INTEGER NOT NULL, \
        lang TEXT, page TEXT, user TEXT, properties TEXT, answers TEXT, consents TEXT, \
        tags TEXT, note TEXT, state INTEGER, assignee TEXT, due INTEGER, contacted INTEGER, \
        told INTEGER NOT NULL DEFAULT 0 \
    ) WITHOUT ROWID",
    "CREATE INDEX response_untimed ON response (at, id) WHERE timed = 0",
    "CREATE INDEX response_case ON response (state, due) WHERE state IS NOT NULL",
    "CREATE INDEX response_user ON response (user, at) WHERE user IS NOT NULL",
    // Contact details are in a table of their own, because they are deleted sooner.
    "CREATE TABLE contact (id BLOB PRIMARY KEY, contact TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE words USING fts5 ( \
        comment, id UNINDEXED, content = '', contentless_delete = 1, contentless_unindexed = 1, \
        tokenize = 'unicode61 remove_diacritics 2' \
    )",
    "CREATE TRIGGER comment_added AFTER INSERT ON response WHEN NEW.comment IS NOT NULL BEGIN \
        INSERT OR REPLACE INTO words (rowid, comment, id) VALUES (NEW.number, NEW.comment, NEW.id); \
     END",
    "CREATE TRIGGER comment_changed AFTER UPDATE OF comment ON response WHEN NEW.comment IS NOT OLD.comment \
     BEGIN \
        DELETE FROM words WHERE rowid = OLD.number; \
        INSERT INTO words (rowid, comment, id) SELECT NEW.number, NEW.comment, NEW.id \
            WHERE NEW.comment IS NOT NULL; \
     END",
    "CREATE TRIGGER comment_removed AFTER DELETE ON response WHEN OLD.comment IS NOT NULL BEGIN \
        DELETE FROM words WHERE rowid = OLD.number; \
     END",
    // A scored response whose visitor can be reached is a case. That of a detractor is due after 24
    // hours: `{deadline}` is [`case_state::deadline_sql`].
    "CREATE TRIGGER case_added AFTER INSERT ON response \
     WHEN NEW.score IS NOT NULL AND NEW.state IS NULL \
        AND (NEW.user IS NOT NULL OR EXISTS (SELECT 1 FROM contact WHERE id = NEW.id)) BEGIN \
        UPDATE response SET state = 0, due = {NEW.deadline} \
            WHERE id = NEW.id; \
     END",
    "CREATE TRIGGER case_scored AFTER UPDATE OF score, user ON response \
     WHEN NEW.score IS NOT NULL AND (NEW.score IS NOT OLD.score OR NEW.user IS NOT OLD.user) \
        AND ifnull(NEW.state, 0) = 0 \
        AND (NEW.state = 0 OR NEW.user IS NOT NULL OR EXISTS (SELECT 1 FROM contact WHERE id = NEW.id)) BEGIN \
        UPDATE response SET state = 0, due = {NEW.deadline} \
            WHERE id = NEW.id; \
     END",
    "CREATE TRIGGER case_reachable AFTER INSERT ON contact BEGIN \
        UPDATE response SET state = 0, due = {deadline} \
        WHERE id = NEW.id AND score IS NOT NULL AND state IS NULL; \
     END",
    // Properties whose totals are kept. They count a response once its id is not above `upto`.
    "CREATE TABLE property (slot INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, path TEXT NOT NULL, \
        upto BLOB NOT NULL)",
    // A value that no response has any more keeps its number, without its text.
    "CREATE TABLE value (property INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT, \
        PRIMARY KEY (property, number)) WITHOUT ROWID",
    "CREATE UNIQUE INDEX value_text ON value (property, text)",
    // Tasks of the alarm and their times.
    "CREATE TABLE due (kind TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, \
        PRIMARY KEY (kind, subject)) WITHOUT ROWID",
    "CREATE TABLE note (id TEXT PRIMARY KEY, day INTEGER NOT NULL, text TEXT NOT NULL, \
        public INTEGER NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE webhook ( \
        id TEXT PRIMARY KEY, name TEXT, url TEXT NOT NULL, events TEXT NOT NULL, format TEXT NOT NULL, \
        generation INTEGER NOT NULL, rotated INTEGER, created INTEGER NOT NULL, \
        failures INTEGER NOT NULL DEFAULT 0, paused INTEGER, paused_why TEXT \
    ) WITHOUT ROWID",
    "CREATE TABLE delivery ( \
        id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, event TEXT NOT NULL, \
        subject TEXT NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL, state TEXT NOT NULL \
    )",
    "CREATE INDEX delivery_of ON delivery (webhook, state, id)",
    "CREATE TABLE attempt ( \
        delivery INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER, \
            error TEXT, ms INTEGER NOT NULL, \
        PRIMARY KEY (delivery, number) \
    ) WITHOUT ROWID",
    "CREATE TRIGGER delivery_removed AFTER DELETE ON delivery BEGIN DELETE FROM attempt \
        WHERE delivery = OLD.id; END",
];
