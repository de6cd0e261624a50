//! Audience of a question: some of the three categories.

use nps::Category;

use super::object_writer::ObjectWriter;
use crate::validation::{Errors, ObjectReader};

/// Categories in the order in which they are written.
pub(super) const CATEGORIES: [Category; 3] = [Category::Promoter, Category::Passive, Category::Detractor];

/// Some of the three categories, at least one; by default all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audience([bool; 3]);

impl Default for Audience {
    fn default() -> Self {
        Self([true; 3])
    }
}

impl Audience {
    /// Those for which `has` holds; `None` where it holds for none.
    pub fn new(has: impl Fn(Category) -> bool) -> Option<Self> {
        let has = CATEGORIES.map(has);
        has.contains(&true).then_some(Self(has))
    }

    /// Whether this one is among them.
    pub fn has(self, category: Category) -> bool {
        CATEGORIES.iter().zip(self.0).any(|(other, has)| has && *other == category)
    }

    /// Reads the member `for`.
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        if reader.get("for").is_none() {
            return Self::default();
        }
        let before = errors.len();
        let given = reader.array(errors, "for", 3);
        for (index, word) in given.iter().enumerate() {
            if word.as_str().and_then(Category::parse).is_none() {
                let path = format!("{}/{index}", reader.pointer_to("for"));
                errors.push(&path, "Must be promoter, passive or detractor.");
            }
        }
        let some = CATEGORIES.map(|known| given.iter().any(|word| word == known.as_str()));
        if !some.contains(&true) && errors.len() == before {
            reader.error(errors, "for", "Names nobody; name a category, or leave it out for all three.");
        }
        Self(some)
    }

    /// Writes the member `for`.
    pub(super) fn write(self, out: &mut ObjectWriter) {
        let words = |those: Self| {
            let words =
                CATEGORIES.iter().zip(those.0).filter(|(_, has)| *has).map(|(category, _)| category.as_str());
            words.collect::<Vec<_>>()
        };
        out.put("for", words(self), words(Self::default()));
    }
}
