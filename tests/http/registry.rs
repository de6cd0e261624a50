//! The list of a collector's sites, their deletion, and what the admin token opens.

use std::fs;

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use tests::client::{HttpResponse, send, until};
use tests::{Collector, Site, new_id};

use crate::upgrades::{FIRST, SECOND, stopped_site};

/// Sends a request with the admin token.
async fn admin(collector: &Collector, method: Method, path: &str, body: Value) -> HttpResponse {
    let request = collector.http().request(method, format!("{}/v1/sites{path}", collector.url()));
    let request = request.bearer_auth(collector.admin_token());
    send(if body.is_null() { request } else { request.json(&body) }).await
}

/// The whole list, requested in pages of that many sites.
async fn listed(collector: &Collector, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("?limit={limit}{cursor}");
        let mut page = admin(collector, Method::GET, &path, Value::Null).await.ok();
        let sites = page["sites"].as_array_mut().unwrap();
        assert!(sites.len() <= limit);
        all.append(sites);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

fn ids(sites: &[Value]) -> Vec<&str> {
    sites.iter().map(|site| site["site"].as_str().unwrap()).collect()
}

async fn delete(collector: &Collector, site: &Site) -> HttpResponse {
    admin(collector, Method::DELETE, &format!("/{}", site.id), Value::Null).await
}

/// The database of the registry. The collector must be stopped.
fn registry(collector: &Collector) -> Connection {
    let files = fs::read_dir(collector.registry_folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files = files.filter(|file| {
        file.extension().is_some_and(|it| it == "sqlite")
            && file.file_stem().is_some_and(|it| it != "metadata")
    });
    Connection::open(files.next().unwrap()).unwrap()
}

#[tokio::test]
async fn sites_are_listed_newest_first_by_pages() {
    let collector = Collector::start();
    let empty = admin(&collector, Method::GET, "", Value::Null).await.ok();
    assert_eq!(empty, json!({ "sites": [], "next_cursor": null }));
    let mut expected = Vec::new();
    for nth in 0..7 {
        expected.insert(0, collector.create_site(json!({ "name": format!("Sklep „{nth}”") })).await.id);
    }
    for limit in [1, 2, 6, 7, 8] {
        assert_eq!(ids(&listed(&collector, limit).await), expected, "pages of {limit}");
    }
    let sites = listed(&collector, 100).await;
    assert_eq!(sites[0]["name"], "Sklep „6”");
    assert_eq!(sites[0]["jurisdiction"], Value::Null);
    assert_eq!(sites[0]["deleted_at"], Value::Null);
    assert!(sites.is_sorted_by(|a, b| a["created_at"].as_str() >= b["created_at"].as_str()));
    for (query, pointer) in [
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?limit=-1", "limit"),
        ("?cursor=x", "cursor"),
        ("?cursor=", "cursor"),
        ("?page=2", "page"),
    ] {
        admin(&collector, Method::GET, query, Value::Null).await.invalid_at(pointer);
    }
}

#[tokio::test]
async fn a_renamed_site_has_its_new_name_in_the_list() {
    let collector = Collector::start();
    let site = collector.site().await;
    site.patch_settings(json!({ "name": "Coffee shop" })).await;
    let sites = listed(&collector, 10).await;
    assert_eq!((sites.len(), &sites[0]["name"]), (1, &json!("Coffee shop")));
    let created_at = sites[0]["created_at"].clone();
    for nth in 0..20 {
        site.patch_settings(json!({ "name": format!("Shop {nth}"), "badge": nth % 2 == 0 })).await;
    }
    let sites = listed(&collector, 10).await;
    assert_eq!((&sites[0]["name"], &sites[0]["created_at"]), (&json!("Shop 19"), &created_at));
}

#[tokio::test]
async fn a_deleted_site_is_gone_for_good_and_its_pages_see_no_error() {
    let mut collector = Collector::start();
    let (site, other) = (collector.site().await, collector.site().await);
    site.store(json!({ "id": new_id(), "score": 3, "comment": "Deletable kettle" })).await;
    other.store(json!({ "id": new_id(), "score": 9 })).await;
    // The settings are in the cache of the isolate.
    assert!(collector.get(&format!("/e/{}.js", site.id)).await.body.len() > 1_000);
    assert_eq!(delete(&collector, &site).await.status, 204);
    let with_text = collector.files_with("Deletable kettle");
    assert_eq!(with_text, [] as [std::path::PathBuf; 0], "the data is erased");

    for restarted in [false, true] {
        if restarted {
            collector.restart();
        }
        let (site, other) = (collector.again(&site), collector.again(&other));
        let loader = collector.get(&format!("/e/{}.js", site.id)).await;
        assert_eq!((loader.status, loader.header("content-type")), (200, "text/javascript; charset=utf-8"));
        assert_eq!(loader.header("cache-control"), "public, max-age=300");
        let script = String::from_utf8(loader.body).unwrap();
        assert!(script.lines().all(|line| line.starts_with("//")), "does nothing: {script}");
        for path in [format!("/s/{}", site.id), format!("/f/{}", site.id)] {
            let page = collector.get(&path).await;
            assert_eq!(page.status, 410, "{page}");
            assert!(String::from_utf8_lossy(&page.body).contains("This survey has ended"), "{page}");
        }
        let late = site.post(&json!({ "id": new_id(), "score": 9 })).await.problem(410);
        assert_eq!(late["type"], "urn:grapevine:problem:site-deleted");
        for endpoint in ["", "score", "responses", "keys", "export", "badge.svg", "due?user=a", "users/a"] {
            let problem = site.get(endpoint, &site.owner).await.problem(410);
            assert_eq!(problem["deleted_at"], late["deleted_at"], "{endpoint}");
        }
        site.import("score\n9\n", "", "text/csv").await.problem(410);
        delete(&collector, &site).await.problem(410);
        let sites = listed(&collector, 10).await;
        assert_eq!(ids(&sites), [&*other.id, &*site.id]);
        assert_eq!(sites[1]["deleted_at"], late["deleted_at"]);
        assert_eq!(sites[0]["deleted_at"], Value::Null);
        assert_eq!(other.score("").await["scored"], 1);
    }
}

#[tokio::test]
async fn the_admin_token_alone_lists_and_deletes() {
    let collector = Collector::start();
    let site = collector.site().await;
    for key in [&*site.owner, &*site.read, "", "wrong"] {
        let list = collector.http().get(format!("{}/v1/sites", collector.url())).bearer_auth(key);
        send(list).await.problem(401);
        let problem = send(site.asking("DELETE", "", key)).await.problem(401);
        assert!(problem["detail"].as_str().unwrap().contains("GRAPEVINE_ADMIN_TOKEN"), "{problem}");
    }
    assert_eq!(site.score("").await["scored"], 0);
    for unknown in ["00000000000000000000", "eu-00000000000000000000", "x"] {
        admin(&collector, Method::DELETE, &format!("/{unknown}"), Value::Null).await.problem(404);
    }
}

#[tokio::test]
async fn the_admin_token_mints_an_owner_key_where_all_keys_are_lost() {
    let collector = Collector::start();
    let site = collector.site().await;
    for _ in 0..98 {
        assert_eq!(site.owner_request("POST", "keys", json!({ "role": "read" })).await.status, 201);
    }
    site.owner_request("POST", "keys", json!({ "role": "owner" })).await.problem(409);
    let path = format!("/{}/keys", site.id);
    let made = admin(&collector, Method::POST, &path, json!({ "role": "owner" })).await;
    assert_eq!(made.status, 201, "{made}");
    let made = made.json();
    assert_eq!((&made["role"], &made["current"]), (&json!("owner"), &json!(false)));
    let found = site.with_owner_key(made["key"].as_str().unwrap());
    assert_eq!(found.owner_get("keys").await["keys"].as_array().unwrap().len(), 101);
    // It opens nothing else of the site.
    for endpoint in ["", "score", "responses", "keys"] {
        site.get(endpoint, collector.admin_token()).await.problem(401);
    }
    admin(&collector, Method::POST, &path, json!({ "role": "admin" })).await.invalid_at("/role");
    send(site.asking("POST", "keys", "wrong").json(&json!({ "role": "owner" }))).await.problem(401);
    send(site.asking("POST", "keys", &site.read).json(&json!({ "role": "owner" }))).await.problem(403);
}

#[tokio::test]
async fn wrong_admin_tokens_are_limited_and_visitors_and_owners_are_not() {
    let collector = Collector::start();
    let site = collector.site().await;
    let wrong = |path: &str| {
        let request = collector.http().post(format!("{}/v1/sites{path}", collector.url()));
        send(request.bearer_auth("wrong").json(&json!({ "name": "Tea shop", "role": "owner" })))
    };
    let (keys, mut refused) = (format!("/{}/keys", site.id), 0);
    for nth in 0..40 {
        let answer = wrong(if nth % 2 == 0 { "" } else { &keys }).await;
        match answer.status {
            401 => refused += 1,
            _ => {
                answer.problem(429);
                assert!(answer.header("ratelimit-policy").starts_with("\"admin\""), "{answer}");
            }
        }
    }
    assert!((30..=32).contains(&refused), "{refused} were compared");
    // The next guess could be right.
    collector.ask_for_site(&json!({ "name": "Tea shop" })).await.problem(429);
    site.store(json!({ "id": new_id(), "score": 9 })).await;
    assert_eq!(site.owner_request("POST", "keys", json!({ "role": "read" })).await.status, 201);
}

#[tokio::test]
async fn a_site_in_a_jurisdiction_says_so_in_its_id() {
    let mut collector = Collector::start();
    let site = collector.create_site(json!({ "name": "Tea shop", "jurisdiction": "eu" })).await;
    let anywhere = collector.create_site(json!({ "name": "Tea shop", "jurisdiction": null })).await;
    assert!(site.id.starts_with("eu-") && !anywhere.id.contains('-'), "{} {}", site.id, anywhere.id);
    let id = new_id();
    site.store(json!({ "id": id, "score": 9, "user": "ann" })).await;
    collector.restart();
    let site = collector.again(&site);
    assert_eq!(site.score("").await["scored"], 1);
    assert_eq!(collector.get(&format!("/s/{}", site.id)).await.status, 200);
    assert_eq!(collector.get(&format!("/e/{}.js", site.id)).await.status, 200);
    let sites = listed(&collector, 10).await;
    assert_eq!((&sites[1]["jurisdiction"], &sites[0]["jurisdiction"]), (&json!("eu"), &Value::Null));
    for moved in [&site.id[3..], &format!("us-{}", &site.id[3..]), &format!("eu-{}", anywhere.id)] {
        site.with_id(moved).post(&json!({ "id": id, "score": 1 })).await.problem(404);
    }
    for wrong in [json!("us"), json!("EU"), json!(""), json!(7), json!(["eu"])] {
        let given = json!({ "name": "Tea shop", "jurisdiction": wrong });
        let problem = collector.ask_for_site(&given).await.invalid_at("/jurisdiction");
        assert!(problem["detail"].as_str().unwrap().contains("`eu`"), "{problem}");
    }
    site.owner_request("PATCH", "", json!({ "jurisdiction": "eu" })).await.invalid_at("/jurisdiction");
}

#[tokio::test]
async fn a_site_registers_itself_when_the_registry_is_back() {
    let mut collector = Collector::start();
    let first = collector.site().await;
    collector.kill();
    // A table that takes no entry stands for a registry that fails.
    let break_it = "ALTER TABLE site RENAME TO kept; CREATE TABLE site (site TEXT)";
    registry(&collector).execute_batch(break_it).unwrap();
    collector.restart();
    let second = collector.site().await;
    second.store(json!({ "id": new_id(), "score": 9 })).await;
    admin(&collector, Method::GET, "", Value::Null).await.problem(500);
    let deleted = collector.again(&first);
    assert_eq!(delete(&collector, &deleted).await.status, 204, "the registry holds up no site");
    collector.kill();
    registry(&collector).execute_batch("DROP TABLE site; ALTER TABLE kept RENAME TO site").unwrap();
    collector.restart();
    until("both changes are in the list", async || {
        let sites = listed(&collector, 10).await;
        let has_both = ids(&sites) == [&*second.id, &*first.id];
        (has_both && sites[1]["deleted_at"].is_string()).then_some(())
    })
    .await;
    collector.again(&first).get("score", &first.read).await.problem(410);
}

#[tokio::test]
async fn a_site_of_an_earlier_version_registers_itself() {
    for fixture in [FIRST, SECOND] {
        let (mut collector, site) = stopped_site(fixture, 10).await;
        fs::remove_dir_all(collector.registry_folder()).unwrap();
        collector.restart();
        assert_eq!(listed(&collector, 10).await, [] as [Value; 0]);
        // Any use of the site will do.
        collector.again(&site).post(&json!({ "id": new_id(), "score": 9 })).await.ok();
        let entry = until("the site is listed", async || listed(&collector, 10).await.pop()).await;
        assert_eq!(entry["site"], *site.id);
        assert!(entry["name"].is_string() && entry["created_at"].is_string(), "{entry}");
        assert_eq!(entry["deleted_at"], Value::Null);
    }
}
