//! Reasons why the survey does not open: the list that the loader is tested with.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

const LIST: &str = include_str!("../../../widget/js/why.json");

/// Word that `grapevine("why")` returns, with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Returned word.
    pub word: String,
    /// Meaning. What stands between backticks is code.
    pub sentence: String,
}

/// Returns every reason, in the order in which the loader looks at them.
pub fn reasons() -> Vec<Reason> {
    // The file is part of the program, and a test reads it.
    serde_json::from_str::<Reasons>(LIST).map(|list| list.0).unwrap_or_default()
}

/// A map in the order of the file.
struct Reasons(Vec<Reason>);

impl<'de> Deserialize<'de> for Reasons {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Reasons;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reasons, A::Error> {
        let mut reasons = Vec::new();
        while let Some((word, sentence)) = map.next_entry()? {
            reasons.push(Reason { word, sentence });
        }
        Ok(Reasons(reasons))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_sentence_and_their_order_is_that_of_the_loader() {
        let reasons = reasons();
        assert_eq!(reasons.len(), LIST.matches("\": \"").count());
        assert_eq!((reasons[0].word.as_str(), reasons.last().unwrap().word.as_str()), ("dialog", "due"));
        for reason in &reasons {
            assert!(reason.sentence.ends_with(['.', '`']), "{reason:?}");
            assert!(reason.sentence.matches('`').count() % 2 == 0, "{reason:?}");
        }
    }
}
