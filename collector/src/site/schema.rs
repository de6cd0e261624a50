//! The tables of a site.
//!
//! `response` holds one row for each showing of the survey. Its key is the showing's id, and there is no other index
//! on most rows: an id of version 7 sorts by its time, so newest-first needs none. `timed` says that an id's time is
//! the row's time; only rows where it is not (another version, a clock that is off) are indexed by time.
//!
//! `day` holds one row for each local day and variant of the question, kept by the triggers below: 11 counts of
//! scores (`s0`…), what was shown, answered, dismissed and commented, and 32 counts of times to answer (`t0`…). All of
//! them add up, so any range of days is a sum.
//!
//! So a new response writes two rows: its own and its day's.

use nps::elapsed::BUCKETS;

use super::database::Database;
use crate::reply::Outcome;

/// The counts of a day and how each is read off a response, in the order in which they are stored and read.
pub fn counts() -> Vec<(String, String)> {
    let scores = (0..=10).map(|score| (format!("s{score}"), format!("ROW.score IS {score}")));
    let facts = [
        ("shown", "ROW.shown"),
        ("answered", "ROW.shown AND ROW.score IS NOT NULL"),
        ("dismissed", "ROW.dismissed AND ROW.score IS NULL"),
        ("commented", "ROW.comment IS NOT NULL AND ROW.score IS NOT NULL"),
    ];
    let facts = facts.into_iter().map(|(name, rule)| (name.to_owned(), rule.to_owned()));
    let times = (0..BUCKETS).map(|bucket| (format!("t{bucket}"), format!("ROW.bucket IS {bucket}")));
    scores.chain(facts).chain(times).collect()
}

/// Whether the site was created.
pub fn exists(database: &Database) -> Outcome<bool> {
    let found = database.text("SELECT name FROM sqlite_master WHERE name = 'response'", vec![])?;
    Ok(found.is_some())
}

/// Creates the tables of a new site.
pub fn create(database: &Database) -> Outcome<()> {
    for statement in statements() {
        database.run(&statement, vec![])?;
    }
    Ok(())
}

fn statements() -> Vec<String> {
    let counts = counts();
    let list = |part: &dyn Fn(&str, &str) -> String| {
        counts.iter().map(|(name, rule)| part(name, rule)).collect::<Vec<_>>().join(", ")
    };
    let columns = list(&|name, _| format!("{name} INTEGER NOT NULL"));
    let names = list(&|name, _| name.to_owned());
    let of_new = list(&|_, rule| format!("({})", rule.replace("ROW", "NEW")));
    let add = list(&|name, _| format!("{name} = {name} + excluded.{name}"));
    let change = list(&|name, rule| {
        format!("{name} = {name} + ({}) - ({})", rule.replace("ROW", "NEW"), rule.replace("ROW", "OLD"))
    });
    vec![
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID".into(),
        "CREATE TABLE key (digest TEXT PRIMARY KEY, role TEXT NOT NULL) WITHOUT ROWID".into(),
        "CREATE TABLE response (
            id BLOB PRIMARY KEY, at INTEGER NOT NULL, timed INTEGER NOT NULL, day INTEGER NOT NULL,
            variant TEXT NOT NULL, channel TEXT NOT NULL,
            score INTEGER, score_ms INTEGER, bucket INTEGER, comment TEXT, comment_ms INTEGER,
            shown INTEGER NOT NULL, dismissed INTEGER NOT NULL,
            lang TEXT, page TEXT, user TEXT, properties TEXT
        ) WITHOUT ROWID"
            .into(),
        "CREATE INDEX response_untimed ON response (at, id) WHERE timed = 0".into(),
        format!(
            "CREATE TABLE day (day INTEGER NOT NULL, variant TEXT NOT NULL, {columns}, PRIMARY KEY (day, variant)) WITHOUT ROWID"
        ),
        format!(
            "CREATE TRIGGER response_added AFTER INSERT ON response BEGIN
                INSERT INTO day (day, variant, {names}) VALUES (NEW.day, NEW.variant, {of_new})
                ON CONFLICT (day, variant) DO UPDATE SET {add};
            END"
        ),
        format!(
            "CREATE TRIGGER response_changed AFTER UPDATE ON response
             WHEN (NEW.score, NEW.bucket, NEW.shown, NEW.dismissed, NEW.comment IS NULL)
               IS NOT (OLD.score, OLD.bucket, OLD.shown, OLD.dismissed, OLD.comment IS NULL)
             BEGIN
                UPDATE day SET {change} WHERE day = NEW.day AND variant = NEW.variant;
            END"
        ),
    ]
}
