//! Messages between the Worker and a site's object.
//!
//! The Worker calls the object's one method with a [`Command`] as JSON; a body stays raw, so that
//! what a caller sent is not serialized a second time. The object replies with the response for the
//! caller as it is, with one of the reply types here, or with nothing. Both sides are this crate,
//! so nothing else can send a command.

mod visitor_key;

use api::OriginPattern;
use collector_core::Zone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::visitor_key::VisitorKey;
use crate::cursor::Cursor;
use crate::identity::IdentityRule;
use crate::json_object::{JsonObject, json_object};
use crate::site::clock::now_ms;
use crate::site::site_settings::SiteSettings;

/// Header of an object's reply whose body is text for the caller: an [`ExportPageReply`].
pub const REPLY_HEADER: &str = "x-reply";
/// Status that stands for a reply of nothing: the object did what it was told.
pub const DONE: u16 = 204;
/// Status of a reply to [`Ingest`] where texts are deferred. The body is a JSON array of the
/// positions of their messages.
pub const DEFERRED: u16 = 202;
/// Status of a reply to [`Ingest`] where users count by another rule than the one they were checked
/// by. Nothing is stored, and the body is the [`IdentityRule`].
pub const OTHER_IDENTITY: u16 = 409;
/// Status of a reply to an [`ApiCall`] of which a page is done. The body is the [`Progress`] with
/// which the call is to be sent again.
pub const PARTLY_DONE: u16 = 206;
/// Member of the JSON that has the name of the command.
const COMMAND: &str = "command";

/// Digest of an API key. The key itself goes no further than the Worker.
pub type KeyDigest = String;

/// A call to a site's object.
#[derive(Debug)]
pub enum Command {
    /// Carries out a caller's request; the body is the caller's.
    Api(ApiCall),
    /// Stores messages of visitors; the body is a JSON array of rows. The reply is nothing, or
    /// has the status [`DEFERRED`] or [`OTHER_IDENTITY`].
    Ingest(Ingest),
    /// Creates the site; the body is a [`NewSite`].
    CreateSite,
    /// Deletes the site. The reply is the response for the caller.
    DeleteSite,
    /// Reads what pages need to know of the site; the reply is a [`SiteConfig`].
    ReadConfig(ReadConfig),
    /// Reads what an import needs to know of the site; the reply is an [`ImportContext`].
    ReadImportContext(ReadImportContext),
    /// Begins an import, or continues it; the body is JSON of what was read. The reply is its id.
    BeginImport(BeginImport),
    /// Stores a page of an import; the body is a JSON array of rows. The reply is an
    /// [`ImportPageReply`].
    StoreImportPage(StoreImportPage),
    /// Reads a page of an export; the reply has an [`ExportPageReply`] in its header.
    ReadExportPage(ReadExportPage),
    /// Reads a page of everything about one user; the reply has an [`ExportPageReply`] in its
    /// header.
    ReadUserPage(ReadUserPage),
    /// Restores a page of an archive, which is the body. The reply is the response for the caller.
    RestoreArchive(RestoreArchive),
    /// Writes and deletes a row; the reply is empty.
    CheckStorage,
    /// Panics.
    #[cfg(feature = "faults")]
    Panic,
    /// Does not reply.
    #[cfg(feature = "faults")]
    Hang,
    /// Moves the object's clock.
    #[cfg(feature = "faults")]
    SetClock(SetClock),
}

json_object! {
    /// Request of a caller to an endpoint that the object handles.
    ApiCall {
        method: String,
        path: String,
        /// Query as it was sent.
        query: String,
        key: Option<KeyDigest>,
        /// Whether the caller showed the admin token, which is only looked for where it counts.
        is_admin: bool,
        /// Set for public endpoints.
        visitor: Option<VisitorKey>,
        if_match: Option<String>,
        if_none_match: Option<String>,
        /// Origin of the page for endpoints that only admitted pages may call, where that is not
        /// ours.
        origin: Option<String>,
        /// URL of the hosted survey, for endpoints that return links to it.
        hosted_url: Option<String>,
        /// Pages that are done; see [`PARTLY_DONE`].
        progress: Option<Progress>,
    }
}

