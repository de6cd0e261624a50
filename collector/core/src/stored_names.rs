//! Names in the database that the API calls by other names, as SQL that translates them.

use api::Channel;

use crate::webhook::{Event, Summary};

/// Returns SQL of the API's name of the channel of a response.
pub fn channel_sql() -> String {
    translation_sql("channel", Channel::ALL.map(|channel| (channel.stored(), channel.as_str())))
}

/// Returns SQL of the API's name of a webhook event, given SQL of the stored name. A test delivery
/// keeps its name.
pub fn event_sql(stored: &str) -> String {
    let events = Event::ALL.map(|event| (event.stored(), event.as_str()));
    translation_sql(stored, events.into_iter().chain([Summary::NAMES]))
}

fn translation_sql<'a>(stored: &str, names: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let renamed = names.into_iter().filter(|(stored, name)| stored != name);
    let cases: String = renamed.map(|(stored, name)| format!(" WHEN '{stored}' THEN '{name}'")).collect();
    format!("CASE {stored}{cases} ELSE {stored} END")
}
