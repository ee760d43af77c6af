//! How well something is known: not read yet, fresh, stale, or not readable; and what to say of it.

use super::parts::paragraph;
use crate::release::looks::{LookKey, Topic};
use crate::release::reading::{NO_FORGE, NO_FORGE_NEXT};
use crate::release::{Pane, Release};
use crate::screen::fresh::age;
use crate::screen::keymap::Action;
use crate::screen::{Mode, Screen};
use crate::view::ink::{Ink, Sign};
use chrono::{DateTime, Utc};
use ratatui::text::Line;
use ratatui::text::Span;

/// How well something is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// It was never read, and nobody is reading it.
    Unread,
    /// It was never read, and will not be: there is no forge to ask.
    NoForge,
    /// It was never read, and is being read.
    Reading,
    /// It was read; when it last answered.
    Read(Option<DateTime<Utc>>),
    /// It was read once; the latest look failed.
    Stale {
        /// When it last answered.
        at: Option<DateTime<Utc>>,
        /// Why the latest look failed.
        why: String,
    },
    /// It could not be read.
    Failed(String),
}

/// How well the looks that fit are known, the worst of them.
pub(super) fn known(release: &Release, screen: &Screen, fits: impl Fn(&LookKey) -> bool) -> Known {
    let journaled = release.looks.0.iter().filter(|(key, _)| fits(key));
    let mut read: Option<DateTime<Utc>> = None;
    let mut failed: Option<String> = None;
    let mut bare = false;
    let mut any = false;
    for (key, look) in journaled {
        any = true;
        let live = screen.fresh.0.get(key).and_then(|look| look.at);
        let at = live.or(look.since);
        bare |= at.is_none();
        read = match (read, at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if let Some((_, why)) = &look.failed {
            failed = failed.or(Some(why.line()));
        }
    }
    let live = || screen.fresh.0.iter().filter(|(key, _)| fits(key)).map(|(_, look)| look);
    let error = failed.or_else(|| live().find_map(|look| look.error.clone()));
    match (error, read) {
        (Some(why), Some(_)) if !bare => Known::Stale { at: read, why },
        (Some(why), at @ Some(_)) => Known::Stale { at, why },
        (Some(why), None) => Known::Failed(why),
        (None, Some(at)) if any && !bare => Known::Read(Some(at)),
        (None, _) if any && !bare => Known::Read(None),
        (None, _) if live().any(|look| look.asked.is_some()) => Known::Reading,
        (None, _) if release.is_on_no_forge() && !local(&fits) => Known::NoForge,
        (None, _) => Known::Unread,
    }
}

/// Whether what fits is read from the clone.
fn local(fits: impl Fn(&LookKey) -> bool) -> bool {
    [Topic::Git, Topic::Files, Topic::Built, Topic::Landings]
        .into_iter()
        .any(|topic| fits(&LookKey::new(topic, "")))
}

/// How well a whole topic is known.
pub(super) fn topics(release: &Release, screen: &Screen, topics: &[Topic]) -> Known {
    let mut worst = Known::Read(None);
    for topic in topics {
        let this = known(release, screen, |key| key.topic == *topic);
        if rank(&this) > rank(&worst) || matches!((&worst, &this), (Known::Read(None), Known::Read(_))) {
            worst = this;
        }
    }
    worst
}

/// Whether a line warns above the rows of these topics.
pub(super) fn warns(release: &Release, screen: &Screen, of: &[Topic]) -> bool {
    matches!(topics(release, screen, of), Known::Stale { .. } | Known::Failed(_))
}

fn rank(known: &Known) -> u8 {
    match known {
        Known::Read(_) => 0,
        Known::Reading => 1,
        Known::Unread => 2,
        Known::NoForge => 3,
        Known::Stale { .. } => 4,
        Known::Failed(_) => 5,
    }
}

/// When looking goes on, while the forge asks to be left alone: until then no key reads anything.
fn waiting(screen: &Screen, refresh: &str) -> Option<String> {
    let left = screen.held_for()?;
    Some(match screen.options.poll {
        Some(_) => format!("The forge asks to be left alone: looking goes on in {left}."),
        None => format!("The forge asks to be left alone: {refresh} can look again in {left}."),
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Known {
    /// A line above rows that may be out of date; none when they are fresh.
    pub fn banner(&self, ink: &Ink) -> Option<Line<'static>> {
        let said = |sign: Sign, text: String| Some(Line::from(ink.token(sign, &text)));
        match self {
            Self::Read(_) | Self::Unread | Self::NoForge | Self::Reading => None,
            Self::Stale { at, why } => {
                let age = at.map_or_else(|| "of before".to_owned(), |at| format!("{} old", age(ink.now, at)));
                said(Sign::Risk, format!("stale, {age}: {why}"))
            }
            Self::Failed(why) => said(Sign::Bad, format!("not readable: {why}")),
        }
    }

    /// What to say where rows would be. `what` is what is listed ("issues"), `none` why there are none when all was
    /// read, with what to do.
    pub fn instead(
        &self,
        ink: &Ink,
        screen: &Screen,
        tab: Pane,
        what: &str,
        none: &str,
        width: usize,
    ) -> Vec<Line<'static>> {
        let keymap = &screen.options.keymap;
        let refresh = keymap.text(Action::Refresh, tab);
        let jobs = keymap.text(Action::Jobs, tab);
        let replay = screen.mode == Mode::Replay;
        let (sign, head, next) = match self {
            Self::Unread if replay => (
                Sign::Waiting,
                format!("{what} not read yet at this moment"),
                "Step on to see them come in.".to_owned(),
            ),
            Self::Unread => {
                let next = waiting(screen, &refresh).unwrap_or_else(|| format!("{refresh} reads them now."));
                (Sign::Waiting, format!("{what} not read yet"), next)
            }
            Self::NoForge => (
                Sign::Skipped,
                format!("{what} not readable: {NO_FORGE}"),
                format!("{}.", capital(NO_FORGE_NEXT)),
            ),
            Self::Reading => {
                (Sign::Running, format!("reading {what}"), "They appear as they come in.".to_owned())
            }
            Self::Read(_) | Self::Stale { .. } => (Sign::Skipped, format!("no {what}"), none.to_owned()),
            Self::Failed(why) => {
                let again = waiting(screen, &refresh).unwrap_or_else(|| format!("{refresh} tries again."));
                let next = format!("{why}. {again} {jobs} shows what failed.");
                (Sign::Bad, format!("{what} could not be read"), next)
            }
        };
        let mut lines = vec![Line::from(vec![ink.sign(sign), ink.strong(format!(" {head}"))])];
        lines.extend(paragraph(&next, ink.theme.text(), width));
        if let Self::Stale { .. } = self {
            lines.extend(self.banner(ink));
        }
        lines
    }

    /// Freshness for the right end of a title; nothing to say when it is of this moment.
    pub fn said(&self, ink: &Ink) -> Span<'static> {
        match self {
            Self::Read(Some(at)) => ink.age(*at),
            Self::Read(None) => Span::raw(""),
            Self::Reading => Span::styled("reading", ink.theme.run()),
            Self::Unread => Span::styled("not read", ink.theme.warn()),
            Self::NoForge => Span::styled("no forge", ink.theme.warn()),
            Self::Stale { .. } => Span::styled("stale", ink.theme.warn()),
            Self::Failed(_) => Span::styled("failed", ink.theme.bad()),
        }
    }
}
