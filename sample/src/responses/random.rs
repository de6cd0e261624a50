//! Numbers that look random and are the same on every run and machine.

use anyhow::{Result, bail};

/// 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64, the generator of Steele, Lea and Flood (2014).
pub struct Random(u64);

impl Random {
    /// Starts a sequence.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns one of some values, each as often as its weight says.
    pub fn pick<T: Copy>(&mut self, weighted: &[(T, u32)]) -> Result<T> {
        value_at(self.point(), weighted)
    }

    /// Returns a number from 0 up to, but not including, `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        position(self.point(), bound.into()) as u32
    }

    fn point(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Weyl sequence with the golden ratio: each stretch of it has about the frequencies of the
/// weights.
#[derive(Default)]
pub struct EvenSpread(u64);

impl EvenSpread {
    /// Returns the next of some values.
    pub fn pick<T: Copy>(&mut self, weighted: &[(T, u32)]) -> Result<T> {
        self.0 = self.0.wrapping_add(GOLDEN);
        value_at(self.0, weighted)
    }
}

/// Returns the value at `point` / 2^64 of the sum of the weights.
fn value_at<T: Copy>(point: u64, weighted: &[(T, u32)]) -> Result<T> {
    let total = weighted.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let mut rest = position(point, total);
    for (value, weight) in weighted {
        match rest.checked_sub(u64::from(*weight)) {
            Some(less) => rest = less,
            None => return Ok(*value),
        }
    }
    bail!("nothing to choose from has a weight")
}

/// Scales a number of 64 bits to one below `bound`.
fn position(point: u64, bound: u64) -> u64 {
    ((u128::from(point) * u128::from(bound)) >> 64) as u64
}
