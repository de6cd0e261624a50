//! Properties that hold for every report, not just for examples.
#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use api::Day;
use api::day::Step;
use api::report::ScoreQuery;
use collector_core::report::{DayTotals, MAX_POINTS, Plan, Rows, Totals};
use nps::time_to_answer::BUCKETS;
use nps::{Histogram, Nps, TimeToAnswer};
use proptest::prelude::*;

fn day_totals() -> impl Strategy<Value = DayTotals> {
    let counts = prop::array::uniform11(0..50_u64);
    (20_000..20_400, counts, 0..900_u64, 0..900_u64, 0..900_u64, 0..u32::MAX).prop_map(
        |(day, counts, unanswered, dismissed, commented, ms)| {
            let scores = Histogram::from_counts(counts);
            let mut times = [0; BUCKETS];
            times[TimeToAnswer::bucket_of(ms)] = scores.scored();
            let totals = Totals {
                scores,
                shown: scores.scored() + unanswered,
                answered: scores.scored(),
                dismissed,
                commented: commented.min(scores.scored()),
                elapsed: TimeToAnswer::from_counts(times),
            };
            DayTotals { day: Day::new(day), totals }
        },
    )
}

proptest! {
    #[test]
    fn a_series_adds_up_to_its_totals(
        days in prop::collection::vec(day_totals(), 0..60), today in 20_000..20_500, length in 1..500_u32, step in 0..3_usize,
    ) {
        let (range, step) = (format!("{length}d"), ["day", "week", "month"][step]);
        let parameters = [("range", range.as_str()), ("interval", step), ("compare", "previous")];
        let plan = Plan::new(&ScoreQuery::parse(parameters.into_iter()).unwrap(), Day::new(today), None, None).unwrap();
        let report = plan.report(Rows::of_days(days.clone()), "UTC", "standard");
        let series = report.series.clone().unwrap();

        let within: Vec<_> = days.iter().filter(|day| plan.period.contains(day.day)).map(|day| day.totals).collect();
        let sum: Histogram = within.iter().map(|totals| totals.scores).sum();
        prop_assert_eq!(report.distribution, Some(*sum.counts()));
        prop_assert_eq!(report.shown, within.iter().map(|totals| totals.shown).sum::<u64>());
        prop_assert_eq!(report.scored, series.iter().map(|point| point.scored).sum::<Option<u64>>());
        prop_assert_eq!(report.dismissed, series.iter().map(|point| point.dismissed).sum::<u64>());
        prop_assert_eq!(report.shown, series.iter().map(|point| point.shown).sum::<u64>());
        prop_assert_eq!(report.counts.unwrap().promoters, series.iter().map(|point| point.counts.unwrap().promoters).sum::<u64>());
        prop_assert_eq!(report.counts.unwrap().passives, series.iter().map(|point| point.counts.unwrap().passives).sum::<u64>());
        prop_assert_eq!(report.counts.unwrap().detractors, series.iter().map(|point| point.counts.unwrap().detractors).sum::<u64>());
        for point in &series {
            let period = api::Period::new(point.from, point.to).unwrap();
            let scores = days.iter().filter(|day| period.contains(day.day)).map(|day| day.totals.scores).sum();
            prop_assert_eq!(point.score, Nps::new(&scores).map(|nps| nps.value()));
            prop_assert_eq!(point.score.is_none(), point.scored == Some(0));
        }

        // What the previous period says is what it would say of itself.
        let previous = report.previous.unwrap();
        let (from, to) = (previous.from.to_string(), previous.to.to_string());
        let alone = ScoreQuery::parse([("from", from.as_str()), ("to", to.as_str())].into_iter()).unwrap();
        let alone = Plan::new(&alone, Day::new(today), None, None).unwrap().report(Rows::of_days(days), "UTC", "standard");
        prop_assert_eq!((previous.score, Some(previous.scored), previous.interval95), (alone.score, alone.scored, alone.interval95));
    }

    #[test]
    fn a_plan_contains_the_query(
        today in 15_000..30_000, first in prop::option::of(15_000..30_000), length in 0..40_000, range in 1..=3_660_u32,
    ) {
        let (today, first) = (Day::new(today), first.map(Day::new));
        let last = first.map(|first| first.plus(length));
        let plan = |name, value: String| {
            let query = ScoreQuery::parse([(name, value.as_str())].into_iter()).unwrap();
            Plan::new(&query, today, first, last).unwrap()
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
    fn compared_periods_are_adjacent_and_series_are_bounded(
        from in 0..30_000, length in 0..40_000_i32, step in 0..3_usize,
    ) {
        let (from, to) = (Day::new(from).to_string(), Day::new(from + length).to_string());
        let name = ["day", "week", "month"][step];
        let parameters = [("from", from.as_str()), ("to", &to), ("interval", name), ("compare", "previous")];
        match Plan::new(&ScoreQuery::parse(parameters.into_iter()).unwrap(), Day::new(0), None, None) {
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
