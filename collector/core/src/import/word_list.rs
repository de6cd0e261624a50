//! Lists of words as one text with `|` between them, which takes less space in the collector than a
//! slice of texts.

/// Whether any word of a list passes a test.
pub(super) fn any(list: &'static str, test: &mut dyn FnMut(&'static str) -> bool) -> bool {
    list.split('|').any(test)
}

/// Whether a list has a word.
pub(super) fn has(list: &'static str, word: &str) -> bool {
    any(list, &mut |known| known == word)
}
