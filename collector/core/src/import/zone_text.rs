//! Time zones at the end of dates.

use super::date_text::{DateError, Scanner};
use super::word_list;
use crate::Zone;

/// Zones of RFC 2822, section 4.3, which are the same everywhere.
const KNOWN: &str = "EST-5|EDT-4|CST-6|CDT-5|MST-7|MDT-6|PST-8|PDT-7";
/// Abbreviations that are others elsewhere, or known in one part of the world. They are read where
/// the site has that offset at that time.
const LOCAL: &str = "\
    BST+1|IST+1|CET+1|CEST+2|MEZ+1|MESZ+2|EET+2|EEST+3|MSK+3|\
    IST+5:30|CST+8|HKT+8|JST+9|KST+9|AEST+10|AEDT+11|AST+3|AST-4|ADT-3";

/// Returns the seconds east of UTC that a zone at the end of a date stands for; `None` if there is
/// no zone. The date is given as if it were one in UTC.
pub(super) fn offset_at(text: &str, local_ms: i64, site: &Zone) -> Result<Option<i32>, DateError> {
    let local_s = local_ms.div_euclid(1_000);
    let is_of_site = |seconds: i32| site.offset_at(local_s - i64::from(seconds)) == seconds;
    match abbreviated(LOCAL, text.trim(), &is_of_site) {
        None => offset(text),
        found => Ok(found),
    }
}

/// Returns the offset of an abbreviation in a list that fits.
fn abbreviated(list: &'static str, name: &str, fits: &dyn Fn(i32) -> bool) -> Option<i32> {
    let mut found = None;
    word_list::any(list, &mut |zone| {
        let (known, seconds) = zone.split_at(zone.find(['+', '-']).unwrap_or_default());
        if known.eq_ignore_ascii_case(name) {
            found = offset(seconds).ok().flatten().filter(|seconds| fits(*seconds));
        }
        found.is_some()
    });
    found
}

/// Returns the seconds east of UTC that a zone stands for wherever a site is; `None` of an empty
/// text.
pub(super) fn offset(text: &str) -> Result<Option<i32>, DateError> {
    let text = text.trim();
    let unknown = || DateError::Zone(text.chars().take(40).collect());
    // JavaScript adds the zone's name in brackets.
    let text = text.split_once('(').map_or(text, |(before, _)| before.trim_end());
    if text.is_empty() {
        return Ok(None);
    }
    let letters = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (name, rest) = text.split_at(letters);
    let is_utc = ["", "z", "utc", "gmt"].iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut rest = Scanner(rest.trim_start());
    if !is_utc || (name.is_empty() && rest.0.is_empty()) {
        return abbreviated(KNOWN, text, &|_| true).map(Some).ok_or_else(unknown);
    }
    if rest.0.is_empty() {
        return Ok(Some(0));
    }
    let (sign, (hours, digits)) = rest.one_of("+-−").zip(rest.number()).ok_or_else(unknown)?;
    let (hours, minutes) = match (digits, rest.one_of(":")) {
        (3 | 4, None) => (hours / 100, hours % 100),
        (1 | 2, Some(_)) => (hours, rest.number().ok_or_else(unknown)?.0),
        (1 | 2, None) => (hours, 0),
        _ => return Err(unknown()),
    };
    if !rest.0.is_empty() || hours > 18 || minutes > 59 {
        return Err(unknown());
    }
    let seconds = i32::try_from(hours * 3_600 + minutes * 60).unwrap_or(0);
    Ok(Some(if sign == '+' { seconds } else { -seconds }))
}
