//! Templates filled in, and texts that call nobody and link no issue by accident.

use crate::release::text::shown;

/// The names in braces of a template, each once, in order.
#[must_use]
pub fn blanks(template: &str) -> Vec<&str> {
    let mut names = vec![];
    for name in template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Fills the names in braces. What is filled in is text and no template: braces in it stay.
///
/// # Errors
/// Why the first that cannot be filled in cannot.
pub fn fill<E>(template: &str, value: &dyn Fn(&str) -> Result<String, E>) -> Result<String, E> {
    let (mut out, mut rest) = (String::new(), template);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, after)) => {
                out.push_str(&value(name)?);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// Columns that a text is shown in before it is posted.
const COLUMNS: usize = 64;

/// A text as it is read, line by line, safe to show. The joiners that keep it from calling anybody are left out.
#[must_use]
pub fn preview(text: &str) -> Vec<String> {
    let text = text.replace('\u{2060}', "");
    let mut lines = vec![];
    for line in text.lines() {
        let mut row = String::new();
        for word in line.split(' ') {
            let mut word: Vec<char> = word.chars().collect();
            let room = COLUMNS.saturating_sub(row.chars().count() + 1);
            if !row.is_empty() && word.len() > room {
                lines.push(std::mem::take(&mut row));
            }
            while word.len() > COLUMNS {
                lines.push(word.drain(..COLUMNS).collect());
            }
            if !row.is_empty() {
                row.push(' ');
            }
            row.extend(word);
        }
        lines.push(row);
    }
    lines.iter().map(|line| shown(line, COLUMNS * 2)).collect()
}

/// Longest line, in characters.
const LINE: usize = 40_000;

/// A text that shows what it holds, calls nobody and links no issue: nothing in it is unseen or turns a line round,
/// and a word joiner stands after `@` and `#` where a name or number follows. Addresses stay as they are.
#[must_use]
pub fn tame(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| {
        // A word joiner that is there already is ours: what is tamed twice is as what is tamed once.
        let line = line.replace(['\u{2060}', '\t'], "").replace('\r', "");
        let line = shown(&line, LINE);
        line.split(' ').map(word).collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn word(word: &str) -> String {
    let (plain, address) = word.split_at(address_in(word).unwrap_or(word.len()));
    let mut out = String::with_capacity(word.len() + 4);
    let mut chars = plain.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        // The signs before a heading are no number's.
        let calls = |next: &char| !(next.is_whitespace() || c == '#' && *next == '#');
        if matches!(c, '@' | '#' | '＠' | '＃') && chars.peek().is_some_and(calls) {
            out.push('\u{2060}');
        }
    }
    out.push_str(address);
    out
}

/// Where an address begins in a word.
pub(super) fn address_in(word: &str) -> Option<usize> {
    ["https://", "http://"].iter().filter_map(|scheme| word.find(scheme)).min()
}
