//! Reading what picks are judged by, and keeping it between looks.

use super::ask::{AskedPick, PicksAsk, PicksFound};
use super::cache::PatchCache;
use super::change::Parts;
use super::owners::{Owners, PLACES};
use super::patches::{colliding, names};
use super::study::Layout;
use super::wanted::Files;
use crate::git::GitError;
use crate::git::commit::Commit;
use crate::git::find::Repository;
use crate::git::refs::Refs;
use crate::git::run::{Git, checked, lossy};
use crate::order::Order as _;
use crate::process::Direction;
use crate::release::ids::Oid;
use crate::release::picks::PickKey;
use crate::release::text::Untrusted;
use crate::spawn::Cancel;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

/// Commits whose messages one process is asked for.
const BATCH: usize = 4_000;
/// Paths and owners that a change shows.
const PATHS: usize = 20;
const OWNERS: usize = 8;
/// Paths of a change whose owners are looked up.
const OWNED: usize = 200;
/// Largest CODEOWNERS that is read, in bytes: GitHub passes over larger ones.
const CODEOWNERS: usize = 3 << 20;

/// What is lent to the thread that judges.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    pub commits: HashMap<Oid, Commit>,
    pub patches: PatchCache,
}

/// The size of one commit.
#[derive(Debug, Clone, Default)]
struct Size {
    added: u32,
    removed: u32,
    paths: Vec<String>,
}

/// What is kept between looks.
#[derive(Debug, Default)]
pub struct Kept {
    memory: Arc<Memory>,
    /// By commit, and whether against its first parent.
    sizes: HashMap<Oid, Size>,
    touched: HashMap<Oid, Vec<String>>,
    lasting: HashMap<Oid, bool>,
    /// The patterns that `touched` and `lasting` were read by.
    patterns: (Vec<String>, Vec<String>),
    owners: Option<(Oid, Owners)>,
}

impl Kept {
    /// Nothing but the patch ids that a directory holds of the repository.
    pub async fn open(dir: Option<&Path>, repository: &Repository) -> Self {
        let patches = PatchCache::open(dir, repository).await;
        Self { memory: Arc::new(Memory { patches, ..Memory::default() }), ..Self::default() }
    }

    /// The patch ids.
    #[must_use]
    pub fn patches(&self) -> &PatchCache {
        &self.memory.patches
    }

    /// For the thread that judges. A look that is broken off leaves all of it here.
    pub(super) fn lend(&self) -> Arc<Memory> {
        Arc::clone(&self.memory)
    }
}

impl Git {
    /// Reads messages, headers and patch ids of what lines and trunk do not share. Gives what could not be read.
    pub(super) async fn read_commits(
        &self,
        at: &Repository,
        layout: &Layout,
        ask: &PicksAsk,
        kept: &mut Kept,
        cancel: &Cancel,
    ) -> Result<Vec<String>, GitError> {
        let Memory { commits, patches } = Arc::make_mut(&mut kept.memory);
        let new: Vec<Oid> =
            layout.unshared.iter().map(|(oid, _)| *oid).filter(|oid| !commits.contains_key(oid)).collect();
        let whole = |oid: Oid| {
            !layout.is_merge(oid) && layout.graph.place(oid).is_none_or(|place| !layout.graph.is_cut(place))
        };
        // Merges have no patch of their own, and what stands at a cut would show the whole tree.
        let sides: Vec<(Oid, bool)> =
            layout.unshared.iter().copied().filter(|(oid, _)| whole(*oid)).collect();
        let plain: Vec<Oid> = sides.iter().map(|(oid, _)| *oid).collect();
        let messages = async {
            for batch in new.chunks(BATCH) {
                let read = self.commits(at, batch).await?;
                commits.extend(read.into_iter().map(|commit| (commit.oid, commit)));
            }
            Ok::<_, GitError>(())
        };
        tokio::try_join!(messages, self.read_headers(at, patches, &plain, cancel))?;
        self.read_older(at, layout, ask, commits).await?;
        let forward = ask.process.picks.direction != Direction::TrunkFirst;
        let asked = colliding(patches, &sides, forward);
        let missing = self.read_patches(at, patches, &asked, cancel).await;
        let mut notes = Vec::new();
        if let Err(why) = patches.save().await {
            notes.push(format!("patch ids cannot be kept on disk: {why}"));
        }
        let missing = missing?;
        if missing > 0 {
            notes.push(format!(
                "{missing} patches were not compared: this clone is partial and lacks their files"
            ));
        }
        if layout
            .unshared
            .iter()
            .any(|(oid, _)| layout.graph.place(*oid).is_some_and(|it| layout.graph.is_cut(it)))
        {
            notes.push("this clone is shallow: what lies behind its cut was not looked at".to_owned());
        }
        Ok(notes)
    }

