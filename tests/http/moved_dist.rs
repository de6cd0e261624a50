//! `dist/` after it was copied to another folder, as an operator does who has no source.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use tests::client::send;
use tests::server;

/// A workerd that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts workerd in a folder as the README says, and returns the port.
fn start(folder: &Path, config: &str, data: &Path) -> (Running, u16) {
    let mut child = Command::new(xtask::workerd_binary().unwrap())
        .current_dir(folder)
        .args(["serve", config, "--socket-addr", "http=127.0.0.1:0", "--control-fd=1", "--directory-path"])
        .arg(format!("data={}", data.display()))
        .env("GRAPEVINE_ADMIN_TOKEN", "an-admin-token-of-at-least-32-characters")
        .env("GRAPEVINE_SECRET", "a-secret-of-at-least-32-characters-in-all")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("workerd");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let event: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    (Running(child), event["port"].as_u64().unwrap().try_into().unwrap())
}

#[tokio::test]
async fn a_copy_works_from_any_working_directory() {
    let copy = TempDir::with_prefix("grapevine moved ").unwrap();
    let dist = copy.path().join("dist");
    assert!(
        Command::new("cp").arg("-r").arg(&server::dist().path).arg(&dist).status().unwrap().success(),
        "dist/ was copied"
    );
    // Of the copy and not of where it was built.
    std::fs::write(dist.join("assets/openapi.json"), "{\"copied\": true}").unwrap();
    let absolute = dist.join("workerd.capnp");
    let places = [
        (dist.as_path(), "workerd.capnp"),
        (copy.path(), "dist/workerd.capnp"),
        (Path::new("/"), absolute.to_str().unwrap()),
    ];
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for (number, (folder, config)) in places.into_iter().enumerate() {
        let data = copy.path().join(format!("data {number}"));
        std::fs::create_dir(&data).unwrap();
        let (_running, port) = start(folder, config, &data);
        let get = async |path: &str| send(http.get(format!("http://127.0.0.1:{port}{path}"))).await;
        for path in ["/healthz", "/docs", "/openapi.json", "/e/grapevine.d.ts"] {
            let answer = get(path).await;
            assert_eq!(answer.status, 200, "{path} from {}: {answer}", folder.display());
        }
        assert_eq!(get("/openapi.json").await.json()["copied"], true);
        for file in std::fs::read_dir(dist.join("assets")).unwrap() {
            let file = file.unwrap().path();
            let name = file.file_name().unwrap().to_str().unwrap();
            if name.starts_with("widget-") && !name.ends_with(".br") {
                let answer = get(&format!("/a/{name}")).await;
                assert_eq!(
                    (answer.status, answer.body.to_vec()),
                    (200, std::fs::read(&file).unwrap()),
                    "{name}"
                );
            }
        }
        assert_eq!(get("/a/widget-0123456789abcdef.css").await.status, 404);
        assert_eq!(get("/a/..%2Fworkerd-0123456789abcdef.json").await.status, 404);
    }
}
