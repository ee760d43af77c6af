//! `gonogo next`: the version that each branch leads to, with the reasons, for scripts; goes on where no forge is asked.

use super::args::{NextArgs, Target};
use super::asked::{self, Asked};
use super::exit::{Exit, Said};
use super::queue_args::VersionsOf;
use super::versions;
use crate::engine::noting;
use crate::engine::weighing::MOST;
use crate::git::{BranchRef, Git, GitError, Refs, Repository};
use crate::process::{Next, NextAsk, Process};
use crate::release::ids::Branch;
use crate::release::notes::{Gathered, Heavy, Pull, Weighed, labels_weigh, refused, weigh};
use crate::release::text::{Untrusted, shown};
use crate::release::weighing::by_label;
use crate::spawn::Cancel;
use crate::version::{Bump, Proposal, TagClass, Version, classify};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// A branch and what comes next on it.
struct Told {
    branch: BranchRef,
    /// Whether it is a release line, and not the trunk.
    is_line: bool,
    /// The tag of the branch's last final version.
    since: Option<String>,
    weighed: Weighed,
    next: Next,
}

/// What is known before a branch is weighed.
struct Ground<'a> {
    process: &'a Process,
    git: &'a Git,
    at: &'a Repository,
    refs: &'a Refs,
    known: &'a [TagClass],
    burned: &'a [Version],
    chosen: Option<Bump>,
}

/// The labels of the pull requests that were merged: asked of the forge, or the reason why not.
pub(super) struct Labels {
    forge: Result<Asked, String>,
    /// How long one range is waited for; none waits as long as the forge itself may.
    limit: Option<Duration>,
    /// Why labels weigh nothing, or not all of them; none as long as all that were asked for were told.
    unread: Option<String>,
}

/// Prints what comes next. Exit 2 where the process cannot name what was asked for.
pub async fn next(args: &NextArgs) -> Said {
    match told(args).await {
        Ok((all, missing, unread)) => {
            let said = Said::ok(if args.of.json { as_json(&all, unread.as_deref()) } else { as_text(&all) });
            let unread = unread.map(|why| format!("note: labels do not weigh: {why}"));
            let said_more = missing.into_iter().chain(unread).map(|why| shown(&why, 600) + "\n");
            Said { err: said_more.collect(), ..said }
        }
        Err(said) => said,
    }
}

/// What comes next; why the trunk is not in it, where it is not there; and why labels did not weigh, where they did not.
async fn told(args: &NextArgs) -> Result<(Vec<Told>, Option<String>, Option<String>), Said> {
    let (mut process, git, at, refs) = versions::read(args.of.path.as_deref(), &args.of.target).await?;
    let known: Vec<TagClass> = refs.tags.keys().map(|tag| classify(&process.version, tag.as_str())).collect();
    let missing = take_trunk(&mut process, &refs);
    let burned = super::burned::burned(&process, &at, &refs);
    let forge = match args.offline || !labels_weigh(&process.labels, &process.streams) {
        true => Err("--offline".to_owned()),
        false => asked::reach(args.of.path.as_deref(), &args.of.target).await?,
    };
    let mut labels = Labels::of(&process, forge, None);
    let chosen = args.bump.map(Bump::from);
    let ground =
        Ground { process: &process, git: &git, at: &at, refs: &refs, known: &known, burned: &burned, chosen };
    let mut all = vec![];
    for branch in branches(&process, &refs, &known, args.line.as_deref())? {
        all.extend(led_to(&ground, &branch, &mut labels).await?);
    }
    Ok((all, missing, labels.unread))
}

