//! Every branch and tag of the repository, read in one process.

use super::GitError;
use super::find::Repository;
use super::read::{Fields, when};
use super::run::{Git, lossy, stdout};
use crate::process::Branches;
use crate::release::ids::{Branch, Oid, RefName, Tag};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A branch: that of the remote where there is one, else the local one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BranchRef {
    /// Its name, without the remote's.
    pub name: Branch,
    /// The full ref that was read: `refs/remotes/origin/…` or `refs/heads/…`.
    pub reference: RefName,
    /// Its tip.
    pub tip: Oid,
    /// First line of the tip's message.
    pub subject: Untrusted,
    /// When the tip was committed.
    pub committed: DateTime<Utc>,
    /// The tip of the local branch of the same name.
    pub local: Option<Oid>,
    /// Where the local branch is checked out.
    pub checked_out: Option<PathBuf>,
}

impl BranchRef {
    /// Whether the remote does not have it, as far as the last fetch knows.
    #[must_use]
    pub fn is_only_local(&self) -> bool {
        self.reference.as_str().starts_with("refs/heads/")
    }
}

/// A tag that names a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagRef {
    /// Its name.
    pub name: Tag,
    /// The commit, through any number of tag objects.
    pub commit: Oid,
    /// The tag object of an annotated tag.
    pub annotation: Option<Oid>,
    /// When it was tagged; of a tag without annotation, when the commit was committed.
    pub tagged: DateTime<Utc>,
}

/// All refs that matter to a release.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Refs {
    /// Branches by name.
    pub branches: BTreeMap<Branch, BranchRef>,
    /// Tags by name.
    pub tags: BTreeMap<Tag, TagRef>,
    /// The branch that the remote says is its default, as of the clone or the last `git remote set-head`.
    pub default_branch: Option<Branch>,
    /// Refs that are left out, and why: a name with a component that starts with a dash, a tag of a file.
    pub left_out: Vec<(Untrusted, &'static str)>,
}

const FORMAT: &str = "%(refname)%00%(objectname)%00%(objecttype)%00%(*objectname)%00%(*objecttype)%00\
    %(creatordate:unix)%00%(worktreepath)%00%(symref)%00%(contents:subject)%00";

/// A record of `for-each-ref`, read but not yet sorted into branches and tags.
struct Record<'a> {
    name: &'a str,
    object: Oid,
    kind: &'a str,
    peeled: Option<Oid>,
    peeled_kind: &'a str,
    at: DateTime<Utc>,
    checked_out: &'a str,
    symref: &'a str,
    subject: &'a str,
}

impl Git {
    /// Reads all branches (local, and those of the remote that the release lives on) and all tags.
    ///
    /// # Errors
    /// When git fails. A name that we do not take is no failure: it is in [`Refs::left_out`].
    pub async fn refs(&self, at: &Repository) -> Result<Refs, GitError> {
        let remote = at.remote().and_then(|it| RefName::parse(&format!("refs/remotes/{}", it.name)).ok());
        let mut call =
            self.read(at, "for-each-ref").arg(format!("--format={FORMAT}")).arg("--end-of-options");
        call = call.args(["refs/heads", "refs/tags"]).args(remote.as_ref().map(RefName::as_str));
        let answer = lossy(stdout(&call, "for-each-ref").await?);
        let mut refs = Refs::default();
        let mut nested = Vec::new();
        let mut fields = Fields::of(&answer, "for-each-ref");
        while fields.more() {
            let record = record(&mut fields)?;
            if let Err(why) = refs.sort_in(&record, remote.as_ref(), &mut nested) {
                refs.left_out.push((record.name.into(), why));
            }
        }
        self.peel(at, nested, &mut refs).await?;
        Ok(refs)
    }

