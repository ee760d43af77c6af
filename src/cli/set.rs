//! The releases of a set: named, or proposed from what each supported line leads to.

use super::args::Target;
use super::exit::{Exit, Said};
use super::next::{Patch, patches};
use super::open;
use super::setup::{Setup, report};
use crate::git::{Git, Repository};
use crate::order::Order as _;
use crate::process::Process;
use crate::release::ids::ReleaseName;
use crate::release::set::MOST;
use crate::release::text::shown;
use crate::version::{TagKind, Version, classify};
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

/// The releases that `--set` asks for, the lowest version first; none to leave the set.
pub(super) async fn wanted(
    text: &str,
    setup: &Setup,
    path: Option<&Path>,
    target: &Target,
) -> Result<Vec<ReleaseName>, Said> {
    let usage = |text: String| Said::err(Exit::Usage, text);
    let process = match setup.followed() {
        Some(Ok(resolved)) => resolved.process,
        Some(Err(findings)) => return Err(usage(report(&findings))),
        None => {
            let why = "--set: no process says how versions are written here: `gonogo init` writes a gonogo.toml, or \
                       --process names a preset";
            return Err(usage(why.to_owned()));
        }
    };
    if text != "next" {
        return named(text, &process).map_err(usage);
    }
    let offered = patches(path, target).await?;
    let changed: Vec<&Patch> = offered.iter().filter(|patch| patch.changes > 0).collect();
    let proposed = if changed.len() < 2 { offered.iter().collect() } else { changed };
    let tags: Vec<&str> = proposed.iter().map(|patch| patch.tag.as_str()).collect();
    let listed: Vec<_> = offered.iter().rev().map(|it| listed(it, tags.contains(&it.tag.as_str()))).collect();
    if tags.len() < 2 {
        let why = "--set: fewer than two lines are supported here, and a set has two releases or more";
        return Err(usage(format!("{why}\n{}", listed.join("\n"))));
    }
    let text = tags.iter().rev().copied().collect::<Vec<_>>().join(",");
    if !std::io::stdin().is_terminal() {
        return Err(usage(format!("which releases? Name them with --set {text}\n{}", listed.join("\n"))));
    }
    ask(&text, &listed, &process).map_err(usage)
}

/// A line that is supported: what it leads to, and whether that is proposed.
fn listed(patch: &Patch, proposed: bool) -> String {
    let not = if proposed { "" } else { "left out: " };
    // The first reason says what was merged; the others are those of every patch.
    let why = patch.why.first().map_or("", String::as_str);
    format!("  {:14} {:20} {not}{}", shown(&patch.tag, 40), patch.line.line(), shown(why, 100))
}

/// Asks in lines, before the screen is taken.
fn ask(proposed: &str, listed: &[String], process: &Process) -> Result<Vec<ReleaseName>, String> {
    let mut out = std::io::stderr();
    let mut say = |text: String| {
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|why| why.to_string())
    };
    say(format!("Which releases, the lowest first?\n{}\n", listed.join("\n")))?;
    loop {
        say(format!("Enter for {}, or names with commas between them, q to leave: ", shown(proposed, 200)))?;
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line).map_err(|why| why.to_string())? == 0 {
            return Err("no release was named".to_owned());
        }
        let found = match line.trim() {
            "q" => return Err("no release was named".to_owned()),
            "" => named(proposed, process),
            text => named(text, process),
        };
        match found {
            Ok(names) => return Ok(names),
            Err(why) => say(format!("{why}\n"))?,
        }
    }
}

/// Releases by their names, the lowest version first; none for the word none.
pub(super) fn named(text: &str, process: &Process) -> Result<Vec<ReleaseName>, String> {
    if text.trim() == "none" {
        return Ok(vec![]);
    }
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let mut names: Vec<ReleaseName> = vec![];
    for part in parts {
        let name = open::named(part, process).map_err(|why| format!("--set: {why}"))?;
        if names.contains(&name) {
            return Err(format!("--set: {} is named twice", shown(part, 60)));
        }
        names.push(name);
    }
    if names.len() < 2 {
        return Err(
            "--set: a set has two releases or more, with commas between them: v1.18.4,v1.19.3".to_owned()
        );
    }
    if names.len() > MOST {
        return Err(format!("--set: {} releases, and a set has at most {MOST}", names.len()));
    }
    names.order_by_key(|name| version_of(name, process));
    Ok(names)
}

fn version_of(name: &ReleaseName, process: &Process) -> Option<Version> {
    process.version.release(name.as_str()).ok()
}

/// The release of a set that is opened first: the one named, else the lowest whose final version is not tagged in the
/// clone, else the highest.
pub(super) async fn first(
    set: &[ReleaseName],
    repository: &Repository,
    target: &Target,
    process: &Process,
) -> Result<ReleaseName, Said> {
    if let Some(name) = &target.release {
        return set.iter().find(|it| it.as_str() == name).cloned().ok_or_else(|| {
            let why = format!("--release: {} is none of the set", shown(name, 60));
            Said::err(Exit::Usage, why)
        });
    }
    let unread = |why: String| Said::err(Exit::Unread, why);
    let git = Git::locate().await.map_err(|why| unread(why.to_string()))?;
    let refs = git.refs(repository).await.map_err(|why| unread(why.to_string()))?;
    let out: Vec<Version> = refs
        .tags
        .keys()
        .map(|tag| classify(&process.version, tag.as_str()))
        .filter(|class| class.kind == TagKind::Final)
        .filter_map(|class| class.version)
        .collect();
    let is_open = |name: &&ReleaseName| version_of(name, process).is_none_or(|it| !out.contains(&it));
    let found = set.iter().find(is_open).or_else(|| set.last()).cloned();
    found.ok_or_else(|| Said::err(Exit::Usage, "the set is empty"))
}
