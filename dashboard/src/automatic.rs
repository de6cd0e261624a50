//! Notes that nobody has written: where the score has moved by more than chance explains, and what
//! has stopped working.

mod alarms;
mod key;

use api::Day;
use nps::{Difference, Histogram, holm};

use crate::format;
use crate::model::{Counts, Group, Point};
pub use alarms::alarms;
pub use key::{NoteKey, with_hidden, without_hidden};

/// Weeks after a boundary that are compared with those before it. A few weeks find a lasting move
/// that one week alone is too small for.
const AFTER: usize = 4;
const BEFORE: usize = 8;
/// Fewer responses on either side are not compared.
const LEAST: u64 = 20;

/// Note with its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutomaticNote {
    /// Key by which the owner hides it.
    pub key: NoteKey,
    /// Day of the change.
    pub day: Day,
    /// The change in a few words.
    pub text: String,
}

/// Lasting move of the score.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// First day after the move.
    pub day: Day,
    /// Last day that was compared.
    pub last: Day,
    /// First day of those before.
    pub first: Day,
    /// Number of weeks after the move.
    pub weeks: usize,
    /// Score after minus score before.
    pub delta: f64,
}

/// Returns the moves of a weekly series that are more than chance explains, the clearest first. The
/// probability is corrected for the number of weeks at which one could begin.
pub fn shifts(weeks: &[Point]) -> Vec<Shift> {
    let mut found = Vec::new();
    // Each move divides the weeks, so that it is not found again beside itself.
    let mut parts = vec![weeks];
    while let Some(part) = parts.pop() {
        let boundaries = (1..part.len()).filter_map(|place| shift_at(part, place));
        let clearest = boundaries.min_by(|(one, ..), (other, ..)| one.total_cmp(other));
        let Some((p, place, shift)) = clearest.filter(|(p, ..)| p * (weeks.len() as f64) < 0.05) else {
            continue;
        };
        found.push((p, shift));
        let (before, after) = part.split_at(place);
        parts.extend([before, after]);
    }
    found.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    found.into_iter().map(|(_, shift)| shift).collect()
}

/// Returns the move at the beginning of a week, with its probability by chance alone and the place;
/// `None` where there are too few responses.
fn shift_at(weeks: &[Point], place: usize) -> Option<(f64, usize, Shift)> {
    let sum = |points: &[Point]| {
        points.iter().filter_map(|point| point.counts).map(Counts::histogram).sum::<Histogram>()
    };
    let (before, after) = weeks.split_at_checked(place)?;
    let before = before.get(place.saturating_sub(BEFORE)..)?;
    let after = after.get(..AFTER.min(after.len()))?;
    let (now, then) = (sum(after), sum(before));
    let difference = Difference::between(&now, &then)?;
    let shift = Shift {
        day: after.first()?.from,
        last: after.last()?.to,
        first: before.first()?.from,
        weeks: after.len(),
        delta: difference.delta,
    };
    (now.scored() >= LEAST && then.scored() >= LEAST).then_some((difference.p, place, shift))
}

/// Group that has moved the score.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// Name of the property and of the group.
    pub label: String,
    /// Score before the move.
    pub before: f64,
    /// Score after the move.
    pub after: f64,
}

/// Groups of one property, before and after a move.
pub type Groups<'a> = (&'a str, &'a [Group], &'a [Group]);

/// Returns the group that has moved most clearly in the direction of the score; `None` where none
/// has moved by more than chance explains, corrected for the number of groups.
pub fn driver(delta: f64, properties: &[Groups<'_>]) -> Option<Driver> {
    let compare = |name: &str, before: &Group, after: &Group| {
        let shown = |group: &Group| group.counts.filter(|_| !group.hidden).map(|counts| counts.histogram());
        let difference = Difference::between(&shown(after)?, &shown(before)?)?;
        let label = format!("{name}: {}", before.label());
        Some((difference, Driver { label, before: before.score?, after: after.score? }))
    };
    let mut compared: Vec<(Difference, Driver)> = Vec::new();
    for (name, before, after) in properties {
        for group in *before {
            let same = |other: &&Group| other.value == group.value && other.other == group.other;
            compared.extend(after.iter().find(same).and_then(|after| compare(name, group, after)));
        }
    }
    let corrected = holm(&compared.iter().map(|(difference, _)| difference.p).collect::<Vec<_>>());
    let found = compared.into_iter().zip(corrected);
    let found = found.filter(|((difference, _), p)| *p < 0.05 && difference.delta * delta > 0.0);
    found.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|((_, driver), _)| driver)
}

