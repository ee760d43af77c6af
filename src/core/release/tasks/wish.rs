//! What the checklist and the task list come to together: what counts, what waits to be published, what is at odds.

use super::{Place, Task, TaskTick, TickTasks};
use crate::process::{Item, Occasion};
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::checklist::ItemState;
use crate::release::errand::Errand;
use crate::release::log::plural;
use crate::release::poll::Verdict;
use crate::release::text::{Untrusted, shown};
use chrono::{DateTime, Utc};

impl Release {
    /// Whether an item holds nothing up: a person settled it here, somebody ticked it on the tracking issue, or its own
    /// check says GO. A tick on an item that checks itself lasts only as long as its check agrees.
    #[must_use]
    pub fn is_settled(&self, item: &Item, now: DateTime<Utc>) -> bool {
        self.settles(item, self.item_state(item, now), now)
    }

    fn settles(&self, item: &Item, state: ItemState, now: DateTime<Utc>) -> bool {
        use ItemState as S;
        match (state, self.self_check(&item.id, now)) {
            (S::Skipped | S::NotApplicable | S::Overridden, _) | (S::Done, None) => true,
            (S::Open | S::Done, Some(reading)) => reading.verdict == Verdict::Go,
            (S::Open, None) => false,
        }
    }

    /// The state that an item was given: here, or by a tick on the tracking issue that counts.
    #[must_use]
    pub fn item_state(&self, item: &Item, now: DateTime<Utc>) -> ItemState {
        let own = self.checklist.state(&item.id);
        let there = || self.ticked_there(&item.id).is_some() && self.why_not_there(item, now).is_none();
        if !own.is_settled() && there() { ItemState::Done } else { own }
    }

    /// The tick of an item on the tracking issue that is later than anything said of the item here.
    #[must_use]
    pub fn ticked_there(&self, item: &str) -> Option<&Task> {
        let task = self.tasks.rows.get(item).filter(|task| task.on)?;
        (task.flip > self.checklist.ticked(item)).then_some(task)
    }

    /// Why the tick of an item on the tracking issue settles nothing; none when it does.
    #[must_use]
    pub fn why_not_there(&self, item: &Item, now: DateTime<Utc>) -> Option<String> {
        let task = self.ticked_there(&item.id)?;
        if let Some(roles) = self.bound_to(&item.id).filter(|_| !task.ours) {
            let by = task.by.as_ref().map(Untrusted::raw).unwrap_or_default();
            if !roles.iter().any(|role| self.roles.has(role, by)) {
                return Some(format!("only {} may settle it", self.who(&roles)));
            }
        }
        if self.self_check(&item.id, now).is_none()
            && let Some(wanted) = self.lacks_evidence(&item.id)
        {
            return Some(format!("it wants {wanted}"));
        }
        let first = self.not_before(item, now)?;
        Some(format!("it comes after: {}", self.item_text(&first.id)))
    }

    /// The required item before this one that is not settled, where its stage goes in order. Whether a tick there counts
    /// is asked of each without its own place in the order: when all before are settled so, they are in order too.
    fn not_before(&self, item: &Item, now: DateTime<Utc>) -> Option<&Item> {
        let process = self.process.as_deref()?;
        let stage = process.stages.iter().find(|stage| stage.items.iter().any(|it| it.id == item.id))?;
        if !stage.ordered {
            return None;
        }
        let stream = self.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
        let mut before = process.items_for(stage, stream, true).take_while(|it| it.id != item.id);
        before.find(|it| {
            let there = self.ticked_there(&it.id).is_some();
            let own = self.checklist.state(&it.id);
            let state = if there && !own.is_settled() { ItemState::Done } else { own };
            it.required && !self.settles(it, state, now)
        })
    }

    /// The item's line, where somebody unticked it there after it was ticked here: neither is lost, a person decides.
    #[must_use]
    pub fn unticked_there(&self, item: &str) -> Option<&Task> {
        let task = self.tasks.rows.get(item).filter(|task| !task.on && !task.ours)?;
        let here = self.checklist.state(item).is_settled();
        (here && task.flip > self.checklist.ticked(item)).then_some(task)
    }

