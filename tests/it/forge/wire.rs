//! Replies with everything absent, null or odd still parse.

use gonogo::forge::wire::{Listed, User, check, issue, pull, release, repo};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Parses a reply, and again with each field null, with each absent, and with all null.
fn lenient<T: DeserializeOwned>(reply: &Value) {
    let parse = |value: &Value| {
        serde_json::from_value::<T>(value.clone())
            .unwrap_or_else(|err| panic!("{}: {err}: {value}", std::any::type_name::<T>()));
    };
    parse(reply);
    parse(&json!({}));
    let Value::Object(fields) = reply else { panic!("an object") };
    for name in fields.keys() {
        let mut nulled = reply.clone();
        nulled[name] = Value::Null;
        parse(&nulled);
        let mut absent = fields.clone();
        absent.remove(name);
        parse(&Value::Object(absent));
    }
    let all = fields.keys().map(|name| (name.clone(), Value::Null)).collect();
    parse(&Value::Object(all));
}

#[test]
fn every_field_of_every_reply_may_be_null() {
    let at = "2026-11-20T10:00:00Z";
    lenient::<User>(&json!({ "login": "ada", "id": 1 }));
    lenient::<issue::Milestone>(&json!({
        "number": 1, "title": "v1", "state": "open", "due_on": at, "open_issues": 1, "closed_issues": 2, "creator": null,
    }));
    lenient::<issue::Issue>(&json!({
        "node_id": "I_1", "number": 1, "title": "t", "state": "open", "state_reason": "reopened",
        "labels": ["plain", { "name": "x" }, { "name": null }, null], "assignees": [{ "login": null }], "user": { "login": "a" },
        "milestone": { "number": null }, "created_at": at, "updated_at": at, "closed_at": at, "comments": 1,
        "pull_request": { "merged_at": null },
    }));
    lenient::<issue::Comment>(&json!({ "id": 1, "body": "b", "html_url": "u" }));
    let (user, end) =
        (json!({ "login": "a" }), json!({ "ref": "b", "sha": "c", "repo": { "full_name": "o/r" } }));
    lenient::<pull::Pull>(&json!({
        "number": 1, "title": "t", "body": "b", "state": "open", "draft": true, "user": user, "head": end, "base": end,
        "author_association": "MEMBER", "html_url": "u", "created_at": at, "updated_at": at, "closed_at": at,
        "merged_at": at, "merge_commit_sha": "a", "merged_by": user, "labels": [{ "name": "l" }], "mergeable": true,
        "commits": 1, "additions": 2, "deletions": 3, "changed_files": 4,
    }));
    lenient::<pull::Review>(&json!({ "user": user, "state": "APPROVED" }));
    lenient::<pull::Event>(&json!({
        "event": "labeled", "actor": user, "created_at": at, "label": { "name": "l" }, "milestone": { "title": "m" },
    }));
    lenient::<pull::PullCommit>(&json!({ "sha": "a", "commit": { "message": "m" } }));
    lenient::<issue::Comment>(&json!({
        "id": 1, "body": "b", "html_url": "u", "user": user, "author_association": "NONE", "created_at": at,
        "updated_at": at,
    }));
    lenient::<check::CheckRun>(&json!({
        "id": 1, "name": "n", "status": "completed", "conclusion": "success", "started_at": at, "completed_at": at,
        "details_url": "u", "html_url": "u", "check_suite": { "id": null },
    }));
    lenient::<check::Status>(
        &json!({ "context": "c", "state": "success", "target_url": "u", "created_at": at }),
    );
    lenient::<check::Run>(&json!({
        "id": 1, "name": "n", "head_branch": "b", "head_sha": "s", "event": "push", "status": "completed",
        "conclusion": "success", "run_attempt": 1, "check_suite_id": 1, "created_at": at,
    }));
    lenient::<check::Job>(&json!({
        "id": 1, "run_id": 1, "run_attempt": 1, "name": "n", "head_sha": "s", "status": "completed", "conclusion": "success",
        "started_at": at, "completed_at": at, "html_url": "u", "steps": [{ "name": null, "conclusion": null }],
    }));
    lenient::<check::Commit>(&json!({ "sha": "a", "commit": { "committer": { "date": at } } }));
    lenient::<release::Release>(&json!({
        "id": 1, "tag_name": "v1", "name": "n", "draft": true, "prerelease": false, "published_at": at, "assets": [{ "id": 1 }],
    }));
    lenient::<repo::Repository>(
        &json!({ "full_name": "o/n", "default_branch": "main", "permissions": { "push": null } }),
    );
    lenient::<repo::Branch>(&json!({ "name": "main", "protected": true, "protection": {
        "enabled": true, "required_status_checks": { "enforcement_level": null, "contexts": null, "checks": [{ "context": null }] },
    } }));
    lenient::<repo::Rule>(&json!({ "type": "brand_new", "parameters": { "required_status_checks": null } }));
    lenient::<Listed<check::Run>>(
        &json!({ "total_count": 1, "sha": "a", "workflow_runs": [{ "id": null }] }),
    );
}

#[test]
fn labels_are_texts_or_objects() {
    let reply = json!({ "labels": ["plain", { "name": "object" }, { "name": null }, null, 7] });
    let issue: issue::Issue = serde_json::from_value(reply).expect("an issue");
    assert_eq!(issue.label_names(), ["plain", "object"]);
}
