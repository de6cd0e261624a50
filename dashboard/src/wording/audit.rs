//! Words for an entry of the audit log.

/// Returns what was done, in words.
pub fn audit(action: &str) -> &str {
    match action {
        "site.created" => "Created the site",
        "site.archived" => "Read the archive of the site",
        "site.restored" => "Restored the site from an archive",
        "settings.changed" => "Changed the settings",
        "survey.changed" => "Changed the survey",
        "response.changed" => "Changed a response",
        "response.erased" => "Erased a response",
        "responses.erased" => "Erased several responses",
        "responses.marked" => "Marked several responses",
        "user.erased" => "Erased a user",
        "key.created" => "Created a key",
        "key.revoked" => "Revoked a key",
        "note.created" => "Wrote a note",
        "note.changed" => "Changed a note",
        "note.deleted" => "Deleted a note",
        "webhook.created" => "Created a webhook",
        "webhook.changed" => "Changed a webhook",
        "webhook.deleted" => "Deleted a webhook",
        "webhook.rotated" => "Renewed the secret of a webhook",
        "identity.rotated" => "Renewed the identity secret",
        "delivery.deleted" => "Deleted a delivery of a webhook",
        "responses.exported" => "Exported responses",
        "user.exported" => "Exported the data of a user",
        "responses.imported" => "Imported responses",
        "import.deleted" => "Undid an import",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_action_of_the_api_has_words_of_its_own() {
        let document: Value = serde_json::from_str(include_str!("../../../collector/openapi.json")).unwrap();
        let action = "/components/schemas/AuditPage/properties/entries/items/properties/action/enum";
        let actions = document.pointer(action).and_then(Value::as_array).unwrap();
        let mut words: Vec<&str> = actions.iter().map(|action| audit(action.as_str().unwrap())).collect();
        assert!(words.iter().all(|words| words.starts_with(char::is_uppercase)), "{words:?}");
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), actions.len());
    }
}
