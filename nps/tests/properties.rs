//! What holds for all answers, not just for examples.
#![cfg(feature = "collector")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use nps::day::Step;
use nps::elapsed::BUCKETS;
use nps::report::{DayTotals, MAX_POINTS, Rows, ScoreQuery, Totals};
use nps::{Day, Difference, Elapsed, Histogram, Nps};
use proptest::prelude::*;

/// The largest count of one score: with eleven of them, up to about 1e13 answers.
const LARGE: u64 = 1_000_000_000_000;

fn histogram() -> impl Strategy<Value = Histogram> {
    // Small and large counts, and zeros, all often.
    let count = prop_oneof![Just(0), 0..20_u64, 0..LARGE];
    prop::array::uniform11(count).prop_map(Histogram::from_counts)
}

fn answers(promoters: u64, passives: u64, detractors: u64) -> Histogram {
    Histogram::from_counts([0, 0, detractors, 0, 0, 0, 0, passives, 0, promoters, 0])
}

fn assert_sound(scores: &Histogram) {
    let nps = Nps::of(scores).unwrap();
    let (low, value, high) = (nps.low(), nps.value(), nps.high());
    assert!(-100.0 <= low && low <= value && value <= high && high <= 100.0, "{scores:?} makes {nps:?}");
    assert!(low < high, "{scores:?} makes {nps:?}");
    assert!([low, value, high].iter().all(|number| *number != 0.0 || number.is_sign_positive()), "{nps:?}");
}

/// `(promoters, passives, detractors)` of up to so many answers, at least one.
fn small(most: u64) -> impl Iterator<Item = Histogram> {
    let triples = (0..=most)
        .flat_map(move |a| (0..=most - a).flat_map(move |b| (0..=most - a - b).map(move |c| (a, b, c))));
    triples.filter(|(a, b, c)| a + b + c > 0).map(|(a, b, c)| answers(a, b, c))
}

#[test]
fn the_interval_of_every_small_sample_holds_its_score() {
    assert_eq!(small(12).inspect(assert_sound).count(), 454);
}

#[test]
fn every_difference_of_small_samples_is_a_number() {
    for now in small(6) {
        for before in small(6) {
            let there = Difference::between(&now, &before).unwrap();
            let back = Difference::between(&before, &now).unwrap();
            assert!(there.z.is_finite() && (0.0..=1.0).contains(&there.p), "{there:?}");
            assert_eq!((there.delta, there.z, there.p), (-back.delta, -back.z, back.p));
            assert_eq!(there.significant, there.p < 0.05);
        }
    }
}

fn day_totals() -> impl Strategy<Value = DayTotals> {
    let counts = prop::array::uniform11(0..50_u64);
    (20_000..20_400, counts, 0..900_u64, 0..900_u64, 0..900_u64, 0..u32::MAX).prop_map(
        |(day, counts, unanswered, dismissed, commented, ms)| {
            let scores = Histogram::from_counts(counts);
            let mut times = [0; BUCKETS];
            times[Elapsed::bucket_of(ms)] = scores.scored();
            let totals = Totals {
                scores,
                shown: scores.scored() + unanswered,
                answered: scores.scored(),
                dismissed,
                commented: commented.min(scores.scored()),
                elapsed: Elapsed::from_counts(times),
            };
            DayTotals { day: Day::new(day), totals }
        },
    )
}

