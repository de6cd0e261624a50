//! An address as a QR code, to print: an SVG that needs no font and no script.
//!
//! The code is one of ISO/IEC 18004 with bytes, error correction of level M, and versions up to [`VERSIONS`], which hold any address
//! of ours: a host has at most 253 characters. It is made here because a whole library for it would be a tenth of what the Worker
//! may grow by; the tests hold it to such a library, and another one reads it.

use std::fmt::Write;

use crate::html::escape_text;

/// The largest version that is made.
const VERSIONS: usize = 13;
/// The codewords of error correction in each block, by version, for level M.
const CORRECTION: [u8; VERSIONS] = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22];
/// The blocks, by version, for level M.
const BLOCKS: [u8; VERSIONS] = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9];
/// The modules of white around the code, as the standard wants.
const QUIET: usize = 4;

/// The code of that text, black on white; `None` where it is too long. The title, which is read out in place of the picture, is
/// the text itself.
pub fn svg(address: &str) -> Option<String> {
    let code = Code::of(address.as_bytes())?;
    let (total, title) = (code.size + 2 * QUIET, escape_text(address));
    let mut path = String::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let run = (x..code.size).take_while(|x| code.dark(*x, y)).count();
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run + 1;
        }
    }
    let side = total * 8;
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {total}" width="{side}" height="{side}" role="img" aria-labelledby="t" shape-rendering="crispEdges"><title id="t">{title}</title><path fill="#fff" d="M0 0h{total}v{total}H0z"/><path d="{path}"/></svg>"##
    ))
}

/// A module is dark.
const DARK: u8 = 1;
/// A module belongs to a pattern and holds no data.
const FIXED: u8 = 2;

struct Code {
    size: usize,
    modules: Vec<u8>,
    /// Which of the eight masks lies over the data.
    mask: usize,
}

impl Code {
    fn of(data: &[u8]) -> Option<Self> {
        let version = (1..=VERSIONS).find(|version| {
            // Four bits say that bytes follow, eight or sixteen how many.
            data.len() + if *version < 10 { 2 } else { 3 } <= Sizes::of(*version).data
        })?;
        let size = 17 + 4 * version;
        let mut code = Self { size, modules: vec![0; size * size], mask: 0 };
        code.draw_patterns(version);
        code.draw_data(&codewords(data, version));
        // The mask under which the code is easiest to read. The same mask again takes it off.
        let (mut best, mut least) = (0, usize::MAX);
        for mask in 0..8 {
            code.draw_mask(mask);
            let penalty = code.penalty();
            if penalty < least {
                (best, least) = (mask, penalty);
            }
            code.draw_mask(mask);
        }
        code.draw_mask(best);
        Some(code)
    }

    fn dark(&self, x: usize, y: usize) -> bool {
        self.modules.get(y * self.size + x).is_some_and(|module| module & DARK != 0)
    }

    /// A module of a pattern; what lies outside is passed over.
    fn fix(&mut self, x: usize, y: usize, dark: bool) {
        if x.max(y) < self.size
            && let Some(module) = self.modules.get_mut(y * self.size + x)
        {
            *module = FIXED | u8::from(dark);
        }
    }

    /// A square around a centre, light at these two distances from it.
    fn square(&mut self, cx: usize, cy: usize, reach: usize, light: [usize; 2]) {
        for y in 0..=2 * reach {
            for x in 0..=2 * reach {
                let distance = x.abs_diff(reach).max(y.abs_diff(reach));
                // Beyond the edge it wraps around to a number that is outside as well.
                self.fix(
                    (cx + x).wrapping_sub(reach),
                    (cy + y).wrapping_sub(reach),
                    !light.contains(&distance),
                );
            }
        }
    }

    fn draw_patterns(&mut self, version: usize) {
        let size = self.size;
        for at in 0..size {
            self.fix(6, at, at % 2 == 0);
            self.fix(at, 6, at % 2 == 0);
        }
        // Two or three places in each direction.
        let places = [6, if version < 7 { 0 } else { size / 2 }, size - 7];
        for y in places {
            for x in places {
                // Those in three of the corners belong to the finders.
                if version > 1 && x.min(y) > 0 && x + y > 12 && x.abs_diff(y) != size - 13 {
                    self.square(x, y, 2, [1, 1]);
                }
            }
        }
        self.square(3, 3, 4, [2, 4]);
        self.square(size - 4, 3, 4, [2, 4]);
        self.square(3, size - 4, 4, [2, 4]);
        self.draw_format();
        if version >= 7 {
            let bits = with_remainder(version, 12, 0x1f25);
            for at in 0..18 {
                let (a, b, dark) = (size - 11 + at % 3, at / 3, bits >> at & 1 == 1);
                self.fix(a, b, dark);
                self.fix(b, a, dark);
            }
        }
    }

