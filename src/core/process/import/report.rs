//! What an import came to, for people and for scripts.

use super::piece::Document;
use super::write::{Parts, clean};

/// A drafted process, and what it rests on.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Imported {
    /// The process file.
    pub draft: String,
    /// How many lines the document has.
    pub lines: usize,
    /// How many of them hold text.
    pub written: usize,
    /// How many of those the draft cites.
    pub cited: usize,
    /// How many task-list items the document has.
    pub tasks: usize,
    /// Titles of stages.
    pub stages: Vec<String>,
    /// Every item.
    pub items: Vec<ImportedItem>,
    /// Every pattern, length, role, artifact, channel, label.
    pub patterns: Vec<Pattern>,
    /// What contradicts itself.
    pub contradictions: Vec<String>,
    /// What nothing was made of.
    pub not_understood: Vec<Listed>,
}

/// An item of a checklist and where it comes from.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ImportedItem {
    /// Its id in the draft.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The title of its stage.
    pub stage: String,
    /// Its first line.
    pub line: usize,
    /// Whether it is ticked in the document; none for a plain list entry that is proposed.
    pub ticked: Option<bool>,
    /// The role that does it.
    pub role: Option<String>,
}

/// Something that was found, and where.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Pattern {
    /// `"phase"`, `"role"`, `"branch"`, ….
    pub kind: &'static str,
    /// What it is.
    pub text: String,
    /// Its lines, the first mention first.
    pub lines: Vec<usize>,
}

/// A piece of the document that is only listed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Listed {
    /// Its first line.
    pub from: usize,
    /// Its last line.
    pub to: usize,
    /// What it is: `"heading"`, `"table row"`, `"code"`, …; empty for text.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

/// Collects the report.
pub(super) fn imported(document: &Document, parts: &Parts, draft: String) -> Imported {
    let mut items = Vec::new();
    for stage in &parts.stages {
        for item in &stage.items {
            let Some(entry) = document.entry_of(item.source) else { continue };
            items.push(ImportedItem {
                id: item.id.clone(),
                text: clean(&item.text),
                stage: clean(&stage.title),
                line: entry.lines.0,
                ticked: entry.task,
                role: item.role.clone(),
            });
        }
    }
    let mut cited = vec![false; document.lines + 2];
    for piece in document.pieces.iter().filter(|piece| piece.cited) {
        cited.get_mut(piece.lines.0..=piece.lines.1).into_iter().flatten().for_each(|line| *line = true);
    }
    let mut left: Vec<_> = document.pieces.iter().filter(|piece| !piece.cited).collect();
    left.sort_by_key(|piece| piece.lines);
    let listed = |piece: &&super::piece::Piece| Listed {
        from: piece.lines.0,
        to: piece.lines.1,
        kind: piece.kind.word(),
        text: clean(&piece.quote),
    };
    Imported {
        draft,
        lines: document.lines,
        written: document.written.len(),
        cited: document.written.iter().filter(|line| cited.get(**line) == Some(&true)).count(),
        tasks: document.entries.iter().filter(|entry| entry.task.is_some()).count(),
        stages: parts.stages.iter().map(|stage| clean(&stage.title)).collect(),
        items,
        patterns: patterns(document, parts),
        contradictions: parts.contradictions(document).into_iter().map(|(text, _)| text).collect(),
        not_understood: left.iter().map(listed).collect(),
    }
}

fn patterns(document: &Document, parts: &Parts) -> Vec<Pattern> {
    let line = |piece: usize| document.pieces.get(piece).map_or(0, |piece| piece.lines.0);
    let mut found = Vec::new();
    let mut see =
        |kind, text: &str, lines: Vec<usize>| found.push(Pattern { kind, text: clean(text), lines });
    let naming = &parts.naming;
    let forms = [
        ("version", &naming.versions),
        ("candidate", &naming.candidates),
        ("branch", &naming.branches),
        ("trunk", &naming.trunks),
    ];
    for (kind, forms) in forms {
        forms.all().iter().for_each(|form| see(kind, &form.form, form.also.clone()));
    }
    let plan = &parts.plan;
    plan.streams.iter().for_each(|it| see("stream", it.id, vec![line(it.by)]));
    plan.cycle
        .iter()
        .chain(&plan.cycles)
        .for_each(|(span, by)| see("cycle", &span.to_string(), vec![line(*by)]));
    for phase in &plan.phases {
        let lasts = phase.lasts.map(|lasts| format!(": {lasts}")).unwrap_or_default();
        see("phase", &format!("{}{lasts}", phase.title), vec![line(phase.by)]);
    }
    for it in &plan.supported {
        see("supported line", &it.line, vec![line(it.by)]);
    }
    plan.meetings
        .iter()
        .for_each(|it| see("meeting", &format!("{}: {}", it.title, it.every), vec![line(it.by)]));
    plan.loose.iter().for_each(|(text, by)| see("length", text, vec![line(*by)]));
    let with =
        |by: usize, also: &[usize]| std::iter::once(line(by)).chain(also.iter().copied()).collect::<Vec<_>>();
    parts.people.roles.iter().for_each(|it| see("role", &it.title, with(it.by, &it.also)));
    parts.people.signs.iter().for_each(|it| see("sign-off", &it.title, vec![line(it.by)]));
    let outlets = &parts.outlets;
    outlets.outlets.iter().for_each(|it| see("channel", &it.name, with(it.by, &it.also)));
    outlets
        .artifacts
        .all()
        .iter()
        .for_each(|it| see("artifact", it.at.as_deref().unwrap_or(&it.title), with(it.by, &it.also)));
    outlets.labels.iter().for_each(|it| see("label", &it.name, vec![line(it.by)]));
    parts.rules.iter().for_each(|it| see("rule", &format!("{}: {}", it.table, it.line), vec![line(it.by)]));
    found
}
