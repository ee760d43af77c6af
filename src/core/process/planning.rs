//! What goes into a release: milestone, labels, features, trackers, picks, checks.

use super::backport::PickBackport;
use super::checklist::On;
use super::span::Span;
use super::triage::{PickPublish, Triage};
use serde::{Deserialize, Serialize};

/// `[milestone]`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MilestoneRules {
    /// `title`: how a milestone is called, with `{tag}`, `{version}`, `{major}`, `{minor}`, `{patch}`.
    pub title: Option<String>,
    /// `issues_only`: whether a pull request in a milestone is a finding; default no.
    pub issues_only: bool,
    /// `rationale_required`: whether an issue may leave only with a written reason; default no.
    pub rationale_required: bool,
    /// `rollover`: whether the rest moves to the next milestone at close; default no.
    pub rollover: bool,
    /// `repositories`: more repositories that have the milestone, `owner/name`, beside the one that is open.
    pub repositories: Vec<String>,
    /// `managed_by`: role ids of who may change milestones; default everybody with the permission.
    pub managed_by: Vec<String>,
    /// `tracking_issue`: title of the tracking issue, with the placeholders of `title`; default none is kept.
    pub tracking_issue: Option<String>,
    /// `tracking_body`: text of the tracking issue, with the same, `{due}` and `{checklist}`, a task list of the stages;
    /// default a line and the list.
    pub tracking_body: Option<String>,
    /// `tracking_labels`: labels of the tracking issue.
    pub tracking_labels: Vec<String>,
}

impl super::Process {
    /// The title that the milestone of a version has.
    #[must_use]
    pub fn milestone_title(&self, version: &crate::version::Version) -> String {
        let form = self.milestone.title.as_deref().unwrap_or("{tag}");
        self.fill(form, &self.version.tag(version), version)
    }

    /// A text with `{tag}`, `{version}`, `{major}`, `{minor}` and `{patch}` filled in.
    #[must_use]
    pub fn fill(&self, form: &str, tag: &str, version: &crate::version::Version) -> String {
        form.replace("{tag}", tag)
            .replace("{version}", &version.to_string())
            .replace("{major}", &version.major().to_string())
            .replace("{minor}", &version.minor().to_string())
            .replace("{patch}", &version.patch().to_string())
    }

    /// What a pattern of [`Picks::labels`] says for a release branch; none when the branch is no line.
    #[must_use]
    pub fn pick_label(&self, pattern: &str, branch: &str) -> Option<String> {
        let line = self.line_of(branch)?;
        let minor = line.minor.map(|minor| minor.to_string()).unwrap_or_default();
        let label = pattern.replace("{branch}", branch).replace("{major}", &line.major.to_string());
        Some(label.replace("{minor}", &minor))
    }
}

/// `[labels]`: names, with `*` for any run of characters; case does not count.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Labels {
    /// `blockers`: labels that make an issue block the release.
    pub blockers: Vec<String>,
    /// `severity`: labels in meeting order, the worst first.
    pub severity: Vec<String>,
    /// `features`: labels of features.
    pub features: Vec<String>,
    /// `bugs`: labels of bug fixes.
    pub bugs: Vec<String>,
    /// `breaking`: labels of breaking changes.
    pub breaking: Vec<String>,
    /// `security`: labels of security fixes.
    pub security: Vec<String>,
    /// `nominated`: labels by which people ask for a fix in a patch release.
    pub nominated: Vec<String>,
    /// `triage`: labels of what nobody has judged yet.
    pub triage: Vec<String>,
    /// `broke`: labels of commits or pull requests that broke something.
    pub broke: Vec<String>,
    /// `testing`: labels of test results, such as flaky tests or tested features.
    pub testing: Vec<String>,
}

/// `[features]`: the life of a feature over releases.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Features {
    /// `[[features.steps]]`: in order.
    pub steps: Vec<LifecycleStep>,
    /// `min_releases`: how many releases a significant feature takes at least.
    pub min_releases: Option<u32>,
    /// `preview_min_releases`: how many a preview feature takes at least.
    pub preview_min_releases: Option<u32>,
}

/// `[[features.steps]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleStep {
    /// `id`: `"design"`.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `labels`: labels that say a feature is at this step.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// `[[trackers]]`: an issue tracker beside the milestone.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tracker {
    /// `id`: its name in other tables.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `kind`: `"attested"`, or `{ jira = { url = "…", query = "…" } }`.
    pub kind: TrackerKind,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

/// How a tracker is read.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum TrackerKind {
    /// A person looks and says so, with a link.
    Attested,
    /// Jira, asked by a query.
    Jira {
        /// `url`: the site: `"https://example.atlassian.net"`.
        url: String,
        /// `query`: JQL that finds what is still open, with the placeholders of the milestone title.
        query: String,
    },
}

