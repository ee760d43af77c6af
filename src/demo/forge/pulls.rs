//! Pull requests: reading them.

use super::call::{Answer, Call, Refusal, Reply, Site};
use super::objects::{self, Objects};
use super::state::{Issue, Pull, Repository, Review};
use super::{issues, repos, users};
use crate::demo::clock::stamp;
use git2::Oid;
use serde_json::{Value, json};

/// `pull-request-simple`.
pub(super) fn simple(site: &Site, repo: &Repository, issue: &Issue, pull: &Pull) -> Value {
    let (root, number) = (site.repo(repo), issue.number);
    let mut value = issues::render(site, repo, issue);
    let (url, html) = (format!("{root}/pulls/{number}"), issues::html(site, repo, issue));
    let full = repos::full(site, repo);
    let owner = users::simple(site, &repo.owner);
    let end = |branch: &str, sha: &str| {
        let label = format!("{}:{branch}", repo.owner);
        json!({ "label": label, "ref": branch, "sha": sha, "user": owner, "repo": full })
    };
    let mut head = end(&pull.head, &pull.head_sha);
    if let Some(fork) = &pull.fork {
        let theirs = users::simple(site, fork);
        head["label"] = json!(format!("{fork}:{}", pull.head));
        head["user"] = theirs.clone();
        head["repo"]["owner"] = theirs;
        head["repo"]["full_name"] = json!(format!("{fork}/{}", repo.name));
        head["repo"]["fork"] = json!(true);
    }
    let link = |path: String| json!({ "href": path });
    let asked: Vec<Value> = pull.asked.iter().map(|login| users::simple(site, login)).collect();
    let more = json!({
        "id": repo.id * 1_000_000 + 500_000 + number, "url": url, "diff_url": format!("{html}.diff"),
        "patch_url": format!("{html}.patch"), "issue_url": format!("{root}/issues/{number}"),
        "commits_url": format!("{url}/commits"), "review_comments_url": format!("{url}/comments"),
        "review_comment_url": format!("{root}/pulls/comments{{/number}}"),
        "comments_url": format!("{root}/issues/{number}/comments"),
        "statuses_url": format!("{root}/statuses/{}", pull.head_sha), "merged_at": pull.merged.map(stamp),
        "merge_commit_sha": pull.merge_sha, "draft": pull.draft, "requested_reviewers": asked, "requested_teams": [],
        "head": head, "base": end(&pull.base, &pull.base_sha), "auto_merge": null,
        "_links": {
            "self": link(url.clone()), "html": link(html.clone()), "issue": link(format!("{root}/issues/{number}")),
            "comments": link(format!("{root}/issues/{number}/comments")),
            "review_comments": link(format!("{url}/comments")),
            "review_comment": link(format!("{root}/pulls/comments{{/number}}")),
            "commits": link(format!("{url}/commits")),
            "statuses": link(format!("{root}/statuses/{}", pull.head_sha)),
        },
    });
    super::merge(&mut value, more);
    strip(&mut value);
    value
}

/// Takes away what an issue has and a pull request has not.
fn strip(value: &mut Value) {
    if let Value::Object(map) = value {
        for key in [
            "pull_request",
            "repository_url",
            "labels_url",
            "events_url",
            "timeline_url",
            "state_reason",
            "performed_via_github_app",
            "comments",
        ] {
            map.remove(key);
        }
    }
    for label in value["labels"].as_array_mut().into_iter().flatten() {
        if label["description"].is_null() {
            label["description"] = json!("");
        }
    }
}

/// `GET …/pulls`
pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let (asked, repo) = (call.asked, call.repo());
    let state = asked.query("state").unwrap_or("open");
    let mut found: Vec<&Issue> = repo
        .issues
        .values()
        .filter(|issue| state == "all" || issue.state() == state)
        .filter(|issue| {
            issue.pull.as_ref().is_some_and(|pull| {
                let head = format!("{}:{}", repo.owner, pull.head);
                asked.query("base").is_none_or(|base| base == pull.base)
                    && asked.query("head").is_none_or(|wanted| wanted == head)
            })
        })
        .collect();
    issues::sort(&mut found, asked.query("sort"), asked.query("direction"));
    Ok(call.page(&found, |issue| listed(&call.site, repo, issue)))
}

fn listed(site: &Site, repo: &Repository, issue: &Issue) -> Value {
    issue.pull.as_ref().map_or(Value::Null, |pull| simple(site, repo, issue, pull))
}

/// The pull request that the path names.
pub(super) fn named<'a>(call: &'a Call<'_>) -> Result<(&'a Issue, &'a Pull), Refusal> {
    let issue = call.issue(0)?;
    Ok((issue, issue.pull.as_ref().ok_or_else(Refusal::not_found)?))
}

/// The commits between base and head, oldest first.
pub(super) fn between(objects: &Objects, pull: &Pull) -> Result<Vec<Oid>, Refusal> {
    let head = Oid::from_str(&pull.head_sha)?;
    let base = Oid::from_str(&pull.base_sha).ok().and_then(|base| objects.0.merge_base(base, head).ok());
    let mut all = match base {
        // A squashed pull request is known by the one commit that it became.
        Some(base) if base != head => objects.walk(head, Some(base))?,
        _ => vec![head],
    };
    all.reverse();
    Ok(all)
}

