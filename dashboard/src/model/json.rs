//! Reading of JSON. One parser makes a tree, and each type takes its members from it: a parser for
//! each type would take a fifth of the page.

use std::collections::BTreeMap;

use api::Day;
use serde_json::Value;

/// Type that is read from a JSON tree.
pub trait FromJson: Sized {
    /// Reads a value; `None` where it is another type. A member that is absent is `null`.
    fn from_json(json: &Value) -> Option<Self>;
}

/// Implements [`FromJson`] for a struct whose members have the names of its fields.
macro_rules! from_json {
    ($type:ident { $($field:ident),* }) => {
        impl $crate::model::FromJson for $type {
            fn from_json(json: &serde_json::Value) -> Option<Self> {
                Some(Self {
                    $($field: $crate::model::FromJson::from_json(
                        json.get(stringify!($field)).unwrap_or(&serde_json::Value::Null),
                    )?),*
                })
            }
        }
    };
}
pub(crate) use from_json;

impl FromJson for f64 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_f64()
    }
}

impl FromJson for u64 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()
    }
}

impl FromJson for u32 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()?.try_into().ok()
    }
}

impl FromJson for u8 {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_u64()?.try_into().ok()
    }
}

/// A value of any type.
impl FromJson for Value {
    fn from_json(json: &Value) -> Option<Self> {
        Some(json.clone())
    }
}

/// A flag is absent where it does not apply.
impl FromJson for bool {
    fn from_json(json: &Value) -> Option<Self> {
        Some(json.as_bool().unwrap_or(false))
    }
}

impl FromJson for String {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_str().map(Self::from)
    }
}

impl FromJson for Day {
    fn from_json(json: &Value) -> Option<Self> {
        Self::parse(json.as_str()?)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Value) -> Option<Self> {
        if json.is_null() { Some(None) } else { T::from_json(json).map(Some) }
    }
}

/// A list is absent where it was not asked for.
impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Value) -> Option<Self> {
        json.as_array().map_or(&[][..], |items| items).iter().map(T::from_json).collect()
    }
}

impl FromJson for [u64; 11] {
    fn from_json(json: &Value) -> Option<Self> {
        Vec::from_json(json)?.try_into().ok()
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(json: &Value) -> Option<Self> {
        let members = json.as_object().into_iter().flatten();
        members.map(|(name, value)| Some((name.clone(), T::from_json(value)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Sample {
        day: Day,
        score: Option<f64>,
        names: Vec<String>,
        hidden: bool,
    }

    from_json!(Sample { day, score, names, hidden });

    #[test]
    fn members_may_be_absent_where_they_are_optional_and_have_one_type() {
        let day = Day::parse("2026-11-26").unwrap();
        let sample = Sample::from_json(&json!({ "day": "2026-11-26", "more": 1 })).unwrap();
        assert_eq!(sample, Sample { day, score: None, names: vec![], hidden: false });
        let full = json!({ "day": "2026-11-26", "score": -4, "names": ["a"], "hidden": true });
        let sample = Sample::from_json(&full).unwrap();
        assert_eq!(sample, Sample { day, score: Some(-4.0), names: vec!["a".into()], hidden: true });
        for wrong in
            [json!({}), json!(null), json!({ "day": "x" }), json!({ "day": "2026-11-26", "score": "4" })]
        {
            assert_eq!(Sample::from_json(&wrong), None, "{wrong}");
        }
    }
}
