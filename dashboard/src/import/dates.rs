//! Form of the dates in a file, in words and as the API takes it.

use api::Day;

use crate::format;

/// Parts of a date: as the API names them, in words, and in an example.
const PARTS: [(&str, &str, &str); 10] = [
    ("%d", "day", "24"),
    ("%m", "month", "12"),
    ("%Y", "year", "2026"),
    ("%y", "year", "26"),
    ("%I", "hour", "02"),
    ("%H", "hour", "14"),
    ("%M", "minute", "05"),
    ("%S", "second", "09"),
    ("%p", "AM/PM", "PM"),
    ("%b", "name of the month", "Dec"),
];

/// Returns how the dates of a file are read, from the name of their form.
pub fn dates_sentence(form: Option<&str>) -> String {
    match form {
        None => "There are no dates.".into(),
        Some("iso8601") => "Dates are read as year-month-day, such as 2026-12-24.".into(),
        Some(form) if form.starts_with("unix") => {
            let unit = form.trim_start_matches("unix_");
            format!("Dates are read as Unix time, the {unit} since 1970.")
        }
        Some(form) if form.contains('%') => {
            let words = replaced(form, |(part, words, _)| (part, words));
            let example = replaced(form, |(part, _, example)| (part, example));
            format!("Dates are read as {words}, such as {example}.")
        }
        Some(_) => "Dates are read by their words, such as 24 December 2026.".into(),
    }
}

/// Returns the form of dates for the API, given in words such as `day.month.year`. Another form is
/// sent as it is, so that the API explains it.
pub fn date_form(words: &str) -> String {
    let words = words.trim();
    if words.contains('%') {
        return words.to_owned();
    }
    // An hour is one of twelve beside AM or PM, and a year has four digits.
    let other_hour = if words.contains("AM/PM") { "%H" } else { "%I" };
    replaced(words, |(part, words, _)| match part {
        part if part == other_hour || part == "%y" => (part, part),
        part => (words, part),
    })
}

/// Returns a time of the API for a person to compare with the file.
pub fn time_words(time: &str) -> String {
    let parts = || Some((Day::parse(time.get(..10)?)?, time.get(11..16)?));
    parts().map_or_else(|| time.to_owned(), |(day, clock)| format!("{}, {clock} UTC", format::day(day)))
}

/// Replaces each part of a date.
fn replaced(
    form: &str,
    pair: impl Fn((&'static str, &'static str, &'static str)) -> (&'static str, &'static str),
) -> String {
    // The longest comes first, since the name of the month contains the month.
    PARTS.iter().rev().fold(form.to_owned(), |form, part| {
        let (from, to) = pair(*part);
        form.replace(from, to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_said_in_words_with_an_example() {
        for (form, expected) in [
            (None, "There are no dates."),
            (Some("%d.%m.%Y"), "Dates are read as day.month.year, such as 24.12.2026."),
            (Some("%m/%d/%Y"), "Dates are read as month/day/year, such as 12/24/2026."),
            (
                Some("%m/%d/%y %I:%M %p"),
                "Dates are read as month/day/year hour:minute AM/PM, such as 12/24/26 02:05 PM.",
            ),
            (Some("%d %b %Y"), "Dates are read as day name of the month year, such as 24 Dec 2026."),
            (Some("iso8601"), "Dates are read as year-month-day, such as 2026-12-24."),
            (Some("unix_milliseconds"), "Dates are read as Unix time, the milliseconds since 1970."),
            (Some("other"), "Dates are read by their words, such as 24 December 2026."),
        ] {
            assert_eq!(dates_sentence(form), expected);
        }
    }

    #[test]
    fn times_are_said_in_words() {
        assert_eq!(time_words("2026-10-05T09:12:00.000Z"), "5 Oct 2026, 09:12 UTC");
        assert_eq!(time_words("soon"), "soon");
    }

    #[test]
    fn forms_are_given_in_the_same_words() {
        for (words, expected) in [
            (" day.month.year ", "%d.%m.%Y"),
            ("month/day/year hour:minute:second", "%m/%d/%Y %H:%M:%S"),
            ("day/month/year hour:minute AM/PM", "%d/%m/%Y %I:%M %p"),
            ("day name of the month year", "%d %b %Y"),
            ("%d/%m/%y", "%d/%m/%y"),
            ("dd.mm.yyyy", "dd.mm.yyyy"),
            ("", ""),
        ] {
            assert_eq!(date_form(words), expected);
        }
    }
}
