//! Lines and columns in a text, and findings at them.

use crate::process::{Finding, Severity};
use std::ops::Range;

/// A text and what it is called in findings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'t> {
    pub file: &'t str,
    pub text: &'t str,
}

impl Text<'_> {
    /// Line and column of a byte, both from 1, the column in characters.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// An error at a span.
    pub fn error(&self, span: &Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Finding {
        let (line, column) = self.place(span.start);
        Finding {
            severity: Severity::Error,
            file: self.file.to_owned(),
            line,
            column,
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// The known name that was probably meant.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = known.map(|other| (strsim::damerau_levenshtein(name, other), other));
    let (distance, other) = near.min()?;
    (distance <= (name.chars().count() / 3).max(1)).then_some(other)
}

/// Text of a file in a message: quoted, and nothing in it can change the line it is shown in.
pub(super) fn quoted(text: &str) -> String {
    let cut: String = text.chars().take(80).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("{cut:?}{more}")
}

/// A path in a message: relative to the current directory when it lies there, and safe to show.
pub(super) fn shown_path(path: &std::path::Path) -> String {
    let here = std::env::current_dir().ok();
    let short = here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    short.display().to_string().chars().flat_map(shown_char).collect()
}

/// A character, or its escape when it cannot be seen.
pub(super) fn shown_char(c: char) -> Vec<char> {
    if super::value::unseen(c) { c.escape_unicode().collect() } else { vec![c] }
}
