//! Names of months, by which a score that a spreadsheet took for a date is told from one with a
//! label: `9/10` becomes `10-Sep` or `09-Oct`.

use super::word_list;

/// Months as spreadsheets write them beside a day. Scores have no other months than January to
/// October, which are those of the numbers from 1 to 10.
const NAMES: &str = "\
    may|september|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|jän|mär|mrz|mai|juni|juli|okt|\
    janv|févr|mars|avr|juin|juil|août|ene|abr|ago|set|fev|out|gen|mag|giu|lug|ott|mrt|mei|maj|szept|\
    sty|lut|kwi|cze|lip|sie|wrz|paź|eyl|eki|янв|фев|мар|апр|май|июн|июл|авг|сен|окт";

/// Whether a text is the name of a month, with digits and punctuation around it.
pub(super) fn is_month(text: &str) -> bool {
    let name = text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    let name = name.strip_prefix("de ").unwrap_or(&name);
    word_list::has(NAMES, name)
}
