//! Choice of the language that fits a visitor's preferences best, and how it is written.
//!
//! The choice is tested with `tests/cases/language.json`.

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// Language among the [`LANGUAGES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang(&'static str);

impl Lang {
    /// The language of that tag, written as in [`LANGUAGES`].
    pub fn parse(tag: &str) -> Option<Self> {
        LANGUAGES.into_iter().find(|known| *known == tag).map(Self)
    }

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        self.0
    }
}

/// Regions whose parent locale in CLDR is `pt-PT`, and Portugal. Portuguese of any other region is
/// `pt-BR`.
const PT_PT_REGIONS: [&str; 12] = ["AO", "CH", "CV", "FR", "GQ", "GW", "LU", "MO", "MZ", "PT", "ST", "TL"];

/// Regions where Chinese is written in traditional characters, by the likely subtags of CLDR.
const ZH_HANT_REGIONS: [&str; 15] =
    ["AU", "BN", "GB", "GF", "HK", "ID", "MO", "PA", "PF", "PH", "SR", "TH", "TW", "US", "VN"];

/// Regions where Serbian is written in Latin letters, by the likely subtags of CLDR.
const SR_LATN_REGIONS: [&str; 3] = ["ME", "RO", "TR"];

/// Returns the known language for the first preference that has one. Preferences are BCP 47 tags,
/// in upper or lower case; `_` may stand for `-`, and what POSIX adds after `.` or `@` is ignored.
pub fn choose<'a, 'b>(preferences: impl IntoIterator<Item = &'b str>, known: &[&'a str]) -> Option<&'a str> {
    preferences.into_iter().find_map(|tag| nearest(tag, known))
}

/// Returns the known language for a tag: the tag itself, else its language in the script or region
/// that CLDR resolves the tag to. Bosnian is read in its nearest relative of the same alphabet.
fn nearest<'a>(tag: &str, known: &[&'a str]) -> Option<&'a str> {
    let find = |tag: &str| known.iter().copied().find(|known| known.eq_ignore_ascii_case(tag));
    let tag = tag.split(['.', '@']).next()?;
    if let Some(exact) = find(tag) {
        return Some(exact);
    }
    let mut subtags = tag.split(['-', '_']).peekable();
    let language = subtags.next()?.to_ascii_lowercase();
    let script = subtags.next_if(|subtag| subtag.len() == 4);
    let region = subtags.next().unwrap_or_default();
    let is_in = |regions: &[&str]| regions.iter().any(|known| known.eq_ignore_ascii_case(region));
    let is_script = |wanted: &str| script.is_some_and(|script| script.eq_ignore_ascii_case(wanted));
    match language.as_str() {
        "pt" => find(if is_in(&PT_PT_REGIONS) { "pt-PT" } else { "pt-BR" }),
        "zh" | "cmn" => {
            let script = script.unwrap_or(if is_in(&ZH_HANT_REGIONS) { "Hant" } else { "Hans" });
            find(&format!("zh-{script}"))
        }
        "sr" | "sh" | "cnr" => {
            let implied = script.is_none() && (language != "sr" || is_in(&SR_LATN_REGIONS));
            find(if implied || is_script("Latn") { "sr-Latn" } else { "sr" })
        }
        "bs" => find(if is_script("Cyrl") { "sr" } else { "hr" }),
        "no" | "nn" => find("nb"),
        "iw" => find("he"),
        "in" => find("id"),
        "mo" => find("ro"),
        language => find(language),
    }
}

/// Returns the tags of an `Accept-Language` header in its order, which is the order of preference.
/// A weight of 0 excludes a tag.
pub fn accepted(header: &str) -> impl Iterator<Item = &str> {
    header.split(',').filter_map(|part| {
        let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = weight.trim().trim_start_matches("q=").trim_end_matches(['0', '.']).is_empty();
        (weight.is_empty() || !refused).then(|| tag.trim())
    })
}

/// Direction in which a language is written: `rtl` for Arabic, Hebrew, Persian and Urdu, `ltr` for
/// the others.
pub fn direction(tag: &str) -> &'static str {
    match tag {
        "ar" | "he" | "fa" | "ur" => "rtl",
        _ => "ltr",
    }
}

/// Digit zero of the language, by the default numbering systems of CLDR. The other digits follow it
/// in Unicode.
pub fn zero(tag: &str) -> char {
    if tag == "fa" { '۰' } else { '0' }
}

/// Whether a text can be a language tag: 1–35 letters, digits and hyphens.
pub fn is_tag(text: &str) -> bool {
    (1..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 8] = ["ar", "de", "en", "nb", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant"];

    #[test]
    fn accept_language_is_read_in_order_of_quality() {
        let tags: Vec<&str> = accepted("de-AT, de;q=0.9,fr;q=0, it ; q=0.000,*;q=0.1,en;q=1.0").collect();
        assert_eq!(tags, ["de-AT", "de", "*", "en"]);
        assert_eq!(choose(accepted(""), &KNOWN), None);
    }

    #[test]
    fn tags_are_letters_digits_and_hyphens() {
        assert!(is_tag("zh-Hant") && is_tag("es-419") && is_tag(&"a".repeat(35)));
        for odd in ["", "de_AT", "de AT", "dé", "\"", &"a".repeat(36)] {
            assert!(!is_tag(odd), "{odd}");
        }
    }
}
