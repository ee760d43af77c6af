//! Lengths of time as a process writes them: `"2 weeks"`, `"2-3 weeks"`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The unit that a length is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Weeks of seven days.
    Weeks,
    /// Months, a twelfth of 365 days each: six are 26 weeks.
    Months,
}

impl Unit {
    fn word(self) -> &'static str {
        match self {
            Self::Hours => "hour",
            Self::Days => "day",
            Self::Weeks => "week",
            Self::Months => "month",
        }
    }

    /// `count` of the unit in whole hours.
    #[must_use]
    pub fn hours(self, count: u32) -> u32 {
        match self {
            Self::Hours => count,
            Self::Days => count.saturating_mul(24),
            Self::Weeks => count.saturating_mul(24 * 7),
            Self::Months => count.saturating_mul(730),
        }
    }
}

/// A short length of time: `"90 seconds"`, `"10 minutes"`, `"2 hours"`; at most a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Brief {
    /// In seconds, at least one.
    pub seconds: u32,
}

impl Brief {
    /// Parses a number and a unit.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text:?} is no short length of time: expected such as \"90 seconds\", \"10 minutes\", \"2 hours\""
            )
        };
        let (count, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let each = match unit.trim() {
            "second" | "seconds" => 1,
            "minute" | "minutes" => 60,
            "hour" | "hours" => 3600,
            _ => return Err(wrong()),
        };
        let count = count.trim().parse::<u32>().map_err(|_| wrong())?;
        let seconds = count.saturating_mul(each);
        if (1..=86_400).contains(&seconds) {
            Ok(Self { seconds })
        } else {
            Err(format!("{text:?}: it takes a second to a day"))
        }
    }
}

impl TryFrom<String> for Brief {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<Brief> for String {
    fn from(brief: Brief) -> Self {
        brief.to_string()
    }
}

impl fmt::Display for Brief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, noun) = match self.seconds {
            s if s % 3600 == 0 => (s / 3600, "hour"),
            s if s % 60 == 0 => (s / 60, "minute"),
            s => (s, "second"),
        };
        write!(f, "{count} {noun}{}", if count == 1 { "" } else { "s" })
    }
}

/// A length of time, or a range of lengths.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    /// The shortest.
    pub min: u32,
    /// The longest; equal to `min` when one length is written.
    pub max: u32,
    /// The unit of both.
    pub unit: Unit,
}

impl Span {
    /// Parses `"2 weeks"`, `"1 day"`, `"6-8 months"`, `"weekly"`, `"monthly"`, `"daily"`.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is no length of time: expected such as \"2 weeks\" or \"2-3 weeks\"");
        let unit = match text {
            "daily" => Some(Unit::Days),
            "weekly" => Some(Unit::Weeks),
            "monthly" => Some(Unit::Months),
            _ => None,
        };
        if let Some(unit) = unit {
            return Ok(Self { min: 1, max: 1, unit });
        }
        let (count, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let unit = match unit.trim() {
            "hour" | "hours" => Unit::Hours,
            "day" | "days" => Unit::Days,
            "week" | "weeks" => Unit::Weeks,
            "month" | "months" => Unit::Months,
            _ => return Err(wrong()),
        };
        let (min, max) = count.split_once(['-', '–']).unwrap_or((count, count));
        let number = |text: &str| text.trim().parse::<u32>().ok().filter(|n| *n <= 10_000);
        match (number(min), number(max)) {
            (Some(min), Some(max)) if min <= max => Ok(Self { min, max, unit }),
            (Some(_), Some(_)) => Err(format!("{text:?}: the shorter length comes first")),
            _ => Err(wrong()),
        }
    }

    /// The shortest length in hours.
    #[must_use]
    pub fn min_hours(&self) -> u32 {
        self.unit.hours(self.min)
    }

    /// The longest length in hours.
    #[must_use]
    pub fn max_hours(&self) -> u32 {
        self.unit.hours(self.max)
    }

    /// The shortest length in days, rounded down.
    #[must_use]
    pub fn min_days(&self) -> u32 {
        self.min_hours() / 24
    }

    /// The longest length in days, rounded down.
    #[must_use]
    pub fn max_days(&self) -> u32 {
        self.max_hours() / 24
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.min != self.max {
            write!(f, "{}-", self.min)?;
        }
        write!(f, "{} {}{}", self.max, self.unit.word(), if self.max == 1 { "" } else { "s" })
    }
}

impl TryFrom<String> for Span {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}