/// The version that the trunk leads to, with the reasons in words, by the same weights; none where that cannot be told.
pub(super) async fn of_trunk(
    at: &Repository,
    process: &Process,
    mut labels: Labels,
) -> Option<(String, String)> {
    let mut process = process.clone();
    let git = Git::locate().await.ok()?;
    let refs = git.refs(at).await.ok()?;
    let known: Vec<TagClass> = refs.tags.keys().map(|tag| classify(&process.version, tag.as_str())).collect();
    take_trunk(&mut process, &refs);
    let burned = super::burned::burned(&process, at, &refs);
    let trunk = refs.branches.values().find(|it| it.name.as_str() == process.branches.trunk)?;
    let ground = Ground {
        process: &process,
        git: &git,
        at,
        refs: &refs,
        known: &known,
        burned: &burned,
        chosen: None,
    };
    let told = led_to(&ground, trunk, &mut labels).await.ok()??;
    let unread = labels.unread.map(|why| format!("labels do not weigh: {why}"));
    let Proposal { tag, reasons, .. } = told.next.proposal;
    let why: Vec<_> = reasons.into_iter().chain(unread).chain(told.next.findings).collect();
    Some((tag, format!("next {} of {}: {}", told.next.bump.word(), trunk.name.line(), why.join("; "))))
}

/// From here on the trunk has the name that it has here. Says what is missing where it has none.
fn take_trunk(process: &mut Process, refs: &Refs) -> Option<String> {
    let names: Vec<&str> = refs.branches.keys().map(Branch::as_str).collect();
    process.branches.trunk = process.branches.trunk_among(|name| names.contains(&name)).to_owned();
    (!names.is_empty() && !names.contains(&&*process.branches.trunk))
        .then(|| process.branches.no_trunk(refs.default_branch.as_ref().map(Branch::as_str)))
}

/// What a branch leads to. None where it is no line of the process.
async fn led_to(ground: &Ground<'_>, branch: &BranchRef, labels: &mut Labels) -> Result<Option<Told>, Said> {
    let process = ground.process;
    let since = process.last_on(branch.name.as_str(), ground.known).map(|class| class.tag.clone());
    let from = ground.refs.tags.values().find(|tag| since.as_deref() == Some(tag.name.as_str()));
    let from = from.map(|tag| tag.commit);
    let gathered = ground.git.gather_notes(ground.at, from, branch.tip, MOST, &Cancel::new()).await;
    let gathered = gathered.map_err(|why: GitError| Said::err(Exit::Unread, why.to_string()))?;
    let pulls = labels.told_of(&gathered).await;
    let weighed = weigh(&process.labels, &gathered, &pulls);
    let names: Vec<&str> = ground.refs.branches.keys().map(Branch::as_str).collect();
    let ask = NextAsk {
        branch: branch.name.as_str(),
        is_trunk: branch.name.as_str() == process.branches.trunk,
        known: ground.known,
        burned: ground.burned,
        weight: weighed.weight,
        chosen: ground.chosen,
        branches: &names,
    };
    let next = process.next_on(&ask).map_err(|why| Said::err(Exit::Usage, why.to_string()))?;
    let Some(mut next) = next else { return Ok(None) };
    if let Some(said) = by_label(weighed.by_label) {
        next.proposal.reasons.insert(1.min(next.proposal.reasons.len()), said);
    }
    if gathered.is_cut {
        next.findings.push(format!("only the newest {MOST} commits were weighed"));
    }
    let stream = next.stream.as_deref().and_then(|id| process.stream(id));
    next.findings.extend(stream.and_then(|stream| refused((&process.labels, stream), &gathered, &pulls)));
    let is_line = process.line_of(branch.name.as_str()).is_some();
    Ok(Some(Told { branch: branch.clone(), is_line, since, weighed, next }))
}

impl Labels {
    /// Asked where the process says what labels mean.
    pub(super) fn of(process: &Process, forge: Result<Asked, String>, limit: Option<Duration>) -> Self {
        let weigh = labels_weigh(&process.labels, &process.streams);
        let forge = if weigh { forge } else { Err("[process.labels] names none".to_owned()) };
        Self { forge, limit, unread: None }
    }

