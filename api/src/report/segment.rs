//! Segment: the responses with one value of a property.

/// Segment of the responses by a property. Segments are in the order of their values, these two
/// last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The responses with this value, which is never empty.
    Value(String),
    /// The responses without the property.
    Absent,
    /// The responses whose value came after the site had as many values of the property as are kept
    /// apart.
    Other,
}
