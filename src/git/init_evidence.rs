//! Facts about a repository from which `gonogo init` guesses its process, each with where it was seen.

use super::find::{Head, Repository};
use super::refs::Refs;
use super::run::{Git, lossy, stdout};
use super::{GitError, run};
use crate::order::Order as _;
use crate::release::ids::{Branch, Oid, Tag};
use crate::release::text::Untrusted;
use serde::Serialize;

/// Why a branch is taken for the trunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum TrunkEvidence {
    /// The remote's HEAD names it.
    RemoteHead {
        /// The ref that says so, `refs/remotes/origin/HEAD`.
        reference: String,
    },
    /// It has a usual name, and no remote HEAD says otherwise.
    UsualName,
    /// It is checked out, and nothing better is known.
    CheckedOut,
    /// It is the only branch.
    Only,
}

/// A workflow of GitHub Actions, as it is on the trunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Workflow {
    /// Its path, `.github/workflows/ci.yml`.
    pub path: Untrusted,
    /// Its `name:`.
    pub name: Option<Untrusted>,
    /// Its text, none when it is larger than 256 KiB or missing from a partial clone.
    pub text: Option<Untrusted>,
}

/// What a repository shows of its process.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct InitEvidence {
    /// The trunk, and why.
    pub trunk: Option<(Branch, TrunkEvidence)>,
    /// Its tip.
    pub trunk_tip: Option<Oid>,
    /// All branches, by name.
    pub branches: Vec<Branch>,
    /// All tags that name commits, newest first.
    pub tags: Vec<Tag>,
    /// Workflows on the trunk, by path.
    pub workflows: Vec<Workflow>,
    /// The CODEOWNERS file that counts: in `.github/`, the root, or `docs/`, in this order (GitHub, "About code
    /// owners").
    pub codeowners: Option<&'static str>,
    /// Files at the root or in `docs/` whose names speak of releasing, by path.
    pub release_documents: Vec<Untrusted>,
}

const TEXT_CAP: usize = 256 << 10;
const USUAL: &[&str] = &["main", "master", "trunk", "develop"];
const CODEOWNERS: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// The trunk of a repository, and why it is taken for it.
#[must_use]
pub fn trunk(at: &Repository, refs: &Refs) -> Option<(Branch, TrunkEvidence)> {
    if let (Some(branch), Some(remote)) = (&refs.default_branch, at.remote()) {
        let reference = format!("refs/remotes/{}/HEAD", remote.name);
        return Some((branch.clone(), TrunkEvidence::RemoteHead { reference }));
    }
    let there = |name: &str| refs.branches.keys().find(|branch| branch.as_str() == name);
    if let Some(branch) = USUAL.iter().find_map(|name| there(name)) {
        return Some((branch.clone(), TrunkEvidence::UsualName));
    }
    let mut all = refs.branches.keys();
    if let (Some(only), None) = (all.next(), all.next()) {
        return Some((only.clone(), TrunkEvidence::Only));
    }
    match &at.head {
        Head::Branch(name) => {
            let branch = there(name.as_str().strip_prefix("refs/heads/")?)?;
            Some((branch.clone(), TrunkEvidence::CheckedOut))
        }
        Head::Unborn(_) | Head::Detached(_) | Head::Unknown => None,
    }
}

impl Git {
    /// Reads what the repository shows of its process.
    ///
    /// # Errors
    /// When git fails. An empty repository is no failure: it shows nothing.
    pub async fn init_evidence(&self, at: &Repository, refs: &Refs) -> Result<InitEvidence, GitError> {
        let trunk = trunk(at, refs);
        let tip = trunk.as_ref().and_then(|(branch, _)| refs.branches.get(branch)).map(|row| row.tip);
        let mut tags: Vec<_> = refs.tags.values().collect();
        tags.order_by(|a, b| b.tagged.cmp(&a.tagged).then_with(|| b.name.cmp(&a.name)));
        let mut evidence = InitEvidence {
            trunk,
            trunk_tip: tip,
            branches: refs.branches.keys().cloned().collect(),
            tags: tags.into_iter().map(|tag| tag.name.clone()).collect(),
            ..InitEvidence::default()
        };
        if let Some(tip) = tip {
            self.read_tree(at, tip, &mut evidence).await?;
        }
        Ok(evidence)
    }

