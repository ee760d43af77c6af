//! `gonogo next`: the version that each branch leads to, with the reasons, for scripts; needs no forge.

use super::args::NextArgs;
use super::exit::{Exit, Said};
use super::versions;
use crate::git::{BranchRef, GitError, Refs};
use crate::order::Order as _;
use crate::process::{Next, NextAsk, Process};
use crate::release::ids::Branch;
use crate::release::text::shown;
use crate::version::{Bump, Nature, Proposal, TagClass, TagKind, Version, Weight, classify};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Commits of a branch that are weighed at most; what lies behind weighs nothing, and that is said.
const WEIGHED: usize = 20_000;

/// Lines that are told of unless one is named, where the process does not say how many it supports.
const NEWEST: usize = 3;

/// A branch and what comes next on it.
struct Told {
    branch: BranchRef,
    /// The tag of the branch's last final version.
    since: Option<String>,
    weight: Weight,
    next: Next,
    /// The changes that ask for more than a fix: breaking ones and features, the heaviest first.
    heavy: Vec<(Nature, String)>,
}

/// Prints what comes next. Exit 2 where the process cannot name what was asked for.
pub async fn next(args: &NextArgs) -> Said {
    match told(args).await {
        Ok((all, missing)) => {
            let said = Said::ok(if args.of.json { as_json(&all) } else { as_text(&all) });
            Said { err: missing.map(|why| shown(&why, 600) + "\n").unwrap_or_default(), ..said }
        }
        Err(said) => said,
    }
}

/// What comes next, and why the trunk is not in it, where it is not there.
async fn told(args: &NextArgs) -> Result<(Vec<Told>, Option<String>), Said> {
    let unread = |why: GitError| Said::err(Exit::Unread, why.to_string());
    let (mut process, git, at, refs) = versions::read(args.of.path.as_deref(), &args.of.target).await?;
    let known: Vec<TagClass> = refs.tags.keys().map(|tag| classify(&process.version, tag.as_str())).collect();
    let names: Vec<&str> = refs.branches.keys().map(Branch::as_str).collect();
    // From here on the trunk has the name that it has here.
    process.branches.trunk = process.branches.trunk_among(|name| names.contains(&name)).to_owned();
    let missing = (!names.is_empty() && !names.contains(&&*process.branches.trunk))
        .then(|| process.branches.no_trunk(refs.default_branch.as_ref().map(Branch::as_str)));
    let burned = super::burned::burned(&process, &at, &refs);
    let mut all = vec![];
    for branch in branches(&process, &refs, &known, args.line.as_deref())? {
        let since = process.last_on(branch.name.as_str(), &known).map(|class| class.tag.clone());
        let from = refs.tags.values().find(|tag| since.as_deref() == Some(tag.name.as_str()));
        let from = from.map(|tag| tag.commit);
        let changes = git.changes_since(&at, from, branch.tip, WEIGHED).await.map_err(unread)?;
        let changes = git.commits(&at, &changes).await.map_err(unread)?;
        let weight: Weight = changes.iter().map(|commit| commit.nature).collect();
        let ask = NextAsk {
            branch: branch.name.as_str(),
            known: &known,
            burned: &burned,
            weight,
            chosen: args.bump.map(Bump::from),
            branches: &names,
        };
        let next = process.next_on(&ask).map_err(|why| Said::err(Exit::Usage, why.to_string()))?;
        let mut heavy: Vec<_> = changes
            .iter()
            .filter(|commit| commit.nature >= Nature::Feature)
            .map(|commit| (commit.nature, format!("{} {}", commit.oid.short(), commit.subject.line())))
            .collect();
        heavy.order_by_key(|(nature, _)| std::cmp::Reverse(*nature));
        all.extend(next.map(|next| Told { branch: branch.clone(), since, weight, next, heavy }));
    }
    Ok((all, missing))
}

