//! What leaves the house: artifacts, channels, announcements, notes; hotfix and rollback; what is measured.

use serde::{Deserialize, Serialize};

/// `[[artifacts]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// `id`: its name in other tables.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `at`: where it is seen: `{ pypi = { package = "…" } }`, `{ oci = { image = "…" } }`, ….
    pub at: ArtifactKind,
    /// `of`: `"final"` (default) or `"candidate"`: which versions are published there.
    #[serde(default)]
    pub of: Of,
    /// `required`: default yes.
    #[serde(default = "yes")]
    pub required: bool,
    /// `streams`: ids of the streams it belongs to; default all.
    #[serde(default)]
    pub streams: Vec<String>,
    /// `group`: group id of who makes it.
    #[serde(default)]
    pub group: Option<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

fn yes() -> bool {
    true
}

/// Which versions an artifact is made of.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    /// Final versions.
    #[default]
    Final,
    /// Candidates.
    Candidate,
}

/// Where an artifact is seen. Texts may hold `{version}`, `{tag}`, `{major}`, `{minor}`, `{patch}`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ArtifactKind {
    /// A Python package index.
    Pypi {
        /// `package`: its name.
        package: String,
        /// `index`: the index; default `https://pypi.org`.
        #[serde(default)]
        index: Option<String>,
    },
    /// The npm registry.
    Npm {
        /// `package`: its name, with its scope: `"@owner/name"`.
        package: String,
        /// `registry`: the registry; default npm's own.
        #[serde(default)]
        registry: Option<String>,
    },
    /// A crate registry.
    Crate {
        /// `package`: its name.
        package: String,
        /// `registry`: the sparse index; default that of crates.io.
        #[serde(default)]
        registry: Option<String>,
    },
    /// A container registry, by the OCI distribution API.
    Oci {
        /// `image`: `"docker.io/owner/name"`; a registry on this machine (`"localhost:5000/name"`) is asked by http.
        image: String,
        /// `tag`: default the version.
        #[serde(default)]
        tag: Option<String>,
        /// `platforms`: `["linux/amd64"]`; default any.
        #[serde(default)]
        platforms: Vec<String>,
        /// `same_as`: id of another image whose digest this tag must have: how a channel's tag that moves is seen to
        /// name this version; default none.
        #[serde(default)]
        same_as: Option<String>,
    },
    /// A Helm chart, by `index.yaml` or in a container registry.
    Helm {
        /// `repo`: `"https://…"` or `"oci://…"`.
        repo: String,
        /// `chart`: its name.
        chart: String,
    },
    /// A release on GitHub with its files.
    GithubRelease {
        /// `repository`: `owner/name`; default the one that is open.
        #[serde(default)]
        repository: Option<String>,
        /// `assets`: names of files, with `*`; default none are asked for.
        #[serde(default)]
        assets: Vec<String>,
        /// `checksums`: whether a checksum file must match; default no.
        #[serde(default)]
        checksums: bool,
    },
    /// A branch of code.
    Branch,
    /// A tag.
    Tag,
    /// Anything with an address.
    Url {
        /// `url`: where; it must answer 200.
        url: String,
        /// `contains`: text that the answer must hold.
        #[serde(default)]
        contains: Option<String>,
    },
    /// A person says so, with a link: a note with an address on a checklist item that checks this artifact.
    Attested,
}

/// `[[channels]]`: a channel that a release is promoted through.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// `id`: `"alpha"`.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `workflow`: workflow file that promotes.
    #[serde(default)]
    pub workflow: Option<String>,
    /// `inputs`: what that workflow is given, with `{version}`, `{tag}`, `{commit}`, `{branch}`, `{channel}`; default
    /// `{ channel = "{channel}", version = "{version}" }`.
    #[serde(default)]
    pub inputs: std::collections::BTreeMap<String, String>,
    /// `artifacts`: artifact ids that must be seen in it.
    #[serde(default)]
    pub artifacts: Vec<String>,
    /// `after`: channel id that comes before.
    #[serde(default)]
    pub after: Option<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

/// Who a text is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Everybody.
    #[default]
    External,
    /// Only the project or company.
    Internal,
}

/// Where an announcement goes.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Venue {
    /// A Discord channel: `"#announcements"`.
    Discord(String),
    /// A Slack channel.
    Slack(String),
    /// A Teams channel.
    Teams(String),
    /// Twitter, now X: the account.
    Twitter(String),
    /// A subreddit or another forum.
    Forum(String),
    /// A mailing list.
    Mail(String),
    /// Anything that takes JSON by a webhook: its name.
    Webhook(String),
    /// A comment on the tracking issue.
    TrackingIssue,
    /// A discussion on GitHub, by the name of its category: `{ discussion = "Announcements" }`.
    Discussion(String),
    /// The text of the release on GitHub, below what is there.
    Release,
    /// The clipboard: the person pastes.
    Clipboard,
}

