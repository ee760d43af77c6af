//! `gonogo doctor`: is everything there that the cockpit needs, and what to do when it is not.

mod here;
mod journals;
mod reach;
mod token;

use super::args::DoctorArgs;
use super::exit::{Exit, Said};
use super::setup::Setup;
use crate::release::text::shown;
use serde::Serialize;
use std::fmt::Write as _;

/// How well something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// Something is left out because of it.
    Warn,
    /// The cockpit cannot do its work.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What: `git`, `token`.
    pub area: &'static str,
    /// How well it is.
    pub state: State,
    /// What was found, safe to show.
    pub text: String,
    /// What to do about it; empty when it is well.
    pub next: String,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Findings(Vec<Line>);

impl Findings {
    fn add(&mut self, area: &'static str, state: State, text: impl AsRef<str>, next: impl Into<String>) {
        self.0.push(Line { area, state, text: shown(text.as_ref(), 600), next: next.into() });
    }

    fn ok(&mut self, area: &'static str, text: impl AsRef<str>) {
        self.add(area, State::Ok, text, "");
    }

    fn warn(&mut self, area: &'static str, text: impl AsRef<str>, next: impl Into<String>) {
        self.add(area, State::Warn, text, next);
    }

    fn bad(&mut self, area: &'static str, text: impl AsRef<str>, next: impl Into<String>) {
        self.add(area, State::Bad, text, next);
    }
}

/// Looks at everything and says how it is. Nothing is changed.
pub async fn doctor(args: &DoctorArgs) -> Said {
    let setup = match Setup::of(args.path.as_deref(), &args.target, Vec::new()) {
        Ok(setup) => setup,
        Err(said) => return said,
    };
    let mut found = Findings::default();
    let git = reach::git(&mut found).await;
    if let Some(repository) = reach::repository(&mut found, &setup, git.as_ref()).await {
        reach::remote(&mut found, repository, &setup, args).await;
    }
    here::configuration(&mut found, &setup.loaded, &setup);
    here::editor(&mut found, &setup.loaded);
    here::terminal(&mut found, &setup.loaded);
    journals::state(&mut found, &setup);
    said(&found.0, args.json)
}

fn said(lines: &[Line], json: bool) -> Said {
    let worst = lines.iter().map(|line| line.state).max().unwrap_or(State::Ok);
    let exit = if worst == State::Bad { Exit::Unread } else { Exit::Ok };
    if json {
        let out = format!("{:#}\n", serde_json::json!({ "state": worst, "lines": lines }));
        return Said { exit, ..Said::ok(out) };
    }
    let mut out = String::new();
    for line in lines {
        let word = match line.state {
            State::Ok => "ok",
            State::Warn => "warn",
            State::Bad => "BAD",
        };
        let _ = writeln!(out, "{word:5} {:11} {}", line.area, line.text);
        if !line.next.is_empty() {
            let _ = writeln!(out, "{:17} next: {}", "", line.next);
        }
    }
    Said { exit, ..Said::ok(out) }
}
