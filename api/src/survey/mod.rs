//! Survey settings of a site: every setting, its limits and its default.
//!
//! - [`Survey::read`] takes what an owner sends. All of it is checked, and each problem is named by
//!   its path, so what an owner is told once need not be found out bit by bit. A member that is
//!   absent or `null` takes its default; one that there is not is refused, since a misspelt setting
//!   would otherwise be one that is quietly not followed.
//! - [`Survey::complete`] shows an owner all there is to set. Reading it gives the same survey.
//! - Serialized, a survey is only what differs from the defaults. It deserializes to the same
//!   survey. Members of a newer version are then passed over, so that an older version can read
//!   what a newer one stored.
//! - [`LoaderConfig`] is what visitors get, worked out beforehand as far as it can be.

mod appearance;
mod audience;
mod colour;
mod consent_settings;
mod contact;
mod follow_ups;
mod glob;
mod loader_config;
mod localized_text;
mod object_writer;
mod selector;
mod string_enum;
mod targeting;
mod texts;
mod thanks;
mod url;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

pub use appearance::{Corner, FilledColours, Font, Mode, Scheme, Theme};
pub use audience::Audience;
pub use consent_settings::ConsentSettings;
pub use contact::Contact;
pub use follow_ups::{AnswerKind, ChoiceOption, FollowUp};
pub use glob::Glob;
pub use loader_config::LoaderConfig;
pub use localized_text::LocalizedText;
pub use targeting::{PageRules, Recontact, Storage, Trigger};
pub use texts::{Part, Texts};
pub use thanks::{Thanks, ThanksLink};
pub use url::is_url;

use crate::ValidationError;
use crate::language::Lang;
use crate::limits::{MAX_QUESTION, MAX_SLUG, MAX_SURVEY_BYTES};
use crate::slug::{SLUG_CHARACTERS, is_slug, object_name_error};
use crate::validation::{Errors, ObjectReader};
use object_writer::ObjectWriter;
use string_enum::choose;

/// The variant that asks the standard recommendation question. Only it is called NPS.
pub const STANDARD: &str = "standard";

const STANDARD_IS_FIXED: &str = "The standard question cannot be reworded, so that scores stay comparable. \
                                 Name the variant (\"variant\": \"stay-3-months\") to ask your own question.";

const MEMBERS: [&str; 21] = [
    "variant",
    "question",
    "delay_seconds",
    "texts",
    "follow_ups",
    "thanks",
    "consents",
    "contact",
    "privacy_url",
    "logo_url",
    "theme",
    "mode",
    "corner",
    "target",
    "trigger",
    "pages",
    "recontact",
    "sampling",
    "storage",
    "respect_gpc",
    "respect_dnt",
];

/// The survey of a site, as the owner set it. The loader carries it to the visitor.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Variant of the question. Responses to different variants are never pooled.
    pub variant: String,
    /// The question in the owner's words, in languages for which [`texts`](Self::texts) has none;
    /// without it the standard question in the visitor's language.
    pub question: Option<String>,
    /// Seconds on the page before the survey shows by [`Trigger::Delay`], 0–3600.
    pub delay_seconds: u32,
    /// Other pieces in the owner's words.
    pub texts: Texts,
    /// Questions after the comment, at most [`MAX_FOLLOW_UPS`](crate::limits::MAX_FOLLOW_UPS).
    pub follow_ups: Vec<FollowUp>,
    /// Links under the thanks.
    pub thanks: Thanks,
    /// Consents offered to promoters.
    pub consents: ConsentSettings,
    /// Whether a visitor may leave a way to be reached.
    pub contact: Contact,
    /// The page that says what becomes of the responses; the link to it stands above the question.
    pub privacy_url: Option<String>,
    /// Image that stands above the survey on the hosted page.
    pub logo_url: Option<String>,
    /// Theme of the survey.
    pub theme: Theme,
    /// Mode of the survey on the page.
    pub mode: Mode,
    /// In which corner.
    pub corner: Corner,
    /// Trigger of the survey.
    pub trigger: Trigger,
    /// On which pages it may show.
    pub pages: PageRules,
    /// Pauses before a visitor is asked again.
    pub recontact: Recontact,
    /// The share of visitors who are asked, 0–1.
    pub sampling: f64,
    /// Storage allowed in the visitor's browser.
    pub storage: Storage,
    /// Whether nobody is asked whose browser sends Global Privacy Control.
    pub respect_gpc: bool,
    /// Whether nobody is asked whose browser sends Do Not Track.
    pub respect_dnt: bool,
}

impl Default for Survey {
    fn default() -> Self {
        Self {
            variant: STANDARD.into(),
            question: None,
            delay_seconds: 10,
            texts: Texts::default(),
            follow_ups: Vec::new(),
            thanks: Thanks::default(),
            consents: ConsentSettings::default(),
            contact: Contact::default(),
            privacy_url: None,
            logo_url: None,
            theme: Theme::default(),
            mode: Mode::default(),
            corner: Corner::default(),
            trigger: Trigger::default(),
            pages: PageRules::default(),
            recontact: Recontact::default(),
            sampling: 1.0,
            storage: Storage::default(),
            respect_gpc: false,
            respect_dnt: false,
        }
    }
}

impl Survey {
    /// Reads settings from untrusted JSON, validated whole: each problem is named by its path, a
    /// JSON pointer below `parent` (`""`, or `"/survey"` where the settings are that member of
    /// something).
    pub fn read(value: &Value, parent: &str) -> Result<Self, Vec<ValidationError>> {
        Self::read_with(Errors::default(), value, parent)
    }

