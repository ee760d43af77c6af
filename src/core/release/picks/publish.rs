//! What decisions become on the forge: labels and a comment, computed from what stands decided and what was sent.
//!
//! Nothing of it is stored as a list of things to do. What a decision wants on a pull request is compared with what
//! earlier plans are known to have put there, so a decision that is changed before it was published leaves no trace,
//! one that is changed afterwards takes its labels back, and a step that failed is wanted again.

use super::{PickKey, Picks, Place, Record};
use crate::order::Order as _;
use crate::process::PickNews;
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::draft::{LONGEST, MOST};
use crate::release::entry::Stamp;
use crate::release::errand::{CommentIssue, Errand, LabelIssue, Outcome, Status};
use crate::release::ids::{Branch, IssueKey, OpId};
use crate::release::log::plural;
use crate::release::plan::{Danger, Plan, Step};
use crate::release::text::{Untrusted, shown};
use std::collections::BTreeMap;

/// What plans are known to have put on the pull request of a pick, for one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// Labels that were put there (true) or taken off (false).
    pub labels: BTreeMap<Untrusted, bool>,
    /// The last comment.
    pub said: Option<Untrusted>,
}

/// What a decision still wants on a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Wish {
    labels: BTreeMap<Untrusted, bool>,
    said: Option<Untrusted>,
}

impl Picks {
    /// Takes in that steps were accepted which publish decisions.
    pub(crate) fn send(&mut self, steps: &[Step]) {
        for step in steps.iter().filter(|step| !step.follows.is_empty()) {
            let follows = |record: &Record| step.follows.contains(&record.seq);
            let places = self.decisions.iter().filter(|(_, record)| follows(record));
            let places = places.map(|(place, _)| place.clone()).collect();
            self.sending.insert(step.op.clone(), places);
        }
    }
}

impl Release {
    /// Takes in how an errand ended that may have published a decision, while it is still open.
    pub(crate) fn take_published(&mut self, op: &OpId, outcome: &Outcome) {
        if outcome.status == Status::Unknown {
            return;
        }
        let places = self.picks.sending.remove(op);
        let Some(open) = self.outbox.open.get(op).filter(|_| outcome.status == Status::Ok) else { return };
        let errand = open.errand.clone();
        let Some(places) = places else { return self.forget_published(&errand) };
        for place in places {
            let wanted = self.wanted_of(&place).labels;
            let known = self.picks.published.entry(place).or_default();
            note(known, &errand, &wanted);
        }
    }

    /// A label that a person put on or took off by another plan is no longer as it was published.
    fn forget_published(&mut self, errand: &Errand) {
        let (target, labels, on) = match errand {
            Errand::LabelIssue(it) => (&it.target, &it.labels, true),
            Errand::UnlabelIssue(it) => (&it.target, &it.labels, false),
            _ => return,
        };
        let ours = |place: &Place| place.0 == PickKey::Pull(target.clone());
        for (_, known) in self.picks.published.iter_mut().filter(|(place, _)| ours(place)) {
            known.labels.retain(|label, was| *was == on || !labels.contains(label));
        }
    }

    /// How many decisions have something to publish.
    #[must_use]
    pub fn to_publish(&self) -> usize {
        self.publishable().filter(|(place, _)| !self.errands_of(place).is_empty()).count()
    }

    /// What a decision about a pick would still send, in words.
    #[must_use]
    pub fn unpublished(&self, pick: &PickKey, line: &Branch) -> Vec<String> {
        let place = (pick.clone(), line.clone());
        self.errands_of(&place).iter().map(Errand::line).collect()
    }

    /// Decisions that may have something to publish, oldest first when sorted by their entries.
    fn publishable(&self) -> impl Iterator<Item = (&Place, &Record)> {
        let speaks = self
            .process
            .as_ref()
            .is_some_and(|process| process.picks.publish != crate::process::PickPublish::default());
        let any = speaks || !self.picks.published.is_empty();
        self.picks.decisions.iter().filter(move |_| any)
    }

    /// The plan that publishes decisions: of some picks, or of all.
    pub(crate) fn draft_publish(&self, only: &[Place], stamp: &Stamp) -> Result<Plan, Refusal> {
        let ask = "publish decisions";
        self.may_write(ask, "")?;
        let mut records: Vec<_> =
            self.publishable().filter(|(place, _)| only.is_empty() || only.contains(place)).collect();
        records.order_by_key(|(_, record)| record.seq);
        let mut steps: Vec<Step> = vec![];
        let (mut size, mut count, mut left) = (0, 0, 0);
        for (place, record) in records {
            let errands = self.errands_of(place);
            let long: usize =
                errands.iter().map(|it| serde_json::to_string(it).map_or(0, |json| json.len() + 80)).sum();
            if errands.is_empty() {
                continue;
            }
            if left > 0 || size + long > LONGEST || steps.len() + errands.len() > MOST {
                left += 1;
                continue;
            }
            (size, count) = (size + long, count + 1);
            for errand in errands {
                // Two lines may want one label on one pull request: it is sent once, for both.
                match steps.iter_mut().find(|step| step.errand == errand) {
                    Some(step) => step.follows.push(record.seq),
                    None => {
                        let at = u32::try_from(steps.len() + 1).unwrap_or(u32::MAX);
                        steps.push(Step { op: stamp.op(at), errand, follows: vec![record.seq] });
                    }
                }
            }
        }
        if steps.is_empty() {
            let said = crate::process::PickPublish::default();
            let why = match &self.process {
                Some(process) if process.picks.publish == said => {
                    "the process does not say what a decision becomes on the forge"
                }
                _ => "everything that was decided is published, or has nothing to publish",
            };
            return Err(Refusal::new(ask, "", why).hint("[picks.publish.accept] of the process says it"));
        }
        let rest = if left > 0 { format!("; {left} more follow with the next plan") } else { String::new() };
        let title = format!("Publish {count} {}{rest}", plural(count, "decision"));
        Ok(Plan { id: stamp.op(0), title, steps, danger: Danger::Reversible, trust: false, cut: None })
    }

