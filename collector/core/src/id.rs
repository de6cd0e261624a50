//! Random ids in base 32.

/// Crockford's base 32 in lower case: without the letters that are read as another.
const BASE32: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Length of an id: 60 random bits. A million sites collide with a chance below one in a million.
pub(crate) const ID_LEN: usize = 12;

/// Creates an id for something of a site: a note, a webhook, an import.
pub fn new_id(random: &[u8; 8]) -> String {
    base32(random, ID_LEN)
}

/// Returns the first `length` base 32 digits of the bytes.
pub(crate) fn base32(bytes: &[u8], length: usize) -> String {
    let bit = |nth: usize| bytes.get(nth / 8).is_some_and(|byte| byte >> (7 - nth % 8) & 1 == 1);
    let digit = |nth: usize| (nth * 5..nth * 5 + 5).fold(0, |digit, nth| digit << 1 | usize::from(bit(nth)));
    let digits = (0..length.min((bytes.len() * 8).div_ceil(5))).map(digit);
    digits.filter_map(|digit| BASE32.get(digit)).map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_reads_bits_from_the_left() {
        assert_eq!(base32(&[0xff, 0x00], 3), "zw0");
        assert_eq!(base32(b"", 3), "");
    }
}
