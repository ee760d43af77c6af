//! Writes the demo's git repositories: a bare origin, commit by commit, and a clone of it.

use crate::order::Order as _;
use git2::{ObjectType, Oid, Repository, Signature, Time};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// One change of one file. Applied to a branch's files, so that a pick is the same change on other contents.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    /// The whole file.
    File { path: String, text: String },
    /// One line, counted from 0.
    Line { path: String, at: usize, text: String },
}

/// Who wrote a commit and when, in seconds since 1970.
#[derive(Debug, Clone)]
pub(super) struct By {
    pub name: &'static str,
    pub email: &'static str,
    pub at: i64,
}

impl By {
    fn signature(&self) -> Result<Signature<'static>, git2::Error> {
        Signature::new(self.name, self.email, &Time::new(self.at, 0))
    }
}

#[derive(Debug, Clone, Default)]
struct Head {
    oid: Option<Oid>,
    files: BTreeMap<String, String>,
}

/// A repository in the making; nothing of it is on disk before [`Origin::finish`].
pub(super) struct Origin {
    tags: Vec<Oid>,
    repository: Repository,
    heads: BTreeMap<String, Head>,
    blobs: HashMap<String, Oid>,
}

impl Origin {
    /// A new bare repository whose HEAD names `trunk`.
    pub(super) fn create(path: &Path, trunk: &str) -> Result<Self, git2::Error> {
        let mut how = git2::RepositoryInitOptions::new();
        how.bare(true).no_reinit(true).mkpath(true).external_template(false).initial_head(trunk);
        let repository = Repository::init_opts(path, &how)?;
        // Objects are kept in memory until the story is told: two files are written then, not a thousand.
        repository.odb()?.add_new_mempack_backend(1_000)?;
        Ok(Self { tags: Vec::new(), repository, heads: BTreeMap::new(), blobs: HashMap::new() })
    }

    /// The commit a branch stands at.
    pub(super) fn tip(&self, branch: &str) -> Option<Oid> {
        self.heads.get(branch).and_then(|head| head.oid)
    }

    /// Starts `new` where `from` stands.
    pub(super) fn fork(&mut self, from: &str, new: &str) {
        let head = self.heads.get(from).cloned().unwrap_or_default();
        self.heads.insert(new.to_owned(), head);
    }

    /// Commits `edits` on `branch`.
    pub(super) fn commit(
        &mut self,
        branch: &str,
        by: &By,
        message: &str,
        edits: &[Edit],
    ) -> Result<Oid, git2::Error> {
        self.land(branch, by, message, edits, None)
    }

    /// Merges `side` into `branch` with a merge commit; the side's edits are given again.
    pub(super) fn merge(
        &mut self,
        branch: &str,
        side: &str,
        by: &By,
        message: &str,
        edits: &[Edit],
    ) -> Result<Oid, git2::Error> {
        let second = self.tip(side);
        self.heads.remove(side);
        self.land(branch, by, message, edits, second)
    }

    fn land(
        &mut self,
        branch: &str,
        by: &By,
        message: &str,
        edits: &[Edit],
        second: Option<Oid>,
    ) -> Result<Oid, git2::Error> {
        let mut head = self.heads.get(branch).cloned().unwrap_or_default();
        for edit in edits {
            apply(&mut head.files, edit);
        }
        let tree = self.tree(&head.files, "")?;
        let who = by.signature()?;
        let mut parents = Vec::new();
        for oid in head.oid.into_iter().chain(second) {
            parents.push(self.repository.find_commit(oid)?);
        }
        let tree = self.repository.find_tree(tree)?;
        let parents: Vec<_> = parents.iter().collect();
        let oid = self.repository.commit(None, &who, &who, message, &tree, &parents)?;
        drop(parents);
        drop(tree);
        head.oid = Some(oid);
        self.heads.insert(branch.to_owned(), head);
        Ok(oid)
    }

