//! Keys of the comments.

/// Action of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// Goes to the next comment.
    Next,
    /// Goes to the comment before.
    Previous,
    /// Opens the comment.
    Open,
    /// Marks the comment, or those that are selected, as done.
    Done,
    /// Goes to the field for a tag.
    Tag,
    /// Goes to the field for the person in charge.
    Assign,
    /// Goes to the search.
    Search,
    /// Shows the keys.
    Help,
}

impl Shortcut {
    /// Every shortcut, in the order of the help.
    pub const ALL: [Self; 8] = [
        Self::Next,
        Self::Previous,
        Self::Open,
        Self::Done,
        Self::Tag,
        Self::Assign,
        Self::Search,
        Self::Help,
    ];

    /// Returns the key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Next => "j",
            Self::Previous => "k",
            Self::Open => "o",
            Self::Done => "e",
            Self::Tag => "t",
            Self::Assign => "a",
            Self::Search => "/",
            Self::Help => "?",
        }
    }

    /// Returns what the key does, for the help.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Next => "Next comment",
            Self::Previous => "Previous comment",
            Self::Open => "Open the comment",
            Self::Done => "Mark as done",
            Self::Tag => "Add a tag",
            Self::Assign => "Assign to somebody",
            Self::Search => "Search",
            Self::Help => "Show these keys",
        }
    }

    /// Returns what a key does. Caps Lock does not matter.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shortcut| shortcut.key().eq_ignore_ascii_case(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_does_one_thing() {
        for shortcut in Shortcut::ALL {
            assert_eq!(Shortcut::parse(shortcut.key()), Some(shortcut));
        }
        assert_eq!(Shortcut::parse("J"), Some(Shortcut::Next));
        for key in ["", "x", "Enter", "jj", "Escape"] {
            assert_eq!(Shortcut::parse(key), None, "{key}");
        }
    }
}
