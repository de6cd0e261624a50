//! Reading settings from untrusted JSON so that every problem is found at once, each with its path.
//!
//! A reader never stops at what is wrong: it notes the problem, goes on with the default and leaves it to the caller to
//! drop the result where anything was noted. So an owner who sends ten wrong settings hears of ten, not of one ten times.
//!
//! None of it is generic over what is read, since this is compiled into the collector, whose size has a budget.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::Invalid;
use crate::invalid::pointer;
use crate::message::{shorten, whole};

/// The most problems that are noted. Beyond that the input is no attempt at settings, and the answer stays small.
pub(crate) const MAX_PROBLEMS: usize = 100;

/// What was found wrong so far.
#[derive(Default)]
pub(crate) struct Problems {
    found: Vec<Invalid>,
    /// Whether unknown members are passed over: in what was stored, they are those of a newer version.
    pass_unknown: bool,
}

impl Problems {
    /// None so far, of what was stored: members that this version does not know are passed over.
    pub(crate) fn of_stored() -> Self {
        Self { pass_unknown: true, ..Self::default() }
    }

    /// Whether unknown members are passed over.
    pub(crate) fn pass_unknown(&self) -> bool {
        self.pass_unknown
    }

    /// Whether this was stored. What an earlier version took is then not refused, or the site could not be opened.
    pub(crate) fn is_stored(&self) -> bool {
        self.pass_unknown
    }

    /// Notes one.
    pub(crate) fn note(&mut self, at: &str, detail: &str) {
        if self.found.len() < MAX_PROBLEMS {
            self.found.push(Invalid::at(at, detail));
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// What was read, if nothing was wrong.
    pub(crate) fn settle<T>(self, read: T) -> Result<T, Vec<Invalid>> {
        if self.found.is_empty() { Ok(read) } else { Err(self.found) }
    }

    /// The object at `at`; without a value, or with one that is none, an object without members.
    pub(crate) fn object<'a>(&mut self, given: Option<&'a Value>, at: &str, names: &[&str]) -> Fields<'a> {
        let given = match given {
            None => None,
            Some(Value::Object(given)) => Some(given),
            Some(other) => {
                let (names, not) = (names.join(", "), shorten(other));
                self.note(at, &format!("Must be an object, not {not}. Its members are {names}."));
                None
            }
        };
        if !self.pass_unknown {
            for unknown in
                given.into_iter().flat_map(Map::keys).filter(|name| !names.contains(&name.as_str()))
            {
                let names = names.join(", ");
                let detail =
                    format!("There is no setting of this name; leave it out. The settings are {names}.");
                self.note(&pointer(at, unknown), &detail);
            }
        }
        Fields { at: at.to_owned(), given }
    }
}

/// An object that is being read. A member that is `null` counts as absent.
pub(crate) struct Fields<'a> {
    at: String,
    given: Option<&'a Map<String, Value>>,
}

impl<'a> Fields<'a> {
    /// Where a member is.
    pub(crate) fn at(&self, name: &str) -> String {
        pointer(&self.at, name)
    }

    /// Whether there is an object at all. Of one that is not there, no members are missed.
    pub(crate) fn is_there(&self) -> bool {
        self.given.is_some()
    }

    /// A member as it is.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.given?.get(name).filter(|value| !value.is_null())
    }

    /// Whether a member is there and `null`: in a merge patch that means "back to the default".
    pub(crate) fn is_null(&self, name: &str) -> bool {
        self.given.and_then(|given| given.get(name)).is_some_and(Value::is_null)
    }

    /// Notes that a member is wrong.
    pub(crate) fn wrong(&self, problems: &mut Problems, name: &str, detail: &str) {
        problems.note(&self.at(name), detail);
    }

    /// A member that is an object of these members.
    pub(crate) fn object(&self, problems: &mut Problems, name: &str, names: &[&str]) -> Fields<'a> {
        problems.object(self.get(name), &self.at(name), names)
    }

    /// A member that is an array of at most so many; of one that has more, the first ones.
    pub(crate) fn list(&self, problems: &mut Problems, name: &str, most: usize) -> &'a [Value] {
        match self.get(name) {
            None => &[],
            Some(Value::Array(items)) => {
                if items.len() > most {
                    let detail = format!("Has {} entries; give at most {most}.", items.len());
                    self.wrong(problems, name, &detail);
                }
                items.get(..most).unwrap_or(items)
            }
            Some(other) => {
                self.wrong(problems, name, &format!("Must be an array, not {}.", shorten(other)));
                &[]
            }
        }
    }

    /// A member that is one line of plain text; blank text counts as absent.
    pub(crate) fn line(&self, problems: &mut Problems, name: &str, most: usize) -> Option<String> {
        line(problems, self.get(name)?, &self.at(name), most)
    }

    /// A member that must be there: one line of plain text.
    pub(crate) fn needed_line(&self, problems: &mut Problems, name: &str, most: usize) -> Option<String> {
        let before = problems.count();
        let text = self.line(problems, name, most);
        if text.is_none() && problems.count() == before {
            self.wrong(problems, name, &format!("Must be given: text of 1 to {most} characters."));
        }
        text
    }

    /// A member that is a whole number in a range; `of` says what is counted.
    pub(crate) fn whole(
        &self,
        problems: &mut Problems,
        name: &str,
        (range, of): (RangeInclusive<u16>, &str),
        default: u16,
    ) -> u16 {
        let Some(value) = self.get(name) else { return default };
        let number = whole(value).and_then(|n| u16::try_from(n).ok()).filter(|n| range.contains(n));
        number.unwrap_or_else(|| {
            let (low, high, not) = (range.start(), range.end(), shorten(value));
            let detail = format!("Must be a whole number{of} from {low} to {high}, not {not}.");
            self.wrong(problems, name, &detail);
            default
        })
    }

    /// A member that is true or false, false by default.
    pub(crate) fn flag(&self, problems: &mut Problems, name: &str) -> bool {
        match self.get(name) {
            None => false,
            Some(Value::Bool(set)) => *set,
            Some(other) => {
                self.wrong(problems, name, &format!("Must be true or false, not {}.", shorten(other)));
                false
            }
        }
    }

    /// A member that is one of these words: which of them.
    pub(crate) fn word(&self, problems: &mut Problems, name: &str, words: &[&str]) -> Option<usize> {
        let value = self.get(name)?;
        let found = value.as_str().and_then(|text| words.iter().position(|word| *word == text));
        if found.is_none() {
            let detail = format!("Must be one of {}, not {}.", words.join(", "), shorten(value));
            self.wrong(problems, name, &detail);
        }
        found
    }
}

/// One line of plain text; blank text counts as absent.
pub(crate) fn line(problems: &mut Problems, value: &Value, at: &str, most: usize) -> Option<String> {
    let text = text(problems, value, at, most)?;
    if text.contains(char::is_control) {
        problems.note(at, "Must be one line of plain text, without line breaks or other control characters.");
        return None;
    }
    Some(text)
}

/// Text of any characters; blank text counts as absent.
pub(crate) fn text(problems: &mut Problems, value: &Value, at: &str, most: usize) -> Option<String> {
    let Value::String(text) = value else {
        problems.note(at, &format!("Must be text, not {}.", shorten(value)));
        return None;
    };
    if text.trim().is_empty() {
        return None;
    }
    let length = text.chars().count();
    if length > most {
        problems.note(at, &format!("Has {length} characters; shorten it to at most {most}."));
        return None;
    }
    Some(text.clone())
}
