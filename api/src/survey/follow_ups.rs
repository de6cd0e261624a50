//! Questions after the comment, at most two.
//!
//! None can be made required: whoever has given a score has responded, and a question that stands
//! in the way costs responses.

use std::collections::BTreeSet;

use super::audience::Audience;
use super::localized_text::LocalizedText;
use super::object_writer::ObjectWriter;
use crate::limits::{MAX_FOLLOW_UP_QUESTION, MAX_FOLLOW_UPS, MAX_LABEL, MAX_OPTIONS, MIN_OPTIONS};
use crate::validation::{Errors, ObjectReader};

/// A question after the comment. It may be left without an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUp {
    /// By what name its answers are kept: 1–40 of `a–z 0–9 - _`, another for each question.
    pub key: String,
    /// The question.
    pub question: LocalizedText,
    /// Kind of answer.
    pub answer: AnswerKind,
    /// Audience of the question.
    pub audience: Audience,
}

/// Kind of answer to a follow-up question.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerKind {
    /// In the visitor's words.
    Text,
    /// By choosing among [`MIN_OPTIONS`] to
    /// [`MAX_OPTIONS`] options.
    Choice {
        /// Options in the order in which they are shown.
        options: Vec<ChoiceOption>,
        /// Whether more than one may be chosen.
        multiple: bool,
    },
}

/// Option of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceOption {
    /// By what name it is kept when it is chosen: 1–40 of `a–z 0–9 - _`, another for each option.
    pub key: String,
    /// Label that the visitor reads.
    pub label: LocalizedText,
}

/// Reads the member `follow_ups`.
pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Vec<FollowUp> {
    let path = reader.pointer_to("follow_ups");
    let given = reader.array(errors, "follow_ups", MAX_FOLLOW_UPS);
    let mut taken = BTreeSet::new();
    let mut questions = Vec::new();
    for (index, question) in given.iter().enumerate() {
        let names = ["key", "kind", "question", "options", "multiple", "for"];
        let question = ObjectReader::new(Some(question), &format!("{path}/{index}"), &names, errors);
        if question.is_present() {
            questions.extend(FollowUp::read(&question, errors, &mut taken));
        }
    }
    questions
}

pub(super) fn write(questions: &[FollowUp], out: &mut ObjectWriter) {
    let questions: Vec<_> = questions.iter().map(|question| out.object(|out| question.write(out))).collect();
    out.list("follow_ups", questions.into_iter());
}

impl FollowUp {
    fn read(reader: &ObjectReader, errors: &mut Errors, taken: &mut BTreeSet<String>) -> Option<Self> {
        let key = key(reader, errors, taken);
        let question = LocalizedText::read(reader, errors, "question", MAX_FOLLOW_UP_QUESTION);
        let audience = Audience::read(reader, errors);
        if reader.get("kind").is_none() {
            reader.error(errors, "kind", "Must be given: choice or text.");
        }
        let answer = match reader.one_of(errors, "kind", &["choice", "text"])? {
            0 => AnswerKind::Choice {
                options: options(reader, errors),
                multiple: reader.bool(errors, "multiple"),
            },
            _ => {
                if !reader.array(errors, "options", MAX_OPTIONS).is_empty() {
                    let detail = "Belongs to questions of the kind choice; leave it out.";
                    reader.error(errors, "options", detail);
                }
                if reader.bool(errors, "multiple") {
                    let detail = "Belongs to questions of the kind choice; leave it out.";
                    reader.error(errors, "multiple", detail);
                }
                AnswerKind::Text
            }
        };
        Some(Self { key: key?, question: question?, answer, audience })
    }

    fn write(&self, out: &mut ObjectWriter) {
        out.always("key", self.key.as_str());
        let (kind, options, multiple): (_, &[ChoiceOption], _) = match &self.answer {
            AnswerKind::Text => ("text", &[], false),
            AnswerKind::Choice { options, multiple } => ("choice", options, *multiple),
        };
        out.always("kind", kind);
        out.always("question", &self.question);
        let options: Vec<_> = options.iter().map(|option| out.object(|out| option.write(out))).collect();
        out.list("options", options.into_iter());
        out.put("multiple", multiple, false);
        self.audience.write(out);
    }
}

impl ChoiceOption {
    fn write(&self, out: &mut ObjectWriter) {
        out.always("key", self.key.as_str());
        out.always("label", &self.label);
    }
}

fn options(reader: &ObjectReader, errors: &mut Errors) -> Vec<ChoiceOption> {
    let path = reader.pointer_to("options");
    let before = errors.len();
    let given = reader.array(errors, "options", MAX_OPTIONS);
    if given.len() < MIN_OPTIONS && errors.len() == before {
        let detail = format!("A choice has {MIN_OPTIONS} to {MAX_OPTIONS} options; add some.");
        errors.push(&path, &detail);
    }
    let mut taken = BTreeSet::new();
    let mut options = Vec::new();
    for (index, option) in given.iter().enumerate() {
        let option = ObjectReader::new(Some(option), &format!("{path}/{index}"), &["key", "label"], errors);
        if !option.is_present() {
            continue;
        }
        let key = key(&option, errors, &mut taken);
        let label = LocalizedText::read(&option, errors, "label", MAX_LABEL);
        options.extend(key.zip(label).map(|(key, label)| ChoiceOption { key, label }));
    }
    options
}

/// A key that none of its siblings has.
fn key(reader: &ObjectReader, errors: &mut Errors, taken: &mut BTreeSet<String>) -> Option<String> {
    let key = reader.required_string(errors, "key", crate::limits::MAX_SLUG)?;
    if let Some(error) = crate::slug::object_name_error(&key) {
        reader.error(errors, "key", &error);
        return None;
    }
    if !crate::slug::is_slug(&key) {
        reader.error(errors, "key", &format!("Must be {}.", crate::slug::SLUG_CHARACTERS));
        return None;
    }
    if !taken.insert(key.clone()) {
        reader.error(errors, "key", "Another one before has this key; give each its own.");
        return None;
    }
    Some(key)
}
