//! Step after which a site is in the registry: schedules the registration of a site from before.

use crate::http::ApiResult;
use crate::site::database::Database;
use crate::site::scheduler::Task;

/// Schedules the registration at once.
pub fn run(database: &Database) -> ApiResult<()> {
    let insert = "INSERT OR IGNORE INTO due (kind, subject, at) VALUES (?, '', 2)";
    database.run(insert, vec![Task::Register.as_str().into()])?;
    Ok(())
}
