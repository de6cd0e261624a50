//! Numbers in ASCII digits, without `core::fmt`, which is larger than all texts that the widget
//! makes.

/// Returns a number in decimal digits.
pub fn decimal(number: usize) -> String {
    let mut digits = if number < 10 { String::new() } else { decimal(number / 10) };
    digits.push(char::from(b'0' + (number % 10) as u8));
    digits
}

/// Returns a name that ends with a number.
pub fn numbered(name: &str, number: usize) -> String {
    [name, &decimal(number)].concat()
}
