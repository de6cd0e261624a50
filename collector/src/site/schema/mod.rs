//! The tables of a site.
//!
//! `response` holds one row for each showing of the survey. Its key is the showing's id, and there is no other index
//! on most rows: an id of version 7 sorts by its time, so newest-first needs none. `timed` says that an id's time is
//! the row's time; only rows where it is not (another version, a clock that is off) are indexed by time. Small indexes
//! hold the few rows that are cases or of known users.
//!
//! `day` holds the sums, kept by the triggers in [`sums`]: one row for each property, variant, local day and value. The property
//! of slot 0 is the channel, which every response has, so its values add up to the total.
//!
//! `words` is the full-text index of the comments (FTS5). It keeps no text of its own, only words.
//!
//! So a new response writes two rows, its own and its day's, and one more for each declared property, for a comment, and for
//! a known user.

pub mod sums;
mod upgrade;

use super::database::Database;
use crate::reply::Outcome;

/// Raised with each change of the tables; [`upgrade`] knows the way from the one before.
const VERSION: &str = "2";

/// Whether the site was created. A site of an earlier version is brought up to date.
pub fn ready(database: &Database) -> Outcome<bool> {
    let names = "SELECT json_group_array(name) FROM sqlite_master WHERE name IN ('response', 'due')";
    let found: Vec<String> = database.json(names, vec![])?;
    match found.len() {
        0 => return Ok(false),
        1 => upgrade::from_first(database)?,
        _ => {}
    }
    Ok(true)
}

/// Creates the tables of a new site.
pub fn create(database: &Database) -> Outcome<()> {
    for statement in TABLES {
        database.run(statement, vec![])?;
    }
    for statement in sums::statements() {
        database.run(&statement, vec![])?;
    }
    database.run("INSERT INTO meta (name, value) VALUES ('schema', ?)", vec![VERSION.into()])?;
    Ok(())
}

