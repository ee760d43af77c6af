//! Texts and what differs between them, read in this process where libgit2 can, and by git where it cannot: in a
//! repository of sha-256, with refs that it does not know, with replaced objects, or where an object is missing.
//!
//! Work at the desk is done beside the loop that draws. What it lacks it notes and breaks off; that is asked of git, all
//! at once, and the work done again. What it says does not depend on who read.

use super::Predictor;
use super::objects::{Found, Objects};
use super::place::Place;
use super::sketch::{Sketch, Text};
use super::trace::{self, Hunk};
use crate::git::GitError;
use crate::git::graph_file::Altered;
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::spawn::SpawnError;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Bytes of texts that are remembered.
const BYTES: usize = 64 << 20;
/// Directories that are remembered.
const DIRECTORIES: usize = 20_000;
/// Pairs of texts whose differences are remembered, and places that differ in all.
const PAIRS: usize = 50_000;
const PLACES: usize = 1_000_000;
/// The largest text that is compared by lines, in bytes.
const TEXT: u64 = 512 << 10;

/// Something has to be asked of git first.
pub(super) struct Lacking;

/// What came of work at the desk.
pub(super) type Asked<T> = Result<T, Lacking>;

/// A file as it was before: its path and its text.
pub(super) type Former = (Arc<str>, Oid);

/// What was read.
#[derive(Default)]
pub(super) struct Desk {
    near: Option<git2::Odb<'static>>,
    /// Texts, none where there are no lines.
    texts: HashMap<Oid, Option<Arc<[u8]>>>,
    bytes: usize,
    /// What differs between texts, none where they cannot be compared: what is the same for ever, however often it is
    /// asked.
    diffs: HashMap<[Oid; 2], Option<Arc<[Hunk]>>>,
    places: usize,
    /// Whether texts were made of others.
    akin: HashMap<[Oid; 2], bool>,
    /// What files that commits made were before, under another name.
    pub(super) renames: HashMap<(Oid, Arc<str>), Option<Former>>,
    /// The files of a tree.
    tree: Option<Oid>,
    files: HashMap<Arc<str>, Option<Oid>>,
    /// Tree objects as they are stored.
    directories: HashMap<Oid, Arc<[u8]>>,
    lacking: Vec<Oid>,
    lacking_files: Vec<(Oid, Arc<str>)>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Desk").field("texts", &self.texts.len()).finish_non_exhaustive()
    }
}

impl Desk {
    /// Takes in what was stored since the last time.
    pub(super) fn open(&mut self, place: &Place) {
        let at = &place.at;
        self.near = None;
        // What stands in the place of another object is known to git alone, and a reftable may hold such refs.
        if at.reftable || Altered::of(at).replaces() {
            return;
        }
        self.near = opened([at.common_dir.join("objects"), place.quarantine.objects()]);
    }

    /// Forgets what would be too much.
    fn tidy(&mut self) {
        if self.bytes > BYTES {
            self.texts.clear();
            self.bytes = 0;
        }
        if self.directories.len() > DIRECTORIES {
            self.directories.clear();
        }
        if self.renames.len() > DIRECTORIES {
            self.renames.clear();
        }
        if self.diffs.len() > PAIRS || self.places > PLACES {
            self.diffs.clear();
            self.akin.clear();
            self.places = 0;
        }
    }

    /// Where an object is found; none where libgit2 does not have it.
    fn near(&self, oid: Oid) -> Option<(&git2::Odb<'static>, git2::Oid)> {
        let near = self.near.as_ref()?;
        let id = git2::Oid::from_bytes(oid.bytes()).ok()?;
        near.exists_ext(id, git2::OdbLookupFlags::NO_REFRESH).then_some((near, id))
    }

    /// The text of a blob that is no larger than a text may be; none of another object. None at all where libgit2 cannot
    /// say.
    fn stored(&self, oid: Oid) -> Option<Option<Arc<[u8]>>> {
        let (near, id) = self.near(oid)?;
        let (size, kind) = near.read_header(id).ok()?;
        if size as u64 > TEXT || kind != git2::ObjectType::Blob {
            return Some(None);
        }
        Some(Some(Arc::from(near.read(id).ok()?.data())))
    }

    /// Says that texts will be asked for: where git reads them, it is asked once.
    pub(super) fn ahead(&mut self, oids: impl Iterator<Item = Oid>) -> Asked<()> {
        if self.near.is_none() {
            self.lacking.extend(oids.filter(|oid| !self.texts.contains_key(oid)));
        }
        if self.lacking.is_empty() { Ok(()) } else { Err(Lacking) }
    }

