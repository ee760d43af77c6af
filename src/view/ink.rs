//! What is drawn with: the theme, the set of glyphs, the moment.

use super::theme::{Theme, Tone};
use crate::release::checks::CheckState;
use crate::release::errand::Status;
use crate::release::poll::Verdict;
use crate::screen::{Glyphs, Screen};
use chrono::{DateTime, Utc};
use ratatui::text::Span;

/// A status: its glyph, one cell wide in every locale, and its tone. The word beside it carries the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Good.
    Ok,
    /// Bad.
    Bad,
    /// Under way.
    Running,
    /// Waits, by itself.
    Waiting,
    /// A person must act.
    Act,
    /// Held up by something else.
    Blocked,
    /// At risk, or worth a look.
    Risk,
    /// Skipped, or none.
    Skipped,
    /// Landed.
    Landed,
}

impl Sign {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Ok,
        Self::Bad,
        Self::Running,
        Self::Waiting,
        Self::Act,
        Self::Blocked,
        Self::Risk,
        Self::Skipped,
        Self::Landed,
    ];

    /// The glyph: Unicode of neutral East Asian width, ASCII, or a patched font's private use.
    #[must_use]
    pub fn glyph(self, glyphs: Glyphs) -> &'static str {
        let [unicode, ascii, nerd] = match self {
            Self::Ok => ["✓", "+", "\u{f00c}"],
            Self::Bad => ["✗", "x", "\u{f00d}"],
            Self::Running => ["◒", "*", "\u{f110}"],
            Self::Waiting => ["◌", ".", "\u{f10c}"],
            Self::Act => ["⚑", "?", "\u{f024}"],
            Self::Blocked => ["⊘", "#", "\u{f05e}"],
            Self::Risk => ["!", "!", "\u{f12a}"],
            Self::Skipped => ["–", "-", "\u{f068}"],
            Self::Landed => ["≡", "=", "\u{f0c9}"],
        };
        match glyphs {
            Glyphs::Unicode => unicode,
            Glyphs::Ascii => ascii,
            Glyphs::Nerd => nerd,
        }
    }

    /// Its tone.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Ok,
            Self::Bad => Tone::Bad,
            Self::Running => Tone::Run,
            Self::Waiting | Self::Skipped | Self::Landed => Tone::Dim,
            Self::Act | Self::Risk => Tone::Warn,
            Self::Blocked => Tone::Hold,
        }
    }

    /// The sign of a gate's or a release's verdict.
    #[must_use]
    pub fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Go => Self::Ok,
            Verdict::Hold => Self::Act,
            Verdict::NoGo => Self::Bad,
        }
    }

    /// The sign and the word of a check.
    #[must_use]
    pub fn of_check(state: CheckState) -> (Self, &'static str) {
        match state {
            CheckState::Failed => (Self::Bad, "red"),
            CheckState::TimedOut => (Self::Bad, "timed out"),
            CheckState::ActionRequired => (Self::Act, "needs action"),
            CheckState::Cancelled => (Self::Bad, "cancelled"),
            CheckState::Missing => (Self::Risk, "missing"),
            CheckState::Unknown => (Self::Risk, "unknown"),
            CheckState::Stale => (Self::Risk, "stale"),
            CheckState::Running => (Self::Running, "running"),
            CheckState::Queued => (Self::Waiting, "queued"),
            CheckState::Skipped => (Self::Skipped, "skipped"),
            CheckState::Neutral => (Self::Skipped, "neutral"),
            CheckState::Passed => (Self::Ok, "passed"),
        }
    }

    /// The sign and the word of how an errand ended.
    #[must_use]
    pub fn of_status(status: Status) -> (Self, &'static str) {
        match status {
            Status::Ok => (Self::Ok, "done"),
            Status::Failed => (Self::Bad, "failed"),
            Status::Refused => (Self::Bad, "refused"),
            Status::Conflict => (Self::Bad, "conflict"),
            Status::Abandoned => (Self::Skipped, "called off"),
            Status::Unknown => (Self::Act, "in doubt"),
        }
    }
}

