//! Which of the languages that there are goes with what somebody wants.

/// The languages of the survey, as BCP 47 tags. Arabic, Hebrew, Persian and Urdu are written from
/// right to left.
pub const LANGUAGES: [&str; 43] = [
    "en", "de", "fr", "es", "pt-BR", "pt-PT", "it", "nl", "sv", "da", "nb", "fi", "is", "pl", "cs", "sk",
    "hu", "ro", "bg", "uk", "ru", "sr", "hr", "sl", "mk", "el", "tr", "ar", "he", "fa", "ur", "hi", "id",
    "vi", "th", "ja", "ko", "zh-Hans", "zh-Hant", "ca", "lt", "lv", "et",
];

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

/// Tags that have another name here.
const ALIASES: [(&str, &str); 5] =
    [("no", "nb"), ("nn", "nb"), ("zh-tw", "zh-Hant"), ("zh-hk", "zh-Hant"), ("zh-mo", "zh-Hant")];

/// The known language for the first of the wanted ones that has any: the tag itself, else without
/// its last parts one after another, else a known one of the same language in another region or
/// script. Tags are BCP 47, in upper or lower case.
pub fn choose<'a, 'b>(wanted: impl IntoIterator<Item = &'b str>, known: &[&'a str]) -> Option<&'a str> {
    wanted.into_iter().find_map(|tag| of(tag, known))
}

fn of<'a>(tag: &str, known: &[&'a str]) -> Option<&'a str> {
    let find = |tag: &str| known.iter().copied().find(|own| own.eq_ignore_ascii_case(tag));
    let alias = ALIASES.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(tag)).map(|(_, own)| own);
    if let Some(found) = alias.and_then(find) {
        return Some(found);
    }
    let mut rest = tag;
    loop {
        if let Some(found) = find(rest) {
            return Some(found);
        }
        let Some((shorter, _)) = rest.rsplit_once('-') else { break };
        rest = shorter;
    }
    known
        .iter()
        .copied()
        .find(|own| own.split('-').next().is_some_and(|first| first.eq_ignore_ascii_case(rest)))
}

/// The tags of a header `Accept-Language`, in its order, which is that of preference. What has the
/// weight 0 is not wanted.
pub fn accepted(header: &str) -> impl Iterator<Item = &str> {
    header.split(',').filter_map(|part| {
        let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = weight.trim().trim_start_matches("q=").trim_end_matches(['0', '.']).is_empty();
        (weight.is_empty() || !refused).then(|| tag.trim())
    })
}

/// The direction in which a language is written: `rtl` for Arabic, Hebrew, Persian and Urdu, `ltr`
/// for the others.
pub fn direction(tag: &str) -> &'static str {
    match tag {
        "ar" | "he" | "fa" | "ur" => "rtl",
        _ => "ltr",
    }
}

/// Whether text can be the tag of a language: 1–35 letters, digits and hyphens.
pub fn is_tag(text: &str) -> bool {
    (1..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 8] = ["ar", "de", "en", "nb", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant"];

    #[test]
    fn the_nearest_known_language_is_taken() {
        for (wanted, found) in [
            (&["de"][..], Some("de")),
            (&["DE-at"], Some("de")),
            (&["de-Latn-CH-1996"], Some("de")),
            (&["pt"], Some("pt-BR")),
            (&["pt-pt"], Some("pt-PT")),
            (&["pt-AO"], Some("pt-BR")),
            (&["zh-CN"], Some("zh-Hans")),
            (&["zh-TW"], Some("zh-Hant")),
            (&["zh-Hant-HK"], Some("zh-Hant")),
            (&["no"], Some("nb")),
            (&["xx", "", "*", "ar-EG", "de"], Some("ar")),
            (&["dex"], None),
            (&["e"], None),
            (&["-de"], None),
            (&[], None),
        ] {
            assert_eq!(choose(wanted.iter().copied(), &KNOWN), found, "{wanted:?}");
        }
        assert_eq!(choose(["nn"], &["en"]), None);
    }

    #[test]
    fn a_header_is_read_in_its_order() {
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
