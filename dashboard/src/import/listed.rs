//! Imports of the list: how far one is, and what became of its rows.

use crate::format::{count, counted};
use crate::model::Import;

/// Returns how far an import is, as a share of 1. Lines without a score are stored only where they
/// have a comment, and how many have one is not known, so none is waited for.
pub fn progress(import: &Import) -> f64 {
    let stored = import.stored + import.changed + import.already_there;
    let done = stored + import.erased_before + import.same_id.count + import.rejected;
    let all = import.rows.saturating_sub(import.without_score);
    match (done, all) {
        (0, _) => 0.0,
        (_, 0) => 1.0,
        _ => (done as f64 / all as f64).min(1.0),
    }
}

/// Returns what became of the rows of an import.
pub fn summary(import: &Import) -> String {
    let known = [
        (import.stored, "new"),
        (import.changed, "changed"),
        (import.already_there, "already there"),
        (import.rejected, "rejected"),
    ];
    let others = [
        (import.erased_before, "erased before"),
        (import.without_score, "without a score"),
        (import.marked, "marked as tests or spam"),
    ];
    let others = others.into_iter().filter(|(number, _)| *number > 0);
    let parts = known.into_iter().chain(others).map(|(number, text)| format!("{} {text}", count(number)));
    format!("{}, of {}.", parts.collect::<Vec<_>>().join(", "), counted(import.rows, "row"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Cut, FromJson};

    #[test]
    fn progress_is_a_share() {
        assert_eq!(
            [progress(&import(0, 0)), progress(&import(4, 1)), progress(&import(2, 3))],
            [0.0, 0.25, 1.0]
        );
        // Rows that are not stored are done too.
        let erased = Import { erased_before: 2, same_id: Cut { count: 1 }, rejected: 1, ..import(10, 1) };
        let without_score = |rows, stored| Import { without_score: 78, ..import(rows, stored) };
        assert_eq!(
            [erased, without_score(178, 25), without_score(78, 0), without_score(78, 5)]
                .map(|it| progress(&it)),
            [0.5, 0.25, 0.0, 1.0]
        );
    }

    #[test]
    fn each_row_of_a_listed_import_is_accounted_for() {
        assert_eq!(summary(&import(4, 3)), "3 new, 0 changed, 0 already there, 0 rejected, of 4 rows.");
        let other = Import { marked: 2, without_score: 3, erased_before: 1, ..import(1_007, 1_003) };
        assert_eq!(
            summary(&other),
            "1,003 new, 0 changed, 0 already there, 0 rejected, 1 erased before, 3 without a score, 2 marked \
             as tests or spam, of 1,007 rows."
        );
    }

    fn import(rows: u64, stored: u64) -> Import {
        FromJson::from_json(&json!({
            "id": "", "created_at": "", "state": "incomplete", "rows": rows, "stored": stored, "changed": 0,
            "already_there": 0, "erased_before": 0, "same_id": { "count": 0 }, "without_score": 0, "marked": 0,
            "rejected": 0, "changes_kept_until": null,
        }))
        .unwrap()
    }
}
