//! Log of the collector: one JSON object a line, with nothing that visitors or owners sent.

use serde_json::{Value, json};
use tests::client::{send, try_send};
use tests::{Collector, Site, new_id};

/// Texts that must not be in a log.
struct Private(Vec<String>);

impl Private {
    /// Sends all that a log must not have, in requests that are answered and in some that are
    /// refused.
    async fn send(collector: &Collector, site: &Site) -> Self {
        let (address, user, comment) = ("198.51.100.77", "ann-4711", "Lukewarm tea, cold cup");
        let (contact, page) = ("ann@shop.example", "/account/ann");
        let message = json!({
            "id": new_id(), "score": 2, "comment": comment, "user": user, "contact": contact, "page": page,
            "properties": { "plan": "gold-plated" },
        });
        for body in [message.to_string(), message.to_string().replace("score", "scroe"), comment.to_owned()] {
            // On a full disk the connection may end.
            let _ = try_send(site.posting(body).header("x-forwarded-for", address)).await;
        }
        for path in [format!("users/{user}"), format!("responses?q={comment}"), "nothing".to_owned()] {
            for key in [&site.owner, &site.read] {
                let _ = try_send(site.asking("GET", &path, key)).await;
            }
        }
        let texts = [address, user, comment, contact, page, "gold-plated", collector.admin_token()];
        let keys = [site.owner.as_str(), &site.read, collector.secret()];
        Self(texts.into_iter().chain(keys).map(str::to_owned).collect())
    }

    fn assert_not_in(&self, log: &str) {
        for text in &self.0 {
            assert!(!log.contains(text), "the log has {text}:\n{log}");
        }
    }
}

/// Returns the lines of the collector. Those of workerd itself are no JSON.
fn lines(log: &str) -> Vec<Value> {
    let lines: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for line in &lines {
        let time = line["time"].as_str().unwrap_or_default();
        assert!(time.len() == 24 && time.ends_with('Z'), "{line}");
        assert!(["error", "warning"].contains(&line["level"].as_str().unwrap_or_default()), "{line}");
        assert!(line["event"].as_str().is_some_and(|event| !event.is_empty()), "{line}");
    }
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn panics_are_logged_with_their_request_and_without_what_they_quote() {
    let collector = Collector::start_with_faults();
    let site = collector.site().await;
    let private = Private::send(&collector, &site).await;
    assert_eq!(collector.log(), "", "a refused request is no error of the collector");
    collector.get("/faults/panic").await.problem(500);
    collector.get(&format!("/faults/panic/{}", site.id)).await.problem(500);
    let log = collector.log();
    private.assert_not_in(&log);
    let lines = lines(&log);
    assert_eq!(lines.len(), log.lines().count(), "each line is JSON:\n{log}");
    let of = |event: &str| lines.iter().filter(|line| line["event"] == event).collect::<Vec<_>>();
    let routes: Vec<&Value> = of("request-failed").iter().map(|line| &line["route"]).collect();
    assert_eq!(routes, ["GET /faults/panic", "GET /faults/panic/*"]);
    assert!(of("request-failed").iter().all(|line| line["status"] == 500), "{log}");
    assert_eq!(of("panic").len(), 2, "{log}");
    let first = of("panic")[0];
    assert_eq!(
        (&first["cause"], &first["route"]),
        (&json!("asked to panic by …"), &json!("GET /faults/panic"))
    );
    let request = first["request"].as_str().expect("an id");
    let same = lines.iter().filter(|line| line["request"] == request);
    let events: Vec<&Value> = same.map(|line| &line["event"]).collect();
    assert_eq!(events, ["panic", "internal-error", "request-failed"], "{log}");
    assert_ne!(of("request-failed")[1]["request"], request);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_logged_without_the_message() {
    let machine = tests::Machine::new();
    let collector = Collector::start_with(|options| {
        machine.apply_to(options);
        options.set("GRAPEVINE_CLIENT_IP_HEADER", "X-Forwarded-For");
    });
    let site = collector.site().await;
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    machine.set_disk_full(true);
    let private = Private::send(&collector, &site).await;
    let refused = send(site.posting(json!({ "id": new_id(), "score": 9 }).to_string())).await;
    assert!(matches!(refused.status, 503 | 507), "{refused}");
    let log = collector.log();
    private.assert_not_in(&log);
    let lines = lines(&log);
    let failed: Vec<&Value> = lines.iter().filter(|line| line["event"] == "request-failed").collect();
    assert!(failed.iter().any(|line| line["route"] == "POST /v1/sites/*/responses"), "{log}");
    let statuses: Vec<u64> = failed.iter().filter_map(|line| line["status"].as_u64()).collect();
    assert!(
        statuses.len() == failed.len() && statuses.iter().all(|status| [503, 507].contains(status)),
        "{log}"
    );
    assert!(
        lines.iter().any(|line| line["event"] == "object-failed" && line["subject"] == *site.id),
        "{log}"
    );
}
