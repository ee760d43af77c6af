//! `gonogo status --set`: where each release of a set stands, for scripts.

use super::exit::{Exit, Said};
use super::status::{as_json, found, looked};
use crate::engine::{EngineError, Setting, headless};
use crate::release::ids::ReleaseName;
use crate::release::poll::Verdict;
use crate::release::text::{Untrusted, shown};
use crate::screen::set::{Member, Row, Stand};
use crate::turn::State;
use crate::view::set::line;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::time::{Duration, Instant};

/// A release of the set, looked at.
struct Told {
    name: ReleaseName,
    state: State,
    /// How its own poll ends.
    exit: Exit,
    /// What could not be read, each with why.
    unread: Vec<(String, String)>,
    /// What the looks noted.
    noted: Vec<String>,
}

/// Prints where each release stands, the lowest first; one that is given up holds no other up. Exit 0 when all are go; 1 when one is not; 3 when none is known
/// not to be, and of one it could not be read.
pub(super) async fn status(mut setting: Setting, patience: Duration, as_json: bool) -> Said {
    let names = match &setting.set {
        Some(names) => names.clone(),
        None => match headless::set_of(&setting) {
            Ok(names) => names,
            Err(why) => return unreadable(&why),
        },
    };
    if names.is_empty() {
        let why =
            format!("{} is in no set: name the releases with --set v1.2.3,v1.3.1", setting.release.line());
        return Said::err(Exit::Usage, why);
    }
    let end = Instant::now() + patience;
    let mut all = vec![];
    for name in &names {
        setting.release = name.clone();
        setting.set = Some(names.clone());
        match looked(&mut setting, end.saturating_duration_since(Instant::now())).await {
            Ok(looked) => {
                let (exit, unread) = found(&looked.state);
                let exit = if looked.late { Exit::Unread } else { exit };
                all.push(Told { name: name.clone(), state: looked.state, exit, unread, noted: looked.noted });
            }
            Err(why) => return unreadable(&why),
        }
    }
    let out = if as_json { format!("{:#}\n", json_of(&all)) } else { text_of(&all) };
    Said { exit: exit_of(&all), ..Said::ok(out) }
}

fn unreadable(why: &EngineError) -> Said {
    Said::err(Exit::Unread, shown(&why.to_string(), 2000))
}

fn exit_of(all: &[Told]) -> Exit {
    let wanted = || all.iter().filter(|told| told.state.release.given_up().is_none());
    let is = |exit: Exit| wanted().any(|told| told.exit == exit);
    [Exit::NotGo, Exit::Unread].into_iter().find(|exit| is(*exit)).unwrap_or(Exit::Ok)
}

/// The worst verdict of all.
fn verdict(all: &[Told]) -> Verdict {
    let wanted = all.iter().filter(|told| told.state.release.given_up().is_none());
    wanted.map(|told| told.state.screen.verdict).max().unwrap_or(Verdict::Hold)
}

fn text_of(all: &[Told]) -> String {
    let mut lines =
        vec![format!("{} releases of a set, the lowest first: {}", all.len(), verdict(all).word())];
    for told in all {
        let now = told.state.screen.now;
        let stand = Stand::Known(Box::new(told.state.release.standing(now)));
        let member = Some(Cow::Owned(Member { stand, held: None, lacks: None }));
        lines.push(line(&Row { name: &told.name, here: false, member, seen: Some(now) }, now));
        lines.extend(told.unread.iter().map(|(what, why)| format!("  could not read {what}: {why}")));
        lines.extend(told.noted.iter().map(|note| format!("  note: {note}")));
    }
    lines.join("\n") + "\n"
}

fn json_of(all: &[Told]) -> Value {
    let one = |told: &Told| {
        let it = told.state.release.standing(told.state.screen.now);
        let mut value = as_json(&told.state, &told.unread, &told.noted);
        value["line"] = json!(it.line);
        value["candidate"] = json!(it.candidate);
        value["final"] = json!(it.out);
        value["picks_left"] = json!(it.picks);
        value["in_the_way"] = json!(it.way);
        value["given_up"] = json!(it.given_up.as_ref().map(Untrusted::line));
        value
    };
    json!({ "verdict": verdict(all).word(), "releases": all.iter().map(one).collect::<Vec<_>>() })
}
