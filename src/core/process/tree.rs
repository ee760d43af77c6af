//! TOML as a tree of values that remembers where each key was written.

use super::{Finding, Severity};
use serde::Deserialize as _;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// Where a key was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// The file as the caller named it.
    pub file: Arc<str>,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// The place of every key and array element by its path, such as `gates[2].kind`.
///
/// Two are always equal, so that processes compare by what they say and not by how they are laid out.
#[derive(Clone, Default, Debug)]
pub(super) struct Places(BTreeMap<String, Place>);

impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Places {
    /// Whether nothing was remembered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The place of a path, or of the nearest path above it that was written.
    pub fn of(&self, path: &str) -> Option<&Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.0.get(path) {
                return Some(place);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    /// A finding at a path.
    pub fn finding(&self, severity: Severity, path: &str, message: String, hint: String) -> Finding {
        let place = self.of(path).or_else(|| self.0.get(""));
        let (file, line, column) =
            place.map_or((String::new(), 1, 1), |at| (at.file.to_string(), at.line, at.column));
        Finding { severity, file, line, column, message, hint }
    }

    /// Takes over the places of one tree's path as those of another path.
    pub fn adopt(&mut self, path: &str, from: &Self, from_path: &str) {
        for (key, place) in from.0.range(from_path.to_owned()..) {
            let Some(rest) = key.strip_prefix(from_path) else { break };
            if rest.is_empty() || rest.starts_with(['.', '[']) || from_path.is_empty() {
                let joined =
                    if path.is_empty() { rest.trim_start_matches('.').to_owned() } else { glue(path, rest) };
                self.0.insert(joined, place.clone());
            }
        }
    }

    /// Forgets a path and all below it.
    pub fn forget(&mut self, path: &str) {
        self.0.retain(|key, _| {
            !key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        });
    }
}

/// `path` and the rest of a path, with a dot between where one is needed.
fn glue(path: &str, rest: &str) -> String {
    if rest.is_empty() || rest.starts_with(['.', '[']) {
        format!("{path}{rest}")
    } else {
        format!("{path}.{rest}")
    }
}

/// `path.key`, or `key` at the root.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A parsed file.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// What it says.
    pub table: toml::Table,
    /// Where it says so.
    pub places: Places,
}

impl Tree {
    /// Parses a file. Without `placed` nothing remembers where it was written, which is most of the work.
    ///
    /// # Errors
    /// One finding where the text is no TOML, or one for each text value that holds a control character.
    pub fn read(text: &str, file: &str, placed: bool) -> Result<Self, Vec<Finding>> {
        let ruler = Ruler::new(text, file);
        let broken = |message: &str, at: usize| {
            let Place { file, line, column } = ruler.place(at);
            let message = message.replace('\n', ", ");
            let hint = "see https://toml.io for how TOML is written".to_owned();
            vec![Finding { severity: Severity::Error, file: file.to_string(), line, column, message, hint }]
        };
        let wrong = |why: toml::de::Error| broken(why.message(), why.span().map_or(0, |span| span.start));
        let document = DeTable::parse(text).map_err(wrong)?;
        let mut places = BTreeMap::new();
        if placed {
            places.insert(String::new(), ruler.place(0));
            ruler.table(document.get_ref(), "", &mut places);
        }
        let table = toml::Table::deserialize(toml::Deserializer::from(document)).map_err(wrong)?;
        let tree = Self { table, places: Places(places) };
        let mut hidden = Vec::new();
        // What is not in the text can only come in by an escape.
        if text.contains('\\') || text.chars().any(forbidden) {
            for (key, value) in &tree.table {
                tree.controls(value, key, &mut hidden);
            }
        }
        if hidden.is_empty() { Ok(tree) } else { Err(hidden) }
    }

    /// Finds texts that could turn a line round or move the cursor when they are shown.
    fn controls(&self, value: &toml::Value, path: &str, out: &mut Vec<Finding>) {
        match value {
            toml::Value::String(text) => {
                let Some(found) = text.chars().find(|c| forbidden(*c)) else { return };
                let message = format!("{path} holds the control character U+{:04X}", u32::from(found));
                let hint = "remove it: it could change how the line is shown".to_owned();
                out.push(self.places.finding(Severity::Error, path, message, hint));
            }
            toml::Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.controls(item, &format!("{path}[{at}]"), out);
                }
            }
            toml::Value::Table(table) => {
                for (key, item) in table {
                    self.controls(item, &join(path, key), out);
                }
            }
            toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_) => {}
        }
    }
}

/// Control characters but tab and line feed, and the characters that reorder a line.
pub(super) fn forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// Measures places in one text.
struct Ruler<'t> {
    text: &'t str,
    file: Arc<str>,
    /// Where each line starts.
    lines: Vec<usize>,
}

impl<'t> Ruler<'t> {
    fn new(text: &'t str, file: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, file: file.into(), lines: std::iter::once(0).chain(starts).collect() }
    }

    fn place(&self, at: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or(0);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        Place { file: self.file.clone(), line, column }
    }

    fn table(&self, table: &DeTable<'_>, path: &str, out: &mut BTreeMap<String, Place>) {
        for (key, value) in table {
            let path = join(path, key.get_ref());
            out.insert(path.clone(), self.place(key.span().start));
            self.value(value.get_ref(), &path, out);
        }
    }

    fn value(&self, value: &DeValue<'_>, path: &str, out: &mut BTreeMap<String, Place>) {
        match value {
            DeValue::Table(inner) => self.table(inner, path, out),
            DeValue::Array(elements) => {
                for (at, element) in elements.iter().enumerate() {
                    let path = format!("{path}[{at}]");
                    out.insert(path.clone(), self.place(element.span().start));
                    self.value(element.get_ref(), &path, out);
                }
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }
}
