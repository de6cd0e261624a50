//! Supervision of the collector's process: it is started again when it ends.
//!
//! A process can run out of file descriptors or memory, or be killed. What it acknowledged is on
//! disk, so a new one on the same port serves all of it. A process that cannot run at all would be
//! started for ever, so after a few short lives in a row the reason is reported instead.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use xtask::{Dist, Workerd, WorkerdOptions, log};

/// Life after which an exit has nothing to do with the ones before.
const STEADY: Duration = Duration::from_secs(60);
/// Pause after the first exit. It doubles with every short life.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Short lives in a row after which the collector is given up.
const MAX_SHORT_LIVES: u32 = 5;

/// A collector that is started again when its process ends. Dropping it ends the process.
pub struct Supervisor {
    dist: Dist,
    options: WorkerdOptions,
    workerd: Workerd,
    started: Instant,
}

impl Supervisor {
    /// Starts a collector and waits until it responds. It keeps its port.
    pub async fn start(dist: Dist, mut options: WorkerdOptions) -> Result<Self> {
        let workerd = start(&dist, &options).await?;
        options.port = workerd.port();
        Ok(Self { dist, options, workerd, started: Instant::now() })
    }

    /// Returns the URL of the collector, without a slash at the end.
    pub fn url(&self) -> String {
        self.workerd.url()
    }

    /// Starts the collector again whenever its process has ended. Returns only when it is given up,
    /// with the end of its log.
    pub async fn keep_running(&mut self) -> Result<()> {
        let mut short_lives = 0;
        loop {
            let status = self.exit_status().await;
            let lived = self.started.elapsed();
            let Some(pause) = pause_after(lived, &mut short_lives) else {
                bail!(
                    "the collector has exited {short_lives} times within {} seconds of its start, at last with \
                     {status}; {}",
                    STEADY.as_secs(),
                    self.workerd.log_end()
                );
            };
            log(&format!(
                "the collector has exited after {} seconds with {status}; it is started again in {} ms; {}",
                lived.as_secs(),
                pause.as_millis(),
                self.workerd.log_end()
            ));
            tokio::time::sleep(pause).await;
            self.started = Instant::now();
            match start(&self.dist, &self.options).await {
                Ok(workerd) => {
                    self.workerd = workerd;
                    log("the collector is running again");
                }
                // The old process has still ended, so the next round counts another short life.
                Err(error) => log(&format!("{error:#}")),
            }
        }
    }

    /// Waits until the process has ended, and returns its exit status.
    async fn exit_status(&mut self) -> String {
        loop {
            if let Some(status) = self.workerd.exit_status() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// Returns the pause before the next start; nothing where there shall be none.
fn pause_after(lived: Duration, short_lives: &mut u32) -> Option<Duration> {
    *short_lives = if lived >= STEADY { 1 } else { *short_lives + 1 };
    (*short_lives < MAX_SHORT_LIVES).then(|| FIRST_PAUSE * 2_u32.pow(*short_lives - 1))
}

/// Starts a collector on a thread of its own, since that blocks and a signal may interrupt it.
async fn start(dist: &Dist, options: &WorkerdOptions) -> Result<Workerd> {
    let (dist, options) = (dist.clone(), options.clone());
    tokio::task::spawn_blocking(move || Workerd::start(&dist, &options)).await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_and_the_fifth_short_life_is_the_last() {
        let mut short_lives = 0;
        let mut after = |seconds| {
            pause_after(Duration::from_secs(seconds), &mut short_lives).map(|pause| pause.as_millis())
        };
        assert_eq!([1, 0, 59].map(&mut after), [Some(500), Some(1_000), Some(2_000)]);
        // A long life ends the row.
        assert_eq!(
            [60, 1, 1, 1, 1].map(&mut after),
            [Some(500), Some(1_000), Some(2_000), Some(4_000), None]
        );
    }
}
