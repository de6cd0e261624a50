//! Text of the owner's in the visitor's language.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::language::{LANGUAGES, Lang};
use crate::validation::{self, Errors, ObjectReader, pointer, quoted};

/// Words of the owner's that a visitor reads: one text for everybody, or one in each language that
/// the owner speaks.
///
/// In JSON the one is text and the other an object of language tag and text.
#[derive(Debug, Clone, PartialEq)]
pub enum LocalizedText {
    /// Text for every language.
    Same(String),
    /// A text for each of these languages. A visitor of another reads the English one, or else the
    /// first.
    PerLanguage(BTreeMap<Lang, String>),
}

impl LocalizedText {
    /// Reads a member that must be there.
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors, name: &str, most: usize) -> Option<Self> {
        let path = reader.pointer_to(name);
        let before = errors.len();
        let words = match reader.get(name) {
            Some(value @ Value::String(_)) => validation::string(errors, value, &path, most).map(Self::Same),
            Some(Value::Object(given)) => {
                let mut texts = BTreeMap::new();
                for (tag, text) in given {
                    let lang = read_lang(errors, tag, &path);
                    let text = Some(text).filter(|text| !text.is_null());
                    let text =
                        text.and_then(|text| validation::string(errors, text, &pointer(&path, tag), most));
                    texts.extend(lang.zip(text));
                }
                (!texts.is_empty()).then_some(Self::PerLanguage(texts))
            }
            None => None,
            Some(other) => {
                let not = quoted(other);
                errors.push(&path, &format!("Must be text, or an object of language and text, not {not}."));
                None
            }
        };
        if words.is_none() && errors.len() == before {
            let detail = "Must be given: text, or an object of language and text such as {\"en\": \"Why?\"}.";
            errors.push(&path, detail);
        }
        words
    }
}

impl From<&LocalizedText> for Value {
    fn from(words: &LocalizedText) -> Self {
        match words {
            LocalizedText::Same(text) => text.as_str().into(),
            LocalizedText::PerLanguage(texts) => {
                let texts = texts.iter().map(|(lang, text)| (lang.tag().to_owned(), text.as_str().into()));
                Value::Object(texts.collect())
            }
        }
    }
}

/// The language of a member's name, or a note that there is none.
pub(super) fn read_lang(errors: &mut Errors, tag: &str, parent: &str) -> Option<Lang> {
    let lang = Lang::parse(tag);
    if lang.is_none() && !errors.is_stored() {
        let known = LANGUAGES.join(", ");
        let detail = format!("Unknown language. Expected one of: {known}.");
        errors.push(&pointer(parent, tag), &detail);
    }
    lang
}
