//! Sites that the collector of each earlier version has written, opened by this one.
//!
//! `write_fixture.py` has filled a site of each with all that it could store, and has written down
//! what it answered: `schema_N.sql` and `schema_N.json`. So nothing is compared with numbers that
//! are worked out today.

mod tables;

use rusqlite::Connection;
use serde_json::{Value, json};
use tests::{Collector, DAY_MS, Site, WebhookReceiver, ids, until};

use super::CURRENT;
use crate::hosted::options;

/// Members of answers that follow from the present time or from the key of the request.
const OF_THE_MOMENT: [&str; 2] = ["query", "last_used_at"];
/// Every response, marked or not.
const EVERY: &str = "responses?marked=any&limit=200";

/// A site that an earlier collector has written, in the present one.
struct Upgraded {
    /// Its time is a day after the site was written: deliveries are due, and nothing of the site is
    /// too old to be kept.
    collector: Collector,
    receiver: WebhookReceiver,
    site: Site,
    /// Keys, secrets and answers of the earlier collector.
    known: Value,
}

impl Upgraded {
    async fn open(tables: &str, known: &str) -> Self {
        let receiver = WebhookReceiver::start().await;
        let url = receiver.url();
        let addressed = |text: &str| text.replace("http://$RECEIVER", &url);
        let known: Value = serde_json::from_str(&addressed(known)).unwrap();
        let secret = known["secret"].as_str().unwrap().to_owned();
        let written_at = known["answers"]["webhooks"]["webhooks"][0]["created_at"].as_str().unwrap();
        let later = ids::unix_ms(written_at) + DAY_MS;
        let mut collector = Collector::start_at(later, |options| options.secret = secret);
        collector.kill();
        std::fs::create_dir_all(collector.data().join("grapevine-site")).unwrap();
        let site = Site::created(collector.http().clone(), collector.url(), &known);
        let mut upgraded = Self { collector, receiver, site, known };
        upgraded.database().execute_batch(&addressed(tables)).unwrap();
        upgraded.collector.restart();
        upgraded.site = upgraded.collector.again(&upgraded.site);
        upgraded
    }

    /// Opens the database of the site. The collector must be stopped.
    fn database(&self) -> Connection {
        let object = self.known["object"].as_str().unwrap();
        Connection::open(self.collector.data().join(format!("grapevine-site/{object}.sqlite"))).unwrap()
    }

    /// Returns what the earlier collector answered at an endpoint; `null` where it had none.
    fn answered(&self, endpoint: &str) -> &Value {
        &self.known["answers"][endpoint]
    }

    /// Returns all responses as the earlier collector has listed them.
    fn responses(&self) -> &Value {
        let every = self.answered(EVERY);
        if every.is_null() { &self.answered("responses?limit=200")["responses"] } else { &every["responses"] }
    }

    /// Returns the answer of an endpoint, once no index is being built.
    async fn get(&self, endpoint: &str) -> Value {
        until(endpoint, async || {
            let answer = self.site.get(endpoint, &self.site.owner).await;
            if answer.status == 503 {
                assert_eq!(answer.problem(503)["type"], "urn:grapevine:problem:not-ready");
            }
            (answer.status != 503).then(|| answer.ok())
        })
        .await
    }

    /// Asserts that the answers have all that they had, except those about messages that are sent
    /// as soon as the site is opened.
    async fn assert_answers(&self) {
        let failing = format!("webhooks/{}/deliveries", self.failing());
        for (endpoint, old) in self.known["answers"].as_object().unwrap() {
            let mut new = self.get(endpoint).await;
            if old["responses"][0].is_string() {
                new["responses"].as_array_mut().unwrap().iter_mut().for_each(|it| *it = it["id"].take());
            }
            match endpoint.as_str() {
                "webhooks" => {
                    assert_kept("webhooks/0", &old["webhooks"][0], &new["webhooks"][0]);
                    assert_kept("webhooks/2", &old["webhooks"][2], &new["webhooks"][2]);
                }
                _ if *endpoint == failing => {}
                _ => assert_kept(endpoint, old, &new),
            }
        }
        let export = self.site.get("export?format=ndjson", &self.site.owner).await;
        let lines = String::from_utf8(export.body).unwrap();
        let exported: Value =
            lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
        assert_kept("export", self.responses(), &exported);
        let erased = format!("responses/{}", self.known["erased"].as_str().unwrap());
        self.site.get(&erased, &self.site.owner).await.problem(404);
    }

