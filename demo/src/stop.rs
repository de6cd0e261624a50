//! The wish to stop: Ctrl-C, or on Unix a termination signal.

use std::future::Future;

use anyhow::Result;

/// Listens from now on; the future ends with the first signal.
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

/// Listens from now on; the future ends with the first signal.
#[cfg(not(unix))]
pub fn signal() -> Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a signal to wait for, the program ends when its window does.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
