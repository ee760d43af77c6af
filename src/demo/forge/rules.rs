//! Rulesets, and the rules that hold for one branch.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::state::{Repository, Ruleset, fits};
use super::users;
use crate::demo::clock::stamp;
use serde_json::{Value, json};

/// The rulesets that cover a branch.
pub(super) fn covering<'a>(repo: &'a Repository, branch: &str) -> impl Iterator<Item = &'a Ruleset> {
    let full = format!("refs/heads/{branch}");
    repo.rulesets
        .iter()
        .filter(move |set| set.target == "branch" && set.include.iter().any(|one| fits(one, &full)))
}

/// Whether a ruleset forbids to change or delete a ref, by the name of the rule.
pub(super) fn forbids(repo: &Repository, full: &str, rule: &str) -> Option<String> {
    let set = repo.rulesets.iter().find(|set| {
        set.plain.iter().any(|plain| plain == rule) && set.include.iter().any(|pattern| fits(pattern, full))
    })?;
    Some(format!("Repository rule violations found: {rule} is not allowed by the ruleset {:?}.", set.name))
}

/// The rules of a ruleset.
pub(super) fn rules(set: &Ruleset) -> Vec<Value> {
    let mut rules: Vec<Value> = set.plain.iter().map(|kind| json!({ "type": kind })).collect();
    if !set.contexts.is_empty() {
        let checks: Vec<Value> = set.contexts.iter().map(|context| json!({ "context": context })).collect();
        rules.push(json!({
            "type": "required_status_checks",
            "parameters": { "required_status_checks": checks, "strict_required_status_checks_policy": false },
        }));
    }
    rules
}

fn render(site: &Site, repo: &Repository, set: &Ruleset) -> Value {
    json!({
        "id": set.id, "name": set.name, "target": set.target, "source_type": "Repository",
        "source": repo.full_name(), "enforcement": "active", "current_user_can_bypass": "never",
        "node_id": users::node("RRS", &set.id.to_string()),
        "_links": {
            "self": { "href": format!("{}/rulesets/{}", site.repo(repo), set.id) },
            "html": { "href": format!("{}/rules/{}", site.html(repo), set.id) },
        },
        "created_at": stamp(set.created), "updated_at": stamp(set.created),
    })
}

/// `GET …/rules/branches/{branch}`
pub(super) fn of_branch(call: &mut Call<'_>) -> Answer {
    let (repo, branch) = (call.repo(), call.arg(0));
    let mut found = Vec::new();
    for set in covering(repo, branch) {
        for mut rule in rules(set) {
            rule["ruleset_source_type"] = json!("Repository");
            rule["ruleset_source"] = json!(repo.full_name());
            rule["ruleset_id"] = json!(set.id);
            found.push(rule);
        }
    }
    Ok(call.page(&found, Value::clone))
}

/// `GET …/rulesets`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    Ok(call.page(&call.repo().rulesets, |set| render(&call.site, call.repo(), set)))
}

/// `GET …/rulesets/{ruleset_id}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let id = call.number(0)?;
    let set = call.repo().rulesets.iter().find(|set| set.id == id).ok_or_else(Refusal::not_found)?;
    let mut value = render(&call.site, call.repo(), set);
    value["conditions"] = json!({ "ref_name": { "include": set.include, "exclude": [] } });
    value["rules"] = Value::Array(rules(set));
    value["bypass_actors"] = json!([]);
    Ok(Reply::ok(value))
}
