use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::*;

fn find(peer: &str, header: &str, listed: &str) -> String {
    let (peer, header) = (peer.parse().unwrap(), AddressHeader::parse(header).unwrap());
    ClientAddress::behind(peer, Some(listed), &header, &TrustedProxies::default()).to_string()
}

#[test]
fn addresses_are_read_with_ports_brackets_and_zones() {
    for (text, expected) in [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:80", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::"),
        ("[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("[fe80::1%2]:80", "fe80::"),
        ("::1", "::"),
    ] {
        assert_eq!(ClientAddress::new(parse_address(text).unwrap()).to_string(), expected, "{text}");
    }
    for wrong in [
        "",
        "unknown",
        "_hidden",
        "203.0.113",
        "203.0.113.7.8",
        "203.0.113.007",
        "203.0.113.7:",
        "203.0.113.7:99999",
        "[2001:db8::1",
        "[2001:db8::1]4711",
        "[2001:db8::1]:",
        "[203.0.113.7]x",
        "2001:db8::1::2",
        "shop.example",
    ] {
        assert_eq!(parse_address(wrong), None, "{wrong}");
    }
}

#[test]
fn the_rightmost_untrusted_entry_counts() {
    let list = |peer, listed| find(peer, "X-Forwarded-For", listed);
    assert_eq!(list("127.0.0.1", "203.0.113.7"), "203.0.113.7");
    assert_eq!(list("127.0.0.1", "198.51.100.1, 203.0.113.7"), "203.0.113.7", "the left one is a claim");
    assert_eq!(list("127.0.0.1", "198.51.100.1, 203.0.113.7, 10.1.2.3,192.168.0.9:80"), "203.0.113.7");
    assert_eq!(list("::ffff:10.0.0.1", "[2001:db8:1:2::7]:4711"), "2001:db8:1:2::");
    assert_eq!(list("fd00::1", "10.0.0.9"), "10.0.0.9", "a client of the own network");
    assert_eq!(list("203.0.113.9", "198.51.100.1"), "203.0.113.9", "the peer is no proxy of ours");
    assert_eq!(list("8.8.8.8", "127.0.0.1"), "8.8.8.8");
    for unreadable in ["", " ", "unknown", "203.0.113.7, unknown", "203.0.113.7,", "203.0.113.7, 10.0.0.256"]
    {
        assert_eq!(list("127.0.0.1", unreadable), "127.0.0.1", "{unreadable}");
    }
    assert_eq!(list("127.0.0.1", "203.0.113.7, _hidden, 10.0.0.2"), "10.0.0.2");
}

#[test]
fn the_forwarded_header_is_read_as_rfc_7239_writes_it() {
    let forwarded = |listed| find("127.0.0.1", "forwarded", listed);
    assert_eq!(forwarded("for=192.0.2.43"), "192.0.2.43");
    assert_eq!(forwarded("for=198.51.100.1, For=\"192.0.2.43:47011\";proto=https"), "192.0.2.43");
    assert_eq!(forwarded("proto=http;by=203.0.113.43; FOR=\"[2001:db8:cafe::17]:4711\""), "2001:db8:cafe::");
    assert_eq!(forwarded("for=192.0.2.43, for=10.0.0.1"), "192.0.2.43");
    for unreadable in ["192.0.2.43", "for=unknown", "for=_SEVKISEK", "by=192.0.2.43", "for=\"192.0.2.43"] {
        assert_eq!(forwarded(unreadable), "127.0.0.1", "{unreadable}");
    }
    assert_eq!(forwarded("for=\"198.51.100.1, for=192.0.2.43"), "192.0.2.43", "a client's open quote");
}

