//! Dates as tools write them, without a format from the owner.
//!
//! The parts of a date tell their order themselves: a year of four digits first (ISO 8601, and
//! `2026/10/05`), a month by name, or dots between (`5.10.2026`, day first). Only of `03/04/2026`
//! the order has to be known, from other rows of the file or from the tool (`date_order.rs`).

use chrono::NaiveDate;

use super::date_order::{DateOrder, Number, Orders};
use super::{word_list, zone_text};
use crate::Zone;

/// Names of the months in English, by their first letters.
const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec";
const WEEKDAYS: &str = "mon|tue|wed|thu|fri|sat|sun";

/// Halves of the day, in the languages of `preset::TIMESTAMPS` that write them.
const MORNING: &str = "am|vorm|fm|ap|öö|上午|午前|오전|dop|de|πμ|дп";
const AFTERNOON: &str = "pm|nachm|em|ip|ös|下午|午後|오후|odp|du|μμ|пп";

/// The latest year of two digits, where the present is not known.
const LAST_YEAR: u32 = 99;

/// Reason why a text is no date.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum DateError {
    /// Another form.
    Form,
    /// Parts that could be in more than one order.
    Ambiguous,
    /// Time zone that is not known by this name.
    Zone(String),
}

/// Parses a date with or without a time and a zone, into Unix milliseconds. A date without a zone
/// is one of `zone`.
pub(super) fn parse(text: &str, order: Option<DateOrder>, zone: &Zone) -> Result<i64, DateError> {
    if let Some(unix_ms) = epoch(text) {
        return Ok(unix_ms);
    }
    let mut rest = Scanner(text);
    let date = rest.date(order)?;
    let time_ms = rest.time().ok_or(DateError::Form)?;
    if time_ms.is_none() && !rest.0.is_empty() {
        return Err(DateError::Form);
    }
    let local_ms = i64::from(date.to_epoch_days()) * api::day::DAY_MS + time_ms.unwrap_or(0);
    Ok(match zone_text::offset_at(rest.0, local_ms, zone)? {
        Some(seconds) => local_ms - i64::from(seconds) * 1_000,
        None => zone.to_unix_ms(local_ms.div_euclid(1_000)) + local_ms.rem_euclid(1_000),
    })
}

/// Returns the orders that dates of this form may have by this text; `None` if its form tells the
/// order itself.
pub(super) fn orders(text: &str, last_year: u32) -> Option<Orders> {
    let mut rest = Scanner(text);
    rest.weekday();
    let (first, separator) = (rest.number()?, rest.one_of("/-")?);
    let (second, _) = (rest.number()?, rest.one_of(if separator == '/' { "/" } else { "-" })?);
    (first.1 < 3).then_some(Orders::of_date([first, second, rest.number()?], last_year))
}

/// Returns the name of a date's form.
pub(super) fn form(text: &str, order: Option<DateOrder>) -> &'static str {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let separator = text.get(digits..).and_then(|rest| rest.chars().next());
    match (digits, separator, order) {
        (9..=11, None | Some('.'), _) => "unix_seconds",
        (12..=14, None | Some('.'), _) => "unix_milliseconds",
        (15.., None, _) => "unix_microseconds",
        (4, Some('-'), _) => "iso8601",
        (4, _, _) => "%Y/%m/%d",
        (1 | 2, Some('.'), _) => "%d.%m.%Y",
        (1 | 2, Some('/' | '-'), Some(DateOrder::DayMonthYear)) => "%d/%m/%Y",
        (1 | 2, Some('/' | '-'), Some(DateOrder::MonthDayYear)) => "%m/%d/%Y",
        (2, Some('/' | '-'), Some(DateOrder::YearMonthDay)) => "%y/%m/%d",
        _ => "other",
    }
}

/// Unix time in seconds, milliseconds or microseconds, by its number of digits: seconds from 1973
/// to 5138.
fn epoch(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let fraction_ms =
        || fraction.bytes().chain(*b"000").take(3).fold(0, |ms, digit| ms * 10 + i64::from(digit - b'0'));
    match whole.len() {
        9..=11 => Some(number * 1_000 + fraction_ms()),
        12..=14 => Some(number),
        15..=17 => Some(number / 1_000),
        _ => None,
    }
}

/// Returns the year of a number with four digits, or with two of this century.
fn year(number: Number) -> Option<u32> {
    match number {
        (year, 4) => Some(year),
        (year, 2) => Some(2_000 + year),
        _ => None,
    }
}

/// Rest of a text that is being read.
pub(super) struct Scanner<'a>(pub(super) &'a str);

impl<'a> Scanner<'a> {
    fn take(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let (part, rest) = self.0.split_at(self.0.find(|c| !is_part(c)).unwrap_or(self.0.len()));
        self.0 = rest;
        part
    }

    pub(super) fn number(&mut self) -> Option<Number> {
        let digits = self.take(|c| c.is_ascii_digit());
        Some((digits.parse().ok()?, digits.len()))
    }

    pub(super) fn one_of(&mut self, known: &str) -> Option<char> {
        let first = self.0.chars().next().filter(|first| known.contains(*first))?;
        self.0 = self.0.strip_prefix(first)?;
        Some(first)
    }

    fn blanks(&mut self) {
        self.take(|c| c.is_whitespace() || c == ',');
    }

