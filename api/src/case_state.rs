//! State of a case: what the owner does about a response.

/// State of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseState {
    /// Nobody has begun.
    Open = 0,
    /// Somebody works on it.
    InProgress = 1,
    /// Closed.
    Done = 2,
}

impl CaseState {
    /// All states, in the order of the work.
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
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_one_state() {
        for state in CaseState::ALL {
            assert_eq!(CaseState::parse(state.as_str()), Some(state));
        }
        assert_eq!((CaseState::parse("Open"), CaseState::parse("")), (None, None));
        assert_eq!(CaseState::ALL.map(CaseState::number), [0, 1, 2], "numbers of stored rows");
    }
}
