//! The score as an owner reads it: the query and the report.
//!
//! Sums are kept for one property at a time, so a query groups by one or filters by one. The total
//! of the present variant is never hidden; the responses with one value of a property, or to
//! another variant, are where they are few.

mod before_after;
mod breakdown;
mod figures;
mod group;
mod point;
mod previous;
mod query;
mod score_report;
mod segment;

pub use before_after::{BeforeAfter, Window};
pub use breakdown::{Breakdown, CHANNEL};
pub use figures::{Counts, Interval, Seconds, Share, Shares};
pub use group::Group;
pub use point::{Point, Rolling};
pub use previous::Previous;
pub use query::{Compare, Days, ScoreQuery};
pub use score_report::{EffectiveFilter, EffectiveQuery, ScoreReport};
pub use segment::Segment;

/// With fewer responses than this a score is marked as a low sample.
pub const LOW_SAMPLE: u64 = 30;
