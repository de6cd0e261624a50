//! Daily totals, and the triggers that keep them.
//!
//! Totals change within the statement that changes a response, so they always equal the rows. Each
//! is kept by property, variant, day and value: 11 counts of scores (`s0`…), of responses shown,
//! answered, dismissed and commented, of the rows themselves (`n`) and 32 counts of times to answer
//! (`t0`…). All of them add up, so the totals of any range of days are a sum.
//!
//! The first [`MAX_VALUES`] values of a property have a number of their own, those after them share
//! [`OTHER`], and [`ABSENT`] is no value. A number once given stays, so each response is subtracted
//! where it was added.
//!
//! A property that is declared later is backfilled in the order of ids: `upto` is the last id that
//! is counted. A response above it is not counted by its own triggers, since the backfill will come
//! to it. Raising `upto` counts those that it passes, in that one statement.

use nps::time_to_answer::BUCKETS;

/// The most values of a property that are counted separately.
pub const MAX_VALUES: usize = 200;
/// Number of the absent value: responses without the property.
pub const ABSENT: i64 = 0;
/// Number that all values beyond [`MAX_VALUES`] share.
pub const OTHER: i64 = -1;
/// An `upto` above every id: every response is counted.
pub const COMPLETE: [u8; 17] = [0xff; 17];

/// Returns the totals, and the SQL that reads each from a response, in the order in which they are
/// stored and read.
pub fn counts() -> Vec<(String, String)> {
    let scores = (0..=10).map(|score| (format!("s{score}"), format!("ROW.score IS {score}")));
    let facts = [
        ("shown", "ROW.shown"),
        ("answered", "ROW.shown AND ROW.score IS NOT NULL"),
        ("dismissed", "ROW.dismissed AND ROW.score IS NULL"),
        ("commented", "ROW.comment IS NOT NULL AND ROW.score IS NOT NULL"),
        ("n", "1"),
    ];
    let facts = facts.into_iter().map(|(name, rule)| (name.to_owned(), rule.to_owned()));
    let times = (0..BUCKETS).map(|bucket| (format!("t{bucket}"), format!("ROW.bucket IS {bucket}")));
    scores.chain(facts).chain(times).collect()
}

/// Columns by which a response is counted.
const COUNTED: [&str; 5] = ["score", "bucket", "shown", "dismissed", "comment IS NULL"];
/// Columns that decide under which day and values it is counted.
const PLACED: [&str; 4] = ["day", "lang", "page", "properties"];

/// Returns columns of a row.
fn columns_of(row: &str, parts: &[&str]) -> String {
    parts.iter().map(|part| format!("{row}.{part}")).collect::<Vec<_>>().join(", ")
}

/// Returns SQL of a property's value in a response; `p` is the property.
fn value_text(row: &str) -> String {
    format!(
        "CASE p.name WHEN 'channel' THEN {row}.channel WHEN 'page' THEN {row}.page WHEN 'lang' THEN {row}.lang
         ELSE {row}.properties ->> p.path END"
    )
}

/// Returns SQL of the properties under which a response is counted, each with its value.
fn values(row: &str) -> String {
    format!(
        "(SELECT p.slot AS slot, {} AS text FROM property AS p WHERE {row}.id <= p.upto)",
        value_text(row)
    )
}

/// SQL of the number of a value, given `slot` and `text`.
const NUMBER: &str = "CASE WHEN text IS NULL THEN 0
    ELSE ifnull((SELECT v.number FROM value AS v WHERE v.property = slot AND v.text = given.text), -1) END";

/// Returns SQL that gives new values of a response their numbers, while there are any left.
fn number_values(row: &str) -> String {
    format!(
        "INSERT INTO value (property, number, text)
         SELECT slot, 1 + (SELECT count(*) FROM value WHERE property = slot), text FROM {} AS given
         WHERE text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM value AS v WHERE v.property = slot
             AND v.text = given.text)
           AND (SELECT count(*) FROM value WHERE property = slot) < {MAX_VALUES};",
        values(row)
    )
}

