//! State of a case: what the owner does about a response.

use nps::Category;

use crate::category;

/// State of a case, with its number in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseState {
    /// Nobody has begun.
    Open = 0,
    /// Somebody is at it.
    InProgress = 1,
    /// Closed.
    Done = 2,
}

/// Time within which a detractor should hear from the owner.
const DEADLINE_MS: i64 = api::day::DAY_MS;

impl CaseState {
    /// All states, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Open, Self::InProgress, Self::Done];

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Done => "done",
        }
    }

    /// Returns the number in the database.
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// Reads `open`, `in_progress` or `done`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Returns SQL of the name of a response's state, null where it is no case.
    pub fn name_sql() -> String {
        let cases = Self::ALL.map(|state| format!(" WHEN {} THEN '{}'", state.number(), state.as_str()));
        format!("CASE state{} END", cases.concat())
    }

    /// Returns the condition that a response is in this state.
    pub fn is_sql(self) -> String {
        format!("state = {}", self.number())
    }

    /// Returns the condition that a response is a case that is not done. An index has it.
    pub fn is_unfinished_sql() -> String {
        format!("state IN ({}, {})", Self::Open.number(), Self::InProgress.number())
    }

    /// Returns SQL of the deadline of a new case, null but for a detractor. `row` is what stands
    /// before the name of a column, such as `NEW.`.
    pub fn deadline_sql(row: &str) -> String {
        let is_detractor = category::is_sql(Category::Detractor, row);
        format!("CASE WHEN {is_detractor} THEN {row}at + {DEADLINE_MS} END")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_deadlines_have_the_sql_of_stored_sites() {
        assert_eq!(
            CaseState::name_sql(),
            "CASE state WHEN 0 THEN 'open' WHEN 1 THEN 'in_progress' WHEN 2 THEN 'done' END"
        );
        assert_eq!(
            CaseState::deadline_sql("NEW."),
            "CASE WHEN NEW.score <= 6 THEN NEW.at + 86400000 END",
            "stored triggers of existing sites have this text"
        );
    }
}