    async fn read_tree(
        &self,
        at: &Repository,
        tip: Oid,
        evidence: &mut InitEvidence,
    ) -> Result<(), GitError> {
        let call = self.read(at, "ls-tree").args(["-r", "-z", "--full-tree", "--end-of-options"]);
        let listed = lossy(stdout(&call.arg(tip.to_string()), "ls-tree").await?);
        let below = |path: &str, dir: &str| path.strip_prefix(dir).is_some_and(|name| !name.contains('/'));
        let files: Vec<&str> = blobs(&listed).map(|(_, path)| path).collect();
        evidence.codeowners = CODEOWNERS.iter().copied().find(|path| files.contains(path));
        let speaks = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
            let document = [".md", ".rst", ".txt", ".adoc"].iter().any(|end| name.ends_with(end));
            let place = below(path, "") || below(path, "docs/");
            place && document && name.contains("releas") && !name.contains("note")
        };
        evidence.release_documents =
            files.iter().filter(|path| speaks(path)).map(|path| (*path).into()).collect();
        let is_workflow = |path: &str| {
            below(path, ".github/workflows/") && (path.ends_with(".yml") || path.ends_with(".yaml"))
        };
        let found: Vec<_> = blobs(&listed).filter(|(_, path)| is_workflow(path)).collect();
        let texts = self.blobs(at, found.iter().map(|(oid, _)| *oid)).await?;
        let workflow = |((_, path), text): (&(&str, &str), Option<String>)| Workflow {
            path: (*path).into(),
            name: text.as_deref().and_then(workflow_name),
            text: text.map(Untrusted::from),
        };
        evidence.workflows = found.iter().zip(texts).map(workflow).collect();
        Ok(())
    }

    /// The texts of blobs, in their order; none for one that is missing or too large.
    async fn blobs<'a>(
        &self,
        at: &Repository,
        oids: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Option<String>>, GitError> {
        let asked: String = oids.flat_map(|oid| [oid, "\n"]).collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let count = asked.lines().count();
        let answer = run::stdout(&self.read(at, "cat-file").arg("--batch").stdin(asked), "cat-file").await?;
        let bad = |why: &str| GitError::Unreadable { command: "cat-file".to_owned(), why: why.to_owned() };
        let (mut rest, mut texts) = (answer.as_slice(), Vec::with_capacity(count));
        while texts.len() < count {
            let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(|| bad("a line is missing"))?;
            let header = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            let Some(size) = header.split(' ').nth(2).and_then(|size| size.parse::<usize>().ok()) else {
                texts.push(None);
                continue;
            };
            let body = rest.get(..size).ok_or_else(|| bad("a blob is cut"))?;
            texts.push((size <= TEXT_CAP).then(|| String::from_utf8_lossy(body).into_owned()));
            rest = rest.get(size + 1..).unwrap_or_default();
        }
        Ok(texts)
    }
}

/// Object id and path of each regular file that `git ls-tree -z` lists.
fn blobs(listed: &str) -> impl Iterator<Item = (&str, &str)> {
    listed.split_terminator('\0').filter_map(|entry| {
        let (what, path) = entry.split_once('\t')?;
        let mut words = what.split(' ');
        let (mode, _kind, oid) = (words.next()?, words.next()?, words.next()?);
        mode.starts_with("100").then_some((oid, path))
    })
}

/// The value of the top-level `name:`, without quotes and comment.
fn workflow_name(text: &str) -> Option<Untrusted> {
    let value = text.lines().find_map(|line| line.strip_prefix("name:"))?.trim();
    let quote = value.chars().next().filter(|c| *c == '"' || *c == '\'');
    let value = match quote {
        Some(quote) => value[1..].split(quote).next()?,
        None => value.split(" #").next()?.trim(),
    };
    (!value.is_empty()).then(|| value.into())
}