pub(super) fn changed(objects: &Objects, pull: &Pull) -> Result<Vec<objects::FileDiff>, Refusal> {
    let head = Oid::from_str(&pull.head_sha)?;
    let base = Oid::from_str(&pull.base_sha).ok().and_then(|base| objects.0.merge_base(base, head).ok());
    objects.diff(base, head)
}

/// `pull-request`, with what only git knows.
pub(super) fn whole(call: &Call<'_>, number: u64) -> Result<Value, Refusal> {
    let (repo, site) = (call.repo(), &call.site);
    let issue = repo.issues.get(&number).ok_or_else(Refusal::not_found)?;
    let pull = issue.pull.as_ref().ok_or_else(Refusal::not_found)?;
    let mut value = simple(site, repo, issue, pull);
    let objects = call.objects()?;
    let (count, files) = match (between(&objects, pull), changed(&objects, pull)) {
        (Ok(commits), Ok(files)) => (commits.len(), files),
        // Made-up pull requests have no commits behind them.
        _ => (0, Vec::new()),
    };
    let mergeable =
        if pull.merged.is_some() { None } else { Some(super::pulls_write::merges(&objects, pull).is_ok()) };
    let state = match (mergeable, pull.draft) {
        (None, _) => "unknown",
        (Some(false), _) => "dirty",
        (Some(true), true) => "draft",
        (Some(true), false) => "clean",
    };
    super::merge(
        &mut value,
        json!({
            "merged": pull.merged.is_some(), "mergeable": mergeable, "rebaseable": mergeable, "mergeable_state": state,
            "merged_by": pull.merged_by.as_ref().map(|login| users::simple(site, login)),
            "comments": repo.comments.iter().filter(|comment| comment.issue == number).count(), "review_comments": 0,
            "maintainer_can_modify": false, "commits": count,
            "additions": files.iter().map(|file| file.added).sum::<usize>(),
            "deletions": files.iter().map(|file| file.removed).sum::<usize>(), "changed_files": files.len(),
        }),
    );
    Ok(value)
}

/// `GET …/pulls/{pull_number}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let number = call.number(0)?;
    Ok(Reply::ok(whole(call, number)?))
}

/// `GET …/pulls/{pull_number}/files`
pub(super) fn files(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let (_, pull) = named(call)?;
    let found = changed(&objects, pull)?;
    Ok(call.page(&found, |file| file.render(&call.site, call.repo(), &pull.head_sha)))
}

/// `GET …/pulls/{pull_number}/commits`
pub(super) fn commits(call: &mut Call<'_>) -> Answer {
    let objects = call.objects()?;
    let (_, pull) = named(call)?;
    let found = between(&objects, pull)?;
    let show = |oid: &Oid| {
        objects.0.find_commit(*oid).map(|commit| objects::render(&call.site, call.repo(), &commit))
    };
    Ok(call.page(&found, |oid| show(oid).unwrap_or(Value::Null)))
}

/// `GET …/pulls/{pull_number}/merge`: 204 when it is merged.
pub(super) fn merged(call: &mut Call<'_>) -> Answer {
    let (_, pull) = named(call)?;
    if pull.merged.is_some() { Ok(Reply::empty(204)) } else { Err(Refusal::not_found()) }
}

pub(super) fn render_review(
    site: &Site,
    repo: &Repository,
    number: u64,
    review: &Review,
    sha: &str,
) -> Value {
    let url = format!("{}/pulls/{number}", site.repo(repo));
    let html = format!("{}/pull/{number}#pullrequestreview-{}", site.html(repo), review.id);
    json!({
        "id": review.id, "node_id": users::node("PRR", &review.id.to_string()),
        "user": users::simple(site, &review.author), "body": review.body, "state": review.state, "html_url": html,
        "pull_request_url": url, "author_association": issues::association(&review.author),
        "_links": { "html": { "href": html }, "pull_request": { "href": url } },
        "submitted_at": stamp(review.at), "commit_id": sha,
    })
}

/// `GET …/pulls/{pull_number}/reviews`
pub(super) fn reviews(call: &mut Call<'_>) -> Answer {
    let (issue, pull) = named(call)?;
    let (site, repo) = (&call.site, call.repo());
    Ok(call.page(&pull.reviews, |review| render_review(site, repo, issue.number, review, &pull.head_sha)))
}

/// `GET …/pulls/{pull_number}/requested_reviewers`
pub(super) fn requested(call: &mut Call<'_>) -> Answer {
    let (_, pull) = named(call)?;
    let asked: Vec<Value> = pull.asked.iter().map(|login| users::simple(&call.site, login)).collect();
    Ok(Reply::ok(json!({ "users": asked, "teams": [] })))
}

/// `GET …/commits/{commit_sha}/pulls`
pub(super) fn of_commit(call: &mut Call<'_>) -> Answer {
    let sha = call.objects()?.commit(call.arg(0))?.id().to_string();
    let repo = call.repo();
    let holds = |pull: &Pull| pull.merge_sha.as_deref() == Some(&sha) || pull.head_sha == sha;
    let found: Vec<&Issue> =
        repo.issues.values().filter(|issue| issue.pull.as_ref().is_some_and(holds)).collect();
    Ok(call.page(&found, |issue| listed(&call.site, repo, issue)))
}