    /// Returns the id of the webhook whose receiver had a fault.
    fn failing(&self) -> &str {
        let webhook = &self.answered("webhooks")["webhooks"][1];
        assert_eq!(webhook["name"], "failing");
        webhook["id"].as_str().unwrap()
    }

    /// Asserts that what waited for its receiver is sent as it was stored.
    async fn assert_deliveries(&self) {
        let id = self.failing();
        let endpoint = format!("webhooks/{id}/deliveries");
        let old = self.answered(&endpoint)["deliveries"].as_array().unwrap();
        let secret = self.known["webhook_secrets"][id].as_str().unwrap();
        assert!(!old.is_empty() && old.iter().all(|delivery| delivery["state"] == "pending"));
        let calls = self.receiver.called(old.len()).await;
        for delivery in old {
            let message = format!("msg_{id}_{}", delivery["id"].as_str().unwrap());
            let call = calls.iter().find(|call| call.header("webhook-id") == message).expect(&message);
            assert_eq!((&json!(call.body), &*call.path), (&delivery["body"], "/hook/failing"));
            assert!(call.is_signed_with(secret), "{message}");
        }
        assert_eq!(calls.len(), old.len());
        until("all are delivered", async || {
            let new = self.get(&endpoint).await["deliveries"].take();
            for (old, new) in old.iter().zip(new.as_array().unwrap()) {
                let earlier = old["attempts"].as_array().unwrap().len();
                let attempts = new["attempts"].as_array().unwrap();
                assert_eq!((&old["id"], &old["attempts"]), (&new["id"], &json!(attempts[..earlier])));
            }
            new.as_array().unwrap().iter().all(|new| new["state"] == "delivered").then_some(())
        })
        .await;
    }

    /// Asserts that keys, the badge and personal links work.
    async fn assert_keys(&self) {
        for role in ["read", "share"] {
            self.site.get("score", self.known["keys"][role].as_str().unwrap()).await.ok();
        }
        self.site.get("badge.json", "").await.ok();
        let link = &self.known["link"];
        let query = format!("?t={}", link["token"].as_str().unwrap());
        let given = options(&self.collector, &self.site, &query).await;
        assert_eq!((&given["id"], &given["user"]), (&link["id"], &link["user"]));
    }

    /// Asserts that the last import can be undone, where the earlier collector could do that, and
    /// that the same files count nothing twice.
    async fn assert_imports(&self) {
        let imports = self.known["imports"].as_array().unwrap();
        let is_undone = !self.answered("imports").is_null();
        if is_undone {
            let endpoint = format!("imports/{}", imports[2]["answer"]["import"].as_str().unwrap());
            let answer = self.site.owner_request("DELETE", &endpoint, Value::Null).await;
            assert!(matches!(answer.status, 202 | 204), "{answer}");
            until("it is undone", async || {
                (self.site.get(&endpoint, &self.site.owner).await.status == 404).then_some(())
            })
            .await;
            let mut before = self.responses().clone();
            before.as_array_mut().unwrap().retain(|it| it["at"] != "2026-02-07T23:00:00.000Z");
            let rows = before.as_array_mut().unwrap();
            let row = rows.iter_mut().find(|row| row["comment"] == "Changed by a file").unwrap();
            (row["score"], row["category"], row["comment"]) = (json!(7), json!("passive"), Value::Null);
            assert_kept("undone", &before, &self.get(EVERY).await["responses"]);
        }
        for (nth, import) in imports.iter().enumerate() {
            let again = self.site.import_csv(import["file"].as_str().unwrap().to_owned(), "").await;
            assert_eq!(again["stored"], u8::from(nth == 2 && is_undone), "{again}");
            if nth == 0 {
                assert_eq!(again["already_there"], again["rows"], "{again}");
            }
        }
        assert_eq!(self.get("score").await["scored"], self.answered("score")["scored"]);
        if is_undone {
            assert_kept("imported again", self.responses(), &self.get(EVERY).await["responses"]);
        }
    }

