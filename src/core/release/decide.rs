//! Asks answered: the facts and effects that follow, or the reason why not. Nothing changes here.

use super::ask::{Ask, Decision, Effect, Refusal};
use super::checklist::{Attached, ItemState, Ticked};
use super::entry::{Note, Stamp};
use super::errand::{Errand, Outcome, Status, UndoClass};
use super::gates::Overridden;
use super::ids::OpId;
use super::milestone::Chosen;
use super::outbox::{Accepted, Cancelled, Outbox, Resumed};
use super::plan::Plan;
use super::poll::Verdict;
use super::reading::{NO_FORGE, NO_FORGE_NEXT};
use super::text::Untrusted;
use super::undo::{Redone, Undone};
use super::{Fact, Release};

impl Release {
    /// Answers an ask. Changes nothing.
    ///
    /// # Errors
    /// The reason why it is refused, and what to do instead.
    pub fn decide(&self, ask: Ask, stamp: &Stamp) -> Result<Decision, Refusal> {
        self.may_ask(&ask)?;
        match ask {
            Ask::Role(it) => self.decide_role(&it).map(only),
            Ask::Tick { item, to, why } => self.decide_tick(&item, to, why, stamp).map(only),
            Ask::Attach { item, text } => self.decide_attach(item, text).map(only),
            Ask::Vouch { id, link, text } => self.decide_vouch(id, link, text).map(only),
            Ask::Override { gate, on, why } => self.decide_override(gate, on, why, stamp).map(only),
            Ask::ChooseMilestone { title } => {
                let known = self.milestones.list.values().any(|it| it.title == title);
                if !known {
                    let why = format!("no repository of this release has a milestone {}", title.line());
                    return Err(
                        Refusal::new("choose a milestone", title.line(), why).hint("choose one of the list")
                    );
                }
                Ok(only(Chosen { title }.into()))
            }
            Ask::Go(plan) => self.decide_go(plan),
            Ask::CallOff { plan, why } => {
                self.under_way("call off a plan", &plan)?;
                Ok(only(Cancelled { plan, why }.into()))
            }
            Ask::GoOn { plan, attended, replaces } => self.decide_go_on(plan, attended, replaces),
            Ask::Attest { op, happened } => {
                let outcome = self.attested(&op, happened)?;
                Ok(self.settle(&op, outcome))
            }
            Ask::Process { to, take, why } => self.decide_process(&to, take, why).map(only),
            Ask::KeepNotes(it) => Ok(only((*it).into())),
            Ask::WriteNotes(it) => self.decide_written(it).map(only),
            Ask::Back(it) => self.decide_back(it).map(only),
            Ask::Setback(ask) => self.decide_setback(ask).map(only),
            Ask::Say(say) => self.decide_said(say, stamp).map(only),
            Ask::Meet(ask) => self.decide_meeting(ask, stamp).map(only),
            Ask::Pick(ask) => self.decide_pick(ask, stamp),
            Ask::Undo => self.decide_undo(),
            Ask::Redo => self.decide_redo(),
        }
    }

    /// What a person says became of an errand in doubt. The number of a draft that is said to be there is that of the
    /// draft that was seen of its tag: what follows is done to that one, and to none that nobody saw.
    fn attested(&self, op: &OpId, happened: bool) -> Result<Outcome, Refusal> {
        let refuse = |target: String, why: &str| Refusal::new("settle a doubt", target, why);
        let open = self.outbox.in_doubt().find(|open| open.op == *op);
        let open = open.ok_or_else(|| refuse(op.as_str().to_owned(), "it is not in doubt"))?;
        if !happened {
            let outcome = Outcome::noted(Status::Abandoned, "a person says it did not happen");
            return Ok(Outcome { by: Some("person".into()), ..outcome });
        }
        let mut outcome = Outcome::noted(Status::Ok, "a person says it happened");
        outcome.by = Some("person".into());
        if let Errand::DraftRelease(it) = &open.errand {
            let seen = self.candidates.release_of(&it.target).ok_or_else(|| {
                refuse(it.target.line(), "no draft of this tag was seen on the forge").hint("r looks again")
            })?;
            outcome.after.insert("release".into(), Untrusted::from(seen.id.to_string()));
        }
        Ok(outcome)
    }

