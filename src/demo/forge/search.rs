//! Search over issues and pull requests: the qualifiers that release tools use.

use super::call::{Answer, Call, Refusal, Site};
use super::issues;
use super::state::{Issue, Repository};
use crate::order::Order as _;
use serde_json::json;

/// Splits a query at blanks outside quotes, and takes the quotes away.
fn words(query: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut quoted = false;
    for c in query.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => all.push(String::new()),
            c => all.last_mut().into_iter().for_each(|word| word.push(c)),
        }
    }
    all.retain(|word| !word.is_empty());
    all
}

/// Whether one word of a query fits an issue.
fn fits(repo: &Repository, issue: &Issue, word: &str) -> bool {
    if let Some(rest) = word.strip_prefix('-') {
        return !fits(repo, issue, rest);
    }
    let Some((key, value)) = word.split_once(':') else {
        let body = issue.body.as_deref().unwrap_or_default();
        let holds = |text: &str| text.to_lowercase().contains(&word.to_lowercase());
        return holds(&issue.title) || holds(body);
    };
    match (key, value) {
        ("repo", name) => repo.full_name().eq_ignore_ascii_case(name),
        ("org" | "user", name) => repo.owner == name,
        ("is" | "type", "issue") => issue.pull.is_none(),
        ("is" | "type", "pr") => issue.pull.is_some(),
        ("is" | "state", "open") => issue.open(),
        ("is" | "state", "closed") => !issue.open(),
        ("is", "merged") => issue.pull.as_ref().is_some_and(|pull| pull.merged.is_some()),
        ("label", name) => issue.labels.iter().any(|label| label == name),
        ("assignee", login) => issue.assignees.iter().any(|assignee| assignee == login),
        ("author", login) => issue.author == login,
        ("base", branch) => issue.pull.as_ref().is_some_and(|pull| pull.base == branch),
        ("no", "milestone") => issue.milestone.is_none(),
        ("milestone", title) => {
            issue.milestone.and_then(|number| repo.milestone(number)).is_some_and(|m| m.title == title)
        }
        _ => true,
    }
}

/// `GET /search/issues`
pub(super) fn issues(call: &mut Call<'_>) -> Answer {
    let query = call.asked.query("q").ok_or_else(|| Refusal::field("Search", "q", "missing"))?;
    let words = words(query);
    let mut found: Vec<(&Repository, &Issue)> = Vec::new();
    for repo in &call.world.repositories {
        found.extend(
            repo.issues
                .values()
                .filter(|issue| words.iter().all(|word| fits(repo, issue, word)))
                .map(|issue| (repo, issue)),
        );
    }
    found.order_by_key(|(_, issue)| std::cmp::Reverse((issue.created, issue.number)));
    found.truncate(1000);
    let mut reply = call.wrapped("items", &found, |(repo, issue)| render(&call.site, repo, issue));
    if let super::call::Content::Json(body) = &mut reply.body {
        body["incomplete_results"] = json!(false);
        body["search_type"] = json!("lexical");
    }
    Ok(reply)
}

fn render(site: &Site, repo: &Repository, issue: &Issue) -> serde_json::Value {
    let mut value = issues::render(site, repo, issue);
    value["score"] = json!(1.0);
    // What a search finds leaves an empty body out: its schema knows no null there.
    if let Some(fields) = value.as_object_mut().filter(|fields| fields["body"].is_null()) {
        fields.remove("body");
    }
    value
}
