//! The statement that inserts responses and merges them with stored ones.
//!
//! A response gains facts. Of two scores for one impression the score with the later `elapsed_ms`
//! stays, and so of two comments and two lists of consents, of which the later may be empty: in
//! whatever order they come, the result is the same.
//! Language, page, user and the value of a property do not change during an impression, so the
//! first value stays. Of the answers to a follow-up the last stays. Many messages add up to no more
//! properties and answers than one message may have, so a row has an end.

use super::column::{Column, Insert, Merge};
use super::{COLUMNS, statement};

/// SQL of the local day: that of an import, or by the two offsets around the nearest change of the
/// site's clock.
pub(super) const LOCAL_DAY: &str =
    "ifnull({day}, CAST((at + iif(at < ?4, ?5, ?6) * 1000) / 86400000 AS INTEGER))";

/// SQL of the condition that the job in `meta` has passed the time of an id, or that there is none.
/// Its cursor begins with a time, as an id of version 7 does.
const IS_PASSED: &str = "ifnull({id} > (SELECT substr(value ->> 'cursor', 1, 12) || 'g' FROM meta \
    WHERE name = 'bulk'), true)";

/// Returns the statement that inserts or updates any number of rows. Where nothing would change,
/// nothing is written.
///
/// The values are: 1 the JSON array of rows, 2 the present in Unix milliseconds, 3 the present
/// variant of the survey, 4 the time of the nearest change of the site's clock, 5 and 6 the offsets
/// in seconds before and after it, 7 the first row of the full-text index for imported responses.
/// Ascending rows go into its tables at one place; random rows would each touch another page.
///
/// `is_sorted` inserts the rows in the order of that index, since FTS5 writes what it has gathered
/// whenever a row is below the one before. A single row and those of an import need no sorting,
/// which reads each row once more.
///
/// An id of version 7 dates its response where its time is at most ten minutes behind and one
/// minute ahead of ours: the message was on its way, and clocks differ. Not where that is among
/// what is left for the job that erases or marks a selection, newest first: it would take a
/// response that came after it was started.
///
/// Numbers come from JavaScript as REAL, hence the CAST. A row is parsed once (`jsonb`) instead of
/// once for each of its cells. A message never changes an imported response, and an imported row
/// never merges: `site/ingest/import.rs` changes what an import stored before.
pub fn merge_statement(is_sorted: bool) -> String {
    let order = if is_sorted { "ORDER BY {number}, nth" } else { "" };
    let (names, values): (Vec<&str>, Vec<String>) =
        COLUMNS.iter().filter_map(|column| Some((column.name, column.inserted_value()?))).unzip();
    let (sets, changes): (Vec<String>, Vec<Option<String>>) = COLUMNS.iter().filter_map(merged).unzip();
    let changes: Vec<String> = changes.into_iter().flatten().collect();
    let template = format!(
        "INSERT INTO response ({names}) SELECT {values} \
         FROM (SELECT nth, v, ifnull({{at}}, iif({{id_time}} BETWEEN ?2 - 600000 AND ?2 + 60000 AND {IS_PASSED}, \
                {{id_time}}, ?2)) AS at \
               FROM (SELECT key AS nth, jsonb(value) AS v FROM json_each(?1) LIMIT -1) {order} LIMIT -1) WHERE true \
         ON CONFLICT (id) DO UPDATE SET {sets} \
         WHERE channel <> 'import' AND excluded.channel <> 'import' AND ({changes})",
        names = names.join(", "),
        values = values.join(", "),
        sets = sets.join(", "),
        changes = changes.join(" OR "),
    );
    statement("v", &template)
}

impl Column {
    fn inserted_value(&self) -> Option<String> {
        self.insert.map(|insert| match insert {
            Insert::Cell => format!("{{{}}}", self.name),
            Insert::Sql(sql) => sql.to_owned(),
        })
    }
}

/// Returns the assignment that merges a column, and the condition under which that changes the row.
/// A column that changes only together with another needs no condition.
fn merged(column: &Column) -> Option<(String, Option<String>)> {
    let c = column.name;
    let (value, changes) = match column.merge {
        Merge::Never => return None,
        Merge::First => (
            format!("ifnull({c}, excluded.{c})"),
            Some(format!("({c} IS NULL AND excluded.{c} IS NOT NULL)")),
        ),
        Merge::Newest { of, by } => {
            // A value with a time beats one without, so a bare retry cannot undo a later choice. A
            // time without a value says that the value was taken back.
            let newer = format!(
                "ifnull(excluded.{of}, excluded.{by}) IS NOT NULL \
                 AND (ifnull({of}, {by}) IS NULL OR ifnull(excluded.{by}, -1) >= ifnull({by}, -1))"
            );
            let changes = format!("({newer} AND (excluded.{of}, excluded.{by}) IS NOT ({of}, {by}))");
            (format!("CASE WHEN {newer} THEN excluded.{c} ELSE {c} END"), (c == of).then_some(changes))
        }
        Merge::Max => (format!("max({c}, excluded.{c})"), Some(format!("excluded.{c} > {c}"))),
        Merge::FirstMembers(max) => {
            members(c, max, &format!("json_patch(excluded.{c}, ifnull({c}, '{{}}'))"))
        }
        Merge::LastMembers(max) => {
            members(c, max, &format!("nullif(json_patch(ifnull({c}, '{{}}'), excluded.{c}), '{{}}')"))
        }
    };
    Some((format!("{c} = {value}"), changes))
}

/// Returns the merge of two JSON objects: unchanged where it would have more than `max` members.
fn members(c: &str, max: usize, merged: &str) -> (String, Option<String>) {
    let fits = format!("excluded.{c} IS NOT NULL AND (SELECT count(*) FROM json_each({merged})) <= {max}");
    let changes = format!("({fits} AND {merged} IS NOT {c})");
    (format!("CASE WHEN {fits} THEN {merged} ELSE {c} END"), Some(changes))
}
