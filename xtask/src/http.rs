//! Minimal HTTP/1.1 client for workerd and browser drivers on this machine: one kept connection,
//! one request at a time.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// Longest silence within a response. An import of 16 MiB is one silence.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A connection that opens with the first request.
pub struct Client {
    port: u16,
    timeout: Duration,
    connection: Option<BufReader<TcpStream>>,
}

/// A complete response.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            self.status,
            String::from_utf8_lossy(&self.body).chars().take(300).collect::<String>()
        )
    }
}

impl Client {
    pub fn new(port: u16) -> Self {
        Self { port, timeout: TIMEOUT, connection: None }
    }

    /// Sets the timeout of a read.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Sends a request with a body and reads the response.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        key: Option<&str>,
        kind: &str,
        body: &[u8],
    ) -> Result<Answer> {
        let mut head = self.head(method, path);
        if let Some(key) = key {
            head += &format!("authorization: Bearer {key}\r\n");
        }
        if method != "GET" {
            head += &format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len());
        }
        head += "\r\n";
        let mut whole = Vec::new();
        let status = self.exchange(head.as_bytes(), body, |part| whole.extend_from_slice(part))?;
        Ok(Answer { status, body: whole })
    }

    /// Gets a path and reads the response.
    pub fn get(&mut self, path: &str, key: &str) -> Result<Answer> {
        self.send("GET", path, Some(key), "", b"")
    }

    /// Gets a path and passes the body on as it arrives; returns the status.
    pub fn stream(&mut self, path: &str, key: &str, take: impl FnMut(&[u8])) -> Result<u16> {
        let head = format!("{}authorization: Bearer {key}\r\n\r\n", self.head("GET", path));
        self.exchange(head.as_bytes(), b"", take)
    }

    /// Drivers refuse any other host, so that a page cannot command its own browser.
    fn head(&self, method: &str, path: &str) -> String {
        format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n", self.port)
    }

    fn exchange(&mut self, head: &[u8], body: &[u8], take: impl FnMut(&[u8])) -> Result<u16> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))
                    .with_context(|| format!("nothing answers on port {}", self.port))?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(self.timeout))?;
                BufReader::with_capacity(64 * 1024, stream)
            }
        };
        // A small request goes in one packet, as browsers send it.
        if body.len() < 16 * 1024 {
            connection.get_mut().write_all(&[head, body].concat())?;
        } else {
            connection.get_mut().write_all(head)?;
            connection.get_mut().write_all(body)?;
        }
        let (status, kept) = receive(&mut connection, take)?;
        // Only a connection that stays open and whose response was read completely is reused.
        self.connection = kept.then_some(connection);
        Ok(status)
    }
}

/// Reads a response and returns its status, and whether the connection is kept.
fn receive(from: &mut impl BufRead, mut take: impl FnMut(&[u8])) -> Result<(u16, bool)> {
    let first = line(from)?;
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status: u16 = status.with_context(|| format!("no HTTP: {first}"))?;
    let (mut length, mut chunked, mut kept) = (None, false, true);
    loop {
        let header = line(from)?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').with_context(|| format!("no header: {header}"))?;
        match (name.to_ascii_lowercase().as_str(), value.trim()) {
            ("content-length", value) => length = Some(value.parse().context("a length that is no number")?),
            ("transfer-encoding", value) => chunked = value.eq_ignore_ascii_case("chunked"),
            ("connection", value) => kept = !value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    match (chunked, length) {
        _ if status == 204 || status == 304 => {}
        (true, _) => loop {
            let size = line(from)?;
            let size = size.split(';').next().unwrap_or_default().trim();
            let size =
                u64::from_str_radix(size, 16).with_context(|| format!("no size of a chunk: {size}"))?;
            pass(from, size, &mut take)?;
            ensure!(line(from)?.is_empty(), "a chunk is longer than it says");
            if size == 0 {
                break;
            }
        },
        (false, Some(length)) => pass(from, length, &mut take)?,
        (false, None) => bail!("an answer of unknown length"),
    }
    Ok((status, kept))
}

/// Passes on that number of bytes, in the pieces in which they arrive.
fn pass(from: &mut impl BufRead, size: u64, take: &mut impl FnMut(&[u8])) -> Result<()> {
    let mut left = from.take(size);
    loop {
        let part = left.fill_buf()?;
        if part.is_empty() {
            break;
        }
        take(part);
        let bytes = part.len();
        left.consume(bytes);
    }
    ensure!(left.limit() == 0, "the answer broke off");
    Ok(())
}

fn line(from: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    ensure!(from.read_line(&mut line)? > 0, "the connection ended");
    Ok(line.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &str) -> Result<(u16, bool, String)> {
        let mut body = Vec::new();
        let (status, kept) = receive(&mut bytes.as_bytes(), |part| body.extend_from_slice(part))?;
        Ok((status, kept, String::from_utf8(body)?))
    }

    #[test]
    fn responses_are_read_completely() {
        let whole = read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP").unwrap();
        assert_eq!(whole, (200, true, "abc".to_owned()));
        let parts = read(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
        );
        assert_eq!(parts.unwrap(), (200, true, "abc0123456789".to_owned()));
        let last = read("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").unwrap();
        assert_eq!(last, (404, false, String::new()));
    }

    #[test]
    fn a_truncated_response_is_an_error() {
        for broken in [
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ] {
            read(broken).unwrap_err();
        }
    }

    #[test]
    fn a_connection_is_reused_after_chunked_and_sized_responses() {
        let server = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = server.local_addr().unwrap().port();
        let asked = std::thread::spawn(move || {
            let (stream, _) = server.accept().unwrap();
            let (mut from, mut to) = (BufReader::new(stream.try_clone().unwrap()), stream);
            let mut heads = Vec::new();
            for answer in [
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\na\nb\nc\n\r\n0\r\n\r\n",
                "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}",
            ] {
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    assert!(from.read_line(&mut head).unwrap() > 0);
                }
                heads.push(head);
                to.write_all(answer.as_bytes()).unwrap();
            }
            let mut body = [0; 4];
            from.read_exact(&mut body).unwrap();
            (heads, body)
        });
        let (mut client, mut lines) = (Client::new(port), 0);
        let count = |part: &[u8]| lines += part.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(client.stream("/export", "key", count).unwrap(), 200);
        assert_eq!(
            client.send("POST", "/sites", Some("key"), "text/csv", b"body").unwrap().to_string(),
            "201 {}"
        );
        let (heads, body) = asked.join().unwrap();
        assert_eq!((lines, &body), (3, b"body"));
        let first =
            format!("GET /export HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Bearer key\r\n");
        assert!(heads[0].starts_with(&first), "{}", heads[0]);
        assert!(heads[1].contains("content-type: text/csv\r\ncontent-length: 4\r\n"), "{}", heads[1]);
    }
}
