//! Migrations of the tables from earlier versions.
//!
//! `meta.schema` is the version of the tables. It is read once when the object starts, and the
//! steps of [`MIGRATIONS`] from there on run at once, in one transaction with the new version. So a
//! site has one version or the other, whenever the process ends.
//!
//! A step changes tables, and at most [`PAGE`] rows. Where there may be more, it leaves them in a
//! table of the old shape ([`Leftover`]), and they are moved by pages, from the alarm and before
//! requests. A row is in one of the two tables, since a page is moved in one transaction. The table
//! itself says that rows are left: it is dropped with the last page, so there is no other note
//! that could be lost.
//!
//! Until then:
//! - **Messages are stored at once.** The row that a message adds to is moved first
//!   ([`move_received`]), so it merges with that as ever, and counts once.
//! - **Reads are whole or refused.** Every other command moves one page, which is all of most
//!   sites, and is refused with 503 and `Retry-After` while there are more. A score of the half
//!   that was moved would be wrong without a sign of it. So a change of settings, which may start
//!   another job over all rows, never meets rows in both tables either.
//!
//! A version that is not known here is that of a newer collector. Nothing is read or written then,
//! whatever the command, and the alarm is only put off, so that the tasks run in the collector that
//! knows them. This is the promise to keep: every version has `meta` with the row `schema`, a whole
//! number. Only the first had none; it is known by the lack of `due`.

use collector_core::stored_response::statement;
use serde_json::json;

use super::{
    audit, consent_times, erased_rows, erasure, first, imports, independent_deliveries, published,
    registration, tags,
};
use crate::http::{ApiResult, Problem};
use crate::site::archive::restore;
use crate::site::database::Database;
use crate::site::deletion;
use crate::site::meta;
use crate::site::scheduler::{Scheduler, Task};

/// The most rows that are changed at once.
const PAGE: i32 = 1_000;
/// Time of the task that moves rows: before every other task.
pub const FIRST_OF_ALL_MS: i64 = 1;

/// State of a site's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// The site was never created, or is being restored.
    Absent,
    /// The site was deleted, and there is a tombstone.
    Deleted,
    /// The tables are current, and rows of an earlier version are left to be moved.
    Migrating,
    Current,
}

/// Step from the version before to the next.
struct Migration {
    /// Version of the tables after the step.
    to: u32,
    /// Changes the tables, in a transaction.
    run: fn(&Database) -> ApiResult<()>,
    /// Rows that the step leaves to be moved.
    leftover: Option<Leftover>,
}

/// Rows in a table of an earlier version.
pub struct Leftover {
    /// Name of the table. Its key is the column `id`.
    pub table: &'static str,
    /// Copies rows into the current tables, given a JSON array of their hexadecimal ids.
    pub copy: fn(&Database, &[String]) -> ApiResult<()>,
}

/// Version of the tables in `super::TABLES`, to which the first step leads.
pub const BASE: u32 = 2;

/// Every step, in order. A step is not changed once it was deployed.
const MIGRATIONS: &[Migration] = &[
    Migration { to: 2, run: first::run, leftover: Some(first::RESPONSES) },
    Migration { to: 3, run: registration::run, leftover: None },
    Migration { to: 4, run: audit::run, leftover: None },
    Migration { to: 5, run: independent_deliveries::run, leftover: None },
    Migration { to: 6, run: erasure::run, leftover: None },
    Migration { to: 7, run: imports::run, leftover: None },
    Migration { to: 8, run: tags::run, leftover: None },
    Migration { to: 9, run: published::run, leftover: None },
    Migration { to: 10, run: erased_rows::run, leftover: None },
    Migration { to: 11, run: consent_times::run, leftover: None },
];

/// Current version of the tables: that of the last step.
pub const VERSION: u32 = {
    let (mut version, mut rest): (u32, &[Migration]) = (1, MIGRATIONS);
    while let [step, later @ ..] = rest {
        assert!(step.to == version + 1, "the steps are consecutive");
        (version, rest) = (step.to, later);
    }
    version
};

