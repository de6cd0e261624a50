//! What the owner of a site has decided about the survey: every setting, its limits and its default.
//!
//! - [`Survey::read`] takes what an owner sends. All of it is checked, and each problem is named by its path, so what an
//!   owner is told once need not be found out bit by bit. A member that is absent or `null` takes its default; one that
//!   there is not is refused, since a misspelt setting would otherwise be one that is quietly not followed.
//! - [`Survey::complete`] shows an owner all there is to set. Reading it gives the same survey.
//! - Serialized, a survey is only what differs from the defaults. It deserializes to the same survey. Members of a newer
//!   version are then passed over, so that an older version can read what a newer one stored.
//! - `Survey::for_loader` is what visitors get, worked out beforehand as far as it can be.

mod after;
mod colour;
mod follow_ups;
mod glob;
mod loader;
mod look;
mod members;
mod rules;
mod selector;
mod texts;
mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

pub use after::{Categories, Consents, Contact, Link, MAX_URL, Thanks, is_url};
pub use follow_ups::{Answer, Choice, FollowUp, MAX_FOLLOW_UPS, MAX_OPTIONS, MIN_OPTIONS};
pub use glob::{Glob, MAX_GLOB, MAX_STARS};
pub use look::{Corner, Font, MAX_RADIUS, MAX_SELECTOR, Mode, Scheme, Theme};
pub use rules::{MAX_EVENT, MAX_GLOBS, Pages, Recontact, Storage, Trigger};
pub use texts::{MAX_TEXT, Part, Texts};
pub use words::{LANGUAGES, Lang, Words};

use crate::Invalid;
use crate::fields::{self, Fields, Problems};
use members::Members;
use words::choose;

/// The variant that asks the standard recommendation question. Only it is called NPS.
pub const STANDARD: &str = "standard";
/// The longest name of a variant, in characters.
pub const MAX_VARIANT: usize = 40;
/// The longest question in the owner's words, in characters.
pub const MAX_QUESTION: usize = 300;
/// The most bytes that the settings may have as JSON, what is at its default left out.
pub const MAX_BYTES: usize = 24 * 1024;

const STANDARD_IS_FIXED: &str = "The standard question has no other wording, so that scores stay comparable. \
                                 Name the variant (\"variant\": \"stay-3-months\") to ask your own question.";
const NAME_CHARACTERS: &str = "Must be made of a–z, 0–9, - and _ only.";

const MEMBERS: [&str; 20] = [
    "variant",
    "question",
    "delay_seconds",
    "texts",
    "follow_ups",
    "thanks",
    "consents",
    "contact",
    "privacy_url",
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
    /// Which wording of the question this is. Answers to different wordings are never pooled.
    pub variant: String,
    /// The question in the owner's words, in languages for which [`texts`](Self::texts) has none; without it the
    /// standard question in the visitor's language.
    pub question: Option<String>,
    /// Seconds on the page before the survey shows by [`Trigger::Delay`], 0–3600.
    pub delay_seconds: u32,
    /// Other pieces in the owner's words.
    pub texts: Texts,
    /// Questions after the comment, at most [`MAX_FOLLOW_UPS`].
    pub follow_ups: Vec<FollowUp>,
    /// Links under the thanks.
    pub thanks: Thanks,
    /// What promoters are offered to agree to.
    pub consents: Consents,
    /// Whether a visitor may leave a way to be reached.
    pub contact: Contact,
    /// The page that says what becomes of the answers; the link to it stands above the question.
    pub privacy_url: Option<String>,
    /// What the survey looks like.
    pub theme: Theme,
    /// How it stands on the page.
    pub mode: Mode,
    /// In which corner.
    pub corner: Corner,
    /// What makes it show by itself.
    pub trigger: Trigger,
    /// On which pages it may show.
    pub pages: Pages,
    /// How long a visitor is left alone.
    pub recontact: Recontact,
    /// The share of visitors who are asked, 0–1.
    pub sampling: f64,
    /// What may be kept in the visitor's browser.
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
            consents: Consents::default(),
            contact: Contact::default(),
            privacy_url: None,
            theme: Theme::default(),
            mode: Mode::default(),
            corner: Corner::default(),
            trigger: Trigger::default(),
            pages: Pages::default(),
            recontact: Recontact::default(),
            sampling: 1.0,
            storage: Storage::default(),
            respect_gpc: false,
            respect_dnt: false,
        }
    }
}

impl Survey {
    /// Reads settings from untrusted JSON, validated whole: each problem is named by its path, a JSON pointer below
    /// `parent` (`""`, or `"/survey"` where the settings are that member of something).
    pub fn read(value: &Value, parent: &str) -> Result<Self, Vec<Invalid>> {
        Self::read_with(Problems::default(), value, parent)
    }

