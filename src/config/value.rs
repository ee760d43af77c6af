//! Values of the configuration: read from TOML with what is wrong about them, and written as TOML.

use super::place::{nearest, quoted};
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// A value as it stands in a file.
pub(super) type Value<'v> = Spanned<DeValue<'v>>;

/// What is wrong with a value, and where.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Its place in the text.
    pub span: Range<usize>,
    /// What it is: `"fast"`, `a table`.
    pub found: String,
    /// What else to say: the nearest name, a rule.
    pub hint: String,
}

pub(super) type Taken<T> = Result<T, Wrong>;

/// A value that is not what it should be.
pub(super) fn wrong<T>(value: &Value<'_>, hint: impl Into<String>) -> Taken<T> {
    Err(Wrong { span: value.span(), found: found(value.get_ref()), hint: hint.into() })
}

fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quoted(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

pub(super) fn flag(value: &Value<'_>) -> Taken<bool> {
    value.get_ref().as_bool().map_or_else(|| wrong(value, ""), Ok)
}

/// A text without control characters, and without those that turn a line round.
pub(super) fn text(value: &Value<'_>) -> Taken<String> {
    let Some(text) = value.get_ref().as_str() else { return wrong(value, "") };
    if text.chars().any(unseen) {
        return wrong(value, "it holds a character that cannot be seen");
    }
    Ok(text.to_owned())
}

/// Control characters, and those that take no ink or turn a line round.
pub(super) fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// One of several words.
pub(super) fn word<T: Copy>(value: &Value<'_>, words: &[(&str, T)]) -> Taken<T> {
    let Some(text) = value.get_ref().as_str() else { return wrong(value, "") };
    match words.iter().find(|(word, _)| *word == text) {
        Some((_, it)) => Ok(*it),
        None => {
            let near = nearest(text, words.iter().map(|(word, _)| *word));
            wrong(value, near.map(|near| format!("did you mean {near:?}?")).unwrap_or_default())
        }
    }
}

pub(super) fn number(value: &Value<'_>) -> Taken<i64> {
    let number = value.get_ref().as_integer();
    let number = number.and_then(|it| i64::from_str_radix(it.as_str(), it.radix()).ok());
    number.map_or_else(|| wrong(value, ""), Ok)
}

/// A list, each entry read by `one`.
pub(super) fn list<T>(value: &Value<'_>, one: impl Fn(&Value<'_>) -> Taken<T>) -> Taken<Vec<T>> {
    match value.get_ref().as_array() {
        Some(entries) => entries.iter().map(one).collect(),
        None => wrong(value, ""),
    }
}

/// A program and its arguments; an empty list for none.
pub(super) fn command(value: &Value<'_>) -> Taken<Vec<String>> {
    let words = list(value, text)?;
    match words.first() {
        Some(program) if program.trim().is_empty() => wrong(value, "the program is empty"),
        Some(program) if words.len() == 1 && program.contains(' ') && !program.contains('/') => {
            wrong(value, "there is no shell: write the program and each argument as a text of its own")
        }
        _ => Ok(words),
    }
}

/// A host name, in lower case.
pub(super) fn host(value: &Value<'_>) -> Taken<String> {
    let name = text(value)?;
    if is_host(&name) {
        Ok(name.to_ascii_lowercase())
    } else {
        wrong(value, "a host has no scheme and no path")
    }
}

pub(super) fn is_host(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    name.len() <= 253 && name.split('.').all(part)
}

/// The address of an API: https, or http on this machine; no login, no query.
pub(super) fn address(value: &Value<'_>) -> Taken<String> {
    let address = text(value)?;
    let Ok(uri) = address.parse::<http::Uri>() else { return wrong(value, "") };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return wrong(value, "it starts with https://");
    };
    let here = matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if scheme != "https" && !(scheme == "http" && here) {
        return wrong(value, "a token must not travel in the clear: https only");
    }
    if authority.as_str().contains('@') {
        return wrong(value, "a login does not belong in an address");
    }
    if uri.query().is_some() {
        return wrong(value, "it has no query");
    }
    Ok(address.trim_end_matches('/').to_owned())
}

/// A text as TOML.
pub(super) fn written(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A list of texts as TOML.
pub(super) fn written_list(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| written(text)).collect();
    format!("[{}]", texts.join(", "))
}
