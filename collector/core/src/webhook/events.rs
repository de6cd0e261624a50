//! Events of a webhook.

use serde::{Serialize, Serializer};
use serde_json::Value;

use api::validation::{Errors, ObjectReader, quoted};
use nps::Category;

/// Kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A response of any score.
    Response,
    /// A response of a detractor.
    Detractor,
    /// A response of a promoter who agreed to be quoted or to give a reference.
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

    /// Returns the name in the API and the stored name.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Event::Response => ("response.created", "response"),
            Event::Detractor => ("response.detractor", "detractor"),
            Event::Promoter => ("response.promoter", "promoter"),
            Event::CaseOverdue => ("case.overdue", "case.overdue"),
            Event::Digest => ("digest.weekly", "digest"),
        }
    }

    /// Returns the name in settings, which is also the `type` of a message.
    pub const fn as_str(self) -> &'static str {
        self.names().0
    }

    /// Returns the stored name, which never changes.
    pub const fn stored(self) -> &'static str {
        self.names().1
    }

    /// Parses the name in settings.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == name)
    }

    /// Returns the event of a stored name.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.stored() == name)
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

    /// Returns the events of stored names. They were checked when they were stored.
    pub fn from_stored(names: &[String]) -> Self {
        names.iter().filter_map(|name| Event::from_stored(name)).collect()
    }

    /// Returns the stored names.
    pub fn stored(self) -> Vec<&'static str> {
        self.iter().map(Event::stored).collect()
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

    /// Returns the event to send for a response: the most specific of those that fit, so that it is
    /// sent once. `agreed` is whether the visitor consented to be quoted or to give a
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

impl FromIterator<Event> for Events {
    fn from_iter<T: IntoIterator<Item = Event>>(events: T) -> Self {
        Self(events.into_iter().fold(0, |bits, event| bits | event.bit()))
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

    fn read(names: Value) -> Events {
        let mut errors = Errors::default();
        let events = Events::read_array(&names, "", &mut errors);
        errors.finish(events).unwrap()
    }

    fn pointers(value: Value) -> Vec<String> {
        let mut errors = Errors::default();
        let events = json!({ "events": value });
        Events::read(&ObjectReader::new(Some(&events), "", &["events"], &mut errors), &mut errors);
        errors.finish(()).unwrap_err().into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn events_are_a_set_in_canonical_order() {
        let events = read(json!(["digest.weekly", "case.overdue", "response.created"]));
        assert_eq!(
            serde_json::to_value(events).unwrap(),
            json!(["response.created", "case.overdue", "digest.weekly"])
        );
        assert!(events.contains(Event::Digest) && !events.contains(Event::Promoter));
        for event in Event::ALL {
            let alone = read(json!([event.as_str()]));
            assert_eq!(alone.iter().collect::<Vec<_>>(), [event]);
        }
    }

    #[test]
    fn stored_subscriptions_keep_their_names_and_are_shown_with_those_of_the_api() {
        let stored = ["response", "detractor", "promoter", "case.overdue", "digest"];
        let events = Events::from_stored(&stored.map(str::to_owned));
        assert_eq!(events.iter().collect::<Vec<_>>(), Event::ALL);
        assert_eq!(events.stored(), stored);
        assert_eq!(
            serde_json::to_value(events).unwrap(),
            json!([
                "response.created",
                "response.detractor",
                "response.promoter",
                "case.overdue",
                "digest.weekly"
            ])
        );
        for event in Event::ALL {
            assert_eq!(Event::parse(event.as_str()), Some(event));
            assert_eq!(Event::from_stored(event.stored()), Some(event));
        }
    }

    #[test]
    fn every_invalid_event_is_named() {
        assert_eq!(pointers(json!([])), ["/events"]);
        assert_eq!(pointers(json!("digest.weekly")), ["/events"]);
        assert_eq!(
            pointers(json!(["digest", "digest.weekly", 1, "digest.weekly"])),
            ["/events/0", "/events/2", "/events/3"]
        );
        assert_eq!(pointers(json!(vec![0; 1_000])).len(), 5);
    }

    #[test]
    fn a_response_is_sent_once_as_its_most_specific_event() {
        let all = Events::from_iter([Event::Response, Event::Detractor, Event::Promoter]);
        let some = Events::from_iter([Event::Promoter, Event::Digest]);
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