    fn decide_tick(
        &self,
        item: &str,
        to: ItemState,
        why: Option<Untrusted>,
        stamp: &Stamp,
    ) -> Result<Fact, Refusal> {
        let known = self.process.as_ref().and_then(|process| process.item(item));
        let from = known.map_or(ItemState::Open, |it| self.item_state(it, stamp.now));
        let why = why.filter(|why| !why.raw().trim().is_empty());
        let refuse = |why: &str| Refusal::new(format!("set to {}", to.word()), self.item_text(item), why);
        if known.is_none() {
            return Err(refuse("the process has no such item"));
        }
        if from == to {
            return Err(refuse(&format!("it is {} already", to.word())));
        }
        if matches!(to, ItemState::Skipped | ItemState::NotApplicable | ItemState::Overridden)
            && why.is_none()
        {
            return Err(refuse("a reason is needed").hint("type why; it goes into the journal"));
        }
        if to == ItemState::Done
            && let Some(before) = self.comes_before(item, stamp.now)
        {
            let refusal = refuse(&format!("it comes after: {before}"));
            return Err(refusal.hint("this stage goes in order: settle that first"));
        }
        let reading = self.self_check(item, stamp.now);
        if to == ItemState::Done
            && let Some(reading) = reading.as_ref().filter(|reading| reading.verdict != Verdict::Go)
        {
            let why = format!("its own check says {}: {}", reading.verdict.word(), reading.reason);
            return Err(refuse(&why).hint("w overrides it with a reason"));
        }
        if to == ItemState::Done
            && reading.is_none()
            && let Some(wanted) = self.lacks_evidence(item)
        {
            return Err(refuse(&format!("it wants {wanted}")).hint("a attaches it"));
        }
        let evidence = reading.map(|reading| Untrusted::from(reading.reason)).into_iter().collect();
        Ok(Ticked { item: item.into(), from, to, why, evidence }.into())
    }

    fn decide_attach(&self, item: Box<str>, text: Untrusted) -> Result<Fact, Refusal> {
        let ask = "attach a note";
        if self.process.as_ref().is_none_or(|process| process.item(&item).is_none()) {
            return Err(Refusal::new(ask, self.item_text(&item), "the process has no such item"));
        }
        if text.raw().trim().is_empty() {
            return Err(Refusal::new(ask, self.item_text(&item), "the note is empty"));
        }
        if text.raw().len() > 4096 {
            let why = "the note is longer than 4,096 bytes";
            return Err(Refusal::new(ask, self.item_text(&item), why).hint("attach a link to it"));
        }
        Ok(Attached { item, text }.into())
    }

    fn decide_override(
        &self,
        gate: Box<str>,
        on: bool,
        why: Untrusted,
        stamp: &Stamp,
    ) -> Result<Fact, Refusal> {
        let ask = if on { "override a gate" } else { "take back an override" };
        let poll = self.poll(stamp.now).into_iter().chain(self.set_order());
        let Some(polled) = poll.into_iter().find(|polled| *polled.gate == *gate) else {
            return Err(Refusal::new(ask, &*gate, "the process has no such gate"));
        };
        let title = if *gate == *super::set::ORDER { self.gate_title(&gate) } else { gate.to_string() };
        if on && why.raw().trim().is_empty() {
            return Err(Refusal::new(ask, title, "a reason is needed").hint("type why; it is shown for ever"));
        }
        if on == self.overrides.of(&gate).is_some() {
            let why = if on { "it is overridden already" } else { "it is not overridden" };
            return Err(Refusal::new(ask, title, why));
        }
        if on && polled.verdict == Verdict::Go {
            return Err(Refusal::new(ask, title, "it is GO already"));
        }
        let said = format!("{}: {}", polled.verdict.word(), polled.reading.reason);
        Ok(Overridden { gate, on, reading: Untrusted::from(said), why }.into())
    }

    fn decide_go(&self, plan: Plan) -> Result<Decision, Refusal> {
        if plan.steps.is_empty() {
            return Err(Refusal::new("send a plan", plan.title, "it has no steps"));
        }
        if plan.steps.iter().any(|step| step.errand.is_of_forge()) {
            self.may_write("send a plan", &plan.title)?;
        }
        if self.plan_of.contains_key(&plan.steps[0].op) {
            return Err(Refusal::new("send a plan", plan.title, "it was sent already"));
        }
        let mut notes: Vec<Note> = vec![];
        if plan.trust && !self.trusted {
            let repo = self.opened.as_ref().and_then(|opened| opened.repo.as_ref());
            let remote = Untrusted::from(repo.map_or("", super::ids::Repo::as_str));
            notes.push(Fact::from(super::session::Trusted { remote }).into());
        }
        let errands: Vec<_> = plan.steps.iter().map(|step| &step.errand).collect();
        notes.extend(self.trusts(&errands).into_iter().map(Note::from));
        let accepted = Accepted { plan: plan.id, title: Untrusted::from(plan.title), steps: plan.steps };
        let mut outbox = self.outbox.clone();
        outbox.accept(&accepted);
        notes.push(Fact::from(accepted).into());
        Ok(follow(notes, &outbox))
    }

