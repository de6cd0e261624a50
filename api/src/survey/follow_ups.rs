//! Questions after the comment, at most two.
//!
//! None can be made required: whoever has given a number has answered, and a question that stands in the way costs answers.

use std::collections::BTreeSet;

use super::Members;
use super::after::Categories;
use super::words::Words;
use crate::fields::{Fields, Problems};

/// The most follow-up questions.
pub const MAX_FOLLOW_UPS: usize = 2;
/// The most options of one question.
pub const MAX_OPTIONS: usize = 10;
/// The fewest options of one question.
pub const MIN_OPTIONS: usize = 2;

/// The longest follow-up question, in characters.
const MAX_WORDS: usize = 200;
/// The longest label of an option, in characters.
const MAX_LABEL: usize = 100;

/// A question after the comment. It may be left without an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUp {
    /// By what name its answers are kept: 1–40 of `a–z 0–9 - _`, another for each question.
    pub key: String,
    /// The question.
    pub question: Words,
    /// How it is answered.
    pub answer: Answer,
    /// Who is asked.
    pub audience: Categories,
}

/// How a follow-up question is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// In the visitor's words.
    Text,
    /// By choosing among [`MIN_OPTIONS`] to [`MAX_OPTIONS`] options.
    Choice {
        /// What there is to choose from, in the order in which it is shown.
        options: Vec<Choice>,
        /// Whether more than one may be chosen.
        multiple: bool,
    },
}

/// One option of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// By what name it is kept when it is chosen: 1–40 of `a–z 0–9 - _`, another for each option.
    pub key: String,
    /// What the visitor reads.
    pub label: Words,
}

/// Reads the member `follow_ups`.
pub(super) fn read(fields: &Fields, problems: &mut Problems) -> Vec<FollowUp> {
    let at = fields.at("follow_ups");
    let given = fields.list(problems, "follow_ups", MAX_FOLLOW_UPS);
    let mut taken = BTreeSet::new();
    let mut questions = Vec::new();
    for (index, question) in given.iter().enumerate() {
        let names = ["key", "kind", "question", "options", "multiple", "for"];
        let question = problems.object(Some(question), &format!("{at}/{index}"), &names);
        if question.is_there() {
            questions.extend(FollowUp::read(&question, problems, &mut taken));
        }
    }
    questions
}

pub(super) fn write(questions: &[FollowUp], out: &mut Members) {
    let questions: Vec<_> = questions.iter().map(|question| out.object(|out| question.write(out))).collect();
    out.list("follow_ups", questions.into_iter());
}

impl FollowUp {
    fn read(fields: &Fields, problems: &mut Problems, taken: &mut BTreeSet<String>) -> Option<Self> {
        let key = key(fields, problems, taken);
        let question = Words::read(fields, problems, "question", MAX_WORDS);
        let audience = Categories::read(fields, problems);
        if fields.get("kind").is_none() {
            fields.wrong(problems, "kind", "Must be given: choice or text.");
        }
        let answer = match fields.word(problems, "kind", &["choice", "text"])? {
            0 => Answer::Choice {
                options: options(fields, problems),
                multiple: fields.flag(problems, "multiple"),
            },
            _ => {
                if !fields.list(problems, "options", MAX_OPTIONS).is_empty() {
                    let detail = "Belongs to questions of the kind choice; leave it out.";
                    fields.wrong(problems, "options", detail);
                }
                if fields.flag(problems, "multiple") {
                    let detail = "Belongs to questions of the kind choice; leave it out.";
                    fields.wrong(problems, "multiple", detail);
                }
                Answer::Text
            }
        };
        Some(Self { key: key?, question: question?, answer, audience })
    }

    fn write(&self, out: &mut Members) {
        out.always("key", self.key.as_str());
        let (kind, options, multiple): (_, &[Choice], _) = match &self.answer {
            Answer::Text => ("text", &[], false),
            Answer::Choice { options, multiple } => ("choice", options, *multiple),
        };
        out.always("kind", kind);
        out.always("question", &self.question);
        let options: Vec<_> = options.iter().map(|option| out.object(|out| option.write(out))).collect();
        out.list("options", options.into_iter());
        out.put("multiple", multiple, false);
        self.audience.write(out);
    }
}

impl Choice {
    fn write(&self, out: &mut Members) {
        out.always("key", self.key.as_str());
        out.always("label", &self.label);
    }
}

fn options(fields: &Fields, problems: &mut Problems) -> Vec<Choice> {
    let at = fields.at("options");
    let before = problems.count();
    let given = fields.list(problems, "options", MAX_OPTIONS);
    if given.len() < MIN_OPTIONS && problems.count() == before {
        let detail = format!("A choice has {MIN_OPTIONS} to {MAX_OPTIONS} options; add some.");
        problems.note(&at, &detail);
    }
    let mut taken = BTreeSet::new();
    let mut options = Vec::new();
    for (index, option) in given.iter().enumerate() {
        let option = problems.object(Some(option), &format!("{at}/{index}"), &["key", "label"]);
        if !option.is_there() {
            continue;
        }
        let key = key(&option, problems, &mut taken);
        let label = Words::read(&option, problems, "label", MAX_LABEL);
        options.extend(key.zip(label).map(|(key, label)| Choice { key, label }));
    }
    options
}

/// A key that none of its siblings has.
fn key(fields: &Fields, problems: &mut Problems, taken: &mut BTreeSet<String>) -> Option<String> {
    let key = fields.needed_line(problems, "key", super::MAX_VARIANT)?;
    if !super::is_variant_name(&key) {
        fields.wrong(problems, "key", super::NAME_CHARACTERS);
        return None;
    }
    if !taken.insert(key.clone()) {
        fields.wrong(problems, "key", "Another one before has this key; give each its own.");
        return None;
    }
    Some(key)
}
