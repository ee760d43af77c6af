//! Which entries become items of a checklist, and in which stage.

use super::people::{Ids, People};
use super::piece::{Document, Entry, Kind, has};
use super::plan::{Plan, streams_in};
use super::steps::{imperative, numbered, procedure};
use std::collections::{BTreeMap, BTreeSet};

/// A stage: the entries of one section.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    pub id: String,
    pub title: String,
    pub section: usize,
    pub items: Vec<Item>,
    /// `hotfix` or `rollback`, by a heading.
    pub when: Option<&'static str>,
    pub streams: Vec<&'static str>,
    /// The id of the phase that the heading names.
    pub phase: Option<String>,
    /// Whether every item comes from a numbered list.
    pub numbered: bool,
}

/// What became an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Source {
    /// An entry of a list, by its place in the document.
    Entry(usize),
    /// A heading, by its piece.
    Heading(usize),
}

/// An item.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub source: Source,
    pub id: String,
    pub text: String,
    pub role: Option<String>,
    /// Why a plain entry is proposed; empty for a task.
    pub proposed: &'static str,
    /// The id of the item that it is nested in.
    pub under: Option<String>,
    /// Pieces that stand with it: its own details, and entries below it that are no items.
    pub details: Vec<usize>,
    /// Pieces that name a group of items, of which this is the first.
    pub group: Vec<usize>,
}

/// Why an entry becomes an item: nothing for a task, a reason for a plain one; none when it does not.
fn taken(document: &Document, entry: &Entry, parent: bool) -> Option<&'static str> {
    if entry.task.is_some() {
        return Some("");
    }
    let text = document.text_of(entry);
    if text.trim().is_empty() {
        return None;
    }
    let verb = imperative(&text);
    let titles: Vec<String> = document.above(entry.section).map(|it| it.title.to_lowercase()).collect();
    let own = titles.first().is_some_and(|title| procedure(title));
    let above = own || titles.iter().skip(1).any(|title| procedure(title));
    let label = entry.label.and_then(|at| document.pieces.get(at)).map(|label| label.text.to_lowercase());
    let steps = label.is_some_and(|label| {
        has(
            &label,
            &["steps", "step", "checklist", "following", "procedure", "tasks", "to do", "步骤", "如下"],
        )
    });
    match (entry.ordered, verb) {
        (true, _) if own || steps => Some("a numbered entry under a heading or a label of steps"),
        (true, true) if above || entry.parent.is_none() => Some("a numbered entry that begins like a step"),
        (true, _) if parent => Some("a numbered entry below a step"),
        (false, true) if own || steps => Some("a plain entry that begins like a step"),
        (false, true) if parent => Some("a plain entry below a step that begins like one"),
        _ => None,
    }
}

/// The stages of a document; pieces in `spoken` are understood otherwise, and plain entries of them stay out.
pub(super) fn stages(
    document: &Document,
    plan: &Plan,
    people: &People,
    spoken: &BTreeSet<usize>,
) -> Vec<Stage> {
    let mut makes = Makes {
        document,
        plan,
        people,
        stages: Vec::new(),
        of_section: BTreeMap::new(),
        ids: Ids::default(),
        stage_ids: Ids::default(),
        items: BTreeMap::new(),
    };
    let mut sorted: Vec<usize> = (0..document.entries.len()).collect();
    sorted.sort_by_key(|at| document.entries.get(*at).map(|entry| (entry.lines.0, *at)));
    for at in sorted {
        let Some(entry) = document.entries.get(at) else { continue };
        let parent = makes.ancestor(entry);
        let plain = entry.task.is_none() && entry.text.iter().any(|piece| spoken.contains(piece));
        match taken(document, entry, parent.is_some()).filter(|_| !plain) {
            Some(proposed) => makes.item(at, entry, proposed, parent),
            None => makes.detail(entry, parent),
        }
    }
    for section in 0..document.sections.len() {
        makes.numbered_heading(section);
    }
    let line = |item: &Item| document.entry_of(item.source).map(|entry| entry.lines.0);
    makes.stages.sort_by_key(|stage| stage.section);
    makes.stages.iter_mut().for_each(|stage| stage.items.sort_by_key(line));
    makes.stages
}

