//! All that visitors sent, and which of it was acknowledged.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Message about an impression. Those of one impression have different times, so it is certain
/// which of two scores stays.
#[derive(Debug, Clone, Default)]
pub struct Message {
    pub score: Option<u8>,
    pub comment: Option<String>,
    pub dismissed: bool,
    pub elapsed_ms: u32,
}

impl Message {
    pub fn json(&self, id: &str) -> Value {
        let mut message = json!({ "id": id, "shown": true, "elapsed_ms": self.elapsed_ms });
        if let Some(score) = self.score {
            message["score"] = score.into();
        }
        if let Some(comment) = &self.comment {
            message["comment"] = comment.as_str().into();
        }
        if self.dismissed {
            message["dismissed"] = true.into();
        }
        message
    }
}

/// Message that was sent at least once.
#[derive(Debug, Clone)]
pub struct Sent {
    pub message: Message,
    pub is_acknowledged: bool,
}

/// Messages of each impression, by its id.
#[derive(Debug, Default)]
pub struct Ledger(BTreeMap<String, Vec<Sent>>);

impl Ledger {
    /// Adds an impression with its messages.
    pub fn add(&mut self, id: String, messages: Vec<Sent>) {
        self.0.insert(id, messages);
    }

    /// Adds all impressions of another ledger.
    pub fn merge(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, id: &str) -> Option<&[Sent]> {
        self.0.get(id).map(Vec::as_slice)
    }

    /// Returns the impressions of which the collector acknowledged a message.
    pub fn acknowledged(&self) -> impl Iterator<Item = &str> {
        let known = self.0.iter().filter(|(_, sent)| sent.iter().any(|sent| sent.is_acknowledged));
        known.map(|(id, _)| id.as_str())
    }
}