/// The branch that was named; else the trunk and the lines that are supported, the newest first.
fn branches(
    process: &Process,
    refs: &Refs,
    known: &[TagClass],
    named: Option<&str>,
) -> Result<Vec<BranchRef>, Said> {
    let is_ours = |branch: &Branch| {
        branch.as_str() == process.branches.trunk || process.line_of(branch.as_str()).is_some()
    };
    if let Some(name) = named {
        let found =
            refs.branches.values().find(|branch| branch.name.as_str() == name && is_ours(&branch.name));
        return found.map(|branch| vec![branch.clone()]).ok_or_else(|| {
            let lines: Vec<_> = refs.branches.keys().filter(|it| is_ours(it)).map(Branch::line).collect();
            let why = format!(
                "--line: {} is no line of the process here; there are: {}",
                shown(name, 120),
                lines.join(", ")
            );
            Said::err(Exit::Usage, why)
        });
    }
    let out = |version: &Version| {
        known.iter().any(|it| it.kind == TagKind::Final && it.version.as_ref() == Some(version))
    };
    let mut lines: Vec<_> = refs
        .branches
        .values()
        .filter_map(|branch| process.line_of(branch.name.as_str()).map(|line| (line, branch)))
        // The branch of one version that is out leads nowhere.
        .filter(|(line, _)| {
            let version =
                |patch| Version::of(process.version.style, line.major, line.minor.unwrap_or_default(), patch);
            line.patch.is_none_or(|patch| !out(&version(patch)))
        })
        .collect();
    lines.order_by_key(|(line, _)| {
        std::cmp::Reverse((line.major, line.minor.unwrap_or(u64::MAX), line.patch))
    });
    let wanted = process.support.latest.map_or(NEWEST, |latest| latest as usize);
    let trunk = refs.branches.values().find(|branch| branch.name.as_str() == process.branches.trunk);
    let lines = lines.into_iter().take(wanted).map(|(_, branch)| branch.clone());
    Ok(trunk.cloned().into_iter().chain(lines).collect())
}

fn as_text(all: &[Told]) -> String {
    let mut out = String::new();
    let mut say = |line: String| writeln!(out, "{line}").unwrap_or_default();
    for told in all {
        let stream = told.next.stream.as_deref().map(|id| format!(", stream {}", shown(id, 40)));
        say(format!(
            "{}  {}  {}{}",
            told.branch.name.line(),
            told.next.proposal.tag,
            told.next.bump.word(),
            stream.unwrap_or_default()
        ));
        for reason in &told.next.proposal.reasons {
            say(format!("  {}", shown(reason, 200)));
        }
        match &told.next.candidate {
            Some(Ok(it)) => say(format!("  candidate {}: {}", it.tag, shown(&it.reasons.join("; "), 200))),
            Some(Err(why)) => say(format!("  no candidate can be named: {}", shown(why, 300))),
            None => say("  no candidates: its stream makes none".to_owned()),
        }
        for finding in &told.next.findings {
            say(format!("  ! {}", shown(finding, 200)));
        }
        for (nature, change) in told.heavy.iter().take(5) {
            say(format!("    {}: {}", nature.word(), shown(change, 120)));
        }
        if told.heavy.len() > 5 {
            say(format!("    and {} more", told.heavy.len() - 5));
        }
    }
    if out.is_empty() {
        out.push_str("neither the trunk nor a line of the process is in this clone\n");
    }
    out
}

fn as_json(all: &[Told]) -> String {
    let proposed =
        |it: &Proposal| json!({ "tag": it.tag, "version": it.version.to_string(), "reasons": it.reasons });
    let rows = all.iter().map(|told| -> Value {
        let (candidate, refused) = match &told.next.candidate {
            Some(Ok(it)) => (Some(proposed(it)), None),
            Some(Err(why)) => (None, Some(why)),
            None => (None, None),
        };
        let heavy = told.heavy.iter().map(|(nature, change)| json!({ "nature": nature, "change": change }));
        json!({
            "branch": told.branch.name,
            "tip": told.branch.tip,
            "since": told.since,
            "next": proposed(&told.next.proposal),
            "bump": told.next.bump,
            "stream": told.next.stream,
            "candidate": candidate,
            "candidate_refused": refused,
            "changes": told.weight,
            "heavy": heavy.collect::<Vec<_>>(),
            "findings": told.next.findings,
        })
    });
    format!("{:#}\n", json!({ "next": rows.collect::<Vec<_>>() }))
}
