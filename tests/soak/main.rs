//! Load and faults at once: visitors send new, repeated, late and out-of-order messages over a
//! network that delays, cuts and duplicates connections. Meanwhile the collector is killed, its
//! disk fills up and its clock moves. In the end nothing acknowledged may be missing, and nothing
//! may count twice.
//!
//! `cargo xtask soak --minutes 10` runs it for longer, and `--seed N` repeats its choices: the
//! messages, the connections and the order of the faults. What meets what depends on the machine.
#![cfg(target_os = "linux")]

mod faults;
mod judge;
mod judge_tests;
mod ledger;
mod load;

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tests::counts::wrong_counts;
use tests::unreliable_network::UnreliableNetwork;
use tests::{Collector, Machine, Site};
use tokio::task::JoinSet;

use self::faults::Faults;
use self::load::{AllSent, Tally, Visitor};

const SITES: usize = 3;
const VISITORS: usize = 24;
const DEFAULT_SECONDS: u64 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_and_nothing_counts_twice() {
    let seed = number("GRAPEVINE_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
    let time = Duration::from_secs(number("GRAPEVINE_SOAK_SECONDS").unwrap_or(DEFAULT_SECONDS));
    xtask::log(&format!("soak of {} s, GRAPEVINE_SEED={seed}", time.as_secs()));

    let machine = Machine::new();
    let mut collector = Collector::start_with(|options| {
        machine.apply_to(options);
        // Visitors have addresses of their own, so that no limit of one address holds them back.
        options.set("GRAPEVINE_CLIENT_IP_HEADER", "X-Forwarded-For");
    });
    let mut sites: Vec<Site> = Vec::new();
    for _ in 0..SITES {
        sites.push(collector.site().await);
    }
    let network = UnreliableNetwork::start(collector.port(), seed).await;
    let (stop, tally) = (Arc::new(AtomicBool::new(false)), Arc::new(Tally::default()));
    let mut visitors = JoinSet::new();
    for nth in 0..VISITORS {
        let site = sites[nth % SITES].at(network.url());
        let rng = Rng::with_seed(seed.wrapping_mul(1_000).wrapping_add(nth as u64));
        visitors.spawn(Visitor::new(nth % SITES, site, rng, tally.clone()).run(stop.clone()));
    }

    let (begun, mut faults) = (Instant::now(), Faults::new(seed));
    let mut reported = begun;
    while begun.elapsed() < time || !faults.each_happened() {
        faults.provoke(&machine, &mut collector, &network).await;
        if reported.elapsed() > (time / 10).min(Duration::from_secs(10)) {
            xtask::log(&format!("soak: {:>4} s, {tally}, {faults}", begun.elapsed().as_secs()));
            reported = Instant::now();
        }
    }
    stop.store(true, Ordering::Relaxed);
    let outcome = AllSent::gather(SITES, visitors.join_all().await);
    // All of it is read from the disk.
    collector.restart();
    let mut wrong = outcome.unexpected;
    for (site, ledger) in sites.iter().zip(&outcome.ledgers) {
        let site = collector.again(site);
        let rows = judge::export(&site).await;
        wrong.extend(judge::differences(ledger, &rows));
        wrong.extend(wrong_counts(&rows, &site.score("range=all&interval=day").await));
    }
    collector.kill();
    wrong.extend(judge::damaged_files(&collector));
    xtask::log(&format!("soak: {tally}, {faults}; connections: {:?}", network.faults()));
    let known: usize = outcome.ledgers.iter().map(ledger::Ledger::len).sum();
    assert!(
        wrong.is_empty(),
        "{} differences after {known} impressions, GRAPEVINE_SEED={seed}:\n{}",
        wrong.len(),
        wrong.iter().take(50).cloned().collect::<Vec<_>>().join("\n")
    );
    assert!(tally.acknowledged() >= 300, "only this was acknowledged: {tally}");
    xtask::log(&format!(
        "soak: all acknowledged messages of {known} impressions are stored and counted once"
    ));
}

fn number(variable: &str) -> Option<u64> {
    let given = env::var(variable).ok()?;
    Some(given.parse().unwrap_or_else(|_| panic!("{variable} is {given:?}; it must be a whole number")))
}
