//! The way back of an errand.

use super::{Errand, MoveIssue, StateIssue, UndoClass};
use crate::release::cut::DeleteTag;

impl Errand {
    /// Whether it can be taken back.
    #[must_use]
    pub fn undo_class(&self) -> UndoClass {
        match self {
            // It changes nothing, so there is nothing to take back.
            Self::ProbeUrl(_) => UndoClass::Local,
            // Until it is pushed.
            Self::TagVersion(_) | Self::BumpVersion(_) => UndoClass::Compensating,
            Self::CloseIssue(_)
            | Self::ReopenIssue(_)
            | Self::LabelIssue(_)
            | Self::UnlabelIssue(_)
            | Self::AssignIssue(_)
            | Self::UnassignIssue(_)
            | Self::MoveIssue(_) => UndoClass::Compensating,
            // Whatever comes new stays, until somebody says how it is taken back.
            _ => UndoClass::Cannot,
        }
    }

    /// The errand that takes this one back, where there is one.
    #[must_use]
    pub fn reverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::CloseIssue(it) => Self::ReopenIssue(StateIssue { not_planned: false, ..it }),
            Self::ReopenIssue(it) => Self::CloseIssue(it),
            Self::LabelIssue(it) => Self::UnlabelIssue(it),
            Self::UnlabelIssue(it) => Self::LabelIssue(it),
            Self::AssignIssue(it) => Self::UnassignIssue(it),
            Self::UnassignIssue(it) => Self::AssignIssue(it),
            // The number of the milestone it came from is looked up by the one who plans the way back.
            Self::MoveIssue(it) => {
                Self::MoveIssue(MoveIssue { from: it.to, to: it.from, to_number: None, ..it })
            }
            // What was not pushed goes again.
            Self::TagVersion(it) => Self::DeleteTag(DeleteTag { target: it.target, at: it.at? }),
            Self::CommentIssue(_)
            // What is unticked in the checklist is unticked there by the next plan.
            | Self::TickTasks(_)
            | Self::CreateMilestone(_)
            | Self::OpenIssue(_)
            | Self::RerunFailed(_)
            | Self::OpenPull(_)
            | Self::DressPull(_)
            | Self::DraftRelease(_)
            | Self::UploadAsset(_)
            | Self::PublishRelease(_)
            | Self::DispatchWorkflow(_)
            | Self::Announce(_)
            | Self::RunCommand(_)
            | Self::ProbeUrl(_)
            | Self::BumpVersion(_)
            | Self::DeleteTag(_)
            | Self::PushTag(_)
            | Self::CreateBranch(_)
            | Self::ApplyPicks(_)
            | Self::ResolvePicks(_)
            | Self::PushPicks(_)
            | Self::PushBackport(_) => {
                return None;
            }
        })
    }
}