/// Looks at the tables of an object that was just started, and migrates them to [`VERSION`].
pub fn open(database: &Database, scheduler: &Scheduler) -> ApiResult<Tables> {
    let names = table_names(database)?;
    let has = |table: &str| names.iter().any(|name| name == table);
    if has(deletion::TABLE) {
        return Ok(Tables::Deleted);
    }
    if !has("meta") || has(restore::TABLE) {
        return Ok(Tables::Absent);
    }
    let stored = meta::get(database, meta::SCHEMA)?;
    let version = match &stored {
        None if !has("due") => 1,
        _ => read_version(stored.as_deref().unwrap_or_default())?,
    };
    database.transaction(|| {
        if version < VERSION {
            run(database, version, VERSION)?;
        }
        if leftovers(database)?.is_empty() {
            return Ok(Tables::Current);
        }
        scheduler.reschedule(Task::Migrate, "", FIRST_OF_ALL_MS)?;
        Ok(Tables::Migrating)
    })
}

/// Runs the steps from a version to another, in a transaction of the caller's.
pub fn run(database: &Database, from: u32, to: u32) -> ApiResult<()> {
    for step in MIGRATIONS.iter().filter(|step| from < step.to && step.to <= to) {
        (step.run)(database)?;
        store_version(database, step.to)?;
    }
    Ok(())
}

/// Stores the version of the tables.
pub fn store_version(database: &Database, version: u32) -> ApiResult<()> {
    meta::set(database, meta::SCHEMA, &version.to_string())
}

/// Moves one more page of rows. Returns whether there are more.
pub fn move_page(database: &Database) -> ApiResult<bool> {
    let left = leftovers(database)?;
    let Some(leftover) = left.first() else { return Ok(false) };
    let page = format!(
        "SELECT json_group_array(hex(id)) FROM (SELECT id FROM {} ORDER BY id LIMIT ?)",
        leftover.table
    );
    let ids: Vec<String> = database.json(&page, vec![PAGE.into()])?;
    move_rows(database, leftover, &ids)?;
    if ids.len() == PAGE as usize {
        return Ok(true);
    }
    database.run(&format!("DROP TABLE {}", leftover.table), vec![])?;
    Ok(left.len() > 1)
}

/// Moves the rows that messages add to, given the messages as wire rows.
pub fn move_received(database: &Database, rows: &str) -> ApiResult<()> {
    for leftover in leftovers(database)? {
        let found = format!(
            "SELECT json_group_array(hex(id)) FROM {} WHERE id IN (SELECT unhex({{id}}) FROM json_each(?))",
            leftover.table
        );
        let ids: Vec<String> = database.json(&statement("value", &found), vec![rows.into()])?;
        database.transaction(|| move_rows(database, leftover, &ids))?;
    }
    Ok(())
}

/// Returns the leftovers whose tables are still there.
fn leftovers(database: &Database) -> ApiResult<Vec<&'static Leftover>> {
    let names = table_names(database)?;
    let is_left = |leftover: &&Leftover| names.iter().any(|name| name == leftover.table);
    Ok(MIGRATIONS.iter().filter_map(|step| step.leftover.as_ref()).filter(is_left).collect())
}

fn table_names(database: &Database) -> ApiResult<Vec<String>> {
    database.json("SELECT json_group_array(name) FROM sqlite_master WHERE type = 'table'", vec![])
}

fn move_rows(database: &Database, leftover: &Leftover, ids: &[String]) -> ApiResult<()> {
    (leftover.copy)(database, ids)?;
    let moved = format!("DELETE FROM {} WHERE id IN (SELECT unhex(value) FROM json_each(?))", leftover.table);
    database.run(&moved, vec![json!(ids).to_string().into()])?;
    Ok(())
}

/// Reads a stored version; 503 for one that is not known here.
fn read_version(stored: &str) -> ApiResult<u32> {
    let version = stored.parse().ok().filter(|version| (1..=VERSION).contains(version));
    version.ok_or_else(|| Problem::unknown_schema(stored, VERSION))
}
