//! A group of rows under a heading, with the words that a filter looks at.

use super::Row;
use std::fmt::{self, Write as _};

/// A group of rows under a heading.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// Its name, stable over refreshes.
    pub name: String,
    /// Its text, safe to show; empty for a group without a heading.
    pub text: String,
    /// Whether it is folded unless the manager unfolds it.
    pub folded: bool,
    /// Its rows, in the order of the list.
    pub rows: Vec<Row>,
    /// How many rows were not made because they are folded away.
    pub hidden: usize,
    /// The words of each row, none when no filter asks for them.
    words: Option<Words>,
}

/// Words of many rows in one piece of memory: a milestone may have thousands of issues.
#[derive(Debug, Clone, Default)]
struct Words {
    all: String,
    ends: Vec<usize>,
}

impl Group {
    /// A group without rows; `filtering` says whether the words of its rows are wanted.
    pub fn new(name: &str, text: impl Into<String>, folded: bool, filtering: bool) -> Self {
        let words = filtering.then(Words::default);
        Self { name: name.to_owned(), text: text.into(), folded, rows: Vec::new(), hidden: 0, words }
    }

    /// How many rows there are, folded away or not.
    pub fn count(&self) -> usize {
        self.rows.len() + self.hidden
    }

    /// Whether the words of its rows are wanted.
    pub fn is_filtering(&self) -> bool {
        self.words.is_some()
    }

    /// Adds a row. Its words are written only when a filter asks for them.
    pub fn add(&mut self, row: Row, words: fmt::Arguments) {
        self.rows.push(row);
        if let Some(kept) = &mut self.words {
            // Writing to a string cannot fail.
            let _ = kept.all.write_fmt(words);
            kept.ends.push(kept.all.len());
        }
    }

    /// What a filter looks at for a row; empty when no words were wanted.
    pub fn words(&self, at: usize) -> &str {
        let Some(words) = &self.words else { return "" };
        let start = at.checked_sub(1).and_then(|before| words.ends.get(before)).copied().unwrap_or(0);
        words.ends.get(at).and_then(|end| words.all.get(start..*end)).unwrap_or_default()
    }
}
