//! What must hold before a version is cut, each with where it stands.

use crate::process::{Act, FinalFrom, GateKind, Guards, Item, On, OnForge, Process, SelfCheck};
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::ids::{Branch, Oid, Tag};
use crate::release::poll::{Polled, Verdict};
use crate::release::text::shown;
use crate::version::{TagKind, Version};
use chrono::{DateTime, Utc};

/// The condition that the files of a release are there.
pub(super) const FILES: &str = "Files";

fn counted(files: usize) -> String {
    format!("{files} {}", crate::release::log::plural(files, "file"))
}

/// What is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// The next candidate of the release.
    Candidate,
    /// Its final version.
    Final,
}

impl What {
    /// Its word: `candidate`, `final version`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Final => "final version",
        }
    }

    /// The same as a title: `Candidate`, `Final`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Candidate => "Candidate",
            Self::Final => "Final",
        }
    }
}

/// A version that may be cut, and where everything stands that it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// What is cut.
    pub what: What,
    /// The version.
    pub version: Version,
    /// Its tag.
    pub tag: Tag,
    /// Why it is this one.
    pub reasons: Vec<String>,
    /// The branch that it comes from.
    pub line: Branch,
    /// The commit.
    pub at: Oid,
    /// Whether the branch must still stand at the commit when the tag is made.
    pub is_head: bool,
    /// What must hold, in the order of the process.
    pub conditions: Vec<Condition>,
    /// A known trap of the pipeline that makes the tag.
    pub quirk: Option<String>,
}

/// Something that must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What, in a word or two that are safe to show.
    pub title: String,
    /// Where it stands.
    pub verdict: Verdict,
    /// Why, safe to show.
    pub reason: String,
    /// The gate that says so, and that may be waived; none for what no reason overrules.
    pub gate: Option<String>,
    /// Whether somebody waived it, with a reason.
    pub waived: bool,
}

impl Condition {
    /// Something that no reason overrules.
    fn fixed(title: &str, verdict: Verdict, reason: String) -> Self {
        Self { title: title.to_owned(), verdict, reason, gate: None, waived: false }
    }

    /// What a gate says, which may be waived.
    fn of_gate(polled: &Polled) -> Self {
        Self {
            title: polled.title.clone(),
            verdict: polled.verdict,
            reason: polled.reason(),
            gate: Some(polled.gate.clone()),
            waived: polled.overridden.is_some(),
        }
    }
}

impl Ready {
    /// How many of the conditions were waived, to stand after how many hold; nothing where none was.
    #[must_use]
    pub fn waived(&self) -> String {
        match self.conditions.iter().filter(|it| it.waived).count() {
            0 => String::new(),
            many => format!(", {many} waived"),
        }
    }

    /// What is in the way.
    pub fn open(&self) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter(|it| it.verdict != Verdict::Go)
    }
}

/// Whether a gate is asked before a candidate: what its commit is, and not what is tested with it.
fn asked_of_a_candidate(kind: &GateKind) -> bool {
    match kind {
        GateKind::Checks { on, .. } => *on == On::Line,
        GateKind::Branch | GateKind::Picks | GateKind::Version | GateKind::Scope | GateKind::Freeze => true,
        _ => false,
    }
}

impl Release {
    /// What would be cut now, and whether it may be.
    ///
    /// # Errors
    /// Why there is nothing to cut: no version, no form for it, no branch, or it is out already.
    pub fn ready_to_cut(&self, what: What, now: DateTime<Utc>) -> Result<Ready, Refusal> {
        let refuse =
            |why: String| Refusal::new(format!("cut a {}", what.word()), self.name().to_string(), why);
        let process = self.process.as_ref().ok_or_else(|| refuse("no process is known".to_owned()))?;
        let target = self.version().ok_or_else(|| {
            refuse(format!("{} is not written as {} writes versions", self.name(), shown(&process.name, 40)))
                .hint("open the release by its version")
        })?;
        if let Some(row) = self.final_tag() {
            return Err(refuse(format!("{} is tagged: the release is out", row.tag.line())));
        }
        self.still_wanted(&format!("cut a {}", what.word()))?;
        let line = self.line().ok_or_else(|| {
            refuse("the release branch does not exist".to_owned()).hint("B in Branches creates it")
        })?;
        let (version, reasons) = self.next_to_cut(what, process, &target).map_err(|(why, hint)| {
            let refusal = refuse(why);
            if hint.is_empty() { refusal } else { refusal.hint(hint) }
        })?;
        let name = process.version.tag(&version);
        let tag = Tag::parse(&name).map_err(|bad| refuse(bad.to_string()))?;
        if self.candidates.tags.contains_key(&tag) || self.candidates.burned.contains_key(&tag) {
            let why = format!("{} was used before, and a number is used once", tag.line());
            return Err(refuse(why).hint("open the release under the next version"));
        }
        let (at, is_head) = self.commit_to_cut(what, process, line.tip);
        let mut conditions = vec![self.order_condition(&version)];
        conditions.extend(self.turn_in_the_set(what));
        conditions.extend(self.commit_conditions(what, at, line));
        conditions.extend(self.files_condition(what, process, (&tag, &version)));
        conditions.extend(self.gate_conditions(what, now));
        let line = line.branch.clone();
        let quirk = self.tagged_by(what).and_then(|item| item.quirk.clone());
        Ok(Ready { what, version, tag, reasons, line, at, is_head, conditions, quirk })
    }

