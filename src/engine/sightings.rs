//! What git found, as sightings.

use crate::git::{self, DriftCommit, Evidence, Refs};
use crate::order::Order as _;
use crate::process::Process;
use crate::release::branches::{Commit, Line, LineKind};
use crate::release::candidates::TagRow;
use crate::release::ids::{Branch, Tag};
use crate::version::{TagKind, classify};

/// The branches that the process's patterns match.
pub(super) fn line_names(process: &Process, refs: &Refs) -> Vec<Branch> {
    refs.branches.keys().filter(|branch| process.line_of(branch.as_str()).is_some()).cloned().collect()
}

/// The version tags in ascending order of version, candidates included.
pub(super) fn version_tags(process: &Process, refs: &Refs) -> Vec<Tag> {
    let mut tags: Vec<_> = refs
        .tags
        .keys()
        .filter_map(|tag| {
            let class = classify(&process.version, tag.as_str());
            let counts = !matches!(class.kind, TagKind::Other { .. } | TagKind::Describe);
            class.version.filter(|_| counts).map(|version| (version, tag.clone()))
        })
        .collect();
    tags.order();
    tags.into_iter().map(|(_, tag)| tag).collect()
}

/// Every tag as a row.
pub(super) fn tag_rows(refs: &Refs) -> Vec<TagRow> {
    let row = |tag: &git::TagRef| TagRow {
        tag: tag.name.clone(),
        oid: tag.commit,
        annotated: tag.annotation.is_some(),
        at: Some(tag.tagged),
    };
    refs.tags.values().map(row).collect()
}

fn commit(commit: &git::Commit) -> Commit {
    Commit {
        oid: commit.oid,
        subject: commit.subject.clone(),
        author: commit.author.clone(),
        at: commit.committed,
    }
}

/// Whether a counterpart on the trunk is more than a guess.
fn is_sure(row: &DriftCommit) -> bool {
    row.on_trunk.is_some_and(|it| it.evidence != Evidence::Subject)
}

/// A line as a row; `most` commits of each list are kept.
/// Until it was compared by patch, what it has and the trunk has not is not told.
pub(super) fn line(process: &Process, trunk: &Branch, line: &git::Line, most: usize, compared: bool) -> Line {
    let kind = if line.branch == *trunk {
        LineKind::Trunk
    } else {
        match process.line_of(line.branch.as_str()).map(|parsed| parsed.kind) {
            Some(crate::process::LineKind::LongLived) => LineKind::LongLived,
            Some(crate::process::LineKind::Hotfix) => LineKind::Hotfix,
            Some(crate::process::LineKind::Release) | None => LineKind::Release,
        }
    };
    let trunk = kind == LineKind::Trunk;
    let drift: Vec<_> = line.drift.commits.iter().filter(|row| !is_sure(row)).collect();
    // Beyond the cap nothing was looked at, so there the count is not known.
    let listed: Vec<&DriftCommit> = drift.iter().take(if compared { most } else { 0 }).copied().collect();
    let whole = line.drift.commits.len() >= line.drift.total as usize && (compared || drift.is_empty());
    Line {
        branch: line.branch.clone(),
        kind,
        tip: line.tip,
        subject: line.subject.clone(),
        at: line.committed,
        last_tag: line.last_tag.as_ref().map(|it| it.tag.clone()),
        ahead: line.ahead.filter(|_| !trunk),
        behind: line.behind.filter(|_| !trunk),
        unreleased: line.unreleased,
        commits: line.unreleased_commits.iter().take(most).map(commit).collect(),
        drift: listed.iter().map(|row| commit(&row.commit)).collect(),
        alike: listed.iter().filter_map(|row| Some((row.commit.oid, row.on_trunk?.oid))).collect(),
        drifting: if trunk { None } else { u32::try_from(drift.len()).ok().filter(|_| whole) },
    }
}