    /// Writes the tree of all files below `prefix`.
    fn tree(&mut self, files: &BTreeMap<String, String>, prefix: &str) -> Result<Oid, git2::Error> {
        let mut blobs = Vec::new();
        let mut folders = std::collections::BTreeSet::new();
        for (path, text) in files.range(prefix.to_owned()..).take_while(|(path, _)| path.starts_with(prefix))
        {
            match path[prefix.len()..].split_once('/') {
                Some((folder, _)) => {
                    folders.insert(folder.to_owned());
                }
                None => blobs.push((path[prefix.len()..].to_owned(), self.blob(text)?)),
            }
        }
        let mut trees = Vec::new();
        for folder in folders {
            let tree = self.tree(files, &format!("{prefix}{folder}/"))?;
            trees.push((folder, tree));
        }
        let mut builder = self.repository.treebuilder(None)?;
        for (name, oid) in blobs {
            builder.insert(name, oid, 0o100_644)?;
        }
        for (name, oid) in trees {
            builder.insert(name, oid, 0o040_000)?;
        }
        builder.write()
    }

    fn blob(&mut self, text: &str) -> Result<Oid, git2::Error> {
        if let Some(oid) = self.blobs.get(text) {
            return Ok(*oid);
        }
        let oid = self.repository.blob(text.as_bytes())?;
        self.blobs.insert(text.to_owned(), oid);
        Ok(oid)
    }

    /// Makes an annotated tag on the tip of `branch`.
    pub(super) fn tag(&mut self, branch: &str, name: &str, by: &By) -> Result<(), git2::Error> {
        let Some(oid) = self.tip(branch) else { return Ok(()) };
        let target = self.repository.find_object(oid, Some(ObjectType::Commit))?;
        let made =
            self.repository.tag(name, &target, &by.signature()?, &format!("Release {name}\n"), false)?;
        self.tags.push(made);
        Ok(())
    }

    /// Writes the objects as one pack, and the branches as refs.
    pub(super) fn finish(&self) -> Result<(), git2::Error> {
        let mut walk = self.repository.revwalk()?;
        for (name, head) in &self.heads {
            if let Some(oid) = head.oid {
                self.repository.reference(&format!("refs/heads/{name}"), oid, true, "demo")?;
                walk.push(oid)?;
            }
        }
        let mut pack = self.repository.packbuilder()?;
        pack.set_threads(1);
        pack.insert_walk(&mut walk)?;
        for tag in &self.tags {
            pack.insert_object(*tag, None)?;
        }
        pack.write(&self.repository.path().join("objects/pack"), 0)
    }
}

fn apply(files: &mut BTreeMap<String, String>, edit: &Edit) {
    match edit {
        Edit::File { path, text } => {
            files.insert(path.clone(), text.clone());
        }
        Edit::Line { path, at, text } => {
            if let Some(file) = files.get_mut(path) {
                let changed: Vec<&str> = file
                    .lines()
                    .enumerate()
                    .map(|(n, line)| if n == *at { text.as_str() } else { line })
                    .collect();
                *file = changed.join("\n") + "\n";
            }
        }
    }
}

/// Clones `origin` into `into`, with a local branch for its HEAD, and a name to commit under.
pub(super) fn clone(origin: &Path, into: &Path) -> Result<(), git2::Error> {
    let clone = git2::build::RepoBuilder::new().clone(&origin.to_string_lossy(), into)?;
    let mut config = clone.config()?.open_level(git2::ConfigLevel::Local)?;
    config.set_str("user.name", "Octo Demo")?;
    config.set_str("user.email", "octo@example.com")
}