    /// Reads what picks and reverts name and is older than every line.
    async fn read_older(
        &self,
        at: &Repository,
        layout: &Layout,
        ask: &PicksAsk,
        commits: &mut HashMap<Oid, Commit>,
    ) -> Result<(), GitError> {
        let named = ask.picks.iter().filter_map(AskedPick::at);
        let reverted = commits.values().flat_map(|commit| commit.reverts.commits.iter().copied());
        let older: BTreeSet<Oid> = named
            .chain(reverted)
            .filter(|oid| layout.graph.place(*oid).is_some() && !commits.contains_key(oid))
            .collect();
        let older = self.commits(at, &older.into_iter().collect::<Vec<_>>()).await?;
        commits.extend(older.into_iter().map(|commit| (commit.oid, commit)));
        Ok(())
    }

    /// Reads which commits touch the paths of the process, where it names any.
    pub(super) async fn read_files(
        &self,
        at: &Repository,
        layout: &Layout,
        ask: &PicksAsk,
        kept: &mut Kept,
        cancel: &Cancel,
    ) -> Result<Files, GitError> {
        let picks = &ask.process.picks;
        let patterns = (picks.paths.clone(), picks.branch_only_paths.clone());
        if kept.patterns != patterns {
            kept.touched.clear();
            kept.lasting.clear();
            kept.patterns = patterns;
        }
        let mut files = Files::default();
        let plain = layout.unshared.iter().filter(|(oid, _)| !layout.is_merge(*oid));
        let active: Vec<_> = ask.active.iter().filter_map(|line| layout.set(line)).collect();
        if !picks.paths.is_empty() {
            let wanted = |oid: Oid| active.iter().any(|set| !layout.has(set, oid));
            let oids: Vec<Oid> =
                plain.clone().filter(|(oid, trunk)| *trunk && wanted(*oid)).map(|(oid, _)| *oid).collect();
            let specs: Vec<String> = picks.paths.iter().map(|it| format!(":(top,glob){it}")).collect();
            let new: Vec<Oid> = oids.iter().copied().filter(|oid| !kept.touched.contains_key(oid)).collect();
            let read = self.touched(at, &new, &specs, cancel).await?;
            kept.touched.extend(new.iter().map(|oid| (*oid, Vec::new())));
            kept.touched.extend(read);
            let some = |oid: &Oid| Some((*oid, kept.touched.get(oid).filter(|it| !it.is_empty())?.clone()));
            files.touched = oids.iter().filter_map(some).collect();
        }
        if picks.direction != Direction::TrunkFirst {
            let own = |oid: Oid| active.iter().any(|set| layout.has(set, oid));
            let oids: Vec<Oid> =
                plain.filter(|(oid, trunk)| !*trunk && own(*oid)).map(|(oid, _)| *oid).collect();
            let mut specs = vec![":(top,glob)**".to_owned()];
            specs.extend(picks.branch_only_paths.iter().map(|it| format!(":(top,exclude,glob){it}")));
            let new: Vec<Oid> = oids.iter().copied().filter(|oid| !kept.lasting.contains_key(oid)).collect();
            let read = self.touched(at, &new, &specs, cancel).await?;
            kept.lasting.extend(new.iter().map(|oid| (*oid, read.contains_key(oid))));
            files.lasting = oids.into_iter().filter(|oid| kept.lasting.get(oid) == Some(&true)).collect();
        }
        Ok(files)
    }

