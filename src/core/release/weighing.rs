//! What changed on branches since their last final versions, weighed: which number the changes ask to raise.

use super::ids::{Branch, Oid, Tag};
use super::text::Untrusted;
use crate::version::Weight;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The changes of a branch, weighed by its commits and by the labels of their pull requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    /// The branch.
    pub branch: Branch,
    /// Its tip then.
    pub tip: Oid,
    /// The tag of its last final version then; none when it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Tag>,
    /// How many changes of each nature; what was taken back weighs nothing.
    pub weight: Weight,
    /// Changes that a label made heavier than their commits say.
    #[serde(default, skip_serializing_if = "is_none")]
    pub by_label: usize,
    /// Why labels weigh nothing, or not all of them, safe to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<Untrusted>,
    /// What somebody should look at: labels that the stream refuses, commits that were not weighed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Untrusted>,
}

/// Branches weighed, new or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighings {
    /// New and changed.
    pub rows: Vec<Weighing>,
    /// Branches that are weighed no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Branch>,
}

/// What is known of the weight of branches.
pub type Weights = BTreeMap<Branch, Weighing>;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Weighings {
    /// Takes in what was weighed.
    pub(crate) fn see(&self, known: &mut Weights) {
        for row in &self.rows {
            known.insert(row.branch.clone(), row.clone());
        }
        known.retain(|branch, _| !self.gone.contains(branch));
    }
}

/// What is said where labels made changes heavier; none where they did not.
#[must_use]
pub fn by_label(count: usize) -> Option<String> {
    let s = match count {
        0 => return None,
        1 => "1 change is".to_owned(),
        many => format!("{many} changes are"),
    };
    Some(format!("{s} heavier by the labels of the pull request than by the commits"))
}
