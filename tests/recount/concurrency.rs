//! Much at once, and perhaps a power cut in the middle of it.

use std::time::Duration;

use reqwest::RequestBuilder;
use serde_json::Value;
use tests::client::{HttpResponse, try_send};
use tokio::task::JoinSet;

use super::generator::Message;
use super::model_site::World;

impl World {
    /// Sends it all without waiting. What was not acknowledged, or met an erasure on the way, may
    /// be there or not.
    pub async fn together(
        &mut self,
        drawn: &[Message],
        bulk: Option<(usize, u64)>,
        settings: Option<&Value>,
        erased: Option<u32>,
        kill_after_ms: Option<u64>,
    ) {
        let messages = self.messages(drawn);
        let erased = erased.map(|impression| self.id(impression));
        let mut under_way: JoinSet<(&str, String, Option<HttpResponse>)> = JoinSet::new();
        let mut send = |what: &'static str, about: &str, request: RequestBuilder| {
            let about = about.to_owned();
            under_way.spawn(async move { (what, about, try_send(request).await.ok()) });
        };
        let middle = messages.len() / 2;
        for (nth, message) in messages.iter().enumerate() {
            if nth == middle {
                if let Some(settings) = settings {
                    send("settings", "", self.change(settings));
                }
                if let Some(id) = &erased {
                    send("erase", id, self.delete(&format!("responses/{id}")));
                }
            }
            send("message", message["id"].as_str().unwrap(), self.site.posting(message.to_string()));
        }
        if let Some((count, seed)) = bulk {
            let lines = self.bulk(count, seed);
            let csv = self.csv(&lines);
            let url = self.site.url("import");
            let request = self.collector.http().post(url).bearer_auth(&self.site.owner);
            send("import", "", request.header("content-type", "text/csv").body(csv));
        }
        if let Some(ms) = kill_after_ms {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            self.restart().await;
        }
        let erased_id = erased.unwrap_or_default();
        self.stored.push(Value::Array(messages));
        for (what, id, answer) in under_way.join_all().await {
            let sure = answer.is_some();
            assert!(sure || kill_after_ms.is_some(), "no answer to {what}");
            if let Some(answer) = &answer {
                let fine = answer.status == 200
                    || (what == "erase" && matches!(answer.status, 204 | 404))
                    // A request may be cut off before the object answers the Worker.
                    || (kill_after_ms.is_some() && answer.status >= 500);
                assert!(fine, "{what}: {answer}");
            }
            let answer = answer.filter(|answer| answer.status < 300);
            match what {
                "message" if id == erased_id => drop(self.there.insert(id, false)),
                "message" => {
                    let must = answer.is_some() || self.there.get(&id) == Some(&true);
                    self.there.insert(id, must);
                }
                "erase" if answer.is_some() => {
                    // A message about it may have come after.
                    if drawn.iter().any(|message| self.ids[&message.impression] == id) {
                        self.there.insert(id, false);
                    } else {
                        self.there.remove(&id);
                    }
                }
                "erase" => drop(self.there.get_mut(&id).map(|must| *must = false)),
                "import" => {
                    let stored = answer
                        .map(|answer| usize::try_from(answer.json()["stored"].as_u64().unwrap()).unwrap());
                    self.strangers = match stored {
                        Some(stored) => stored..=stored,
                        None => 0..=bulk.unwrap_or_default().0,
                    };
                }
                _ => {}
            }
        }
    }
}
