//! Values in YAML files: what stands in plain block mappings, and nothing that takes more to be understood.
//!
//! The text is read line by line (YAML 1.2.2, chapters 6 to 8): a mapping is the lines of one indentation, and what is
//! indented deeper belongs to the key before. Where that is not enough to be certain, the file is refused.

use super::path::{joined, segments};
use super::{Splice, quoted};
use std::ops::Range;

/// A line that holds something, with its place in the text.
struct Line<'a> {
    number: usize,
    start: usize,
    indent: usize,
    /// Without indentation and line end.
    text: &'a str,
}

/// A key of a mapping.
struct Entry<'a> {
    key: String,
    line: usize,
    /// What follows the colon, and where.
    value: &'a str,
    at: usize,
    /// The lines that belong to it beside its own.
    below: Range<usize>,
}

/// The scalar that a key path leads to.
pub(super) fn find(text: &str, path: &str, to: &str) -> Result<Splice, String> {
    let path = segments(path)?;
    let lines = lines(text)?;
    let mut within = 0..lines.len();
    for (number, key) in path.iter().enumerate() {
        let here = joined(&path[..=number]);
        let mut found = entries(&lines, within)?.into_iter().filter(|entry| entry.key == *key);
        let entry = found.next().ok_or_else(|| format!("there is no {here}"))?;
        if let Some(again) = found.next() {
            return Err(format!("{here} stands in line {} and again in line {}", entry.line, again.line));
        }
        if number + 1 == path.len() {
            return scalar(&entry, to).map_err(|why| format!("line {}: {here} {why}", entry.line));
        }
        let value = uncommented(entry.value);
        if !value.is_empty() {
            let value = quoted(value);
            return Err(format!(
                "line {}: {here} is {value}: expected a mapping in the lines below",
                entry.line
            ));
        }
        if lines[entry.below.clone()].first().is_none_or(|line| is_item(line.text)) {
            return Err(format!("line {}: {here} holds no mapping in the lines below", entry.line));
        }
        within = entry.below;
    }
    Err("the path is empty".to_owned())
}

/// The lines that hold something: no comment, no blank line, no directive, no mark of a document's begin.
fn lines(text: &str) -> Result<Vec<Line<'_>>, String> {
    let (mut lines, mut start): (Vec<Line<'_>>, _) = (vec![], 0);
    for (at, raw) in text.split_inclusive('\n').enumerate() {
        let whole = raw.trim_end_matches(['\n', '\r']);
        let body = whole.trim_start_matches(' ');
        let (number, indent) = (at + 1, whole.len() - body.len());
        let here = start;
        start += raw.len();
        if matches!(whole.split([' ', '\t']).next(), Some("---" | "...")) {
            if !lines.is_empty() || whole.trim_end() != "---" {
                return Err(format!("line {number} begins or ends a document: expected one document"));
            }
            continue;
        }
        if body.trim().is_empty() || body.starts_with('#') || (whole.starts_with('%') && lines.is_empty()) {
            continue;
        }
        lines.push(Line { number, start: here + indent, indent, text: body.trim_end() });
    }
    Ok(lines)
}

/// The keys of the mapping that lines hold.
fn entries<'a>(lines: &[Line<'a>], within: Range<usize>) -> Result<Vec<Entry<'a>>, String> {
    let Some(first) = lines.get(within.start).filter(|_| !within.is_empty()) else { return Ok(vec![]) };
    let indent = first.indent;
    let (mut entries, mut at) = (vec![], within.start);
    while at < within.end {
        let line = &lines[at];
        let refuse = |why: &str| Err(format!("line {}: {why}", line.number));
        if line.indent != indent {
            return refuse("its indentation is that of no line before");
        }
        if line.text.starts_with('\t') {
            return refuse("it is indented with a tab");
        }
        let Some((key, value)) = key(line.text) else {
            return refuse("expected a key and a colon");
        };
        let offset = line.start + (line.text.len() - value.len());
        let end = ending(lines, at, within.end, uncommented(value))?;
        let below = at + 1..end;
        entries.push(Entry { key, line: line.number, value, at: offset, below });
        at = end;
    }
    Ok(entries)
}

