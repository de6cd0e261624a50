//! Model-based test of the counts: after any sequence of changes, every count of the collector
//! equals a count of its rows.
//!
//! Each test generates a sequence: new, late and repeated messages, imports, erasure, passing time,
//! other time zones, declared and undeclared properties, power cuts, and many of these at once.
//! After each step it recounts the rows of the export for every variant, by day, by each property,
//! with filters, in cases, in tags, in users and in the snapshots that share keys see.
//!
//! The sequences are the same for every run on one day.
//! `GRAPEVINE_SEED=7 cargo test -p tests --test recount` generates others, and
//! `GRAPEVINE_SHRINK=1` also finds the fewest steps that still fail.

mod check;
mod concurrency;
mod generator;
mod imports;
mod model_site;
mod published;
mod rows;
mod self_test;
mod zones;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use check::Checker;
use fastrand::Rng;
use generator::{Kind, Step, sequence};
use model_site::World;
use tests::now_ms;

const STEPS: usize = 24;
/// Time limit of the search for the fewest steps.
const SHRINKING: Duration = Duration::from_secs(240);

#[tokio::test(flavor = "multi_thread")]
async fn counts_equal_rows_1() {
    run(1, Kind { steps: STEPS, ..Kind::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_equal_rows_2() {
    run(2, Kind { steps: STEPS, ..Kind::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_equal_rows_after_power_cuts_1() {
    run(3, Kind { steps: STEPS, kills: true, ..Kind::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_equal_rows_after_power_cuts_2() {
    run(4, Kind { steps: STEPS, kills: true, ..Kind::default() }).await;
}

/// Work that the collector does in pages takes several pages in this test.
#[tokio::test(flavor = "multi_thread")]
async fn counts_equal_many_rows() {
    run(5, Kind { steps: STEPS / 2, bulk: 1_300, ..Kind::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_equal_many_rows_after_power_cuts() {
    run(6, Kind { steps: STEPS / 2, bulk: 1_300, kills: true }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_look_like_internal_markers_are_ordinary_values() {
    attempt(1, &generator::values_like_marks()).await.unwrap();
}

async fn run(nth: u64, kind: Kind) {
    let given = env::var("GRAPEVINE_SEED").ok().map(|seed| seed.parse().expect("GRAPEVINE_SEED is a number"));
    let given: u64 = given.unwrap_or(1);
    let seed = Rng::with_seed(given.wrapping_mul(1_000) + nth).u64(..);
    let steps = sequence(seed, kind, i64::try_from(now_ms()).unwrap());
    let Err((done, wrong)) = attempt(seed, &steps).await else { return };
    let mut failing = steps[..done].to_vec();
    if env::var_os("GRAPEVINE_SHRINK").is_some() {
        failing = shrink(seed, failing).await;
    }
    let listed: String = failing.iter().enumerate().map(|(nth, step)| format!("{nth}: {step:?}\n")).collect();
    panic!(
        "after step {} of sequence {nth} of GRAPEVINE_SEED={given}: {wrong}\nThe steps:\n{listed}",
        done.saturating_sub(1)
    );
}

/// Applies the steps to a new site and checks after each. An error contains the number of steps and
/// the difference.
async fn attempt(seed: u64, steps: &[Step]) -> Result<(), (usize, String)> {
    let done = Arc::new(AtomicUsize::new(0));
    let (steps, counter) = (steps.to_vec(), done.clone());
    let begun = Instant::now();
    let all = tokio::spawn(async move {
        let (mut world, mut checker) = (World::new().await, Checker::default());
        for (nth, step) in steps.iter().enumerate() {
            counter.fetch_add(1, Ordering::Relaxed);
            world.act(step).await;
            checker.check(&mut world, &mut Rng::with_seed(seed ^ u64::try_from(nth).unwrap())).await;
        }
        println!("{} steps, {} rows at the end, {:?}", steps.len(), world.rows.len(), begun.elapsed());
    });
    all.await.map_err(|error| {
        let panic = error.into_panic();
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        (done.load(Ordering::Relaxed), text.unwrap_or_default())
    })
}

/// Leaves out steps as long as it still fails.
async fn shrink(seed: u64, mut failing: Vec<Step>) -> Vec<Step> {
    let begun = Instant::now();
    let mut part = failing.len().div_ceil(2);
    while part > 0 {
        let mut at = 0;
        while at < failing.len() && begun.elapsed() < SHRINKING {
            let mut fewer = failing.clone();
            fewer.drain(at..(at + part).min(failing.len()));
            match attempt(seed, &fewer).await {
                Err((done, _)) => failing = fewer[..done].to_vec(),
                Ok(()) => at += part,
            }
        }
        part /= 2;
    }
    failing
}
