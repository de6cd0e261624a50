//! A message on its way from the Worker to the object: a row, as JSON text that only SQLite reads.
//!
//! The Worker has read and checked the message. The object, which is where all answers of a site meet, hands it to the database as
//! it came.

use api::response_update::Channel;
use api::{ResponseId, ResponseUpdate};
use collector_core::Zone;
use collector_core::import::{IdSource, ImportedResponse};
use nps::TimeToAnswer;
use serde_json::{Value, json};

/// A message from a browser. When it was and on which local day, the object says: it knows what time it is there.
pub fn of_page(message: ResponseUpdate) -> String {
    let channel = message.channel.unwrap_or(Channel::Page).as_str();
    row(message, None, channel, true, None)
}

/// An answer from another tool. Nothing is known of its showing, so it has no part in the response rate.
pub fn of_import(answer: ImportedResponse, zone: &Zone) -> String {
    let day = zone.day_of(answer.at).number();
    let stranger = match answer.id_source {
        IdSource::Digest => Some(Stranger::Any),
        IdSource::ImportedBefore => Some(Stranger::OfAnotherTime),
        IdSource::File => None,
    };
    row(answer.update, Some((answer.at, day)), "import", false, stranger)
}

/// A response that has the id of an imported answer and did not come by an import, so that it is no part of that answer.
#[derive(Clone, Copy)]
enum Stranger {
    /// Whatever it is.
    Any = 1,
    /// One whose time is not that of the answer. One of the same time is the showing from which the answer comes: it went out in
    /// an export, into another site, and from there back.
    OfAnotherTime = 2,
}

/// One array, in the order in which [`crate::site`]'s statement reads it.
fn row(
    message: ResponseUpdate,
    dated: Option<(i64, i32)>,
    channel: &str,
    shown: bool,
    stranger: Option<Stranger>,
) -> String {
    let score_ms = message.score.and(message.elapsed_ms);
    let comment_ms = message.comment.as_ref().and(message.elapsed_ms);
    let consents: Vec<&str> = message.consents.iter().map(|consent| consent.as_str()).collect();
    let cells: [Value; 22] = [
        hex(message.id).into(),
        message.id.unix_ms().into(),
        dated.map(|(at, _)| at).into(),
        dated.map(|(_, day)| day).into(),
        message.variant.into(),
        channel.into(),
        message.score.map(|score| score.get()).into(),
        score_ms.into(),
        score_ms.map(TimeToAnswer::bucket_of).into(),
        message.comment.into(),
        comment_ms.into(),
        u8::from(shown).into(),
        u8::from(message.dismissed).into(),
        message.lang.into(),
        message.page.into(),
        message.user.into(),
        text(message.properties.is_empty(), || json!(message.properties)),
        text(message.answers.is_empty(), || json!(message.answers)),
        text(consents.is_empty(), || json!(consents)),
        number(message.id).into(),
        message.contact.into(),
        stranger.map(|stranger| stranger as u8).into(),
    ];
    Value::Array(cells.into()).to_string()
}

/// JSON within a cell: its text, or nothing where it is empty.
fn text(empty: bool, value: impl FnOnce() -> Value) -> Value {
    if empty { Value::Null } else { value().to_string().into() }
}

/// What stands for the id in the index of words: the 62 bits that are random in an id of version 4 or 7.
pub fn number(id: ResponseId) -> i64 {
    let [.., a, b, c, d, e, f, g, h] = *id.bytes();
    i64::from_be_bytes([a, b, c, d, e, f, g, h]) & 0x3fff_ffff_ffff_ffff
}

/// The id as 32 hexadecimal digits.
pub fn hex(id: ResponseId) -> String {
    id.bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The id of 32 hexadecimal digits, with hyphens or without. What is no digit is passed over.
pub fn id_of(text: &str) -> ResponseId {
    let mut digits = text.bytes().filter_map(|byte| char::from(byte).to_digit(16));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        let (high, low) = (digits.next().unwrap_or(0), digits.next().unwrap_or(0));
        *byte = u8::try_from(high * 16 + low).unwrap_or(0);
    }
    ResponseId::from_bytes(bytes)
}
