//! The pages of a plan: keys that turn them, and what comes in for them.

use super::{Batch, State};
use crate::release::ask::Effect;
use crate::release::cut::FilePreview;
use crate::release::errand::Errand;
use crate::release::ids::OpId;
use crate::release::plan::Plan;
use crate::release::text::Untrusted;
use crate::screen::dialog::{Dialog, Input};
use crate::screen::keys::{Code, Key};
use crate::screen::paging::{Files, Paging, pages};

/// Opens a plan at its first page. What its version changes in files is asked for.
pub(super) fn open(state: &mut State, plan: Plan, batch: &mut Batch) {
    let bump = plan.steps.iter().find_map(|step| match &step.errand {
        Errand::BumpVersion(it) => Some(Box::new(it.clone())),
        _ => None,
    });
    if let Some(bump) = bump.filter(|_| plan.cut.is_some()) {
        batch.now.push(Effect::ForeseeBump(plan.id.clone(), bump));
    }
    let (typed, paging) = (Input::default(), Paging::default());
    state.screen.dialogs.push(Dialog::Plan { plan, go: false, typed, top: 0, refusal: None, paging });
    state.dirty = true;
}

/// What a version changes in files is known: the plan that is open shows it.
pub(super) fn foreseen(state: &mut State, id: &OpId, found: Result<Vec<FilePreview>, Untrusted>) {
    let open = state.screen.dialogs.iter_mut().find_map(|dialog| match dialog {
        Dialog::Plan { plan, paging, .. } if plan.id == *id => Some(paging),
        _ => None,
    });
    if let Some(paging) = open {
        paging.files = match found {
            Ok(files) => Files::Fit(files),
            Err(why) => Files::Unfit(why),
        };
        state.dirty = true;
    }
}

/// A key that turns a page, or that a page before the last has; false when it is for the last page.
pub(super) fn key(plan: &Plan, paging: &mut Paging, top: &mut usize, typed: &Input, key: Key) -> bool {
    let last = pages(plan).len() - 1;
    let is_last = paging.at >= last;
    let to = match key.code {
        Code::BackTab => Some(paging.at.saturating_sub(1)),
        Code::Left if !is_last || typed.text.is_empty() => Some(paging.at.saturating_sub(1)),
        _ if is_last => return false,
        Code::Char('h') => Some(paging.at.saturating_sub(1)),
        Code::Tab | Code::Right | Code::Enter | Code::Char('l') => Some(paging.at + 1),
        Code::Char(digit @ '1'..='9') => {
            digit.to_digit(10).and_then(|at| usize::try_from(at).ok()).map(|at| at - 1)
        }
        _ => {
            super::dialogs::scroll_key(top, key);
            None
        }
    };
    if let Some(to) = to.filter(|to| *to <= last) {
        (paging.at, *top) = (to, 0);
    }
    true
}
