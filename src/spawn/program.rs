//! Programs, found once in PATH and named by their absolute path from then on.

use super::SpawnError;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// An executable file, by absolute path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program(PathBuf);

impl Program {
    /// Finds a program by its bare name in PATH, or takes a path that is already absolute.
    ///
    /// Relative directories in PATH, the current one included, are passed over: a repository must not be able to
    /// bring its own `git`.
    ///
    /// # Errors
    /// [`SpawnError::NotFound`] when there is no such executable file.
    pub fn find(name: &str) -> Result<Self, SpawnError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Self::find_in(name, &path)
    }

    /// [`Program::find`] in a given PATH.
    ///
    /// # Errors
    /// [`SpawnError::NotFound`] when there is no such executable file.
    pub fn find_in(name: &str, path: &OsStr) -> Result<Self, SpawnError> {
        let not_found = || SpawnError::NotFound(name.escape_debug().to_string());
        let asked = Path::new(name);
        if asked.is_absolute() {
            return if is_executable(asked) { Ok(Self(asked.to_owned())) } else { Err(not_found()) };
        }
        if name.is_empty() || name.contains('/') {
            return Err(not_found());
        }
        std::env::split_paths(path)
            .filter(|dir| dir.is_absolute())
            .map(|dir| dir.join(name))
            .find(|file| is_executable(file))
            .map(Self)
            .ok_or_else(not_found)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Its path for messages, safe to show.
    #[must_use]
    pub fn line(&self) -> String {
        self.0.display().to_string().chars().flat_map(char::escape_debug).collect()
    }
}

fn is_executable(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// Splits a command as people write it in `$EDITOR` or a configuration: blanks separate, single and double quotes
/// and a backslash keep together. Nothing is expanded. None when a quote is left open or there is no word.
#[must_use]
pub fn words(command: &str) -> Option<Vec<OsString>> {
    let (mut out, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = command.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\\', None | Some('"')) => word.get_or_insert_default().push(chars.next()?),
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, None) if c.is_whitespace() => out.extend(word.take().map(OsString::from)),
            _ => word.get_or_insert_default().push(c),
        }
    }
    out.extend(word.map(OsString::from));
    (quote.is_none() && !out.is_empty()).then_some(out)
}
