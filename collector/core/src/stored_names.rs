//! Names in the database that the API calls by other names, as SQL that translates them.

use api::Channel;

use crate::webhook::Event;

/// Returns SQL of the API's name of the channel of a response.
pub fn channel_sql() -> String {
    translation_sql("channel", Channel::ALL.map(|channel| (channel.stored(), channel.as_str())))
}

/// Returns SQL of the API's name of a webhook event, given SQL of the stored name. A test delivery
/// keeps its name.
pub fn event_sql(stored: &str) -> String {
    translation_sql(stored, Event::ALL.map(|event| (event.stored(), event.as_str())))
}

fn translation_sql<const N: usize>(stored: &str, names: [(&str, &str); N]) -> String {
    let renamed = names.into_iter().filter(|(stored, name)| stored != name);
    let cases: String = renamed.map(|(stored, name)| format!(" WHEN '{stored}' THEN '{name}'")).collect();
    format!("CASE {stored}{cases} ELSE {stored} END")
}
