//! Who is asked to review a pull request, and what it is dressed with.

use super::User;
use super::issue::Issue;
use serde::Deserialize;

/// A team that is asked to review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Team {
    /// Its name in addresses.
    pub slug: Option<String>,
}

/// Who is asked to review and has not done so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Requested {
    /// People.
    pub users: Option<Vec<User>>,
    /// Teams.
    pub teams: Option<Vec<Team>>,
}

/// What a pull request has of labels and people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dress {
    /// The pull request as an issue: its labels and assignees.
    pub issue: Issue,
    /// Everybody who was asked to review or has done so, and teams by their slug.
    pub asked: Vec<String>,
}
