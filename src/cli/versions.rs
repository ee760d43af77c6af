//! `gonogo versions`: every tag of the clone as the process reads it, for scripts; needs no forge.

use super::args::{Target, VersionsArgs};
use super::check::counted;
use super::exit::{Exit, Said};
use super::setup::{Setup, no_repository, report};
use crate::git::{Git, GitError, Refs, Repository, TagRef};
use crate::order::Order as _;
use crate::process::Process;
use crate::release::text::shown;
use crate::version::{TagClass, TagKind, classify};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::fmt::Write as _;
use std::path::Path;

/// A tag with its class.
struct Row<'a> {
    class: TagClass,
    tag: &'a TagRef,
}

/// Prints the tags, newest version first; what is no version comes last, by name.
pub async fn versions(args: &VersionsArgs) -> Said {
    match told(args).await {
        Ok(said) | Err(said) => said,
    }
}

async fn told(args: &VersionsArgs) -> Result<Said, Said> {
    let (process, _, _, refs) = read(args.of.path.as_deref(), &args.of.target).await?;
    let mut rows: Vec<_> = refs
        .tags
        .values()
        .map(|tag| Row { class: classify(&process.version, tag.name.as_str()), tag })
        .filter(|row| args.line.as_deref().is_none_or(|line| line_of(row).as_deref() == Some(line)))
        .collect();
    rows.order_by_key(|row| (Reverse(row.class.version.clone()), row.class.tag.clone()));
    if rows.is_empty()
        && let Some(line) = &args.line
    {
        let why =
            format!("--line: no tag is a version of {}: name major and minor, as in 1.2", shown(line, 60));
        return Err(Said::err(Exit::Usage, why));
    }
    Ok(Said::ok(if args.of.json { as_json(&rows, &refs) } else { as_text(&rows, &refs) }))
}

/// The process and the refs: the first says how tags are written and is never guessed.
pub(super) async fn read(
    path: Option<&Path>,
    target: &Target,
) -> Result<(Process, Git, Repository, Refs), Said> {
    let unread = |why: GitError| Said::err(Exit::Unread, why.to_string());
    let setup = Setup::of(path, target, vec![])?.sound()?;
    // A path that is in no repository is what is wrong, whatever its process would be.
    let repository =
        setup.repository.as_ref().map_err(|why| Said::err(no_repository(why), why.to_string()))?;
    let repository = repository.clone();
    let process = match setup.process() {
        Some(Ok(resolved)) => resolved.process,
        Some(Err(findings)) => return Err(Said::err(Exit::Usage, report(&findings))),
        None => {
            let why = "no process says how versions are written here: `gonogo init` writes a gonogo.toml with \
                       [process.version] prefix, style and candidate, or --process names a preset";
            return Err(Said::err(Exit::Usage, why));
        }
    };
    let git = Git::locate().await.map_err(unread)?;
    let refs = git.refs(&repository).await.map_err(unread)?;
    Ok((process, git, repository, refs))
}

/// `1.2`: the line's two numbers.
fn line_of(row: &Row<'_>) -> Option<String> {
    row.class.line.map(|(major, minor)| format!("{major}.{minor}"))
}

fn candidate_of(row: &Row<'_>) -> Option<u64> {
    if let TagKind::Candidate(n) = row.class.kind { Some(n) } else { None }
}

fn why_not(row: &Row<'_>) -> Option<String> {
    if let TagKind::Other { why } = &row.class.kind { Some(shown(why, 200)) } else { None }
}

/// What kind, with the number or the stage: `candidate 2`, `prerelease alpha.1`, `final`.
fn kind_of(row: &Row<'_>) -> String {
    match &row.class.kind {
        TagKind::Candidate(n) => format!("candidate {n}"),
        TagKind::Prerelease(stage) => format!("prerelease {}", shown(stage, 30)),
        kind => kind.word().to_owned(),
    }
}

fn as_text(rows: &[Row<'_>], refs: &Refs) -> String {
    let mut out = String::new();
    let width = rows.iter().map(|row| shown(&row.class.tag, 40).chars().count()).max().unwrap_or(0);
    for row in rows {
        let note = why_not(row).or_else(|| row.class.note.as_deref().map(|note| shown(note, 200)));
        let line = format!(
            "{:width$}  {:20}  {:7}  {}  {}  {}",
            shown(&row.class.tag, 40),
            kind_of(row),
            line_of(row).unwrap_or_else(|| "–".to_owned()),
            row.tag.tagged.format("%Y-%m-%d"),
            row.tag.commit.short(),
            note.unwrap_or_default(),
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let count = |word: &str| rows.iter().filter(|row| row.class.kind.word() == word).count();
    let mut said = counted(rows.len(), "tag");
    for (word, what) in [
        ("final", "final"),
        ("candidate", "candidate"),
        ("prerelease", "other prerelease"),
        ("describe", "build"),
        ("other", "no version"),
    ] {
        let n = count(word);
        if n > 0 {
            let s = if n == 1 || matches!(word, "final" | "other") { "" } else { "s" };
            write!(said, ", {n} {what}{s}").unwrap_or_default();
        }
    }
    writeln!(out, "{said}").unwrap_or_default();
    for (name, why) in &refs.left_out {
        writeln!(out, "left out: {}: {why}", name.line()).unwrap_or_default();
    }
    out
}

fn as_json(rows: &[Row<'_>], refs: &Refs) -> String {
    let row = |row: &Row<'_>| -> Value {
        json!({
            "tag": row.class.tag,
            "kind": row.class.kind.word(),
            "version": row.class.version.as_ref().map(ToString::to_string),
            "line": line_of(row),
            "candidate": candidate_of(row),
            "stage": if let TagKind::Prerelease(stage) = &row.class.kind { Some(stage) } else { None },
            "final": row.class.kind == TagKind::Final,
            "reason": why_not(row),
            "note": row.class.note,
            "commit": row.tag.commit,
            "annotated": row.tag.annotation.is_some(),
            "at": row.tag.tagged,
        })
    };
    let left_out: Vec<_> =
        refs.left_out.iter().map(|(name, why)| json!({ "ref": name, "reason": why })).collect();
    let value = json!({ "tags": rows.iter().map(row).collect::<Vec<_>>(), "left_out": left_out });
    format!("{value:#}\n")
}
