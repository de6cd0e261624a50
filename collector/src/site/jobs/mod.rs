//! Long work, done by pages from the alarm.

pub mod backfill;
pub mod bulk;
pub mod migration;
pub mod places;
pub mod retention;
pub mod rezone;
pub mod tag_index;
pub mod word_index;

use crate::http::ApiResult;
use crate::site::database::Database;

/// The most responses of a page.
pub const PAGE: i32 = 1_000;

/// Returns the last of `size` responses after an id, both as upper-case hexadecimal; `None` where
/// there are fewer.
fn page_end(database: &Database, after: &str, size: i32) -> ApiResult<Option<String>> {
    let end = "SELECT hex(id) FROM response WHERE id > unhex(?) ORDER BY id LIMIT 1 OFFSET ?";
    database.text(end, vec![after.into(), (size - 1).into()])
}