    /// The level, whose bits are zero for M, and the mask, twice.
    fn draw_format(&mut self) {
        let bits = with_remainder(self.mask, 10, 0x537) ^ 0x5412;
        let size = self.size;
        for at in 0..15 {
            let dark = bits >> at & 1 == 1;
            match at {
                0..=5 => self.fix(8, at, dark),
                6 | 7 => self.fix(8, at + 1, dark),
                8 => self.fix(7, 8, dark),
                _ => self.fix(14 - at, 8, dark),
            }
            if at < 8 {
                self.fix(size - 1 - at, 8, dark);
            } else {
                self.fix(8, size - 15 + at, dark);
            }
        }
        self.fix(8, size - 8, true);
    }

    /// Lays the bits into what is free: up and down in pairs of columns, from the right.
    fn draw_data(&mut self, codewords: &[u8]) {
        let mut nth = 0;
        for pair in 0..self.size / 2 {
            // The column of the timing pattern is no part of a pair.
            let right = self.size - 1 - 2 * pair;
            let right = right - usize::from(right <= 6);
            for step in 0..2 * self.size {
                let (x, y) = (right - step % 2, step / 2);
                let y = if pair % 2 == 0 { self.size - 1 - y } else { y };
                if let Some(module) =
                    self.modules.get_mut(y * self.size + x).filter(|module| **module & FIXED == 0)
                {
                    *module = codewords.get(nth / 8).map_or(0, |byte| byte >> (7 - nth % 8) & 1);
                    nth += 1;
                }
            }
        }
    }

    /// Lays a mask over the data.
    fn draw_mask(&mut self, mask: usize) {
        self.mask = mask;
        self.draw_format();
        for (at, module) in self.modules.iter_mut().enumerate() {
            let (x, y) = (at % self.size, at / self.size);
            let (sum, product) = (x + y, x * y);
            let turned = match mask {
                0 => sum % 2,
                1 => y % 2,
                2 => x % 3,
                3 => sum % 3,
                4 => (x / 3 + y / 2) % 2,
                5 => product % 2 + product % 3,
                6 => (product % 2 + product % 3) % 2,
                _ => (sum % 2 + product % 3) % 2,
            };
            *module ^= u8::from(turned == 0 && *module & FIXED == 0);
        }
    }

    /// How hard it would be to read: long runs, even squares, what looks like a finder, and more of one colour than of the other.
    fn penalty(&self) -> usize {
        let (size, mut penalty, mut darks) = (self.size, 0, 0);
        for line in 0..2 * size {
            let (mut run, mut seen) = (0, 0);
            for step in 0..size {
                let (x, y) = if line < size { (step, line) } else { (line - size, step) };
                let dark = self.dark(x, y);
                run = if step > 0 && usize::from(dark) == seen & 1 { run + 1 } else { 1 };
                penalty += match run {
                    5 => 3,
                    6.. => 1,
                    _ => 0,
                };
                seen = (seen << 1 | usize::from(dark)) & 0x7ff;
                if step >= 10 && matches!(seen, 0b101_1101_0000 | 0b000_0101_1101) {
                    penalty += 40;
                }
                let same = |x, y| self.dark(x, y) == dark;
                if line + 1 < size
                    && step + 1 < size
                    && same(x + 1, y)
                    && same(x, y + 1)
                    && same(x + 1, y + 1)
                {
                    penalty += 3;
                }
                darks += usize::from(dark);
            }
        }
        // Each was counted twice.
        penalty + (darks * 10).abs_diff(self.modules.len() * 10) / self.modules.len() * 10
    }
}

/// What a version holds, in codewords.
struct Sizes {
    /// Of data.
    data: usize,
    /// Of error correction in each block.
    correction: usize,
    blocks: usize,
}

impl Sizes {
    fn of(version: usize) -> Self {
        let mut modules = (16 * version + 128) * version + 64;
        if version >= 2 {
            let places = version / 7 + 2;
            modules -= (25 * places - 10) * places - 55;
        }
        if version >= 7 {
            modules -= 36;
        }
        let of = |table: &[u8]| table.get(version - 1).map_or(1, |own| usize::from(*own));
        let (correction, blocks) = (of(&CORRECTION), of(&BLOCKS));
        Self { data: modules / 8 - correction * blocks, correction, blocks }
    }
}

