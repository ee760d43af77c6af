//! Picks tried file by file in memory, without git's merge: only what looks as if it applied is then replayed by it.
//!
//! A sketch knows no attributes, no merge drivers, and of renames those of the trunk alone. Where one may matter it says nothing, and what it
//! says is no verdict: it spares the replay of sets of commits that would not make a pick apply.

use super::desk::{Asked, Desk};
use super::lineage::renamed;
use super::touch::{Change, Sides};
use super::trace;
use crate::release::ids::Oid;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// Names that a file had before, which are looked for.
const NAMES: usize = 3;
/// Files of a commit that are tried.
const FILES: usize = 300;

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
    sides: &Sides,
    sketch: &Sketch,
    commits: &[Oid],
    tell: Tell,
) -> Asked<Drawn> {
    let mut sketch = sketch.clone();
    for commit in commits {
        match draw_one(desk, sides, sketch, *commit, tell)? {
            Drawn::Applies(more) => sketch = more,
            other => return Ok(other),
        }
    }
    Ok(Drawn::Applies(sketch))
}

fn draw_one(desk: &mut Desk, sides: &Sides, mut sketch: Sketch, commit: Oid, tell: Tell) -> Asked<Drawn> {
    let Some(changes) = sides.trunk.changes(commit) else { return Ok(Drawn::Unknown) };
    if changes.len() > FILES {
        return Ok(Drawn::Unknown);
    }
    // All that has to be asked of git is asked at once.
    let here: Vec<_> = changes.iter().map(|change| desk.here(&sketch, &change.path)).collect();
    let here: Vec<Option<Text>> = here.into_iter().collect::<Asked<_>>()?;
    let differ = changes.iter().zip(&here).filter_map(|(change, here)| {
        let (old, new, here) = (change.old?, change.new?, here.as_ref()?.id());
        (change.plain && here != old && here != new).then_some([old, new, here])
    });
    desk.ahead(differ.flatten().filter(|oid| !is_made(oid, &here)))?;
    let mut clashes = vec![];
    for (change, mut here) in changes.iter().zip(here) {
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

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
