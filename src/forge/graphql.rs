//! GraphQL documents, each a file so that a contract test can validate it, and how a reply is read.

use super::error::ForgeError;
use super::reading::Reply;
use crate::release::text::Untrusted;
use serde::Deserialize;
use serde_json::Value;

/// Checks of the newest commits of up to four branches. At most 4 × 10 × 50 contexts: 2,044 nodes, 1 point.
pub const CHECKS: &str = include_str!("checks.graphql");
/// More checks of one commit: at most 100 nodes, 1 point.
pub const MORE_CHECKS: &str = include_str!("more_checks.graphql");
/// How often issues were taken out of a milestone: at most 100 × (1 + 1 + 1) nodes, 1 point.
pub const ROLLS: &str = include_str!("rolls.graphql");
/// Merge commits of pull requests: at most 100 nodes, 1 point.
pub const MERGES: &str = include_str!("merges.graphql");

/// Releases, what protects branches, and labelled pull requests: at most 200 + 100 a branch + 100 a label nodes, 1 point.
pub const OVERVIEW: &str = include_str!("overview.graphql");

/// Every document by name.
pub const DOCUMENTS: &[(&str, &str)] = &[
    ("checks", CHECKS),
    ("more_checks", MORE_CHECKS),
    ("rolls", ROLLS),
    ("merges", MERGES),
    ("overview", OVERVIEW),
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
}

/// The data of a reply. Any error makes it one: a list with holes would look like a short list.
pub(crate) fn data(reply: &Reply) -> Result<Value, ForgeError> {
    let answer: Answer = reply.json()?;
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

/// The document for so many branches and labels, with or without releases: a line of [`OVERVIEW`] that names the
/// first of either stands once for each.
#[must_use]
pub fn overview_for(branches: usize, labels: usize, releases: bool) -> String {
    let mut document = String::new();
    for line in OVERVIEW.lines() {
        let (name, count) = if line.contains("$b0") {
            ("b", branches)
        } else if line.contains("$l0") {
            ("l", labels)
        } else if line.contains(" releases(") {
            ("", usize::from(releases))
        } else {
            ("", 1)
        };
        for at in 0..count {
            let line = if name.is_empty() {
                line.to_owned()
            } else {
                line.replace(&format!("{name}0"), &format!("{name}{at}"))
            };
            document.push_str(&line);
            document.push('\n');
        }
    }
    document
}
