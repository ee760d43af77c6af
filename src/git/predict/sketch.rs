//! Picks tried file by file in memory, without git's merge: only what looks as if it applied is then replayed by it.
//!
//! A sketch knows no attributes, no merge drivers, and of renames those of the trunk alone. Where one may matter it says nothing, and what it
//! says is no verdict: it spares the replay of sets of commits that would not make a pick apply.

use super::Predictor;
use super::objects::Found;
use super::touch::{Change, Range as History};
use super::trace::{self, Diffs, Texts};
use crate::git::GitError;
use crate::order::Order as _;
use crate::release::ids::Oid;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// Names that a file had before, which are looked for.
const NAMES: usize = 3;
/// Files of a commit that are tried.
const FILES: usize = 300;
/// Files that are read ahead.
const AHEAD: usize = 500;
/// Bytes of texts that are remembered.
const BYTES: usize = 64 << 20;
/// Pairs of texts whose differences are remembered, and places that differ in all.
const PAIRS: usize = 50_000;
const PLACES: usize = 1_000_000;
/// The largest text that is compared by lines, in bytes.
const TEXT: u64 = 512 << 10;

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

/// Texts that were read, each with its lines or none where it has none.
#[derive(Debug, Default)]
pub(super) struct Read {
    texts: HashMap<Oid, Option<Arc<[u8]>>>,
    bytes: usize,
    /// What differs between texts: what is the same for ever, however often it is asked.
    diffs: Diffs,
    places: usize,
    /// Whether texts were made of others.
    pub(super) akin: HashMap<[Oid; 2], bool>,
    /// The blobs of files of a tree.
    tree: Option<Oid>,
    blobs: HashMap<Arc<str>, Option<Oid>>,
}

impl Sketch {
    pub(super) fn of(onto: Oid) -> Self {
        Self { onto, over: HashMap::new() }
    }
}

impl Predictor {
    /// Picks commits of the trunk side onto a sketch, one after the other.
    pub(super) async fn draw(
        &mut self,
        sides: [&History; 2],
        sketch: &Sketch,
        commits: impl Iterator<Item = Oid>,
    ) -> Result<Drawn, GitError> {
        let mut sketch = sketch.clone();
        for commit in commits {
            match self.draw_one(sides, &sketch, commit).await? {
                Drawn::Applies(more) => sketch = more,
                other => return Ok(other),
            }
        }
        Ok(Drawn::Applies(sketch))
    }

    /// Reads what commits of the trunk side will be compared with on a bare tree, all at once: one question for many
    /// files costs a moment, and many questions for a file each cost as many.
    pub(super) async fn read_ahead(
        &mut self,
        trunk: &History,
        onto: Oid,
        commits: impl Iterator<Item = Oid>,
    ) -> Result<(), GitError> {
        let side = self.touches.side(trunk);
        let few = |changes: &&[Change]| changes.len() <= FILES;
        let changes: Vec<Change> =
            commits.filter_map(|oid| side.changes(oid).filter(few)).flatten().take(AHEAD).cloned().collect();
        let paths: Vec<_> = changes.iter().map(|change| change.path.clone()).collect();
        let here = self.here(&Sketch::of(onto), &paths).await?;
        let mut pairs = vec![];
        for (change, here) in changes.iter().zip(here) {
            if let (Some(old), Some(new), Some(here), true) = (change.old, change.new, here, change.plain)
                && here.id() != old
                && here.id() != new
            {
                pairs.extend([[old, here.id()], [old, new]]);
            }
        }
        self.diffs(pairs, &[]).await.map(|_| ())
    }

