//! A hotfix: its branch starts at the tag that runs in production, or goes on with the release branch.

use super::Release;
use super::ask::Refusal;
use super::entry::Stamp;
use super::errand::{CreateBranch, Errand};
use super::ids::Branch;
use super::plan::{Danger, Plan, Step};
use crate::process::{HotfixFrom, LineKind};
use crate::version::Bump;

impl Release {
    /// Whether the branch of this release starts at the tag that runs in production: the process says so, it is a fix
    /// of a released version, and the branch is not there yet.
    #[must_use]
    pub fn starts_at_a_tag(&self) -> bool {
        let process = self.process.as_ref();
        process.is_some_and(|process| process.hotfix.from == HotfixFrom::Tag)
            && self.stream().is_some_and(|stream| stream.bump == Bump::Patch)
    }

    /// The plan that makes the branch of a hotfix at the tag of the final version before it.
    pub(crate) fn draft_hotfix_branch(&self, stamp: &Stamp) -> Result<Plan, Refusal> {
        let ask = "start a hotfix";
        let refuse = |why: String| Refusal::new(ask, self.name(), why);
        let process = self.process.clone().ok_or_else(|| refuse("no process is known".to_owned()))?;
        if !self.starts_at_a_tag() {
            let hint = "B in Branches makes one at the tip of another";
            return Err(refuse("its branch does not start at a tag".to_owned()).hint(hint));
        }
        let version = self.version().ok_or_else(|| refuse("its version is not known".to_owned()))?;
        let name = process.branch_of_kind(&version, LineKind::Hotfix);
        let name = name.or_else(|_| process.branch_for(&version)).map_err(|why| refuse(why.to_string()))?;
        let target = Branch::parse(&name).map_err(|bad| refuse(bad.to_string()))?;
        if self.lines.0.contains_key(&target) {
            return Err(refuse(format!("{} exists already", target.line())).hint("4 shows it"));
        }
        if self.unread(super::looks::Topic::Git, "").is_some() {
            return Err(refuse("the tags of the clone were not read yet".to_owned()).hint("r looks again"));
        }
        let (_, row) = self.last_final().ok_or_else(|| {
            refuse("there is no final version before it: nothing runs in production".to_owned())
        })?;
        let title = format!("Start the hotfix {} at {}", target.line(), row.tag.line());
        let errand = Errand::CreateBranch(CreateBranch {
            target: target.clone(),
            at: row.oid,
            from: self.trunk().unwrap_or_else(|| target.clone()),
            tag: Some(row.tag.clone()),
        });
        let steps = vec![Step::new(stamp.op(1), errand)];
        let danger = Danger::Typed(target.as_str().to_owned());
        Ok(Plan { id: stamp.op(0), title, steps, danger, trust: !self.trusted, cut: None })
    }
}
