//! A bucket for each visitor, in memory and nowhere else.
//!
//! A visitor is known by a digest of the network address, salted with the collector's secret, the
//! site and the day: it cannot be turned back into the address, says nothing about the same person
//! on another site or the next day, and is gone with the isolate. There are never more buckets than
//! the map was made for, whatever addresses somebody comes from.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use super::{Quota, Remaining, RetryAfter, TokenBucket};
use crate::Secret;
use crate::SiteId;
use api::Day;

/// Key of a visitor: a digest of the network address.
pub type AddressKey = [u8; 16];

/// The key of an address at a site on one day.
///
/// An IPv6 address counts by its first 64 bits, the least that one subscriber has, or else one
/// machine would be 2^64 visitors.
pub fn address_key(secret: &Secret, day: Day, site: &SiteId, address: &str) -> AddressKey {
    let network = match address.trim().parse::<IpAddr>() {
        Ok(IpAddr::V6(six)) => match six.to_ipv4_mapped() {
            Some(four) => four.to_string(),
            None => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).to_string(),
        },
        Ok(IpAddr::V4(four)) => four.to_string(),
        Err(_) => address.trim().to_owned(),
    };
    // No site id begins another and a day has one length, so no two addresses share a text.
    let text = [site.as_str().as_bytes(), &day.number().to_be_bytes(), network.as_bytes()].concat();
    let mut key = AddressKey::default();
    key.iter_mut().zip(secret.mac("address", &text)).for_each(|(to, from)| *to = from);
    key
}

/// The buckets of visitors, up to a number of them.
#[derive(Debug, Clone)]
pub struct PerVisitorBuckets {
    limit: Quota,
    most: usize,
    buckets: BTreeMap<AddressKey, TokenBucket>,
}

impl PerVisitorBuckets {
    /// Nobody yet, and never more than `most` (at least 1).
    pub fn new(limit: Quota, most: usize) -> Self {
        Self { limit, most: most.max(1), buckets: BTreeMap::new() }
    }

    /// The limit of each visitor.
    pub fn limit(&self) -> &Quota {
        &self.limit
    }

    /// Takes `cost` tokens from the bucket of that visitor; see [`TokenBucket::take`]. Who is not
    /// known has a full one.
    pub fn take(&mut self, visitor: AddressKey, now_ms: i64, cost: u32) -> Result<Remaining, RetryAfter> {
        if self.buckets.len() >= self.most && !self.buckets.contains_key(&visitor) {
            self.make_room(now_ms);
        }
        let full = || TokenBucket::full(&self.limit, now_ms);
        self.buckets.entry(visitor).or_insert_with(full).take(&self.limit, now_ms, cost)
    }

    /// Whether a token could be taken from the bucket of that visitor; takes none.
    pub fn check(&self, visitor: AddressKey, now_ms: i64) -> Result<(), RetryAfter> {
        let Some(mut copy) = self.buckets.get(&visitor).copied() else { return Ok(()) };
        copy.take(&self.limit, now_ms, 1).map(|_| ())
    }

    /// Number of buckets.
    pub fn len(&self) -> usize {
        self.buckets.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.buckets.is_empty()
    }

    /// Forgets visitors whose bucket is full again, for whom nothing is lost. Should these not be
    /// enough, those who were not seen for longest go too, an eighth at once, so that a flood of
    /// addresses does not make every request go through the map.
    fn make_room(&mut self, now_ms: i64) {
        let limit = self.limit;
        self.buckets.retain(|_, bucket| bucket.tokens_at(&limit, now_ms) < limit.capacity());
        let room = self.most.div_ceil(8);
        let mut too_many = (self.buckets.len() + room).saturating_sub(self.most);
        if too_many == 0 {
            return;
        }
        let mut seen: Vec<i64> = self.buckets.values().map(|bucket| bucket.at).collect();
        seen.sort_unstable();
        let Some(until) = seen.get(too_many - 1).copied() else {
            return;
        };
        self.buckets.retain(|_, bucket| {
            let goes = too_many > 0 && bucket.at <= until;
            too_many -= usize::from(goes);
            !goes
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Quota = Quota::new("visitors", 2, 60);

    fn key(number: u128) -> AddressKey {
        number.to_be_bytes()
    }

    #[test]
    fn each_visitor_has_an_own_bucket() {
        let mut visitors = PerVisitorBuckets::new(LIMIT, 100);
        assert!(visitors.is_empty());
        assert!(visitors.take(key(1), 0, 2).is_ok() && visitors.take(key(1), 0, 1).is_err());
        assert!(visitors.take(key(2), 0, 2).is_ok());
        assert_eq!((visitors.len(), visitors.limit()), (2, &LIMIT));
    }

    #[test]
    fn the_number_of_buckets_is_bounded() {
        let mut visitors = PerVisitorBuckets::new(LIMIT, 10_000);
        for number in 0..50_000 {
            assert!(visitors.take(key(number), 0, 1).is_ok());
            assert!(visitors.len() <= 10_000);
        }
        assert!(visitors.len() > 8_000);
        let mut one = PerVisitorBuckets::new(LIMIT, 0);
        assert!((0..9).all(|number| one.take(key(number), 0, 1).is_ok() && one.len() == 1));
    }

    #[test]
    fn full_buckets_are_evicted_first_and_then_the_oldest() {
        let mut visitors = PerVisitorBuckets::new(LIMIT, 8);
        for number in 0..8 {
            // The even ones have used all they had, at different times.
            let cost = if number % 2 == 0 { 2 } else { 0 };
            assert!(visitors.take(key(number), number as i64, cost).is_ok());
        }
        assert!(visitors.take(key(100), 10, 2).is_ok());
        assert_eq!(visitors.len(), 5);
        for number in [0, 2, 4, 6, 100] {
            assert!(visitors.take(key(number), 20 + number as i64, 1).is_err(), "{number} is still known");
        }
        for number in 101..104 {
            assert!(visitors.take(key(number), 200, 2).is_ok());
        }
        assert!(visitors.take(key(104), 200, 2).is_ok());
        assert!(visitors.take(key(0), 200, 1).is_ok(), "0 was not seen for longest");
        assert!(visitors.take(key(100), 200, 1).is_err());
    }

    #[test]
    fn visitor_keys_hide_the_address_and_rotate_by_day_and_site() {
        let secret = Secret::new("a secret of the collector").unwrap();
        let (a, b) = (SiteId::issue([1; 8], &secret), SiteId::issue([2; 8], &secret));
        let (today, tomorrow) = (Day::new(20_000), Day::new(20_001));
        let key = |address: &str| address_key(&secret, today, &a, address);
        assert_eq!(key("203.0.113.7"), key(" 203.0.113.7"));
        assert_eq!(key("203.0.113.7"), key("::ffff:203.0.113.7"));
        assert_ne!(key("203.0.113.7"), key("203.0.113.8"));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("unknown"), key(""));
        assert_ne!(key("203.0.113.7"), address_key(&secret, tomorrow, &a, "203.0.113.7"));
        assert_ne!(key("203.0.113.7"), address_key(&secret, today, &b, "203.0.113.7"));
    }
}