    async fn draw_one(
        &mut self,
        [trunk, line]: [&History; 2],
        sketch: &Sketch,
        commit: Oid,
    ) -> Result<Drawn, GitError> {
        let Some(changes) = self.touches.side(trunk).changes(commit) else { return Ok(Drawn::Unknown) };
        if changes.len() > FILES {
            return Ok(Drawn::Unknown);
        }
        let changes = changes.to_vec();
        let paths: Vec<_> = changes.iter().map(|change| change.path.clone()).collect();
        let here = self.here(sketch, &paths).await?;
        let (mut clashes, mut sketch) = (vec![], sketch.clone());
        for (change, mut here) in changes.iter().zip(here) {
            let mut path = change.path.clone();
            if here.is_none() && change.old.is_some() {
                if let Some((from, text)) = self.former(trunk, &sketch, &path).await? {
                    (path, here) = (from, Some(text));
                } else if self.touches.side(line).steps(&path).iter().any(|step| step.new.is_none()) {
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
            match self.merged(here, change).await? {
                Ok(made) => drop(sketch.over.insert(path, Some(made))),
                Err(clash) => clashes.push(clash),
            }
        }
        Ok(if clashes.is_empty() { Drawn::Applies(sketch) } else { Drawn::Clashes(clashes) })
    }

    /// A file that both sides changed, merged by its lines; or how it conflicts.
    async fn merged(&mut self, here: Option<Text>, change: &Change) -> Result<Result<Text, Clash>, GitError> {
        let clash = |sides| Ok(Err(Clash { path: change.path.clone(), base: change.old, sides }));
        let (Some(ours), Some(base), Some(theirs), true) = (here, change.old, change.new, change.plain)
        else {
            return clash(None);
        };
        let pairs = [[base, ours.id()], [base, theirs]];
        let diffs = self.diffs(pairs.to_vec(), std::slice::from_ref(&ours)).await?;
        let [Some(Some(own)), Some(Some(picked))] = pairs.map(|pair| diffs.get(&pair)) else {
            return clash(None);
        };
        if trace::conflict(own, picked) {
            return clash(Some([ours, Text::Blob(theirs)]));
        }
        let id = Sha256::digest([base, ours.id(), theirs].map(|oid| oid.to_string()).concat());
        let id = Oid::from_bytes(&id).unwrap_or(base);
        if let Some(Some(known)) = self.read.texts.get(&id) {
            return Ok(Ok(Text::Made(id, known.clone())));
        }
        let blob = matches!(ours, Text::Blob(_)).then(|| ours.id());
        let texts = self.texts([base, theirs].into_iter().chain(blob).collect()).await?;
        let here = match &ours {
            Text::Made(_, text) => Some(text),
            Text::Blob(oid) => texts.get(oid),
        };
        let (Some(text), Some(here), Some(there)) = (texts.get(&base), here, texts.get(&theirs)) else {
            return clash(None);
        };
        match trace::merged(text, [(here, own), (there, picked)]) {
            Some(made) => {
                let made = Arc::<[u8]>::from(made);
                self.read.bytes += made.len();
                self.read.texts.insert(id, Some(made.clone()));
                Ok(Ok(Text::Made(id, made)))
            }
            None => clash(Some([ours, Text::Blob(theirs)])),
        }
    }

    /// What is in files as they stand.
    async fn here(&mut self, sketch: &Sketch, paths: &[Arc<str>]) -> Result<Vec<Option<Text>>, GitError> {
        if self.read.tree.replace(sketch.onto) != Some(sketch.onto) {
            self.read.blobs.clear();
        }
        let asked = |path: &&Arc<str>| {
            !sketch.over.contains_key(*path) && !self.read.blobs.contains_key(*path) && !path.contains('\n')
        };
        let asked: Vec<_> = paths.iter().filter(asked).cloned().collect();
        let names: Vec<_> = asked.iter().map(|path| format!("{}:{path}", sketch.onto)).collect();
        let found = self.objects.read(&self.place, "info", &names).await?;
        for (path, found) in asked.into_iter().zip(found) {
            let blob = if let Found::Here { oid, .. } = found { Some(oid) } else { None };
            self.read.blobs.insert(path, blob);
        }
        let text = |path: &Arc<str>| match sketch.over.get(path) {
            Some(text) => text.clone(),
            None => self.read.blobs.get(path).copied().flatten().map(Text::Blob),
        };
        Ok(paths.iter().map(text).collect())
    }

    /// The file that is there under the name which a path had before the trunk renamed it.
    async fn former(
        &mut self,
        trunk: &History,
        sketch: &Sketch,
        path: &Arc<str>,
    ) -> Result<Option<(Arc<str>, Text)>, GitError> {
        let mut path = path.clone();
        for _name in 0..NAMES {
            let made = self.touches.side(trunk).steps(&path).iter().rfind(|step| step.old.is_none()).copied();
            let Some(made) = made else { break };
            let Some((from, _)) = self.renamed(trunk, &path, made).await? else { break };
            if let Some(text) = self.here(sketch, std::slice::from_ref(&from)).await?.pop().flatten() {
                return Ok(Some((from, text)));
            }
            path = from;
        }
        Ok(None)
    }

    /// The texts of blobs, without those that are missing, large or have no lines.
    pub(super) async fn texts(&mut self, wanted: Vec<Oid>) -> Result<Texts, GitError> {
        if self.read.bytes > BYTES {
            self.read.texts.clear();
            self.read.bytes = 0;
        }
        let mut new = wanted.clone();
        new.retain(|oid| !self.read.texts.contains_key(oid));
        new.order();
        new.dedup();
        let names: Vec<_> = new.iter().map(Oid::to_string).collect();
        let sizes = self.objects.read(&self.place, "info", &names).await?;
        let fits = |found: &Found| matches!(found, Found::Here { size, kind, .. } if *size <= TEXT && kind == "blob");
        let (fitting, other): (Vec<_>, Vec<_>) =
            new.into_iter().zip(sizes).partition(|(_, found)| fits(found));
        self.read.texts.extend(other.into_iter().map(|(oid, _)| (oid, None)));
        let names: Vec<_> = fitting.iter().map(|(oid, _)| oid.to_string()).collect();
        let contents = self.objects.read(&self.place, "contents", &names).await?;
        for ((oid, _), found) in fitting.into_iter().zip(contents) {
            let text = match found {
                Found::Here { bytes, .. } if !bytes.contains(&0) => Some(Arc::<[u8]>::from(bytes)),
                _ => None,
            };
            self.read.bytes += text.as_ref().map_or(0, |text| text.len());
            self.read.texts.insert(oid, text);
        }
        let text = |oid: Oid| Some((oid, self.read.texts.get(&oid)?.clone()?));
        Ok(wanted.into_iter().filter_map(text).collect())
    }
}

impl Predictor {
    /// What differs between pairs of texts. Those that are in no repository come with it.
    pub(super) async fn diffs(&mut self, wanted: Vec<[Oid; 2]>, made: &[Text]) -> Result<Diffs, GitError> {
        if self.read.diffs.len() > PAIRS || self.read.places > PLACES {
            self.read.diffs.clear();
            self.read.akin.clear();
            self.read.places = 0;
        }
        let mut new = wanted.clone();
        new.retain(|pair| !self.read.diffs.contains_key(pair));
        new.order();
        new.dedup();
        if !new.is_empty() {
            let is_made = |oid: &Oid| made.iter().any(|text| matches!(text, Text::Made(id, _) if id == oid));
            let blobs = new.iter().flatten().copied().filter(|oid| !is_made(oid));
            let mut texts = self.texts(blobs.collect()).await?;
            for text in made {
                if let Text::Made(id, text) = text {
                    texts.insert(*id, text.clone());
                }
            }
            let found = beside(move || {
                let differ = |[old, new]: [Oid; 2]| trace::hunks(texts.get(&old)?, texts.get(&new)?);
                new.into_iter().map(|pair| (pair, differ(pair))).collect::<Vec<_>>()
            });
            for (pair, hunks) in found.await? {
                self.read.places += hunks.as_ref().map_or(0, |hunks| hunks.len());
                self.read.diffs.insert(pair, hunks);
            }
        }
        let known = |pair: [Oid; 2]| Some((pair, self.read.diffs.get(&pair)?.clone()));
        Ok(wanted.into_iter().filter_map(known).collect())
    }
}

/// Compares texts beside the rest: that may take a while.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, GitError> {
    let why = "the comparison of texts broke off";
    let broke = |_| GitError::Unreadable { command: "predict".into(), why: why.into() };
    tokio::task::spawn_blocking(work).await.map_err(broke)
}

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
