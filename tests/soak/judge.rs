//! Comparison of what was acknowledged with what is stored.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::Connection;
use serde_json::Value;
use tests::{Collector, Site};

use super::ledger::{Ledger, Sent};

/// Returns every stored response.
pub async fn export(site: &Site) -> Vec<Value> {
    let answer = site.get("export?format=ndjson", &site.owner).await;
    assert_eq!(answer.status, 200, "{answer}");
    let text = String::from_utf8(answer.body).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// Returns a line for each database of a stopped collector in which SQLite finds damage.
pub fn damaged_files(collector: &Collector) -> Vec<String> {
    let files = collector.objects();
    assert!(!files.is_empty(), "there are databases");
    let check = |path: &PathBuf| {
        let database = Connection::open(path).expect("a database");
        let found = database.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
        let found = found.unwrap_or_else(|error| error.to_string());
        (found != "ok").then(|| format!("{}: {found}", path.display()))
    };
    files.iter().filter_map(check).collect()
}

/// Returns a line for each impression that is not stored as it was acknowledged.
pub fn differences(ledger: &Ledger, rows: &[Value]) -> Vec<String> {
    let mut stored: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for row in rows {
        stored.entry(row["id"].as_str().unwrap_or_default()).or_default().push(row);
    }
    let missing = ledger.acknowledged().filter(|id| !stored.contains_key(id));
    let mut wrong: Vec<String> = missing.map(|id| format!("{id} was acknowledged and is lost")).collect();
    for (id, rows) in stored {
        match (ledger.get(id), rows.as_slice()) {
            (None, _) => wrong.push(format!("{id} is stored and was never sent")),
            (Some(sent), [row]) => {
                wrong.extend(difference(sent, row).map(|what| format!("{id}: {what}: {row}, sent {sent:?}")));
            }
            (Some(_), rows) => wrong.push(format!("{id} is stored {} times", rows.len())),
        }
    }
    wrong
}

/// Returns what a row should not say. A message that was not acknowledged may be stored or not.
fn difference(sent: &[Sent], row: &Value) -> Option<&'static str> {
    let score = |sent: &Sent| sent.message.score.map(Value::from);
    let comment = |sent: &Sent| sent.message.comment.as_deref().map(Value::from);
    let is_dismissed = row["dismissed"] == true;
    if row["shown"] != true {
        Some("it was shown")
    } else if !is_possible(sent, &row["score"], score) {
        Some("wrong score")
    } else if !is_possible(sent, &row["comment"], comment) {
        Some("wrong comment")
    } else if is_dismissed && (!row["score"].is_null() || !sent.iter().any(|sent| sent.message.dismissed)) {
        Some("it was not dismissed")
    } else if !is_dismissed
        && row["score"].is_null()
        && sent.iter().any(|sent| sent.message.dismissed && sent.is_acknowledged)
    {
        Some("it was dismissed")
    } else {
        None
    }
}

/// Whether a stored value is that of the latest acknowledged message that has one, or of a later
/// message that was not acknowledged.
fn is_possible(sent: &[Sent], stored: &Value, value: impl Fn(&Sent) -> Option<Value>) -> bool {
    let with_value = || sent.iter().filter(|sent| value(sent).is_some());
    let known = with_value().filter(|sent| sent.is_acknowledged).map(|sent| sent.message.elapsed_ms).max();
    match known {
        None if stored.is_null() => true,
        _ => with_value()
            .filter(|sent| known.is_none_or(|known| sent.message.elapsed_ms >= known))
            .any(|sent| value(sent).as_ref() == Some(stored)),
    }
}