/// Which way a fix goes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Into trunk, then picked to the lines.
    #[default]
    TrunkFirst,
    /// Into the lines, then merged or picked to trunk.
    LineFirst,
    /// Either.
    Either,
}

/// `[picks]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Picks {
    /// `labels`: labels that ask for a pick, with `{branch}`, `{major}`, `{minor}` of the line: `"backport {branch}"`.
    pub labels: Vec<String>,
    /// `done_labels`: labels that say a pick has landed.
    pub done_labels: Vec<String>,
    /// `milestone`: whether pull requests that are merged on trunk and stand in a line's milestone are proposed for the
    /// line; default no. The release's own line has the milestone of the release, another one the open milestones whose
    /// title is a version of it.
    pub milestone: bool,
    /// `commands`: comments that ask for a pick, with the same placeholders in their last word; default
    /// `["/cherry-pick {branch}", "/cherrypick {branch}", "/backport {branch}", "@mergifyio backport {branch}"]`, and
    /// `[]` for none. A command counts when an owner, a member or a collaborator wrote it.
    pub commands: Vec<String>,
    /// `bot`: login of the bot that opens backports: `"mergify[bot]"`.
    pub bot: Option<String>,
    /// `branch`: how a pick's own branch is called, with `{number}` and `{branch}`: `"backport-{number}-to-{branch}"`;
    /// a backport that gonogo opens gets `"backport/{number}-to-{branch}"` unless it is set.
    pub branch: Option<String>,
    /// `direction`: `"trunk-first"` (default), `"line-first"` or `"either"`.
    pub direction: Direction,
    /// `record_origin`: whether a pick must name its source (`git cherry-pick -x`); default no.
    pub record_origin: bool,
    /// `sign_off`: whether a pick that is applied gets a `Signed-off-by` line (`git cherry-pick -s`); default no.
    pub sign_off: bool,
    /// `approved_by`: role ids of who decides; default everybody.
    pub approved_by: Vec<String>,
    /// `branch_only_paths`: files that change only on a release branch (final versions in manifests and docs), so
    /// that such commits do not count as missing on trunk.
    pub branch_only_paths: Vec<String>,
    /// `paths`: a change on trunk that touches one of these is proposed for every active line that does not have it:
    /// `"charts/**"`. `*` stops at a slash and `**` does not; a directory stands for all that is in it.
    pub paths: Vec<String>,
    /// `reason_required`: decisions that are taken only with a reason: `["reject", "defer", "not-needed"]`; default
    /// none.
    pub reason_required: Vec<Triage>,
    /// `questions`: what is asked of who accepts a pick: `["What bug does it fix?", "How was it verified?"]`; the
    /// answers go into the journal. Default none.
    pub questions: Vec<String>,
    /// `[picks.publish]`: what each decision becomes on the forge.
    pub publish: PickPublish,
    /// `[picks.backport]`: how backport pull requests are written.
    pub backport: PickBackport,
}

impl Default for Picks {
    fn default() -> Self {
        let commands = ["/cherry-pick", "/cherrypick", "/backport", "@mergifyio backport"];
        Self {
            labels: Vec::new(),
            done_labels: Vec::new(),
            milestone: false,
            commands: commands.map(|words| format!("{words} {{branch}}")).to_vec(),
            bot: None,
            branch: None,
            direction: Direction::default(),
            record_origin: false,
            sign_off: false,
            approved_by: Vec::new(),
            branch_only_paths: Vec::new(),
            paths: Vec::new(),
            reason_required: Vec::new(),
            questions: Vec::new(),
            publish: PickPublish::default(),
            backport: PickBackport::default(),
        }
    }
}

/// `[ci]`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ci {
    /// `required`: check names that must be green, beside what branch protection and rulesets require; `*` stands
    /// for any run of characters.
    pub required: Vec<String>,
    /// `[[ci.suites]]`: named groups of checks.
    pub suites: Vec<Suite>,
    /// `merge_queue`: whether the merge queue is shown; default no.
    pub merge_queue: bool,
}

/// `[[ci.suites]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// `id`: its name in gates.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `checks`: check or workflow names, with `*`.
    pub checks: Vec<String>,
    /// `on`: `"trunk"` (default), `"line"` or `"candidate"`.
    #[serde(default)]
    pub on: On,
    /// `max_age`: how old its last result may be.
    #[serde(default)]
    pub max_age: Option<Span>,
    /// `role`: role id of who watches it.
    #[serde(default)]
    pub role: Option<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}
