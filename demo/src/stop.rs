//! Signals that stop the demo: Ctrl-C, or on Unix a termination signal.

use std::future::Future;

use anyhow::Result;

/// Starts listening. The future completes at the first signal.
#[cfg(unix)]
pub fn signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Starts listening. The future completes at the first signal.
#[cfg(not(unix))]
pub fn signal() -> Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a signal, the program ends with its window.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