    /// The pull requests of a range, as far as the forge tells of them.
    async fn told_of(&mut self, gathered: &Gathered) -> BTreeMap<u64, Pull> {
        let numbers = gathered.pulls();
        if numbers.is_empty() {
            return BTreeMap::new();
        }
        match &self.forge {
            Err(why) => {
                self.unread = Some(why.clone());
                BTreeMap::new()
            }
            Ok(Asked { forge, repo }) => {
                let asked = noting::pulls(forge, repo, &numbers, &|_, _| {});
                let told = match self.limit {
                    Some(limit) => tokio::time::timeout(limit, asked).await.ok(),
                    None => Some(asked.await),
                };
                let (known, why) =
                    told.unwrap_or_else(|| (BTreeMap::new(), Some("it took too long".to_owned())));
                self.unread = self.unread.take().or(noting::unasked(why, numbers.len()));
                known
            }
        }
    }
}

/// The next version of each supported line, with the reasons, by the clone alone.
pub(super) async fn patches(path: Option<&Path>, target: &Target) -> Result<Vec<Patch>, Said> {
    let of = VersionsOf { path: path.map(Path::to_owned), target: target.clone(), json: false };
    let (all, ..) = told(&NextArgs { of, offline: true, ..NextArgs::default() }).await?;
    let patch = |told: Told| Patch {
        tag: told.next.proposal.tag,
        line: told.branch.name,
        why: told.next.proposal.reasons,
        changes: told.weighed.weight.all(),
    };
    // The trunk leads to a line that is still to come, and so does the branch of a single version.
    let is_patch = |told: &Told| told.is_line && told.next.bump == Bump::Patch;
    Ok(all.into_iter().filter(is_patch).map(patch).collect())
}

/// The next version of a line.
pub(super) struct Patch {
    pub tag: String,
    pub line: Branch,
    pub why: Vec<String>,
    /// How many changes were merged since the last.
    pub changes: usize,
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
    let names = refs.branches.keys().map(Branch::as_str);
    let found = process.worked_on(names, known).into_iter();
    Ok(found.filter_map(|name| refs.branches.values().find(|it| it.name.as_str() == name)).cloned().collect())
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
        let heavy = &told.weighed.heavy;
        for Heavy { nature, change, label } in heavy.iter().take(5) {
            let by = label.as_ref().map(|label| format!(" (label {})", shown(label.raw(), 60)));
            say(format!("    {}: {}{}", nature.word(), shown(change.raw(), 120), by.unwrap_or_default()));
        }
        if heavy.len() > 5 {
            say(format!("    and {} more", heavy.len() - 5));
        }
    }
    if out.is_empty() {
        out.push_str("neither the trunk nor a line of the process is in this clone\n");
    }
    out
}

fn as_json(all: &[Told], unread: Option<&str>) -> String {
    let proposed =
        |it: &Proposal| json!({ "tag": it.tag, "version": it.version.to_string(), "reasons": it.reasons });
    let rows = all.iter().map(|told| -> Value {
        let (candidate, refused) = match &told.next.candidate {
            Some(Ok(it)) => (Some(proposed(it)), None),
            Some(Err(why)) => (None, Some(why)),
            None => (None, None),
        };
        let heavy = told.weighed.heavy.iter().map(|it| {
            let label = it.label.as_ref().map(Untrusted::line);
            json!({ "nature": it.nature, "change": it.change.line(), "label": label })
        });
        json!({
            "branch": told.branch.name,
            "tip": told.branch.tip,
            "since": told.since,
            "next": proposed(&told.next.proposal),
            "bump": told.next.bump,
            "stream": told.next.stream,
            "candidate": candidate,
            "candidate_refused": refused,
            "changes": told.weighed.weight,
            "by_label": told.weighed.by_label,
            "heavy": heavy.collect::<Vec<_>>(),
            "findings": told.next.findings,
        })
    });
    format!("{:#}\n", json!({ "next": rows.collect::<Vec<_>>(), "labels_unread": unread }))
}
