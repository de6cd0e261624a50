//! Events of a webhook.

use serde::{Serialize, Serializer};
use serde_json::Value;

use api::validation::{Errors, ObjectReader, quoted};
use nps::Category;

/// Kind of event.
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
    pub const fn as_str(self) -> &'static str {
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
        Self::ALL.into_iter().find(|event| event.as_str() == word)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The events that an endpoint chose, at least one. In JSON an array of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Events(u8);

impl Events {
    /// Reads the member `events`: an array of names, at least one.
    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let missing = Value::Null;
        Self::read_array(reader.get("events").unwrap_or(&missing), &reader.pointer_to("events"), errors)
    }

    /// Returns the events of an array of names that was stored.
    pub fn from_json(value: &Value) -> Option<Self> {
        let mut errors = Errors::default();
        let events = Self::read_array(value, "", &mut errors);
        errors.is_empty().then_some(events)
    }

    fn read_array(value: &Value, path: &str, errors: &mut Errors) -> Self {
        let names = Event::ALL.map(Event::as_str).join(", ");
        let mut events = Self(0);
        let Value::Array(given) = value else {
            errors.push(path, &format!("Must be an array of one or more of {names}."));
            return events;
        };
        for (index, value) in given.iter().enumerate() {
            let path = format!("{path}/{index}");
            match value.as_str().and_then(Event::parse) {
                None => errors.push(&path, &format!("Must be one of {names}, not {}.", quoted(value))),
                Some(event) if events.contains(event) => {
                    errors.push(&path, &format!("Repeats {}; give each event once.", event.as_str()));
                }
                Some(event) => events.0 |= event.bit(),
            }
            // An array of thousands of wrong names needs no thousands of errors.
            if errors.len() >= Event::ALL.len() {
                break;
            }
        }
        if given.is_empty() {
            errors.push(path, &format!("Choose at least one of {names}."));
        }
        events
    }

    /// Whether the endpoint wants this one.
    pub const fn contains(self, event: Event) -> bool {
        self.0 & event.bit() != 0
    }

    /// Those it wants.
    pub fn iter(self) -> impl Iterator<Item = Event> {
        Event::ALL.into_iter().filter(move |event| self.contains(*event))
    }

    /// As what the endpoint wants to hear of an answer: the most telling of the events that fit, so
    /// that it is told once. `agreed` is whether the visitor consented to be quoted or to give a
    /// reference.
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
        to.collect_seq(self.iter().map(Event::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pointers(value: Value) -> Vec<String> {
        let mut errors = Errors::default();
        let events = json!({ "events": value });
        Events::read(&ObjectReader::new(Some(&events), "", &["events"], &mut errors), &mut errors);
        errors.finish(()).unwrap_err().into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn events_are_a_set_in_canonical_order() {
        let events = Events::from_json(&json!(["digest", "case.overdue", "response"])).unwrap();
        assert_eq!(serde_json::to_value(events).unwrap(), json!(["response", "case.overdue", "digest"]));
        assert!(events.contains(Event::Digest) && !events.contains(Event::Promoter));
        for event in Event::ALL {
            let alone = Events::from_json(&json!([event.as_str()])).unwrap();
            assert_eq!(alone.iter().collect::<Vec<_>>(), [event]);
        }
    }

    #[test]
    fn every_invalid_event_is_named() {
        assert_eq!(pointers(json!([])), ["/events"]);
        assert_eq!(pointers(json!("digest")), ["/events"]);
        assert_eq!(
            pointers(json!(["Digest", "digest", 1, "digest"])),
            ["/events/0", "/events/2", "/events/3"]
        );
        assert_eq!(pointers(json!(vec![0; 1_000])).len(), 5);
    }

    #[test]
    fn a_response_is_sent_once_as_its_most_specific_event() {
        let of = |words: Value| Events::from_json(&words).unwrap();
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