/// The bytes behind how they are to be read, filled up to what the version holds, in blocks, each with its error correction,
/// and taken from all blocks in turn. The last blocks may be one longer.
fn codewords(data: &[u8], version: usize) -> Vec<u8> {
    let Sizes { data: room, correction, blocks } = Sizes::of(version);
    let mut bytes = Vec::with_capacity(room);
    // Four bits say that bytes follow, so that each byte lies across two.
    let mut left = 4;
    let length = data.len();
    let head = [(length >> 8) as u8, length as u8];
    let head = if version < 10 { &head[1..] } else { &head };
    for byte in head.iter().chain(data) {
        bytes.push(left << 4 | byte >> 4);
        left = byte & 15;
    }
    bytes.push(left << 4);
    let mut filler = 0xec;
    while bytes.len() < room {
        bytes.push(filler);
        filler ^= 0xec ^ 0x11;
    }

    let generator = generator(correction);
    let (short, longer) = (room / blocks, blocks - room % blocks);
    let mut words = vec![0; room + correction * blocks];
    let mut put = |at: usize, word: u8| {
        if let Some(own) = words.get_mut(at) {
            *own = word;
        }
    };
    let mut bytes = bytes.into_iter();
    for block in 0..blocks {
        let mut left = vec![0; correction];
        for nth in 0..short + usize::from(block >= longer) {
            let byte = bytes.next().unwrap_or(0);
            put(if nth < short { nth * blocks + block } else { short * blocks + block - longer }, byte);
            // What is left after a division by the generator (Reed–Solomon).
            let factor = byte ^ left.remove(0);
            left.push(0);
            for (own, coefficient) in left.iter_mut().zip(&generator) {
                *own ^= product(*coefficient, factor);
            }
        }
        for (nth, word) in left.into_iter().enumerate() {
            put(room + nth * blocks + block, word);
        }
    }
    words
}

/// The polynomial whose roots are the first powers of 2, without its first coefficient, which is 1.
fn generator(degree: usize) -> Vec<u8> {
    let mut generator = vec![0; degree - 1];
    generator.push(1);
    let mut root = 1;
    for _ in 0..degree {
        let mut next = 0;
        for own in generator.iter_mut().rev() {
            let old = *own;
            *own = product(old, root) ^ next;
            next = old;
        }
        root = product(root, 2);
    }
    generator
}

/// The product in the field of 256 elements that QR codes use.
fn product(a: u8, b: u8) -> u8 {
    (0..8).rev().fold(0, |sum: u8, bit| {
        let doubled = sum << 1 ^ if sum & 0x80 != 0 { 0x1d } else { 0 };
        doubled ^ if b >> bit & 1 == 1 { a } else { 0 }
    })
}

/// The bits with those of their error correction behind them (BCH).
fn with_remainder(bits: usize, length: usize, divisor: usize) -> usize {
    let left = (0..length).fold(bits, |left, _| (left << 1) ^ ((left >> (length - 1)) * divisor));
    (bits << length) | left
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};

    const ADDRESS: &str = "https://nps.example.org/s/c3g9djcng4aa7xjq626e";

    /// Asserts that it is the code of that version and mask which a library makes.
    fn compare(data: &[u8]) {
        let ours = Code::of(data).unwrap();
        let theirs = QrCode::encode_segments_advanced(
            &[QrSegment::make_bytes(data)],
            QrCodeEcc::Medium,
            Version::MIN,
            Version::new(VERSIONS as u8),
            Some(Mask::new(ours.mask as u8)),
            false,
        )
        .unwrap();
        assert_eq!(ours.size, theirs.size() as usize);
        for y in 0..ours.size {
            for x in 0..ours.size {
                assert_eq!(
                    ours.dark(x, y),
                    theirs.get_module(x as i32, y as i32),
                    "at {x}, {y} of {}",
                    data.len()
                );
            }
        }
    }

    #[test]
    fn every_length_makes_the_code_that_a_library_makes() {
        let data: Vec<u8> = (0..331u32).map(|at| (at * at * 31 + at / 7) as u8).collect();
        for length in 0..=data.len() {
            compare(&data[..length]);
        }
        assert!(Code::of(&[0; 332]).is_none() && svg(&"x".repeat(332)).is_none());
    }

    #[test]
    fn the_mask_is_the_best_that_a_library_finds() {
        let library = QrCode::encode_binary(ADDRESS.as_bytes(), QrCodeEcc::Medium).unwrap();
        let ours = Code::of(ADDRESS.as_bytes()).unwrap();
        assert_eq!(usize::from(library.mask().value()), ours.mask);
    }

    #[test]
    fn the_picture_has_its_quiet_zone_and_its_title() {
        let svg = svg(ADDRESS).unwrap();
        assert!(svg.contains(&format!("<title id=\"t\">{ADDRESS}</title>")));
        // The three finders begin with a run of seven, four modules from the edges.
        assert!(svg.contains("M4 4h7v1h-7z") && svg.contains("viewBox=\"0 0 41 41\""), "{svg}");
        assert!(svg.contains("M30 4h7v1h-7z") && svg.contains("M4 30h7v1h-7z"), "{svg}");
    }
}