struct Makes<'d> {
    document: &'d Document,
    plan: &'d Plan,
    people: &'d People,
    stages: Vec<Stage>,
    of_section: BTreeMap<usize, usize>,
    ids: Ids,
    stage_ids: Ids,
    /// Where each entry went: stage and place.
    items: BTreeMap<usize, (usize, usize)>,
}

impl Makes<'_> {
    /// The nearest entry above that is an item.
    fn ancestor(&self, entry: &Entry) -> Option<(usize, usize)> {
        let above =
            std::iter::successors(entry.parent, |at| self.document.entries.get(*at).and_then(|it| it.parent));
        above.take(100).find_map(|at| self.items.get(&at).copied())
    }

    fn item(&mut self, at: usize, entry: &Entry, proposed: &'static str, parent: Option<(usize, usize)>) {
        let stage = match self.of_section.get(&entry.section) {
            Some(stage) => *stage,
            None => self.stage(entry.section),
        };
        let mut text = self.document.text_of(entry).trim().to_owned();
        if text.is_empty() {
            text = format!("(no text in line {})", entry.lines.0);
        }
        let slug = super::slug(&text, 5);
        let slug = if slug.len() < 3 { format!("line-{}", entry.lines.0) } else { slug };
        let under = parent
            .and_then(|(stage, place)| self.stages.get(stage)?.items.get(place))
            .map(|item| item.id.clone());
        let base = match &under {
            Some(parent) => format!("{}--{slug}", parent.rsplit("--").next().unwrap_or(parent)),
            None => slug,
        };
        let id = self.ids.fresh(&base);
        let role = self.people.owner(&text).map(|role| role.id.clone());
        let role = role.or_else(|| self.row_owner(entry)).or_else(|| self.told(entry));
        let group = self.group(entry, parent.is_some(), stage);
        let details = entry.details.clone();
        let Some(to) = self.stages.get_mut(stage) else { return };
        to.numbered &= entry.ordered;
        self.items.insert(at, (stage, to.items.len()));
        to.items.push(Item { source: Source::Entry(at), id, text, role, proposed, under, details, group });
    }

    /// The owner that a row of a table gives its task.
    fn row_owner(&self, entry: &Entry) -> Option<String> {
        let row = entry
            .details
            .iter()
            .filter_map(|at| self.document.pieces.get(*at))
            .find(|it| it.kind == Kind::Row)?;
        let column = row
            .columns
            .iter()
            .position(|name| has(&name.to_lowercase(), &["owner", "role", "who", "负责人"]))?;
        self.people.called(row.cells.get(column)?).map(|role| role.id.clone())
    }

    /// The only role that the label of a list names, or the one that its heading is called like.
    fn told(&self, entry: &Entry) -> Option<String> {
        let label =
            entry.label.and_then(|at| self.document.pieces.get(at)).map(|label| label.text.to_lowercase());
        if let Some(label) = label {
            let named = |title: &str| super::piece::place(&label, &title.to_lowercase()).is_some();
            let mut found = self.people.roles.iter().filter(|role| named(&role.title));
            return found.next().filter(|_| found.next().is_none()).map(|role| role.id.clone());
        }
        let heading = self.document.sections.get(entry.section)?;
        self.people.called(&heading.title).map(|role| role.id.clone())
    }

    /// Labels and plain entries above an item that no item before it has named.
    fn group(&self, entry: &Entry, nested: bool, stage: usize) -> Vec<usize> {
        let used: Vec<usize> = self
            .stages
            .get(stage)
            .map(|it| it.items.iter().rev().take(50).flat_map(|item| item.group.iter().copied()).collect())
            .unwrap_or_default();
        let mut found = Vec::new();
        found.extend(entry.label);
        let mut above = entry.parent.filter(|_| !nested);
        while let Some(parent) = above.and_then(|at| self.document.entries.get(at)) {
            found.extend(parent.text.iter().copied());
            found.extend(parent.label);
            above = parent.parent;
        }
        let parent = entry.parent.and_then(|at| self.document.entries.get(at)).filter(|_| nested);
        found.retain(|piece| {
            !used.contains(piece) && !parent.is_some_and(|parent| parent.text.contains(piece))
        });
        found.sort_unstable();
        found
    }

    /// A heading with a number, below one of a procedure and with no item of its own: a step, with all that it says.
    fn numbered_heading(&mut self, section: usize) {
        let Some(it) =
            self.document.sections.get(section).filter(|_| !self.of_section.contains_key(&section))
        else {
            return;
        };
        let (Some(heading), Some(above)) = (it.heading, it.parent) else { return };
        let over = self.document.sections.get(above).map(|it| it.title.to_lowercase()).unwrap_or_default();
        if !numbered(&it.title)
            || !procedure(&over)
            || self.plan.phases.iter().any(|phase| phase.by == heading)
        {
            return;
        }
        let text = it.title.clone();
        let stage = self.of_section.get(&above).copied().unwrap_or_else(|| self.stage(above));
        let slug = super::slug(&text, 5);
        let slug = if slug.len() < 3 { format!("step-{section}") } else { slug };
        let id = self.ids.fresh(&slug);
        let role = self.people.owner(&text).map(|role| role.id.clone());
        let pieces = self.document.pieces.iter().enumerate();
        let details = pieces
            .filter(|(at, piece)| piece.section == section && *at != heading)
            .map(|(at, _)| at)
            .collect();
        if let Some(stage) = self.stages.get_mut(stage) {
            let proposed = "a numbered heading under one of a procedure";
            let source = Source::Heading(heading);
            stage.items.push(Item {
                source,
                id,
                text,
                role,
                proposed,
                under: None,
                details,
                group: Vec::new(),
            });
        }
    }

    /// An entry that is no item: it stands with the item above it.
    fn detail(&mut self, entry: &Entry, parent: Option<(usize, usize)>) {
        let item = parent.and_then(|(stage, place)| self.stages.get_mut(stage)?.items.get_mut(place));
        if let Some(item) = item {
            item.details.extend(entry.text.iter().chain(&entry.details).copied());
        }
    }

    fn stage(&mut self, section: usize) -> usize {
        let document = self.document;
        let titles: Vec<&str> =
            document.above(section).map(|it| it.title.as_str()).filter(|title| !title.is_empty()).collect();
        let own = titles.first().copied().unwrap_or("Checklist");
        let taken = |title: &str| self.stages.iter().any(|stage| stage.title == title);
        let mut title = own.to_owned();
        for above in titles.iter().skip(1) {
            if !taken(&title) {
                break;
            }
            title = format!("{above}: {own}");
        }
        let short = title.split(['(', '（']).next().filter(|short| short.trim().len() > 3).unwrap_or(&title);
        let slug = super::slug(short, 6);
        let slug = if slug.len() < 2 { format!("stage-{}", self.stages.len() + 1) } else { slug };
        let lower: Vec<String> = titles.iter().map(|title| title.to_lowercase()).collect();
        let when = lower.iter().find_map(|title| {
            let rollback = has(title, &["rollback", "roll back", "rolling back", "回滚"]);
            let hotfix = has(title, &["hotfix", "hot fix", "hotfixes", "热修复"]);
            if rollback { Some("rollback") } else { hotfix.then_some("hotfix") }
        });
        let known = |id: &&'static str| self.plan.streams.iter().any(|stream| stream.id == *id);
        let streams =
            lower.iter().map(|title| streams_in(title)).find(|ids| !ids.is_empty()).unwrap_or_default();
        let phase = titles.iter().find_map(|title| self.phase(title));
        let stage = Stage {
            id: self.stage_ids.fresh(&slug),
            title,
            section,
            items: Vec::new(),
            when,
            streams: streams.into_iter().filter(|id| known(id)).collect(),
            phase,
            numbered: true,
        };
        self.stages.push(stage);
        self.of_section.insert(section, self.stages.len() - 1);
        self.stages.len() - 1
    }

    /// The phase that a heading is called like.
    fn phase(&self, title: &str) -> Option<String> {
        let lower = title.to_lowercase();
        let same = |phase: &&super::plan::Phase| place_of(&lower, &phase.title.to_lowercase());
        let at = self.plan.phases.iter().position(|phase| same(&phase))?;
        Some(self.plan.phase_ids().get(at)?.clone())
    }
}

fn place_of(title: &str, phase: &str) -> bool {
    phase.chars().count() >= 2 && super::piece::place(title, phase).is_some()
}
