//! `gonogo notes`: the release notes of a version as Markdown; git alone serves where there is no token.

use super::args::NotesArgs;
use super::asked::{self, Asked};
use super::exit::{Exit, Said};
use super::versions;
use crate::engine::noting::{self, MOST};
use crate::forge::NotesAsk;
use crate::git::{Refs, Repository, TagRef};
use crate::process::{NextAsk, NotesFrom, Process};
use crate::release::ids::{Oid, Tag};
use crate::release::notes::{Draft, Entry, Gathered, Mark, Pull, Since, Wanted, before, draft, missing};
use crate::release::text::{Untrusted, shown};
use crate::spawn::Cancel;
use crate::version::{TagClass, Version, Weight, classify};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The version that notes are of.
struct Target {
    tag: String,
    version: Option<Version>,
    at: Oid,
    tagged: Option<DateTime<Utc>>,
}

/// A range with what it comes to.
struct Told {
    since: Since,
    from: Option<String>,
    gathered: Gathered,
    draft: Draft,
}

/// Prints the notes.
pub async fn notes(args: &NotesArgs) -> Said {
    match told(args).await {
        Ok(said) | Err(said) => said,
    }
}

async fn told(args: &NotesArgs) -> Result<Said, Said> {
    let (process, git, at, refs) = versions::read(args.of.path.as_deref(), &args.of.target).await?;
    let forge = reached(args, &process).await?;
    let burned = super::burned::burned(&process, &at, &refs);
    let target = target(args, &process, &refs, &burned)?;
    let starts = starts(args, &target, &marks(&process, &refs), &refs)?;
    let mut all = vec![];
    for (since, from) in starts {
        let start = from.as_ref().map(|it| it.1);
        let gathered = git.gather_notes(&at, start, target.at, MOST, &Cancel::new()).await;
        let gathered = gathered.map_err(|why| Said::err(Exit::Unread, why.to_string()))?;
        all.push((since, from.map(|it| it.0), gathered));
    }
    let (pulls, why) = match &forge {
        Some(asked) => told_of(asked, &all).await,
        None => Default::default(),
    };
    let web = web(&at);
    let all: Vec<_> = all
        .into_iter()
        .map(|(since, from, gathered)| {
            let mut draft = draft(&Wanted {
                process: &process,
                gathered: &gathered,
                pulls: &pulls,
                since: from.as_deref(),
                tag: &target.tag,
                audience: args.audience.into(),
                web: web.as_deref(),
            });
            draft.warnings.extend(why.clone());
            Told { since, from, gathered, draft }
        })
        .collect();
    let all = by_github(args, &process, &target, forge.as_ref(), all).await?;
    Ok(if args.of.json { as_json(&target, &all) } else { as_text(&all) })
}

/// The texts that GitHub writes in place of ours, where the process says so.
async fn by_github(
    args: &NotesArgs,
    process: &Process,
    target: &Target,
    forge: Option<&Asked>,
    mut all: Vec<Told>,
) -> Result<Vec<Told>, Said> {
    let Some(asked) = forge.filter(|_| process.notes.from == NotesFrom::Github) else { return Ok(all) };
    if process.notes.has_internal() {
        let why =
            "GitHub's notes are not taken: the process has internal sections, which GitHub knows nothing of";
        all.iter_mut().for_each(|it| it.draft.warnings.insert(0, why.to_owned()));
        return Ok(all);
    }
    let tag = |name: &str| Tag::parse(name).map_err(|bad| usage(format!("--tag: {bad}")));
    for told in &mut all {
        let ask = NotesAsk {
            repo: asked.repo.clone(),
            tag: tag(&target.tag)?,
            target: Some(Untrusted::from(target.at.to_string())),
            previous: told.from.as_deref().map(tag).transpose()?,
        };
        let text = noting::generated(&asked.forge, &ask).await;
        told.draft.text = text.map_err(|why| Said::err(Exit::Unread, not_written(&why)))?;
        // What is said of our own text is not said of this one.
        let missing = missing(process, args.audience.into(), &told.draft.text);
        told.draft.missing = missing.into_iter().map(str::to_owned).collect();
        let wanting = told.draft.missing.join(", ");
        let said =
            (!wanting.is_empty()).then(|| format!("nothing is published before it is written: {wanting}"));
        told.draft.warnings = said.into_iter().collect();
    }
    Ok(all)
}