json_object! {
    /// Pages of a call that are done.
    Progress {
        /// Number of responses in them.
        responses: i64,
        /// Position after them, where it is needed.
        cursor: Option<Cursor>,
    }
}

json_object! {
    /// Description of a batch of messages.
    Ingest {
        /// Number of messages.
        count: i64,
        /// Whether at least one message has contact details.
        has_contact: bool,
        /// Bytes of text in all messages; see `MessageText`.
        text_bytes: i64,
        /// Origin of the page, where that is not ours.
        origin: Option<String>,
        visitor: Option<VisitorKey>,
        /// Rule by which users were checked; `None` where there are none, and where an invitation
        /// proves them.
        identity: Option<IdentityRule>,
    }
}

json_object! {
    /// Report of what an isolate has counted since it last read the settings.
    ReadConfig {
        /// Origins whose pages requested the loader.
        loads: Vec<LoaderRequests>,
        invalid_invitations: Option<Occurrences>,
    }
}

json_object! {
    /// Requests for the loader from pages of one origin.
    LoaderRequests {
        origin: String,
        requests: Occurrences,
    }
}

json_object! {
    /// Number of occurrences, and time since the last in milliseconds: the object has a clock of
    /// its own.
    Occurrences {
        count: i64,
        age_ms: i64,
    }
}

json_object! {
    /// Caller of an import.
    ReadImportContext {
        key: Option<KeyDigest>,
    }
}

json_object! {
    /// Description of a file that was read.
    BeginImport {
        key: Option<KeyDigest>,
        /// Digest of the file and its options.
        file: String,
        /// Number of rows that repeat the own id of another row.
        repeated: i64,
        /// Whether there is nothing to store.
        is_empty: bool,
    }
}

json_object! {
    /// Description of a page of an import.
    StoreImportPage {
        key: Option<KeyDigest>,
        /// Id of the import.
        import: String,
        /// Name of the time zone of the rows' local days.
        zone: String,
        /// Content that the file has, as a JSON object: a member for each column, and in
        /// `properties` null for each property, or true where a row has all of its response.
        content: String,
        /// Whether rows may be known by the rule of an earlier version.
        may_adopt: bool,
        /// Whether rows may replace what visitors have stored under their ids.
        may_replace: bool,
        is_last: bool,
    }
}

json_object! {
    /// Selection of a page of an export.
    ReadExportPage {
        key: Option<KeyDigest>,
        /// Query of the caller, as it was sent.
        query: String,
        cursor: Option<Cursor>,
    }
}

json_object! {
    /// Selection of a page of everything about one user.
    ReadUserPage {
        key: Option<KeyDigest>,
        user: String,
        cursor: Option<Cursor>,
    }
}

json_object! {
    /// Position of a page of an archive.
    RestoreArchive {
        /// Number of lines between the header and the page.
        after: i64,
    }
}

#[cfg(feature = "faults")]
json_object! {
    /// Offset of the object's clock.
    SetClock {
        offset_ms: i64,
    }
}

json_object! {
    /// Public settings of a site, for the loader and the hosted survey.
    SiteConfig {
        /// Name that visitors know.
        name: String,
        /// `light`, `dark`, or empty where the survey follows the visitor's system.
        color_scheme: String,
        /// Declared properties that a message carries.
        properties: Vec<String>,
        /// Origins that may frame the survey; empty for any.
        origins: Vec<String>,
        /// Image for the hosted page.
        logo_url: Option<String>,
        identity: IdentityRule,
        /// Settings that the loader script carries.
        loader: Map<String, Value>,
    }
}

json_object! {
    /// Result of storing a page of an import.
    ImportPageReply {
        stored: i64,
        changed: i64,
        already_there: i64,
        /// Rows whose responses were erased, so that they are not stored again.
        erased_before: i64,
    }
}

json_object! {
    /// Continuation of an export; the text of the page is the body.
    ExportPageReply {
        /// Cursor of the next page; `None` after the last.
        next: Option<Cursor>,
    }
}

/// Initial state of a site.
#[derive(Serialize, Deserialize)]
pub struct NewSite {
    pub settings: SiteSettings,
    /// Digest of each key and the name of its role.
    pub keys: Vec<(KeyDigest, String)>,
}

