//! Where a value comes from.

use crate::process::{Finding, Severity};
use std::fmt;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// `config.example.toml`, compiled in.
    Default,
    /// A file.
    File {
        /// As it is shown.
        file: String,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
    },
    /// An environment variable.
    Variable(String),
    /// An option of the command line.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { file, line, .. } => write!(f, "{file}:{line}"),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

impl Origin {
    /// An error at this place.
    pub(super) fn finding(&self, message: impl Into<String>, hint: impl Into<String>) -> Finding {
        let (file, line, column) = match self {
            Self::File { file, line, column } => (file.clone(), *line, *column),
            Self::Default | Self::Variable(_) | Self::Flag(_) => (self.to_string(), 1, 1),
        };
        Finding { severity: Severity::Error, file, line, column, message: message.into(), hint: hint.into() }
    }
}