    /// As [`read`](Self::read), for whoever tells only the first problem.
    pub fn from_json(value: &Value, parent: &str) -> Result<Self, Invalid> {
        Self::read(value, parent).map_err(|problems| {
            // There is always a first; what is refused without a reason would still be refused.
            let whole = || Invalid::at(parent, "Must be an object, for example {\"delay_seconds\": 10}.");
            problems.into_iter().next().unwrap_or_else(whole)
        })
    }

    /// Every member with its value, the default where the owner set none: `null` for a text that is not there, otherwise
    /// an empty object or array.
    pub fn complete(&self) -> Value {
        self.write(true).into_value()
    }

    /// The question in the owner's words for a visitor of that language; `None` for the standard one.
    pub fn question_in(&self, tag: &str) -> Option<&str> {
        let own = Lang::parse(tag).and_then(|lang| self.texts.get(lang, Part::Question));
        own.or(self.question.as_deref())
    }

    fn read_with(mut problems: Problems, value: &Value, parent: &str) -> Result<Self, Vec<Invalid>> {
        let noted = &mut problems;
        let fields = &match value {
            Value::Object(_) => noted.object(Some(value), parent, &MEMBERS),
            _ => {
                noted.note(parent, "Must be an object, for example {\"delay_seconds\": 10}.");
                noted.object(None, parent, &MEMBERS)
            }
        };
        let default = Self::default();
        let (variant, question) = wording(fields, noted);
        let delay = (0..=3_600, " of seconds");
        let survey = Self {
            delay_seconds: fields.whole(noted, "delay_seconds", delay, 10).into(),
            texts: Texts::read(fields, noted, variant.as_deref() == Some(STANDARD)),
            variant: variant.unwrap_or(default.variant),
            question,
            follow_ups: follow_ups::read(fields, noted),
            thanks: Thanks::read(fields, noted),
            consents: Consents::read(fields, noted),
            contact: Contact::read(fields, noted),
            privacy_url: after::url(fields, noted, "privacy_url"),
            theme: Theme::read(fields, noted),
            mode: Mode::read(fields, noted),
            corner: choose(fields, noted, "corner", (Corner::WORDS, Corner::ALL)),
            trigger: Trigger::read(fields, noted),
            pages: Pages::read(fields, noted),
            recontact: Recontact::read(fields, noted),
            sampling: rules::sampling(fields, noted),
            storage: choose(fields, noted, "storage", (Storage::WORDS, Storage::ALL)),
            respect_gpc: fields.flag(noted, "respect_gpc"),
            respect_dnt: fields.flag(noted, "respect_dnt"),
        };
        let bytes = survey.write(false).into_value().to_string().len();
        if bytes > MAX_BYTES {
            let detail = format!(
                "The settings have {bytes} bytes as JSON; at most {MAX_BYTES} are kept. \
                 Shorten the texts, or word fewer languages yourself."
            );
            noted.note(parent, &detail);
        }
        problems.settle(survey)
    }

    fn write(&self, complete: bool) -> Members {
        let mut members = Members::new(complete);
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
        self.theme.write(out);
        self.mode.write(out);
        out.put("corner", self.corner.word(), Corner::default().word());
        self.trigger.write(out);
        self.pages.write(out);
        self.recontact.write(out);
        // 1, not 1.0.
        match self.sampling {
            whole if whole.fract() == 0.0 => out.put("sampling", whole as u8, 1),
            share => out.always("sampling", share),
        }
        out.put("storage", self.storage.word(), Storage::default().word());
        out.put("respect_gpc", self.respect_gpc, false);
        out.put("respect_dnt", self.respect_dnt, false);
        members
    }
}

/// The variant, `None` where it is wrong, and its question.
fn wording(fields: &Fields, problems: &mut Problems) -> (Option<String>, Option<String>) {
    let before = problems.count();
    let mut text = |name, most| fields::text(problems, fields.get(name)?, &fields.at(name), most);
    let variant = text("variant", MAX_VARIANT);
    let question = text("question", MAX_QUESTION);
    if variant.as_deref().is_some_and(|name| !is_variant_name(name)) {
        fields.wrong(problems, "variant", NAME_CHARACTERS);
    }
    if problems.count() > before {
        return (None, question);
    }
    let variant = variant.unwrap_or_else(|| STANDARD.into());
    match (variant == STANDARD, question.is_some()) {
        (true, true) => fields.wrong(problems, "question", STANDARD_IS_FIXED),
        (false, false) => fields.wrong(problems, "question", "A variant of your own needs its question."),
        (true, false) | (false, true) => {}
    }
    (Some(variant), question)
}

/// Whether text can name a variant: 1–40 of `a–z 0–9 - _`.
pub fn is_variant_name(text: &str) -> bool {
    (1..=MAX_VARIANT).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

impl Serialize for Survey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.write(false).into_list())
    }
}

impl<'de> Deserialize<'de> for Survey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let stored = Value::deserialize(from)?;
        Self::read_with(Problems::of_stored(), &stored, "").map_err(|problems| {
            de::Error::custom(problems.first().map(ToString::to_string).unwrap_or_default())
        })
    }
}
