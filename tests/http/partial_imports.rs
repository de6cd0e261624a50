//! Files with fewer columns than an earlier one: what they do not have stays.

use serde_json::{Value, json};
use tests::{Collector, Site};

use crate::groups::assert_recounted;
use crate::import_identity::assert_counts;

const WHOLE: &str = "id,score,at,comment,plan,region,lang,page,Email\n\
    a,9,2026-01-05,keepme,pro,EU,pl,/tea,a@b.example\nb,3,2026-01-06,cold,free,US,en,/,c@d.example\n";

async fn new_site(collector: &Collector) -> Site {
    let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan", "region"] })).await;
    assert_eq!(site.import_csv(WHOLE, "columns=user:Email").await["stored"], 2);
    site
}

/// The response of January 5.
async fn first(site: &Site) -> Value {
    site.responses_of("from=2026-01-05&to=2026-01-05", 1).await[0].take()
}

#[tokio::test]
async fn columns_that_a_later_file_does_not_have_stay_as_they_are() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    let before = site.state().await;
    for same in [
        ("id,score,at\na,9,2026-01-05\nb,3,2026-01-06\n", "text/csv"),
        ("id,score,at,region\na,9,2026-01-05,EU\nb,3,2026-01-06,US\n", "text/csv"),
        (
            "{\"id\":\"a\",\"score\":9}\n{\"id\":\"b\",\"score\":3,\"plan\":\"free\"}\n",
            "application/x-ndjson",
        ),
    ] {
        let imported = site.import(same.0, "", same.1).await.ok();
        if same.1 == "text/csv" {
            assert_counts(&imported, 0, 0, 2);
            assert_eq!(site.state().await, before, "{same:?}");
        } else {
            // Another line has the member, so it is empty here.
            assert_counts(&imported, 0, 1, 1);
            assert_eq!(first(&site).await["properties"], json!({ "region": "EU" }));
            assert_counts(&site.import_csv("id,score,plan\na,9,pro\n", "").await, 0, 1, 0);
            assert_eq!(site.state().await, before, "{same:?}");
        }
    }
    assert_recounted(&site, "plan").await;
}

#[tokio::test]
async fn columns_that_a_later_file_has_change_and_are_emptied() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    let imported = site.import_csv("id,score,plan,tier\na,8,team,gold\n", "").await;
    assert_counts(&imported, 0, 1, 0);
    let changed = first(&site).await;
    assert_eq!((&changed["score"], &changed["comment"]), (&json!(8), &json!("keepme")), "{changed}");
    assert_eq!(changed["properties"], json!({ "plan": "team", "region": "EU", "tier": "gold" }));
    assert_eq!((&changed["lang"], &changed["page"]), (&json!("pl"), &json!("/tea")));
    assert_eq!(site.owner_get("users/a@b.example").await["responses"].as_array().unwrap().len(), 1);
    for property in ["plan", "region"] {
        assert_recounted(&site, property).await;
    }
    let imported = site.import_csv("id,score,comment,plan,region,tier\na,8,,,EU,\n", "").await;
    assert_counts(&imported, 0, 1, 0);
    let changed = first(&site).await;
    assert_eq!((&changed["comment"], &changed["properties"]), (&Value::Null, &json!({ "region": "EU" })));
    assert!(site.responses_of("q=keepme", 5).await.is_empty());
    // An export of ours has all properties, and the same ones are no change.
    let export = site.get("export?format=csv", &site.owner).await.body;
    assert_counts(&site.import_csv(export, "").await, 0, 0, 2);
    let row = json!({ "id": changed["id"], "at": changed["at"], "score": 8, "channel": "import", "lang": "pl",
        "page": "/tea", "due_at": null, "contacted_at": null, "properties": { "plan": "solo" } });
    assert_counts(&site.import(row.to_string(), "", "application/x-ndjson").await.ok(), 0, 1, 0);
    assert_eq!(first(&site).await["properties"], json!({ "plan": "solo" }));
    for property in ["plan", "region"] {
        assert_recounted(&site, property).await;
    }
}

#[tokio::test]
async fn an_undo_restores_what_a_file_with_fewer_columns_has_changed() {
    let collector = Collector::shared();
    let site = new_site(&collector).await;
    let before = site.state().await;
    let second = site.import_csv("id,score,at,plan\na,1,2026-02-05,team\nb,3,2026-01-06,free\n", "").await;
    assert_counts(&second, 0, 1, 1);
    let url = format!("imports/{}", second["import"].as_str().unwrap());
    assert_eq!(site.owner_request("DELETE", &url, Value::Null).await.status, 204);
    assert_eq!(site.state().await, before);
}

#[tokio::test]
async fn an_undo_leaves_only_the_columns_that_later_files_have() {
    let collector = Collector::shared();
    let row =
        |comment: &str, day: u32| format!("id,score,at,comment,plan\na,9,2026-02-0{day},{comment},p{day}\n");
    let undo = async |site: &Site, imported: &Value| {
        let url = format!("imports/{}", imported["import"].as_str().unwrap());
        assert_eq!(site.owner_request("DELETE", &url, Value::Null).await.status, 204);
        assert_recounted(site, "plan").await;
    };
    let seen = async |site: &Site| {
        let response = site.responses().await[0].take();
        let plan = response["properties"]["plan"].clone();
        json!([response["score"], response["comment"], response["at"].as_str().unwrap()[..10], plan])
    };
    // Whatever the order of the undos, the columns of what is left stay.
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0], [0, 2, 1]] {
        let site = collector.create_site(json!({ "name": "Tea shop", "properties": ["plan"] })).await;
        site.import_csv(row("first", 1), "").await;
        let imports = [
            site.import_csv(row("wrong", 2), "").await,
            site.import_csv("id,score\na,3\n", "").await,
            site.import_csv("id,score,plan\na,3,team\n", "").await,
        ];
        assert_eq!(seen(&site).await, json!([3, "wrong", "2026-02-02", "team"]));
        let mut left = [true; 3];
        for nth in order {
            undo(&site, &imports[nth]).await;
            left[nth] = false;
            let (comment, day) = if left[0] { ("wrong", "2026-02-02") } else { ("first", "2026-02-01") };
            let score = if left[1] || left[2] { 3 } else { 9 };
            let plan = if left[2] {
                "team"
            } else if left[0] {
                "p2"
            } else {
                "p1"
            };
            assert_eq!(seen(&site).await, json!([score, comment, day, plan]), "{order:?} after {nth}");
        }
    }
}

#[tokio::test]
async fn properties_of_several_files_are_no_more_than_a_response_may_have() {
    let collector = Collector::shared();
    let site = collector.site().await;
    let file = |from: usize, count: usize| {
        let names: Vec<String> = (from..from + count).map(|nth| format!("p{nth}")).collect();
        format!("id,score,{0}\na,9,{0}\n", names.join(","))
    };
    site.import_csv(file(0, 15), "").await;
    assert_counts(&site.import_csv(file(15, 5), "").await, 0, 1, 0);
    assert_counts(&site.import_csv(file(20, 1), "").await, 0, 0, 1);
    assert_eq!(site.responses().await[0]["properties"].as_object().unwrap().len(), 20);
}
