//! JSON of the types in `nps`, which knows none itself.

use nps::{Category, Score};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes a category as its name.
pub(crate) fn category<S: Serializer>(category: &Option<Category>, to: S) -> Result<S::Ok, S::Error> {
    category.map(Category::word).serialize(to)
}

/// A score as a number.
pub(crate) mod score {
    use super::{Deserialize, Deserializer, Score, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(score: &Option<Score>, to: S) -> Result<S::Ok, S::Error> {
        score.map(Score::get).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Score>, D::Error> {
        let Some(value) = Option::<u8>::deserialize(from)? else { return Ok(None) };
        let score = Score::new(value);
        score.map(Some).ok_or_else(|| serde::de::Error::custom("a score is a whole number from 0 to 10"))
    }
}