    /// What the tracking issue does not say yet: ticks that were made here, or that an item's own check earned, and ticks
    /// that were taken away here.
    #[must_use]
    pub fn ticks_to_publish(&self, now: DateTime<Utc>) -> Vec<TaskTick> {
        let tracked = self.tracking_issue();
        if self.tasks.absent || tracked.is_none() || self.tasks.issue != tracked {
            return vec![];
        }
        let wish = |item: &&Item| {
            let task = self.tasks.rows.get(item.id.as_str()).filter(|task| task.place == Place::Once)?;
            let settled = self.is_settled(item, now);
            let on = if self.checklist.ticked(&item.id) > task.flip {
                let here = self.checklist.state(&item.id).is_settled();
                // A tick whose own check does not agree any more is neither put there nor taken away.
                if here && !settled { task.on } else { settled }
            } else {
                // What a person unticked there stays so until a person says otherwise here.
                task.on || settled && (task.flip == 0 || task.ours)
            };
            let tick =
                TaskTick { item: item.id.as_str().into(), text: Untrusted::from(item.text.as_str()), on };
            (on != task.on && !self.is_being_sent(&tick)).then_some(tick)
        };
        self.task_items().iter().filter_map(wish).collect()
    }

    fn is_being_sent(&self, tick: &TaskTick) -> bool {
        let open = self.outbox.open.values().map(|open| &open.errand);
        let waiting = self.outbox.plans.iter().flat_map(|plan| &plan.waiting).map(|step| &step.errand);
        let mut all = open.chain(waiting);
        all.any(|errand| matches!(errand, Errand::TickTasks(it) if it.ticks.contains(tick)))
    }

    /// What is to be known of the task list itself, in words: lines that are gone, twice there or say something else.
    #[must_use]
    pub fn task_notes(&self) -> Vec<String> {
        let Some(issue) = self.tasks.issue.as_ref().filter(|it| self.tracking_issue().as_ref() == Some(*it))
        else {
            return vec![];
        };
        if self.tasks.absent {
            return vec![format!("{issue} is not there any more: no tick can be published")];
        }
        let listed = |item: &&Item| {
            let mut stages = self.process.iter().flat_map(|process| &process.stages);
            stages.any(|it| it.when == Occasion::Always && it.items.iter().any(|other| other.id == item.id))
        };
        let items: Vec<&Item> = self.task_items().into_iter().filter(listed).collect();
        let task = |item: &&&Item| self.tasks.rows.get(item.id.as_str());
        let place = |place| items.iter().filter(|it| task(it).is_some_and(|it| it.place == place)).count();
        let (gone, twice) = (place(Place::Gone), place(Place::Twice));
        if gone == items.len() && gone > 0 {
            return vec![format!("{issue} has no task list of these items")];
        }
        let reworded = items.iter().filter(|it| task(it).is_some_and(|it| it.reworded.is_some())).count();
        let said = [
            (gone, "without a line there"),
            (twice, "with more than one line there, which are left alone"),
            (reworded, "reworded there"),
        ];
        let said = said.iter().filter(|(count, _)| *count > 0);
        said.map(|(count, what)| format!("{count} {} {what}", plural(*count, "item"))).collect()
    }

    /// The plan that puts ticks on the tracking issue.
    pub(crate) fn draft_ticks(&self, now: DateTime<Utc>) -> Result<(String, Vec<Errand>), Refusal> {
        let ask = "publish ticks";
        let Some(target) = self.tracking_issue() else {
            let refusal = Refusal::new(ask, "", "no tracking issue is known");
            return Err(refusal.hint("X opens it, or a attaches its address to its item"));
        };
        let ticks = self.ticks_to_publish(now);
        if ticks.is_empty() {
            let why = match self.task_notes().into_iter().next() {
                _ if self.tasks.issue.as_ref() != Some(&target) => {
                    "its task list was not read yet".to_owned()
                }
                Some(note) => format!("nothing waits to be published; {note}"),
                None => "it says what the checklist says".to_owned(),
            };
            return Err(Refusal::new(ask, target.to_string(), why).hint("r looks again"));
        }
        let it = TickTasks { target, ticks };
        let title = it.line();
        let title = title[..1].to_uppercase() + &title[1..];
        Ok((shown(&title, 120), vec![Errand::TickTasks(it)]))
    }
}