proptest! {
    #[test]
    fn merging_is_associative_and_commutative_and_has_an_identity(a in histogram(), b in histogram(), c in histogram()) {
        prop_assert_eq!((a + b) + c, a + (b + c));
        prop_assert_eq!(a + b, b + a);
        prop_assert_eq!(a + Histogram::default(), a);
        prop_assert_eq!([a, b, c].into_iter().sum::<Histogram>(), a + b + c);
        prop_assert_eq!((a + b).scored(), a.scored() + b.scored());
    }

    #[test]
    fn the_three_categories_are_all_answers(scores in histogram()) {
        prop_assert_eq!(scores.promoters() + scores.passives() + scores.detractors(), scores.scored());
    }

    #[test]
    fn passives_move_the_score_toward_zero_and_never_past_it(scores in histogram(), more in 1..LARGE) {
        prop_assume!(scores.scored() > 0);
        let before = Nps::of(&scores).unwrap().value();
        let after = Nps::of(&(scores + answers(0, more, 0))).unwrap().value();
        prop_assert!(after.abs() <= before.abs() && after * before >= 0.0, "{before} became {after}");
    }

    #[test]
    fn the_interval_holds_the_score_and_stays_on_the_scale(scores in histogram()) {
        prop_assume!(scores.scored() > 0);
        assert_sound(&scores);
    }

    #[test]
    fn more_answers_alike_never_widen_the_interval(scores in histogram(), times in 2..9_u64) {
        prop_assume!(scores.scored() > 0);
        let width = |scores: &Histogram| Nps::of(scores).map(|nps| nps.high() - nps.low()).unwrap();
        let more = Histogram::from_counts(scores.counts().map(|count| count * times));
        prop_assert!(width(&more) <= width(&scores));
    }

    #[test]
    fn a_series_adds_up_to_its_totals(
        days in prop::collection::vec(day_totals(), 0..60), today in 20_000..20_500, length in 1..500_u32, step in 0..3_usize,
    ) {
        let (range, step) = (format!("{length}d"), ["day", "week", "month"][step]);
        let parameters = [("range", range.as_str()), ("interval", step), ("compare", "previous")];
        let plan = ScoreQuery::parse(parameters.into_iter()).unwrap().plan(Day::new(today), None, None).unwrap();
        let report = plan.report(Rows::of_days(days.clone()), "UTC", "standard");
        let series = report.series.clone().unwrap();

        let within: Vec<_> = days.iter().filter(|day| plan.period.contains(day.day)).map(|day| day.totals).collect();
        prop_assert_eq!(report.distribution, Some(within.iter().map(|totals| totals.scores).sum()));
        prop_assert_eq!(report.shown, within.iter().map(|totals| totals.shown).sum::<u64>());
        prop_assert_eq!(report.scored, series.iter().map(|point| point.scored).sum::<Option<u64>>());
        prop_assert_eq!(report.dismissed, series.iter().map(|point| point.dismissed).sum::<u64>());
        prop_assert_eq!(report.shown, series.iter().map(|point| point.shown).sum::<u64>());
        prop_assert_eq!(report.counts.unwrap().promoters, series.iter().map(|point| point.counts.unwrap().promoters).sum::<u64>());
        prop_assert_eq!(report.counts.unwrap().passives, series.iter().map(|point| point.counts.unwrap().passives).sum::<u64>());
        prop_assert_eq!(report.counts.unwrap().detractors, series.iter().map(|point| point.counts.unwrap().detractors).sum::<u64>());
        for point in &series {
            let period = nps::Period::new(point.from, point.to).unwrap();
            let scores = days.iter().filter(|day| period.contains(day.day)).map(|day| day.totals.scores).sum();
            prop_assert_eq!(point.score, Nps::of(&scores).map(|nps| nps.value()));
            prop_assert_eq!(point.score.is_none(), point.scored == Some(0));
        }

        // What the previous period says is what it would say of itself.
        let previous = report.previous.unwrap();
        let (from, to) = (previous.from.to_string(), previous.to.to_string());
        let alone = ScoreQuery::parse([("from", from.as_str()), ("to", to.as_str())].into_iter()).unwrap();
        let alone = alone.plan(Day::new(today), None, None).unwrap().report(Rows::of_days(days), "UTC", "standard");
        prop_assert_eq!((previous.score, Some(previous.scored), previous.interval95), (alone.score, alone.scored, alone.interval95));
    }

    #[test]
    fn a_plan_holds_what_was_asked(
        today in 15_000..30_000, first in prop::option::of(15_000..30_000), length in 0..40_000, range in 1..=3_660_u32,
    ) {
        let (today, first) = (Day::new(today), first.map(Day::new));
        let last = first.map(|first| first.plus(length));
        let plan = |name, value: String| {
            ScoreQuery::parse([(name, value.as_str())].into_iter()).unwrap().plan(today, first, last).unwrap()
        };

        let all = plan("range", "all".into());
        prop_assert!(all.period.contains(first.unwrap_or(today)) && all.period.contains(last.unwrap_or(today)));
        prop_assert!(all.period.last() >= today);

        let latest = plan("range", format!("{range}d"));
        prop_assert_eq!((latest.period.days(), latest.period.last()), (range, today));
        prop_assert_eq!(latest.span(), latest.period);

        let until = plan("to", today.to_string());
        prop_assert_eq!((until.period.last(), until.period.first()), (today, first.unwrap_or(today).min(today)));
    }

    #[test]
    fn a_comparison_is_of_two_neighbours_and_no_series_is_too_long(
        from in 0..30_000, length in 0..40_000_i32, step in 0..3_usize,
    ) {
        let (from, to) = (Day::new(from).to_string(), Day::new(from + length).to_string());
        let name = ["day", "week", "month"][step];
        let parameters = [("from", from.as_str()), ("to", &to), ("interval", name), ("compare", "previous")];
        match ScoreQuery::parse(parameters.into_iter()).unwrap().plan(Day::new(0), None, None) {
            Ok(plan) => {
                let previous = plan.previous.unwrap();
                prop_assert_eq!((previous.days(), previous.last().plus(1)), (plan.period.days(), plan.period.first()));
                prop_assert_eq!((plan.span().first(), plan.span().last()), (previous.first(), plan.period.last()));
                prop_assert_eq!(plan.step, Step::parse(name));
                prop_assert!(plan.period.steps(plan.step.unwrap()).count() <= MAX_POINTS);
            }
            Err(invalid) => {
                prop_assert_eq!(invalid.pointer, "interval");
                prop_assert!(length as usize >= MAX_POINTS);
            }
        }
    }
}
