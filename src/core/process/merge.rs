//! A project's own keys laid over a preset.

use super::parse::{decode, nearest};
use super::presets::{PRESETS, preset};
use super::tree::{Places, Tree, join};
use super::{Finding, Process, Severity};

/// The process that a `gonogo.toml` names.
#[derive(Clone, PartialEq, Debug)]
pub struct Resolved {
    /// The process.
    pub process: Process,
    /// Its whole text, presets and own keys merged: what a journal keeps, and what [`Process::parse`] reads.
    pub text: String,
    /// The preset it starts from, when it does.
    pub preset: Option<String>,
    /// Warnings.
    pub findings: Vec<Finding>,
}

/// Lays keys over a process text.
///
/// A table is merged key by key. A list whose entries have an `id` (or a `pattern`, `line` or `title`) is merged
/// entry by entry: the same id changes that entry, a new one is added at the end. Any other value is replaced. The
/// key `without` lists what is taken out, as paths with ids: `["gates.docs", "stages.prepare.items.jira"]`.
///
/// # Errors
/// When one of the texts is no TOML, or `without` names what is not there.
pub fn merge(base: &str, overrides: &str) -> Result<String, Vec<Finding>> {
    let base = Tree::read(base, "preset", true)?;
    let over = Tree::read(overrides, "overrides", true)?;
    written(&lay(base, over)?)
}

