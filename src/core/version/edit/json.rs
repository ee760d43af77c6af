//! Values in JSON files.

use super::Splice;
use super::path::{joined, segments};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// An object as its keys and the text of their values, a key that stands twice included.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = vec![];
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(Pairs).map(Self)
    }
}

/// The string that a key path leads to.
pub(super) fn find(text: &str, path: &str, to: &str) -> Result<Splice, String> {
    let path = segments(path)?;
    let mut at: &RawValue = serde_json::from_str(text).map_err(|why| format!("it is no JSON: {why}"))?;
    for (number, key) in path.iter().enumerate() {
        let here = || if number == 0 { "the file".to_owned() } else { joined(&path[..number]) };
        let missing = || format!("there is no {}", joined(&path[..=number]));
        at = match kind(at) {
            "object" => {
                let Object(pairs) = serde_json::from_str(at.get()).map_err(|why| why.to_string())?;
                let mut found = pairs.into_iter().filter(|(name, _)| name == key).map(|(_, value)| value);
                let first = found.next().ok_or_else(missing)?;
                if found.next().is_some() {
                    return Err(format!("{} stands there twice: expected once", joined(&path[..=number])));
                }
                first
            }
            "list" => {
                let list: Vec<&RawValue> = serde_json::from_str(at.get()).map_err(|why| why.to_string())?;
                key.parse().ok().and_then(|at: usize| list.get(at).copied()).ok_or_else(missing)?
            }
            other => return Err(format!("{} is a {other}: expected an object that holds {key}", here())),
        };
    }
    if kind(at) != "string" {
        return Err(format!("the value is a {}: expected a string", kind(at)));
    }
    let start = at.get().as_ptr().addr() - text.as_ptr().addr();
    Ok(Splice { at: start..start + at.get().len(), with: format!("\"{to}\"") })
}

fn kind(value: &RawValue) -> &'static str {
    match value.get().as_bytes().first() {
        Some(b'{') => "object",
        Some(b'[') => "list",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') => "null",
        _ => "number",
    }
}
