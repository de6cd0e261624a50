//! Whether a known user may be asked again, by what is known of earlier impressions.
//!
//! The loader keeps the same rules by the dates in one browser. This one is for users whom the
//! owner names, and holds across their devices. It knows no clock: the present time is an argument.

use serde::Serialize;

use api::day::DAY_MS;
use api::survey::Recontact;

/// Length of a year in days.
const YEAR_DAYS: u16 = 365;

/// Impression of the survey on a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impression {
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Whether the user gave a score in it.
    pub answered: bool,
    /// Whether the user said "Not now" in it.
    pub dismissed: bool,
}

/// Why a user is not asked now. Where several reasons hold, the first of these is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ineligible {
    /// Answered less than [`Recontact::answered_days`] ago.
    Answered,
    /// Said "Not now" less than [`Recontact::dismissed_days`] ago.
    Dismissed,
    /// Said nothing to the latest [`Recontact::ignored_times`] impressions, or to one that was less
    /// than [`Recontact::ignored_days`] ago.
    Ignored,
    /// Was shown the survey [`Recontact::per_year`] times in the past 365 days, whatever came of
    /// it.
    PerYear,
}

/// Whether a user of that history, newest first, may be asked at that time.
///
/// - Not for `answered_days` after a response, and not for `dismissed_days` after "Not now". When
///   the days are over to the millisecond, the user may be asked.
/// - Not after `ignored_times` impressions in a row without either, however long ago: who says
///   nothing that often does not want to be asked. A response or "Not now" on some other way to the
///   survey ends the row.
/// - Not for `ignored_days` after an impression without either: it may have come at a bad moment,
///   and the next page is no better one.
/// - At most `per_year` impressions in 365 days.
///
/// An impression ahead of the present time was noted by a clock that was wrong; it counts as one as
/// long ago.
pub fn check(rules: &Recontact, now_ms: i64, history: &[Impression]) -> Result<(), Ineligible> {
    let within = |impression: &Impression, days: u16| {
        now_ms.abs_diff(impression.at_ms) < u64::from(days) * DAY_MS.unsigned_abs()
    };
    let any = |test: &dyn Fn(&Impression) -> bool| history.iter().any(test);
    if any(&|impression| impression.answered && within(impression, rules.answered_days)) {
        return Err(Ineligible::Answered);
    }
    if any(&|impression| impression.dismissed && within(impression, rules.dismissed_days)) {
        return Err(Ineligible::Dismissed);
    }
    let ignored =
        history.iter().take_while(|impression| !impression.answered && !impression.dismissed).count();
    let too_soon = history.iter().take(ignored).any(|impression| within(impression, rules.ignored_days));
    if ignored >= usize::from(rules.ignored_times) || too_soon {
        return Err(Ineligible::Ignored);
    }
    let this_year = history.iter().filter(|impression| within(impression, YEAR_DAYS)).count();
    if this_year >= usize::from(rules.per_year) {
        return Err(Ineligible::PerYear);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000_000;

    fn days_ago(days: i64) -> i64 {
        NOW - days * DAY_MS
    }

    fn answered(at_ms: i64) -> Impression {
        Impression { at_ms, answered: true, dismissed: false }
    }

    fn dismissed(at_ms: i64) -> Impression {
        Impression { at_ms, answered: false, dismissed: true }
    }

    fn ignored(at_ms: i64) -> Impression {
        Impression { at_ms, answered: false, dismissed: false }
    }

    fn check(history: &[Impression]) -> Result<(), Ineligible> {
        super::check(&Recontact::default(), NOW, history)
    }

    #[test]
    fn a_user_without_impressions_is_due() {
        assert_eq!(check(&[]), Ok(()));
    }

    #[test]
    fn an_answer_blocks_for_120_days_to_the_millisecond() {
        assert_eq!(check(&[answered(NOW)]), Err(Ineligible::Answered));
        assert_eq!(check(&[answered(days_ago(120) + 1)]), Err(Ineligible::Answered));
        assert_eq!(check(&[answered(days_ago(120))]), Ok(()));
        let longer = Recontact { answered_days: 121, ..Recontact::default() };
        assert_eq!(super::check(&longer, NOW, &[answered(days_ago(120))]), Err(Ineligible::Answered));
    }

    #[test]
    fn an_answer_counts_behind_newer_impressions() {
        assert_eq!(check(&[ignored(days_ago(1)), answered(days_ago(119))]), Err(Ineligible::Answered));
        assert_eq!(check(&[ignored(days_ago(1)), answered(days_ago(120))]), Ok(()));
    }

    #[test]
    fn a_dismissal_blocks_for_30_days_to_the_millisecond() {
        assert_eq!(check(&[dismissed(days_ago(30) + 1)]), Err(Ineligible::Dismissed));
        assert_eq!(check(&[dismissed(days_ago(30))]), Ok(()));
    }

    #[test]
    fn a_response_outweighs_a_dismissal() {
        let both = Impression { at_ms: days_ago(31), answered: true, dismissed: true };
        assert_eq!(check(&[both]), Err(Ineligible::Answered));
    }

    #[test]
    fn three_ignored_impressions_block_for_good() {
        let old = [ignored(days_ago(900)), ignored(days_ago(950)), ignored(days_ago(1_000))];
        assert_eq!(check(&old), Err(Ineligible::Ignored));
        assert_eq!(check(&old[..2]), Ok(()));
        let interrupted = [old[0], old[1], dismissed(days_ago(960)), old[2]];
        assert_eq!(check(&interrupted), Ok(()));
    }

    #[test]
    fn ignored_impressions_are_a_day_apart_to_the_millisecond() {
        assert_eq!(check(&[ignored(days_ago(1) + 1)]), Err(Ineligible::Ignored));
        assert_eq!(check(&[ignored(days_ago(1))]), Ok(()));
        assert_eq!(check(&[ignored(days_ago(-1))]), Ok(()));
        let never = Recontact { ignored_days: 0, ..Recontact::default() };
        assert_eq!(super::check(&never, NOW, &[ignored(NOW)]), Ok(()));
        let week = Recontact { ignored_days: 7, ..Recontact::default() };
        assert_eq!(super::check(&week, NOW, &[ignored(days_ago(7) + 1)]), Err(Ineligible::Ignored));
    }

    #[test]
    fn at_most_four_impressions_in_365_days() {
        let four = |oldest| {
            [dismissed(days_ago(40)), ignored(days_ago(90)), dismissed(days_ago(200)), dismissed(oldest)]
        };
        assert_eq!(check(&four(days_ago(365) + 1)), Err(Ineligible::PerYear));
        assert_eq!(check(&four(days_ago(365))), Ok(()));
    }

    #[test]
    fn a_future_timestamp_counts_as_equally_long_ago() {
        assert_eq!(check(&[answered(NOW + 60_000)]), Err(Ineligible::Answered));
        assert_eq!(check(&[answered(days_ago(-120))]), Ok(()));
        assert_eq!(check(&[answered(i64::MIN), answered(i64::MAX)]), Ok(()));
    }

    #[test]
    fn each_reason_has_its_code() {
        let words = [Ineligible::Answered, Ineligible::Dismissed, Ineligible::Ignored, Ineligible::PerYear];
        assert_eq!(
            serde_json::to_string(&words).unwrap(),
            r#"["answered","dismissed","ignored","per_year"]"#
        );
    }
}
