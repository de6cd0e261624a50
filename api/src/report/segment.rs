//! One part into which a property divides the responses.

/// One part into which a property divides the answers. Parts are in the order of their values, these two last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The answers with this value, which is never empty.
    Value(String),
    /// The answers without the property.
    Absent,
    /// The answers whose value came after the site had as many values of the property as are kept apart.
    Other,
}
