//! How the release stands, as a comment on its tracking issue: the poll in Markdown.

use crate::release::Release;
use crate::release::announce::tame;
use crate::release::ask::Refusal;
use crate::release::errand::{CommentIssue, Errand};
use crate::release::poll::verdict;
use crate::release::text::{Untrusted, markdown};
use chrono::{DateTime, Utc};

impl Release {
    /// How the release stands, in Markdown that calls nobody: the verdict, each gate with what it rests on, the checklist,
    /// and the milestone's day.
    #[must_use]
    pub fn status_text(&self, now: DateTime<Utc>) -> String {
        let poll = self.poll(now);
        let day = now.format("%Y-%m-%d %H:%M UTC");
        let mut out = format!("**{}: {}** ({day})\n\n", markdown(&self.name(), 80), verdict(&poll).word());
        if !poll.is_empty() {
            out.push_str("| Gate | | |\n|---|---|---|\n");
        }
        for gate in &poll {
            let optional = if gate.required { "" } else { ", optional" };
            let (title, reason) = (markdown(&gate.title, 80), markdown(&gate.reason(), 300));
            out.push_str(&format!("| {title} | {}{optional} | {reason} |\n", gate.verdict.word()));
        }
        let (done, all) = self.progress(None, now);
        if all > 0 {
            out.push_str(&format!("\nChecklist: {done} of {all} settled."));
        }
        if let Some(due) = self.milestones.due() {
            out.push_str(&format!("\nDue: {}.", due.format("%Y-%m-%d")));
        }
        tame(&out)
    }

    /// The plan that says how the release stands on its tracking issue.
    pub(crate) fn draft_status(&self, now: DateTime<Utc>) -> Result<(String, Vec<Errand>), Refusal> {
        let Some(target) = self.tracking_issue() else {
            let refusal = Refusal::new("post a status", "", "no tracking issue is known");
            return Err(refusal.hint("the item that makes it opens it, or a there attaches its address"));
        };
        let text = Untrusted::from(self.status_text(now));
        let title = format!("Say on {target} how the release stands");
        Ok((title, vec![Errand::CommentIssue(CommentIssue { target, text })]))
    }
}
