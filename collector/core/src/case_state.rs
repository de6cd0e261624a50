//! States of a case as SQL. The states are in [`CaseState`].

use api::CaseState;
use nps::Category;

use crate::category;

/// Time within which a detractor should hear from the owner.
const DEADLINE_MS: i64 = api::day::DAY_MS;

/// Returns SQL of the name of a response's state, null where it is no case.
pub fn name_sql() -> String {
    let cases = CaseState::ALL.map(|state| format!(" WHEN {} THEN '{}'", state.number(), state.as_str()));
    format!("CASE state{} END", cases.concat())
}

/// Returns the condition that a response is in a state.
pub fn is_sql(state: CaseState) -> String {
    format!("state = {}", state.number())
}

/// Returns the condition that a response is a case that is not done. An index has it.
pub fn is_unfinished_sql() -> String {
    format!("state IN ({}, {})", CaseState::Open.number(), CaseState::InProgress.number())
}

/// Returns SQL of the deadline of a new case, null but for a detractor. `row` is what stands
/// before the name of a column, such as `NEW.`.
pub fn deadline_sql(row: &str) -> String {
    let is_detractor = category::is_sql(Category::Detractor, row);
    format!("CASE WHEN {is_detractor} THEN {row}at + {DEADLINE_MS} END")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_deadlines_have_the_sql_of_stored_sites() {
        assert_eq!(
            name_sql(),
            "CASE state WHEN 0 THEN 'open' WHEN 1 THEN 'in_progress' WHEN 2 THEN 'done' END"
        );
        assert_eq!(
            deadline_sql("NEW."),
            "CASE WHEN NEW.score <= 6 THEN NEW.at + 86400000 END",
            "stored triggers of existing sites have this text"
        );
    }
}
