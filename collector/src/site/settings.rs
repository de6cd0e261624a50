//! What a site's owner has decided, as the object keeps it.

use api::{Day, Survey, ValidationError};
use api::{Retention, SitePatch};
use collector_core::Zone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::intl;

const MAX_ORIGINS: usize = 50;

/// The settings of a site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    /// The name that visitors know.
    pub name: String,
    /// The time zone in which days begin.
    pub zone: Zone,
    /// The origins whose pages may send answers; empty admits all.
    pub origins: Vec<String>,
    pub survey: Survey,
    /// The properties whose sums are kept, besides the channel.
    #[serde(default)]
    pub properties: Vec<String>,
    /// Whether everybody may see the score.
    #[serde(default)]
    pub badge: bool,
    /// Whether everybody may see the notes that are marked so.
    #[serde(default)]
    pub public_notes: bool,
    #[serde(default)]
    pub retention: Retention,
}

/// The part of the settings that only the owner sees.
#[derive(Serialize)]
pub struct Shown<'a> {
    name: &'a str,
    timezone: &'a str,
    origins: &'a [String],
    properties: &'a [String],
    badge: bool,
    public_notes: bool,
    retention: Retention,
}

impl Settings {
    /// Those of a new site, for a change to begin with.
    pub fn new(survey: Survey) -> Self {
        Self {
            name: String::new(),
            zone: Zone::utc(),
            origins: Vec::new(),
            survey,
            properties: Vec::new(),
            badge: false,
            public_notes: false,
            retention: Retention::default(),
        }
    }

    /// Whether a page of that origin may send answers.
    pub fn admits(&self, origin: &str) -> bool {
        self.origins.is_empty() || self.origins.iter().any(|own| own.eq_ignore_ascii_case(origin))
    }

    /// The part of the settings that every visitor may see; the loader carries it.
    pub fn public(&self) -> Value {
        self.survey.to_loader_config(&self.name, &self.properties)
    }

    /// The first instant that is still kept; `None` where all is.
    pub fn first_kept(&self, now: i64) -> Option<i64> {
        let months = self.retention.months?;
        let today: Day = self.zone.day_of(now);
        let first = today.minus_months(u32::from(months));
        Some(self.zone.to_unix_ms(i64::from(first.number()) * 86_400))
    }

    /// The settings as the owner sees them, without the survey, which has an address of its own.
    pub fn shown(&self) -> Shown<'_> {
        Shown {
            name: &self.name,
            timezone: self.zone.name(),
            origins: &self.origins,
            properties: &self.properties,
            badge: self.badge,
            public_notes: self.public_notes,
            retention: self.retention,
        }
    }
}

/// What is to change in a site, with what only the runtime can read: its zone and its origins.
#[derive(Default)]
pub struct Change {
    rest: SitePatch,
    zone: Option<Zone>,
    origins: Option<Vec<String>>,
}

impl Change {
    /// Reads a change, or says all that is wrong with it.
    pub fn read(given: &Value) -> Result<Self, Vec<ValidationError>> {
        let mut wrong = Vec::new();
        let rest = SitePatch::read(given).map_err(|found| wrong.extend(found)).unwrap_or_default();
        // Where the rest is wrong its members are not there; these are read from what was given.
        let member = |name: &str| given.get(name).filter(|value| !value.is_null());
        let zone = match (rest.timezone.as_deref(), member("timezone").and_then(Value::as_str)) {
            (Some(name), _) | (None, Some(name)) => intl::zone(name).map_err(|found| wrong.push(found)).ok(),
            (None, None) => None,
        };
        let origins = rest.origins.as_ref().or(member("origins")).map(|given| origins(given, &mut wrong));
        if wrong.is_empty() { Ok(Self { rest, zone, origins }) } else { Err(wrong) }
    }

    /// The name, where it is to change.
    pub fn name(&self) -> Option<&str> {
        self.rest.name.as_deref()
    }

    /// Settings with the change made.
    pub fn made(self, old: &Settings) -> Settings {
        let Self { rest, zone, origins } = self;
        Settings {
            name: rest.name.unwrap_or_else(|| old.name.clone()),
            zone: zone.unwrap_or_else(|| old.zone.clone()),
            origins: origins.unwrap_or_else(|| old.origins.clone()),
            survey: old.survey.clone(),
            properties: rest.properties.unwrap_or_else(|| old.properties.clone()),
            badge: rest.badge.unwrap_or(old.badge),
            public_notes: rest.public_notes.unwrap_or(old.public_notes),
            retention: Retention {
                months: rest.retention_months.unwrap_or(old.retention.months),
                contact_days: rest.contact_days.unwrap_or(old.retention.contact_days),
            },
        }
    }
}

/// Reads a list of origins, each as a browser would write it: `https://shop.example`, with a port where there is one.
fn origins(given: &Value, wrong: &mut Vec<ValidationError>) -> Vec<String> {
    let Some(given) = given.as_array().filter(|given| given.len() <= MAX_ORIGINS) else {
        let detail = format!(
            "Must be an array of at most {MAX_ORIGINS} origins, for example [\"https://shop.example\"]."
        );
        wrong.push(ValidationError::new("/origins", detail));
        return Vec::new();
    };
    let origins = given.iter().enumerate().filter_map(|(at, value)| {
        let origin = intl::origin(value.as_str().unwrap_or_default());
        if origin.is_none() {
            let detail = "Must be an origin such as https://shop.example, without a path.";
            wrong.push(ValidationError::new(format!("/origins/{at}"), detail));
        }
        origin
    });
    origins.collect()
}
