//! A response on its way from the Worker to the object: a JSON array that only SQLite reads.
//!
//! The Worker has read and checked the message. The object, which receives all responses of a site,
//! passes the array to the database unparsed. The array has positions instead of names because that
//! is faster to write and to read; both sides are generated from one list of cells.

use api::{Channel, ResponseId, ResponseUpdate};
use collector_core::Zone;
use collector_core::import::{IdSource, ImportedResponse};
use nps::TimeToAnswer;
use serde_json::{Value, json};

use crate::hex::hex_id;

/// Declares the cells of a row: the struct that the Worker fills, and the names that stand in the
/// object's SQL.
macro_rules! cells {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// Cells of a response, each as JSON.
        pub struct WireRow {
            $($(#[$doc])* $name: Value),+
        }

        impl WireRow {
            /// Names of the cells, in the order in which they stand in the array.
            const NAMES: &[&str] = &[$(stringify!($name)),+];

            /// Returns the row as a JSON array.
            pub fn into_json(self) -> String {
                Value::Array(vec![$(self.$name),+]).to_string()
            }
        }
    };
}

cells! {
    /// 32 hexadecimal digits.
    id,
    /// Time in the id, in Unix milliseconds; null where an id has none.
    id_time,
    /// Time of an imported response. For any other the object knows it.
    at,
    /// Local day of an imported response. For any other the object knows it.
    day,
    variant,
    channel,
    score,
    score_ms,
    /// Bucket of the time to answer.
    bucket,
    comment,
    comment_ms,
    shown,
    dismissed,
    lang,
    page,
    user,
    /// JSON text of an object, and so are `answers`.
    properties,
    answers,
    /// JSON text of an array.
    consents,
    /// Row of the full-text index.
    search_rowid,
    contact,
    /// Number of a [`Replaces`]; null for none.
    replaces,
}

/// Responses under the id of an imported one that did not come by an import, and so are no part of
/// it. The import replaces them.
#[derive(Clone, Copy)]
enum Replaces {
    /// Any.
    Any = 1,
    /// A response of another time. One of the same time is the showing from which the imported
    /// response comes: it went out in an export, into another site, and from there back.
    OtherTime = 2,
}

impl WireRow {
    /// Creates the row of a browser's message. Its time and local day are for the object to say,
    /// whose clock counts.
    pub fn from_message(message: ResponseUpdate) -> Self {
        let channel = message.channel.unwrap_or(Channel::Web);
        Self { shown: 1.into(), ..Self::new(message, channel) }
    }

    /// Creates the row of an imported response. Nothing is known of its showing, so it has no part
    /// in the response rate.
    pub fn from_import(answer: ImportedResponse, zone: &Zone) -> Self {
        let replaces = match answer.id_source {
            IdSource::Digest => Some(Replaces::Any),
            IdSource::ImportedBefore => Some(Replaces::OtherTime),
            IdSource::File => None,
        };
        Self {
            at: answer.at.into(),
            day: zone.day_of(answer.at).number().into(),
            replaces: replaces.map(|replaces| replaces as u8).into(),
            ..Self::new(answer.update, Channel::Import)
        }
    }

    fn new(message: ResponseUpdate, channel: Channel) -> Self {
        let score_ms = message.score.and(message.elapsed_ms);
        let comment_ms = message.comment.as_ref().and(message.elapsed_ms);
        let consents: Vec<&str> = message.consents.iter().map(|consent| consent.as_str()).collect();
        Self {
            id: hex_id(message.id).into(),
            id_time: message.id.unix_ms().into(),
            at: Value::Null,
            day: Value::Null,
            variant: message.variant.into(),
            channel: channel.stored().into(),
            score: message.score.map(|score| score.get()).into(),
            score_ms: score_ms.into(),
            bucket: score_ms.map(TimeToAnswer::bucket_of).into(),
            comment: message.comment.into(),
            comment_ms: comment_ms.into(),
            shown: 0.into(),
            dismissed: u8::from(message.dismissed).into(),
            lang: message.lang.into(),
            page: message.page.into(),
            user: message.user.into(),
            properties: json_text(message.properties.is_empty(), || json!(message.properties)),
            answers: json_text(message.answers.is_empty(), || json!(message.answers)),
            consents: json_text(consents.is_empty(), || json!(consents)),
            search_rowid: search_rowid(message.id).into(),
            contact: message.contact.into(),
            replaces: Value::Null,
        }
    }

    /// Replaces `{cell}` in a statement by the SQL that reads the cell from a row in the column
    /// `row`.
    pub fn statement(row: &str, template: &str) -> String {
        let cells = Self::NAMES.iter().enumerate();
        cells.fold(template.to_owned(), |statement, (index, name)| {
            statement.replace(&format!("{{{name}}}"), &format!("{row} ->> {index}"))
        })
    }
}

/// Returns JSON within a cell as its text, or null where it is empty.
fn json_text(is_empty: bool, value: impl FnOnce() -> Value) -> Value {
    if is_empty { Value::Null } else { value().to_string().into() }
}

/// Returns the row of the full-text index: the 62 bits that are random in an id of version 4 or 7.
pub fn search_rowid(id: ResponseId) -> i64 {
    let [.., a, b, c, d, e, f, g, h] = *id.bytes();
    i64::from_be_bytes([a, b, c, d, e, f, g, h]) & 0x3fff_ffff_ffff_ffff
}
