//! Readiness: `GET /readyz`.

use tests::Collector;
use tests::client::send;

#[tokio::test]
async fn readiness_writes_to_the_disk_at_most_once_in_ten_seconds() {
    let collector = Collector::start();
    let ask = async || {
        send(collector.http().get(collector.url() + "/readyz").bearer_auth(collector.admin_token())).await
    };
    assert!(collector.objects().is_empty());
    assert_eq!(ask().await.ok()["status"], "ok");
    let written = collector.data_files();
    assert_eq!(collector.objects().len(), 1, "{written:?}");
    let changes =
        || written.iter().map(|file| file.metadata().unwrap().modified().unwrap()).collect::<Vec<_>>();
    let before = changes();
    for _ in 0..20 {
        assert_eq!(ask().await.ok()["status"], "ok");
    }
    assert_eq!(changes(), before, "callers in between get the last result");
}

#[tokio::test]
async fn readiness_needs_the_admin_token_and_health_needs_nothing() {
    let collector = Collector::start();
    collector.get("/readyz").await.problem(401);
    send(collector.http().get(collector.url() + "/readyz").bearer_auth("wrong")).await.problem(401);
    assert!(collector.objects().is_empty(), "a refused request writes nothing");
    assert_eq!(collector.get("/healthz").await.ok()["status"], "ok");
    assert!(collector.objects().is_empty());
}
