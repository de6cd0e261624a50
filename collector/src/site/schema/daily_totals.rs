//! Daily totals, and the triggers that keep them.
//!
//! Totals change within the statement that changes a response, so they always equal the rows. Each
//! is kept by property, variant, day and value: 11 counts of scores (`s0`…), of responses shown,
//! answered, dismissed and commented, of the rows themselves (`n`) and 32 counts of times to answer
//! (`t0`…). All of them add up, so the totals of any range of days are a sum.
//!
//! At most [`MAX_VALUES`] values of a property have a number of their own, all others share
//! [`OTHER`], and [`ABSENT`] is no value. A new value takes the lowest free number.
//!
//! A property that is declared later is backfilled in the order of ids: `upto` is the last id that
//! is counted. A response above it is not counted by its own triggers, since the backfill will come
//! to it. Raising `upto` counts those that it passes, in that one statement.
//!
//! A value has an `upto` as well: a response up to it is counted under the value's number, a
//! response above it as [`OTHER`]. That of a new value is complete while no response can have been
//! counted as other. Afterwards (`property.is_full`) older responses may have the value, so it
//! begins before every id, and raising it moves those that it passes. So each response is
//! subtracted where it was added, whatever became of its value meanwhile.
//!
//! A response with a mark is not counted at all.

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
const PLACED: [&str; 5] = ["day", "lang", "page", "properties", "mark"];

/// Returns columns of a row.
fn columns_of(row: &str, parts: &[&str]) -> String {
    parts.iter().map(|part| format!("{row}.{part}")).collect::<Vec<_>>().join(", ")
}

/// Returns SQL of a property's value in a response; `p` is the property.
pub fn value_text(row: &str) -> String {
    format!(
        "CASE p.name WHEN 'channel' THEN {row}.channel WHEN 'page' THEN {row}.page WHEN 'lang' THEN {row}.lang \
         ELSE {row}.properties ->> p.path END"
    )
}

/// Returns SQL of the properties under which a response is counted, each with its value.
fn values(row: &str) -> String {
    format!(
        "(SELECT p.slot AS slot, {} AS text, {row}.id AS id FROM property AS p \
          WHERE {row}.id <= p.upto AND {row}.mark IS NULL)",
        value_text(row)
    )
}

/// SQL of the number of a value, given `slot`, `text` and the response's `id`.
const NUMBER: &str = "CASE WHEN text IS NULL THEN 0 \
    ELSE ifnull((SELECT v.number FROM value AS v WHERE v.property = slot AND v.text = given.text \
        AND given.id <= v.upto), -1) END";

/// SQL of the lowest number without a value, given `slot`.
pub const FREE_NUMBER: &str = "(SELECT min(n) FROM ( \
        SELECT 1 AS n UNION ALL SELECT number + 1 FROM value WHERE property = slot \
    ) WHERE n NOT IN (SELECT number FROM value WHERE property = slot))";

/// SQL of a complete `upto`, see [`COMPLETE`].
const COMPLETE_SQL: &str = "x'ffffffffffffffffffffffffffffffffff'";

/// Returns SQL that gives new values of a response their numbers, while there are any left.
fn number_values(row: &str) -> String {
    format!(
        "INSERT INTO value (property, number, text, upto) \
         SELECT slot, {FREE_NUMBER}, text, \
             (SELECT iif(is_full, x'', {COMPLETE_SQL}) FROM property AS q WHERE q.slot = given.slot) \
         FROM {} AS given \
         WHERE text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM value AS v WHERE v.property = slot \
             AND v.text = given.text) \
           AND (SELECT count(*) FROM value WHERE property = slot) < {MAX_VALUES} \
           AND (SELECT NOT is_listed FROM property AS q WHERE q.slot = given.slot);",
        values(row)
    )
}

/// Returns the statements that create the table.
pub fn tables() -> [String; 2] {
    let columns: Vec<String> =
        counts().into_iter().map(|(name, _)| format!("{name} INTEGER NOT NULL")).collect();
    [
        format!(
            "CREATE TABLE day ( \
                property INTEGER NOT NULL, variant TEXT NOT NULL, \
                day INTEGER NOT NULL, value INTEGER NOT NULL, \
                {}, PRIMARY KEY (property, variant, day, value) \
            ) WITHOUT ROWID",
            columns.join(", ")
        ),
        format!("INSERT INTO property (slot, name, path, upto) VALUES (0, 'channel', '', {COMPLETE_SQL})"),
    ]
}

/// Returns the statement that adds totals which `select` yields, and ends with a semicolon.
fn add(select: &str) -> String {
    let names: Vec<String> = counts().into_iter().map(|(name, _)| name).collect();
    let sums: Vec<String> = names.iter().map(|name| format!("{name} = {name} + excluded.{name}")).collect();
    format!(
        "INSERT INTO day (property, variant, day, value, {}) {select} \
         ON CONFLICT (property, variant, day, value) DO UPDATE SET {};",
        names.join(", "),
        sums.join(", ")
    )
}

/// Returns the statements that count a value as other from now on: its property and its number
/// are their values.
pub fn demote() -> [String; 3] {
    let names: Vec<String> = counts().into_iter().map(|(name, _)| name).collect();
    let totals = format!(
        "SELECT property, variant, day, {OTHER}, {} FROM day WHERE property = ? AND value = ?",
        names.join(", ")
    );
    [
        add(&totals),
        "DELETE FROM day WHERE property = ? AND value = ?".into(),
        "DELETE FROM value WHERE property = ? AND number = ?".into(),
    ]
}

