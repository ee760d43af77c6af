//! What a person wants to say, and why it is refused.

use super::{Counted, Decided, Frozen, GateAttested, Reported, Signed, Stand, Word};
use crate::process::{GateKind, TrackerKind, applies};
use crate::release::ask::Refusal;
use crate::release::entry::{Note, Stamp};
use crate::release::ids::{Login, Oid};
use crate::release::poll::Verdict;
use crate::release::text::{Untrusted, shown};
use crate::release::{Fact, Release};

/// What a person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// How somebody stands to a sign-off.
    Sign {
        /// The sign-off's id.
        signoff: Box<str>,
        /// Who, when it is not the person at the keys.
        person: Option<Untrusted>,
        /// How.
        stand: Stand,
        /// Why, and where it was said.
        why: Untrusted,
    },
    /// The go/no-go decision.
    Decide {
        /// What is decided.
        word: Word,
        /// Why.
        why: Untrusted,
    },
    /// A report is in.
    Report {
        /// The report's id.
        report: Box<str>,
        /// What it says, or where it is read.
        text: Untrusted,
    },
    /// Features are frozen, or no more.
    Freeze {
        /// Whether they are frozen.
        on: bool,
        /// What is said to it.
        why: Untrusted,
    },
    /// The release is given up, or goes on after all.
    GiveUp {
        /// Whether it is given up.
        on: bool,
        /// Why.
        why: Untrusted,
    },
    /// A window is scheduled, or given up.
    Schedule {
        /// The window's id.
        window: Box<str>,
        /// `2026-11-24 09:00-12:00`, and behind it why when it is out of turn; empty gives it up.
        when: Untrusted,
    },
    /// A gate's condition holds, or no more.
    Attest {
        /// The gate's id.
        gate: Box<str>,
        /// Whether it holds.
        on: bool,
        /// What shows it.
        note: Untrusted,
    },
    /// A second tracker has so many open.
    Count {
        /// The tracker's id.
        tracker: Box<str>,
        /// How many, and where it was looked: `0 https://…`.
        text: Untrusted,
    },
}

impl Say {
    /// The same with the text that a person typed.
    #[must_use]
    pub fn with(mut self, typed: &str) -> Self {
        let (Self::Sign { why: text, .. }
        | Self::Decide { why: text, .. }
        | Self::Report { text, .. }
        | Self::Freeze { why: text, .. }
        | Self::GiveUp { why: text, .. }
        | Self::Schedule { when: text, .. }
        | Self::Attest { note: text, .. }
        | Self::Count { text, .. }) = &mut self;
        *text = Untrusted::from(typed.trim());
        self
    }

    /// Whether it can be said without a word more.
    #[must_use]
    pub fn may_be_silent(&self) -> bool {
        match self {
            Self::Sign { person, stand, .. } => person.is_none() && *stand != Stand::Objects,
            Self::Decide { word, .. } => matches!(word, Word::Go | Word::Withdrawn),
            Self::Freeze { on, .. } => *on,
            Self::Schedule { .. } => true,
            Self::Report { .. } | Self::Attest { .. } | Self::Count { .. } | Self::GiveUp { .. } => false,
        }
    }
}

/// Longest text, in bytes.
const LONGEST: usize = 4096;

pub(super) fn some(why: Untrusted) -> Option<Untrusted> {
    Some(why).filter(|why| !why.raw().trim().is_empty())
}

impl Release {
    /// What is signed and decided on: the last candidate of a stream that has candidates, otherwise the final version
    /// or the tip of the line. None while there is none.
    #[must_use]
    pub fn up_for_decision(&self) -> Option<(Untrusted, Oid)> {
        let candidates = self.stream().is_some_and(|stream| stream.candidates);
        if let Some((_, row)) = self.candidates_so_far().pop() {
            return Some((Untrusted::from(row.tag.as_str()), row.oid));
        }
        if candidates {
            return None;
        }
        if let Some(row) = self.final_tag() {
            return Some((Untrusted::from(row.tag.as_str()), row.oid));
        }
        self.line().map(|line| (Untrusted::from(line.branch.as_str()), line.tip))
    }

    pub(crate) fn decide_said(&self, say: Say, stamp: &Stamp) -> Result<Fact, Refusal> {
        match say {
            Say::Sign { signoff, person, stand, why } => self.decide_sign(signoff, person, stand, why),
            Say::Decide { word, why } => self.decide_word(word, why, stamp),
            Say::Report { report, text } => self.decide_report(report, text),
            Say::Freeze { on, why } => self.decide_freeze(on, why),
            Say::GiveUp { on, why } => self.decide_giving_up(on, why),
            Say::Schedule { window, when } => self.decide_window(window, &when, stamp.now),
            Say::Attest { gate, on, note } => self.decide_attest(gate, on, note),
            Say::Count { tracker, text } => self.decide_count(tracker, &text),
        }
    }