    /// The text of a blob; none when it is missing, large, or has no lines.
    pub(super) fn text(&mut self, oid: Oid) -> Asked<Option<Arc<[u8]>>> {
        if let Some(known) = self.texts.get(&oid) {
            return Ok(known.clone());
        }
        let Some(text) = self.stored(oid) else {
            self.lacking.push(oid);
            return Err(Lacking);
        };
        if self.bytes > BYTES {
            self.tidy();
        }
        Ok(self.keep(oid, text))
    }

    fn keep(&mut self, oid: Oid, text: Option<Arc<[u8]>>) -> Option<Arc<[u8]>> {
        let text = text.filter(|text| !text.contains(&0));
        self.bytes += text.as_ref().map_or(0, |text| text.len());
        self.texts.insert(oid, text.clone());
        text
    }

    fn text_of(&mut self, oid: Oid, made: &[Text]) -> Asked<Option<Arc<[u8]>>> {
        let is = |text: &&Text| matches!(text, Text::Made(id, _) if *id == oid);
        match made.iter().find(is) {
            Some(Text::Made(_, text)) => Ok(Some(text.clone())),
            _ => self.text(oid),
        }
    }

    /// What differs between two texts; none when they cannot be compared. Those that are in no repository come with it.
    pub(super) fn diff(&mut self, pair: [Oid; 2], made: &[Text]) -> Asked<Option<Arc<[Hunk]>>> {
        if let Some(known) = self.diffs.get(&pair) {
            return Ok(known.clone());
        }
        let (old, new) = (self.text_of(pair[0], made), self.text_of(pair[1], made));
        let (old, new) = (old?, new?);
        let hunks = old.zip(new).and_then(|(old, new)| trace::hunks(&old, &new));
        self.places += hunks.as_ref().map_or(0, |hunks| hunks.len());
        self.diffs.insert(pair, hunks.clone());
        Ok(hunks)
    }

    /// Whether a text was made of another, as far as can be told.
    pub(super) fn is_akin(&mut self, old: Oid, new: Oid) -> Asked<bool> {
        if let Some(known) = self.akin.get(&[old, new]) {
            return Ok(*known);
        }
        let (before, after) = (self.text(old), self.text(new));
        let mut akin = false;
        if let (Some(before), Some(after)) = (before?, after?)
            && trace::may_be_akin(&before, &after)
            && let Some(hunks) = self.diff([old, new], &[])?
        {
            akin = trace::is_akin(&before, &after, &hunks);
        }
        self.akin.insert([old, new], akin);
        Ok(akin)
    }

    /// The text that was merged of others, if it was merged before.
    pub(super) fn made(&self, id: Oid) -> Option<Text> {
        let text = self.texts.get(&id)?.clone()?;
        Some(Text::Made(id, text))
    }

    /// Keeps a text that was merged of others.
    pub(super) fn make(&mut self, id: Oid, text: Vec<u8>) -> Text {
        let text = Arc::<[u8]>::from(text);
        self.bytes += text.len();
        self.texts.insert(id, Some(text.clone()));
        Text::Made(id, text)
    }

    /// What is in a file as it stands; none when there is none.
    pub(super) fn here(&mut self, sketch: &Sketch, path: &Arc<str>) -> Asked<Option<Text>> {
        if let Some(text) = sketch.over(path) {
            return Ok(text.clone());
        }
        self.of_tree(sketch.onto());
        if let Some(known) = self.files.get(path) {
            return Ok(known.map(Text::Blob));
        }
        let found = if path.contains('\n') { Some(None) } else { self.file(sketch.onto(), path) };
        let Some(found) = found else {
            self.lacking_files.push((sketch.onto(), path.clone()));
            return Err(Lacking);
        };
        self.files.insert(path.clone(), found);
        Ok(found.map(Text::Blob))
    }

    fn of_tree(&mut self, tree: Oid) {
        if self.tree.replace(tree) != Some(tree) {
            self.files.clear();
        }
    }

