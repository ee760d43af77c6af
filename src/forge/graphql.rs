//! GraphQL documents, each a file so that a contract test can validate it, and how a reply is read.

use super::error::ForgeError;
use super::reading::Reply;
use crate::release::text::Untrusted;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// Checks of the newest commits of up to four branches. At most 4 × 10 × 50 contexts: 2,044 nodes, 1 point.
pub const CHECKS: &str = include_str!("checks.graphql");
/// More checks of one commit: at most 100 nodes, 1 point.
pub const MORE_CHECKS: &str = include_str!("more_checks.graphql");
/// How often issues were taken out of a milestone: at most 100 × (1 + 1 + 1) nodes, 1 point.
pub const ROLLS: &str = include_str!("rolls.graphql");
/// Releases, what protects branches, pull requests by label, by milestone and by the line they are for: at most 200
/// nodes, 100 a branch, a label and a milestone and 130 a line, 1 point.
pub const OVERVIEW: &str = include_str!("overview.graphql");
/// What a pull request is: at most 151 nodes each, and 100 comments where they are asked for; of fifty with their
/// comments 13,000 nodes and 3 points.
pub const CANDIDATES: &str = include_str!("candidates.graphql");
/// The state of all checks of commits: no nodes, 1 point.
pub const ROLLUPS: &str = include_str!("rollups.graphql");

/// Title, labels and author of pull requests, for release notes: at most 50 nodes each, of fifty 1 point.
pub const NOTES: &str = include_str!("notes.graphql");

/// What is needed to begin a discussion, and fifty of those begun last: at most 100 nodes, 1 point.
pub const DISCUSSIONS: &str = include_str!("discussions.graphql");
/// Begins a discussion.
pub const DISCUSS: &str = include_str!("discuss.graphql");

/// The last edits of an issue's text: at most 20 nodes, 1 point.
pub const EDITS: &str = include_str!("edits.graphql");

/// Every document by name.
pub const DOCUMENTS: &[(&str, &str)] = &[
    ("checks", CHECKS),
    ("more_checks", MORE_CHECKS),
    ("rolls", ROLLS),
    ("overview", OVERVIEW),
    ("candidates", CANDIDATES),
    ("rollups", ROLLUPS),
    ("notes", NOTES),
    ("discussions", DISCUSSIONS),
    ("discuss", DISCUSS),
    ("edits", EDITS),
];

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Answer {
    data: Option<Value>,
    errors: Option<Vec<Fault>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Fault {
    #[serde(rename = "type")]
    kind: Option<String>,
    message: Option<String>,
    path: Option<Vec<Value>>,
}

/// The data of a reply. Any error makes it one: a list with holes would look like a short list.
pub(crate) fn data(reply: &Reply) -> Result<Value, ForgeError> {
    answered(reply.json()?, reply)
}

/// What a query tells that asks for each thing by its own number.
#[derive(Debug)]
pub(crate) struct Told {
    /// The data.
    pub data: Value,
    /// The aliases of what does not exist, as GitHub says. What is null without that was not told.
    pub absent: BTreeSet<String>,
}

/// The data of a reply to a query that asks for each thing by its own number: what does not exist is null in it, and
/// spoils nothing else. Any other error is one.
pub(crate) fn data_of_some(reply: &Reply) -> Result<Told, ForgeError> {
    let mut answer: Answer = reply.json()?;
    let mut gone = BTreeSet::new();
    // `repository`, and the alias of what was asked for.
    let absent = |fault: &Fault| {
        let path = fault.path.as_ref().map_or(0, Vec::len);
        fault.kind.as_deref() == Some("NOT_FOUND") && path == 2
    };
    if answer.data.as_ref().is_some_and(Value::is_object) {
        for faults in answer.errors.iter_mut() {
            let aliases =
                faults.iter().filter(|fault| absent(fault)).filter_map(|it| it.path.as_ref()?.last());
            gone.extend(aliases.filter_map(|alias| Some(alias.as_str()?.to_owned())));
            faults.retain(|fault| !absent(fault));
        }
    }
    Ok(Told { data: answered(answer, reply)?, absent: gone })
}

fn answered(answer: Answer, reply: &Reply) -> Result<Value, ForgeError> {
    if let Some(fault) = answer.errors.and_then(|errors| errors.into_iter().next()) {
        let trail = Box::new(reply.trail.clone());
        if fault.kind.as_deref() == Some("RATE_LIMITED") {
            let now = chrono::Utc::now();
            let until = super::rate::reset(&reply.headers, now).unwrap_or(now + super::error::SECONDARY_WAIT);
            return Err(ForgeError::RateLimited { until, limit: super::error::Limit::Primary, trail });
        }
        let message = Untrusted::from(fault.message.unwrap_or_else(|| "no reason given".to_owned()));
        return Err(ForgeError::Graphql { kind: fault.kind.map(Untrusted::from), message, trail });
    }
    answer.data.ok_or_else(|| ForgeError::Incomplete {
        why: "GraphQL answered without data".to_owned(),
        trail: Box::new(reply.trail.clone()),
    })
}

/// The document for `count` branches out of the four that [`CHECKS`] asks for: its lines that name a later branch
/// are left out.
#[must_use]
pub fn checks_for(count: usize) -> String {
    let later: Vec<String> = (count..4).map(|at| format!("$b{at}")).collect();
    CHECKS
        .lines()
        .filter(|line| !later.iter().any(|name| line.contains(name)))
        .fold(String::new(), |doc, line| doc + line + "\n")
}

/// How often the lines of [`OVERVIEW`] stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Many {
    /// Branches whose protection is asked for.
    pub branches: usize,
    /// Labels.
    pub labels: usize,
    /// Milestones.
    pub milestones: usize,
    /// Lines whose pull requests are asked for.
    pub lines: usize,
    /// Whether releases are asked for.
    pub releases: bool,
}

/// The document for so many of each: a line of [`OVERVIEW`] that names the first of one stands once for each.
#[must_use]
pub fn overview_for(many: Many) -> String {
    let releases = usize::from(many.releases);
    let some = [("b0", many.branches), ("l0", many.labels), ("m0", many.milestones), ("k0", many.lines)];
    repeated(OVERVIEW, &some, &[(" releases(", releases)])
}

/// The document for so many pull requests, and the comments of so many.
#[must_use]
pub fn candidates_for(pulls: usize, comments: usize) -> String {
    repeated(CANDIDATES, &[("p0", pulls), ("c0", comments)], &[])
}

/// The document for so many pull requests that notes name.
#[must_use]
pub fn notes_for(pulls: usize) -> String {
    repeated(NOTES, &[("p0", pulls)], &[])
}

/// The document for so many commits.
#[must_use]
pub fn rollups_for(commits: usize) -> String {
    repeated(ROLLUPS, &[("o0", commits)], &[])
}

/// A document whose lines that name a variable stand so often, with its number counted up, and whose lines that hold
/// a text so often as they are.
fn repeated(document: &str, variables: &[(&str, usize)], texts: &[(&str, usize)]) -> String {
    let mut out = String::new();
    for line in document.lines() {
        let named = variables.iter().find(|(name, _)| line.contains(&format!("${name}")));
        let count = named.or_else(|| texts.iter().find(|(text, _)| line.contains(text)));
        for at in 0..count.map_or(1, |(_, count)| *count) {
            match named {
                Some((name, _)) => out.push_str(&line.replace(name, &format!("{}{at}", &name[..1]))),
                None => out.push_str(line),
            }
            out.push('\n');
        }
    }
    out
}