    /// As [`read`](Self::read), for whoever tells only the first problem.
    pub fn from_json(value: &Value, parent: &str) -> Result<Self, ValidationError> {
        Self::read(value, parent).map_err(|errors| {
            // There is always a first; what is refused without a reason would still be refused.
            let whole =
                || ValidationError::new(parent, "Must be an object, for example {\"delay_seconds\": 10}.");
            errors.into_iter().next().unwrap_or_else(whole)
        })
    }

    /// Every member with its value, the default where the owner set none: `null` for a text that is
    /// not there, otherwise an empty object or array.
    pub fn complete(&self) -> Value {
        self.write(true).into_value()
    }

    /// The question in the owner's words for a visitor of that language; `None` for the standard
    /// one.
    pub fn question_in(&self, tag: &str) -> Option<&str> {
        let translated = Lang::parse(tag).and_then(|lang| self.texts.get(lang, Part::Question));
        translated.or(self.question.as_deref())
    }

    fn read_with(mut found: Errors, value: &Value, parent: &str) -> Result<Self, Vec<ValidationError>> {
        let errors = &mut found;
        let reader = &ObjectReader::new(Some(value), parent, &MEMBERS, errors);
        let default = Self::default();
        let (variant, question) = variant_and_question(reader, errors);
        let delay = (0..=3_600, " of seconds");
        let survey = Self {
            delay_seconds: reader.integer_or(errors, "delay_seconds", delay, 10).into(),
            texts: Texts::read(reader, errors, variant.as_deref() == Some(STANDARD)),
            variant: variant.unwrap_or(default.variant),
            question,
            follow_ups: follow_ups::read(reader, errors),
            thanks: Thanks::read(reader, errors),
            consents: ConsentSettings::read(reader, errors),
            contact: Contact::read(reader, errors),
            privacy_url: url::read(reader, errors, "privacy_url"),
            logo_url: url::read(reader, errors, "logo_url"),
            theme: Theme::read(reader, errors),
            mode: Mode::read(reader, errors),
            corner: choose(reader, errors, "corner", (Corner::NAMES, Corner::ALL)),
            trigger: Trigger::read(reader, errors),
            pages: PageRules::read(reader, errors),
            recontact: Recontact::read(reader, errors),
            sampling: targeting::sampling(reader, errors),
            storage: choose(reader, errors, "storage", (Storage::NAMES, Storage::ALL)),
            respect_gpc: reader.bool(errors, "respect_gpc"),
            respect_dnt: reader.bool(errors, "respect_dnt"),
        };
        let bytes = survey.write(false).into_value().to_string().len();
        if bytes > MAX_SURVEY_BYTES {
            let detail = format!(
                "The settings have {bytes} bytes as JSON; at most {MAX_SURVEY_BYTES} are kept. \
                 Shorten the texts, or word fewer languages yourself."
            );
            errors.push(parent, &detail);
        }
        found.finish(survey)
    }

    fn write(&self, complete: bool) -> ObjectWriter {
        let mut members = ObjectWriter::new(complete);
        let out = &mut members;
        out.always("variant", self.variant.as_str());
        out.text("question", self.question.as_deref());
        out.always("delay_seconds", self.delay_seconds);
        self.texts.write(out);
        follow_ups::write(&self.follow_ups, out);
        self.thanks.write(out);
        self.consents.write(out);
        self.contact.write(out);
        out.text("privacy_url", self.privacy_url.as_deref());
        out.text("logo_url", self.logo_url.as_deref());
        self.theme.write(out);
        self.mode.write(out);
        out.put("corner", self.corner.as_str(), Corner::default().as_str());
        self.trigger.write(out);
        self.pages.write(out);
        self.recontact.write(out);
        // 1, not 1.0.
        match self.sampling {
            whole if whole.fract() == 0.0 => out.put("sampling", whole as u8, 1),
            share => out.always("sampling", share),
        }
        out.put("storage", self.storage.as_str(), Storage::default().as_str());
        out.put("respect_gpc", self.respect_gpc, false);
        out.put("respect_dnt", self.respect_dnt, false);
        members
    }
}

/// The variant, `None` where it is wrong, and its question.
fn variant_and_question(reader: &ObjectReader, errors: &mut Errors) -> (Option<String>, Option<String>) {
    let before = errors.len();
    let variant = reader.text(errors, "variant", MAX_SLUG);
    let question = reader.text(errors, "question", MAX_QUESTION);
    if let Some(error) = variant.as_deref().and_then(object_name_error) {
        reader.error(errors, "variant", &error);
    } else if variant.as_deref().is_some_and(|name| !is_slug(name)) {
        reader.error(errors, "variant", &format!("Must be {SLUG_CHARACTERS}."));
    }
    if errors.len() > before {
        return (None, question);
    }
    let variant = variant.unwrap_or_else(|| STANDARD.into());
    match (variant == STANDARD, question.is_some()) {
        (true, true) => reader.error(errors, "question", STANDARD_IS_FIXED),
        (false, false) => reader.error(errors, "question", "A variant of your own needs its question."),
        (true, false) | (false, true) => {}
    }
    (Some(variant), question)
}

impl Serialize for Survey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.write(false).into_list())
    }
}

impl<'de> Deserialize<'de> for Survey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let stored = Value::deserialize(from)?;
        Self::read_with(Errors::for_stored(), &stored, "")
            .map_err(|errors| de::Error::custom(errors.first().map(ToString::to_string).unwrap_or_default()))
    }
}
