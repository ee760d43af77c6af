//! Hostile text in every field: kept as it came, shown harmless, obeyed by nothing.

use super::server::{Say, Server};
use super::{branch, github, repo, text};
use gonogo::forge::{Forge, Look};
use gonogo::release::observe::Sighting;
use gonogo::release::picks::{Command, Gather, MilestoneOf, NamedLine};
use serde_json::{Value, json};

const EVIL: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}ad\u{200b}min\u{9b}31m\r\nx";

fn harmless(shown: &str) {
    let bad = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) || c == '\u{200b}';
    assert!(!shown.contains(bad), "{}", shown.escape_debug());
}

fn every_field(value: &mut Value) {
    match value {
        Value::String(text) if text == "EVIL" => EVIL.clone_into(text),
        Value::Array(rows) => rows.iter_mut().for_each(every_field),
        Value::Object(fields) => fields.values_mut().for_each(every_field),
        _ => {}
    }
}

fn evil(mut value: Value) -> Value {
    every_field(&mut value);
    value
}

#[tokio::test]
async fn what_others_wrote_cannot_reach_a_screen_as_it_is() {
    let server = Server::start(|asked| {
        let at = "2026-11-20T10:00:00Z";
        Say::json(200, evil(match asked.path() {
            "/repos/octo/widget/milestones" => json!([{ "number": 1, "title": "EVIL", "state": "EVIL", "description": "EVIL" }]),
            "/repos/octo/widget/issues" => json!([{
                "number": 1, "title": "EVIL", "state": "EVIL", "labels": ["EVIL", { "name": "EVIL" }], "user": { "login": "EVIL" },
                "assignees": [{ "login": "EVIL" }], "created_at": at, "updated_at": at, "node_id": "EVIL",
                "pull_request": { "merged_at": null },
            }]),
            "/repos/octo/widget/releases" => json!([{ "id": 1, "tag_name": "EVIL", "name": "EVIL" }]),
            "/graphql" => json!({ "data": null, "errors": [{ "type": "EVIL", "message": "EVIL" }] }),
            path if path.ends_with("/status") => json!({
                "sha": "a".repeat(40), "total_count": 1, "statuses": [{ "context": "EVIL", "state": "EVIL", "target_url": "EVIL" }],
            }),
            path if path.ends_with("/check-runs") => json!({ "total_count": 1, "check_runs": [
                { "id": 1, "name": "EVIL", "status": "EVIL", "conclusion": "EVIL", "details_url": "EVIL" },
            ] }),
            _ => json!([]),
        }))
    })
    .await;
    let forge = github(&server);
    let main = NamedLine { branch: branch("main"), major: "1".into(), minor: "2".into() };
    let gather = Gather {
        trunk: Some(branch("main")),
        labels: vec![(text(EVIL), branch("main"))],
        milestones: vec![(MilestoneOf::Title(text(EVIL)), branch("main"))],
        commands: Command::new("/cherry-pick {branch}", &[main], None).into_iter().collect(),
        lines: vec![branch("main")],
        form: Some(EVIL.to_owned()),
        bot: Some(text(EVIL)),
        ..Gather::default()
    };
    let looks = [
        Look::Milestones(repo()),
        Look::Issues { repo: repo(), milestone: text(EVIL) },
        Look::Releases(repo()),
        Look::Checks { repo: repo(), branch: branch("main") },
        Look::Picks { repo: repo(), gather: Box::new(gather) },
    ];
    for look in looks {
        let seen = forge.look(&look).await;
        assert!(!matches!(seen.sighting, Sighting::Failed(..)), "{seen:?}");
        harmless(&format!("{:?}", seen.sighting));
    }
}

#[tokio::test]
async fn errors_repeat_nothing_that_could_be_obeyed() {
    let says: [fn() -> Say; 5] = [
        || Say::json(403, evil(json!({ "message": "EVIL" }))),
        || {
            Say::json(
                422,
                evil(
                    json!({ "message": "EVIL", "errors": ["EVIL", { "message": "EVIL" }, { "code": "EVIL" }] }),
                ),
            )
        },
        || Say::json(404, evil(json!({ "message": "EVIL" }))),
        || Say::text(200, "text/html", EVIL),
        || Say::json(403, json!({})).with("x-github-sso", "required; url=javascript:alert(1)"),
    ];
    for say in says {
        let server = Server::start(move |_| say()).await;
        let seen = github(&server).look(&Look::Releases(repo())).await;
        let Sighting::Failed(_, why) = seen.sighting else { panic!("{seen:?}") };
        harmless(why.raw());
        assert!(!why.raw().contains("javascript"), "{why:?}");
    }
}