/// Returns the note of a move, with the group that drives it.
pub fn shift_note(shift: &Shift, driver: Option<&Driver>) -> AutomaticNote {
    let direction = if shift.delta > 0.0 { "Up" } else { "Down" };
    let points = format::score(shift.delta.abs());
    let weeks = if shift.weeks == 1 { "week".into() } else { format!("{} weeks", shift.weeks) };
    let driver = driver.map(|driver| {
        let (before, after) = (format::score(driver.before), format::score(driver.after));
        format!(" Mostly {} ({before} before, {after} since).", driver.label)
    });
    let text = format!(
        "{direction} {points} in the {weeks} from this day, more than chance usually explains.{}",
        driver.unwrap_or_default()
    );
    AutomaticNote { key: NoteKey::shift(shift.delta, shift.day), day: shift.day, text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::FromJson;

    fn counts([detractors, passives, promoters]: [u64; 3]) -> serde_json::Value {
        json!({ "detractors": detractors, "passives": passives, "promoters": promoters })
    }

    /// Returns a series with these counts, week by week.
    fn weeks(each: &[[u64; 3]]) -> Vec<Point> {
        let first = Day::parse("2026-06-01").unwrap();
        let week = |(place, of_week): (usize, &[u64; 3])| {
            let from = first.plus(7 * place as i32);
            FromJson::from_json(&json!({
                "from": from.to_string(), "to": from.plus(6).to_string(), "counts": counts(*of_week),
            }))
            .unwrap()
        };
        each.iter().enumerate().map(week).collect()
    }

    fn group(value: &str, of_group: [u64; 3]) -> Group {
        let scored: u64 = of_group.iter().sum();
        FromJson::from_json(&json!({
            "value": value, "scored": scored, "counts": counts(of_group),
            "score": 100.0 * (of_group[2] as f64 - of_group[0] as f64) / scored as f64,
        }))
        .unwrap()
    }

    #[test]
    fn a_lasting_move_is_found_at_its_first_week_and_once() {
        let series = weeks(&[[vec![[4, 12, 24]; 20], vec![[14, 12, 14]; 3]].concat()].concat());
        let found = shifts(&series);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].day, found[0].last), (series[20].from, series[22].to));
        assert_eq!((found[0].first, found[0].weeks), (series[12].from, 3));
        assert_eq!(found[0].delta, -50.0);
    }

    #[test]
    fn two_moves_are_two_notes() {
        let series = weeks(&[vec![[4, 12, 24]; 12], vec![[14, 12, 14]; 12], vec![[2, 12, 26]; 12]].concat());
        let mut days: Vec<Day> = shifts(&series).iter().map(|shift| shift.day).collect();
        days.sort();
        assert_eq!(days, [series[12].from, series[24].from]);
    }

    #[test]
    fn chance_alone_is_no_news() {
        // A year of weeks whose scores alternate, one of which is at p = 0.02 alone.
        let mut each: Vec<[u64; 3]> = (0..52).map(|week| [4 + week % 3, 12, 24 - week % 3]).collect();
        each[30] = [11, 12, 17];
        assert_eq!(shifts(&weeks(&each)), []);
        assert_eq!(shifts(&weeks(&[])), []);
        assert_eq!(shifts(&weeks(&[[0, 0, 9], [9, 0, 0]])), [], "too few responses");
    }

    #[test]
    fn the_group_that_has_moved_is_named() {
        let plans = [group("pro", [10, 30, 60]), group("team", [10, 30, 60])];
        let plans_after = [group("pro", [40, 30, 30]), group("team", [11, 30, 59])];
        let countries = [group("DE", [10, 30, 60]), group("FR", [10, 30, 60])];
        let countries_after = [group("DE", [25, 30, 45]), group("FR", [26, 30, 44])];
        let properties: [Groups<'_>; 2] =
            [("plan", &plans, &plans_after), ("country", &countries, &countries_after)];
        let found = driver(-30.0, &properties).unwrap();
        assert_eq!(found.label, "plan: pro");
        assert_eq!(driver(30.0, &properties), None, "no group has moved up");
        let shift = Shift {
            day: Day::parse("2026-11-02").unwrap(),
            last: Day::parse("2026-11-26").unwrap(),
            first: Day::parse("2026-09-07").unwrap(),
            weeks: 4,
            delta: -29.4,
        };
        assert_eq!(
            shift_note(&shift, Some(&found)).text,
            "Down 29 in the 4 weeks from this day, more than chance usually explains. Mostly plan: pro \
             (50 before, −10 since)."
        );
        assert!(
            shift_note(&Shift { weeks: 1, delta: 9.0, ..shift }, None)
                .text
                .starts_with("Up 9 in the week from")
        );
    }
}
