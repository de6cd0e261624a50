//! Identity of a row: which rows, of one file or of two, are one response.
//!
//! A row is identified by its own id, where the file has ids, and otherwise by its cells as they
//! are written, before dates and zones are applied. So the same rows are known again after a change
//! of the site's time zone, of the mapping of columns, of their order, or of the quoting. Of rows
//! that are alike the second has another identity than the first, since these are different people.
//!
//! The digest here is without a key. Only its [`RowKey`] leaves the Worker.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use api::ResponseId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::counts::short;

/// Digest of what identifies a row in its file.
pub type RowDigest = [u8; 32];

/// Bytes of a digest by which rows of one file are told apart.
const SEEN_BYTES: usize = 16;

/// Cells of a row, as far as they identify it.
#[derive(Default)]
pub struct RowContent {
    cells: Vec<(String, String)>,
    /// Digest by the rule of collectors before the tables had keys of imported rows.
    earlier: Sha256,
}

impl RowContent {
    /// Adds a cell as it is in the file. An empty cell does not count.
    pub fn add(&mut self, name: &str, cell: &str) {
        update_framed(&mut self.earlier, name);
        update_framed(&mut self.earlier, cell);
        let cell = cell.trim();
        if !cell.is_empty() {
            self.cells.push((name.to_owned(), cell.to_owned()));
        }
    }

    /// Returns the digest of the cells in the order of their names, and that of the earlier rule.
    fn digests(mut self) -> (RowDigest, RowDigest) {
        self.cells.sort_unstable();
        let mut content = Sha256::new();
        for (name, cell) in &self.cells {
            update_framed(&mut content, name);
            update_framed(&mut content, cell);
        }
        (content.finalize().into(), self.earlier.finalize().into())
    }
}

/// Adds a text behind its length, so that no two lists of texts have the same bytes.
fn update_framed(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}

/// Identity of a row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowIdentity {
    pub digest: RowDigest,
    /// Time in the response's id: that of the first row with this identity.
    pub id_at: i64,
    /// Id by the earlier rule.
    pub earlier_id: ResponseId,
}

/// Returns a row's own id. A number that a spreadsheet has rounded is none: other rows have the
/// same.
pub fn own_id(cell: &str) -> Result<String, String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_rounded = cell.split_once(['E', 'e']).is_some_and(|(number, exponent)| {
        is_number(&number.replacen(['.', ','], "", 1)) && exponent.strip_prefix('+').is_some_and(is_number)
    });
    match is_rounded {
        true => Err(format!(
            "A spreadsheet has rounded the id {}. Send the file as it was exported, or remove the column.",
            short(cell)
        )),
        false => Ok(cell.to_owned()),
    }
}

/// Identities of the rows of one file, in their order.
#[derive(Default)]
pub struct RowIdentities {
    /// Number of times each content was seen.
    repeats: BTreeMap<[u8; SEEN_BYTES], i64>,
    /// Time of the first row with each own id.
    first_at: BTreeMap<[u8; SEEN_BYTES], i64>,
}

impl RowIdentities {
    /// Returns the identity of the next row. `dated_at` is its own time, if it has one.
    pub fn next(
        &mut self,
        own_id: Option<&str>,
        content: RowContent,
        at: i64,
        dated_at: Option<i64>,
    ) -> RowIdentity {
        let (content, earlier_content) = content.digests();
        let (digest, earlier, id_at) = match own_id {
            Some(own) => {
                let uuid = ResponseId::parse(own);
                let canonical = uuid.map_or_else(|| own.to_owned(), ResponseId::to_hex);
                let digest = id_digest(&canonical);
                let id_at = match self.first_at.entry(seen(&digest)) {
                    Entry::Occupied(first) => *first.get(),
                    Entry::Vacant(free) => *free.insert(at),
                };
                if let Some(uuid) = uuid {
                    return RowIdentity { digest, id_at, earlier_id: uuid };
                }
                (digest, Sha256::new().chain_update(b"id").chain_update(own), id_at)
            }
            None => {
                let nth = self.count(b"row", &content);
                let digest =
                    Sha256::new().chain_update(b"row").chain_update(content).chain_update(nth.to_le_bytes());
                let nth = self.count(b"line", &earlier_content);
                let earlier = Sha256::new().chain_update(b"line").chain_update(earlier_content);
                (digest.finalize().into(), earlier.chain_update(nth.to_le_bytes()), at)
            }
        };
        let earlier: RowDigest = earlier.finalize().into();
        // Undated rows had the time 0 in their ids.
        let dated_at = u64::try_from(dated_at.unwrap_or(0)).unwrap_or(0);
        RowIdentity { digest, id_at, earlier_id: ResponseId::from_time(dated_at, &first_ten(&earlier)) }
    }

