//! The comparison finds what a collector could do wrong.

use serde_json::{Value, json};
use tests::counts::wrong_counts;

use super::judge::differences;
use super::ledger::{Ledger, Message, Sent};

fn sent(score: u8, elapsed_ms: u32, is_acknowledged: bool) -> Sent {
    Sent { message: Message { score: Some(score), elapsed_ms, ..Message::default() }, is_acknowledged }
}

fn ledger(messages: &[Sent]) -> Ledger {
    let mut ledger = Ledger::default();
    ledger.add("a".to_owned(), messages.to_vec());
    ledger
}

fn row(id: &str, score: impl Into<Value>) -> Value {
    json!({
        "id": id, "at": "2026-11-26T10:00:00.000Z", "score": score.into(), "comment": null, "shown": true,
        "dismissed": false,
    })
}

#[test]
fn an_acknowledged_response_must_be_stored_once() {
    let ledger = ledger(&[sent(9, 1, true)]);
    assert!(differences(&ledger, &[row("a", 9)]).is_empty());
    assert_eq!(differences(&ledger, &[]), ["a was acknowledged and is lost"]);
    assert_eq!(differences(&ledger, &[row("a", 9), row("a", 9)]), ["a is stored 2 times"]);
    assert_eq!(differences(&ledger, &[row("a", 9), row("b", 9)]), ["b is stored and was never sent"]);
}

#[test]
fn a_response_without_an_acknowledgement_may_be_missing() {
    let ledger = ledger(&[sent(9, 1, false)]);
    for rows in [vec![], vec![row("a", 9)], vec![row("a", Value::Null)]] {
        assert!(differences(&ledger, &rows).is_empty(), "{rows:?}");
    }
    assert_eq!(differences(&ledger, &[row("a", 8)]).len(), 1, "nobody sent this score");
}

#[test]
fn the_latest_acknowledged_score_stays_unless_a_later_one_arrived() {
    let ledger = ledger(&[sent(1, 1, false), sent(2, 2, true), sent(3, 3, true), sent(4, 4, false)]);
    let is_right = |score: Value| differences(&ledger, &[row("a", score)]).is_empty();
    assert!(is_right(json!(3)) && is_right(json!(4)));
    assert!(![json!(1), json!(2), Value::Null].into_iter().any(is_right));
}

#[test]
fn an_acknowledged_dismissal_must_be_stored() {
    let dismissal = Message { dismissed: true, elapsed_ms: 1, ..Message::default() };
    let mut dismissed = row("a", Value::Null);
    dismissed["dismissed"] = json!(true);
    for (is_acknowledged, lost) in [(true, 1), (false, 0)] {
        let ledger = ledger(&[Sent { message: dismissal.clone(), is_acknowledged }]);
        assert!(differences(&ledger, std::slice::from_ref(&dismissed)).is_empty());
        assert_eq!(differences(&ledger, &[row("a", Value::Null)]).len(), lost);
    }
    assert_eq!(differences(&ledger(&[sent(9, 1, false)]), &[dismissed]).len(), 1, "nobody dismissed it");
}

#[test]
fn a_figure_that_is_not_the_count_of_the_rows_is_named() {
    let mut distribution = [0; 11];
    distribution[9] = 1;
    let mut report = json!({
        "scored": 1, "shown": 1, "dismissed": 0, "commented": 0, "distribution": distribution,
        "series": [{ "from": "2026-11-26", "scored": 1 }],
    });
    let rows = [row("a", 9)];
    assert!(wrong_counts(&rows, &report).is_empty());
    for pointer in ["/scored", "/distribution/9", "/series/0/scored"] {
        *report.pointer_mut(pointer).unwrap() = json!(2);
        assert_eq!(wrong_counts(&rows, &report), [format!("{pointer} of the score is 2; the rows have 1")]);
        *report.pointer_mut(pointer).unwrap() = json!(1);
    }
}
