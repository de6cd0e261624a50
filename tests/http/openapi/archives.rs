//! Reading and restoring archives.

use collector_core::{Secret, SiteId};

use super::operation_client::{OperationClient, request};

pub async fn archives(client: &OperationClient<'_>) {
    for query in ["", "cursor=%5B%22response%22%5D", "cursor=%5B%22response%22%2C%22zz%22%5D"] {
        client.expect("readArchive", 200, request().query(query)).await;
    }
    for cursor in ["response", "[]", "[7]", "%5B%22day%22%5D"] {
        client.expect("readArchive", 422, request().query(format!("cursor={cursor}"))).await;
    }
    let page = client.expect("readArchive", 200, request()).await;
    let header = String::from_utf8(page.body).unwrap().lines().next().unwrap().to_owned();
    client.expect("restoreArchive", 409, request().bytes(header.as_str())).await;
    // An id that this collector could have issued.
    let secret = Secret::new(client.collector.secret()).unwrap();
    let unused = SiteId::issue(*b"12345678", &secret);
    let body = header.replace(&client.site.id, unused.as_str());
    let begun = || request().param("site", unused.as_str()).bytes(body.as_str());
    client.expect("restoreArchive", 200, begun()).await;
    client.expect("restoreArchive", 409, begun().query("after=1")).await;
    client.expect("restoreArchive", 422, begun().query("after=x")).await;
}
