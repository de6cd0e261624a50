//! The score as a small picture that an owner may put on a page: an SVG of under a kilobyte.
//!
//! It is honest or it is not there: a score of fewer than [`MIN_RESPONSES`] responses is a dash,
//! one of another question than the standard one is not called NPS, and there is no colour that
//! says good or bad. It needs no font and no script; browsers fit the text to the width that was
//! estimated here (`textLength`).

use crate::html::escape_text as escape;
use nps::round;

/// With fewer responses than this the score is not shown.
pub const MIN_RESPONSES: u64 = 5;
/// The longest part of a site's name in the title, in characters.
const MAX_NAME: usize = 40;

/// Content of the badge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Badge<'a> {
    /// The site's name, for the title that is read out; may be empty.
    pub name: &'a str,
    /// Whether the score is of the standard question. Only then is it called NPS.
    pub standard: bool,
    /// −100 to 100 in full precision; `None` where there is none or it is not to be seen.
    pub score: Option<f64>,
    /// Number of scores.
    pub responses: u64,
    /// Whether to show how many.
    pub with_responses: bool,
}

impl Badge<'_> {
    /// The picture, 20 pixels high.
    pub fn svg(&self) -> String {
        let label = if self.standard { "NPS" } else { "Score" };
        let shown = self.score.filter(|score| score.is_finite() && self.responses >= MIN_RESPONSES);
        let value = shown.map_or("–".to_owned(), whole);
        let count = shown.filter(|_| self.with_responses).map(|_| format!("n={}", self.responses));

        let (label_width, value_width) = (width(label, 11), width(&value, 11));
        let split = label_width + 14;
        let count_at = split + 7 + value_width + 6;
        let count_width = count.as_deref().map_or(0, |count| width(count, 9));
        let total = if count.is_some() { count_at + count_width + 7 } else { split + value_width + 14 };
        let value_at = split + 7;
        let count = count.map(|count| {
            format!(r##"<text x="{count_at}" y="14" font-size="9" fill="#595960" textLength="{count_width}">{count}</text>"##)
        });
        let (title, count) = (self.title(&value, shown.is_some()), count.unwrap_or_default());
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="20" role="img" aria-labelledby="t"><title id="t">{title}</title><rect x=".5" y=".5" width="{}" height="19" rx="3.5" fill="#fff" stroke="#c4c4cc"/><path d="M4 .5h{}v19H4A3.5 3.5 0 0 1 .5 16V4A3.5 3.5 0 0 1 4 .5z" fill="#ececf0" stroke="#c4c4cc"/><g font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" fill="#26262b"><text x="7" y="14" textLength="{label_width}">{label}</text><text x="{value_at}" y="14" font-weight="bold" textLength="{value_width}">{value}</text>{count}</g></svg>"##,
            total - 1,
            split - 4,
        )
    }

    /// Returns the alternative text of the picture.
    fn title(&self, value: &str, shown: bool) -> String {
        let what = if self.standard { "Net Promoter Score" } else { "Score" };
        let name: String = self.name.trim().chars().take(MAX_NAME).collect();
        let of = if name.is_empty() { String::new() } else { format!(" of {}", escape(&name)) };
        match (shown, self.with_responses) {
            (false, _) => format!("{what}{of}: not shown"),
            (true, false) => format!("{what}{of}: {value}"),
            (true, true) => format!("{what}{of}: {value}, from {} responses", self.responses),
        }
    }
}

/// The score as a whole number, half away from zero, with a minus sign.
fn whole(score: f64) -> String {
    round(score.clamp(-100.0, 100.0), 0).to_string().replace('-', "−")
}

/// About how many pixels a text takes, in tenths of a pixel for each character at a size of 11.
fn width(text: &str, size: u32) -> u32 {
    let tenths = |c: char| match c {
        '0'..='9' => 72,
        'A'..='Z' => 75,
        '−' | '=' => 90,
        _ => 61,
    };
    (text.chars().map(tenths).sum::<u32>() * size).div_ceil(110)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BADGE: Badge<'static> =
        Badge { name: "Tea", standard: true, score: Some(48.5), responses: 889, with_responses: true };

    /// The title and the texts of the picture.
    fn texts(badge: Badge<'_>) -> Vec<String> {
        let svg = badge.svg();
        let parts = svg.split(['<', '>']).collect::<Vec<_>>();
        let text = |at: usize| parts[at - 1].starts_with("text") || parts[at - 1].starts_with("title");
        (1..parts.len()).filter(|at| text(*at)).map(|at| parts[at].to_owned()).collect()
    }

    #[test]
    fn the_badge_shows_a_whole_number_without_a_percent_sign() {
        assert_eq!(texts(BADGE), ["Net Promoter Score of Tea: 49, from 889 responses", "NPS", "49", "n=889"]);
        for (score, shown) in [
            (-0.4, "0"),
            (0.5, "1"),
            (-0.5, "−1"),
            (-12.5, "−13"),
            (100.0, "100"),
            (-100.0, "−100"),
            (1e9, "100"),
        ] {
            let badge = Badge { score: Some(score), with_responses: false, name: "", ..BADGE };
            assert_eq!(texts(badge), [&format!("Net Promoter Score: {shown}"), "NPS", shown]);
        }
    }

    #[test]
    fn a_small_sample_is_a_dash() {
        let hidden = ["Net Promoter Score of Tea: not shown", "NPS", "–"];
        assert_eq!(texts(Badge { score: None, ..BADGE }), hidden);
        assert_eq!(texts(Badge { score: Some(f64::NAN), ..BADGE }), hidden);
        assert_eq!(texts(Badge { responses: 4, ..BADGE }), hidden);
        assert_eq!(texts(Badge { responses: 5, ..BADGE })[2], "49");
    }

    #[test]
    fn only_the_standard_question_is_called_nps() {
        let badge = Badge { standard: false, name: "A<b> & \"c\"", with_responses: false, ..BADGE };
        assert_eq!(texts(badge), ["Score of A&lt;b&gt; &amp; \"c\": 49", "Score", "49"]);
        assert!(!badge.svg().contains("NPS") && !badge.svg().contains("Promoter"));
    }

    #[test]
    fn the_largest_badge_is_below_its_size_limit() {
        let largest = Badge {
            name: &"&".repeat(100),
            standard: true,
            score: Some(-100.0),
            responses: 1_000_000_000,
            with_responses: true,
        };
        assert!(BADGE.svg().len() <= 1_024, "{}", BADGE.svg().len());
        assert!(largest.svg().len() <= 1_024, "{}", largest.svg().len());
    }

    proptest! {
        #[test]
        fn site_names_are_escaped_in_the_title(name in any::<String>(), score in any::<f64>(), responses in any::<u64>()) {
            let svg = Badge { name: &name, standard: true, score: Some(score), responses, with_responses: true }.svg();
            let tags = svg.matches('<').count();
            prop_assert!(svg.ends_with("</svg>") && [12, 14].contains(&tags), "{} tags in {}", tags, svg);
            prop_assert!(svg.chars().all(|c| !c.is_control()));
        }
    }
}
