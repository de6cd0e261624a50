//! A window for each client address, in memory and nowhere else.
//!
//! A client is known by a digest of its address, salted with the collector's secret, the site and
//! the day: it cannot be turned back into the address, says nothing about the same person on
//! another site or the next day, and is gone with the isolate. There are never more windows than
//! the map was made for, whatever addresses somebody comes from.

use std::collections::BTreeMap;

use super::{Quota, Remaining, RetryAfter, Window};
use crate::client_address::ClientAddress;
use crate::{Secret, SiteId};
use api::Day;

/// Digest of a client's address.
pub type AddressKey = [u8; 16];

/// Returns the key of an address at a site on one day.
pub fn address_key(secret: &Secret, day: Day, site: &SiteId, address: ClientAddress) -> AddressKey {
    // Site and day have one length each, so no two addresses share a text.
    let address = address.to_string();
    let text = [site.as_str().as_bytes(), &day.number().to_be_bytes(), address.as_bytes()].concat();
    let mut key = AddressKey::default();
    key.iter_mut().zip(secret.mac("address", &text)).for_each(|(to, from)| *to = from);
    key
}

/// Windows of client addresses, up to a number of them.
#[derive(Debug, Clone)]
pub struct PerAddressWindows {
    limit: Quota,
    most: usize,
    windows: BTreeMap<AddressKey, Window>,
}

impl PerAddressWindows {
    /// Creates an empty map of at most `most` (at least 1) addresses.
    pub fn new(limit: Quota, most: usize) -> Self {
        Self { limit, most: most.max(1), windows: BTreeMap::new() }
    }

    /// Returns the limit of each address.
    pub fn limit(&self) -> &Quota {
        &self.limit
    }

    /// Takes `cost` from the quota of an address; see [`Window::take`].
    pub fn take(&mut self, address: AddressKey, now_ms: i64, cost: u32) -> Result<Remaining, RetryAfter> {
        if self.windows.len() >= self.most && !self.windows.contains_key(&address) {
            self.make_room(now_ms);
        }
        let window = self.windows.entry(address).or_insert_with(|| Window::starting(now_ms));
        window.take(&self.limit, now_ms, cost)
    }

    /// Fails where the next `take` of one would, and takes nothing.
    pub fn check(&self, address: AddressKey, now_ms: i64) -> Result<(), RetryAfter> {
        let window = self.windows.get(&address).copied();
        window.map_or(Ok(()), |mut window| window.take(&self.limit, now_ms, 1).map(drop))
    }

    /// Forgets addresses whose window has ended. Should these not be enough, the oldest windows go
    /// too, an eighth at once, so that a flood of addresses does not make every request go through
    /// the map.
    fn make_room(&mut self, now_ms: i64) {
        let limit = self.limit;
        self.keep(&mut |window| !window.has_ended(&limit, now_ms));
        let room = self.most.div_ceil(8);
        let mut too_many = (self.windows.len() + room).saturating_sub(self.most);
        if too_many == 0 {
            return;
        }
        let mut starts: Vec<i64> = self.windows.values().map(Window::started_ms).collect();
        starts.sort_unstable();
        let Some(until) = starts.get(too_many - 1).copied() else {
            return;
        };
        self.keep(&mut |window| {
            let goes = too_many > 0 && window.started_ms() <= until;
            too_many -= usize::from(goes);
            !goes
        });
    }

    /// Forgets the other windows. It builds a new map, for code that removes from one is large.
    fn keep(&mut self, is_kept: &mut dyn FnMut(&Window) -> bool) {
        let windows = std::mem::take(&mut self.windows);
        self.windows.extend(windows.into_iter().filter(|(_, window)| is_kept(window)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client_address::parse_address;

    const LIMIT: Quota = Quota::new("address", 2, 60);

    fn key(number: u128) -> AddressKey {
        number.to_be_bytes()
    }

    #[test]
    fn a_check_takes_nothing_and_fails_as_the_next_request_would() {
        let mut windows = PerAddressWindows::new(Quota::new("address", 2, 60), 10);
        let address = [7; 16];
        for _ in 0..2 {
            assert_eq!(windows.check(address, 0), Ok(()));
            windows.take(address, 0, 1).unwrap();
        }
        let wait = windows.check(address, 1_000).unwrap_err();
        assert_eq!(windows.take(address, 1_000, 1), Err(wait));
        assert_eq!(windows.check(address, 60_000), Ok(()));
    }

    #[test]
    fn each_address_has_a_quota_of_its_own() {
        let mut addresses = PerAddressWindows::new(LIMIT, 100);
        assert!(addresses.take(key(1), 0, 2).is_ok() && addresses.take(key(1), 0, 1).is_err());
        assert!(addresses.take(key(2), 0, 2).is_ok());
        assert_eq!((addresses.windows.len(), addresses.limit()), (2, &LIMIT));
    }

    #[test]
    fn the_number_of_windows_is_bounded() {
        let mut addresses = PerAddressWindows::new(LIMIT, 10_000);
        for number in 0..50_000 {
            assert!(addresses.take(key(number), 0, 1).is_ok());
            assert!(addresses.windows.len() <= 10_000);
        }
        assert!(addresses.windows.len() > 8_000);
        let mut one = PerAddressWindows::new(LIMIT, 0);
        assert!((0..9).all(|number| one.take(key(number), 0, 1).is_ok() && one.windows.len() == 1));
    }

    #[test]
    fn ended_windows_are_evicted_first_and_then_the_oldest() {
        let mut addresses = PerAddressWindows::new(LIMIT, 8);
        for number in 0..8 {
            // The even ones began a minute before the odd ones.
            let now_ms = if number % 2 == 0 { 0 } else { 60_000 + number as i64 };
            assert!(addresses.take(key(number), now_ms, 2).is_ok());
        }
        assert!(addresses.take(key(100), 60_010, 2).is_ok());
        assert_eq!(addresses.windows.len(), 5);
        for number in [1, 3, 5, 7, 100] {
            assert!(addresses.take(key(number), 60_020, 1).is_err(), "{number} is still known");
        }
        for number in 101..105 {
            assert!(addresses.take(key(number), 60_030, 2).is_ok());
        }
        assert!(addresses.take(key(1), 60_040, 1).is_ok(), "1 had the oldest window");
        assert!(addresses.take(key(100), 60_040, 1).is_err());
    }

    #[test]
    fn keys_hide_the_address_and_rotate_by_day_and_site() {
        let secret = Secret::new("a secret of the collector").unwrap();
        let (a, b) = (SiteId::issue([1; 8], &secret), SiteId::issue([2; 8], &secret));
        let (today, tomorrow) = (Day::new(20_000), Day::new(20_001));
        let address = |text| ClientAddress::new(parse_address(text).unwrap());
        let key = |text| address_key(&secret, today, &a, address(text));
        assert_eq!(key("203.0.113.7"), key("::ffff:203.0.113.7"));
        assert_ne!(key("203.0.113.7"), key("203.0.113.8"));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("203.0.113.7"), address_key(&secret, tomorrow, &a, address("203.0.113.7")));
        assert_ne!(key("203.0.113.7"), address_key(&secret, today, &b, address("203.0.113.7")));
    }
}
