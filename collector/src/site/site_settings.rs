//! Settings of a site, as the object stores them.

use api::site_patch::DEFAULT_TEXT_MB_PER_DAY;
use api::{Day, OriginPattern, Survey, ValidationError};
use api::{Retention, SitePatch};
use collector_core::Zone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::clock::DAY_S;
use super::property_values::{self, PropertyValues};
use crate::http::problem::quoted;
use crate::http::{ApiResult, Problem, origin};
use crate::time_zone;

/// The most origins of a site.
const MAX_ORIGINS: usize = 20;

/// Settings of a site.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SiteSettings {
    /// Name that visitors know.
    pub name: String,
    /// Time zone in which days begin.
    pub zone: Zone,
    /// Patterns of the origins whose pages may use the site, see [`OriginPattern`]; empty for any.
    pub origins: Vec<String>,
    pub survey: Survey,
    /// Declared properties, whose totals are kept.
    #[serde(default)]
    pub properties: Vec<String>,
    /// Values of properties that the owner has set.
    #[serde(default)]
    pub values: PropertyValues,
    /// Whether everybody may see the score.
    #[serde(default)]
    pub badge: bool,
    /// Whether everybody may see the public notes.
    #[serde(default)]
    pub public_notes: bool,
    /// Keys of the automatic notes that the owner's page does not show.
    #[serde(default)]
    pub hidden_notes: Vec<String>,
    #[serde(default = "retention_of_none_stored")]
    pub retention: Retention,
    /// Megabytes of new text that the site takes in a day.
    #[serde(default = "default_text_mb_per_day")]
    pub text_mb_per_day: u16,
    /// Whether a user counts only with a proof.
    #[serde(default)]
    pub signed_identity: bool,
    /// Number of rotations of the identity secret.
    #[serde(default)]
    pub identity_rotations: u32,
    /// Time of the last rotation.
    #[serde(default)]
    pub identity_rotated_ms: i64,
}

fn default_text_mb_per_day() -> u16 {
    DEFAULT_TEXT_MB_PER_DAY
}

/// Returns the retention of a site whose settings name none: it was created before there was any,
/// and what was kept so far is kept until the owner decides.
fn retention_of_none_stored() -> Retention {
    Retention { months: None, ..Retention::default() }
}

/// Settings as the owner sees them, without the survey, which has a URL of its own.
#[derive(Serialize)]
pub struct SettingsView<'a> {
    name: &'a str,
    timezone: &'a str,
    origins: &'a [String],
    properties: Vec<Value>,
    badge: bool,
    public_notes: bool,
    hidden_notes: &'a [String],
    retention: Retention,
    text_mb_per_day: u16,
    identity: &'static str,
}

impl SiteSettings {
    /// Returns the settings of a new site, for a patch to begin with.
    pub fn new(survey: Survey) -> Self {
        Self {
            name: String::new(),
            zone: Zone::utc(),
            origins: Vec::new(),
            survey,
            properties: Vec::new(),
            values: PropertyValues::new(),
            badge: false,
            public_notes: false,
            hidden_notes: Vec::new(),
            retention: Retention::default(),
            text_mb_per_day: DEFAULT_TEXT_MB_PER_DAY,
            signed_identity: false,
            identity_rotations: 0,
            identity_rotated_ms: 0,
        }
    }

    /// Whether a page of that origin may use the site.
    pub fn admits(&self, origin: &str) -> bool {
        // One that was stored before there were patterns, and is none, matches no page.
        let matches = |known: &String| OriginPattern::parse(known).is_ok_and(|known| known.matches(origin));
        self.origins.is_empty() || self.origins.iter().any(matches)
    }

    /// Refuses a page of an origin that the site does not admit. There is none where the caller is
    /// a page of ours or a program.
    pub fn check_origin(&self, origin: Option<&str>) -> ApiResult<()> {
        match origin.filter(|origin| !self.admits(origin)) {
            Some(foreign) => Err(Problem::foreign_origin(foreign)),
            None => Ok(()),
        }
    }

    /// Returns the first instant that retention keeps; `None` where everything is kept.
    pub fn first_kept_ms(&self, now_ms: i64) -> Option<i64> {
        let months = self.retention.months?;
        let today: Day = self.zone.day_of(now_ms);
        let first = today.minus_months(u32::from(months));
        Some(self.zone.to_unix_ms(i64::from(first.number()) * DAY_S))
    }

