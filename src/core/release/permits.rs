//! What the process permits to roles beyond asks and plans: items that are somebody's, and plans that somebody else began.

use super::Release;
use super::ask::{Ask, Refusal};
use super::errand::Errand;
use super::ids::{OpId, Tag};
use super::roles::Permit;
use crate::process::{Item, Occasion};
use crate::version::{TagKind, classify};

impl Release {
    /// The roles that alone may settle an item: those that approve hotfixes where it is their approval, and the item's
    /// own where the process says that it binds. None where anybody may.
    pub(super) fn bound_to(&self, id: &str) -> Option<Vec<String>> {
        let process = self.process.as_ref()?;
        let (stage, item) = process.items().find(|(_, item)| item.id == id)?;
        let role = item.role.clone()?;
        if stage.when == Occasion::Hotfix && process.hotfix.approved_by.contains(&role) {
            return Some(process.hotfix.approved_by.clone());
        }
        item.binding.then(|| vec![role])
    }

    /// What settling an item, or opening it again, takes.
    pub(super) fn permit_of_tick(&self, id: &str) -> Option<Permit> {
        let item = self.process.as_ref()?.item(id)?;
        let roles = self.bound_to(id)?;
        let ask = if item.binding { "settle this item" } else { "approve a hotfix" };
        Some(Permit { ask, target: self.item_text(id), roles })
    }

    /// Whose item it is, where this person is not among them and may settle it all the same: `it is QA's (ben)`.
    #[must_use]
    pub fn of_others(&self, id: &str) -> Option<String> {
        let role = self.process.as_ref()?.item(id).and_then(|item: &Item| item.role.clone())?;
        if self.roles.of(&role).is_empty() || self.holds_one_of(std::slice::from_ref(&role)) {
            return None;
        }
        Some(format!("the item of {}", self.who(&[role])))
    }

    /// Refuses to go on with a plan, or to attest what became of an errand, where a step of it is for others. Stopping is
    /// for everybody.
    pub(super) fn may_go_on(&self, ask: &Ask) -> Result<(), Refusal> {
        let errands: Vec<&Errand> = match ask {
            Ask::GoOn { plan, .. } => self.waiting_in(plan),
            Ask::Attest { op, .. } => self.outbox.open.get(op).map(|open| &open.errand).into_iter().collect(),
            _ => return Ok(()),
        };
        errands.into_iter().try_for_each(|errand| self.permitted(self.permit_of_errand(errand)))
    }

    fn waiting_in(&self, plan: &OpId) -> Vec<&Errand> {
        let plan = self.outbox.plans.iter().find(|it| it.plan == *plan);
        plan.into_iter().flat_map(|plan| &plan.waiting).map(|step| &step.errand).collect()
    }

    /// What an errand takes: what the plan took that it is a step of.
    fn permit_of_errand(&self, errand: &Errand) -> Option<Permit> {
        let process = self.process.as_ref()?;
        let permit = |ask, target: String, roles| Some(Permit { ask, target, roles });
        let of_tag = |tag: &Tag, last: bool| {
            let is_final = classify(&process.version, tag.as_str()).kind == TagKind::Final;
            match (is_final, last) {
                (false, _) => permit("go on with a candidate", tag.line(), self.with_right("candidate")),
                (true, false) => permit("go on with the final version", tag.line(), self.with_right("final")),
                (true, true) => permit("go on with a publication", tag.line(), self.with_right("publish")),
            }
        };
        match errand {
            Errand::TagVersion(it) => of_tag(&it.target, false),
            Errand::PushTag(it) => of_tag(&it.target, false),
            Errand::DraftRelease(it) => of_tag(&it.target, false),
            Errand::UploadAsset(it) => of_tag(&it.target, true),
            Errand::PublishRelease(it) => of_tag(&it.target, true),
            Errand::CreateBranch(it) => {
                let right = if it.tag.is_some() { "hotfix" } else { "branch" };
                permit("go on with a branch", it.target.line(), self.with_right(right))
            }
            Errand::MoveIssue(_) | Errand::CreateMilestone(_) => {
                permit("go on with a milestone", errand.target(), process.milestone.managed_by.clone())
            }
            Errand::Announce(it) => {
                let said = process.announcements.iter().find(|known| *known.id == *it.id)?;
                permit("go on with an announcement", errand.target(), said.role.iter().cloned().collect())
            }
            _ => None,
        }
    }
}