    /// The blob of a file of a tree, or that there is none; none where that cannot be said here.
    fn file(&mut self, mut tree: Oid, path: &str) -> Option<Option<Oid>> {
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            if matches!(name, "" | "." | "..") {
                return None;
            }
            let directory = self.directory(tree)?;
            let Some((mode, oid)) = entry(&directory, name.as_bytes(), tree.bytes().len()) else {
                return Some(None);
            };
            let is_tree = mode == b"40000";
            if names.peek().is_some() {
                if !is_tree {
                    return Some(None);
                }
                tree = oid;
                continue;
            }
            return (self.near(oid).is_some() && mode != b"160000").then_some(Some(oid));
        }
        None
    }

    fn directory(&mut self, tree: Oid) -> Option<Arc<[u8]>> {
        if let Some(known) = self.directories.get(&tree) {
            return Some(known.clone());
        }
        let (near, id) = self.near(tree)?;
        let object = near.read(id).ok().filter(|object| object.kind() == git2::ObjectType::Tree)?;
        let directory = Arc::<[u8]>::from(object.data());
        drop(object);
        self.directories.insert(tree, directory.clone());
        Some(directory)
    }

    /// Asks git for what is lacking.
    async fn supply(&mut self, place: &Place, objects: &mut Objects) -> Result<(), GitError> {
        let mut new = std::mem::take(&mut self.lacking);
        new.order();
        new.dedup();
        let names: Vec<_> = new.iter().map(Oid::to_string).collect();
        let sizes = objects.read(place, "info", &names).await?;
        let fits = |found: &Found| matches!(found, Found::Here { size, kind, .. } if *size <= TEXT && kind == "blob");
        let (fitting, other): (Vec<_>, Vec<_>) =
            new.into_iter().zip(sizes).partition(|(_, found)| fits(found));
        self.texts.extend(other.into_iter().map(|(oid, _)| (oid, None)));
        let names: Vec<_> = fitting.iter().map(|(oid, _)| oid.to_string()).collect();
        let contents = objects.read(place, "contents", &names).await?;
        for ((oid, _), found) in fitting.into_iter().zip(contents) {
            let text = if let Found::Here { bytes, .. } = found { Some(Arc::from(bytes)) } else { None };
            self.keep(oid, text);
        }
        let asked = std::mem::take(&mut self.lacking_files);
        let names: Vec<_> = asked.iter().map(|(tree, path)| format!("{tree}:{path}")).collect();
        let found = objects.read(place, "info", &names).await?;
        for ((tree, path), found) in asked.into_iter().zip(found) {
            self.of_tree(tree);
            let blob = if let Found::Here { oid, .. } = found { Some(oid) } else { None };
            self.files.insert(path, blob);
        }
        Ok(())
    }
}

/// Objects of directories, with those that they name as alternates.
fn opened(dirs: [PathBuf; 2]) -> Option<git2::Odb<'static>> {
    let near = git2::Odb::new().ok()?;
    for dir in dirs {
        near.add_disk_alternate(dir.to_str()?).ok()?;
    }
    Some(near)
}

/// The entry of a tree object with a name: its mode and id. `<mode> <name> NUL <id>`, as git stores it.
fn entry<'a>(tree: &'a [u8], name: &[u8], size: usize) -> Option<(&'a [u8], Oid)> {
    let mut rest = tree;
    while !rest.is_empty() {
        let space = rest.iter().position(|byte| *byte == b' ')?;
        let (mode, after) = (&rest[..space], &rest[space + 1..]);
        let nul = after.iter().position(|byte| *byte == 0)?;
        let (found, after) = (&after[..nul], &after[nul + 1..]);
        let (oid, after) = after.split_at_checked(size)?;
        if found == name {
            return Some((mode, Oid::from_bytes(oid)?));
        }
        rest = after;
    }
    None
}

impl Predictor {
    /// Works at the desk, beside the loop that draws.
    pub(super) async fn at_desk<T: Send + 'static>(
        &mut self,
        work: impl Fn(&mut Desk) -> Asked<T> + Send + Sync + 'static,
    ) -> Result<T, GitError> {
        let work = Arc::new(work);
        self.desk.tidy();
        loop {
            if self.place.cancel.is_cancelled() {
                return Err(SpawnError::Cancelled("git".into()).into());
            }
            let (mut desk, mine) = (std::mem::take(&mut self.desk), work.clone());
            let done = tokio::task::spawn_blocking(move || {
                let done = mine(&mut desk);
                (done, desk)
            });
            let why = "the comparison of texts broke off";
            let broke = |_| GitError::Unreadable { command: "predict".into(), why: why.into() };
            let (done, desk) = done.await.map_err(broke)?;
            self.desk = desk;
            match done {
                Ok(done) => return Ok(done),
                Err(Lacking) => self.desk.supply(&self.place, &mut self.objects).await?,
            }
        }
    }
}