    /// The version that comes next, with the reasons; or why there is none, and what to do.
    fn next_to_cut(
        &self,
        what: What,
        process: &Process,
        target: &Version,
    ) -> Result<(Version, Vec<String>), (String, &'static str)> {
        if what == What::Final {
            return Ok((target.clone(), vec!["the release that is open".to_owned()]));
        }
        if let Some(stream) = self.stream().filter(|stream| !stream.candidates) {
            let why = format!("{} releases have no candidates", shown(&stream.id, 40));
            return Err((why, "F cuts the final version"));
        }
        match self.next_candidate(&self.known()) {
            Some(Ok(next)) => Ok((next.version, next.reasons)),
            Some(Err(why)) => Err((why.to_string(), "")),
            None => {
                let why = format!("{} does not say how a candidate is written", shown(&process.name, 40));
                Err((why, "set candidate under [version] of the process: \"-rc.{n}\" or \"rc{n}\""))
            }
        }
    }

    /// The commit that is tagged, and whether it is the head of the branch.
    fn commit_to_cut(&self, what: What, process: &Process, tip: Oid) -> (Oid, bool) {
        let stream = self.stream().is_some_and(|stream| stream.candidates);
        let tested = self.candidates_so_far().pop().map(|(_, row)| row.oid);
        match (what, process.cut.final_from, tested) {
            (What::Final, FinalFrom::Candidate, Some(tested)) if stream => (tested, tested == tip),
            _ => (tip, true),
        }
    }

    /// Whether the version is above every one of its line.
    fn order_condition(&self, version: &Version) -> Condition {
        let above = self.classes().find(|(class, _)| {
            matches!(class.kind, TagKind::Final | TagKind::Candidate(_))
                && class.line == Some((version.major(), version.minor()))
                && class.version.as_ref().is_some_and(|it| it >= version)
        });
        match above {
            Some((_, row)) => {
                let reason = format!("{} is above it: the version would go back", row.tag.line());
                Condition::fixed("Version", Verdict::NoGo, reason)
            }
            None => {
                let reason = "above every tag of its line, and unused".to_owned();
                Condition::fixed("Version", Verdict::Go, reason)
            }
        }
    }

    /// Whether the lower releases of the set are final: a person may waive that, with a reason.
    fn turn_in_the_set(&self, what: What) -> Option<Condition> {
        self.set_order().filter(|_| what == What::Final).map(|polled| Condition::of_gate(&polled))
    }

    /// Whether the files are there that this very plan uploads; those of a final version follow when it is published.
    fn files_condition(
        &self,
        what: What,
        process: &Process,
        (tag, version): (&Tag, &Version),
    ) -> Option<Condition> {
        let publishes = what == What::Candidate && process.cut.release == OnForge::Publish;
        let own = publishes && !self.is_on_no_forge() && self.tagged_by(what).is_none();
        if !own || process.cut.assets.is_empty() {
            return None;
        }
        let (verdict, reason) = match self.files_of(tag, version) {
            Ok(files) => (Verdict::Go, format!("{} to upload", counted(files.len()))),
            Err(why) => (Verdict::NoGo, why),
        };
        Some(Condition::fixed(FILES, verdict, reason))
    }

    /// What is said of the commit itself.
    fn commit_conditions(
        &self,
        what: What,
        at: Oid,
        line: &crate::release::branches::Line,
    ) -> Vec<Condition> {
        let mut conditions = vec![];
        if at != line.tip {
            let since = line.commits.iter().position(|it| it.oid == at);
            let more = since.map_or("commits".to_owned(), |n| {
                format!("{n} {}", crate::release::log::plural(n, "commit"))
            });
            conditions.push(Condition::fixed(
                "Commit",
                Verdict::Go,
                format!(
                    "{}, that of the last candidate; {more} of {} after it stay out",
                    at.short(),
                    line.branch.line()
                ),
            ));
        }
        let again =
            self.candidates_so_far().pop().filter(|(_, row)| row.oid == at && what == What::Candidate);
        if let Some((_, row)) = again {
            conditions.push(Condition::fixed(
                "Commit",
                Verdict::Go,
                format!("{} names the same commit {}", row.tag.line(), at.short()),
            ));
        }
        conditions
    }

    fn gate_conditions(&self, what: What, now: DateTime<Utc>) -> Vec<Condition> {
        let Some(process) = &self.process else { return vec![] };
        let asked = |polled: &Polled| {
            let gate = process.gate(&polled.gate);
            polled.required
                && gate.is_some_and(|gate| {
                    gate.guards == Guards::Cut && (what == What::Final || asked_of_a_candidate(&gate.kind))
                })
        };
        let poll = self.poll(now);
        poll.iter().filter(|polled| asked(polled)).map(Condition::of_gate).collect()
    }

    /// The item whose workflow makes this tag, when it is not gonogo that does.
    #[must_use]
    pub fn tagged_by(&self, what: What) -> Option<&Item> {
        let process = self.process.as_ref()?;
        let stream = self.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
        if let Some(id) = &process.cut.tagged_by {
            return (what == What::Final && id != "gonogo").then(|| process.item(id)).flatten();
        }
        let check = match what {
            What::Candidate => SelfCheck::CandidateExists,
            What::Final => SelfCheck::TagExists,
        };
        let mut items = process.stages.iter().flat_map(|stage| process.items_for(stage, stream, false));
        items.find(|item| {
            item.check.as_ref() == Some(&check) && matches!(item.act, Some(Act::Workflow { .. }))
        })
    }
}
