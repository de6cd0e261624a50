//! Reasons why the survey does not open: the list that the loader is tested with.

use std::collections::BTreeMap;

use crate::model::FromJson;

const LIST: &str = include_str!("../../../widget/js/why.json");

/// Word that `grapevine("why")` returns, with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Returned word.
    pub word: String,
    /// Meaning. What stands between backticks is code.
    pub sentence: String,
}

/// Returns every reason, in the order in which the loader looks at them: one a line of the file.
pub fn reasons() -> Vec<Reason> {
    let of_line = |line: &str| {
        let json = format!("{{{}}}", line.trim_end_matches(','));
        let members: BTreeMap<String, String> = FromJson::from_json(&serde_json::from_str(&json).ok()?)?;
        members.into_iter().next().map(|(word, sentence)| Reason { word, sentence })
    };
    LIST.lines().filter_map(of_line).collect()
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
