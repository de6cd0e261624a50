//! Restoring an archive into an object whose site was never created.
//!
//! Pages follow each other without a gap, so an archive is restored whole or not at all, and an
//! interrupted restore goes on where it ended. Until the last page there is no site: the table
//! [`TABLE`] says that the other tables are incomplete.

use serde_json::{Value, json};

use super::{END, FORMAT, tables};
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, Response, response};
use crate::site::database::Database;
use crate::site::schema::migrations::{BASE, VERSION};
use crate::site::schema::{self, Tables};
use crate::site::state::SiteState;
use crate::site::{alarm, audit, deletion, meta, registration};

/// Table whose existence says that a restore is under way. It has the header of the archive and the
/// number of its lines that are restored.
pub const TABLE: &str = "restoring";
/// The name in `meta` of the header of the archive that the site was restored from.
const RESTORED: &str = "restored";

/// Restores a page: the header, and lines that follow the first `after` lines behind it.
pub async fn restore(site: &SiteState, after: i64, body: &str) -> ApiResult<Response> {
    let tables = site.tables()?;
    if tables == Tables::Deleted {
        return Err(deletion::problem(site));
    }
    let (header, rows) = body.split_once('\n').unwrap_or((body, ""));
    let schema = read_header(site, header)?;
    match tables {
        Tables::Absent => {}
        // The reply to the last page may have been lost.
        _ if meta::get(&site.database, RESTORED)?.as_deref() == Some(header) => return progress(after, true),
        _ => {
            let detail = "This site exists in this collector. An archive is restored only where its site was \
                          never created.";
            return Err(Problem::conflict(detail));
        }
    }
    let restored = begin(site, header, schema).await?;
    if after != restored {
        let detail =
            format!("The archive is restored up to line {restored} behind its header. Go on from there.");
        return Err(Problem::conflict(detail).with("lines", restored));
    }
    let mut lines: Vec<&str> = rows.lines().collect();
    let is_last = lines.pop_if(|line| *line == END).is_some();
    let count = i64::try_from(lines.len()).unwrap_or(0);
    let done = site.transaction(|| {
        insert(&site.database, &lines, after)?;
        site.database.run("UPDATE restoring SET lines = lines + ?", vec![count.into()])?;
        if is_last { finish(site, header) } else { Ok(()) }
    });
    if is_last {
        // They were absent before, and whether there are any now is decided by the transaction.
        site.forget_tables();
    }
    done?;
    if is_last {
        alarm::reset(site).await?;
        registration::try_now(site).await;
    }
    progress(after + count, is_last)
}

fn progress(lines: i64, is_complete: bool) -> ApiResult<Response> {
    Ok(response::json(200, &json!({ "lines": lines, "complete": is_complete })))
}

/// Returns the schema version of an archive of this site.
fn read_header(site: &SiteState, line: &str) -> ApiResult<u32> {
    let header: Value = serde_json::from_str(line).unwrap_or_default();
    let number = |name| header.get(name).and_then(Value::as_u64);
    if number(FORMAT.0) != Some(FORMAT.1) {
        let detail = format!(
            "The first line {} is not the header of an archive of format {}.",
            quoted(line),
            FORMAT.1
        );
        return Err(invalid(detail));
    }
    let id = header.get("site").and_then(Value::as_str).unwrap_or_default();
    if id != site.site_id()?.as_str() {
        return Err(invalid(format!("This is an archive of the site {}. Restore it there.", quoted(id))));
    }
    let schema = number("schema").unwrap_or(0);
    if !(u64::from(BASE)..=u64::from(VERSION)).contains(&schema) {
        let detail = format!(
            "The archive has schema version {schema}, and this collector restores versions {BASE} to \
             {VERSION}. Deploy the collector that wrote the archive, or a newer one."
        );
        return Err(invalid(detail));
    }
    u32::try_from(schema).map_err(Problem::internal)
}

/// Begins the restore unless it was begun. Returns the number of lines that are restored. What is
/// there of another archive of the site is deleted: nobody has seen it.
async fn begin(site: &SiteState, header: &str, schema: u32) -> ApiResult<i64> {
    let database = &site.database;
    let table = "CREATE TABLE IF NOT EXISTS restoring (header TEXT NOT NULL, lines INTEGER NOT NULL)";
    database.run(table, vec![])?;
    let lines = "SELECT json_array((SELECT lines FROM restoring WHERE header = ?))";
    if let Some(lines) = database.number(lines, vec![header.into()])? {
        return Ok(lines);
    }
    if database.count("SELECT json_array(count(*)) FROM restoring", vec![])? > 0 {
        site.delete_storage().await?;
    }
    site.transaction(|| {
        database.run(table, vec![])?;
        database.run("INSERT INTO restoring (header, lines) VALUES (?, 0)", vec![header.into()])?;
        schema::create_version(database, schema)
    })?;
    Ok(0)
}

/// Inserts the rows of a page.
fn insert(database: &Database, lines: &[&str], after: i64) -> ApiResult<()> {
    let json = format!("[{}]", lines.join(","));
    if database.text("SELECT '1' WHERE json_valid(?)", vec![json.as_str().into()])?.is_none() {
        return Err(invalid(format!(
            "A line after line {} is not JSON. The file may be cut off.",
            after + 1
        )));
    }
    let known = Value::from_iter(tables::ALL).to_string();
    let values = vec![json.as_str().into(), known.into(), after.into()];
    if let Some(detail) = database.text(tables::FIND_INVALID, values)? {
        return Err(invalid(detail));
    }
    let given = "SELECT json_group_array(DISTINCT value ->> '$.table') FROM json_each(?)";
    let given: Vec<String> = database.json(given, vec![json.as_str().into()])?;
    for table in tables::ALL.iter().filter(|table| given.iter().any(|it| it == *table)) {
        tables::insert(database, table, &json)?;
    }
    Ok(())
}

/// Makes a site of the rows, in the transaction of the last page.
fn finish(site: &SiteState, header: &str) -> ApiResult<()> {
    // Triggers have indexed every comment and tag, also where the site of the archive had not yet.
    meta::remove(&site.database, meta::WORDS_UPTO)?;
    meta::remove(&site.database, meta::TAGS_UPTO)?;
    meta::set(&site.database, RESTORED, header)?;
    site.database.run("DROP TABLE restoring", vec![])?;
    registration::entry(site).map_err(|_| invalid("The archive has no readable settings or no survey."))?;
    audit::record(&site.database, (None, None), "site.restored", None)?;
    registration::schedule(site)
}

fn invalid(detail: impl Into<String>) -> Problem {
    Problem::invalid(api::ValidationError::new("", detail))
}
