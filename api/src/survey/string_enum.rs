//! Enums whose variants are names in JSON.

use crate::validation::{Errors, ObjectReader};

/// Declares an enum whose variants are words in JSON.
macro_rules! string_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$inner])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The words for them, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($word),+];

            /// The word for it, as in the settings.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}
pub(super) use string_enum;

/// A member that is one of the words of such an enum.
pub(super) fn choose<T: Copy + Default>(
    reader: &ObjectReader,
    errors: &mut Errors,
    name: &str,
    (names, all): (&[&str], &[T]),
) -> T {
    reader.one_of(errors, name, names).and_then(|at| all.get(at)).copied().unwrap_or_default()
}
