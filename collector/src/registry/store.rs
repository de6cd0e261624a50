//! Table of the registry.

use serde_json::{Value, json};

use super::protocol::{ListSites, SiteEntry, SitePosition};
use crate::http::{ApiResult, Response, response};
use crate::site::clock::iso;
use crate::site::database::Database;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS site ( \
    site TEXT PRIMARY KEY, name TEXT NOT NULL, created_ms INTEGER NOT NULL, jurisdiction TEXT, \
    deleted_ms INTEGER
) WITHOUT ROWID";
const INDEX: &str = "CREATE INDEX IF NOT EXISTS site_created ON site (created_ms, site)";

/// Stores the entry of a site. An entry may come late or twice, so a deletion stays.
pub fn put(database: &Database, entry: SiteEntry) -> ApiResult<()> {
    create(database)?;
    let upsert = "INSERT INTO site (site, name, created_ms, jurisdiction, deleted_ms) VALUES (?, ?, ?, ?, ?) \
        ON CONFLICT (site) DO UPDATE SET name = excluded.name, \
            deleted_ms = ifnull(deleted_ms, excluded.deleted_ms)";
    database.run(
        upsert,
        vec![
            entry.site.into(),
            entry.name.into(),
            entry.created_ms.into(),
            entry.jurisdiction.into(),
            entry.deleted_ms.into(),
        ],
    )?;
    Ok(())
}

/// Returns a page of sites, the newest first.
pub fn list(database: &Database, ListSites { after, limit }: ListSites) -> ApiResult<Response> {
    create(database)?;
    let query = "SELECT json_group_array(json_object('site', site, 'name', name, 'created_ms', created_ms, \
            'jurisdiction', jurisdiction, 'deleted_ms', deleted_ms)) \
        FROM (SELECT * FROM site WHERE ?1 IS NULL OR (created_ms, site) < (?1, ?2) \
            ORDER BY created_ms DESC, site DESC LIMIT ?3)";
    let (created_ms, site) = after.map(|after| (after.created_ms, after.site)).unzip();
    // One more than the page, to know whether there is a next one.
    let values = vec![created_ms.into(), site.into(), (limit + 1).into()];
    let mut entries: Vec<SiteEntry> = database.objects(query, values)?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let position =
        |last: &SiteEntry| SitePosition { created_ms: last.created_ms, site: last.site.clone() }.to_string();
    let next = entries.last().filter(|_| has_more).map(position);
    let sites: Vec<Value> = entries
        .into_iter()
        .map(|entry| {
            json!({
                "site": entry.site,
                "name": entry.name,
                "created_at": iso(entry.created_ms),
                "jurisdiction": entry.jurisdiction,
                "deleted_at": entry.deleted_ms.map(iso),
            })
        })
        .collect();
    Ok(response::json(200, &json!({ "sites": sites, "next_cursor": next })))
}

fn create(database: &Database) -> ApiResult<()> {
    database.run(TABLE, vec![])?;
    database.run(INDEX, vec![])?;
    Ok(())
}
