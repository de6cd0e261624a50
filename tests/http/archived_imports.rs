//! Imports in an archive of an earlier version.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::Collector;

use crate::archive::{archive, unarchive, with_secret_of};

#[tokio::test]
async fn imports_in_an_archive_without_erased_rows_are_kept() {
    let collector = Collector::shared();
    let folder = TempDir::with_prefix("grapevine-archive-").unwrap();
    let file = folder.path().join("site.ndjson");
    let site = collector.site().await;
    let rows = "id,score,at\na,9,2026-01-05\nb,3,2026-01-06\n";
    site.import_csv(rows, "").await;
    let lines = archive(&collector, &site, &file).await;
    let mut older: Value = serde_json::from_str(&lines[0]).unwrap();
    older["schema"] = json!(9);
    let rest = lines[1..].join("\n");
    assert!(rest.contains(",\"erased_before\":0"), "{rest}");
    let rest = rest.replace(",\"erased_before\":0", "").replace(",\"consents_ms\":null", "");
    fs::write(&file, format!("{older}\n{rest}\n")).unwrap();

    let other = with_secret_of(&collector);
    let (succeeded, printed) = unarchive(&other, &file).await;
    assert!(succeeded, "{printed}");
    let restored = site.at(other.url());
    assert_eq!(restored.owner_get("imports").await, site.owner_get("imports").await);
    let again = restored.import_csv(rows, "").await;
    assert_eq!((&again["already_there"], &again["erased_before"]), (&json!(2), &json!(0)), "{again}");
}
