//! Picks tried file by file in memory, without git's merge: only what looks as if it applied is then replayed by it.
//!
//! A sketch knows no attributes, no merge drivers, and of renames those of the trunk alone. Where one may matter it says
//! nothing, and what it says is no verdict: it spares the replay of sets of commits that would not make a pick apply.

use super::desk::{Asked, Desk};
use super::lineage::renamed;
use super::touch::{Change, Sides};
use super::trace;
use crate::order::Order as _;
use crate::release::ids::Oid;
use sha2::{Digest as _, Sha256};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Names that a file had before, which are looked for.
const NAMES: usize = 3;
/// Files of a commit that are tried.
const FILES: usize = 300;
/// Files that a commit made, compared to find where it put one that it took away.
const MADE: usize = 2;

/// What of commits that change very many files is looked at: files that are called as one of these.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    names: HashSet<Box<str>>,
    tails: HashSet<Box<str>>,
}

impl Scope {
    /// Files that conflict, and those that commits change which do not change very many.
    pub(super) fn of<'a>(
        sides: &Sides,
        conflicting: impl Iterator<Item = &'a str>,
        commits: impl Iterator<Item = Oid>,
    ) -> Self {
        let mut scope = Self::default();
        conflicting.for_each(|path| scope.add(path));
        for changes in commits.filter_map(|commit| sides.trunk.changes(commit)) {
            if changes.len() <= FILES {
                changes.iter().for_each(|change| scope.add(&change.path));
            }
        }
        scope
    }

    fn add(&mut self, path: &str) {
        self.names.insert(name(path).into());
        self.tails.insert(tail(path).into());
    }

    /// The changes of a commit that are looked at; none when they are too many.
    fn among<'c>(&self, changes: &'c [Change]) -> Option<Vec<&'c Change>> {
        if changes.len() <= FILES {
            return Some(changes.iter().collect());
        }
        let mut some: Vec<_> = changes.iter().filter(|it| self.names.contains(name(&it.path))).collect();
        if some.len() > FILES {
            // Some names are in every directory.
            some.retain(|it| self.tails.contains(tail(&it.path)));
        }
        (some.len() <= FILES).then_some(some)
    }
}

/// A tree with what was picked onto it.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    onto: Oid,
    over: HashMap<Arc<str>, Option<Text>>,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text {
    Blob(Oid),
    /// A text that is in no repository. It is called by what it was merged from, so that what is known of it holds.
    Made(Oid, Arc<[u8]>),
}

impl Text {
    pub(super) fn id(&self) -> Oid {
        match self {
            Self::Blob(oid) | Self::Made(oid, _) => *oid,
        }
    }
}

/// A file that conflicts.
#[derive(Debug, Clone)]
pub(super) struct Clash {
    pub path: Arc<str>,
    pub base: Option<Oid>,
    /// Ours and theirs, where both have lines.
    pub sides: Option<[Text; 2]>,
}

/// What comes of a pick.
pub(super) enum Drawn {
    Applies(Sketch),
    Clashes(Vec<Clash>),
    /// It is not for a sketch to say.
    Unknown,
}

/// How much is told of a pick that conflicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tell {
    /// Every file that conflicts.
    All,
    /// That one does.
    One,
}

impl Sketch {
    pub(super) fn of(onto: Oid) -> Self {
        Self { onto, over: HashMap::new() }
    }

    /// The tree that it began with.
    pub(super) fn onto(&self) -> Oid {
        self.onto
    }

    /// What was picked into a file, or that it was taken away; none where it is as it was.
    pub(super) fn over(&self, path: &Arc<str>) -> Option<&Option<Text>> {
        self.over.get(path)
    }
}

/// Picks commits of the trunk side onto a sketch, one after the other.
pub(super) fn draw(
    desk: &mut Desk,
    (sides, scope): (&Sides, &Scope),
    sketch: &Sketch,
    commits: &[Oid],
    tell: Tell,
) -> Asked<Drawn> {
    let mut sketch = sketch.clone();
    for commit in commits {
        let changes = sides.trunk.changes(*commit).and_then(|changes| scope.among(changes));
        let Some(changes) = changes else { return Ok(Drawn::Unknown) };
        match draw_one(desk, sides, sketch, &changes, tell)? {
            Drawn::Applies(more) => sketch = more,
            other => return Ok(other),
        }
    }
    Ok(Drawn::Applies(sketch))
}

fn draw_one(
    desk: &mut Desk,
    sides: &Sides,
    mut sketch: Sketch,
    changes: &[&Change],
    tell: Tell,
) -> Asked<Drawn> {
    // All that has to be asked of git is asked at once.
    let here: Vec<_> = changes.iter().map(|change| desk.here(&sketch, &change.path)).collect();
    let here: Vec<Option<Text>> = here.into_iter().collect::<Asked<_>>()?;
    let differ = changes.iter().zip(&here).filter_map(|(change, here)| {
        let (old, new, here) = (change.old?, change.new?, here.as_ref()?.id());
        (change.plain && here != old && here != new).then_some([old, new, here])
    });
    desk.ahead(differ.flatten().filter(|oid| !is_made(oid, &here)))?;
    let mut clashes = vec![];
    let moved = carry(desk, &mut sketch, (changes, &here), &mut clashes)?;
    for (change, mut here) in changes.iter().zip(here) {
        if moved.contains(&change.path) {
            continue;
        }
        let mut path = change.path.clone();
        if here.is_none() && change.old.is_some() {
            if let Some((from, text)) = former(desk, sides, &sketch, &path)? {
                (path, here) = (from, Some(text));
            } else if sides.line.steps(&path).iter().any(|step| step.new.is_none()) {
                // It may have another name on the line.
                return Ok(Drawn::Unknown);
            }
        }
        let [old, new] = [change.old, change.new].map(|blob| blob.map(Text::Blob));
        if here == new {
            continue;
        }
        if here == old {
            sketch.over.insert(path, new);
            continue;
        }
        if tell == Tell::One && !clashes.is_empty() {
            continue;
        }
        match merged(desk, here, change)? {
            Ok(made) => drop(sketch.over.insert(path, Some(made))),
            Err(clash) => clashes.push(clash),
        }
    }
    Ok(if clashes.is_empty() { Drawn::Applies(sketch) } else { Drawn::Clashes(clashes) })
}