    fn decide_sign(
        &self,
        signoff: Box<str>,
        person: Option<Untrusted>,
        stand: Stand,
        why: Untrusted,
    ) -> Result<Fact, Refusal> {
        let title = self.signoff_title(&signoff);
        let refuse = |why: String| Refusal::new("sign", title.clone(), why);
        let process = self.process.as_ref().ok_or_else(|| refuse("no process is known".to_owned()))?;
        let stream = self.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
        let known = process.signoffs.iter().find(|it| *it.id == *signoff && applies(&it.streams, stream));
        let known = known.ok_or_else(|| refuse("the process asks for no such signature here".to_owned()))?;
        let Some((candidate, at)) = self.up_for_decision() else {
            return Err(refuse("there is no candidate to sign yet".to_owned()).hint("C in RC cuts one"));
        };
        let why = some(why);
        let person = self.signer(&known.role, person, (stand, why.as_ref()), &title)?;
        let before = self.votes.stands(&signoff, at).find(|it| it.what.person == person);
        match (before.map(|it| it.what.stand), stand) {
            (None, Stand::Withdrawn) => return Err(refuse("there is nothing to take back".to_owned())),
            (Some(before), now) if before == now => {
                let who = shown(person.as_str(), 40);
                return Err(refuse(format!("{who} said so of {} already", candidate.line())));
            }
            _ => {}
        }
        if stand == Stand::Signs {
            self.signs_once(&signoff, &person, at, &title)?;
        }
        Ok(Signed { signoff, person, stand, candidate, at, why }.into())
    }

    /// Who signs, when that person may and it is known where it was said.
    fn signer(
        &self,
        role: &str,
        person: Option<Untrusted>,
        (stand, why): (Stand, Option<&Untrusted>),
        title: &str,
    ) -> Result<Login, Refusal> {
        let refuse = |why: String| Refusal::new("sign", title, why);
        let me = self.person().map(str::to_owned);
        let person = person.map(|it| it.raw().trim().trim_start_matches('@').to_owned()).or(me.clone());
        let Some(person) = person else {
            let refusal = refuse("it is not known who you are".to_owned());
            return Err(refusal.hint("say user in your configuration, or use a token"));
        };
        let person = Login::parse(&person).map_err(|bad| refuse(bad.to_string()))?;
        if why.is_some_and(|why| why.raw().len() > LONGEST) {
            return Err(refuse("it is longer than 4,096 bytes".to_owned()).hint("link to the long version"));
        }
        let person = self.named_to_sign(role, &person, title)?;
        let mine = me.is_some_and(|me| me.eq_ignore_ascii_case(person.as_str()));
        if why.is_none() && stand == Stand::Objects {
            return Err(refuse("an objection needs its reason".to_owned()));
        }
        if why.is_none() && !mine {
            let who = shown(person.as_str(), 40);
            return Err(refuse(format!("you are not {who}: say where {who} said so"))
                .hint("a link or a note; it is recorded that you wrote it down"));
        }
        Ok(person)
    }

    /// A named person of a named role signs, and nobody else.
    fn named_to_sign(&self, role: &str, person: &Login, title: &str) -> Result<Login, Refusal> {
        let (name, who) = (self.role_title(role), shown(person.as_str(), 40));
        let holders = self.roles.of(role);
        if holders.is_empty() {
            let refusal = Refusal::new("sign", title, format!("nobody is named as {name}"));
            return Err(refusal.hint("gr names who signs"));
        }
        // The name as it was given: however the person is spelled now, it is one person.
        let named = holders.iter().find(|it| it.login.as_str().eq_ignore_ascii_case(person.as_str()));
        if let Some(holder) = named {
            return Ok(holder.login.clone());
        }
        let why = format!("it is for {}; {who} is not named", self.who(&[role.to_owned()]));
        Err(Refusal::new("sign", title, why).hint("gr says who holds which role"))
    }

    /// One person signs a candidate for one role.
    fn signs_once(&self, signoff: &str, person: &Login, at: Oid, title: &str) -> Result<(), Refusal> {
        let others = self.process.iter().flat_map(|process| &process.signoffs).filter(|it| it.id != signoff);
        for other in others {
            let signed = |it: &&super::Said<Signed>| {
                it.what.stand == Stand::Signs && it.what.person.as_str().eq_ignore_ascii_case(person.as_str())
            };
            if self.votes.stands(&other.id, at).any(|it| signed(&it)) {
                let who = shown(person.as_str(), 40);
                let why = format!("{who} signed for {} already", self.signoff_title(&other.id));
                let refusal = Refusal::new("sign", title, why);
                return Err(refusal.hint("one person signs for one role: another one has to"));
            }
        }
        Ok(())
    }

