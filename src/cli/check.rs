//! `gonogo check`: everything that is wrong or contradicts itself in the configuration and the process.

use super::args::{CheckArgs, Target};
use super::exit::{Exit, Said};
use super::setup::{Setup, no_repository, report};
use crate::config::{Chosen, Loaded, Owner, Places, REPOSITORY_FILE, load, process};
use crate::git::find;
use crate::order::Order as _;
use crate::process::{Finding, Process, Resolved, Severity};
use crate::release::text::shown;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What was checked, and what was found.
#[derive(Debug, Default)]
struct Checked {
    findings: Vec<Finding>,
    /// What is fine, a line each.
    notes: Vec<String>,
    /// Why there was nothing to check: a path in no repository, and no process.
    nothing: Option<Exit>,
}

/// Checks the files given, or all that are in force.
#[must_use]
pub fn check(args: &CheckArgs) -> Said {
    let mut checked = Checked::default();
    if args.files.is_empty() {
        let target =
            Target { process: args.process.clone(), config: args.config.clone(), ..Target::default() };
        match Setup::of(None, &target, Vec::new()) {
            Ok(setup) => checked.in_force(&setup),
            Err(said) => return said,
        }
    }
    for file in &args.files {
        checked.file(file, args.config.as_deref());
    }
    if let (Some(name), false) = (&args.process, args.files.is_empty()) {
        checked.process(process(&nothing(), &Chosen::Named(name.clone())));
    }
    checked.said(args.json)
}

impl Checked {
    fn in_force(&mut self, setup: &Setup) {
        self.files(&setup.loaded);
        match setup.process() {
            Some(resolved) => self.process(Some(resolved)),
            None => self.notes.push(match &setup.repository {
                Ok(_) => {
                    let draft = "`gonogo init` drafts one for this repository";
                    format!("no process: {draft}, or name a preset with --process")
                }
                Err(why) => {
                    self.nothing = Some(no_repository(why));
                    format!("no process: {why}; run it in a clone, or name files or a --process")
                }
            }),
        }
    }

    /// What was found while loading the configuration.
    fn files(&mut self, loaded: &Loaded) {
        self.findings.extend(loaded.findings.iter().cloned());
        for file in loaded.files.iter().filter(|file| file.text.is_some()) {
            let fine = loaded.findings.iter().all(|finding| finding.file != file.name);
            let trust = match file.owner {
                Owner::User => String::new(),
                Owner::Repository if file.trusted => format!(", trusted as {}", file.hash),
                Owner::Repository => format!(", to trust it as it is: trusted = [\"{}\"]", file.hash),
            };
            if fine {
                self.notes.push(format!("{}: no mistake in its settings{trust}", file.name));
            }
        }
    }

    fn process(&mut self, resolved: Option<Result<Resolved, Vec<Finding>>>) {
        match resolved {
            Some(Ok(resolved)) => {
                if resolved.findings.is_empty() {
                    self.notes.push(summary(&resolved.process));
                }
                self.findings.extend(resolved.findings);
            }
            Some(Err(findings)) => self.findings.extend(findings),
            None => {}
        }
    }

    /// One file that was named: what it is, is told by its name and its keys.
    fn file(&mut self, path: &Path, config: Option<&Path>) {
        let is_repository = path.file_name().is_some_and(|name| name == REPOSITORY_FILE);
        if path.is_dir() && !is_repository {
            return self.file(&file_of(path), config);
        }
        if is_repository {
            let root = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
            // The user's file is read for what it trusts; its own mistakes are not asked for.
            let mut loaded = load(&Places::of(Some(root), config), &|_| None, &[]);
            let name = loaded.files.iter().find(|it| it.owner == Owner::Repository).map(|it| it.name.clone());
            loaded.findings.retain(|finding| Some(&finding.file) == name.as_ref());
            loaded.files.retain(|file| file.owner == Owner::Repository);
            let missing = loaded.file(Owner::Repository).is_none() && loaded.findings.is_empty();
            if missing {
                self.missing(path);
            }
            self.files(&loaded);
            let chosen = loaded.chosen(None);
            return self.process(process(&loaded, &chosen));
        }
        if says_release(path) {
            let chosen = Chosen::Named(path.display().to_string());
            return self.process(process(&nothing(), &chosen));
        }
        let places = Places { user: Some(path.to_owned()), named: true, root: None };
        let loaded = load(&places, &|_| None, &[]);
        self.files(&loaded);
        let chosen = loaded.chosen(None);
        self.process(process(&loaded, &chosen));
    }

