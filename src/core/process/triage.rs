//! What a project does when a pick is decided: reasons, labels, comments.

use serde::Deserialize;

/// A decision about a pick, as the keys of `[picks]` name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Triage {
    /// It goes to the line.
    Accept,
    /// Not in this release.
    Defer,
    /// It does not go to the line.
    Reject,
    /// The line does not need it.
    NotNeeded,
}

/// `[picks.publish]`: what a decision becomes on the forge once it is published; what is left out becomes nothing.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct PickPublish {
    /// `[picks.publish.accept]`.
    pub accept: PickNews,
    /// `[picks.publish.defer]`.
    pub defer: PickNews,
    /// `[picks.publish.reject]`.
    pub reject: PickNews,
    /// `[picks.publish.not-needed]`.
    pub not_needed: PickNews,
}

/// Labels and a comment on the pull request that is picked. Labels may hold `{branch}`, `{major}`, `{minor}` of the
/// line, the comment also `{line}` (the same as `{branch}`), `{decision}`, `{why}`, `{answers}`, `{by}`, `{number}`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PickNews {
    /// `add_labels`: labels that it gets: `["cherry-pick-approved"]`.
    pub add_labels: Vec<String>,
    /// `remove_labels`: labels that it loses: `["cherry-pick-candidate"]`.
    pub remove_labels: Vec<String>,
    /// `comment`: what is said on it; default nothing.
    pub comment: Option<String>,
}

impl PickPublish {
    /// What a decision becomes.
    #[must_use]
    pub fn of(&self, decision: Triage) -> &PickNews {
        match decision {
            Triage::Accept => &self.accept,
            Triage::Defer => &self.defer,
            Triage::Reject => &self.reject,
            Triage::NotNeeded => &self.not_needed,
        }
    }

    /// Each decision with its table's name.
    pub(super) fn each(&self) -> [(&'static str, &PickNews); 4] {
        [
            ("accept", &self.accept),
            ("defer", &self.defer),
            ("reject", &self.reject),
            ("not-needed", &self.not_needed),
        ]
    }
}

impl PickNews {
    /// Whether nothing is said and no label changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.add_labels.is_empty() && self.remove_labels.is_empty() && self.comment.is_none()
    }
}