    /// The files of commits that pathspecs match; commits without such a file are left out.
    async fn touched(
        &self,
        at: &Repository,
        commits: &[Oid],
        specs: &[String],
        cancel: &Cancel,
    ) -> Result<HashMap<Oid, Vec<String>>, GitError> {
        let mut found: HashMap<Oid, Vec<String>> = HashMap::new();
        for batch in commits.chunks(BATCH) {
            let asked: String = batch.iter().map(|oid| format!("{oid}\n")).collect();
            let call = self
                .read(at, "diff-tree")
                .args(["--stdin", "-r", "--root", "-z", "--name-status", "--no-renames", "--"])
                .args(specs)
                .stdin(asked);
            let answer = checked(call.run(cancel).await?, "diff-tree")?;
            names(&answer, |oid, path| {
                if let Some(path) = path {
                    let paths = found.entry(oid).or_default();
                    if paths.len() < PATHS {
                        paths.push(String::from_utf8_lossy(path).into_owned());
                    }
                }
            })?;
        }
        Ok(found)
    }

    /// The commits of picks that no branch here has and the clone has all the same.
    pub(super) async fn elsewhere(
        &self,
        at: &Repository,
        layout: &Layout,
        ask: &PicksAsk,
        cancel: &Cancel,
    ) -> Result<HashSet<Oid>, GitError> {
        let named = ask.picks.iter().filter_map(AskedPick::at);
        let asked: BTreeSet<String> = named
            .filter(|oid| layout.graph.place(*oid).is_none())
            .map(|oid| format!("{oid}^{{commit}}\n"))
            .collect();
        if asked.is_empty() {
            return Ok(HashSet::new());
        }
        let call = self.read(at, "cat-file").arg("--batch-check=%(objectname) %(objecttype)");
        let call = call.stdin(asked.into_iter().collect::<String>());
        let answer = lossy(checked(call.run(cancel).await?, "cat-file")?);
        let there = answer.lines().filter_map(|line| line.strip_suffix(" commit"));
        Ok(there.filter_map(|hex| Oid::parse(hex).ok()).collect())
    }

    /// Adds sizes, paths and owners to the changes. Gives what could not be read.
    #[expect(clippy::too_many_arguments, reason = "each is a thing of its own")]
    pub(super) async fn measure(
        &self,
        at: &Repository,
        refs: &Refs,
        ask: &PicksAsk,
        kept: &mut Kept,
        parts: &BTreeMap<PickKey, Parts>,
        found: &mut PicksFound,
        cancel: &Cancel,
    ) -> Result<Vec<String>, GitError> {
        let mut notes = Vec::new();
        if let Err(why) = self.read_sizes(at, kept, parts, cancel).await {
            if !at.partial {
                return Err(why);
            }
            notes.push(
                "sizes of changes are not known: this clone is partial and lacks their files".to_owned(),
            );
        }
        self.read_owners(at, refs, ask, kept, cancel).await?;
        let owners = kept.owners.as_ref().map(|(_, owners)| owners);
        for change in &mut found.changes {
            let mut paths: BTreeSet<&str> = BTreeSet::new();
            for size in change.commits.iter().filter_map(|commit| kept.sizes.get(&commit.oid)) {
                change.added = change.added.saturating_add(size.added);
                change.removed = change.removed.saturating_add(size.removed);
                paths.extend(size.paths.iter().map(String::as_str));
            }
            change.files = u32::try_from(paths.len()).unwrap_or(u32::MAX);
            change.paths = paths.iter().take(PATHS).map(|path| Untrusted::from(*path)).collect();
            let mut named: Vec<&str> = Vec::new();
            for owner in paths.iter().take(OWNED).flat_map(|path| owners.map_or(&[][..], |all| all.of(path)))
            {
                if !named.contains(&&**owner) {
                    named.push(owner);
                }
            }
            change.owners = named.into_iter().take(OWNERS).map(Untrusted::from).collect();
        }
        Ok(notes)
    }

