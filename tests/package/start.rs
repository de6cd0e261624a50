//! Start of a collector by npx, on a machine without Rust.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use api::Day;
use serde_json::json;
use tempfile::TempDir;
use tests::client::send;
use tests::{DAY_MS, new_id, now_ms, until};

use crate::guard;
use crate::server_package::{NodeMachine, Started, finish, in_terminal, kill, machine, packages, runs};

fn folder() -> TempDir {
    TempDir::with_prefix("grapevine-start-").unwrap()
}

#[tokio::test]
async fn an_empty_folder_becomes_a_collector_that_takes_a_response() {
    let folder = folder();
    let empty = TempDir::with_prefix("grapevine-machine-").unwrap();
    let machine = NodeMachine::new(empty.path());
    let readme = machine.readme(folder.path(), &["--port", "0"]);
    let started = Started::by(in_terminal(&readme), folder.path());
    let printed = started.wait_for("Ctrl-C stops it");
    let (url, settings) = (started.url(), started.settings());
    let [id, owner, read] = ["id", "owner", "read"].map(|name| settings["site"][name].as_str().unwrap());

    // What it prints is what works.
    assert!(printed.contains(&format!("<script async src=\"{url}/e/{id}.js\"></script>")), "{printed}");
    let loader = send(started.http.get(format!("{url}/e/{id}.js"))).await;
    assert!(loader.header("content-type").starts_with("text/javascript"), "{loader}");
    assert!(String::from_utf8_lossy(&loader.body).contains(id));
    assert!(printed.contains(&format!("{url}/#key={owner}&site={id}\n")), "{printed}");
    let page = send(started.http.get(format!("{url}/"))).await;
    assert!(String::from_utf8_lossy(&page.body).contains("dashboard-"));
    let curl = format!("curl -H 'Authorization: Bearer {read}' '{url}/v1/sites/{id}/score?range=all'");
    assert!(printed.contains(&curl), "{printed}");
    assert_eq!(send(started.http.get(format!("{url}/s/{id}"))).await.status, 200);
    let admin = settings["adminToken"].as_str().unwrap();
    assert!(printed.contains(&format!("GRAPEVINE_ADMIN_TOKEN={admin}\n")), "{printed}");
    let sites = send(started.http.get(format!("{url}/v1/sites")).bearer_auth(admin)).await.ok();
    assert_eq!(sites["sites"][0]["name"], "My site");

    started.respond(json!({ "id": new_id(), "score": 9, "comment": "It took a minute" })).await;
    let score = started.score("site").await.unwrap().ok();
    assert_eq!((&score["scored"], &score["score"]), (&json!(1), &json!(100.0)));

    // Secrets are their owner's alone.
    let mode = |name: &str| fs::metadata(started.data.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("grapevine.json"), mode(".")), (0o600, 0o700));

    // The examples of the documentation run with these lines.
    let port = url.rsplit(':').next().unwrap();
    let (succeeded, lines) = machine.run(folder.path(), &["env", "--port", port]);
    let exports = format!(
        "export HOST={url} SITE={id} OWNER_KEY={owner} READ_KEY={read}\nexport GRAPEVINE_ADMIN_TOKEN={admin}\n"
    );
    assert!(succeeded && lines == exports, "{lines}");
    let (succeeded, problem) = machine.run(folder.path(), &["env", "--data", "elsewhere"]);
    assert!(!succeeded && problem.contains("There is no site in elsewhere"), "{problem}");

    let data = started.data.clone();
    assert!(started.stop("-INT"), "Ctrl-C ends it with success");
    assert!(!data.join("grapevine.lock").exists());

    // The next start has the same site and responses, and shows no key.
    let again = Started::new(folder.path(), &[]);
    assert_eq!(again.score("site").await.unwrap().ok()["scored"], 1);
    let printed = again.wait_for("Keys and secrets are in grapevine-data/grapevine.json");
    assert!(printed.contains(id), "{printed}");
    for secret in [owner, read, admin] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert_eq!(again.settings(), settings);
    assert!(again.stop("-TERM"), "a service manager ends it with success");
}

