//! What a meeting has written down, and why that is refused.

use super::{Assigned, Attended, Closed, Noted, Opened, Ruled, Ruling, Settled, TakenUp, said_by};
use crate::release::ask::Refusal;
use crate::release::entry::Stamp;
use crate::release::text::{Untrusted, shown};
use crate::release::{Fact, Release};
use chrono::NaiveDate;

/// What a meeting has written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meet {
    /// It begins.
    Open {
        /// The meeting's id in the process, or another name.
        meeting: Box<str>,
        /// Its title.
        title: Untrusted,
    },
    /// These people are there, separated by commas; a dash before one says that they are not.
    Attend(Untrusted),
    /// An item is taken up; none leaves the meeting for a while.
    TakeUp {
        /// Its key.
        item: Option<Box<str>>,
        /// Its title.
        title: Untrusted,
    },
    /// The item that is taken up is decided on.
    Rule {
        /// How.
        ruling: Ruling,
        /// What is said to it.
        why: Untrusted,
    },
    /// Something is said of the item that is taken up.
    Note(Untrusted),
    /// Somebody does something: `ben mend the import by 2026-11-24`.
    Assign(Untrusted),
    /// An action item is done, or open again.
    Settle {
        /// Its number.
        action: u32,
        /// Whether it is done.
        done: bool,
        /// What came of it.
        why: Untrusted,
    },
    /// It ends.
    Close,
}

impl Meet {
    /// The same with the text that a person typed.
    #[must_use]
    pub fn with(mut self, typed: &str) -> Self {
        let text = Untrusted::from(typed.trim());
        match &mut self {
            Self::Attend(it) | Self::Note(it) | Self::Assign(it) => *it = text,
            Self::Rule { why, .. } | Self::Settle { why, .. } => *why = text,
            Self::Open { .. } | Self::TakeUp { .. } | Self::Close => {}
        }
        self
    }

    /// Whether it can be said without a word more.
    #[must_use]
    pub fn may_be_silent(&self) -> bool {
        match self {
            Self::Rule { ruling, .. } => *ruling == Ruling::Go,
            Self::Settle { done, .. } => *done,
            Self::Open { .. } | Self::TakeUp { .. } | Self::Close => true,
            Self::Attend(_) | Self::Note(_) | Self::Assign(_) => false,
        }
    }
}

/// Longest text, in bytes.
const LONGEST: usize = 4096;

