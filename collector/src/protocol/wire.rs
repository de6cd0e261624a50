//! JSON of messages.
//!
//! The macro [`message`] declares a struct and generates both directions. Serde's derive does the
//! same at 3 KB of WebAssembly for each struct, which is a tenth of the Worker in all.

use serde_json::{Map, Value};

use crate::cursor::Cursor;
use crate::http::{ApiResult, Problem};

/// Message that is a JSON object.
pub trait Message: Sized {
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

/// Declares a message: a struct with named fields.
macro_rules! message {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type),+ }

        impl $crate::protocol::wire::Message for $name {
            fn to_object(&self) -> serde_json::Map<String, serde_json::Value> {
                let mut object = serde_json::Map::new();
                $(object.insert(
                    stringify!($field).to_owned(),
                    $crate::protocol::wire::Field::to_json(&self.$field),
                );)+
                object
            }

            fn from_object(object: &mut serde_json::Map<String, serde_json::Value>) -> Option<Self> {
                let mut take = |name: &str| object.remove(name).unwrap_or_default();
                Some(Self {
                    $($field: $crate::protocol::wire::Field::from_json(take(stringify!($field)))?),+
                })
            }
        }
    };
}
pub(super) use message;

/// Serializes a message as JSON.
pub fn to_json<T: Message>(message: &T) -> String {
    Value::Object(message.to_object()).to_string()
}

/// Deserializes a message from JSON.
pub fn from_json<T: Message>(json: &str) -> ApiResult<T> {
    let message = match serde_json::from_str(json).map_err(Problem::internal)? {
        Value::Object(mut object) => T::from_object(&mut object),
        _ => None,
    };
    message.ok_or_else(|| Problem::internal("a message of another form"))
}

/// Serializes a message as JSON in ASCII, which is what a header may hold.
pub fn to_header<T: Message>(message: &T) -> String {
    let json = to_json(message);
    if json.is_ascii() {
        return json;
    }
    // Within JSON everything beyond ASCII stands in a string, where it may be escaped.
    let mut escaped = String::with_capacity(json.len() * 2);
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
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

impl Field for Cursor {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }

    fn from_json(value: Value) -> Option<Self> {
        Self::parse(value.as_str()?)
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