    /// Returns the name of the rule by which users count.
    pub fn identity(&self) -> &'static str {
        if self.signed_identity { "signed" } else { "open" }
    }

    /// Returns the settings as the owner sees them.
    pub fn view(&self) -> SettingsView<'_> {
        SettingsView {
            name: &self.name,
            timezone: self.zone.name(),
            origins: &self.origins,
            properties: property_values::view(&self.properties, &self.values),
            badge: self.badge,
            public_notes: self.public_notes,
            hidden_notes: &self.hidden_notes,
            retention: self.retention,
            text_mb_per_day: self.text_mb_per_day,
            identity: self.identity(),
        }
    }
}

/// Patch of the settings, with the fields that only the runtime can parse: the time zone and the
/// origins.
#[derive(Default)]
pub struct SettingsPatch {
    rest: SitePatch,
    zone: Option<Zone>,
    origins: Option<Vec<String>>,
    values: PropertyValues,
}

impl SettingsPatch {
    /// Reads a patch, or returns every error in it.
    pub fn read(given: &Value) -> Result<Self, Vec<ValidationError>> {
        let mut errors = Vec::new();
        let (given, values) = property_values::take(given, &mut errors);
        let given = &given;
        let rest = SitePatch::read(given).map_err(|found| errors.extend(found)).unwrap_or_default();
        // Where the rest is invalid its fields are absent, so these are read from the input.
        let field = |name: &str| given.get(name).filter(|value| !value.is_null());
        let zone = match (rest.timezone.as_deref(), field("timezone").and_then(Value::as_str)) {
            (Some(name), _) | (None, Some(name)) => {
                time_zone::parse(name).map_err(|found| errors.push(found)).ok()
            }
            (None, None) => None,
        };
        let origins =
            rest.origins.as_ref().or(field("origins")).map(|given| read_origins(given, &mut errors));
        if errors.is_empty() { Ok(Self { rest, zone, origins, values }) } else { Err(errors) }
    }

    /// Returns the new name, if there is one.
    pub fn name(&self) -> Option<&str> {
        self.rest.name.as_deref()
    }

    /// Returns settings with the patch applied.
    pub fn apply_to(self, old: &SiteSettings) -> SiteSettings {
        let Self { rest, zone, origins, values } = self;
        SiteSettings {
            name: rest.name.unwrap_or_else(|| old.name.clone()),
            zone: zone.unwrap_or_else(|| old.zone.clone()),
            origins: origins.unwrap_or_else(|| old.origins.clone()),
            survey: old.survey.clone(),
            values: if rest.properties.is_some() { values } else { old.values.clone() },
            properties: rest.properties.unwrap_or_else(|| old.properties.clone()),
            badge: rest.badge.unwrap_or(old.badge),
            public_notes: rest.public_notes.unwrap_or(old.public_notes),
            hidden_notes: rest.hidden_notes.unwrap_or_else(|| old.hidden_notes.clone()),
            retention: Retention {
                months: rest.retention_months.unwrap_or(old.retention.months),
                contact_days: rest.contact_days.unwrap_or(old.retention.contact_days),
            },
            text_mb_per_day: rest.text_mb_per_day.unwrap_or(old.text_mb_per_day),
            signed_identity: rest.signed_identity.unwrap_or(old.signed_identity),
            identity_rotations: old.identity_rotations,
            identity_rotated_ms: old.identity_rotated_ms,
        }
    }
}

/// Reads a list of patterns, each of one origin or of the subdomains of a host.
fn read_origins(given: &Value, errors: &mut Vec<ValidationError>) -> Vec<String> {
    let Some(given) = given.as_array().filter(|given| given.len() <= MAX_ORIGINS) else {
        let detail = format!(
            "`origins` must be an array of at most {MAX_ORIGINS} origins, for example \
             [\"https://shop.example\"]. A pattern such as https://*.shop.example stands for all \
             subdomains of a host."
        );
        errors.push(ValidationError::new("/origins", detail));
        return Vec::new();
    };
    let origins = given.iter().enumerate().filter_map(|(index, value)| {
        let text = value.as_str().unwrap_or_default();
        match origin::parse_pattern(text) {
            Ok(pattern) => Some(pattern.to_string()),
            Err(reason) => {
                let detail = format!("{} is not an origin. {reason}", quoted(text));
                errors.push(ValidationError::new(format!("/origins/{index}"), detail));
                None
            }
        }
    });
    origins.collect()
}