    /// Reads how many lines commits change, of merges against their first parent.
    async fn read_sizes(
        &self,
        at: &Repository,
        kept: &mut Kept,
        parts: &BTreeMap<PickKey, Parts>,
        cancel: &Cancel,
    ) -> Result<(), GitError> {
        let mut asked = Vec::new();
        for commit in parts.values().flat_map(|parts| &parts.commits) {
            if kept.sizes.contains_key(&commit.oid) {
                continue;
            }
            let parent = kept.memory.commits.get(&commit.oid).and_then(|commit| commit.parents.first());
            asked.push(match (commit.mainline, parent) {
                (Some(_), Some(parent)) => format!("{} {parent}\n", commit.oid),
                _ => format!("{}\n", commit.oid),
            });
        }
        asked.order();
        asked.dedup();
        for batch in asked.chunks(BATCH) {
            let call = self
                .read(at, "diff-tree")
                .args(["--stdin", "-r", "--root", "-z", "--numstat", "--no-renames"])
                .args(["--no-ext-diff", "--no-textconv"])
                .stdin(batch.concat());
            let answer = checked(call.run(cancel).await?, "diff-tree")?;
            sizes(&answer, &mut kept.sizes)?;
        }
        Ok(())
    }

    /// Reads CODEOWNERS of the line, where there is one: the first of GitHub's three places.
    async fn read_owners(
        &self,
        at: &Repository,
        refs: &Refs,
        ask: &PicksAsk,
        kept: &mut Kept,
        cancel: &Cancel,
    ) -> Result<(), GitError> {
        let line = ask.own.as_ref().filter(|line| refs.branches.contains_key(line)).unwrap_or(&ask.trunk);
        let Some(tip) = refs.branches.get(line).map(|row| row.tip) else { return Ok(()) };
        if kept.owners.as_ref().is_some_and(|(at, _)| *at == tip) {
            return Ok(());
        }
        let asked: String = PLACES.iter().map(|place| format!("{tip}:{place}\n")).collect();
        let call = self.read(at, "cat-file").arg("--batch").stdin(asked).caps(3 * CODEOWNERS, 1 << 16);
        let output = call.run(cancel).await?;
        // A partial clone may lack it, and then git ends with an error: nobody is known to own anything.
        kept.owners =
            Some((tip, first_blob(&output.stdout).map(|text| Owners::parse(&text)).unwrap_or_default()));
        Ok(())
    }
}

/// The first object of `cat-file --batch` that is there.
fn first_blob(answer: &[u8]) -> Option<String> {
    let mut rest = answer;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = &rest[end + 1..];
        let mut words = head.rsplitn(3, ' ');
        let (size, kind) = (words.next()?, words.next());
        if kind != Some("blob") {
            // "… missing", or a directory of that name, whose size follows.
            let skip = size.parse::<usize>().map_or(0, |size| size + 1);
            rest = rest.get(skip..)?;
            continue;
        }
        let size: usize = size.parse().ok().filter(|size| *size <= CODEOWNERS)?;
        return Some(lossy(rest.get(..size)?.to_vec()));
    }
}

/// Reads `<commit> NUL (<added> TAB <removed> TAB <path> NUL)*`. A commit has no tab, so nothing else passes for one.
fn sizes(answer: &[u8], sizes: &mut HashMap<Oid, Size>) -> Result<(), GitError> {
    let mut now: Option<Oid> = None;
    for field in answer.split(|byte| *byte == 0).filter(|field| !field.is_empty()) {
        let text = String::from_utf8_lossy(field);
        let mut words = text.splitn(3, '\t');
        match (words.next(), words.next(), words.next(), now) {
            (Some(added), Some(removed), Some(path), Some(oid)) => {
                let size = sizes.entry(oid).or_default();
                // Of a binary file git says "-".
                size.added = size.added.saturating_add(added.parse().unwrap_or_default());
                size.removed = size.removed.saturating_add(removed.parse().unwrap_or_default());
                size.paths.push(path.to_owned());
            }
            (Some(hex), None, ..) => {
                let oid = Oid::parse(hex)?;
                sizes.insert(oid, Size::default());
                now = Some(oid);
            }
            _ => {
                let why = "a size without a commit".to_owned();
                return Err(GitError::Unreadable { command: "diff-tree".into(), why });
            }
        }
    }
    Ok(())
}
