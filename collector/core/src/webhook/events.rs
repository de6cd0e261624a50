//! What an endpoint may want to hear of.

use serde::{Serialize, Serializer};
use serde_json::Value;

use api::Invalid;
use api::message::shorten;
use nps::Category;

/// One kind of thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Somebody answered.
    Response,
    /// A detractor answered.
    Detractor,
    /// A promoter answered who agreed to be quoted or to give a reference.
    Promoter,
    /// A case is open longer than it should be.
    CaseOverdue,
    /// A week is over.
    Digest,
}

impl Event {
    /// All events.
    pub const ALL: [Event; 5] =
        [Event::Response, Event::Detractor, Event::Promoter, Event::CaseOverdue, Event::Digest];

    /// The word for it, in settings and as the `type` of a message.
    pub const fn word(self) -> &'static str {
        match self {
            Event::Response => "response",
            Event::Detractor => "detractor",
            Event::Promoter => "promoter",
            Event::CaseOverdue => "case.overdue",
            Event::Digest => "digest",
        }
    }

    /// The event of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.word() == word)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The events that an endpoint chose, at least one. In JSON an array of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Events(u8);

impl Events {
    /// Reads an array of words from untrusted JSON; `pointer` is where it stands. Every wrong word is named.
    pub fn from_json(value: &Value, pointer: &str) -> Result<Self, Vec<Invalid>> {
        let words = || Event::ALL.map(Event::word).join(", ");
        let Value::Array(given) = value else {
            let detail = format!("Must be an array of one or more of {}.", words());
            return Err(vec![Invalid::at(pointer, detail)]);
        };
        let (mut events, mut wrong) = (0, Vec::new());
        for (at, value) in given.iter().enumerate() {
            let place = format!("{pointer}/{at}");
            match value.as_str().and_then(Event::parse) {
                None => {
                    let detail = format!("Must be one of {}, not {}.", words(), shorten(value));
                    wrong.push(Invalid::at(place, detail));
                }
                Some(event) if events & event.bit() != 0 => {
                    let detail = format!("Says {} a second time; once is enough.", event.word());
                    wrong.push(Invalid::at(place, detail));
                }
                Some(event) => events |= event.bit(),
            }
            // An array of thousands of wrong words needs no thousands of errors.
            if wrong.len() == Event::ALL.len() {
                break;
            }
        }
        if given.is_empty() {
            wrong.push(Invalid::at(pointer, format!("Choose at least one of {}.", words())));
        }
        if wrong.is_empty() { Ok(Self(events)) } else { Err(wrong) }
    }

    /// Whether the endpoint wants this one.
    pub const fn contains(self, event: Event) -> bool {
        self.0 & event.bit() != 0
    }

    /// Those it wants.
    pub fn iter(self) -> impl Iterator<Item = Event> {
        Event::ALL.into_iter().filter(move |event| self.contains(*event))
    }

    /// As what the endpoint wants to hear of an answer: the most telling of the events that fit, so that it is told once.
    /// `agreed` is whether the visitor consented to be quoted or to give a reference.
    pub fn of_response(self, category: Option<Category>, agreed: bool) -> Option<Event> {
        let special = match category {
            Some(Category::Detractor) => Some(Event::Detractor),
            Some(Category::Promoter) if agreed => Some(Event::Promoter),
            _ => None,
        };
        [special, Some(Event::Response)].into_iter().flatten().find(|event| self.contains(*event))
    }
}

impl Serialize for Events {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Event::word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointers(value: Value) -> Vec<String> {
        Events::from_json(&value, "/events").unwrap_err().into_iter().map(|wrong| wrong.pointer).collect()
    }

    #[test]
    fn events_are_read_as_a_set_and_written_in_order() {
        let events = Events::from_json(&json!(["digest", "case.overdue", "response"]), "/events").unwrap();
        assert_eq!(serde_json::to_value(events).unwrap(), json!(["response", "case.overdue", "digest"]));
        assert!(events.contains(Event::Digest) && !events.contains(Event::Promoter));
        for event in Event::ALL {
            let alone = Events::from_json(&json!([event.word()]), "/events").unwrap();
            assert_eq!(alone.iter().collect::<Vec<_>>(), [event]);
        }
    }

    #[test]
    fn every_wrong_event_is_named() {
        assert_eq!(pointers(json!([])), ["/events"]);
        assert_eq!(pointers(json!("digest")), ["/events"]);
        assert_eq!(
            pointers(json!(["Digest", "digest", 1, "digest"])),
            ["/events/0", "/events/2", "/events/3"]
        );
        assert_eq!(pointers(json!(vec![0; 1_000])).len(), 5);
    }

    #[test]
    fn an_answer_is_told_once_as_the_most_telling_event() {
        let of = |words: Value| Events::from_json(&words, "").unwrap();
        let (all, some) =
            (of(json!(["response", "detractor", "promoter"])), of(json!(["promoter", "digest"])));
        assert_eq!(all.of_response(Some(Category::Detractor), true), Some(Event::Detractor));
        assert_eq!(all.of_response(Some(Category::Passive), true), Some(Event::Response));
        assert_eq!(all.of_response(Some(Category::Promoter), true), Some(Event::Promoter));
        assert_eq!(all.of_response(Some(Category::Promoter), false), Some(Event::Response));
        assert_eq!(all.of_response(None, true), Some(Event::Response));
        assert_eq!(some.of_response(Some(Category::Promoter), true), Some(Event::Promoter));
        assert_eq!(some.of_response(Some(Category::Promoter), false), None);
        assert_eq!(some.of_response(Some(Category::Detractor), true), None);
    }
}