const TABLES: [&str; 25] = [
    // `settings` and `schema`.
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    // Of a key only its digest is kept. Times are Unix milliseconds, here and below.
    "CREATE TABLE key (
        digest TEXT PRIMARY KEY, role TEXT NOT NULL, name TEXT, created INTEGER, used INTEGER, expires INTEGER
    ) WITHOUT ROWID",
    // Every version of the survey's settings.
    "CREATE TABLE survey (version INTEGER PRIMARY KEY, at INTEGER NOT NULL, settings TEXT NOT NULL)",
    // `number` stands for the id in `words`. `state` is 0 open, 1 in progress, 2 done; null is no case. `told` says which
    // webhook events there were: 1 response, 2 promoter.
    "CREATE TABLE response (
        id BLOB PRIMARY KEY, number INTEGER NOT NULL, at INTEGER NOT NULL, timed INTEGER NOT NULL, day INTEGER NOT NULL,
        variant TEXT NOT NULL, channel TEXT NOT NULL,
        score INTEGER, score_ms INTEGER, bucket INTEGER, comment TEXT, comment_ms INTEGER,
        shown INTEGER NOT NULL, dismissed INTEGER NOT NULL,
        lang TEXT, page TEXT, user TEXT, properties TEXT, answers TEXT, consents TEXT,
        tags TEXT, note TEXT, state INTEGER, assignee TEXT, due INTEGER, contacted INTEGER,
        told INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID",
    "CREATE INDEX response_untimed ON response (at, id) WHERE timed = 0",
    "CREATE INDEX response_case ON response (state, due) WHERE state IS NOT NULL",
    "CREATE INDEX response_user ON response (user, at) WHERE user IS NOT NULL",
    // How to reach a person lies apart, because it goes sooner.
    "CREATE TABLE contact (id BLOB PRIMARY KEY, contact TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE words USING fts5 (
        comment, id UNINDEXED, content = '', contentless_delete = 1, contentless_unindexed = 1,
        tokenize = 'unicode61 remove_diacritics 2'
    )",
    "CREATE TRIGGER comment_added AFTER INSERT ON response WHEN NEW.comment IS NOT NULL BEGIN
        INSERT OR REPLACE INTO words (rowid, comment, id) VALUES (NEW.number, NEW.comment, NEW.id);
     END",
    "CREATE TRIGGER comment_changed AFTER UPDATE OF comment ON response WHEN NEW.comment IS NOT OLD.comment BEGIN
        DELETE FROM words WHERE rowid = OLD.number;
        INSERT INTO words (rowid, comment, id) SELECT NEW.number, NEW.comment, NEW.id WHERE NEW.comment IS NOT NULL;
     END",
    "CREATE TRIGGER comment_removed AFTER DELETE ON response WHEN OLD.comment IS NOT NULL BEGIN
        DELETE FROM words WHERE rowid = OLD.number;
     END",
    // A scored response of somebody who can be reached is a case. That of a detractor is due after 24 hours.
    "CREATE TRIGGER case_added AFTER INSERT ON response
     WHEN NEW.score IS NOT NULL AND NEW.state IS NULL
        AND (NEW.user IS NOT NULL OR EXISTS (SELECT 1 FROM contact WHERE id = NEW.id)) BEGIN
        UPDATE response SET state = 0, due = CASE WHEN NEW.score <= 6 THEN NEW.at + 86400000 END WHERE id = NEW.id;
     END",
    "CREATE TRIGGER case_scored AFTER UPDATE OF score, user ON response
     WHEN NEW.score IS NOT NULL AND (NEW.score IS NOT OLD.score OR NEW.user IS NOT OLD.user) AND ifnull(NEW.state, 0) = 0
        AND (NEW.state = 0 OR NEW.user IS NOT NULL OR EXISTS (SELECT 1 FROM contact WHERE id = NEW.id)) BEGIN
        UPDATE response SET state = 0, due = CASE WHEN NEW.score <= 6 THEN NEW.at + 86400000 END WHERE id = NEW.id;
     END",
    "CREATE TRIGGER case_reachable AFTER INSERT ON contact BEGIN
        UPDATE response SET state = 0, due = CASE WHEN score <= 6 THEN at + 86400000 END
        WHERE id = NEW.id AND score IS NOT NULL AND state IS NULL;
     END",
    // The properties whose sums are kept. A response is among them once its id is not above `upto`.
    "CREATE TABLE property (slot INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, path TEXT NOT NULL, upto BLOB NOT NULL)",
    // A value that no response has any more keeps its number, without its text.
    "CREATE TABLE value (property INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT, PRIMARY KEY (property, number)) WITHOUT ROWID",
    "CREATE UNIQUE INDEX value_text ON value (property, text)",
    // What the alarm has to do, and when.
    "CREATE TABLE due (kind TEXT NOT NULL, subject TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, subject)) WITHOUT ROWID",
    "CREATE TABLE note (id TEXT PRIMARY KEY, day INTEGER NOT NULL, text TEXT NOT NULL, public INTEGER NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE webhook (
        id TEXT PRIMARY KEY, name TEXT, url TEXT NOT NULL, events TEXT NOT NULL, format TEXT NOT NULL, generation INTEGER NOT NULL, rotated INTEGER,
        created INTEGER NOT NULL, failures INTEGER NOT NULL DEFAULT 0, paused INTEGER, paused_why TEXT
    ) WITHOUT ROWID",
    "CREATE TABLE delivery (
        id INTEGER PRIMARY KEY AUTOINCREMENT, webhook TEXT NOT NULL, event TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
        created INTEGER NOT NULL, state TEXT NOT NULL
    )",
    "CREATE INDEX delivery_of ON delivery (webhook, state, id)",
    "CREATE TABLE attempt (
        delivery INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER, error TEXT, ms INTEGER NOT NULL,
        PRIMARY KEY (delivery, number)
    ) WITHOUT ROWID",
    "CREATE TRIGGER delivery_removed AFTER DELETE ON delivery BEGIN DELETE FROM attempt WHERE delivery = OLD.id; END",
];
