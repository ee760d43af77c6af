//! Repositories as the forge shows them.

use super::call::{Answer, Call, Reply, Site};
use super::state::Repository;
use super::users;
use crate::demo::clock::stamp;
use serde_json::{Value, json};

/// The links of a repository: field, and the path below its own.
const LINKS: [(&str, &str); 38] = [
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
    ("issue_types_url", "/issue-types"),
    ("properties_url", "/properties/values"),
];

/// `minimal-repository`, and `simple-repository`: the links that everything else carries along.
pub(super) fn minimal(site: &Site, repo: &Repository) -> Value {
    let (url, html) = (site.repo(repo), site.html(repo));
    let mut value = json!({
        "id": repo.id, "node_id": users::node("R", &repo.id.to_string()), "name": repo.name,
        "full_name": repo.full_name(), "owner": users::simple(site, &repo.owner), "private": false,
        "html_url": html, "description": repo.about, "fork": false, "url": url,
    });
    for (key, path) in LINKS {
        value[key] = json!(format!("{url}{path}"));
    }
    value
}

/// `full-repository`, which is also the `repository` of a pull request's ends.
pub(super) fn full(site: &Site, repo: &Repository) -> Value {
    let mut value = minimal(site, repo);
    let html = site.html(repo);
    let open = repo.issues.values().filter(|issue| issue.open()).count();
    let host = html.split_once("://").map_or("", |(_, rest)| rest);
    super::merge(
        &mut value,
        json!({
            "git_url": format!("git://{host}.git"), "ssh_url": format!("git@{host}.git"),
            "clone_url": format!("{html}.git"), "svn_url": html, "mirror_url": null, "homepage": null,
            "language": "Python", "forks_count": 0, "stargazers_count": 42, "watchers_count": 42, "size": 512,
            "default_branch": repo.trunk, "open_issues_count": open, "has_issues": true, "has_projects": false,
            "has_wiki": false, "has_pages": false, "has_downloads": true, "has_discussions": false, "archived": false,
            "disabled": false, "visibility": "public", "pushed_at": stamp(site.now - 3600),
            "created_at": stamp(repo.created), "updated_at": stamp(site.now - 3600), "subscribers_count": 3,
            "network_count": 0, "forks": 0, "open_issues": open, "watchers": 42, "is_template": false, "topics": [],
            "license": {
                "key": "mit", "name": "MIT License", "spdx_id": "MIT", "node_id": "MDc6TGljZW5zZW1pdA==",
                "url": format!("{}/licenses/mit", site.base),
            },
            "allow_forking": true, "web_commit_signoff_required": false,
        }),
    );
    value
}

/// `GET /repos/{owner}/{repo}`
pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let mut value = full(&call.site, call.repo());
    let write = call.caller.check(super::access::Takes::Write("contents")).is_ok();
    value["permissions"] =
        json!({ "admin": false, "maintain": write, "push": write, "triage": write, "pull": true });
    value["allow_squash_merge"] = json!(true);
    value["allow_merge_commit"] = json!(true);
    value["allow_rebase_merge"] = json!(false);
    Ok(Reply::ok(value))
}

/// `GET /repos/{owner}/{repo}/collaborators/{username}/permission`
pub(super) fn permission(call: &mut Call<'_>) -> Answer {
    let login = call.arg(0).to_owned();
    let mut user = users::simple(&call.site, &login);
    user["permissions"] =
        json!({ "admin": false, "maintain": true, "push": true, "triage": true, "pull": true });
    user["role_name"] = json!("maintain");
    Ok(Reply::ok(json!({ "permission": "write", "role_name": "maintain", "user": user })))
}
