//! Which section an entry goes in: by its labels, in the order of the process; else by what its commits say.

use super::Entry;
use crate::process::{Audience, Process};
use crate::release::reading::matches;
use crate::version::Nature;

/// What a section is for that the process does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Breaking changes; before all others.
    Breaking,
    /// A section of the process, by its place there.
    Of(usize),
    /// Features.
    Features,
    /// Fixes.
    Fixes,
    /// What was taken back.
    Reverts,
    /// The rest.
    Other,
}

/// A section with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Which it is.
    pub kind: Kind,
    /// Its heading.
    pub title: String,
    /// Who it is for.
    pub audience: Audience,
    /// Whether the process asks for it.
    pub required: bool,
    /// What is in it.
    pub entries: Vec<Entry>,
}

/// Labels that projects give to what the convention calls a breaking change, a feature, a fix.
const BREAKING: &[&str] = &["breaking", "breaking-change", "breaking change", "kind/breaking"];
const FEATURE: &[&str] = &["enhancement", "feature", "kind/feature", "kind/enhancement"];
const FIX: &[&str] = &["bug", "fix", "kind/bug"];

/// The sections of a range in their order. Those of the process come whole, the others where there is something in them.
pub(super) fn sections(process: &Process, entries: Vec<Entry>) -> Vec<Section> {
    let mut all: Vec<Section> = of_process(process);
    for (kind, title) in [
        (Kind::Breaking, "Breaking changes"),
        (Kind::Features, "Features"),
        (Kind::Fixes, "Fixes"),
        (Kind::Reverts, "Reverted"),
        (Kind::Other, "Other changes"),
    ] {
        let audience = Audience::External;
        all.push(Section { kind, title: title.to_owned(), audience, required: false, entries: vec![] });
    }
    all.sort_by_key(|it| it.kind);
    for entry in entries {
        let kind = kind_of(process, &entry);
        if let Some(section) = all.iter_mut().find(|it| it.kind == kind) {
            section.entries.push(entry);
        }
    }
    all.retain(|it| !it.entries.is_empty() || it.required);
    all
}

fn of_process(process: &Process) -> Vec<Section> {
    let named = process.notes.sections.iter().enumerate();
    let section = |(at, it): (usize, &crate::process::NotesSection)| Section {
        kind: Kind::Of(at),
        title: it.title.clone(),
        audience: it.audience,
        required: it.required,
        entries: vec![],
    };
    named.map(section).collect()
}

fn kind_of(process: &Process, entry: &Entry) -> Kind {
    let labelled = |labels: &[&str], audience: Option<Audience>| {
        let mut named = process.notes.sections.iter().enumerate();
        let found = named.find(|(_, section)| {
            audience.is_none_or(|it| it == section.audience)
                && section.labels.iter().any(|form| labels.iter().any(|label| matches(form, label)))
        });
        found.map(|(at, _)| Kind::Of(at))
    };
    let labels: Vec<&str> = entry.labels.iter().flatten().map(|label| label.raw()).collect();
    // What is for the house alone stays there, whatever else it is.
    if let Some(kind) = labelled(&labels, Some(Audience::Internal)) {
        return kind;
    }
    if entry.nature == Nature::Breaking {
        return labelled(BREAKING, Some(Audience::External)).unwrap_or(Kind::Breaking);
    }
    if let Some(kind) = labelled(&labels, None) {
        return kind;
    }
    let of = |labels, otherwise| labelled(labels, Some(Audience::External)).unwrap_or(otherwise);
    match entry.nature {
        _ if entry.is_revert => Kind::Reverts,
        Nature::Feature => of(FEATURE, Kind::Features),
        Nature::Fix => of(FIX, Kind::Fixes),
        _ => Kind::Other,
    }
}