/// Carries what is here in files that a commit renames to where it puts them. Gives the paths that are done with.
fn carry(
    desk: &mut Desk,
    sketch: &mut Sketch,
    (changes, here): (&[&Change], &[Option<Text>]),
    clashes: &mut Vec<Clash>,
) -> Asked<HashSet<Arc<str>>> {
    let mut done = HashSet::new();
    for (change, here) in changes.iter().zip(here) {
        let (Some(old), None, Some(own), true) = (change.old, change.new, here, change.plain) else {
            continue;
        };
        if own.id() == old {
            continue;
        }
        let Some((to, new)) = put(desk, changes, &change.path, old)? else { continue };
        if done.contains(&to) || desk.here(sketch, &to)?.is_some() {
            continue;
        }
        let renamed = Change { path: to.clone(), old: Some(old), new: Some(new), plain: true };
        let made = if new == old { Ok(own.clone()) } else { merged(desk, Some(own.clone()), &renamed)? };
        match made {
            Ok(made) => {
                sketch.over.insert(change.path.clone(), None);
                sketch.over.insert(to.clone(), Some(made));
            }
            Err(clash) => clashes.push(clash),
        }
        done.extend([change.path.clone(), to]);
    }
    Ok(done)
}

/// Where a commit put a file that it took away, and what is in it there: under the same name, with the same text or one
/// akin to it.
fn put(desk: &mut Desk, changes: &[&Change], gone: &str, old: Oid) -> Asked<Option<(Arc<str>, Oid)>> {
    let same = |it: &&&Change| it.old.is_none() && it.plain && name(&it.path) == name(gone);
    let made = changes.iter().filter(same).filter_map(|it| Some((it.path.clone(), it.new?)));
    let mut made: Vec<_> = made.collect();
    made.order_by_key(|(path, new)| (*new != old, Reverse(alike(path, gone))));
    made.truncate(MADE);
    if let Some(exact) = made.first().filter(|(_, new)| *new == old) {
        return Ok(Some(exact.clone()));
    }
    desk.ahead(made.iter().map(|(_, new)| *new).chain((!made.is_empty()).then_some(old)))?;
    for (path, new) in made {
        if desk.is_akin(old, new)? {
            return Ok(Some((path, new)));
        }
    }
    Ok(None)
}

/// How many bytes at the end of two paths are the same.
fn alike(one: &str, two: &str) -> usize {
    one.bytes().rev().zip(two.bytes().rev()).take_while(|(one, two)| one == two).count()
}

fn is_made(oid: &Oid, texts: &[Option<Text>]) -> bool {
    texts.iter().flatten().any(|text| matches!(text, Text::Made(id, _) if id == oid))
}

/// A file that both sides changed, merged by its lines; or how it conflicts.
fn merged(desk: &mut Desk, here: Option<Text>, change: &Change) -> Asked<Result<Text, Clash>> {
    let clash = |sides| Ok(Err(Clash { path: change.path.clone(), base: change.old, sides }));
    let (Some(ours), Some(base), Some(theirs), true) = (here, change.old, change.new, change.plain) else {
        return clash(None);
    };
    let made = std::slice::from_ref(&ours);
    let (own, picked) = (desk.diff([base, ours.id()], made)?, desk.diff([base, theirs], made)?);
    let (Some(own), Some(picked)) = (own, picked) else { return clash(None) };
    if trace::conflict(&own, &picked) {
        return clash(Some([ours, Text::Blob(theirs)]));
    }
    let id = Sha256::digest([base, ours.id(), theirs].map(|oid| oid.to_string()).concat());
    let id = Oid::from_bytes(&id).unwrap_or(base);
    if let Some(known) = desk.made(id) {
        return Ok(Ok(known));
    }
    let here = match &ours {
        Text::Made(_, text) => Some(text.clone()),
        Text::Blob(oid) => desk.text(*oid)?,
    };
    let (Some(text), Some(here), Some(there)) = (desk.text(base)?, here, desk.text(theirs)?) else {
        return clash(None);
    };
    match trace::merged(&text, [(&here, &own), (&there, &picked)]) {
        Some(made) => Ok(Ok(desk.make(id, made))),
        None => clash(Some([ours, Text::Blob(theirs)])),
    }
}

/// The file that is there under the name which a path had before the trunk renamed it.
fn former(
    desk: &mut Desk,
    sides: &Sides,
    sketch: &Sketch,
    path: &Arc<str>,
) -> Asked<Option<(Arc<str>, Text)>> {
    let mut path = path.clone();
    for _name in 0..NAMES {
        let made = sides.trunk.steps(&path).iter().rfind(|step| step.old.is_none()).copied();
        let Some(made) = made else { break };
        let Some((from, _)) = renamed(desk, &sides.trunk, &path, made)? else { break };
        if let Some(text) = desk.here(sketch, &from)? {
            return Ok(Some((from, text)));
        }
        path = from;
    }
    Ok(None)
}

/// The last two parts of a path.
fn tail(path: &str) -> &str {
    let above = path.len() - name(path).len();
    let from = path[..above.saturating_sub(1)].rfind('/').map_or(0, |at| at + 1);
    &path[from..]
}

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
