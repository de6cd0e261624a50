//! Small web server for the benchmark. Its responses are in memory and compressed beforehand, so
//! that no figure includes its own work.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::Result;

use crate::assets::brotli;

/// Finds the file of a path.
type Find = Box<dyn Fn(&str) -> Option<File> + Send + Sync>;

/// Response for one path.
#[derive(Clone)]
pub struct File {
    kind: &'static str,
    brotli: Vec<u8>,
}

impl File {
    /// Content, compressed with brotli at the highest level.
    pub fn new(kind: &'static str, content: &[u8]) -> Result<Self> {
        Ok(Self { kind, brotli: brotli(content)? })
    }
}

/// A server on a free port of 127.0.0.1. Dropping it closes the port. Connections are kept alive,
/// as with any web server.
pub struct Server {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    find: Find,
    unknown: Mutex<Vec<String>>,
    ended: AtomicBool,
}

impl Server {
    /// Serves the file that `find` returns for a path without its query, and 404 if it returns
    /// none.
    pub fn start(find: impl Fn(&str) -> Option<File> + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            find: Box::new(find),
            unknown: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let server = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if server.ended.load(Ordering::Relaxed) {
                    return;
                }
                let server = server.clone();
                // The thread ends with the connection, which ends with the browser.
                thread::spawn(move || server.serve(stream));
            }
        });
        Ok(Self { port, shared })
    }

    /// Returns the URL of the server, without a slash at the end.
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns the requested paths that do not exist. A browser asks for `/favicon.ico` by itself.
    pub fn unknown(&self) -> Vec<String> {
        let mut unknown = self.shared.unknown.lock().expect("nobody panics with it").clone();
        unknown.retain(|path| path != "/favicon.ico");
        unknown
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        // The thread stops at the next connection.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut from = BufReader::new(stream.try_clone()?);
        let mut to = stream;
        loop {
            let (mut first, mut length) = (String::new(), 0);
            if from.read_line(&mut first)? == 0 {
                return Ok(());
            }
            loop {
                let mut line = String::new();
                from.read_line(&mut line)?;
                match line.trim_end().split_once(':') {
                    Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                        length = value.trim().parse().unwrap_or(0);
                    }
                    Some(_) => {}
                    None => break,
                }
            }
            std::io::copy(&mut (&mut from).take(length), &mut std::io::sink())?;
            let path = first.split(' ').nth(1).unwrap_or_default();
            let path = path.split('?').next().unwrap_or_default();
            let file = (self.find)(path);
            if file.is_none() {
                self.unknown.lock().expect("nobody panics with it").push(path.to_owned());
            }
            let status = if file.is_some() { "200 OK" } else { "404 Not Found" };
            let file = file.unwrap_or(File { kind: "text/plain", brotli: Vec::new() });
            // The headers that any CDN sends, and no more.
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {}\r\ncontent-encoding: br\r\ncontent-length: {}\r\n\
                 cache-control: public, max-age=300\r\naccess-control-allow-origin: *\r\nvary: accept-encoding\r\n\r\n",
                file.kind,
                file.brotli.len()
            );
            to.write_all(&[head.as_bytes(), &file.brotli].concat())?;
        }
    }
}
