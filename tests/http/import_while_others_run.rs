//! Jobs that go through many responses, and what is acknowledged while they run.

use serde_json::{Value, json};
use tests::client::{HttpResponse, until};
use tests::ids::id_at;
use tests::{Collector, Site, now_ms};

use crate::groups::assert_recounted;

async fn new_site(collector: &Collector) -> Site {
    collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await
}

/// A file with these rows.
fn file(rows: std::ops::Range<usize>) -> String {
    let row = |nth: usize| format!("r{nth},{},2026-01-{:02},p{}\n", nth % 11, 1 + nth % 28, nth % 7);
    format!("id,score,at,plan\n{}", rows.map(row).collect::<String>())
}

#[track_caller]
fn assert_refused(answer: &HttpResponse) {
    let problem = answer.problem(409);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("being erased or marked") && detail.contains("responses/bulk"), "{detail}");
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{answer}");
}

/// Sends a file until it is stored. Returns the counts, and how often it was refused.
async fn import_when_idle(site: &Site, file: &str) -> (Value, u32) {
    let mut refused = 0;
    let imported = until("the file is stored", async || {
        let answer = site.import(file.to_owned(), "", "text/csv").await;
        if answer.status == 200 {
            return Some(answer.json());
        }
        assert_refused(&answer);
        refused += 1;
        None
    })
    .await;
    (imported, refused)
}

async fn begin(site: &Site, method: &str, endpoint: &str) {
    let answer = site.owner_request(method, endpoint, Value::Null).await;
    assert_eq!(answer.status, 202, "{answer}");
}

async fn job_done(site: &Site) -> Value {
    until("the job is done", async || {
        let job = site.get("responses/bulk", &site.owner).await.json();
        (job["state"] == "done").then_some(job)
    })
    .await
}

async fn undone(site: &Site, endpoint: &str) {
    until("the import is undone", async || {
        (site.get(endpoint, &site.owner).await.status == 404).then_some(())
    })
    .await;
}

fn endpoint(imported: &Value) -> String {
    format!("imports/{}", imported["import"].as_str().unwrap())
}

#[tokio::test]
async fn what_an_import_stores_after_an_undo_was_accepted_stays() {
    let collector = Collector::start();
    let site = new_site(&collector).await;
    let first = site.import_csv(file(0..40_000), "").await;
    begin(&site, "DELETE", &endpoint(&first)).await;
    let (second, refused) = import_when_idle(&site, &file(20_000..21_000)).await;
    assert!(refused > 0, "the undo was over before the import came");
    assert_eq!((&second["stored"], &second["already_there"]), (&json!(1_000), &json!(0)), "{second}");
    undone(&site, &endpoint(&first)).await;
    assert_eq!(site.score("").await["scored"], 1_000);
    let listed = site.owner_get("imports").await["imports"].take();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["stored"]), (1, &json!(1_000)), "{listed}");
    assert_recounted(&site, "plan").await;
}

