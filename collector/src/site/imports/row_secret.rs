//! Secret under which the site keys imported rows.

use collector_core::import::RowSecret;

use crate::environment::random;
use crate::http::ApiResult;
use crate::site::database::Database;
use crate::site::meta;

/// Names in `meta` of the secret, in hexadecimal, and of the mark of a site that has responses
/// which a collector of an earlier version imported.
const SECRET: &str = "import_secret";
const HAS_EARLIER: &str = "import_earlier";

/// Returns the secret, which the first import creates, and whether rows may be known by the rule of
/// an earlier version.
pub fn get_or_create(database: &Database) -> ApiResult<(String, bool)> {
    if let Some(secret) = meta::get(database, SECRET)? {
        return Ok((secret, meta::get(database, HAS_EARLIER)?.is_some()));
    }
    let bytes: [u8; RowSecret::BYTES] = random()?;
    let secret = RowSecret::encode(&bytes);
    let earlier = "SELECT '1' FROM value WHERE property = 0 AND text = 'import'";
    let has_earlier = database.text(earlier, vec![])?.is_some();
    database.transaction(|| {
        meta::set(database, SECRET, &secret)?;
        if has_earlier { meta::set(database, HAS_EARLIER, "1") } else { Ok(()) }
    })?;
    Ok((secret, has_earlier))
}
