//! The owner's own words in place of the survey's, by language.
//!
//! What an owner does not reword keeps the words that come with the survey, in each language by
//! itself. The ends of the scale can be worded for a question of one's own, such as how easy
//! something was.

use serde_json::{Map, Value};

use super::localized_text::read_lang;
use super::object_writer::ObjectWriter;
use super::string_enum::string_enum;
use crate::language::Lang;
use crate::limits::{MAX_CAPTION, MAX_QUESTION, MAX_TEXT};
use crate::validation::pointer;
use crate::validation::{self, Errors, ObjectReader};

string_enum! {
    /// A piece of the survey that the owner may reword.
    #[derive(PartialOrd, Ord)]
    Part {
        /// The question of a variant of one's own, in this language. The standard question has no
        /// other wording.
        Question = "question",
        /// A line of thanks above the question.
        Intro = "intro",
        /// Why the owner asks and how responses are used, above the question.
        Purpose = "purpose",
        /// Prompt of the comment field for a promoter.
        PromoterPrompt = "promoter_prompt",
        /// Prompt of the comment field for a passive.
        PassivePrompt = "passive_prompt",
        /// Prompt of the comment field for a detractor.
        DetractorPrompt = "detractor_prompt",
        /// Thanks for a promoter.
        PromoterThanks = "promoter_thanks",
        /// Thanks for a passive.
        PassiveThanks = "passive_thanks",
        /// Thanks for a detractor.
        DetractorThanks = "detractor_thanks",
        /// Label of the contact field.
        ContactLabel = "contact_label",
        /// The low end of the scale.
        Low = "low",
        /// The high end of the scale.
        High = "high",
        /// The button that sends the response.
        Send = "send",
        /// The button that closes the survey before a score is chosen.
        NotNow = "not_now",
        /// The button that closes the survey afterwards.
        Close = "close",
        /// The button at the side of the window, which opens the survey.
        Tab = "tab",
    }
}

impl Part {
    /// Returns the longest text of the part, in characters.
    pub(super) const fn max_length(self) -> usize {
        match self {
            Self::Question => MAX_QUESTION,
            Self::Low | Self::High | Self::Send | Self::NotNow | Self::Close | Self::Tab => MAX_CAPTION,
            _ => MAX_TEXT,
        }
    }
}

/// The owner's own texts of the survey, in the order of language and part.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Texts(Vec<((Lang, Part), String)>);

impl Texts {
    /// The owner's text of a part in a language, if there is one.
    pub fn get(&self, lang: Lang, part: Part) -> Option<&str> {
        self.0.iter().find(|(place, _)| *place == (lang, part)).map(|(_, text)| text.as_str())
    }

    /// Words a part in a language, or with blank text leaves it to the survey.
    pub fn set(&mut self, lang: Lang, part: Part, text: impl Into<String>) {
        let text = text.into();
        self.0.retain(|(place, _)| *place != (lang, part));
        if !text.trim().is_empty() {
            let index = self.0.partition_point(|(place, _)| *place < (lang, part));
            self.0.insert(index, ((lang, part), text));
        }
    }

    /// Reads the member `texts`; `standard` is whether the question is the standard one.
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors, standard: bool) -> Self {
        let mut texts = Self::default();
        let path = reader.pointer_to("texts");
        let given = match reader.get("texts") {
            None => return texts,
            Some(Value::Object(given)) => given,
            Some(_) => {
                errors.push(
                    &path,
                    "Must be an object of languages, such as {\"en\": {\"intro\": \"Hello!\"}}.",
                );
                return texts;
            }
        };
        for (tag, translation) in given {
            let Some(lang) = read_lang(errors, tag, &path) else { continue };
            let path = pointer(&path, tag);
            let translation = ObjectReader::new(
                Some(translation).filter(|translation| !translation.is_null()),
                &path,
                Part::NAMES,
                errors,
            );
            for part in Part::ALL {
                let Some(text) = translation.get(part.as_str()) else { continue };
                let most = part.max_length();
                let text = validation::string(errors, text, &translation.pointer_to(part.as_str()), most);
                if *part == Part::Question && standard && text.is_some() {
                    translation.error(errors, part.as_str(), super::STANDARD_IS_FIXED);
                }
                texts.set(lang, *part, text.unwrap_or_default());
            }
        }
        texts
    }

    pub(super) fn write(&self, out: &mut ObjectWriter) {
        let mut languages = Map::new();
        for ((lang, _), _) in &self.0 {
            if !languages.contains_key(lang.tag()) {
                let parts = out.object(|out| {
                    for part in Part::ALL {
                        out.text(part.as_str(), self.get(*lang, *part));
                    }
                });
                languages.insert(lang.tag().to_owned(), parts);
            }
        }
        out.put("texts", languages, Map::new());
    }
}