#[test]
fn a_start_without_a_terminal_shows_no_key() {
    let folder = folder();
    let started = Started::new(folder.path(), &["--demo"]);
    let printed = started.wait_for("Ctrl-C stops it");
    let settings = started.settings();
    let text = |pointer: &str| settings.pointer(pointer).and_then(|value| value.as_str()).unwrap();
    assert!(printed.contains(&format!("/e/{}.js", text("/site/id"))), "{printed}");
    assert!(printed.contains("Keys and secrets are in grapevine-data/grapevine.json"), "{printed}");
    for secret in ["/adminToken", "/secret", "/site/owner", "/site/read", "/sample/owner", "/sample/read"] {
        assert!(!printed.contains(text(secret)), "{secret}: {printed}");
    }
}

#[tokio::test]
async fn a_second_start_on_the_same_data_names_the_first() {
    let folder = folder();
    let started = Started::new(folder.path(), &[]);
    let (succeeded, printed) = machine().run(folder.path(), &["--port", "0"]);
    assert!(!succeeded, "{printed}");
    let [program, workerd] = started.pids()[..] else { panic!("{:?}", started.pids()) };
    assert!(
        printed.contains(&format!("grapevine-data is used by the process {program} (node)")),
        "{printed}"
    );

    // workerd outlives the program if that is killed, and still holds the data.
    kill(program, "-9");
    let (succeeded, printed) = machine().run(folder.path(), &["--port", "0"]);
    assert!(!succeeded, "{printed}");
    assert!(printed.contains(&format!("is used by the process {workerd} (workerd)")), "{printed}");
    kill(workerd, "-9");

    // A lock of processes that have ended holds nothing.
    let again = Started::new(folder.path(), &[]);
    assert_ne!(again.pids()[0], program);
}

#[tokio::test]
async fn a_workerd_that_ends_is_started_again_and_given_up_after_five_short_lives() {
    let folder = folder();
    let mut started = Started::new(folder.path(), &[]);
    started.respond(json!({ "id": new_id(), "score": 3 })).await;
    let mut workerd = started.pids()[1];
    for life in 1..5 {
        kill(workerd, "-9");
        let other = async || started.pids().get(1).copied().filter(|pid| *pid != workerd);
        workerd = until("another process", other).await;
        let serves = async || started.score("site").await.filter(|score| score.status == 200);
        assert_eq!(until("it serves", serves).await.ok()["scored"], 1, "life {life}");
    }
    started.wait_for("Next start in 4000 ms");
    assert_eq!(started.ended(), None);
    kill(workerd, "-9");
    let printed = started.wait_for("The collector has ended 5 times within 60 seconds of its start");
    assert!(printed.contains("at last with signal SIGKILL"), "{printed}");
    let succeeded = until("it gives up", async || started.ended()).await;
    assert!(!succeeded, "{printed}");
}

#[tokio::test]
async fn a_collector_outlives_the_reader_of_its_output() {
    let folder = folder();
    // Errors go the same way, and nobody reads those that follow, as with `2>&1 | head`.
    let npx = format!("exec npx --yes --package={} -- grapevine --port 0 2>&1", packages().server.display());
    let mut command = machine().command("sh", folder.path());
    command.args(["-c", &npx]);
    let mut started = Started::read_until(command, folder.path(), |line| line.contains("Ctrl-C stops it"));
    let workerd = started.pids()[1];
    kill(workerd, "-9");
    let other = async || started.pids().get(1).copied().filter(|pid| *pid != workerd);
    until("another process", other).await;
    let serves = async || started.score("site").await.filter(|score| score.status == 200);
    until("it serves", serves).await;
    assert_eq!(started.ended(), None);
}

#[tokio::test]
async fn ctrl_c_in_a_terminal_leaves_no_program_even_when_workerd_hangs() {
    let folder = folder();
    let mut command = machine().npx(folder.path(), &["start", "--port", "0"]);
    command.process_group(0);
    let mut started = Started::by(command, folder.path());
    let pids = started.pids();
    // A workerd that does not respond is killed, however often the operator presses Ctrl-C.
    kill(pids[1], "-STOP");
    started.interrupt_group();
    kill(pids[0], "-INT");
    until("npx ends", async || started.ended()).await;
    for pid in pids {
        until("no process is left", async || (!runs(pid)).then_some(())).await;
    }
    assert!(!started.data.join("grapevine.lock").exists());
}

