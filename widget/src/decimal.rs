//! Numbers in digits, without `core::fmt`, which is larger than all texts that the widget
//! makes.

/// Returns a number in ASCII digits.
pub fn decimal(number: usize) -> String {
    in_digits('0', number)
}

/// Returns a number in the digits that begin with this zero.
pub fn in_digits(zero: char, number: usize) -> String {
    let mut digits = if number < 10 { String::new() } else { in_digits(zero, number / 10) };
    digits.extend(char::from_u32(zero as u32 + (number % 10) as u32));
    digits
}

/// Returns a name that ends with a number.
pub fn numbered(name: &str, number: usize) -> String {
    [name, &decimal(number)].concat()
}
