//! The cockpit in lines, for screen readers and terminals that are no screen: no boxes, a line a change, numbered
//! choices, commands typed as words or as the keys of the full screen.

use crate::release::Release;
use crate::release::plan::Danger;
use crate::release::text::shown;
use crate::screen::dialog::Dialog;
use crate::screen::keymap::ACTIONS;
use crate::screen::keys::{Code, Key, parse};
use crate::screen::notice::Tone;
use crate::screen::paging::pages;
use crate::screen::{Mode, Screen};
use crate::turn::{Event, State};
use crate::view::{self, plain};
use std::io::{BufRead, Write};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const HOW: &str =
    "Type a row's number, a tab's name, an action's name (actions lists them), or its keys; quit leaves.";

/// What was said so far, so that only changes are said.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    bar: String,
    seq: u64,
    news: Vec<String>,
    dialog: Option<Dialog>,
    asked: bool,
    begun: bool,
}

/// Reads lines from standard input, on a thread of its own that may wait.
pub(super) fn listen() -> UnboundedReceiver<String> {
    let (lines, heard) = unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if lines.send(line).is_err() {
                break;
            }
        }
    });
    heard
}

/// The events that a line typed stands for.
pub(super) fn events(state: &State, line: &str) -> Vec<Event> {
    let key = |code| Event::Key(Key::plain(code));
    let line = line.trim();
    match state.screen.dialogs.last() {
        Some(Dialog::Prompt { .. }) if line.is_empty() => vec![key(Code::Esc)],
        Some(Dialog::Prompt { .. }) => vec![Event::Paste(line.to_owned()), key(Code::Enter)],
        Some(Dialog::Plan { plan, .. }) => match &plan.danger {
            Danger::Reversible | Danger::Lasting if line == "go" => vec![key(Code::Tab), key(Code::Enter)],
            Danger::Typed(name) if line == name => {
                let last = pages(plan).len();
                let turned = char::from_digit(u32::try_from(last).unwrap_or(0), 10).filter(|_| last > 1);
                let turned = turned.map(|digit| Event::Key(Key::char(digit)));
                let typed = [Event::Paste(line.to_owned()), key(Code::Enter)];
                turned.into_iter().chain(typed).collect()
            }
            _ => vec![key(Code::Esc)],
        },
        Some(Dialog::Choose { .. }) => match line.parse::<usize>() {
            Ok(number) if number > 0 => {
                let mut events = vec![key(Code::Down); number - 1];
                events.push(key(Code::Enter));
                events
            }
            _ => vec![key(Code::Esc)],
        },
        Some(Dialog::Set(_)) => match line.parse::<usize>() {
            Ok(number) if number > 0 => {
                let mut events = vec![key(Code::Home)];
                events.extend(vec![key(Code::Down); number - 1]);
                events.push(key(Code::Enter));
                events
            }
            _ => vec![key(Code::Esc)],
        },
        // A single key is a key of the meeting; what it asks for is typed at its prompt.
        Some(Dialog::Meet { .. } | Dialog::Minutes(_)) if line.chars().count() == 1 => {
            line.chars().map(|c| Event::Key(Key::char(c))).collect()
        }
        Some(Dialog::Quit) if line == "q" || line == "quit" => vec![Event::Key(Key::char('q'))],
        Some(_) => vec![key(Code::Esc)],
        None => command(state, line),
    }
}

fn command(state: &State, line: &str) -> Vec<Event> {
    if let Ok(number) = line.parse::<usize>() {
        return number.checked_sub(1).map(Event::ClickRow).into_iter().collect();
    }
    let keymap = &state.screen.options.keymap;
    let tab = state.screen.tab;
    if let Some(def) = ACTIONS.iter().find(|def| def.name == line) {
        let keys = keymap.keys(def.action, tab).first().cloned();
        return keys.unwrap_or_default().into_iter().map(Event::Key).collect();
    }
    // A word is not to be taken for the keys that its letters are.
    let bound = |keys: &Vec<Key>| {
        keys.len() == 1 || ACTIONS.iter().any(|def| keymap.keys(def.action, tab).contains(keys))
    };
    match parse(line).ok().filter(bound) {
        Some(keys) => keys.into_iter().map(Event::Key).collect(),
        None if line.is_empty() => vec![],
        None => {
            let text = format!("there is no command {}: actions lists them", shown(line, 40));
            vec![Event::Notice(Tone::Warn, text)]
        }
    }
}

impl Spoken {
    /// Somebody typed something: the rows are said again, changed or not.
    pub fn ask(&mut self) {
        self.asked = true;
    }