/// Returns the statements that create the triggers.
pub fn triggers() -> Vec<String> {
    let counts = counts();
    let list = |part: &dyn Fn(&str, &str) -> String| {
        counts.iter().map(|(name, rule)| part(name, rule)).collect::<Vec<_>>().join(", ")
    };
    let names = list(&|name, _| name.to_owned());
    let plus = |row: &str| list(&|name, rule| format!("({}) AS {name}", rule.replace("ROW", row)));
    let minus = list(&|name, rule| format!("-({}) AS {name}", rule.replace("ROW", "OLD")));
    let sum = list(&|name, _| format!("sum({name})"));
    let (new, old) = (values("NEW"), values("OLD"));
    let (counted_new, counted_old) = (columns_of("NEW", &COUNTED), columns_of("OLD", &COUNTED));
    let (placed_new, placed_old) = (columns_of("NEW", &PLACED), columns_of("OLD", &PLACED));
    let empty = "DELETE FROM day WHERE n = 0 AND property IN (SELECT slot FROM property) \
        AND variant = OLD.variant AND day = OLD.day";
    let (number_new, number_backfilled) = (number_values("NEW"), number_backfilled_values());
    let text_r = value_text("r");
    vec![
        format!(
            "CREATE TRIGGER response_added AFTER INSERT ON response BEGIN \
                {number_new} \
                {} \
            END",
            add(&format!(
                "SELECT slot, NEW.variant, NEW.day, {NUMBER}, {} FROM {new} AS given WHERE true",
                plus("NEW")
            ))
        ),
        format!(
            "CREATE TRIGGER response_changed AFTER UPDATE ON response \
             WHEN ({counted_new}, {placed_new}) IS NOT ({counted_old}, {placed_old}) BEGIN \
                {number_new} \
                {} \
                {empty} AND ({placed_new}) IS NOT ({placed_old}); \
            END",
            add(&format!(
                "SELECT slot, NEW.variant, day, number, {sum} FROM ( \
                    SELECT slot, NEW.day AS day, {NUMBER} AS number, {} FROM {new} AS given \
                    UNION ALL SELECT slot, OLD.day, {NUMBER}, {minus} FROM {old} AS given \
                ) GROUP BY slot, day, number \
                HAVING count(*) = 1 OR ({counted_new}) IS NOT ({counted_old})",
                plus("NEW")
            ))
        ),
        format!(
            "CREATE TRIGGER response_removed AFTER DELETE ON response BEGIN \
                {} \
                {empty}; \
            END",
            add(&format!(
                "SELECT slot, OLD.variant, OLD.day, {NUMBER}, {minus} FROM {old} AS given WHERE true"
            ))
        ),
        format!(
            "CREATE TRIGGER property_filled AFTER UPDATE OF upto ON property BEGIN \
                {number_backfilled} \
                {} \
            END",
            add(&format!(
                "SELECT slot, variant, day, number, {sum} FROM ( \
                    SELECT slot, variant, day, {NUMBER} AS number, {names} FROM ( \
                        SELECT NEW.slot AS slot, r.id AS id, r.variant AS variant, r.day AS day, \
                            {text_r} AS text, {} \
                        FROM property AS p, response AS r \
                        WHERE p.slot = NEW.slot AND r.id > OLD.upto AND r.id <= NEW.upto \
                          AND r.mark IS NULL \
                    ) AS given \
                ) GROUP BY variant, day, number",
                plus("r")
            ))
        ),
        // Responses with the value were counted as other.
        format!(
            "CREATE TRIGGER value_filled AFTER UPDATE OF upto ON value BEGIN \
                {} \
                DELETE FROM day WHERE property = NEW.property AND value = {OTHER} AND n = 0; \
            END",
            add(&format!(
                "SELECT NEW.property, variant, day, number, {sum} FROM ( \
                    SELECT r.variant AS variant, r.day AS day, side.number AS number, {} \
                    FROM property AS p, response AS r, \
                        (SELECT NEW.number AS number, 1 AS sign UNION ALL SELECT {OTHER}, -1) AS side \
                    WHERE p.slot = NEW.property AND r.id > OLD.upto AND r.id <= NEW.upto \
                      AND r.id <= p.upto AND r.mark IS NULL AND {text_r} = NEW.text \
                ) GROUP BY variant, day, number",
                list(&|name, rule| format!("side.sign * ({}) AS {name}", rule.replace("ROW", "r")))
            ))
        ),
        format!(
            "CREATE TRIGGER value_added AFTER INSERT ON value \
             WHEN (SELECT count(*) FROM value WHERE property = NEW.property) >= {MAX_VALUES} BEGIN \
                UPDATE property SET is_full = 1 WHERE slot = NEW.property AND is_full = 0; \
            END"
        ),
    ]
}

/// Returns the SQL of [`number_values`] for all the responses that a step of a backfill passes.
fn number_backfilled_values() -> String {
    format!(
        "INSERT INTO value (property, number, text, upto) \
         SELECT NEW.slot, free.number, given.text, iif(NEW.is_full, x'', {COMPLETE_SQL}) FROM ( \
            SELECT row_number() OVER () AS nth, text FROM ( \
                SELECT DISTINCT {} AS text FROM property AS p, response AS r \
                WHERE p.slot = NEW.slot AND r.id > OLD.upto AND r.id <= NEW.upto AND r.mark IS NULL \
            ) AS found \
            WHERE text IS NOT NULL AND NOT NEW.is_listed AND NOT EXISTS (SELECT 1 FROM value AS v \
                WHERE v.property = NEW.slot AND v.text = found.text) \
         ) AS given JOIN ( \
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers \
                WHERE n < {MAX_VALUES}) \
            SELECT row_number() OVER () AS nth, n AS number FROM numbers \
            WHERE n NOT IN (SELECT number FROM value WHERE property = NEW.slot) \
         ) AS free ON free.nth = given.nth;",
        value_text("r")
    )
}
