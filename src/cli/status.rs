//! `gonogo status`: the poll for scripts.

use super::args::StatusArgs;
use super::exit::{Exit, Said};
use super::open::{Asking, setting_of};
use super::set;
use super::setup::Setup;
use crate::engine::{EngineError, Setting, headless};
use crate::process::Artifact;
use crate::release::artifacts::artifact_title;
use crate::release::looks::LookKey;
use crate::release::poll::Verdict;
use crate::release::reading::{NO_FORGE, NO_FORGE_NEXT};
use crate::release::text::shown;
use crate::turn::State;
use crate::view::plain;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

/// Prints the poll. Exit 0 for go, 1 for no-go or hold, 3 when something could not be read
/// or took too long.
pub async fn status(args: &StatusArgs) -> Said {
    let prepared = async {
        let setup = Setup::of(args.path.as_deref(), &args.target, vec![])?.sound()?;
        let set = match args.set.as_deref().filter(|text| *text != "open") {
            Some(text) => Some(set::wanted(text, &setup, args.path.as_deref(), &args.target).await?),
            None => None,
        };
        setting_of(&setup, &args.target, set, Asking::Nobody).await
    };
    let mut setting = match prepared.await {
        Ok(setting) => setting,
        Err(said) => return said,
    };
    let patience = Duration::from_secs(args.timeout);
    if args.set.is_some() {
        return super::status_set::status(setting, patience, args.json).await;
    }
    match looked(&mut setting, patience).await {
        Ok(looked) => {
            let said = said(&looked, args.json);
            // A poll of which a part was given up says neither go nor no-go.
            let exit = if looked.late { Exit::Unread } else { said.exit };
            Said { exit, ..said }
        }
        Err(why) => Said::err(Exit::Unread, shown(&why.to_string(), 2000)),
    }
}

/// Looks at everything once, and says meanwhile how far that is.
pub(super) async fn looked(
    setting: &mut Setting,
    patience: Duration,
) -> Result<headless::Looked, EngineError> {
    let shows = std::io::stderr().is_terminal();
    let mut told = |done: usize, all: usize, open: &BTreeSet<LookKey>| {
        if shows {
            progress(&format!("{done} of {all} read, waiting for {}", waited(open)));
        }
    };
    let looked = headless::status(setting, headless::Pace { patience, told: &mut told }).await;
    if shows {
        progress("");
    }
    looked
}

/// Writes over the line of progress on the terminal; an empty text takes it away.
fn progress(text: &str) {
    let columns = crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns));
    let mut err = std::io::stderr().lock();
    // A terminal that went away needs no progress.
    let _ = write!(err, "\r\x1b[K{}", shown(text, columns.saturating_sub(1)));
    let _ = err.flush();
}

/// What is waited for, in words.
fn waited(open: &BTreeSet<LookKey>) -> String {
    let names: Vec<_> = open.iter().map(name).collect();
    names.join(", ")
}

/// A look in words: what is read, and of what.
fn name(key: &LookKey) -> String {
    let topic = format!("{:?}", key.topic).to_lowercase();
    if key.scope.is_empty() { topic } else { format!("{topic} {}", shown(&key.scope, 100)) }
}

/// What could not be read of the looks that count, each with why.
pub(super) fn unread(state: &State, counts: impl Fn(&LookKey) -> bool) -> Vec<(String, String)> {
    let looks = state.release.looks.0.iter().filter(|(key, _)| counts(key));
    looks.filter_map(|(key, known)| Some((name(key), known.failed.as_ref()?.1.line()))).collect()
}

fn said(looked: &headless::Looked, as_json: bool) -> Said {
    let headless::Looked { state, noted, .. } = looked;
    let (exit, unread) = found(state);
    let out = if as_json {
        format!("{:#}\n", self::as_json(state, &unread, noted))
    } else {
        as_text(state, &unread, noted)
    };
    Said { exit, ..Said::ok(out) }
}

/// How the poll ends, and what could not be read, each with why.
pub(super) fn found(state: &State) -> (Exit, Vec<(String, String)>) {
    let mut unread = unread(state, |_| true);
    if state.release.is_on_no_forge() {
        let why = format!("{NO_FORGE}: {NO_FORGE_NEXT}");
        unread.push(("the forge".to_owned(), why));
    }
    let exit = match state.screen.verdict {
        Verdict::Go => Exit::Ok,
        Verdict::Hold if !unread.is_empty() => Exit::Unread,
        Verdict::Hold | Verdict::NoGo => Exit::NotGo,
    };
    (exit, unread)
}

/// The same lines as `--accessible` says, what could not be read, and what the looks noted.
fn as_text(state: &State, unread: &[(String, String)], noted: &[String]) -> String {
    let mut lines = plain::status(&state.release, &state.screen);
    lines.extend(unread.iter().map(|(what, why)| format!("could not read {what}: {why}")));
    lines.extend(noted.iter().map(|note| format!("note: {note}")));
    lines.join("\n") + "\n"
}

fn artifact(state: &State, artifact: &Artifact) -> serde_json::Value {
    let release = &state.release;
    let reading = release.read_artifact(&artifact.id);
    let tag = release.artifact_tag(artifact).ok().map(|row| row.tag.as_str());
    let known =
        release.artifacts.rows.get(artifact.id.as_str()).filter(|it| Some(it.row.tag.as_str()) == tag);
    json!({
        "id": artifact.id, "title": artifact_title(artifact), "tag": tag, "required": artifact.required,
        "verdict": reading.verdict.word(), "reason": reading.reason,
        "state": known.map(|it| it.row.state), "since": known.map(|it| it.since),
    })
}

/// The poll as JSON.
pub(super) fn as_json(state: &State, unread: &[(String, String)], noted: &[String]) -> serde_json::Value {
    let pane = |pane| serde_json::to_value(pane).unwrap_or_default();
    let gates: Vec<_> = state
        .screen
        .poll
        .iter()
        .map(|polled| {
            json!({
                "id": polled.gate, "title": polled.title, "verdict": polled.verdict.word(),
                "reason": polled.reading.reason, "required": polled.required, "pane": pane(polled.pane),
                "read": polled.reading.verdict.word(), "until": polled.reading.until,
                "overridden": polled.overridden.as_ref().map(|it| json!({
                    "by": it.by, "at": it.at, "why": it.why.raw(),
                })),
            })
        })
        .collect();
    let blocking: Vec<_> = state
        .screen
        .agenda
        .iter()
        .map(|it| json!({
            "verdict": it.verdict.word(), "mark": it.mark, "text": it.text, "who": it.who, "since": it.since,
            "pane": pane(it.pane),
        }))
        .collect();
    let artifacts: Vec<_> = state.release.artifacts_wanted().map(|it| artifact(state, it)).collect();
    let unread: Vec<_> = unread.iter().map(|(what, why)| json!({ "what": what, "why": why })).collect();
    let opened = state.release.opened.as_ref();
    json!({
        "release": state.release.name(),
        "repository": opened.and_then(|it| it.repo.as_ref()).map(|repo| repo.as_str()),
        "verdict": state.screen.verdict.word(),
        "gates": gates,
        "blocking": blocking,
        "artifacts": artifacts,
        "unread": unread,
        "notes": noted,
        "process_differs": state.screen.offer.as_ref().map(|it| json!({
            "source": it.source, "differences": it.differences,
        })),
        "set": state.release.set.releases,
        "at": state.screen.now,
    })
}
