//! Faults of the machine, one after another.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use fastrand::Rng;
use tests::unreliable_network::UnreliableNetwork;
use tests::{Collector, Machine};
use tokio::net::TcpStream;
use tokio::time::sleep;

const HOUR_MS: i64 = 60 * 60 * 1_000;
/// The clock is at most so many hours ahead or behind.
const MAX_HOURS: i64 = 48;

/// Kind of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Kill,
    FullDisk,
    /// The process is killed while its disk is full. It starts once there is room: workerd cannot
    /// open its databases before that, and ends.
    KillOnFullDisk,
    Clock,
}

const ALL: [Fault; 4] = [Fault::Kill, Fault::FullDisk, Fault::KillOnFullDisk, Fault::Clock];

/// Faults so far, and the next ones.
pub struct Faults {
    rng: Rng,
    /// The next faults, last first. Each kind comes once before any comes again.
    next: Vec<Fault>,
    counts: BTreeMap<Fault, usize>,
    /// Number of times that the process ended by itself.
    ended: usize,
}

impl Faults {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), next: Vec::new(), counts: BTreeMap::new(), ended: 0 }
    }

    /// Waits a moment, then provokes a fault and ends it.
    pub async fn provoke(
        &mut self,
        machine: &Machine,
        collector: &mut Collector,
        network: &UnreliableNetwork,
    ) {
        self.pause(200..1_200).await;
        if self.next.is_empty() {
            self.next = ALL.to_vec();
            self.rng.shuffle(&mut self.next);
        }
        let Some(fault) = self.next.pop() else { return };
        match fault {
            Fault::Clock => machine.set_clock_ms(self.rng.i64(-MAX_HOURS..=MAX_HOURS) * HOUR_MS),
            Fault::Kill => {
                collector.kill();
                self.pause(0..300).await;
            }
            Fault::FullDisk => {
                machine.set_disk_full(true);
                self.pause(100..1_000).await;
                machine.set_disk_full(false);
            }
            Fault::KillOnFullDisk => {
                machine.set_disk_full(true);
                self.pause(10..300).await;
                collector.kill();
                machine.set_disk_full(false);
            }
        }
        *self.counts.entry(fault).or_default() += 1;
        if TcpStream::connect(("127.0.0.1", collector.port())).await.is_err() {
            self.ended += usize::from(!matches!(fault, Fault::Kill | Fault::KillOnFullDisk));
            collector.restart();
            network.point(collector.port());
        }
    }

    async fn pause(&mut self, ms: std::ops::Range<u64>) {
        sleep(Duration::from_millis(self.rng.u64(ms))).await;
    }

    /// Whether there was a fault of each kind.
    pub fn each_happened(&self) -> bool {
        ALL.iter().all(|fault| self.counts.contains_key(fault))
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |fault| self.counts.get(&fault).copied().unwrap_or(0);
        write!(
            f,
            "killed {}× and {}× on a full disk, disk full {}×, clock set {}×, ended {}× by itself",
            count(Fault::Kill),
            count(Fault::KillOnFullDisk),
            count(Fault::FullDisk),
            count(Fault::Clock),
            self.ended
        )
    }
}
