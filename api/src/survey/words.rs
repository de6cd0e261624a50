//! Settings that are one of a few words, and text in the visitor's language.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fields::{self, Fields, Problems};
use crate::invalid::pointer;
use crate::message::shorten;

/// Declares an enum whose variants are words in JSON.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$inner])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The words for them, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word for it, as in the settings.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}
pub(super) use words;

/// A member that is one of the words of such an enum.
pub(super) fn choose<T: Copy + Default>(
    fields: &Fields,
    problems: &mut Problems,
    name: &str,
    (words, all): (&[&str], &[T]),
) -> T {
    fields.word(problems, name, words).and_then(|at| all.get(at)).copied().unwrap_or_default()
}

/// The languages of the survey, as BCP 47 tags. Arabic, Hebrew, Persian and Urdu are written from right to left.
pub const LANGUAGES: [&str; 43] = [
    "en", "de", "fr", "es", "pt-BR", "pt-PT", "it", "nl", "sv", "da", "nb", "fi", "is", "pl", "cs", "sk",
    "hu", "ro", "bg", "uk", "ru", "sr", "hr", "sl", "mk", "el", "tr", "ar", "he", "fa", "ur", "hi", "id",
    "vi", "th", "ja", "ko", "zh-Hans", "zh-Hant", "ca", "lt", "lv", "et",
];

/// One of the [`LANGUAGES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang(&'static str);

impl Lang {
    /// The language of that tag, written as in [`LANGUAGES`].
    pub fn parse(tag: &str) -> Option<Self> {
        LANGUAGES.into_iter().find(|known| *known == tag).map(Self)
    }

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        self.0
    }

    /// The language of a member's name, or a note that there is none.
    pub(super) fn read(problems: &mut Problems, tag: &str, parent: &str) -> Option<Self> {
        let lang = Self::parse(tag);
        if lang.is_none() && !problems.pass_unknown() {
            let known = LANGUAGES.join(", ");
            let detail = format!("There is no language of this tag; use one of {known}.");
            problems.note(&pointer(parent, tag), &detail);
        }
        lang
    }
}

/// Words of the owner's that a visitor reads: one text for everybody, or one in each language that the owner speaks.
///
/// In JSON the one is text and the other an object of language tag and text.
#[derive(Debug, Clone, PartialEq)]
pub enum Words {
    /// The same in every language.
    Same(String),
    /// A text for each of these languages. A visitor of another reads the English one, or else the first.
    Each(BTreeMap<Lang, String>),
}

impl Words {
    /// The text for a visitor of that language.
    pub fn for_lang(&self, tag: &str) -> &str {
        match self {
            Self::Same(text) => text,
            Self::Each(texts) => {
                let of = |tag: &str| texts.iter().find(|(lang, _)| lang.tag() == tag);
                of(tag).or_else(|| of("en")).or_else(|| texts.iter().next()).map_or("", |(_, text)| text)
            }
        }
    }

    /// Reads a member that must be there.
    pub(super) fn read(fields: &Fields, problems: &mut Problems, name: &str, most: usize) -> Option<Self> {
        let at = fields.at(name);
        let before = problems.count();
        let words = match fields.get(name) {
            Some(value @ Value::String(_)) => fields::line(problems, value, &at, most).map(Self::Same),
            Some(Value::Object(given)) => {
                let mut texts = BTreeMap::new();
                for (tag, text) in given {
                    let lang = Lang::read(problems, tag, &at);
                    let text = Some(text).filter(|text| !text.is_null());
                    let text = text.and_then(|text| fields::line(problems, text, &pointer(&at, tag), most));
                    texts.extend(lang.zip(text));
                }
                (!texts.is_empty()).then_some(Self::Each(texts))
            }
            None => None,
            Some(other) => {
                let not = shorten(other);
                problems.note(&at, &format!("Must be text, or an object of language and text, not {not}."));
                None
            }
        };
        if words.is_none() && problems.count() == before {
            let detail = "Must be given: text, or an object of language and text such as {\"en\": \"Why?\"}.";
            problems.note(&at, detail);
        }
        words
    }
}

impl From<&Words> for Value {
    fn from(words: &Words) -> Self {
        match words {
            Words::Same(text) => text.as_str().into(),
            Words::Each(texts) => {
                let texts = texts.iter().map(|(lang, text)| (lang.tag().to_owned(), text.as_str().into()));
                Value::Object(texts.collect())
            }
        }
    }
}
