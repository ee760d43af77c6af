//! Which release process is followed, and where it is read from.

use super::load::{File, Loaded, Owner, text_of};
use super::place::nearest;
use crate::process::{Finding, PRESETS, Resolved, Severity, preset, resolve, resolve_followed};
use std::path::Path;

/// Where the process comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// A preset or a file, named on the command line or by `GONOGO_PROCESS`.
    Named(String),
    /// `[process]` of a configuration file.
    Written(Owner),
    /// Nothing says; `init` would draft one.
    Nowhere,
}

impl Loaded {
    /// Where the process comes from: the name given, else the repository's file, else the user's.
    #[must_use]
    pub fn chosen(&self, named: Option<&str>) -> Chosen {
        let says = |owner| self.file(owner).is_some_and(has_process);
        match named {
            Some(name) => Chosen::Named(name.to_owned()),
            None if says(Owner::Repository) => Chosen::Written(Owner::Repository),
            None if says(Owner::User) => Chosen::Written(Owner::User),
            None => Chosen::Nowhere,
        }
    }
}

fn has_process(file: &File) -> bool {
    file.text.as_deref().is_some_and(says_process)
}

/// Whether a text has a `[process]` table.
fn says_process(text: &str) -> bool {
    let (table, _) = toml::de::DeTable::parse_recoverable(text);
    table.get_ref().keys().any(|key| key.get_ref() == "process")
}

/// Reads the process that was chosen; none when nothing says which.
///
/// # Errors
/// All that is wrong with it.
#[must_use]
pub fn process(loaded: &Loaded, chosen: &Chosen) -> Option<Result<Resolved, Vec<Finding>>> {
    read(loaded, chosen, resolve)
}

/// The same for a process that is only to be followed: see [`resolve_followed`].
///
/// # Errors
/// All that is wrong with it.
#[must_use]
pub fn followed(loaded: &Loaded, chosen: &Chosen) -> Option<Result<Resolved, Vec<Finding>>> {
    read(loaded, chosen, resolve_followed)
}

/// How the text of a process is read.
type Reading = fn(&str, &str, &dyn Fn(&str) -> Result<String, String>) -> Result<Resolved, Vec<Finding>>;

fn read(loaded: &Loaded, chosen: &Chosen, reading: Reading) -> Option<Result<Resolved, Vec<Finding>>> {
    match chosen {
        Chosen::Named(name) => Some(named(name, reading)),
        Chosen::Written(owner) => loaded.file(*owner).map(|file| written(file, reading)),
        Chosen::Nowhere => None,
    }
}

fn written(file: &File, reading: Reading) -> Result<Resolved, Vec<Finding>> {
    let free = file.owner == Owner::User || file.trusted;
    table_of(file.text.as_deref().unwrap_or_default(), &file.name, &file.path, free, reading)
}

/// The `[process]` table of a file. Unless `free`, it may name files below its own directory only.
fn table_of(
    text: &str,
    shown: &str,
    path: &Path,
    free: bool,
    reading: Reading,
) -> Result<Resolved, Vec<Finding>> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let read = |name: &str| {
        let path = Path::new(name);
        let down = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !free && !down {
            return Err("a repository may only name files of its own".to_owned());
        }
        let text = text_of(&dir.join(path), (!free).then_some(dir))?;
        text.ok_or_else(|| "there is no such file".to_owned())
    };
    reading(text, shown, &read)
}

/// A preset by its name, or a file that holds a whole process.
fn named(name: &str, reading: Reading) -> Result<Resolved, Vec<Finding>> {
    let wrong = |file: &str, message: String, hint: String| {
        let (line, column) = (1, 1);
        vec![Finding { severity: Severity::Error, file: file.to_owned(), line, column, message, hint }]
    };
    if preset(name).is_some() {
        let text = format!("[process]\npreset = {name:?}\n");
        return reading(&text, "--process", &|_| Err("no file is named".to_owned()));
    }
    if name.ends_with(".toml") {
        let path = Path::new(name);
        let shown = super::place::shown_path(path);
        let text = text_of(path, None)
            .map_err(|why| wrong(&shown, format!("it cannot be read: {why}"), String::new()))?;
        let text = text.ok_or_else(|| wrong(&shown, "there is no such file".to_owned(), String::new()))?;
        if says_process(&text) {
            return table_of(&text, &shown, path, true, reading);
        }
        let parsed = crate::process::Process::parse(&text, &shown);
        return parsed.map(|(process, findings)| Resolved { process, text, preset: None, findings });
    }
    let known = || PRESETS.iter().map(|(name, _, _)| *name);
    let near = nearest(name, known()).map(|near| format!("did you mean {near:?}? ")).unwrap_or_default();
    let hint = format!("{near}Presets: {}; or name a .toml file", known().collect::<Vec<_>>().join(", "));
    Err(wrong("--process", format!("no process is called {}", super::place::quoted(name)), hint))
}
