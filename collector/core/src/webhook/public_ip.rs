//! Which addresses are on the public internet.
//!
//! After the registries of special-purpose addresses (RFC 6890 and what IANA has added since). What
//! is in doubt counts as not public: nobody needs a webhook at such an address.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether anyone may be at this address.
pub(super) fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        // This network, loopback, link-local.
        (0 | 127, ..) | (169, 254, _)
        // Private, and shared behind a carrier's translation.
        | (10, ..) | (172, 16..=31, _) | (192, 168, _) | (100, 64..=127, _)
        // Protocol assignments, documentation, the old 6to4 relays, benchmarks.
        | (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) | (198, 18 | 19, _)
        // Multicast, reserved, broadcast.
        | (224..=255, ..)
    )
}

/// Whether anyone may be at this address.
///
/// Only 2000::/3 is given out. Loopback, private (fc00::/7), link-local, multicast and all forms
/// that hold an IPv4 address (mapped, compatible, NAT64) lie outside it; 6to4, Teredo and
/// documentation, inside it, are taken out.
pub(super) fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    first & 0xe000 == 0x2000
        && !matches!((first, second), (0x2001, 0..=0x1ff | 0xdb8) | (0x2002, _) | (0x3fff, 0..=0xfff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_last_address_of_each_special_block_are_private() {
        for (public, addresses) in [
            (
                false,
                "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 \
                 169.254.0.0 169.254.169.254 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.1 192.88.99.1 \
                 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 \
                 239.255.255.255 240.0.0.0 255.255.255.255",
            ),
            (
                true,
                "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 \
                 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255 192.169.0.0 198.17.255.255 \
                 198.20.0.0 203.0.112.0 203.0.114.0 223.255.255.255",
            ),
        ] {
            for address in addresses.split_whitespace() {
                assert_eq!(is_public_v4(address.parse().unwrap()), public, "{address}");
            }
        }
        for (public, addresses) in [
            (
                false,
                ":: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1 100::1 2001::1 \
                 2001:1ff::1 2001:db8::1 2002:7f00:1::1 2002:a00:1:: 3fff::1 3fff:fff::1 5f00::1 fc00::1 fdff::1 fe80::1 \
                 fec0::1 ff02::1",
            ),
            (true, "2000::1 2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111 2a00::1 3fff:1000::1"),
        ] {
            for address in addresses.split_whitespace() {
                assert_eq!(is_public_v6(address.parse().unwrap()), public, "{address}");
            }
        }
    }
}