/// `[[announcements]]`, in order.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// `id`: its name in other tables.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `to`: `{ slack = "#announcements" }`.
    pub to: Venue,
    /// `audience`: `"external"` (default) or `"internal"`; the texts are kept apart.
    #[serde(default)]
    pub audience: Audience,
    /// `of`: `"final"` (default) or `"candidate"`: which versions it is about. One about candidates is made once for each,
    /// and what stands in braces is the newest candidate's.
    #[serde(default)]
    pub of: Of,
    /// `template`: its text, with `{version}`, `{tag}`, `{title}`, `{notes_url}`, `{link:ID}` (the link that an
    /// earlier announcement left), and `{field:NAME}` for each name in `fields`.
    #[serde(default)]
    pub template: String,
    /// `fields`: what must be filled in before it may leave: `["features", "known issues"]`.
    #[serde(default)]
    pub fields: Vec<String>,
    /// `uses`: announcement ids whose links it needs; they come first.
    #[serde(default)]
    pub uses: Vec<String>,
    /// `thread_of`: announcement id whose thread of Discord it is posted into; it comes first.
    #[serde(default)]
    pub thread_of: Option<String>,
    /// `copy_of`: announcement id whose text it repeats.
    #[serde(default)]
    pub copy_of: Option<String>,
    /// `role`: role id of who sends it.
    #[serde(default)]
    pub role: Option<String>,
    /// `streams`: ids of the streams it belongs to; default all.
    #[serde(default)]
    pub streams: Vec<String>,
    /// `required`: default yes.
    #[serde(default = "yes")]
    pub required: bool,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

/// `[[parties]]`: somebody who is told and followed: told, acknowledged, packaged.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// `id`: its name.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `contact`: where it is told.
    #[serde(default)]
    pub contact: Option<String>,
    /// `steps`: what is followed, in order; default told, acknowledged, packaged.
    #[serde(default)]
    pub steps: Vec<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

/// What release notes are made from.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotesFrom {
    /// Merged pull requests and their labels.
    #[default]
    PullRequests,
    /// Conventional commits.
    Commits,
    /// GitHub's generated notes.
    Github,
}

/// `[notes]`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notes {
    /// `from`: `"pull-requests"` (default), `"commits"` or `"github"`.
    pub from: NotesFrom,
    /// `[[notes.sections]]`: in order.
    pub sections: Vec<NotesSection>,
    /// `changelog`: file that the notes of a final version are written to as well, in the commit of `[[cut.edits]]`, or in
    /// one of their own where the final version is not the commit of a tested candidate: `"CHANGELOG.md"`.
    pub changelog: Option<String>,
    /// `kept_at`: where the notes of each release are found, with `{tag}`, `{major}`, `{minor}`.
    pub kept_at: Option<String>,
    /// `rotates_among`: whose turn it is to prepare them: `"company"`, or a role id.
    pub rotates_among: Option<String>,
    /// `feedback`: whether a draft is shown for comments before it is published; default no.
    pub feedback: bool,
    /// `irreversible`: what publishing sets off: `"mails all watchers"`.
    pub irreversible: Option<String>,
}

impl Notes {
    /// Whether a part of them is for the project or company alone.
    #[must_use]
    pub fn has_internal(&self) -> bool {
        self.sections.iter().any(|it| it.audience == Audience::Internal)
    }
}

/// `[[notes.sections]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotesSection {
    /// `title`: its heading.
    pub title: String,
    /// `labels`: labels of what goes in, with `*`.
    #[serde(default)]
    pub labels: Vec<String>,
    /// `required`: whether it must be written, even if it says "none"; default no.
    #[serde(default)]
    pub required: bool,
    /// `audience`: `"external"` (default) or `"internal"`.
    #[serde(default)]
    pub audience: Audience,
}

/// `[hotfix]`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hotfix {
    /// `from`: what a fix starts at: `"line"` (the head of the release branch, default), `"tag"` (the released tag).
    pub from: HotfixFrom,
    /// `merge_back`: whether the release is closed only when the fix is on all active branches; default no.
    pub merge_back: bool,
    /// `merge_back_by`: how it may come back: `["merge", "pick"]`; default either.
    pub merge_back_by: Vec<String>,
    /// `approved_by`: role ids of who approves; default nobody has to.
    pub approved_by: Vec<String>,
}

/// What a hotfix starts at.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HotfixFrom {
    /// The head of the release branch.
    #[default]
    Line,
    /// The tag that runs in production.
    Tag,
}

/// `[rollback]`.
#[derive(Clone, PartialEq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rollback {
    /// `[[rollback.severities]]`: from the worst down.
    pub severities: Vec<SeverityRule>,
    /// `stage`: id of the stage that holds its steps.
    pub stage: Option<String>,
    /// `decided_by`: role ids of who decides.
    pub decided_by: Vec<String>,
}

/// `[[rollback.severities]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeverityRule {
    /// `id`: `"critical"`.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `then`: `"roll-back"`, `"hotfix"` or `"wait"`.
    pub then: Then,
}

/// What follows from a severity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// Roll back at once.
    RollBack,
    /// Make a hotfix.
    Hotfix,
    /// Wait for the next release.
    Wait,
}

/// `[[metrics]]`: what is measured from release to release.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// `id`: its name.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `unit`: `"days"`.
    #[serde(default)]
    pub unit: String,
    /// `about`: how it is measured.
    #[serde(default)]
    pub about: String,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}
