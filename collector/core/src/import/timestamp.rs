//! Dates as other tools write them.

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::Zone;

/// Timestamp format of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimestampFormat(Option<String>);

impl TimestampFormat {
    /// A format of strftime's letters, for example `%m/%d/%y %H:%M`.
    pub fn custom(format: &str) -> Result<Self, String> {
        let wrong = format.is_empty() || StrftimeItems::new(format).any(|item| matches!(item, Item::Error));
        if wrong {
            let detail = "Must be a date format. Use strftime's letters, for example %m/%d/%y %H:%M, and \
                          write % as %25 in a URL.";
            return Err(detail.to_owned());
        }
        Ok(Self(Some(format.to_owned())))
    }

    /// The time in Unix milliseconds. Times without a zone are the site's; dates without a time are
    /// its midnight.
    pub fn read(&self, text: &str, zone: &Zone) -> Result<i64, String> {
        let text = text.trim();
        let unix_ms = match &self.0 {
            Some(format) => with_format(text, format, zone),
            None => iso(text, zone),
        };
        match (unix_ms, &self.0) {
            (Some(unix_ms), _) if unix_ms >= 0 => Ok(unix_ms),
            (Some(_), _) => Err(format!("The date {text:?} is before 1970.")),
            (None, Some(format)) => Err(format!("The date {text:?} is not of the form {format}.")),
            (None, None) => Err(format!(
                "The date {text:?} is not ISO 8601 (2026-11-22T14:30:00Z); name another form with at_format."
            )),
        }
    }
}

fn iso(text: &str, zone: &Zone) -> Option<i64> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.timestamp_millis());
    }
    ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"]
        .iter()
        .find_map(|format| DateTime::parse_from_str(text, format).ok().map(|at| at.timestamp_millis()))
        .or_else(|| {
            ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]
                .iter()
                .find_map(|format| local(text, format, zone))
        })
}

fn with_format(text: &str, format: &str, zone: &Zone) -> Option<i64> {
    match DateTime::parse_from_str(text, format) {
        Ok(at) => Some(at.timestamp_millis()),
        Err(_) => local(text, format, zone),
    }
}

fn local(text: &str, format: &str, zone: &Zone) -> Option<i64> {
    let naive = NaiveDateTime::parse_from_str(text, format).ok().or_else(|| {
        NaiveDate::parse_from_str(text, format).ok().and_then(|date| date.and_hms_opt(0, 0, 0))
    })?;
    let local = naive.and_utc();
    Some(zone.to_unix_ms(local.timestamp()) + i64::from(local.timestamp_subsec_millis()))
}