/// The forge, where the process makes notes from it; none where nobody is to ask.
async fn reached(args: &NotesArgs, process: &Process) -> Result<Option<Asked>, Said> {
    let by_forge = process.notes.from == NotesFrom::Github;
    if by_forge && args.offline {
        return Err(usage(
            "--offline: the process takes the notes that GitHub generates ([process.notes] from = \"github\"), which \
             only GitHub writes"
                .to_owned(),
        ));
    }
    if args.offline || process.notes.from == NotesFrom::Commits {
        return Ok(None);
    }
    match asked::reach(args.of.path.as_deref(), &args.of.target).await? {
        Ok(asked) => Ok(Some(asked)),
        Err(why) if by_forge => Err(Said::err(Exit::Unread, not_written(&why))),
        Err(_) => Ok(None),
    }
}

fn not_written(why: &str) -> String {
    format!(
        "GitHub wrote no notes, and [process.notes] from = \"github\" takes no others: {}",
        shown(why, 600)
    )
}

/// What the forge tells of the pull requests, and why not all.
async fn told_of(
    asked: &Asked,
    ranges: &[(Since, Option<String>, Gathered)],
) -> (BTreeMap<u64, Pull>, Option<String>) {
    let numbers: BTreeSet<u64> = ranges.iter().flat_map(|(_, _, gathered)| gathered.pulls()).collect();
    let numbers: Vec<u64> = numbers.into_iter().collect();
    if numbers.is_empty() {
        return Default::default();
    }
    let (known, why) = noting::pulls(&asked.forge, &asked.repo, &numbers, &|_, _| {}).await;
    (known, why.map(|why| format!("the forge was not asked to the end: {why}")))
}

fn usage(why: String) -> Said {
    Said::err(Exit::Usage, why)
}

/// The version that is asked for: a tag that is there, the next of a line, the next of the trunk.
fn target(args: &NotesArgs, process: &Process, refs: &Refs, burned: &[Version]) -> Result<Target, Said> {
    if let Some(name) = &args.tag {
        if let Some(tag) = Tag::parse(name).ok().and_then(|tag| refs.tags.get(&tag)) {
            let version = classify(&process.version, name).version;
            return Ok(Target { tag: name.clone(), version, at: tag.commit, tagged: Some(tag.tagged) });
        }
        let version = process.version.parse(name).map_err(|why| {
            usage(format!("--tag: {} is no tag here and no version of the process: {why}", shown(name, 120)))
        })?;
        let of_line = |branch: &str| process.line_of(branch).is_some_and(|line| line.holds(&version.base()));
        let line = refs.branches.values().find(|it| of_line(it.name.as_str()));
        let trunk = || refs.branches.values().find(|it| it.name.as_str() == process.branches.trunk);
        let found = line.or_else(trunk).ok_or_else(|| {
            usage(format!("--tag: {} is no tag here, and no branch is its line", shown(name, 120)))
        })?;
        return Ok(Target { tag: name.clone(), version: Some(version), at: found.tip, tagged: None });
    }
    let line = args.line.as_deref().unwrap_or(&process.branches.trunk);
    let branch = refs.branches.values().find(|it| it.name.as_str() == line);
    let branch = branch.ok_or_else(|| usage(format!("--line: there is no branch {}", shown(line, 120))))?;
    let known: Vec<TagClass> = refs.tags.keys().map(|tag| classify(&process.version, tag.as_str())).collect();
    let names: Vec<&str> = refs.branches.keys().map(|it| it.as_str()).collect();
    let ask = NextAsk {
        branch: line,
        is_trunk: line == process.branches.trunk,
        known: &known,
        burned,
        weight: Weight::default(),
        chosen: None,
        branches: &names,
    };
    let next = process.next_on(&ask).map_err(|why| usage(why.to_string()))?;
    let next = next.ok_or_else(|| {
        usage(format!("--line: {} is neither the trunk nor a line of the process", shown(line, 120)))
    })?;
    let (tag, version) = (next.proposal.tag, Some(next.proposal.version));
    Ok(Target { tag, version, at: branch.tip, tagged: None })
}