/// Settings that decide how an import is read.
#[derive(Serialize, Deserialize)]
pub struct ImportContext {
    pub zone: Zone,
    /// First instant that retention keeps; `None` where everything is kept.
    pub first_kept_ms: Option<i64>,
    /// Secret under which rows are keyed, in hexadecimal.
    pub row_secret: String,
    /// Whether the site may have responses that a collector of an earlier version imported.
    pub has_earlier: bool,
}

impl JsonObject for Command {
    fn to_object(&self) -> Map<String, Value> {
        let (name, mut object) = match self {
            Self::Api(call) => ("api", call.to_object()),
            Self::Ingest(batch) => ("ingest", batch.to_object()),
            Self::CreateSite => ("create_site", Map::new()),
            Self::DeleteSite => ("delete_site", Map::new()),
            Self::ReadConfig(report) => ("read_config", report.to_object()),
            Self::ReadImportContext(caller) => ("read_import_context", caller.to_object()),
            Self::BeginImport(import) => ("begin_import", import.to_object()),
            Self::StoreImportPage(page) => ("store_import_page", page.to_object()),
            Self::ReadExportPage(page) => ("read_export_page", page.to_object()),
            Self::ReadUserPage(page) => ("read_user_page", page.to_object()),
            Self::RestoreArchive(page) => ("restore_archive", page.to_object()),
            Self::CheckStorage => ("check_storage", Map::new()),
            #[cfg(feature = "faults")]
            Self::Panic => ("panic", Map::new()),
            #[cfg(feature = "faults")]
            Self::Hang => ("hang", Map::new()),
            #[cfg(feature = "faults")]
            Self::SetClock(clock) => ("set_clock", clock.to_object()),
        };
        object.insert(COMMAND.to_owned(), name.into());
        object
    }

    fn from_object(object: &mut Map<String, Value>) -> Option<Self> {
        let name = object.remove(COMMAND)?;
        Some(match name.as_str()? {
            "api" => Self::Api(JsonObject::from_object(object)?),
            "ingest" => Self::Ingest(JsonObject::from_object(object)?),
            "create_site" => Self::CreateSite,
            "delete_site" => Self::DeleteSite,
            "read_config" => Self::ReadConfig(JsonObject::from_object(object)?),
            "read_import_context" => Self::ReadImportContext(JsonObject::from_object(object)?),
            "begin_import" => Self::BeginImport(JsonObject::from_object(object)?),
            "store_import_page" => Self::StoreImportPage(JsonObject::from_object(object)?),
            "read_export_page" => Self::ReadExportPage(JsonObject::from_object(object)?),
            "read_user_page" => Self::ReadUserPage(JsonObject::from_object(object)?),
            "restore_archive" => Self::RestoreArchive(JsonObject::from_object(object)?),
            "check_storage" => Self::CheckStorage,
            #[cfg(feature = "faults")]
            "panic" => Self::Panic,
            #[cfg(feature = "faults")]
            "hang" => Self::Hang,
            #[cfg(feature = "faults")]
            "set_clock" => Self::SetClock(JsonObject::from_object(object)?),
            _ => return None,
        })
    }
}

impl SiteConfig {
    /// Returns the public part of a site's settings.
    pub fn from_settings(site: &str, settings: &SiteSettings) -> Self {
        let survey = &settings.survey;
        let color_scheme = match survey.theme.scheme.as_str() {
            scheme @ ("light" | "dark") => scheme,
            _ => "",
        };
        // Page and language are not properties of a message, though scores can be grouped by them.
        let is_sent = |name: &&String| !matches!(name.as_str(), "page" | "lang");
        let origins = settings.origins.iter().filter_map(|text| OriginPattern::parse(text).ok());
        let origins = origins.map(|pattern| pattern.to_string()).collect();
        let loader = survey.loader_config((site, &settings.name), &settings.properties, origins).into_json();
        Self {
            name: settings.name.clone(),
            color_scheme: color_scheme.to_owned(),
            properties: settings.properties.iter().filter(is_sent).cloned().collect(),
            origins: settings.origins.clone(),
            logo_url: survey.logo_url.clone(),
            identity: IdentityRule::new(settings, now_ms()),
            loader,
        }
    }
}
