//! Tables of a site that was upgraded.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::Upgraded;
use crate::upgrades::{CURRENT, number};

/// Totals that differ from a recount of the responses.
const MISCOUNTED: &str = "
    WITH counted AS (
        SELECT d.property, d.variant, d.day, v.text, d.shown, d.s0, d.s3, d.s6, d.s9, d.s10, d.commented
        FROM day AS d LEFT JOIN value AS v ON v.property = d.property AND v.number = d.value WHERE d.n > 0
    ), recounted AS (
        SELECT p.slot, r.variant, r.day,
            CASE p.name WHEN 'channel' THEN r.channel ELSE r.properties ->> p.path END AS text,
            sum(r.shown), sum(r.score IS 0), sum(r.score IS 3), sum(r.score IS 6), sum(r.score IS 9),
            sum(r.score IS 10), sum(r.comment IS NOT NULL AND r.score IS NOT NULL)
        FROM property AS p, response AS r WHERE ifnull(r.mark, 0) = 0 GROUP BY 1, 2, 3, 4
    )
    SELECT count(*) FROM (
        SELECT * FROM (SELECT * FROM counted EXCEPT SELECT * FROM recounted)
        UNION ALL SELECT * FROM (SELECT * FROM recounted EXCEPT SELECT * FROM counted)
    )";

/// Stops the collector, and asserts that the tables are those of a new site, and consistent.
pub async fn assert_new(upgraded: &mut Upgraded) {
    let known = upgraded.collector.objects();
    upgraded.collector.site().await;
    upgraded.collector.kill();
    let new = upgraded.collector.objects().into_iter().find(|file| !known.contains(file)).unwrap();
    let database = upgraded.database();
    assert_eq!(statements(&database), statements(&Connection::open(new).unwrap()));
    let version = "SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'schema'";
    assert_eq!(number(&database, version), CURRENT);
    assert_eq!(number(&database, MISCOUNTED), 0);
    database.execute_batch("INSERT INTO words (words) VALUES ('integrity-check')").unwrap();
    let intact: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(intact, "ok");
    // It stays when an index of version 5 is dropped, and had the ids of responses.
    assert_eq!(number(&database, "SELECT count(*) FROM words_content"), 0);
}

/// Returns the statements of all tables, indexes and triggers by their names.
fn statements(database: &Connection) -> BTreeMap<String, String> {
    let all = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND substr(name, 1, 4) <> '_cf_'";
    let mut all = database.prepare(all).unwrap();
    let rows =
        all.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap().map(Result::unwrap);
    rows.map(|(name, sql)| (name, sql.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
}
