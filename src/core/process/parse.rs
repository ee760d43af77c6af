//! From TOML text to a process, or to what is wrong with it.

use super::tree::{Places, Tree};
use super::{Finding, Process, Severity, check, reader};
use crate::order::Order as _;

/// A process and the warnings about it, or all that is wrong with it.
pub type Parsed = Result<(Process, Vec<Finding>), Vec<Finding>>;

/// No file has more mistakes that are worth listing.
const MOST: usize = 100;

impl Process {
    /// Parses a process file; `file` names it in the findings. The findings beside a process are the warnings of
    /// [`check`](super::check()).
    ///
    /// # Errors
    /// All that is wrong with the file, in the order of its lines, at least one of [`Severity::Error`].
    pub fn parse(text: &str, file: &str) -> Parsed {
        decode(Tree::read(text, file, true)?)
    }
}

/// A tree as a process, checked.
pub(super) fn decode(mut tree: Tree) -> Parsed {
    let mut findings = Vec::new();
    let process = loop {
        // Where no place is remembered, the first mistake is enough: the file is read once more to name it.
        let placed = !tree.places.is_empty();
        match reader::read(if placed { tree.table.clone() } else { std::mem::take(&mut tree.table) }) {
            Ok(process) => break Some(process),
            Err((path, message)) => {
                findings.push(explain(&tree.places, &path, &message));
                // An unknown key is taken out, so that one run names all of them. Any other mistake ends the
                // reading: what follows from it would be noise.
                let unknown = message.starts_with("unknown field");
                if !placed || !unknown || findings.len() >= MOST || !remove(&mut tree.table, &path) {
                    break None;
                }
            }
        }
    };
    if let Some(process) = process {
        let process = Process { places: tree.places, ..process }.with_titles();
        findings.extend(check::check(&process));
        if !findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Ok((process, findings));
        }
    }
    findings.order_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    Err(findings)
}

/// Takes the key at a path out of the tree; whether it was there.
fn remove(table: &mut toml::Table, path: &str) -> bool {
    let Some((parent, key)) = path.rsplit_once('.') else { return table.remove(path).is_some() };
    let mut steps = parent.split('.');
    let first = steps.next().and_then(|step| enter_table(table, step));
    let holder = steps.try_fold(first, |value, step| match value {
        Some(toml::Value::Table(table)) => Some(enter_table(table, step)),
        _ => None,
    });
    match holder.flatten() {
        Some(toml::Value::Table(table)) => table.remove(key).is_some(),
        _ => false,
    }
}

/// The value of a step such as `gates[2]`.
fn enter_table<'t>(table: &'t mut toml::Table, step: &str) -> Option<&'t mut toml::Value> {
    let (key, indices) = step.split_once('[').unwrap_or((step, ""));
    let mut value = table.get_mut(key)?;
    for index in indices.split('[').filter(|index| !index.is_empty()) {
        let at: usize = index.trim_end_matches(']').parse().ok()?;
        value = value.as_array_mut()?.get_mut(at)?;
    }
    Some(value)
}

/// Says a serde message in the words of the file.
fn explain(places: &Places, path: &str, message: &str) -> Finding {
    let mut names = message.split('`').skip(1).step_by(2);
    let first = names.next().unwrap_or_default();
    let expected: Vec<&str> = names.collect();
    let (above, last) = path.rsplit_once('.').unwrap_or(("", path));
    let within = if above.is_empty() { String::new() } else { format!(" in {above}") };
    if message.starts_with("unknown field") {
        let hint = match nearest(last, expected.iter().copied()) {
            Some(name) => format!("did you mean {name:?}? Keys here: {}", expected.join(", ")),
            None => format!("keys here: {}", expected.join(", ")),
        };
        return places.finding(Severity::Error, path, format!("unknown key {last:?}{within}"), hint);
    }
    if message.starts_with("unknown variant") {
        let hint = match nearest(first, expected.iter().copied()) {
            Some(name) => format!("did you mean {name:?}? Expected one of: {}", expected.join(", ")),
            None => format!("expected one of: {}", expected.join(", ")),
        };
        return places.finding(Severity::Error, path, format!("{path} cannot be {first:?}"), hint);
    }
    if message.starts_with("missing field") {
        let of = if path.is_empty() { "the process".to_owned() } else { path.to_owned() };
        let hint = format!("add {first} = …");
        return places.finding(Severity::Error, path, format!("{of} needs the key {first:?}"), hint);
    }
    let message = message.lines().next().unwrap_or_default();
    match message.split_once(", expected ") {
        Some((found, expected)) => {
            let text = format!("{path}: {found}");
            places.finding(Severity::Error, path, text, format!("expected {expected}"))
        }
        None => places.finding(Severity::Error, path, format!("{path}: {message}"), String::new()),
    }
}

/// The known name that was probably meant.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = known.map(|other| (strsim::damerau_levenshtein(name, other), other));
    let (distance, other) = near.min()?;
    (distance <= (name.chars().count() / 3).max(1)).then_some(other)
}

impl Process {
    /// Gives everything without a title its id as title.
    fn with_titles(mut self) -> Self {
        let fill = |title: &mut String, id: &str| {
            if title.is_empty() {
                id.clone_into(title);
            }
        };
        fill(&mut self.title, &self.name);
        macro_rules! titles {
            ($($list:expr),+ $(,)?) => {$(
                for entry in &mut $list {
                    fill(&mut entry.title, &entry.id);
                }
            )+};
        }
        titles!(
            self.streams,
            self.calendar.phases,
            self.roles,
            self.groups,
            self.features.steps,
            self.trackers,
            self.ci.suites,
            self.stages,
            self.gates,
            self.signoffs,
            self.reports,
            self.artifacts,
            self.channels,
            self.announcements,
            self.parties,
            self.rollback.severities,
            self.meetings,
            self.metrics,
        );
        self
    }
}
