//! Required checks: protection and rulesets together, and never an empty list for one that is hidden.

use super::server::{Say, Server};
use super::{branch, github, repo};
use gonogo::forge::{Forge, Look};
use gonogo::release::observe::Sighting;
use serde_json::{Value, json};

/// The sighting when the branch, the protection and the rules answer so.
async fn seen(about: Value, protection: Say, rules: Say) -> Sighting {
    let server = Server::start(move |asked| match asked.path() {
        "/repos/octo/widget/branches/release%2F1.2" => Say::json(200, about.clone()),
        "/repos/octo/widget/branches/release%2F1.2/protection/required_status_checks" => protection.clone(),
        "/repos/octo/widget/rules/branches/release%2F1.2" => rules.clone(),
        other => panic!("{other}"),
    })
    .await;
    github(&server).look(&Look::Required { repo: repo(), branch: branch("release/1.2") }).await.sighting
}

fn contexts(sighting: &Sighting) -> (Vec<String>, bool) {
    match sighting {
        Sighting::Required(it) => (it.contexts.iter().map(|it| it.line()).collect(), it.protected),
        other => panic!("{other:?}"),
    }
}

fn none() -> Say {
    Say::json(200, json!([]))
}

fn ruled(context: &str) -> Say {
    let parameters = json!({ "required_status_checks": [{ "context": context, "integration_id": null }] });
    Say::json(
        200,
        json!([{ "type": "deletion" }, { "type": "required_status_checks", "parameters": parameters }]),
    )
}

fn missing(message: &str) -> Say {
    Say::json(404, json!({ "message": message }))
}

#[tokio::test]
async fn protection_and_rulesets_are_merged() {
    let about = json!({ "protected": true, "protection": {
        "enabled": true, "required_status_checks": { "enforcement_level": "everyone", "contexts": ["unit", "dco"], "checks": [] },
    } });
    let seen = seen(about, missing("unused"), ruled("lint")).await;
    assert_eq!(contexts(&seen), (vec!["dco".into(), "lint".into(), "unit".into()], true));
}

#[tokio::test]
async fn a_free_branch_requires_nothing() {
    let about = json!({ "protected": false, "protection": { "enabled": false } });
    assert_eq!(contexts(&seen(about, missing("unused"), none()).await), (vec![], false));
    let about = json!({ "protected": false });
    assert_eq!(contexts(&seen(about, missing("unused"), ruled("lint")).await), (vec!["lint".into()], true));
    // A server without rulesets.
    let about = json!({ "protected": false });
    assert_eq!(contexts(&seen(about, missing("unused"), missing("Not Found")).await), (vec![], false));
}

#[tokio::test]
async fn a_silent_summary_asks_the_protection_itself() {
    let about = json!({ "protected": true });
    let protection = Say::json(200, json!({ "contexts": ["unit"], "checks": [{ "context": "e2e" }] }));
    assert_eq!(
        contexts(&seen(about.clone(), protection, none()).await),
        (vec!["e2e".into(), "unit".into()], true)
    );
    let none_set = missing("Required status checks not enabled");
    assert_eq!(contexts(&seen(about, none_set, none()).await), (vec![], true));
}

#[tokio::test]
async fn what_is_hidden_is_a_failure_that_names_the_permission() {
    let about = json!({ "protected": true });
    let refused = Say::json(403, json!({ "message": "Resource not accessible by integration" }));
    for (protection, rules) in
        [(missing("Not Found"), none()), (refused, none()), (missing("Not Found"), ruled("lint"))]
    {
        let Sighting::Failed(_, why) = seen(about.clone(), protection, rules).await else {
            panic!("an empty list")
        };
        assert!(why.line().contains("administration=read"), "{why:?}");
    }
    let rules =
        Say::json(403, json!({ "message": "no" })).with("x-accepted-github-permissions", "metadata=read");
    let Sighting::Failed(_, why) = seen(json!({ "protected": false }), none(), rules).await else {
        panic!("a list")
    };
    assert!(why.line().contains("metadata=read"), "{why:?}");
}
