//! JSON of the types in `nps`, which knows none itself.

use nps::{Category, Score};
use serde::{Serialize, Serializer};

/// Writes a category as its name.
pub(crate) fn category<S: Serializer>(category: &Option<Category>, to: S) -> Result<S::Ok, S::Error> {
    category.map(Category::as_str).serialize(to)
}

/// Writes a score as a number.
pub(crate) fn score<S: Serializer>(score: &Option<Score>, to: S) -> Result<S::Ok, S::Error> {
    score.map(Score::get).serialize(to)
}
