//! Network between clients and the collector that delays, cuts and duplicates connections.
//!
//! It passes bytes and knows nothing of HTTP, so a request may end in the middle of its head, or
//! its response may never arrive. It keeps its port while the collector behind it changes its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;

use fastrand::Rng;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, sink};
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, JoinSet};

/// Bytes after which a connection is cut at the latest: a few requests.
const CUT_WITHIN: usize = 1_500;
/// Delay of each part of a slow connection, at most.
const MAX_DELAY_MS: u64 = 60;

/// A network with a port on 127.0.0.1. Dropping it cuts every connection.
pub struct UnreliableNetwork {
    port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// State that the connections share.
struct Shared {
    /// Port of the collector on 127.0.0.1.
    collector: AtomicU16,
    delayed: AtomicUsize,
    cut: AtomicUsize,
    duplicated: AtomicUsize,
}

/// Number of connections of each kind so far.
#[derive(Debug, Clone, Copy)]
pub struct FaultyConnections {
    pub delayed: usize,
    pub cut: usize,
    pub duplicated: usize,
}

/// Behaviour of one connection.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Sound,
    /// Each part arrives late, in both directions.
    Delayed(Duration),
    /// Ends once the client has sent so many bytes. The collector may have received a request.
    CutRequest(usize),
    /// Ends once the collector has sent so many bytes.
    CutResponse(usize),
    /// The collector receives all bytes on two connections.
    Duplicated,
}

impl Fate {
    fn draw(rng: &mut Rng) -> Self {
        match rng.u8(..10) {
            0..4 => Self::Sound,
            4..6 => Self::Delayed(Duration::from_millis(rng.u64(1..=MAX_DELAY_MS))),
            6 => Self::CutRequest(rng.usize(..CUT_WITHIN)),
            7 => Self::CutResponse(rng.usize(..CUT_WITHIN)),
            _ => Self::Duplicated,
        }
    }
}

impl UnreliableNetwork {
    /// Starts a network in front of a collector. The seed decides about each connection.
    pub async fn start(collector: u16, seed: u64) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            collector: AtomicU16::new(collector),
            delayed: AtomicUsize::new(0),
            cut: AtomicUsize::new(0),
            duplicated: AtomicUsize::new(0),
        });
        let (state, mut rng) = (shared.clone(), Rng::with_seed(seed));
        let task = tokio::spawn(async move {
            // The connections end with this task.
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(serve(client, Fate::draw(&mut rng), state.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        Self { port, shared, task }
    }

    /// Returns the URL at which clients reach the collector, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Leads new connections to another port of this machine.
    pub fn point(&self, collector: u16) {
        self.shared.collector.store(collector, Ordering::Relaxed);
    }

    /// Returns the number of faulty connections so far.
    pub fn faults(&self) -> FaultyConnections {
        FaultyConnections {
            delayed: self.shared.delayed.load(Ordering::Relaxed),
            cut: self.shared.cut.load(Ordering::Relaxed),
            duplicated: self.shared.duplicated.load(Ordering::Relaxed),
        }
    }
}

impl Drop for UnreliableNetwork {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut client: TcpStream, fate: Fate, shared: Arc<Shared>) -> Option<()> {
    let connect = || TcpStream::connect(("127.0.0.1", shared.collector.load(Ordering::Relaxed)));
    // While the collector is down, the client's connection ends at once.
    let mut collector = connect().await.ok()?;
    let twin = match fate {
        Fate::Duplicated => Some(connect().await.ok()?),
        _ => None,
    };
    let counter = match fate {
        Fate::Sound => None,
        Fate::Delayed(_) => Some(&shared.delayed),
        Fate::CutRequest(_) | Fate::CutResponse(_) => Some(&shared.cut),
        Fate::Duplicated => Some(&shared.duplicated),
    };
    if let Some(counter) = counter {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    let (delay, up, down) = match fate {
        Fate::Delayed(delay) => (delay, usize::MAX, usize::MAX),
        Fate::CutRequest(bytes) => (Duration::ZERO, bytes, usize::MAX),
        Fate::CutResponse(bytes) => (Duration::ZERO, usize::MAX, bytes),
        Fate::Sound | Fate::Duplicated => (Duration::ZERO, usize::MAX, usize::MAX),
    };
    let (from_client, to_client) = client.split();
    let (from_collector, to_collector) = collector.split();
    let upward = async {
        match twin {
            None => pass(from_client, [to_collector], up, delay).await,
            Some(mut twin) => {
                let (mut responses, copy_of_requests) = twin.split();
                // Nobody waits for the responses to the copies.
                let discard = async {
                    let _ = copy(&mut responses, &mut sink()).await;
                    std::future::pending().await
                };
                tokio::select! {
                    end = pass(from_client, [to_collector, copy_of_requests], up, delay) => end,
                    never = discard => never,
                }
            }
        }
    };
    tokio::select! {
        end = upward => end,
        end = pass(from_collector, [to_client], down, delay) => end,
    }
}

/// Passes bytes until an end, or until so many have passed.
async fn pass<const N: usize>(
    mut from: impl AsyncRead + Unpin,
    mut to: [impl AsyncWrite + Unpin; N],
    limit: usize,
    delay: Duration,
) -> Option<()> {
    let (mut part, mut rest) = ([0; 4_096], limit);
    while rest > 0 {
        let bytes = from.read(&mut part).await.ok().filter(|bytes| *bytes > 0)?.min(rest);
        rest -= bytes;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        for to in &mut to {
            to.write_all(&part[..bytes]).await.ok()?;
        }
    }
    Some(())
}