    /// Says what changed since it was last called.
    ///
    /// # Errors
    /// When standard output is gone.
    pub fn say(&mut self, release: &Release, screen: &Screen) -> std::io::Result<()> {
        let mut lines = vec![];
        if screen.mode == Mode::Opening || release.opened.is_none() {
            return Ok(());
        }
        if !self.begun {
            self.begun = true;
            // What this session did is said, what the journal knew from before is not.
            let started = release.log.rows.iter().rev().find(|row| &*row.kind == "session.start");
            self.seq = started.map_or(0, |row| row.seq.saturating_sub(1));
            lines.extend(plain::status(release, screen));
            lines.push(HOW.to_owned());
        }
        lines.extend(plain::changes(release, self.seq));
        self.seq = release.head.map_or(0, |(seq, ..)| seq);
        let news = plain::news(screen);
        lines.extend(news.iter().filter(|line| !self.news.contains(line)).cloned());
        self.news = news;
        let banner: Vec<_> = view::banner::lines(screen).into_iter().map(|(_, text)| text).collect();
        let bar = format!("{} {}", screen.verdict.word(), banner.join(" "));
        if bar != self.bar {
            lines.push(plain::bar(release, screen));
            lines.extend(banner);
            self.bar = bar;
        }
        if std::mem::take(&mut self.asked) && screen.dialogs.is_empty() {
            lines.extend(plain::tab(release, screen));
            lines.push(plain::keys(screen));
        }
        let dialog = screen.dialogs.last().cloned();
        if dialog != self.dialog {
            lines.extend(dialog.iter().flat_map(|dialog| self::dialog(release, screen, dialog)));
            self.dialog = dialog;
        }
        let mut out = std::io::stdout().lock();
        for line in lines {
            writeln!(out, "{line}")?;
        }
        out.flush()
    }
}

/// A dialog in lines, with how it is answered.
fn dialog(release: &Release, screen: &Screen, dialog: &Dialog) -> Vec<String> {
    match dialog {
        Dialog::Plan { plan, refusal, .. } => {
            let mut lines = vec![format!("Plan: {}", plan.title)];
            let held = plan.cut.iter().flat_map(|ready| &ready.conditions);
            lines.extend(held.map(|it| format!("{} {}: {}", it.verdict.word(), it.title, it.reason)));
            for (number, step) in (1..).zip(&plan.steps) {
                lines.push(format!("{number}. {}", step.errand.line()));
                lines.extend(step.errand.calls().iter().map(|call| format!("   {call}")));
                lines.extend(step.errand.preview());
            }
            lines.extend(refusal.clone());
            lines.push(match &plan.danger {
                Danger::Reversible | Danger::Lasting => {
                    "Type go to send it; anything else cancels.".to_owned()
                }
                Danger::Typed(name) => format!("Type {name} to send it; anything else cancels."),
            });
            lines
        }
        Dialog::Prompt { title, about, refusal, .. } => {
            let asked = std::iter::once(format!("{title} ({about})")).chain(refusal.clone());
            asked.chain(["Type the answer; an empty line cancels.".to_owned()]).collect()
        }
        Dialog::Choose { title, about, choices, .. } => {
            let mut lines = vec![title.clone()];
            lines.extend(about.iter().cloned());
            let one = |(number, it): (usize, &crate::screen::dialog::Choice)| {
                format!("{number}. {} {}", it.label, it.note)
            };
            lines.extend((1..).zip(choices).map(one));
            lines.push("Type a number; anything else cancels.".to_owned());
            lines
        }
        Dialog::Help { all, .. } => offers(screen, *all),
        Dialog::Palette { .. } => offers(screen, false),
        Dialog::Notes { tag, .. } => vec![
            format!("Notes of {}.", tag.line()),
            "Type e to write them in your editor; gonogo notes prints what git says.".to_owned(),
        ],
        Dialog::Text { title, lines, .. } => {
            std::iter::once(title.clone()).chain(lines.iter().cloned()).collect()
        }
        Dialog::Set(_) => plain::set(release, screen),
        Dialog::Meet { .. } | Dialog::Minutes(_) => plain::meeting(dialog, release, screen),
        Dialog::Quit => vec!["A write is under way. Type quit to leave all the same.".to_owned()],
        Dialog::WhichKey { .. } => vec!["More keys may follow.".to_owned()],
        Dialog::Ran { .. } | Dialog::Jobs { .. } => vec!["Type journal to see what ran.".to_owned()],
    }
}

fn offers(screen: &Screen, all: bool) -> Vec<String> {
    crate::screen::dialog::offered(screen, all, "")
        .into_iter()
        .map(|it| match it.why_not {
            Some(why) => format!("{} ({}): not now, {why}", it.action.def().name, it.keys),
            None => format!("{} ({}): {}", it.action.def().name, it.keys, it.help),
        })
        .collect()
}