fn marks(process: &Process, refs: &Refs) -> Vec<Mark> {
    let mark = |tag: &TagRef| Mark {
        class: classify(&process.version, tag.name.as_str()),
        at: tag.commit,
        tagged: Some(tag.tagged),
    };
    refs.tags.values().map(mark).collect()
}

type Start = (Since, Option<(String, Oid)>);

/// What the ranges start at: first the one whose notes are printed.
fn starts(args: &NotesArgs, target: &Target, marks: &[Mark], refs: &Refs) -> Result<Vec<Start>, Said> {
    if let Some(name) = &args.since {
        let tag = Tag::parse(name).ok().and_then(|tag| refs.tags.get(&tag));
        let tag = tag.ok_or_else(|| usage(format!("--since: there is no tag {}", shown(name, 120))))?;
        return Ok(vec![(Since::Named, Some((name.clone(), tag.commit)))]);
    }
    let version = target.version.as_ref().ok_or_else(|| {
        let tag = shown(&target.tag, 120);
        usage(format!("--tag: {tag} is no version of the process: name the tag before it with --since"))
    })?;
    let (candidate, last) = before(version, target.tagged, marks);
    let named = |mark: &Mark| Some((mark.class.tag.clone(), mark.at));
    let first = last.map_or((Since::Start, None), |mark| (Since::Final, named(mark)));
    Ok([first].into_iter().chain(candidate.map(|mark| (Since::Candidate, named(mark)))).collect())
}

/// The repository for browsers.
fn web(at: &Repository) -> Option<String> {
    let url = at.remote().and_then(|remote| remote.forge())?;
    let repo = url.repo().ok()?;
    let fine = url.host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    fine.then(|| format!("https://{}/{}/{}", url.host, repo.owner(), repo.name()))
}

fn as_text(all: &[Told]) -> Said {
    let Some(first) = all.first() else { return Said::ok("") };
    let mut err = String::new();
    for warning in &first.draft.warnings {
        err.push_str(&format!("warning: {warning}\n"));
    }
    for other in &all[1..] {
        let count: usize = other.draft.sections.iter().map(|it| it.entries.len()).sum();
        let from = shown(other.from.as_deref().unwrap_or_default(), 120);
        err.push_str(&format!("note: since {}, {from}: {count} (--since {from})\n", other.since.word()));
    }
    Said { err, ..Said::ok(first.draft.text.clone()) }
}

fn as_json(target: &Target, all: &[Told]) -> Said {
    let entry = |it: &Entry| {
        json!({
            "title": it.title, "pulls": it.pulls, "backport": it.backport, "commits": it.commits,
            "labels": it.labels, "login": it.login, "authors": it.authors, "new": it.is_new,
            "nature": it.nature, "revert": it.is_revert,
        })
    };
    let range = |it: &Told| -> Value {
        let sections = it.draft.sections.iter().map(|section| {
            json!({
                "title": section.title, "audience": section.audience, "required": section.required,
                "entries": section.entries.iter().map(entry).collect::<Vec<_>>(),
            })
        });
        json!({
            "since": it.from, "kind": it.since, "text": it.draft.text, "warnings": it.draft.warnings,
            "missing": it.draft.missing, "sections": sections.collect::<Vec<_>>(),
            "commits": it.gathered.changes.len(), "same_patch": it.gathered.same_patch,
            "said_there": it.gathered.said_there,
        })
    };
    let value = json!({
        "tag": target.tag, "at": target.at, "tagged": target.tagged,
        "ranges": all.iter().map(range).collect::<Vec<_>>(),
    });
    Said::ok(format!("{value:#}\n"))
}
