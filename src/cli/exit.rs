//! How a command ends: what it prints, and the exit code that scripts read.

use crate::release::text::shown;
use std::borrow::Cow;
use std::io::{IsTerminal as _, Write as _};

/// Exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done; for `status`: go.
    Ok = 0,
    /// `status`: no-go or hold.
    NotGo = 1,
    /// The arguments or the configuration are wrong, the path is in no repository, or `check` and `verify` found
    /// something.
    Usage = 2,
    /// Something could not be read or reached; for `predict`: of a pick it cannot be told.
    Unread = 3,
    /// `predict`: a pick conflicts.
    Conflict = 4,
}

impl Exit {
    /// The number for the system.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// What a command that does not take the terminal leaves behind. Every text in it is safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub err: String,
    /// How it ended.
    pub exit: Exit,
}

impl Said {
    /// Text for standard output, and success.
    #[must_use]
    pub fn ok(out: impl Into<String>) -> Self {
        Self { out: out.into(), err: String::new(), exit: Exit::Ok }
    }

    /// Text for standard error, and how it ended.
    #[must_use]
    pub fn err(exit: Exit, err: impl Into<String>) -> Self {
        let mut err = err.into();
        if !err.ends_with('\n') {
            err.push('\n');
        }
        Self { out: String::new(), err, exit }
    }

    /// Writes it out. A reader that went away (`gonogo keys | head`) is no failure of ours.
    #[must_use]
    pub fn print(&self) -> Exit {
        let mut out = std::io::stdout().lock();
        let text = for_reader(&self.out, out.is_terminal());
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        let mut err = std::io::stderr().lock();
        let told = err.write_all(for_reader(&self.err, err.is_terminal()).as_bytes());
        match (written, told) {
            (Err(why), _) if why.kind() != std::io::ErrorKind::BrokenPipe => Exit::Unread,
            _ => self.exit,
        }
    }
}

/// A text as its reader gets it: a file gets the bytes, a terminal gets nothing that it would obey. Commands make
/// their texts safe where they are made; this is for JSON that must keep its bytes, and for what was forgotten.
#[must_use]
pub fn for_reader(text: &str, terminal: bool) -> Cow<'_, str> {
    if !terminal {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_inclusive('\n').fold(String::with_capacity(text.len()), |mut out, line| {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        out.push_str(&shown(line, 1 << 30));
        out.push_str(end);
        out
    }))
}