#[tokio::test]
async fn what_an_import_stores_after_an_erasure_or_a_mark_was_accepted_stays() {
    let collector = Collector::start();
    for (command, marked) in [("erase", 0), ("mark?mark=spam", 20_000)] {
        let site = new_site(&collector).await;
        site.import_csv(file(0..20_000), "").await;
        let separator = if command.contains('?') { '&' } else { '?' };
        begin(&site, "POST", &format!("responses/{command}{separator}filter[channel]=import")).await;
        let (second, refused) = import_when_idle(&site, &file(30_000..30_700)).await;
        assert!(refused > 0, "the job was over before the import came");
        assert_eq!(second["stored"], 700, "{second}");
        assert_eq!(job_done(&site).await["responses"], 20_000, "{command}");
        assert_eq!(site.score("").await["scored"], 700, "{command}");
        let count = "responses/erase?marked=spam&dry_run=true";
        let counted = site.owner_request("POST", count, Value::Null).await.ok();
        assert_eq!(counted["matching"], marked, "{command}");
        assert_recounted(&site, "plan").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_an_undo_overtakes_is_completed_by_the_same_file() {
    let collector = Collector::start();
    let site = new_site(&collector).await;
    let first = site.import_csv(file(0..15_000), "").await;
    let second = file(0..60_000);
    let sending = {
        let (site, second) = (site.clone(), second.clone());
        tokio::spawn(async move { site.import(second, "", "text/csv").await })
    };
    until("some pages are stored", async || {
        (site.score("").await["scored"].as_u64() > Some(18_000)).then_some(())
    })
    .await;
    begin(&site, "DELETE", &endpoint(&first)).await;
    let answer = sending.await.unwrap();
    if answer.status != 200 {
        assert_refused(&answer);
    }
    undone(&site, &endpoint(&first)).await;
    let (again, _) = import_when_idle(&site, &second).await;
    assert_eq!(again["stored"].as_u64().unwrap() + again["already_there"].as_u64().unwrap(), 60_000);
    assert_eq!(site.score("").await["scored"], 60_000);
    assert_recounted(&site, "plan").await;
}

#[tokio::test]
async fn an_erasure_and_an_undo_wait_for_each_other_and_two_undos_do_not() {
    let collector = Collector::start();
    let site = new_site(&collector).await;
    let imports = [
        site.import_csv(file(0..15_000), "").await,
        site.import_csv(file(15_000..30_000), "").await,
        site.import_csv(file(30_000..30_100), "").await,
    ];
    begin(&site, "DELETE", &endpoint(&imports[0])).await;
    let selection = "responses/mark?mark=test&filter[channel]=import";
    assert_refused(&site.owner_request("POST", selection, Value::Null).await);
    begin(&site, "DELETE", &endpoint(&imports[1])).await;
    for import in &imports[..2] {
        undone(&site, &endpoint(import)).await;
    }
    assert_eq!(site.score("").await["scored"], 100);

    site.import_csv(file(0..15_000), "").await;
    begin(&site, "POST", selection).await;
    assert_refused(&site.owner_request("DELETE", &endpoint(&imports[2]), Value::Null).await);
    assert_eq!(job_done(&site).await["responses"], 15_100);
    let answer = site.owner_request("DELETE", &endpoint(&imports[2]), Value::Null).await;
    assert_eq!(answer.status, 204, "{answer}");
}

#[tokio::test]
async fn a_message_that_comes_while_responses_are_marked_is_not_marked() {
    let collector = Collector::start();
    let site = new_site(&collector).await;
    let now = now_ms();
    let rows: String =
        (0..10_000).map(|nth| format!("r{nth},3,{},pro\n", tests::ids::iso(now - nth * 20))).collect();
    site.import_csv(format!("id,score,at,plan\n{rows}"), "").await;
    let mut met = 0;
    for (round, mark) in ["spam", "none", "test", "none"].into_iter().enumerate() {
        begin(&site, "POST", &format!("responses/mark?mark={mark}&filter[plan]=pro&marked=any")).await;
        // Its id says that it was on its way when the job was started, and the job is not there
        // yet.
        let id = id_at(now_ms() - 9 * 60_000);
        let properties = json!({ "plan": "pro" });
        site.store(json!({ "id": id, "score": 9, "shown": true, "properties": properties })).await;
        let job = site.get("responses/bulk", &site.owner).await.json();
        met += u32::from(job["state"] == "running" && mark != "none");
        job_done(&site).await;
        let stored = site.owner_get(&format!("responses/{id}")).await;
        assert_eq!((&stored["mark"], &stored["score"]), (&Value::Null, &json!(9)), "round {round}");
        assert_eq!(site.owner_request("DELETE", &format!("responses/{id}"), Value::Null).await.status, 204);
    }
    assert!(met > 0, "every job was over before the message came");
    let late = id_at(now_ms() - 5 * 60_000);
    site.store(json!({ "id": late, "score": 9, "shown": true })).await;
    let dated = site.owner_get(&format!("responses/{late}")).await["at"].take();
    let dated_ms = tests::ids::unix_ms(dated.as_str().unwrap());
    assert!(dated_ms < now_ms() - 4 * 60_000, "as ever without a job: {dated}");
    assert_recounted(&site, "plan").await;
}
