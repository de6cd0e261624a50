//! Signing a message, so that whoever receives it knows that it comes from this collector and is
//! not an old one.
//!
//! After the specification of Standard Webhooks: three headers, of which the last is an
//! HMAC-SHA-256 of the first two and the body. Receivers check it with any library of that name,
//! and refuse what is older than a few minutes.

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The headers of a message. `id` is the same at each try to deliver it, so that a receiver can
/// drop a second copy; it has no `.` in it. While a key is being replaced there are two, and a
/// receiver takes the signature that fits.
pub fn headers(keys: &[&[u8]], id: &str, unix_s: i64, body: &str) -> [(&'static str, String); 3] {
    let signatures: Vec<String> = keys.iter().map(|key| sign(key, id, unix_s, body)).collect();
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", unix_s.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ]
}

/// Returns the signature: `v1,` and the Base64 of the HMAC-SHA-256 of `id.timestamp.body`.
pub fn sign(key: &[u8], id: &str, unix_s: i64, body: &str) -> String {
    // HMAC takes a key of any length, so the error cannot occur; without a signature the message
    // would be refused.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(format!("{id}.{unix_s}.").as_bytes());
    mac.update(body.as_bytes());
    format!("v1,{}", Base64::encode_string(&mac.finalize().into_bytes()))
}

/// The key as the owner gives it to the receiver.
pub fn format_secret(key: &[u8; 32]) -> String {
    format!("whsec_{}", Base64::encode_string(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 24 bytes of whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.
    const KEY: [u8; 24] = [
        0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a, 0xab, 0x4f, 0x08, 0xd4, 0x3c, 0x3f, 0x08, 0x2c, 0xf6,
        0x48, 0xa3, 0x62, 0xda, 0x2d, 0xa4, 0xb0,
    ];

    /// The example that libraries of Standard Webhooks test themselves with.
    #[test]
    fn the_published_example_verifies() {
        let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", r#"{"test": 2432232314}"#);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(&KEY, id, 1_614_265_330, body), expected);
        assert_eq!(
            headers(&[&KEY], id, 1_614_265_330, body),
            [
                ("webhook-id", id.to_owned()),
                ("webhook-timestamp", "1614265330".to_owned()),
                ("webhook-signature", expected.to_owned()),
            ]
        );
    }

    #[test]
    fn any_change_changes_the_signature() {
        let right = sign(&KEY, "msg_1", 1_000, "{}");
        for other in [
            sign(&KEY[1..], "msg_1", 1_000, "{}"),
            sign(&KEY, "msg_2", 1_000, "{}"),
            sign(&KEY, "msg_1", 1_001, "{}"),
            sign(&KEY, "msg_1", 1_000, "{ }"),
        ] {
            assert_ne!(right, other);
        }
    }

    #[test]
    fn both_keys_sign_during_a_rotation() {
        let (old, new) = ([1; 32], [2; 32]);
        let [.., (_, both)] = headers(&[&new, &old], "m", 1, "{}");
        assert_eq!(both, format!("{} {}", sign(&new, "m", 1, "{}"), sign(&old, "m", 1, "{}")));
        assert_eq!(format_secret(&[0; 32]), format!("whsec_{}=", "A".repeat(43)));
        assert_eq!(Base64::encode_string(&KEY), "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }
}
