//! Reasons why a column of a file is not kept.

/// Reason why a column, or some cells of it, are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Email addresses.
    Email,
    /// IP addresses.
    Ip,
    /// Names of people.
    Name,
    /// Telephone numbers.
    Phone,
    /// The header has no name for it.
    Unnamed,
    /// A response has no more properties.
    TooMany,
    /// An array, which no property holds.
    Nested,
    /// Data of the other tool about itself.
    Technical,
}

impl Reason {
    /// Returns its name in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email_address",
            Self::Ip => "ip_address",
            Self::Name => "person_name",
            Self::Phone => "phone_number",
            Self::Unnamed => "unnamed",
            Self::TooMany => "too_many",
            Self::Nested => "nested",
            Self::Technical => "technical",
        }
    }
}