    /// Takes the number of a month by its English name.
    fn month(&mut self) -> Option<u32> {
        let name = self.take(char::is_alphabetic).to_ascii_lowercase();
        let index = MONTHS.find(name.get(..3)?)? / 4;
        self.one_of(".");
        u32::try_from(index + 1).ok()
    }

    fn weekday(&mut self) {
        let weekday = self.0.get(..3).unwrap_or_default().to_ascii_lowercase();
        if word_list::has(WEEKDAYS, &weekday) {
            self.take(char::is_alphabetic);
            self.one_of(".");
            self.blanks();
        }
    }

    fn date(&mut self, order: Option<DateOrder>) -> Result<NaiveDate, DateError> {
        self.weekday();
        let (year, month, day) = self.parts(order)?;
        NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(i32::MAX), month, day).ok_or(DateError::Form)
    }

    /// Takes year, month and day.
    fn parts(&mut self, order: Option<DateOrder>) -> Result<(u32, u32, u32), DateError> {
        const FORM: DateError = DateError::Form;
        if self.0.starts_with(char::is_alphabetic) {
            let month = self.month().ok_or(FORM)?;
            self.blanks();
            let (day, _) = self.number().ok_or(FORM)?;
            self.blanks();
            return Ok((self.year().ok_or(FORM)?, month, day));
        }
        let (first, digits) = self.number().ok_or(FORM)?;
        let separator = self.one_of("-/. ").ok_or(FORM)?;
        self.blanks();
        if digits < 3 && self.0.starts_with(char::is_alphabetic) {
            let month = self.month().ok_or(FORM)?;
            self.take(|c| matches!(c, ' ' | '-' | ','));
            return Ok((self.year().ok_or(FORM)?, month, first));
        }
        let (second, second_digits) = self.number().ok_or(FORM)?;
        self.one_of(&separator.to_string()).filter(|c| *c != ' ').ok_or(FORM)?;
        self.blanks();
        let third = self.number().ok_or(FORM)?;
        if digits == 4 && third.1 < 3 {
            self.one_of(if separator == '.' { "." } else { "" });
            return Ok((first, second, third.0));
        }
        let order = match (separator, order) {
            _ if digits > 2 => return Err(FORM),
            ('.', _) => DateOrder::DayMonthYear,
            (_, Some(order)) => order,
            _ => {
                let orders = Orders::of_date([(first, digits), (second, second_digits), third], LAST_YEAR);
                match orders.only() {
                    Some(order) => order,
                    None if orders.is_empty() => return Err(FORM),
                    None if first == second && !orders.has(DateOrder::YearMonthDay) => {
                        DateOrder::DayMonthYear
                    }
                    None => return Err(DateError::Ambiguous),
                }
            }
        };
        let parts = match order {
            DateOrder::DayMonthYear => (year(third), second, first),
            DateOrder::MonthDayYear => (year(third), first, second),
            DateOrder::YearMonthDay => (year((first, digits)).filter(|_| third.1 < 3), second, third.0),
        };
        Ok((parts.0.ok_or(FORM)?, parts.1, parts.2))
    }

    fn year(&mut self) -> Option<u32> {
        year(self.number()?)
    }

    /// Takes the time of a day in milliseconds, if there is one; `None` if it is none.
    fn time(&mut self) -> Option<Option<i64>> {
        if self.0.starts_with(['T', 't']) {
            self.take(|c| matches!(c, 'T' | 't'));
        } else {
            self.blanks();
        }
        // East Asian languages have the half of the day in front.
        let mut half = self.half_of_day();
        self.blanks();
        if !self.0.starts_with(|c: char| c.is_ascii_digit()) {
            return half.is_none().then_some(None);
        }
        let (mut hour, _) = self.number()?;
        self.one_of(":")?;
        let (minute, _) = self.number().filter(|(_, digits)| *digits == 2)?;
        let (mut second, mut ms) = (0, 0);
        if self.one_of(":").is_some() {
            (second, _) = self.number().filter(|(_, digits)| *digits == 2)?;
            if self.one_of(".,").is_some() {
                let digits = self.take(|c| c.is_ascii_digit());
                ms = digits
                    .bytes()
                    .chain(*b"000")
                    .take(3)
                    .fold(0, |ms, digit| ms * 10 + i64::from(digit - b'0'));
            }
        }
        half = half.or_else(|| self.half_of_day());
        if let Some(is_afternoon) = half {
            hour = (1..=12).contains(&hour).then_some(hour % 12)? + if is_afternoon { 12 } else { 0 };
        }
        let fits = hour < 24 && minute < 60 && second < 60;
        fits.then(|| Some(i64::from((hour * 60 + minute) * 60 + second) * 1_000 + ms))
    }

    /// Takes a half of the day; whether it is the second.
    fn half_of_day(&mut self) -> Option<bool> {
        let text = self.0;
        let mut follows = |word: &'static str| after_word(text, word).map(|rest| self.0 = rest).is_some();
        if word_list::any(MORNING, &mut follows) {
            return Some(false);
        }
        word_list::any(AFTERNOON, &mut follows).then_some(true)
    }
}

/// Returns the text after a word, in any case and with dots and blanks between its letters.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text;
    for letter in word.chars() {
        rest = rest.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
        let first = rest.chars().next().filter(|first| first.to_lowercase().eq([letter]))?;
        rest = rest.strip_prefix(first)?;
    }
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    (!rest.starts_with(char::is_alphabetic)).then_some(rest)
}

#[cfg(test)]
mod tests;
