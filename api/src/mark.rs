//! Mark of a response that is no response of a visitor.

use serde::Serializer;

/// Mark that takes a response out of every figure. It can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A try of the owner's or of a program.
    Test = 1,
    /// Made up by a stranger.
    Spam = 2,
}

impl Mark {
    /// All marks.
    pub const ALL: [Self; 2] = [Self::Test, Self::Spam];

    /// Returns the name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Spam => "spam",
        }
    }

    /// Returns the number in the database.
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// Reads `test` or `spam`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.as_str() == name)
    }

    /// Serializes the mark of a message, whose field `test` is true. Messages have no other mark.
    pub(crate) fn serialize_test<S: Serializer>(mark: &Option<Self>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bool(*mark == Some(Self::Test))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_one_mark() {
        for mark in Mark::ALL {
            assert_eq!(Mark::parse(mark.as_str()), Some(mark));
        }
        assert_eq!((Mark::parse("Spam"), Mark::parse("")), (None, None));
        assert_eq!(Mark::ALL.map(Mark::number), [1, 2], "numbers of stored rows");
    }
}
