//! Which `.gitattributes` a merge goes by: those of the tree that it merges into, as in a checkout of it.

use super::changes::Changes;
use super::objects::{Found, Objects};
use super::place::Place;
use crate::git::GitError;
use crate::git::run::stdout;
use crate::release::ids::Oid;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path};

/// Trees that are remembered to have the same attributes.
const REMEMBERED: usize = 10_000;

/// The tree that attributes are read from, and others that have the same ones.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    source: Option<Oid>,
    same: HashSet<Oid>,
}

impl Attributes {
    /// The tree that attributes are read from.
    pub(super) fn source(&self) -> Option<Oid> {
        self.source
    }

    /// Forgets all.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// A merge into `from` gave `to` and touched no attributes.
    pub(super) fn carry_over(&mut self, from: Oid, to: Oid) {
        if self.same.contains(&from) && self.same.len() < REMEMBERED {
            self.same.insert(to);
        }
    }

    /// Whether a tree has other attributes than the one they are read from; then they are read from it from now on.
    pub(super) async fn is_other(
        &mut self,
        place: &Place,
        changes: &mut Changes,
        tree: Oid,
    ) -> Result<bool, GitError> {
        if self.same.contains(&tree) {
            return Ok(false);
        }
        if let Some(source) = self.source
            && !changes.between(place, source, tree).await?.attributes
        {
            self.same.insert(tree);
            return Ok(false);
        }
        self.source = Some(tree);
        self.same = HashSet::from([tree]);
        Ok(true)
    }
}

/// Puts the `.gitattributes` of a tree where git before 2.41 reads them: into the quarantine's work tree.
pub(super) async fn check_out(place: &Place, objects: &mut Objects, tree: Oid) -> Result<(), GitError> {
    let work = place.quarantine.work();
    let failed = |why| GitError::File { path: work.display().to_string(), why };
    for entry in std::fs::read_dir(&work).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            std::fs::remove_dir_all(&path).map_err(failed)?;
        } else if path.file_name() != Some(OsStr::new(".git")) {
            std::fs::remove_file(&path).map_err(failed)?;
        }
    }
    let call = place.read("ls-tree").args(["-r", "-z", "--full-tree"]).arg(tree.to_string());
    let answer = stdout(&call, "ls-tree").await?;
    for entry in answer.split(|b| *b == 0) {
        let Some((oid, path)) = attributes_file(entry) else { continue };
        let found = objects.read(place, "contents", &[oid]).await?.pop();
        let Some(Found::Here { bytes, .. }) = found else { continue };
        let path = work.join(OsStr::from_bytes(path));
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).map_err(failed)?;
        }
        std::fs::write(path, bytes).map_err(failed)?;
    }
    Ok(())
}

/// `100644 blob OID<TAB>path` of a `.gitattributes` that is a plain file: git follows no link there.
fn attributes_file(entry: &[u8]) -> Option<(String, &[u8])> {
    let tab = entry.iter().position(|b| *b == b'\t')?;
    let path = &entry[tab + 1..];
    let is_it = path.rsplit(|b| *b == b'/').next() == Some(b".gitattributes");
    let head = std::str::from_utf8(&entry[..tab]).ok().filter(|head| is_it && head.starts_with("100"))?;
    // A tree that somebody made by hand may say `..`, and this is where files are written.
    let inside =
        Path::new(OsStr::from_bytes(path)).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside {
        return None;
    }
    Some((head.split(' ').nth(2)?.to_owned(), path))
}