#[tokio::test]
async fn the_sample_site_has_the_score_of_the_readme_and_is_of_today() {
    let folder = folder();
    let started = Started::new(folder.path(), &["--demo"]);
    let score = started.score("sample").await.unwrap().ok();
    assert_eq!((&score["scored"], &score["counts"]["promoters"]), (&json!(2_100), &json!(1_249)));
    let settings = started.settings();
    let [id, owner] = ["id", "owner"].map(|name| settings["sample"][name].as_str().unwrap());
    let list = started.http.get(format!("{}/v1/sites/{id}/responses?limit=1", started.url()));
    let newest = &send(list.bearer_auth(owner)).await.ok()["responses"][0];
    let newest_at = newest["at"].as_str().unwrap();
    let days =
        [now_ms(), now_ms() - DAY_MS].map(|now| Day::from_unix_days((now / DAY_MS) as i64).to_string());
    assert!(days.iter().any(|day| newest_at.starts_with(day)), "{newest_at} is none of {days:?}");
    let groups = started.http.get(format!("{}/v1/sites/{id}/score?range=all&group_by=plan", started.url()));
    assert_eq!(send(groups.bearer_auth(owner)).await.ok()["groups"].as_array().unwrap().len(), 3);
    assert!(started.stop("-INT"));

    // A second start imports nothing again.
    let again = Started::new(folder.path(), &["--demo"]);
    assert_eq!(again.score("sample").await.unwrap().ok()["scored"], 2_100);
    assert_eq!(again.settings(), settings);
}

#[test]
fn a_taken_port_and_wrong_words_are_answered_with_what_to_do() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let is_taken =
        format!("Port {port} on 127.0.0.1 is taken by another program. Choose another with --port");
    let wrong: [(&[&str], &str); 7] = [
        (&["--port", &port], &is_taken),
        (&["--port", "87870"], "\"87870\" is no port"),
        (&["--host", "203.0.113.1", "--port", "0"], "203.0.113.1 is no address of this machine"),
        (&["begin"], "There is no command \"begin\""),
        (&["backup", "--demo", "a", "b"], "\"--demo\" is no option of backup"),
        (&["backup", "a"], "Use: grapevine backup DATA COPY"),
        (&["--color"], "--color"),
    ];
    for (arguments, expected) in wrong {
        let (succeeded, printed) = machine().run(folder.path(), arguments);
        assert!(!succeeded && printed.contains(expected), "{arguments:?}: {printed}");
        assert!(!printed.contains("    at "), "no stack: {printed}");
    }
    assert!(!folder.path().join("grapevine-data/grapevine.lock").exists());
}

#[test]
fn data_without_its_secret_and_another_secret_are_refused() {
    let folder = folder();
    let data = folder.path().join("grapevine-data");
    let start = || machine().run(folder.path(), &["--port", "0"]);
    fs::create_dir_all(data.join("grapevine-site")).unwrap();
    fs::write(data.join("grapevine-site/a.sqlite"), "").unwrap();
    let (succeeded, printed) = start();
    assert!(!succeeded && printed.contains("Set GRAPEVINE_SECRET to the secret that signed"), "{printed}");

    fs::remove_dir_all(data.join("grapevine-site")).unwrap();
    let settings = json!({ "adminToken": "a".repeat(32), "secret": "s".repeat(32) }).to_string();
    fs::write(data.join("grapevine.json"), settings).unwrap();
    let mut with_another = machine().npx(folder.path(), &["--port", "0"]);
    let (succeeded, printed) = finish(with_another.env("GRAPEVINE_SECRET", "t".repeat(32)));
    assert!(!succeeded && printed.contains("GRAPEVINE_SECRET is another one"), "{printed}");

    fs::write(data.join("grapevine.json"), "{\"adminTok").unwrap();
    let (succeeded, printed) = start();
    assert!(!succeeded && printed.contains("grapevine.json is damaged"), "{printed}");
}

#[test]
fn a_system_with_musl_is_told_so_before_anything_else() {
    let folder = folder();
    let alpine = "data:text/javascript,process.report.getReport = () => ({ header: {} })";
    let mut node = machine().command("node", folder.path());
    let output = guard::output(node.args(["--import", alpine]).arg(machine().installed().join("main.js")));
    let printed = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(printed.contains("musl") && printed.contains("node:22-slim"), "{printed}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