    /// Asserts that a later message adds to a response, whether its id has a time or not.
    async fn assert_merges(&self) {
        let shown = self.get("score").await["shown"].take();
        for version in ["4", "7"] {
            let is_meant =
                |it: &&Value| &it["id"].as_str().unwrap()[14..15] == version && it["shown"] == true;
            let mut expected = self.responses().as_array().unwrap().iter().find(is_meant).unwrap().clone();
            let score = (expected["score"].as_u64().unwrap() + 5) % 11;
            let message = json!({ "id": expected["id"], "score": score, "comment": "Changed my mind",
                "elapsed_ms": 120_000, "properties": { "plan": "other", "late": "yes" } });
            self.site.store(message).await;
            (expected["score"], expected["seconds"]) = (json!(score), json!(120.0));
            expected["comment"] = json!("Changed my mind");
            expected["properties"]["late"] = json!("yes");
            expected["category"] = json!(match score {
                0..7 => "detractor",
                7..9 => "passive",
                _ => "promoter",
            });
            let id = expected["id"].as_str().unwrap();
            let merged = self.get(&format!("responses/{id}")).await;
            expected.as_object_mut().unwrap().retain(|name, _| !["state", "due_at"].contains(&name.as_str()));
            assert_kept("merged", &expected, &merged);
        }
        assert_eq!(self.get("score").await["shown"], shown);
        assert_eq!(self.get("responses?q=changed+mind").await["responses"].as_array().map(Vec::len), Some(2));
    }
}

/// Asserts that a value has all that it had. New members may be beside them.
#[track_caller]
fn assert_kept(path: &str, old: &Value, new: &Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(_)) => {
            for (name, old) in old.iter().filter(|(name, _)| !OF_THE_MOMENT.contains(&name.as_str())) {
                assert_kept(&format!("{path}/{name}"), old, &new[name]);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            // The newest entries of the log are first, and some are new.
            let later = if path == "audit/entries" { new.len().saturating_sub(old.len()) } else { 0 };
            assert_eq!(old.len(), new.len() - later, "{path}: {new:?}");
            for (nth, (old, new)) in old.iter().zip(&new[later..]).enumerate() {
                assert_kept(&format!("{path}/{nth}"), old, new);
            }
        }
        _ => assert_eq!(old, new, "{path}"),
    }
}

async fn upgrade(tables: &str, known: &str) {
    let mut upgraded = Upgraded::open(tables, known).await;
    upgraded.assert_answers().await;
    upgraded.assert_deliveries().await;
    upgraded.assert_keys().await;
    upgraded.assert_imports().await;
    upgraded.assert_merges().await;
    tables::assert_new(&mut upgraded).await;
}

macro_rules! each {
    ($($name:ident: $fixture:literal,)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            upgrade(include_str!(concat!($fixture, ".sql")), include_str!(concat!($fixture, ".json"))).await;
        }
    )*

        const FIXTURES: &[&str] = &[$($fixture),*];
    };
}

// `write_fixture.py` of the commit before a new version writes the one that is missing.
const _: () = assert!(FIXTURES.len() as i64 == CURRENT - 3, "each version from 3 on has a fixture");

each! {
    a_site_of_version_3_is_as_it_was: "schema_3",
    a_site_of_version_4_is_as_it_was: "schema_4",
    a_site_of_version_5_is_as_it_was: "schema_5",
    a_site_of_version_6_is_as_it_was: "schema_6",
    a_site_of_version_7_is_as_it_was: "schema_7",
    a_site_of_version_8_is_as_it_was: "schema_8",
    a_site_of_version_9_is_as_it_was: "schema_9",
    a_site_of_version_10_is_as_it_was: "schema_10",
}