    /// Peels tags of tags, which before git 2.45 `for-each-ref` peels by one step only.
    async fn peel(&self, at: &Repository, nested: Vec<TagRef>, refs: &mut Refs) -> Result<(), GitError> {
        if nested.is_empty() {
            return Ok(());
        }
        let asked: String = nested.iter().map(|tag| format!("{}^{{commit}}\n", tag.commit)).collect();
        let call = self.read(at, "cat-file").arg("--batch-check=%(objectname) %(objecttype)").stdin(asked);
        let answer = lossy(stdout(&call, "cat-file").await?);
        for (tag, line) in nested.into_iter().zip(answer.lines()) {
            match line.split_once(' ') {
                Some((hex, "commit")) => {
                    let tag = TagRef { commit: Oid::parse(hex)?, ..tag };
                    refs.tags.insert(tag.name.clone(), tag);
                }
                _ => refs.left_out.push((tag.name.as_str().into(), "the tag names no commit")),
            }
        }
        Ok(())
    }
}

fn record<'a>(fields: &mut Fields<'a>) -> Result<Record<'a>, GitError> {
    Ok(Record {
        // The line feed that ends the record before.
        name: fields.next()?.trim_start_matches('\n'),
        object: fields.oid()?,
        kind: fields.next()?,
        peeled: match fields.next()? {
            "" => None,
            hex => Some(Oid::parse(hex)?),
        },
        peeled_kind: fields.next()?,
        at: when(fields.next()?),
        checked_out: fields.next()?,
        symref: fields.next()?,
        subject: fields.next()?,
    })
}

impl Refs {
    /// What to say where no branch here has a name of the trunk of a process.
    #[must_use]
    pub fn no_trunk(&self, branches: &Branches) -> String {
        if self.branches.is_empty() {
            let trunk = crate::release::text::shown(&branches.trunk, 120);
            return format!("this repository has no commit yet: {trunk} begins with the first");
        }
        branches.no_trunk(self.default_branch.as_ref().map(Branch::as_str))
    }

    fn sort_in(
        &mut self,
        record: &Record<'_>,
        remote: Option<&RefName>,
        nested: &mut Vec<TagRef>,
    ) -> Result<(), &'static str> {
        let reference =
            RefName::parse(record.name).map_err(|_| "the name could be mistaken for an option")?;
        if let Some(name) = record.name.strip_prefix("refs/tags/") {
            return self.tag(Tag::parse(name).map_err(|_| "it is no tag name")?, record, nested);
        }
        if let Some(name) = record.name.strip_prefix("refs/heads/") {
            let name = Branch::parse(name).map_err(|_| "it is no branch name")?;
            return self.branch(name, reference, record, true);
        }
        let short = |full: &str| -> Option<Branch> {
            let rest = full.strip_prefix(remote?.as_str())?.strip_prefix('/')?;
            Branch::parse(rest).ok()
        };
        if !record.symref.is_empty() {
            if record.name.ends_with("/HEAD") {
                self.default_branch = short(record.symref);
            }
            return Ok(());
        }
        let name = short(record.name).ok_or("it is no branch name")?;
        self.branch(name, reference, record, false)
    }

    fn branch(
        &mut self,
        name: Branch,
        reference: RefName,
        record: &Record<'_>,
        local: bool,
    ) -> Result<(), &'static str> {
        if record.kind != "commit" {
            return Err("the branch names no commit");
        }
        let checked_out = (!record.checked_out.is_empty()).then(|| PathBuf::from(record.checked_out));
        let known = self.branches.remove(&name);
        let (own_tip, own_place) = match known {
            Some(known) => (known.local, known.checked_out),
            None => (local.then_some(record.object), checked_out),
        };
        let row = BranchRef {
            name: name.clone(),
            reference,
            tip: record.object,
            subject: record.subject.into(),
            committed: record.at,
            local: own_tip,
            checked_out: own_place,
        };
        self.branches.insert(name, row);
        Ok(())
    }

    fn tag(&mut self, name: Tag, record: &Record<'_>, nested: &mut Vec<TagRef>) -> Result<(), &'static str> {
        let annotation = record.peeled.map(|_| record.object);
        let commit = record.peeled.unwrap_or(record.object);
        let kind = if annotation.is_some() { record.peeled_kind } else { record.kind };
        let tag = TagRef { name: name.clone(), commit, annotation, tagged: record.at };
        match kind {
            "commit" => {
                self.tags.insert(name, tag);
            }
            "tag" => nested.push(tag),
            _ => return Err("the tag names no commit"),
        }
        Ok(())
    }
}