    /// Returns the number of rows with that content so far, with this one.
    fn count(&mut self, rule: &[u8], content: &RowDigest) -> u32 {
        let mut key = seen(content);
        key.iter_mut().zip(rule).for_each(|(byte, rule)| *byte ^= rule);
        let count = self.repeats.entry(key).or_default();
        *count += 1;
        u32::try_from(*count).unwrap_or(u32::MAX)
    }
}

/// Returns the digest of a row with an id of its own.
fn id_digest(canonical: &str) -> RowDigest {
    Sha256::new().chain_update(b"id").chain_update(canonical).finalize().into()
}

fn seen(digest: &RowDigest) -> [u8; SEEN_BYTES] {
    let mut seen = [0; SEEN_BYTES];
    seen.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    seen
}

fn first_ten(bytes: &[u8]) -> [u8; 10] {
    let mut ten = [0; 10];
    ten.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    ten
}

/// Key of an imported row within its site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowKey {
    /// Key by which the site finds the response of the row.
    pub key: [u8; 16],
    /// Id of the response, should the row be new.
    pub new_id: ResponseId,
}

/// Secret under which a site keys imported rows. It is random, so nobody who knows a row can
/// compute its key or the id of its response.
pub struct RowSecret(Hmac<Sha256>);

impl RowSecret {
    /// Number of bytes of a secret.
    pub const BYTES: usize = 32;

    /// Creates the secret from its random bytes.
    pub fn new(bytes: &[u8; Self::BYTES]) -> Self {
        Self(Hmac::new(&hmac_block(bytes)))
    }

    /// Returns random bytes in hexadecimal, as they are stored.
    pub fn encode(bytes: &[u8; Self::BYTES]) -> String {
        hex::encode(bytes)
    }

    /// Parses a secret from hexadecimal.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = hex::decode(text).ok()?;
        Some(Self::new(bytes.as_slice().try_into().ok()?))
    }

    /// Returns the digest of a file with its options, by which it is known when it is sent again.
    pub fn file_digest(&self, options: &str, file: &[u8]) -> String {
        let mac = self.0.clone().chain_update((options.len() as u64).to_le_bytes());
        hex::encode(mac.chain_update(options).chain_update(file).finalize().into_bytes())
    }

    /// Returns the key of a row. The key is one part of an HMAC-SHA-256 (RFC 2104), and the random
    /// part of the id another.
    pub fn row_key(&self, digest: &RowDigest, id_at: i64) -> RowKey {
        let mac: [u8; 32] = self.0.clone().chain_update(digest).finalize().into_bytes().into();
        let random = first_ten(mac.get(SEEN_BYTES..).unwrap_or_default());
        let new_id = ResponseId::from_time(u64::try_from(id_at).unwrap_or(0), &random);
        RowKey { key: seen(&mac), new_id }
    }

    /// Returns the keys, in hexadecimal, that a response has as a row of an export of ours, and as
    /// a row of one that was edited.
    pub fn keys_of(&self, id: ResponseId) -> [String; 2] {
        let digests = [Self::export_digest(id), id_digest(&id.to_hex())];
        digests.map(|digest| hex::encode(self.row_key(&digest, 0).key))
    }

    /// Returns the digest of a row whose id is kept: that of an export of ours.
    pub fn export_digest(id: ResponseId) -> RowDigest {
        Sha256::new().chain_update(b"export").chain_update(id.bytes()).finalize().into()
    }
}

/// Returns a key of the length of the hash's block, which `Hmac::new` takes without an error.
fn hmac_block(bytes: &[u8; RowSecret::BYTES]) -> hmac::digest::Key<Hmac<Sha256>> {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    block
}