    fn decide_go_on(
        &self,
        plan: super::ids::OpId,
        attended: bool,
        replaces: bool,
    ) -> Result<Decision, Refusal> {
        self.under_way("go on with a plan", &plan)?;
        if let Some(going) = self.outbox.plans.iter().find(|it| it.plan == plan && it.stopped.is_none()) {
            let why = if going.waiting.is_empty() {
                "nothing of it is waiting: its last step is on its way or in doubt"
            } else {
                "it goes on already"
            };
            return Err(Refusal::new("go on with a plan", going.title.line(), why));
        }
        let mut outbox = self.outbox.clone();
        let waits = outbox.plans.iter().find(|it| it.plan == plan).and_then(|it| it.waiting.front());
        if let Some(step) = waits.filter(|step| outbox.complete(&step.errand).is_none()) {
            let why = "what it pushes is not applied yet";
            let refusal = Refusal::new("go on with a plan", step.errand.target(), why);
            return Err(refusal.hint("c in Picks goes on with what has stopped"));
        }
        outbox.resume(&plan);
        if attended {
            outbox.attend(&plan);
        }
        if replaces {
            outbox.replace(&plan);
        }
        Ok(follow(vec![Fact::from(Resumed { plan, replaces }).into()], &outbox))
    }

    /// Refuses when this session has no way to write to the forge or the remote.
    pub(crate) fn may_write(&self, ask: &str, target: &str) -> Result<(), Refusal> {
        let auth = self.session.as_ref().map_or("none", |session| &*session.auth);
        if auth == "none" && self.is_on_no_forge() {
            return Err(Refusal::new(ask, target, NO_FORGE).hint(NO_FORGE_NEXT));
        }
        if auth == "none" {
            return Err(Refusal::new(ask, target, "there is no token, so nothing can be sent to the forge")
                .hint(
                    "set GONOGO_TOKEN or run gh auth login, then open gonogo again; gonogo doctor says more",
                ));
        }
        Ok(())
    }

    /// Refuses when a plan has ended already, or never began.
    fn under_way(&self, ask: &str, plan: &super::ids::OpId) -> Result<(), Refusal> {
        if self.outbox.plans.iter().any(|running| running.plan == *plan) {
            return Ok(());
        }
        Err(Refusal::new(ask, plan.as_str(), "nothing of it is waiting any more"))
    }

    fn decide_undo(&self) -> Result<Decision, Refusal> {
        let Some(deed) = self.last_deed() else {
            return Err(Refusal::new("undo", "", "there is nothing to take back"));
        };
        if deed.class != UndoClass::Local {
            return Err(Refusal::new(
                "undo",
                &*deed.what,
                "it left this machine and cannot be taken back here",
            ));
        }
        let mut notes = vec![Fact::from(Undone { seq: deed.seq, what: Untrusted::from(&*deed.what) }).into()];
        notes.extend(deed.back.iter().cloned().map(Note::from));
        Ok(Decision { notes, effects: vec![] })
    }

    fn decide_redo(&self) -> Result<Decision, Refusal> {
        let Some(deed) = self.undone.last() else {
            return Err(Refusal::new("redo", "", "nothing was taken back"));
        };
        let redone = Redone { seq: deed.seq, what: Untrusted::from(&*deed.what) };
        let mut notes = vec![Fact::from(redone).into()];
        notes.extend(deed.facts.iter().cloned().map(Note::from));
        Ok(Decision { notes, effects: vec![] })
    }
}

/// A decision of one fact.
fn only(fact: Fact) -> Decision {
    Decision { notes: vec![fact.into()], effects: vec![] }
}

/// The notes, and the next errand of the write queue as it will be after them.
pub(crate) fn follow(mut notes: Vec<Note>, outbox: &Outbox) -> Decision {
    let mut effects = vec![];
    if let Some(step) = outbox.next()
        && let Some(errand) = outbox.complete(&step.errand)
    {
        notes.push(Note { op: Some(step.op.clone()), fact: Fact::Intent(errand.clone()) });
        effects.push(Effect::Run { op: step.op.clone(), errand });
    }
    Decision { notes, effects }
}