    fn decide_word(&self, word: Word, why: Untrusted, stamp: &Stamp) -> Result<Fact, Refusal> {
        let refuse = |why: String| Refusal::new("decide", self.name().to_string(), why);
        let Some((candidate, at)) = self.up_for_decision() else {
            let refusal = refuse("there is no candidate to decide on yet".to_owned());
            return Err(refusal.hint("C in RC cuts one"));
        };
        let why = some(why);
        if why.as_ref().is_some_and(|why| why.raw().len() > LONGEST) {
            return Err(refuse("it is longer than 4,096 bytes".to_owned()).hint("link to the long version"));
        }
        if why.is_none() && matches!(word, Word::NoGo | Word::Hold) {
            return Err(refuse("say why it does not go".to_owned()));
        }
        let before = self.votes.decision().filter(|it| it.what.at == at);
        if word == Word::Withdrawn && before.is_none() {
            return Err(refuse("nothing was decided".to_owned()));
        }
        if before.is_some_and(|it| it.what.word == word && it.what.why == why) {
            return Err(refuse(format!("{} is on record already", word.word())));
        }
        let fact: Fact = Decided { word, candidate, at, why }.into();
        if word == Word::Go {
            self.nothing_else_in_the_way(&fact, stamp)?;
        }
        Ok(fact)
    }

    /// Go is said when nothing but the decision itself is in the way: a gate that is not GO is waived first, on record.
    fn nothing_else_in_the_way(&self, fact: &Fact, stamp: &Stamp) -> Result<(), Refusal> {
        let mut then = self.clone();
        then.suppose(&Note::from(fact.clone()), stamp.now);
        let poll = then.poll(stamp.now);
        let guards = |id: &str| {
            let gate = self.process.as_ref().and_then(|process| process.gate(id));
            gate.is_none_or(|gate| gate.guards == crate::process::Guards::Cut)
        };
        let open: Vec<_> = poll
            .iter()
            .filter(|it| it.required && it.verdict != Verdict::Go && guards(&it.gate))
            .map(|it| format!("{} {}: {}", it.verdict.word(), it.title, it.reason()))
            .collect();
        let Some(first) = open.first() else { return Ok(()) };
        let more = if open.len() > 1 { format!(", and {} more", open.len() - 1) } else { String::new() };
        let refusal = Refusal::new("decide", self.name().to_string(), format!("{first}{more}"));
        Err(refusal.hint("settle it, or w waives it with a reason"))
    }

    fn decide_report(&self, report: Box<str>, text: Untrusted) -> Result<Fact, Refusal> {
        let title = self.report_title(&report);
        let refuse = |why: &str| Refusal::new("report", title.clone(), why);
        if !self.process.iter().flat_map(|process| &process.reports).any(|it| *it.id == *report) {
            return Err(refuse("the process asks for no such report"));
        }
        spoken(&text).map_err(|(why, hint)| refuse(why).hint(hint))?;
        Ok(Reported { report, on: true, text }.into())
    }

    fn decide_freeze(&self, on: bool, why: Untrusted) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("freeze", self.name().to_string(), why);
        if self.votes.is_frozen() == on {
            let why = if on { "features are frozen already" } else { "features are not frozen" };
            return Err(refuse(why));
        }
        if !on || why.raw().len() > LONGEST {
            spoken(&why).map_err(|(why, hint)| refuse(why).hint(hint))?;
        }
        Ok(Frozen { on, why }.into())
    }

    fn decide_attest(&self, gate: Box<str>, on: bool, note: Untrusted) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("attest", self.gate_title(&gate), why);
        let known = self.process.as_ref().and_then(|process| process.gate(&gate));
        if !matches!(known.map(|it| &it.kind), Some(GateKind::Attested { .. })) {
            return Err(refuse("this gate is not for a person to attest"));
        }
        if self.votes.attested.get(&gate).is_some_and(|it| it.what.on) == on {
            return Err(refuse(if on { "it is attested already" } else { "nobody attests it" }));
        }
        spoken(&note).map_err(|(why, hint)| refuse(why).hint(hint))?;
        Ok(GateAttested { gate, on, note }.into())
    }

    fn decide_count(&self, tracker: Box<str>, text: &Untrusted) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("look at", self.tracker_title(&tracker), why);
        let mut trackers = self.process.iter().flat_map(|process| &process.trackers);
        let known = trackers.find(|it| *it.id == *tracker);
        let known = known.ok_or_else(|| refuse("the process has no such tracker"))?;
        if known.kind != TrackerKind::Attested {
            return Err(refuse("it is asked by its query, not by hand").hint("r asks again"));
        }
        let text = text.raw().trim();
        let (open, link) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let hint = "such as: 0 https://tracker.example/filter/7";
        let open =
            open.parse().map_err(|_| refuse("say how many are open, then where you looked").hint(hint))?;
        let link = Untrusted::from(link.trim());
        spoken(&link).map_err(|_| refuse("say where you looked").hint(hint))?;
        Ok(Counted { tracker, open: Some(open), link }.into())
    }
}

/// Whether there is a text, of a length that a journal takes.
pub(super) fn spoken(text: &Untrusted) -> Result<(), (&'static str, &'static str)> {
    if text.raw().trim().is_empty() {
        return Err(("it needs a note or a link", "it goes into the journal"));
    }
    if text.raw().len() > LONGEST {
        return Err(("it is longer than 4,096 bytes", "link to the long version"));
    }
    Ok(())
}
