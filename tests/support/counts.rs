//! Comparison of a score with a plain count of the stored responses.

use serde_json::Value;

/// Returns a line for each figure of a report that is not the count of the rows. A series must be
/// by day, in UTC.
pub fn wrong_counts(rows: &[Value], report: &Value) -> Vec<String> {
    let count = |rule: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| rule(row)).count();
    let is_scored = |row: &Value| !row["score"].is_null();
    let mut figures = vec![
        ("/scored".to_owned(), count(&is_scored)),
        ("/shown".to_owned(), count(&|row| row["shown"] == true)),
        ("/dismissed".to_owned(), count(&|row| row["dismissed"] == true)),
        ("/commented".to_owned(), count(&|row| is_scored(row) && !row["comment"].is_null())),
    ];
    figures.extend(
        (0..=10).map(|score| (format!("/distribution/{score}"), count(&|row| row["score"] == score))),
    );
    for (nth, day) in report["series"].as_array().into_iter().flatten().enumerate() {
        let from = day["from"].as_str().unwrap_or_default();
        let is_of_day =
            |row: &Value| is_scored(row) && row["at"].as_str().is_some_and(|at| at.starts_with(from));
        figures.push((format!("/series/{nth}/scored"), count(&is_of_day)));
    }
    let wrong = figures.into_iter().filter(|(pointer, counted)| {
        report.pointer(pointer).and_then(Value::as_u64) != Some(*counted as u64)
    });
    wrong
        .map(|(pointer, counted)| {
            let reported = report.pointer(&pointer).unwrap_or(&Value::Null);
            format!("{pointer} of the score is {reported}; the rows have {counted}")
        })
        .collect()
}