/// What is drawn with.
#[derive(Debug, Clone, Copy)]
pub struct Ink<'a> {
    /// Styles by role.
    pub theme: &'a Theme,
    /// Which symbols are drawn.
    pub glyphs: Glyphs,
    /// The moment that ages are counted from.
    pub now: DateTime<Utc>,
    /// The offset of the times in lists from UTC.
    zone: chrono::FixedOffset,
    /// Whether the room looks on: more air, and private fields masked.
    pub present: bool,
    /// Whether what is shown is not on record: every pane says so.
    pub unrecorded: bool,
}

impl<'a> Ink<'a> {
    /// A moment in the zone that lists are shown in.
    #[must_use]
    pub fn zoned(&self, at: chrono::DateTime<chrono::Utc>) -> chrono::DateTime<chrono::FixedOffset> {
        at.with_timezone(&self.zone)
    }

    /// The ink of a screen; presentation mode has its own theme.
    #[must_use]
    pub fn new(screen: &Screen, theme: &'a Theme) -> Self {
        let present = screen.options.present;
        let theme = if present { theme.presenting() } else { theme };
        Self {
            theme,
            glyphs: screen.options.glyphs,
            now: screen.now,
            zone: screen.options.zone,
            present,
            unrecorded: screen.unrecorded.seen,
        }
    }

    /// The ink of what is on record in any case: the journal itself.
    #[must_use]
    pub fn recorded(self) -> Self {
        Self { unrecorded: false, ..self }
    }

    /// One of two texts: the first with symbols, the second in ASCII.
    #[must_use]
    pub fn pick(&self, symbol: &'static str, ascii: &'static str) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode | Glyphs::Nerd => symbol,
            Glyphs::Ascii => ascii,
        }
    }

    /// One of our own texts, such as the label of an action, with nothing in it that these glyphs leave out.
    #[must_use]
    pub fn ours(&self, text: &str) -> String {
        match self.glyphs {
            Glyphs::Unicode | Glyphs::Nerd => text.to_owned(),
            Glyphs::Ascii => text.replace('…', "...").replace('½', "1/2").replace('–', "-"),
        }
    }

    /// The glyph of a status, coloured.
    #[must_use]
    pub fn sign(&self, sign: Sign) -> Span<'static> {
        Span::styled(sign.glyph(self.glyphs), self.theme.tone(sign.tone()))
    }

    /// A status token: glyph, blank and word.
    #[must_use]
    pub fn token(&self, sign: Sign, word: &str) -> Span<'static> {
        Span::styled(format!("{} {word}", sign.glyph(self.glyphs)), self.theme.tone(sign.tone()))
    }

    /// Plain text.
    #[must_use]
    pub fn text(&self, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.theme.text())
    }

    /// Text of less weight.
    #[must_use]
    pub fn dim(&self, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.theme.dim())
    }

    /// Text that matters.
    #[must_use]
    pub fn strong(&self, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.theme.strong())
    }

    /// Text of a tone.
    #[must_use]
    pub fn toned(&self, tone: Tone, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.theme.tone(tone))
    }

    /// The age of something, in the steps of [`crate::screen::fresh::age`].
    #[must_use]
    pub fn age(&self, then: DateTime<Utc>) -> Span<'static> {
        self.dim(crate::screen::fresh::age(self.now, then))
    }

    /// A name, an e-mail or a token's name as it may be shown: masked while the room looks on.
    #[must_use]
    pub fn private(&self, text: &str) -> String {
        if self.present { mask(text) } else { text.to_owned() }
    }

    /// What stands for something that there is none of.
    #[must_use]
    pub fn none(&self) -> Span<'static> {
        self.dim(self.pick("–", "-"))
    }
}

/// A text with everything private in it masked: e-mail addresses, and words that look like tokens.
#[must_use]
pub fn mask(text: &str) -> String {
    let private = |word: &str| {
        let mail = word.split_once('@').is_some_and(|(name, host)| {
            let host = host.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '…');
            let top = host.rsplit_once('.').map_or("", |(_, top)| top);
            let cut = host.ends_with('…');
            !name.is_empty() && (cut || (top.len() > 1 && top.chars().all(char::is_alphabetic)))
        });
        let token = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"];
        mail || token.iter().any(|start| word.contains(start))
    };
    let masked = |word: &str| if private(word) { "•••".to_owned() } else { word.to_owned() };
    text.split(' ').map(masked).collect::<Vec<_>>().join(" ")
}
