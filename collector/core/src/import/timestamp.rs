//! Timestamp format of a file.

use api::validation::quoted;
use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::date_order::DateOrder;
use super::date_text::{self, DateError};
use super::zone_text::offset_at;
use crate::Zone;

/// Timestamp format of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimestampFormat {
    /// Format of strftime's letters, which the owner names.
    Custom(String),
    /// Forms that tell themselves, with the order of the parts in others.
    Known(Option<DateOrder>),
}

impl Default for TimestampFormat {
    fn default() -> Self {
        Self::Known(None)
    }
}

impl TimestampFormat {
    /// A format of strftime's letters, for example `%m/%d/%y %H:%M`.
    pub fn custom(format: &str) -> Result<Self, String> {
        let wrong = format.is_empty() || StrftimeItems::new(format).any(|item| matches!(item, Item::Error));
        if wrong {
            let detail = "Must be a date format. Use strftime's letters, for example %m/%d/%y %H:%M, and \
                          write % as %25 in a URL.";
            return Err(detail.to_owned());
        }
        // Elsewhere the letters of a zone would be passed over, and the time be another.
        if format.replace("%%", "").trim_end().trim_end_matches("%Z").contains("%Z") {
            return Err("`%Z` is understood only at the end of a format. Use `%z` for an offset such as \
                        +0200."
                .to_owned());
        }
        Ok(Self::Custom(format.to_owned()))
    }

    /// Returns the form of a date, as strftime writes it or by name.
    pub(super) fn form(&self, text: &str) -> String {
        match self {
            Self::Custom(format) => format.clone(),
            Self::Known(order) => date_text::form(text, *order).to_owned(),
        }
    }

    /// The time in Unix milliseconds. Times without a zone are the site's; dates without a time are
    /// its midnight.
    pub fn read(&self, text: &str, zone: &Zone) -> Result<i64, String> {
        let text = text.trim();
        let given = || quoted(&text.into());
        let unix_ms = match self {
            Self::Custom(format) => with_format(text, format.trim_end(), zone),
            Self::Known(order) => date_text::parse(text, *order, zone),
        };
        match (unix_ms, self) {
            (Ok(unix_ms), _) if unix_ms >= 0 => Ok(unix_ms),
            (Ok(_), _) => Err(format!("The date {} is before 1970.", given())),
            (Err(DateError::Zone(name)), _) => Err(format!(
                "The time zone {} of the date {} is not known. Use UTC, GMT+2 or an offset such as +02:00.",
                quoted(&name.into()),
                given()
            )),
            (Err(DateError::Ambiguous), _) => Err(format!(
                "The date {} fits more than one order of its parts; name it with at_format, such as %d/%m/%Y, \
                 %m/%d/%Y or %y/%m/%d.",
                given()
            )),
            (Err(DateError::Form), Self::Custom(format)) => {
                Err(format!("The date {} is not of the form {format}.", given()))
            }
            (Err(DateError::Form), Self::Known(_)) => Err(format!(
                "The date {} is not ISO 8601 (2026-11-22T14:30:00Z); name another form with at_format.",
                given()
            )),
        }
    }
}

fn with_format(text: &str, format: &str, zone: &Zone) -> Result<i64, DateError> {
    let named = format.strip_suffix("%Z").map(|before| (before, true));
    if let Some((format, is_name)) = named.or_else(|| Some((format.strip_suffix("%z")?, false)))
        && !format.ends_with('%')
    {
        let read = DateTime::parse_from_str(text, &[format, "%z"].concat());
        if let Ok(at) = read.map(|at| at.timestamp_millis())
            && !is_name
        {
            return Ok(at);
        }
        let (date, name) = split_zone(text, format.ends_with(char::is_whitespace));
        let utc_ms = local(date, format.trim_end(), &Zone::utc()).ok_or(DateError::Form)?;
        let seconds = offset_at(name, utc_ms, zone)?.ok_or(DateError::Form)?;
        return Ok(utc_ms - i64::from(seconds) * 1_000);
    }
    match DateTime::parse_from_str(text, format) {
        Ok(at) => Ok(at.timestamp_millis()),
        Err(_) => local(text, format, zone).ok_or(DateError::Form),
    }
}

/// Splits a zone from the end of a date: the last word, or the letters and the offset after a time.
fn split_zone(text: &str, is_word: bool) -> (&str, &str) {
    if let Some((date, zone)) = text.rsplit_once(char::is_whitespace).filter(|_| is_word) {
        return (date.trim_end(), zone);
    }
    let letters = text.trim_end_matches(|c: char| !c.is_alphabetic());
    text.split_at(letters.trim_end_matches(char::is_alphabetic).len())
}

fn local(text: &str, format: &str, zone: &Zone) -> Option<i64> {
    let naive = NaiveDateTime::parse_from_str(text, format).ok().or_else(|| {
        NaiveDate::parse_from_str(text, format).ok().and_then(|date| date.and_hms_opt(0, 0, 0))
    })?;
    let local = naive.and_utc();
    Some(zone.to_unix_ms(local.timestamp()) + i64::from(local.timestamp_subsec_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &str, text: &str) -> Result<String, String> {
        TimestampFormat::custom(format)?.read(text, &Zone::utc()).map(crate::iso8601::format)
    }

    #[test]
    fn zones_in_a_format_are_understood_or_refused_by_name() {
        for (format, text) in [
            ("%Y/%m/%d %I:%M:%S %p %Z", "2026/10/05 9:12:44 PM GMT+2"),
            ("%Y/%m/%d %I:%M:%S %p %z", "2026/10/05 9:12:44 PM GMT+2"),
            ("%Y-%m-%d %H:%M:%S %Z", "2026-10-05 19:12:44 UTC"),
            ("%Y-%m-%d %H:%M:%S%Z", "2026-10-05 19:12:44Z"),
            ("%Y-%m-%dT%H:%M:%S%Z", "2026-10-05T19:12:44UTC"),
            ("%Y-%m-%d %H:%M:%S %z", "2026-10-05 21:12:44 +0200"),
            ("%Y-%m-%d %H:%M:%S %z", "2026-10-05 21:12:44 +02:00"),
            ("%Y-%m-%d %H:%M:%S GMT%z", "2026-10-05 21:12:44 GMT+0200"),
            ("%s", "1791227564"),
        ] {
            assert_eq!(read(format, text).as_deref(), Ok("2026-10-05T19:12:44.000Z"), "{format} {text}");
        }
        let error = read("%Y-%m-%d %H:%M:%S %Z", "2026-10-05 21:12:44 CEST").unwrap_err();
        assert!(error.contains("\"CEST\""), "{error}");
        assert!(TimestampFormat::custom("%Z %Y-%m-%d").unwrap_err().contains("%Z"));
        assert!(TimestampFormat::custom("%Y-%m-%d %%Z").is_ok());
    }
}