#[test]
fn header_names_are_tokens() {
    for name in ["X-Forwarded-For", " cf-connecting-ip ", "Fly-Client-IP", "x_real_ip"] {
        assert_eq!(AddressHeader::parse(name).unwrap().as_str(), name.trim().to_ascii_lowercase());
    }
    for wrong in ["", " ", "X Forwarded", "X-Forwarded-For:", "X-Real-IP, Forwarded", "é"] {
        assert_eq!(AddressHeader::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn networks_are_read_and_a_wrong_entry_is_named() {
    let trusted =
        TrustedProxies::parse("192.0.2.1, 198.51.100.7/24 ,2001:db8::/32,::ffff:203.0.113.0/120").unwrap();
    let is_trusted = |address: &str| trusted.contains(address.parse().unwrap());
    for address in
        ["192.0.2.1", "::ffff:192.0.2.1", "198.51.100.0", "198.51.100.255", "2001:db8:ffff::1", "203.0.113.9"]
    {
        assert!(is_trusted(address), "{address}");
    }
    for address in ["192.0.2.2", "198.51.101.0", "2001:db9::1", "127.0.0.1", "203.0.114.1"] {
        assert!(!is_trusted(address), "{address}");
    }
    let all = TrustedProxies::parse("0.0.0.0/0, ::/0").unwrap();
    assert!(all.contains("8.8.8.8".parse().unwrap()) && all.contains("2600::1".parse().unwrap()));
    for (text, wrong) in [
        ("10.0.0.0/33", "10.0.0.0/33"),
        ("10.0.0.0/8, proxy.example", "proxy.example"),
        ("10.0.0.0/8,", ""),
        ("::1/129", "::1/129"),
        ("10.0.0.0/-1", "10.0.0.0/-1"),
        ("10.0.0.0/", "10.0.0.0/"),
        ("10.0.0.0/+8", "10.0.0.0/+8"),
        ("private", "private"),
    ] {
        assert_eq!(TrustedProxies::parse(text), Err(wrong), "{text}");
    }
}

#[test]
fn this_machine_and_private_networks_are_trusted_by_default() {
    let trusted = TrustedProxies::default();
    for (expected, addresses) in [
        (
            true,
            "127.0.0.1 127.255.255.255 ::1 10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.1 fc00::1 \
             fdff::1 169.254.1.1 fe80::1 febf::1 ::ffff:10.1.1.1",
        ),
        (
            false,
            "126.255.255.255 128.0.0.0 9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 \
             ::2 fe00::1 fec0::1 2001:db8::1 8.8.8.8 ::ffff:8.8.8.8",
        ),
    ] {
        for address in addresses.split_whitespace() {
            assert_eq!(trusted.contains(address.parse().unwrap()), expected, "{address}");
        }
    }
}

/// A collector in a container, as `deploy/Dockerfile` says, and with the networks of the recipes
/// for proxies.
#[test]
fn the_bridge_of_a_container_is_a_proxy_by_default_only() {
    assert_eq!(find("172.17.0.1", "X-Forwarded-For", "203.0.113.7"), "203.0.113.7");
    let (peer, header) = ("172.17.0.1".parse().unwrap(), AddressHeader::parse("X-Forwarded-For").unwrap());
    let trusted = TrustedProxies::parse("127.0.0.1/32").unwrap();
    let found = ClientAddress::behind(peer, Some("203.0.113.7"), &header, &trusted);
    assert_eq!(found.to_string(), "172.17.0.1");
}

proptest! {
    /// However a client fills the header, the address that the trusted proxy saw is found.
    #[test]
    fn a_client_cannot_choose_its_address(
        claim in "[ -~]{0,60}", client: [u8; 4], hops in prop::collection::vec(any::<[u8; 2]>(), 0..4), port: u16,
    ) {
        let client = IpAddr::V4(Ipv4Addr::from(client));
        let trusted = TrustedProxies::default();
        prop_assume!(!trusted.contains(client));
        let mut listed = format!("{claim}, {client}:{port}");
        for [a, b] in hops {
            listed.push_str(&format!(", 10.0.{a}.{b}"));
        }
        prop_assert_eq!(find("192.168.0.1", "x-forwarded-for", &listed), client.to_string());
        let listed = format!("{claim}, for=\"{client}:{port}\";proto=https");
        prop_assert_eq!(find("192.168.0.1", "Forwarded", &listed), client.to_string());
        let peer = find(&client.to_string(), "x-forwarded-for", &claim);
        prop_assert_eq!(peer, client.to_string(), "no header of an untrusted peer counts");
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one_client(network: u64, a: u64, b: u64) {
        let address = |host: u64| Ipv6Addr::from_bits(u128::from(network) << 64 | u128::from(host));
        prop_assume!(address(a).to_ipv4_mapped().is_none() && address(b).to_ipv4_mapped().is_none());
        prop_assert_eq!(ClientAddress::new(address(a).into()), ClientAddress::new(address(b).into()));
        let four = Ipv4Addr::from_bits(a as u32);
        prop_assert_eq!(ClientAddress::new(four.into()), ClientAddress::new(four.to_ipv6_mapped().into()));
    }

    /// A network contains what has its first bits and nothing else.
    #[test]
    fn networks_contain_their_addresses(base: u32, other: u32, bits in 0..=32_u32) {
        let trusted = format!("{}/{bits}", Ipv4Addr::from_bits(base));
        let trusted = TrustedProxies::parse(&trusted).unwrap();
        let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        let expected = base & mask == other & mask;
        prop_assert_eq!(trusted.contains(Ipv4Addr::from_bits(other).into()), expected);
    }

    #[test]
    fn no_text_panics(text in ".{0,40}") {
        parse_address(&text);
        let _ = TrustedProxies::parse(&text);
        find("127.0.0.1", "forwarded", &text);
    }
}
