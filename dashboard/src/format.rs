//! Numbers, days and times as the page writes them.

use api::Day;

use crate::range::parts;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Returns a count with a comma between thousands.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns a count with its noun, which takes an `s` unless there is one.
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// Returns a score as a whole number, with the minus sign of typography.
pub fn score(value: f64) -> String {
    let rounded = nps::round(value, 0);
    if rounded < 0.0 { format!("−{}", -rounded) } else { format!("{rounded}") }
}

/// Returns the ends of an interval.
pub fn interval(low: f64, high: f64) -> String {
    format!("{} to {}", score(low), score(high))
}

/// Returns a share of 1 as per cent.
pub fn percent(share: f64) -> String {
    let rounded = nps::round(share * 100.0, 0);
    match rounded {
        0.0 if share > 0.0 => "under 1%".into(),
        100.0 if share < 1.0 => "over 99%".into(),
        rounded => format!("{rounded}%"),
    }
}

/// Returns whole per cents of shares that add up to 100: the largest remainders are rounded up.
pub fn percents(counts: [u64; 3]) -> [u64; 3] {
    let all: u64 = counts.iter().sum();
    if all == 0 {
        return [0; 3];
    }
    let exact = counts.map(|count| u128::from(count) * 100);
    let all = u128::from(all);
    let mut whole = exact.map(|share| u64::try_from(share / all).unwrap_or(0));
    let mut order = [0, 1, 2];
    order.sort_by_key(|index: &usize| std::cmp::Reverse(exact.get(*index).map(|share| share % all)));
    let missing = 100_u64.saturating_sub(whole.iter().sum());
    for index in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        whole.get_mut(index).into_iter().for_each(|share| *share += 1);
    }
    whole
}

/// Returns a day as `26 Nov 2026`.
pub fn day(day: Day) -> String {
    let (year, month, day) = parts(day);
    format!("{day} {} {year}", month_name(month))
}

/// Returns a day without its year.
pub fn short_day(day: Day) -> String {
    let (_, month, day) = parts(day);
    format!("{day} {}", month_name(month))
}

/// Returns the month of a day.
pub fn month(day: Day) -> String {
    let (year, month, _) = parts(day);
    format!("{} {year}", month_name(month))
}

fn month_name(month: u32) -> &'static str {
    usize::try_from(month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).copied().unwrap_or("")
}

/// Returns how long ago a moment is, both in milliseconds since 1970.
pub fn ago(then_ms: f64, now_ms: f64) -> String {
    let minutes = ((now_ms - then_ms) / 60_000.0).max(0.0);
    duration(minutes).map_or_else(|| "just now".into(), |duration| format!("{duration} ago"))
}

/// Returns a duration in its largest unit; `None` under a minute.
pub fn duration(minutes: f64) -> Option<String> {
    let (number, unit) = match minutes {
        minutes if minutes < 1.0 => return None,
        minutes if minutes < 60.0 => (minutes, "min"),
        minutes if minutes < 48.0 * 60.0 => (minutes / 60.0, "h"),
        minutes => (minutes / 1440.0, "days"),
    };
    Some(format!("{} {unit}", number.floor()))
}

/// Returns a sentence with a small letter in front, to stand within another.
pub fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_by_commas() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678"), (100_000, "100,000")]
        {
            assert_eq!(count(number), text);
        }
        assert_eq!([counted(1, "response"), counted(2, "response")], ["1 response", "2 responses"]);
    }

    #[test]
    fn scores_are_whole_with_a_true_minus_and_never_minus_zero() {
        for (value, text) in [(52.84, "53"), (-0.4, "0"), (-4.5, "−5"), (-100.0, "−100"), (0.0, "0")] {
            assert_eq!(score(value), text);
        }
        assert_eq!(interval(-4.6, 61.2), "−5 to 61");
    }

    #[test]
    fn per_cents_of_a_whole_add_up_to_100() {
        for counts in [[1, 1, 1], [314, 179, 35], [2, 0, 1], [999, 1, 1], [0, 0, 7]] {
            assert_eq!(percents(counts).iter().sum::<u64>(), 100, "{counts:?}");
        }
        assert_eq!(percents([1, 1, 1]), [34, 33, 33]);
        assert_eq!(percents([0, 0, 0]), [0, 0, 0]);
    }

    #[test]
    fn small_shares_are_not_nothing() {
        let texts = [0.0, 0.001, 0.17, 0.999, 1.0].map(percent);
        assert_eq!(texts, ["0%", "under 1%", "17%", "over 99%", "100%"]);
    }

    #[test]
    fn days_and_ages_are_read_at_once() {
        let day_of = |text: &str| Day::parse(text).unwrap();
        assert_eq!(day(day_of("2026-11-06")), "6 Nov 2026");
        assert_eq!(month(day_of("2020-01-31")), "Jan 2020");
        let minutes = |minutes: f64| ago(0.0, minutes * 60_000.0);
        assert_eq!(
            [minutes(0.5), minutes(59.9), minutes(120.0), minutes(47.9 * 60.0), minutes(72.0 * 60.0)],
            ["just now", "59 min ago", "2 h ago", "47 h ago", "3 days ago"]
        );
        assert_eq!(ago(60_000.0, 0.0), "just now", "a clock that is behind");
    }
}
