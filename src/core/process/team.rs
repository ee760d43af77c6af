//! The people of a release: roles, groups, reports.

use super::span::Span;
use serde::Deserialize;

/// `[[roles]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// `id`: its name in other tables.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `about`: what the holder does.
    #[serde(default)]
    pub about: String,
    /// `min`: how many holders there must be; default 1.
    #[serde(default = "one")]
    pub min: u32,
    /// `preferred`: how many there should be.
    #[serde(default)]
    pub preferred: Option<u32>,
    /// `max`: how many there may be; default no limit.
    #[serde(default)]
    pub max: Option<u32>,
    /// `must_have_been`: role ids, one of which the person must have held in an earlier release.
    #[serde(default)]
    pub must_have_been: Vec<String>,
    /// `one_per_company`: whether two holders may not come from one company; default they may.
    #[serde(default)]
    pub one_per_company: bool,
    /// `from`: where holders come from: `"anyone"`, `"codeowners"`, `{ team = "org/team" }`, `{ people = ["…"] }`.
    #[serde(default)]
    pub from: RoleSource,
    /// `phases`: ids of the phases the role acts in; default all.
    #[serde(default)]
    pub phases: Vec<String>,
    /// `may_delegate_to`: role ids that may act in its place for a time.
    #[serde(default)]
    pub may_delegate_to: Vec<String>,
    /// `same_rights_as`: role id whose rights its holders share.
    #[serde(default)]
    pub same_rights_as: Option<String>,
    /// `joins_team`: GitHub team that holders are added to: `"org/release-team"`.
    #[serde(default)]
    pub joins_team: Option<String>,
    /// `rights`: what only this role and those it delegates to may do: `["branch", "candidate", "publish"]`.
    #[serde(default)]
    pub rights: Vec<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

fn one() -> u32 {
    1
}

/// Where the holders of a role come from.
#[derive(Clone, PartialEq, Eq, Default, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum RoleSource {
    /// Anybody.
    #[default]
    Anyone,
    /// Whoever the repository's CODEOWNERS file names.
    Codeowners,
    /// Members of a GitHub team, `org/team`.
    Team(String),
    /// These logins.
    People(Vec<String>),
}

/// `[[groups]]`: a team that owns repositories or checklist items.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// `id`: its name in other tables.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `about`: what it is responsible for in a release.
    #[serde(default)]
    pub about: String,
    /// `repositories`: `owner/name` of what it owns.
    #[serde(default)]
    pub repositories: Vec<String>,
    /// `leads`: logins.
    #[serde(default)]
    pub leads: Vec<String>,
    /// `members`: logins.
    #[serde(default)]
    pub members: Vec<String>,
    /// `contact`: where it is reached: a channel, a mailing list.
    #[serde(default)]
    pub contact: Vec<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

/// `[[reports]]`: what a role reports while the release runs.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// `id`: its name in other tables.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `role`: role id of who reports.
    pub role: String,
    /// `every`: `"weekly"`.
    pub every: Span,
    /// `phases`: ids of the phases it is due in; default all.
    #[serde(default)]
    pub phases: Vec<String>,
    /// `about`: what it says.
    #[serde(default)]
    pub about: String,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}