/// Reads the process that the `[process]` table of a `gonogo.toml` names: `preset = "llama-stack"` with keys that
/// override it, `file = "RELEASE-PROCESS.toml"` likewise, or a whole process. `read` gives the text of a file named
/// by `file`, or why it cannot be read.
///
/// # Errors
/// All that is wrong, each at the file and line it was written in; a key of the preset is at `preset NAME`.
pub fn resolve(
    text: &str,
    file: &str,
    read: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Resolved, Vec<Finding>> {
    resolved(text, file, read, true)
}

/// The same for a process that is only to be followed: its warnings are left out, and nothing remembers where it was
/// written, which is most of the work of [`resolve`].
///
/// # Errors
/// The same.
pub fn resolve_followed(
    text: &str,
    file: &str,
    read: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Resolved, Vec<Finding>> {
    match resolved(text, file, read, false) {
        Ok(sound) => Ok(Resolved { findings: Vec::new(), ..sound }),
        Err(_) => resolved(text, file, read, true),
    }
}

fn resolved(
    text: &str,
    file: &str,
    read: &dyn Fn(&str) -> Result<String, String>,
    placed: bool,
) -> Result<Resolved, Vec<Finding>> {
    let tree = Tree::read(text, file, placed)?;
    let Some(toml::Value::Table(table)) = tree.table.get("process") else {
        let hint =
            format!("write [process] and preset = \"…\", one of: {}; `gonogo init` drafts it", names());
        return wrong(&tree.places, "process", "there is no [process] table".to_owned(), &hint);
    };
    let mut over = Tree { table: table.clone(), places: Places::default() };
    over.places.adopt("", &tree.places, "process");
    let mut take = |key: &str| match over.table.remove(key) {
        None => Ok(None),
        Some(toml::Value::String(name)) => Ok(Some(name)),
        Some(_) => {
            wrong(&tree.places, &join("process", key), format!("{key} is no text"), "write it in quotes")
        }
    };
    let (named, other) = (take("preset")?, take("file")?);
    let whole = match below(&tree.places, named.as_deref(), other.as_deref(), read, placed)? {
        Some(base) => lay(base, over)?,
        None => over,
    };
    let text = written(&whole)?;
    decode(whole).map(|(process, findings)| Resolved { process, text, preset: named, findings })
}

fn names() -> String {
    PRESETS.map(|(name, _, _)| name).join(", ")
}

fn wrong<T>(places: &Places, path: &str, message: String, hint: &str) -> Result<T, Vec<Finding>> {
    Err(vec![places.finding(Severity::Error, path, message, hint.to_owned())])
}

/// What the own keys are laid over: a preset, a file, or nothing.
fn below(
    places: &Places,
    named: Option<&str>,
    other: Option<&str>,
    read: &dyn Fn(&str) -> Result<String, String>,
    placed: bool,
) -> Result<Option<Tree>, Vec<Finding>> {
    match (named, other) {
        (Some(_), Some(_)) => {
            wrong(places, "process.file", "process has both preset and file".to_owned(), "keep one of them")
        }
        (Some(name), None) => match preset(name) {
            Some(text) => Tree::read(text, &format!("preset {name}"), placed).map(Some),
            None => {
                let near = nearest(name, PRESETS.map(|(name, _, _)| name).into_iter());
                let near = near.map(|name| format!("did you mean {name:?}? ")).unwrap_or_default();
                let hint = format!("{near}Presets: {}", names());
                wrong(places, "process.preset", format!("no preset is called {name:?}"), &hint)
            }
        },
        (None, Some(path)) => match read(path) {
            Ok(text) => Tree::read(&text, path, placed).map(Some),
            Err(why) => {
                let message = format!("{path} cannot be read: {why}");
                wrong(places, "process.file", message, "the path is relative to gonogo.toml")
            }
        },
        (None, None) => Ok(None),
    }
}

fn written(tree: &Tree) -> Result<String, Vec<Finding>> {
    toml::to_string(&tree.table).map_err(|why| {
        let message = format!("the merged process cannot be written: {why}");
        vec![tree.places.finding(Severity::Error, "", message, String::new())]
    })
}

/// Lays one tree over another.
fn lay(mut base: Tree, mut over: Tree) -> Result<Tree, Vec<Finding>> {
    let mut wrong = Vec::new();
    match over.table.remove("without") {
        None => {}
        Some(toml::Value::Array(paths)) => {
            for (at, path) in paths.iter().enumerate() {
                let gone = path.as_str().is_some_and(|path| take_out(&mut base, path));
                if !gone {
                    let message = format!("without names {path}, which is not in the process");
                    let hint = "write a path with ids, such as \"gates.docs\"".to_owned();
                    wrong.push(over.places.finding(
                        Severity::Error,
                        &format!("without[{at}]"),
                        message,
                        hint,
                    ));
                }
            }
        }
        Some(_) => {
            let hint = "write without = [\"gates.docs\"]".to_owned();
            wrong.push(over.places.finding(
                Severity::Error,
                "without",
                "without is no list".to_owned(),
                hint,
            ));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let Tree { table, places } = &mut base;
    lay_table(table, "", over.table, "", places, &over.places);
    Ok(base)
}

fn lay_table(
    base: &mut toml::Table,
    path: &str,
    over: toml::Table,
    over_path: &str,
    places: &mut Places,
    over_places: &Places,
) {
    for (key, value) in over {
        let (path, over_path) = (join(path, &key), join(over_path, &key));
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above))
                if !is_choice(below, &above) && key != VENUE =>
            {
                lay_table(below, &path, above, &over_path, places, over_places);
            }
            (Some(toml::Value::Array(below)), toml::Value::Array(above)) if named(below) && named(&above) => {
                lay_list(below, &path, above, &over_path, places, over_places);
            }
            (_, value) => {
                places.forget(&path);
                places.adopt(&path, over_places, &over_path);
                base.insert(key, value);
            }
        }
    }
}

/// Where an announcement goes is one choice of several too, whose value is a text.
const VENUE: &str = "to";

/// Whether both are one choice of several, such as `{ checks = {…} }` and `{ picks = {…} }`: then the upper one
/// replaces the lower. A choice is a table of one key whose value is a table.
fn is_choice(below: &toml::Table, above: &toml::Table) -> bool {
    let one = |table: &toml::Table| table.len() == 1 && table.values().all(toml::Value::is_table);
    one(below) && one(above)
}

fn lay_list(
    base: &mut Vec<toml::Value>,
    path: &str,
    over: Vec<toml::Value>,
    over_path: &str,
    places: &mut Places,
    over_places: &Places,
) {
    for (from, entry) in over.into_iter().enumerate() {
        let known = name_of(&entry).and_then(|name| base.iter().position(|old| name_of(old) == Some(name)));
        let over_path = format!("{over_path}[{from}]");
        match (known, entry) {
            (Some(at), toml::Value::Table(above)) => {
                if let Some(toml::Value::Table(below)) = base.get_mut(at) {
                    lay_table(below, &format!("{path}[{at}]"), above, &over_path, places, over_places);
                }
            }
            (_, entry) => {
                places.adopt(&format!("{path}[{}]", base.len()), over_places, &over_path);
                base.push(entry);
            }
        }
    }
}

/// Whether every entry of a list has a name to be merged by.
fn named(list: &[toml::Value]) -> bool {
    list.iter().all(|entry| name_of(entry).is_some())
}

/// What an entry of a list is called.
fn name_of(entry: &toml::Value) -> Option<&str> {
    let table = entry.as_table()?;
    ["id", "pattern", "line", "title"].iter().find_map(|key| table.get(*key)?.as_str())
}

/// Takes out what a path with ids names; whether it was there.
fn take_out(tree: &mut Tree, path: &str) -> bool {
    let mut steps = path.split('.').peekable();
    let mut table = &mut tree.table;
    let mut place = String::new();
    while let Some(key) = steps.next() {
        place = join(&place, key);
        if steps.peek().is_none() {
            tree.places.forget(&place);
            return table.remove(key).is_some();
        }
        match table.get_mut(key) {
            Some(toml::Value::Table(inner)) => table = inner,
            Some(toml::Value::Array(list)) => {
                let rest: Vec<&str> = steps.clone().collect();
                let joined = rest.join(".");
                // An id may hold dots (a pattern does), so the whole rest is tried before its first step.
                if let Some(at) = list.iter().position(|entry| name_of(entry) == Some(&*joined)) {
                    list.remove(at);
                    shift(&mut tree.places, &place, at, list.len());
                    return true;
                }
                let Some(at) = list.iter().position(|entry| name_of(entry) == rest.first().copied()) else {
                    return false;
                };
                steps.next();
                place = format!("{place}[{at}]");
                match list.get_mut(at) {
                    Some(toml::Value::Table(inner)) => table = inner,
                    _ => return false,
                }
            }
            _ => return false,
        }
    }
    false
}

/// Moves the places of the entries behind a removed one up by one.
fn shift(places: &mut Places, list: &str, removed: usize, left: usize) {
    places.forget(&format!("{list}[{removed}]"));
    for at in removed..left {
        let before = places.clone();
        places.adopt(&format!("{list}[{at}]"), &before, &format!("{list}[{}]", at + 1));
        places.forget(&format!("{list}[{}]", at + 1));
    }
}