/// Returns the statements that create the table and its triggers.
pub fn statements() -> Vec<String> {
    let counts = counts();
    let list = |part: &dyn Fn(&str, &str) -> String| {
        counts.iter().map(|(name, rule)| part(name, rule)).collect::<Vec<_>>().join(", ")
    };
    let columns = list(&|name, _| format!("{name} INTEGER NOT NULL"));
    let names = list(&|name, _| name.to_owned());
    let plus = |row: &str| list(&|name, rule| format!("({}) AS {name}", rule.replace("ROW", row)));
    let minus = list(&|name, rule| format!("-({}) AS {name}", rule.replace("ROW", "OLD")));
    let sum = list(&|name, _| format!("sum({name})"));
    let add = list(&|name, _| format!("{name} = {name} + excluded.{name}"));
    let into = format!("INSERT INTO day (property, variant, day, value, {names})");
    let join = format!("ON CONFLICT (property, variant, day, value) DO UPDATE SET {add};");
    let (new, old) = (values("NEW"), values("OLD"));
    let (counted_new, counted_old) = (columns_of("NEW", &COUNTED), columns_of("OLD", &COUNTED));
    let (placed_new, placed_old) = (columns_of("NEW", &PLACED), columns_of("OLD", &PLACED));
    let empty = "DELETE FROM day WHERE n = 0 AND property IN (SELECT slot FROM property)
        AND variant = OLD.variant AND day = OLD.day";
    let (number_new, number_backfilled) = (number_values("NEW"), number_backfilled_values());
    let text_r = value_text("r");
    vec![
        format!(
            "CREATE TABLE day (
                property INTEGER NOT NULL, variant TEXT NOT NULL,
                day INTEGER NOT NULL, value INTEGER NOT NULL,
                {columns}, PRIMARY KEY (property, variant, day, value)
            ) WITHOUT ROWID"
        ),
        format!(
            "CREATE TRIGGER response_added AFTER INSERT ON response BEGIN
                {number_new}
                {into} SELECT slot, NEW.variant, NEW.day, {NUMBER}, {} FROM {new} AS given WHERE true {join}
            END",
            plus("NEW")
        ),
        format!(
            "CREATE TRIGGER response_changed AFTER UPDATE ON response
             WHEN ({counted_new}, {placed_new}) IS NOT ({counted_old}, {placed_old}) BEGIN
                {number_new}
                {into} SELECT slot, NEW.variant, day, number, {sum} FROM (
                    SELECT slot, NEW.day AS day, {NUMBER} AS number, {} FROM {new} AS given
                    UNION ALL SELECT slot, OLD.day, {NUMBER}, {minus} FROM {old} AS given
                ) GROUP BY slot, day, number
                HAVING count(*) = 1 OR ({counted_new}) IS NOT ({counted_old}) {join}
                {empty} AND ({placed_new}) IS NOT ({placed_old});
            END",
            plus("NEW")
        ),
        format!(
            "CREATE TRIGGER response_removed AFTER DELETE ON response BEGIN
                {into} SELECT slot, OLD.variant, OLD.day, {NUMBER}, {minus} FROM {old} AS given
                    WHERE true {join}
                {empty};
            END"
        ),
        format!(
            "CREATE TRIGGER property_filled AFTER UPDATE OF upto ON property BEGIN
                {number_backfilled}
                {into} SELECT slot, variant, day, number, {sum} FROM (
                    SELECT slot, variant, day, {NUMBER} AS number, {names} FROM (
                        SELECT NEW.slot AS slot, r.variant AS variant, r.day AS day, {text_r} AS text, {}
                        FROM property AS p, response AS r
                        WHERE p.slot = NEW.slot AND r.id > OLD.upto AND r.id <= NEW.upto
                    ) AS given
                ) GROUP BY variant, day, number {join}
            END",
            plus("r")
        ),
        format!(
            "INSERT INTO property (slot, name, path, upto) VALUES (0, 'channel', '', x'{}')",
            "ff".repeat(COMPLETE.len())
        ),
    ]
}

/// Returns the SQL of [`number_values`] for all the responses that a step of a backfill passes.
fn number_backfilled_values() -> String {
    format!(
        "INSERT INTO value (property, number, text)
         SELECT NEW.slot, (SELECT count(*) FROM value WHERE property = NEW.slot) + row_number() OVER (),
             text FROM (
            SELECT DISTINCT {} AS text FROM property AS p, response AS r
            WHERE p.slot = NEW.slot AND r.id > OLD.upto AND r.id <= NEW.upto
         ) AS given
         WHERE text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM value AS v WHERE v.property = NEW.slot
             AND v.text = given.text)
         LIMIT max(0, {MAX_VALUES} - (SELECT count(*) FROM value WHERE property = NEW.slot));",
        value_text("r")
    )
}
