//! A process out of a TOML tree, with the path of a mistake.
//!
//! serde's own ways give each of a hundred types a reader of every shape, and one more layer of them for the path:
//! 700 KB of program. Here a type is read by the one shape that it asks for, and the path is a stack beside it.

use super::tree::join;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use std::fmt;
use toml::Value;

/// Reads a tree, or gives the path of a mistake, such as `gates[2].kind`, and what it is.
pub(super) fn read<'de, T: de::Deserialize<'de>>(table: toml::Table) -> Result<T, (String, String)> {
    let mut path = Vec::new();
    T::deserialize(Reader { value: Value::Table(table), path: &mut path })
        .map_err(|Wrong(message)| (said(&path), message))
}

/// One step to where the reader is.
enum Step {
    Key(String),
    Index(usize),
}

fn said(path: &[Step]) -> String {
    path.iter().fold(String::new(), |said, step| match step {
        Step::Key(key) => join(&said, key),
        Step::Index(at) => format!("{said}[{at}]"),
    })
}

/// What is wrong, without where.
#[derive(Debug)]
struct Wrong(String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

fn other(value: &Value, expected: &dyn Expected) -> Wrong {
    let found = match value {
        Value::Boolean(is) => Unexpected::Bool(*is),
        Value::Integer(number) => Unexpected::Signed(*number),
        Value::Float(number) => Unexpected::Float(*number),
        Value::String(text) => Unexpected::Str(text),
        Value::Datetime(at) => return other(&Value::String(at.to_string()), expected),
        Value::Array(_) => Unexpected::Seq,
        Value::Table(_) => Unexpected::Map,
    };
    de::Error::invalid_type(found, expected)
}

/// A value, and the way to it. A step is taken back only when what it leads to was read, so the way stands where the
/// first mistake is.
struct Reader<'p> {
    value: Value,
    path: &'p mut Vec<Step>,
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Boolean(is) => visitor.visit_bool(is),
            Value::Integer(number) => visitor.visit_i64(number),
            Value::Float(number) => visitor.visit_f64(number),
            Value::String(text) => visitor.visit_string(text),
            Value::Datetime(at) => visitor.visit_string(at.to_string()),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Table(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Array(values) => {
                let count = values.len();
                let mut items = Items { left: values.into_iter(), at: 0, path: self.path };
                let read = visitor.visit_seq(&mut items)?;
                if items.left.len() == 0 {
                    Ok(read)
                } else {
                    Err(de::Error::invalid_length(count, &"fewer elements in array"))
                }
            }
            value => Err(other(&value, &visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Table(table) => {
                visitor.visit_map(Pairs { left: table.into_iter(), value: None, path: self.path })
            }
            value => Err(other(&value, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_enum(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf
        unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// The elements of an array.
struct Items<'p> {
    left: std::vec::IntoIter<Value>,
    at: usize,
    path: &'p mut Vec<Step>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some(value) = self.left.next() else { return Ok(None) };
        self.path.push(Step::Index(self.at));
        self.at += 1;
        let read = seed.deserialize(Reader { value, path: self.path })?;
        self.path.pop();
        Ok(Some(read))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// The keys of a table and their values.
struct Pairs<'p> {
    left: toml::map::IntoIter<String, Value>,
    value: Option<Value>,
    path: &'p mut Vec<Step>,
}

impl<'de> MapAccess<'de> for Pairs<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((key, value)) = self.left.next() else { return Ok(None) };
        self.value = Some(value);
        let read = seed.deserialize(StrDeserializer::<Wrong>::new(&key));
        self.path.push(Step::Key(key));
        read.map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Wrong> {
        let value = self.value.take().ok_or_else(|| Wrong("a value without a key".to_owned()))?;
        let read = seed.deserialize(Reader { value, path: self.path })?;
        self.path.pop();
        Ok(read)
    }
}

/// A name alone is a variant, as is a table of one key: its name, and what it holds.
impl<'de, 'p> EnumAccess<'de> for Reader<'p> {
    type Error = Wrong;
    type Variant = Variant<'p>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Variant<'p>), Wrong> {
        let (name, value) = match self.value {
            Value::String(name) => (name, None),
            Value::Table(table) => {
                let mut pairs = table.into_iter();
                match (pairs.next(), pairs.next()) {
                    (Some((name, value)), None) => (name, Some(value)),
                    (None, _) => return Err(Wrong("wanted exactly 1 element, found 0 elements".to_owned())),
                    _ => return Err(Wrong("wanted exactly 1 element, more than 1 element".to_owned())),
                }
            }
            _ => return Err(de::Error::invalid_type(Unexpected::UnitVariant, &"string only")),
        };
        let read = seed.deserialize(StrDeserializer::<Wrong>::new(&name))?;
        self.path.push(Step::Key(name));
        Ok((read, Variant { value, path: self.path }))
    }
}

/// What a variant holds, if anything was given.
struct Variant<'p> {
    value: Option<Value>,
    path: &'p mut Vec<Step>,
}

impl<'p> Variant<'p> {
    fn holding(self, expected: &'static str) -> Result<Reader<'p>, Wrong> {
        let none = || de::Error::invalid_type(Unexpected::UnitVariant, &expected);
        Ok(Reader { value: self.value.ok_or_else(none)?, path: self.path })
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.value {
            None => {}
            Some(Value::Table(table)) if table.is_empty() => {}
            Some(Value::Array(values)) if values.is_empty() => {}
            Some(value) => return Err(Wrong(format!("expected table, found {}", value.type_str()))),
        }
        self.path.pop();
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        let Reader { value, path } = self.holding("newtype variant")?;
        let read = seed.deserialize(Reader { value, path: &mut *path })?;
        path.pop();
        Ok(read)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        let Reader { value, path } = self.holding("tuple variant")?;
        let read = Reader { value, path: &mut *path }.deserialize_seq(visitor)?;
        path.pop();
        Ok(read)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let Reader { value, path } = self.holding("struct variant")?;
        let read = Reader { value, path: &mut *path }.deserialize_map(visitor)?;
        path.pop();
        Ok(read)
    }
}
