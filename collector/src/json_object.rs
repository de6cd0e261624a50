//! Structs with named fields that are JSON objects.
//!
//! The macro [`json_object`] declares a struct and generates both directions. Serde's derive does
//! the same at 3 KB of WebAssembly or more for each struct, which is a tenth of the Worker in all.

use serde_json::{Map, Value};

use crate::http::{ApiResult, Problem};

/// Struct that is a JSON object.
pub trait JsonObject: Sized {
    /// Returns the members of the object.
    fn to_object(&self) -> Map<String, Value>;

    /// Reads the members of an object; `None` where one is missing or of another type.
    fn from_object(object: &mut Map<String, Value>) -> Option<Self>;
}

/// Type of a member.
pub trait Field: Sized {
    fn to_json(&self) -> Value;
    fn from_json(value: Value) -> Option<Self>;
}

/// Declares a struct with named fields that is a JSON object.
macro_rules! json_object {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),+ }

        impl $crate::json_object::JsonObject for $name {
            fn to_object(&self) -> serde_json::Map<String, serde_json::Value> {
                let mut object = serde_json::Map::new();
                $($crate::json_object::add(
                    &mut object,
                    stringify!($field),
                    $crate::json_object::Field::to_json(&self.$field),
                );)+
                object
            }

            fn from_object(object: &mut serde_json::Map<String, serde_json::Value>) -> Option<Self> {
                let mut take = |name: &str| object.remove(name).unwrap_or_default();
                Some(Self {
                    $($field: $crate::json_object::Field::from_json(take(stringify!($field)))?),+
                })
            }
        }
    };
}
pub(crate) use json_object;

/// Adds a member unless it is null: a missing member is read as null.
pub fn add(object: &mut Map<String, Value>, name: &str, value: Value) {
    if !value.is_null() {
        object.insert(name.to_owned(), value);
    }
}

/// Serializes an object as JSON.
pub fn to_json<T: JsonObject>(object: &T) -> String {
    Value::Object(object.to_object()).to_string()
}

/// Deserializes an object from JSON.
pub fn from_json<T: JsonObject>(json: &str) -> ApiResult<T> {
    from_value(serde_json::from_str(json).map_err(Problem::internal)?)
}

/// Deserializes an array of objects from JSON.
pub fn list_from_json<T: JsonObject>(json: &str) -> ApiResult<Vec<T>> {
    let values: Vec<Value> = serde_json::from_str(json).map_err(Problem::internal)?;
    values.into_iter().map(from_value).collect()
}

fn from_value<T: JsonObject>(value: Value) -> ApiResult<T> {
    T::from_json(value).ok_or_else(|| Problem::internal("JSON of another form"))
}

impl Field for String {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }

    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

impl Field for bool {
    fn to_json(&self) -> Value {
        (*self).into()
    }

    fn from_json(value: Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Field for i64 {
    fn to_json(&self) -> Value {
        (*self).into()
    }

    fn from_json(value: Value) -> Option<Self> {
        value.as_i64()
    }
}

impl Field for u32 {
    fn to_json(&self) -> Value {
        (*self).into()
    }

    fn from_json(value: Value) -> Option<Self> {
        u32::try_from(value.as_u64()?).ok()
    }
}

impl Field for Map<String, Value> {
    fn to_json(&self) -> Value {
        self.clone().into()
    }

    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }
}

impl<T: JsonObject> Field for T {
    fn to_json(&self) -> Value {
        Value::Object(self.to_object())
    }

    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Object(mut members) => Self::from_object(&mut members),
            _ => None,
        }
    }
}

impl<T: Field> Field for Vec<T> {
    fn to_json(&self) -> Value {
        self.iter().map(Field::to_json).collect()
    }

    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Array(values) => values.into_iter().map(Field::from_json).collect(),
            _ => None,
        }
    }
}

impl<T: Field> Field for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map(Field::to_json).unwrap_or_default()
    }

    fn from_json(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_json(value).map(Some),
        }
    }
}