/// The first line that does not belong to the key of a line any more.
fn ending(lines: &[Line<'_>], at: usize, cap: usize, value: &str) -> Result<usize, String> {
    let indent = lines[at].indent;
    let mut next = at + 1;
    if value.starts_with(['{', '[']) {
        // Its end may stand anywhere, so its brackets are counted.
        let mut open = Open::default();
        open.read(value);
        while open.is_open() {
            let Some(line) = lines.get(next).filter(|_| next < cap) else {
                return Err(format!("line {}: a bracket is not closed", lines[at].number));
            };
            open.read(line.text);
            next += 1;
        }
        return Ok(next);
    }
    while let Some(line) = lines.get(next).filter(|_| next < cap) {
        // A list may stand at the indentation of its key.
        let is_list = value.is_empty() && line.indent == indent && is_item(line.text);
        if line.indent <= indent && !is_list {
            break;
        }
        next += 1;
    }
    Ok(next)
}

/// Brackets and quotes that are open.
#[derive(Default)]
struct Open {
    depth: i32,
    quote: Option<char>,
}

impl Open {
    fn is_open(&self) -> bool {
        self.depth > 0 || self.quote.is_some()
    }

    fn read(&mut self, text: &str) {
        let (mut before, mut chars) = (' ', text.chars());
        while let Some(c) = chars.next() {
            match (self.quote, c) {
                (Some('"'), '\\') => {
                    let _escaped = chars.next();
                }
                (Some(quote), _) if quote == c => self.quote = None,
                (Some(_), _) => {}
                (None, '#') if before.is_whitespace() => return,
                (None, '"' | '\'') if matches!(before, ' ' | ',' | '[' | '{' | ':') => self.quote = Some(c),
                (None, '[' | '{') => self.depth += 1,
                (None, ']' | '}') => self.depth -= 1,
                (None, _) => {}
            }
            before = c;
        }
    }
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ") || text.starts_with("-\t")
}

/// The key of a line and what follows its colon, without the blanks before it.
fn key(text: &str) -> Option<(String, &str)> {
    let after = |rest: &'_ str| rest.is_empty() || rest.starts_with([' ', '\t']);
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let (inner, rest) = text[1..].split_once(quote)?;
        let value = rest.trim_start().strip_prefix(':').filter(|rest| after(rest))?;
        return (!inner.contains('\\')).then(|| (inner.to_owned(), value.trim_start()));
    }
    if text.starts_with(['?', '&', '*', '!', '|', '>', '{', '[', '%', '@', '`', '#', ',']) || is_item(text) {
        return None;
    }
    let colon = text.match_indices(':').map(|(at, _)| at).find(|at| after(&text[at + 1..]))?;
    if text[..colon].contains(" #") {
        return None;
    }
    Some((text[..colon].trim_end().to_owned(), text[colon + 1..].trim_start()))
}

/// A value without the comment behind it.
fn uncommented(value: &str) -> &str {
    if value.starts_with('#') {
        return "";
    }
    let end = value.find(" #").or_else(|| value.find("\t#")).unwrap_or(value.len());
    value[..end].trim_end()
}

/// The scalar of a key, replaced.
fn scalar(entry: &Entry<'_>, to: &str) -> Result<Splice, String> {
    let bare = uncommented(entry.value);
    let (written, with) = match entry.value.chars().next() {
        _ if bare.is_empty() => return Err("has no value in its line: expected one".to_owned()),
        Some('&' | '*' | '!') => {
            return Err("has an anchor, an alias or a tag: expected a plain value".to_owned());
        }
        Some('{' | '[') => return Err("is a mapping or a list: expected a single value".to_owned()),
        Some('|' | '>') => return Err("is a block of text: expected a single value".to_owned()),
        Some(quote @ ('"' | '\'')) => {
            let end = closing(entry.value, quote).ok_or("has a value in quotes that goes over more lines")?;
            if !uncommented(entry.value[end..].trim_start()).is_empty() {
                return Err("has something behind its value".to_owned());
            }
            (&entry.value[..end], format!("{quote}{to}{quote}"))
        }
        // Written plainly, what looks like a number would be one: 1.10 would become 1.1.
        Some(_) => (bare, if is_number(to) { format!("\"{to}\"") } else { to.to_owned() }),
        None => return Err("has no value".to_owned()),
    };
    if !entry.below.is_empty() {
        return Err("has a value that goes over more lines: expected one".to_owned());
    }
    Ok(Splice { at: entry.at..entry.at + written.len(), with })
}

/// Where a value in quotes ends.
fn closing(value: &str, quote: char) -> Option<usize> {
    let mut chars = value.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let escapes = match quote {
            '"' => c == '\\',
            // Two single quotes are one that is meant.
            _ => c == quote && chars.peek().is_some_and(|(_, next)| *next == quote),
        };
        if escapes {
            let _escaped = chars.next();
        } else if c == quote {
            return Some(at + 1);
        }
    }
    None
}

/// Whether a plain scalar would be read as something else than a text (YAML 1.1 and 1.2: numbers, dates, words).
fn is_number(to: &str) -> bool {
    let digits =
        to.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+' | 'e' | 'E' | 'x' | 'o'));
    let few_dots = to.matches('.').count() <= 1;
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    (digits && few_dots && to.starts_with(|c: char| c.is_ascii_digit()))
        || to.chars().all(|c| c.is_ascii_hexdigit()) && to.starts_with("0x")
        || words.contains(&to.to_ascii_lowercase().as_str())
}
