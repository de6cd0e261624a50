//! The object behind `GET /readyz`, which has nothing but a row that comes and goes.

use super::clock::now_ms;
use super::state::SiteState;
use crate::http::{ApiResult, Response, response};

/// Time after a check in which the next writes nothing, in milliseconds. Isolates of the Worker do
/// not know of each other's checks.
const INTERVAL_MS: i64 = 10_000;

/// Writes and deletes a row, each until it is on disk. A check that comes meanwhile waits for the
/// same write.
pub async fn check(site: &SiteState) -> ApiResult<Response> {
    let (now_ms, database) = (now_ms(), &site.database);
    let is_due = !(0..INTERVAL_MS).contains(&(now_ms - site.storage_checked_ms.get()));
    if is_due {
        site.storage_checked_ms.set(now_ms);
        database.run("CREATE TABLE IF NOT EXISTS storage_check (at INTEGER)", vec![])?;
        database.run("INSERT INTO storage_check (at) VALUES (?)", vec![now_ms.into()])?;
    }
    database.sync().await?;
    if is_due {
        database.run("DELETE FROM storage_check", vec![])?;
    }
    Ok(response::empty(200))
}