    /// The errands that a decision still wants.
    fn errands_of(&self, place: &Place) -> Vec<Errand> {
        let PickKey::Pull(target) = &place.0 else { return Vec::new() };
        let wanted = self.wanted_of(place);
        let known = self.known_of(place, target, &wanted);
        let facts = self.picks.pulls.get(place).and_then(|pull| pull.facts.as_ref());
        let mut change: [Vec<Untrusted>; 2] = Default::default();
        for (label, on) in &wanted.labels {
            // What the forge shows to be so already need not be sent; what it shows otherwise was seen before.
            let there = facts.map(|facts| facts.labels.contains(label));
            if known.labels.get(label) != Some(on) && there != Some(*on) {
                change[usize::from(*on)].push(label.clone());
            }
        }
        // What an earlier decision put there, and this one does not want, goes back to what it was.
        for (label, on) in known.labels.iter().filter(|(label, _)| !wanted.labels.contains_key(*label)) {
            change[usize::from(!*on)].push(label.clone());
        }
        let [remove, add] = change;
        let label = |labels| LabelIssue { target: target.clone(), labels };
        let mut errands = vec![];
        if !add.is_empty() {
            errands.push(Errand::LabelIssue(label(add)));
        }
        if !remove.is_empty() {
            errands.push(Errand::UnlabelIssue(label(remove)));
        }
        if let Some(text) = wanted.said.filter(|text| known.said.as_ref() != Some(text)) {
            errands.push(Errand::CommentIssue(CommentIssue { target: target.clone(), text }));
        }
        errands
    }

    /// What was published, and what is on its way or may have been sent.
    fn known_of(&self, place: &Place, target: &IssueKey, wanted: &Wish) -> Published {
        let mut known = self.picks.published.get(place).cloned().unwrap_or_default();
        for (op, _) in self.picks.sending.iter().filter(|(_, places)| places.contains(place)) {
            let open = self.outbox.open.get(op).map(|open| &open.errand);
            let waiting = || {
                let steps = self.outbox.plans.iter().flat_map(|plan| &plan.waiting);
                steps.into_iter().find(|step| step.op == *op).map(|step| &step.errand)
            };
            if let Some(errand) = open.or_else(waiting).filter(|it| it.issue() == Some(target)) {
                note(&mut known, errand, &wanted.labels);
            }
        }
        known
    }

    /// What the decision about a pick wants on its pull request, by the process.
    fn wanted_of(&self, place: &Place) -> Wish {
        let Some((process, record)) = self.process.as_ref().zip(self.picks.decisions.get(place)) else {
            return Wish::default();
        };
        let Some(triage) = record.decision.triage() else { return Wish::default() };
        let news: &PickNews = process.picks.publish.of(triage);
        let fill = |text: &String| fill(text, |name| self.placeholder(name, place, record));
        let label = |text: &String| Untrusted::from(fill(text).trim());
        let off = news.remove_labels.iter().map(|text| (label(text), false));
        let on = news.add_labels.iter().map(|text| (label(text), true));
        let said = news.comment.as_ref().map(|text| Untrusted::from(fill(text)));
        Wish { labels: off.chain(on).collect(), said }
    }

    fn placeholder(&self, name: &str, (pick, line): &Place, record: &Record) -> Option<String> {
        let numbers = || self.process.as_ref().and_then(|process| process.line_of(line.as_str()));
        Some(match name {
            "branch" | "line" => line.line(),
            "major" => numbers().map(|it| it.major.to_string()).unwrap_or_default(),
            "minor" => numbers().and_then(|it| it.minor).map(|it| it.to_string()).unwrap_or_default(),
            "number" => pick.number().map(|number| number.to_string()).unwrap_or_default(),
            "decision" => record.decision.word().to_owned(),
            "by" => shown(&record.by, 60),
            "why" => record.why.as_ref().map(Untrusted::line).unwrap_or_default(),
            "answers" => {
                let answer = |it: &super::Answer| format!("{} {}", it.question.line(), it.answer.line());
                record.answers.iter().map(answer).collect::<Vec<_>>().join("\n")
            }
            _ => return None,
        })
    }
}

/// Notes what an errand did. A label that is back as it was, and not wanted so, is known no longer.
fn note(known: &mut Published, errand: &Errand, wanted: &BTreeMap<Untrusted, bool>) {
    let (labels, on) = match errand {
        Errand::LabelIssue(it) => (&it.labels, true),
        Errand::UnlabelIssue(it) => (&it.labels, false),
        Errand::CommentIssue(it) => {
            known.said = Some(it.text.clone());
            return;
        }
        _ => return,
    };
    for label in labels {
        if known.labels.get(label) == Some(&!on) && wanted.get(label) != Some(&on) {
            known.labels.remove(label);
        } else {
            known.labels.insert(label.clone(), on);
        }
    }
}

/// Fills the placeholders of a template. What is filled in is not looked through again.
pub(super) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let found = after.find('}').and_then(|close| Some((value(&after[..close])?, close)));
        match found {
            Some((text, close)) => {
                out.push_str(&text);
                rest = &after[close + 1..];
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
