//! Score on the 0–10 scale and its three categories.

/// Score on the 0–10 scale. A value outside it cannot be constructed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// All eleven scores, lowest first.
    pub const ALL: [Score; 11] = [
        Score(0),
        Score(1),
        Score(2),
        Score(3),
        Score(4),
        Score(5),
        Score(6),
        Score(7),
        Score(8),
        Score(9),
        Score(10),
    ];

    /// Returns the score of that value, or `None` outside 0–10.
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 10 { Some(Self(value)) } else { None }
    }

    /// Returns the value, 0–10.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// Returns the category of the score.
    pub const fn category(self) -> Category {
        if self.0 <= Category::Detractor.scores().1 {
            Category::Detractor
        } else if self.0 <= Category::Passive.scores().1 {
            Category::Passive
        } else {
            Category::Promoter
        }
    }
}

/// Category of a score, after Reichheld, "The One Number You Need to Grow", Harvard Business
/// Review, December 2003.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// 0–6: would rather not recommend.
    Detractor,
    /// 7–8: satisfied, but not moved to speak.
    Passive,
    /// 9–10: would recommend.
    Promoter,
}

impl Category {
    /// All three, from those who would recommend least.
    pub const ALL: [Self; 3] = [Self::Detractor, Self::Passive, Self::Promoter];

    /// Returns the name in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Detractor => "detractor",
            Self::Passive => "passive",
            Self::Promoter => "promoter",
        }
    }

    /// Reads `detractor`, `passive` or `promoter`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == text)
    }

    /// Returns the lowest and the highest score of the category: the one place of the thresholds.
    pub const fn scores(self) -> (u8, u8) {
        match self {
            Self::Detractor => (0, 6),
            Self::Passive => (7, 8),
            Self::Promoter => (9, 10),
        }
    }
}