impl Release {
    pub(crate) fn decide_meeting(&self, ask: Meet, stamp: &Stamp) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("hold a meeting", self.name().to_string(), why);
        if let Meet::Open { meeting, title } = ask {
            if let Some(held) = self.meetings.now() {
                let why = format!("{} has not ended", held.opened.title.line());
                return Err(refuse(&why).hint("go on with it, or end it"));
            }
            return Ok(Opened { meeting, title, gates: said_by(&self.poll(stamp.now)) }.into());
        }
        if let Meet::Settle { action, done, why } = ask {
            return self.decide_settled(action, done, why);
        }
        let held =
            self.meetings.now().ok_or_else(|| refuse("no meeting is being held").hint("gm begins one"))?;
        let current = || {
            let turn = held.current().map(|turn| &turn.what);
            let item = turn.and_then(|it| Some((it.item.clone()?, it.title.clone())));
            item.ok_or_else(|| refuse("no item is taken up"))
        };
        let long = || refuse("it is longer than 4,096 bytes").hint("link to the long version");
        match ask {
            Meet::Attend(who) => self.decide_attended(&who),
            Meet::TakeUp { item, title } => {
                if held.current().and_then(|turn| turn.what.item.as_ref()) == item.as_ref() {
                    return Err(refuse("it is so already"));
                }
                Ok(TakenUp { item, title }.into())
            }
            Meet::Rule { ruling, why } => {
                let (item, title) = current()?;
                let why = Some(why).filter(|why| !why.raw().trim().is_empty());
                if why.is_none() && ruling != Ruling::Go {
                    return Err(refuse("say why").hint("it stands in the minutes"));
                }
                if why.as_ref().is_some_and(|why| why.raw().len() > LONGEST) {
                    return Err(long());
                }
                Ok(Ruled { item, title, ruling, why }.into())
            }
            Meet::Note(text) => {
                let (item, title) = current()?;
                if text.raw().len() > LONGEST { Err(long()) } else { Ok(Noted { item, title, text }.into()) }
            }
            Meet::Assign(text) => self.decide_assigned(current()?.0, &text),
            Meet::Close => Ok(Closed { gates: said_by(&self.poll(stamp.now)) }.into()),
            Meet::Open { .. } | Meet::Settle { .. } => Err(refuse("it was answered before")),
        }
    }

    fn decide_assigned(&self, item: Box<str>, text: &Untrusted) -> Result<Fact, Refusal> {
        let (who, what, due) = assignment(text.raw()).map_err(|why| {
            let refusal = Refusal::new("give an action item", self.name().to_string(), why);
            refusal.hint("who, what, and until when: ben mend the import by 2026-11-24")
        })?;
        let action = self.meetings.actions.iter().map(|it| it.given.action).max().unwrap_or(0) + 1;
        Ok(Assigned { action, item, who, what, due }.into())
    }

    fn decide_settled(&self, action: u32, done: bool, why: Untrusted) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("settle an action item", action.to_string(), why);
        let known = self.meetings.actions.iter().find(|it| it.given.action == action);
        let known = known.ok_or_else(|| refuse("there is no such action item"))?;
        if known.done.is_some() == done {
            return Err(refuse(if done { "it is done already" } else { "it is open already" }));
        }
        if why.raw().len() > LONGEST {
            return Err(refuse("it is longer than 4,096 bytes").hint("link to the long version"));
        }
        let why = Some(why).filter(|why| !why.raw().trim().is_empty());
        Ok(Settled { action, done, why }.into())
    }

    fn decide_attended(&self, who: &Untrusted) -> Result<Fact, Refusal> {
        let refuse = |why: String| Refusal::new("note who is there", self.name().to_string(), why);
        let names: Vec<_> = who.raw().split([',', '\n']).map(str::trim).filter(|it| !it.is_empty()).collect();
        let gone: Vec<_> = names.iter().filter_map(|it| it.strip_prefix('-')).map(str::trim).collect();
        let on = gone.is_empty();
        let name = |it: &str| it.trim_start_matches('@').to_owned();
        let who: Vec<_> = if on {
            names.iter().map(|it| name(it)).collect()
        } else if gone.len() == names.len() {
            gone.iter().map(|it| name(it)).collect()
        } else {
            return Err(refuse("say who is there, or with dashes who is not, not both".to_owned()));
        };
        if who.is_empty() {
            return Err(refuse("say who".to_owned()).hint("ann, ben; a dash before a name takes it off"));
        }
        if let Some(long) = who.iter().find(|it| it.len() > 100) {
            return Err(refuse(format!("{} is longer than a name", shown(long, 40))));
        }
        Ok(Attended { who: who.into_iter().map(Untrusted::from).collect(), on }.into())
    }
}

/// Who does what until when, read from `ben mend the import by 2026-11-24`.
fn assignment(text: &str) -> Result<(Untrusted, Untrusted, Option<NaiveDate>), String> {
    let text = text.trim();
    let (who, all) = text.split_once(char::is_whitespace).ok_or("say who, and what")?;
    let (what, due) = match all.rsplit_once(" by ") {
        Some((what, day)) => match NaiveDate::parse_from_str(day.trim(), "%Y-%m-%d") {
            Ok(day) => (what, Some(day)),
            Err(_) if day.trim().starts_with(|c: char| c.is_ascii_digit()) => {
                return Err(format!("{} is no day", shown(day.trim(), 20)));
            }
            // What follows is no day, but part of what is to be done.
            Err(_) => (all, None),
        },
        None => (all, None),
    };
    if what.len() > LONGEST {
        return Err("it is longer than 4,096 bytes".to_owned());
    }
    let who = who.trim_start_matches('@').trim_end_matches([':', ',']);
    Ok((Untrusted::from(who), Untrusted::from(what.trim()), due))
}