/// A bare copy of any clone's branches and tags, which borrows that clone's objects instead of copying them.
///
/// What the clone knows of that remote's branches becomes the branches here; where it knows none, its own do.
pub(super) fn mirror(clone: &Path, remote: &str, into: &Path) -> Result<(), git2::Error> {
    let there = format!("refs/remotes/{remote}/");
    let source = Repository::open(clone)?;
    let head = source.head().ok().and_then(|head| head.shorthand().ok().map(str::to_owned));
    let remote_head = source
        .find_reference(&format!("{there}HEAD"))
        .ok()
        .and_then(|head| head.symbolic_target().ok().flatten().map(str::to_owned));
    let trunk = remote_head
        .and_then(|name| name.strip_prefix(&there).map(str::to_owned))
        .or(head)
        .unwrap_or_else(|| "main".to_owned());
    let mut refs = named(&source, &there, "refs/heads/")?;
    if refs.is_empty() {
        refs = named(&source, "refs/heads/", "refs/heads/")?;
    }
    refs.extend(named(&source, "refs/tags/", "refs/tags/")?);
    let mut how = git2::RepositoryInitOptions::new();
    how.bare(true).no_reinit(true).mkpath(true).external_template(false).initial_head(&trunk);
    borrow(&Repository::init_opts(into, &how)?, source.commondir(), &refs)
}

/// A clone of `origin`, which [`mirror`] made: with what it borrows, its trunk checked out, and a name to commit under.
pub(super) fn clone_beside(origin: &Path, into: &Path) -> Result<(), git2::Error> {
    let source = Repository::open_bare(origin)?;
    let head = source.find_reference("HEAD")?;
    let trunk = head.symbolic_target()?.unwrap_or("refs/heads/main").to_owned();
    let name = trunk.trim_start_matches("refs/heads/").to_owned();
    let mut refs = named(&source, "refs/heads/", "refs/remotes/origin/")?;
    refs.extend(named(&source, "refs/tags/", "refs/tags/")?);
    let tip = source.find_reference(&trunk).ok().and_then(|trunk| trunk.target());
    refs.extend(tip.map(|tip| (trunk.clone(), tip)));
    let mut how = git2::RepositoryInitOptions::new();
    how.no_reinit(true).mkpath(true).external_template(false).initial_head(&name);
    let copy = Repository::init_opts(into, &how)?;
    borrow(&copy, source.path(), &refs)?;
    // What was written beside libgit2 is read anew.
    drop(copy);
    let copy = Repository::open(into)?;
    copy.remote("origin", &origin.to_string_lossy())?;
    let mut config = copy.config()?.open_level(git2::ConfigLevel::Local)?;
    config.set_str("user.name", "Octo Demo")?;
    config.set_str("user.email", "octo@example.com")?;
    if tip.is_some() {
        config.set_str(&format!("branch.{name}.remote"), "origin")?;
        config.set_str(&format!("branch.{name}.merge"), &trunk)?;
        let remote_head = format!("refs/remotes/origin/{name}");
        copy.reference_symbolic("refs/remotes/origin/HEAD", &remote_head, true, "demo")?;
        copy.checkout_head(Some(git2::build::CheckoutBuilder::new().force()))?;
    }
    Ok(())
}

/// The refs below a prefix, called by another.
fn named(source: &Repository, from: &str, to: &str) -> Result<Vec<(String, Oid)>, git2::Error> {
    let mut found = Vec::new();
    for reference in source.references_glob(&format!("{from}*"))? {
        let reference = reference?;
        let (Ok(name), Some(oid)) = (reference.name(), reference.target()) else { continue };
        found.push((name.replacen(from, to, 1), oid));
    }
    Ok(found)
}

/// Lets a new repository borrow another's objects, with some refs: one file instead of hundreds.
fn borrow(copy: &Repository, common: &Path, refs: &[(String, Oid)]) -> Result<(), git2::Error> {
    let io = |error: std::io::Error| git2::Error::from_str(&error.to_string());
    let mut sorted: Vec<_> = refs.iter().filter(|(name, _)| git2::Reference::is_valid_name(name)).collect();
    sorted.order();
    let packed: String = sorted.iter().map(|(name, oid)| format!("{oid} {name}\n")).collect();
    std::fs::write(copy.path().join("packed-refs"), packed).map_err(io)?;
    let alternates = copy.path().join("objects/info/alternates");
    std::fs::write(alternates, format!("{}\n", common.join("objects").display())).map_err(io)?;
    // A shallow clone says in this file which commits have parents that are not there.
    match std::fs::copy(common.join("shallow"), copy.path().join("shallow")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io(error)),
        _ => Ok(()),
    }
}
