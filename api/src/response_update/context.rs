//! Context fields of a response, read so that none of them costs the response itself.

use std::collections::BTreeMap;

use super::properties::raw_properties;
use super::truncate::truncate;
use super::{FollowUpAnswer, ResponseUpdate};
use crate::limits::{
    MAX_LANG, MAX_PAGE, MAX_PROPERTIES, MAX_PROPERTY_NAME, MAX_PROPERTY_VALUE, MAX_UPDATE_BYTES, MAX_USER,
};
use crate::user::is_placeholder;
use crate::validation::{Errors, ObjectReader, pointer};

/// Update as it was received: what is kept of it, and the places of what was cut or left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Received {
    /// Update that is kept.
    pub update: ResponseUpdate,
    /// JSON pointers (RFC 6901) into the update as it was sent, such as `/page` or
    /// `/properties/plan`.
    pub ignored: Vec<String>,
    /// Proof of the user. It belongs to the message and not to the response.
    pub user_hash: Option<String>,
}

impl ResponseUpdate {
    /// Reads the context fields, and returns pointers to those that were cut or left out.
    pub(super) fn read_context(
        &mut self,
        reader: &ObjectReader,
        errors: &mut Errors,
        preferred: &[String],
    ) -> Vec<String> {
        let mut ignored = Vec::new();
        let mut text = |name: &str| reader.raw_text(errors, name).filter(|text| !text.trim().is_empty());
        let (lang, page) = (text("lang"), text("page"));
        let user = reader.raw_text(errors, "user");
        // The beginning of a tag would be another tag, and the beginning of a user another person.
        self.lang = lang.filter(|lang| fits(lang, MAX_LANG, "/lang", &mut ignored)).map(str::to_owned);
        self.page = page.map(|page| shortened(page, MAX_PAGE, || "/page".into(), &mut ignored));
        let given = raw_properties(reader, errors);
        let mut kept = self.keep_properties(&given, preferred, &mut ignored);
        self.user = user
            .filter(|user| {
                let nobody = is_placeholder(user);
                if nobody {
                    ignored.push("/user".into());
                }
                !nobody && fits(user, MAX_USER, "/user", &mut ignored)
            })
            .map(str::to_owned);
        self.fit(&mut kept, &mut ignored);
        ignored
    }

    /// Keeps as many properties as there may be, the preferred first. Returns the name of each as
    /// it is kept and as it was sent, in that order.
    fn keep_properties(
        &mut self,
        given: &BTreeMap<String, String>,
        preferred: &[String],
        ignored: &mut Vec<String>,
    ) -> Vec<(String, String)> {
        let rank = |name: &String| preferred.iter().position(|first| first == name).unwrap_or(usize::MAX);
        let mut given: Vec<(&String, &String)> = given.iter().collect();
        given.sort_by_key(|(name, _)| rank(name));
        let mut kept = Vec::new();
        for (name, value) in given {
            let place = pointer("/properties", name);
            let short = truncate(name, MAX_PROPERTY_NAME);
            if kept.len() == MAX_PROPERTIES || self.properties.contains_key(short) {
                ignored.push(place);
                continue;
            }
            let named = ignored.len();
            let value = shortened(value, MAX_PROPERTY_VALUE, || place.clone(), ignored);
            if short.len() < name.len() && ignored.len() == named {
                ignored.push(place.clone());
            }
            self.properties.insert(short.to_owned(), value);
            kept.push((short.to_owned(), place));
        }
        kept
    }

    /// Leaves out circumstances until the message is small enough, beginning with the last
    /// property.
    fn fit(&mut self, kept: &mut Vec<(String, String)>, ignored: &mut Vec<String>) {
        while self.bytes() > MAX_UPDATE_BYTES {
            let place = if let Some((name, place)) = kept.pop() {
                let properties = std::mem::take(&mut self.properties);
                self.properties.extend(properties.into_iter().filter(|(other, _)| *other != name));
                place
            } else if self.page.take().is_some() {
                "/page".to_owned()
            } else if self.user.take().is_some() {
                "/user".to_owned()
            } else {
                return;
            };
            if !ignored.contains(&place) {
                ignored.push(place);
            }
        }
    }
}

/// Bytes of all that has a length of its own: the names of fields, the id, numbers, consents.
const REST: usize = 512;

impl ResponseUpdate {
    /// The most bytes that it can have as JSON.
    fn bytes(&self) -> usize {
        let Self { comment, contact, variant, lang, page, user, .. } = self;
        let texts = [comment, contact, variant, lang, page, user].into_iter().flatten();
        let properties = self.properties.iter().flat_map(|(name, value)| [name, value]);
        let answers = self.answers.iter().map(|(key, answer)| {
            let value = match answer {
                FollowUpAnswer::Text(text) => in_json(text),
                FollowUpAnswer::Options(options) => options.iter().map(|option| in_json(option)).sum(),
                FollowUpAnswer::Withdrawn => in_json(""),
            };
            in_json(key) + value
        });
        REST + texts.chain(properties).map(|text| in_json(text)).sum::<usize>() + answers.sum::<usize>()
    }
}

/// The most bytes that text has in JSON, with its quotes and what stands before it.
fn in_json(text: &str) -> usize {
    let bytes = text.bytes().map(|byte| match byte {
        0..0x20 => 6,
        b'"' | b'\\' => 2,
        _ => 1,
    });
    bytes.sum::<usize>() + 4
}

/// Whether text has at most `max` characters; otherwise its place is noted.
fn fits(text: &str, max: usize, place: &str, ignored: &mut Vec<String>) -> bool {
    let fits = text.chars().nth(max).is_none();
    if !fits {
        ignored.push(place.to_owned());
    }
    fits
}

/// Text of at most `max` characters; where it was cut, its place is noted.
fn shortened(text: &str, max: usize, place: impl FnOnce() -> String, ignored: &mut Vec<String>) -> String {
    let kept = truncate(text, max);
    if kept.len() < text.len() {
        ignored.push(place());
    }
    kept.to_owned()
}