    fn missing(&mut self, path: &Path) {
        let file = shown(&path.display().to_string(), 400);
        let (message, hint) = ("there is no such file".to_owned(), "`gonogo init` writes one".to_owned());
        self.findings.push(Finding { severity: Severity::Error, file, line: 1, column: 1, message, hint });
    }

    fn said(mut self, json: bool) -> Said {
        let place = |finding: &Finding| (finding.file.clone(), finding.line, finding.column);
        self.findings.order_by_key(place);
        self.findings.dedup();
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let warnings = self.findings.len() - errors;
        let exit = if self.findings.is_empty() { self.nothing.unwrap_or(Exit::Ok) } else { Exit::Usage };
        let mut out = String::new();
        if json {
            let findings: Vec<_> = self.findings.iter().map(as_json).collect();
            let value = serde_json::json!({
                "errors": errors, "warnings": warnings, "findings": findings, "notes": self.notes,
            });
            let _ = writeln!(out, "{value:#}");
            return Said { exit, ..Said::ok(out) };
        }
        out.push_str(&report(&self.findings));
        for note in &self.notes {
            let _ = writeln!(out, "{}", shown(note, 1000));
        }
        if !self.findings.is_empty() {
            let _ = writeln!(out, "{}, {}", counted(errors, "error"), counted(warnings, "warning"));
        }
        Said { exit, ..Said::ok(out) }
    }
}

/// The file of a directory: its own, else that of the repository that it is in.
fn file_of(dir: &Path) -> PathBuf {
    let own = dir.join(REPOSITORY_FILE);
    if own.symlink_metadata().is_ok() {
        return own;
    }
    let root = find(dir).ok().and_then(|repository| repository.work_tree);
    let of_root = root.map(|root| root.join(REPOSITORY_FILE)).filter(|file| file.symlink_metadata().is_ok());
    of_root.unwrap_or(own)
}

/// No configuration file at all.
fn nothing() -> Loaded {
    load(&Places::default(), &|_| None, &[])
}

/// Whether a file is a process and not a configuration: `[branches]` and `[version]` stand in every process.
fn says_release(path: &Path) -> bool {
    let text =
        std::fs::metadata(path).ok().filter(|meta| meta.is_file() && meta.len() <= crate::config::FILE_CAP);
    let text = text.and_then(|_| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let (table, _) = toml::de::DeTable::parse_recoverable(&text);
    let has = |name: &str| table.get_ref().keys().any(|key| key.get_ref() == name);
    !has("process")
        && (has("branches") || has("version") || has("stages") || has("gates"))
        && path.extension().is_some_and(|end| end == "toml")
}

/// What a process holds, in a line.
fn summary(process: &Process) -> String {
    format!(
        "process {}: no contradiction in {}, {}, {}, {}",
        process.name,
        counted(process.streams.len(), "stream"),
        counted(process.calendar.phases.len(), "phase"),
        counted(process.items().count(), "checklist item"),
        counted(process.gates.len(), "gate"),
    )
}

/// `1 error`, `2 errors`.
pub(super) fn counted(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

fn as_json(finding: &Finding) -> serde_json::Value {
    let severity = match finding.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    serde_json::json!({
        "severity": severity, "file": finding.file, "line": finding.line, "column": finding.column,
        "message": finding.message, "hint": finding.hint,
    })
}
