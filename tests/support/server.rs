//! Process of a collector with its data, for one test or for several.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tempfile::TempDir;
use xtask::{Dist, Workerd, WorkerdOptions, WranglerDev};

use crate::Machine;

/// Variable that makes the tests run the collector under `wrangler dev` in place of plain workerd.
const RUNTIME_VARIABLE: &str = "GRAPEVINE_TEST_RUNTIME";

/// Returns the program that runs the collectors of this process.
pub fn runtime() -> Runtime {
    match std::env::var(RUNTIME_VARIABLE).as_deref() {
        Ok("wrangler") => Runtime::Wrangler,
        Ok("workerd" | "") | Err(_) => Runtime::Workerd,
        Ok(other) => panic!("{RUNTIME_VARIABLE} is {other:?}; it may be \"workerd\" or \"wrangler\""),
    }
}

/// Program that runs a collector.
#[derive(Clone, Copy)]
pub enum Runtime {
    Workerd,
    Wrangler,
}

/// Process of a collector.
pub enum Process {
    Workerd(Workerd),
    Wrangler(WranglerDev),
}

impl Process {
    /// Starts a program that serves the data.
    pub fn start(runtime: Runtime, dist: &Dist, options: &WorkerdOptions) -> Self {
        let started = match runtime {
            Runtime::Wrangler => WranglerDev::start(dist, options).map(Self::Wrangler),
            Runtime::Workerd => Workerd::start(dist, options).map(Self::Workerd),
        };
        started.unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// Returns the port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        match self {
            Self::Workerd(workerd) => workerd.port(),
            Self::Wrangler(wrangler) => wrangler.port(),
        }
    }

    /// Returns the process id.
    pub fn pid(&self) -> u32 {
        match self {
            Self::Workerd(workerd) => workerd.pid(),
            Self::Wrangler(wrangler) => wrangler.pid(),
        }
    }

    /// Kills the process, as a power cut would.
    pub fn kill(&mut self) {
        match self {
            Self::Workerd(workerd) => workerd.kill(),
            Self::Wrangler(wrangler) => wrangler.kill(),
        }
    }
}

/// Running collector with its data. Dropping it ends the process and deletes the data.
pub struct Server {
    pub process: Process,
    pub runtime: Runtime,
    pub dist: Dist,
    pub options: WorkerdOptions,
    folder: TempDir,
    /// Kept while the process runs, which reads its files.
    _machine: Option<Machine>,
}

impl Server {
    /// Starts a collector with other settings.
    pub fn start(runtime: Runtime, dist: &Dist, change: impl FnOnce(&mut WorkerdOptions)) -> Self {
        let folder = TempDir::with_prefix("grapevine-test-").expect("a temporary folder");
        let mut options = WorkerdOptions {
            port: 0,
            data: folder.path().join("data"),
            admin_token: format!("admin-{}", uuid::Uuid::new_v4().simple()),
            secret: format!("secret-{}", uuid::Uuid::new_v4().simple()),
            webhook_hosts: "127.0.0.1".into(),
            public_url: String::new(),
            environment: Vec::new(),
        };
        change(&mut options);
        let process = Process::start(runtime, dist, &options);
        Self { process, runtime, dist: dist.clone(), options, folder, _machine: None }
    }

    /// Starts a collector with other settings, whose clock is at a time in Unix milliseconds.
    pub fn start_at(
        unix_ms: u64,
        runtime: Runtime,
        dist: &Dist,
        change: impl FnOnce(&mut WorkerdOptions),
    ) -> Self {
        let machine = Machine::at(unix_ms);
        let server = Self::start(runtime, dist, |options| {
            change(options);
            machine.apply_to(options);
        });
        Self { _machine: Some(machine), ..server }
    }

    /// Returns the file of the log.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("workerd.log")
    }
}

/// Servers that tests share, one for each processor at most. A start takes as long as what a test
/// then does.
static SHARED: Mutex<Vec<Arc<Server>>> = Mutex::new(Vec::new());

/// Returns a server that tests share: the one with the fewest tests, or another one while all are
/// in use.
pub fn shared() -> Arc<Server> {
    let dist = dist();
    let most = std::thread::available_parallelism().map_or(2, usize::from).min(4);
    let mut servers = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    let least_used = servers.iter().min_by_key(|server| Arc::strong_count(server));
    match least_used {
        Some(server) if servers.len() >= most || Arc::strong_count(server) == 1 => server.clone(),
        _ => {
            let server = Arc::new(Server::start(runtime(), dist, |_| {}));
            servers.push(server.clone());
            server
        }
    }
}

/// Ends the shared servers with this program, which drops no static.
#[dtor::dtor(unsafe)]
fn stop_shared_servers() {
    drop(std::mem::take(&mut *SHARED.lock().unwrap_or_else(PoisonError::into_inner)));
}

/// Returns the build of this process.
pub fn dist() -> &'static Dist {
    static BUILT: OnceLock<Result<Dist, String>> = OnceLock::new();
    BUILT.get_or_init(|| built(xtask::build())).as_ref().unwrap_or_else(fail)
}

/// Returns the build with fault routes.
pub fn dist_with_faults() -> &'static Dist {
    static BUILT: OnceLock<Result<Dist, String>> = OnceLock::new();
    BUILT.get_or_init(|| built(xtask::build_with_faults())).as_ref().unwrap_or_else(fail)
}

/// Keeps the result either way, so that a failed build is not repeated in every test.
fn built<E: std::fmt::Debug>(result: Result<Dist, E>) -> Result<Dist, String> {
    result.map_err(|error| format!("{error:?}"))
}

fn fail(error: &String) -> &'static Dist {
    panic!("the build failed: {error}")
}
