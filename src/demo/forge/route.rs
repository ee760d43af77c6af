//! The table of paths: GitHub's own templates, what each takes, and who answers.

use super::access::Takes::{self, Nothing, Read, Token, Write};
use super::call::{Answer, Call, Content, Refusal, Reply};
use super::{
    actions, branches, checks, comments, commits, contents, graphql, issues, labels, milestones, pulls,
    pulls_write, refs, releases, repos, rules, search, timeline, users,
};
use percent_encoding::percent_decode_str;
use serde_json::json;

type Do = for<'a, 'b> fn(&'a mut Call<'b>) -> Answer;

struct Route {
    method: &'static str,
    template: &'static str,
    takes: Takes,
    run: Do,
}

const fn on(method: &'static str, template: &'static str, takes: Takes, run: Do) -> Route {
    Route { method, template, takes, run }
}

/// Routes outside a repository.
static GLOBAL: &[Route] = &[
    on("GET", "/user", Token, users::me),
    on("GET", "/users/{username}", Nothing, users::user),
    on("GET", "/meta", Nothing, users::meta),
    on("GET", "/orgs/{org}/teams/{team_slug}/members", Read("members"), users::team_members),
    on("PUT", "/orgs/{org}/teams/{team_slug}/memberships/{username}", Write("members"), users::join_team),
    on("GET", "/search/issues", Nothing, search::issues),
    on("POST", "/graphql", Token, graphql::post),
];

/// Routes of a repository, below `/repos/{owner}/{repo}`; the first that fits is taken.
static LOCAL: &[Route] = &[
    on("GET", "", Read("metadata"), repos::get),
    on("GET", "/collaborators/{username}/permission", Read("metadata"), repos::permission),
    on("GET", "/milestones", Read("issues"), milestones::list),
    on("POST", "/milestones", Write("issues"), milestones::create),
    on("GET", "/milestones/{milestone_number}", Read("issues"), milestones::get),
    on("PATCH", "/milestones/{milestone_number}", Write("issues"), milestones::update),
    on("DELETE", "/milestones/{milestone_number}", Write("issues"), milestones::delete),
    on("GET", "/labels", Read("issues"), labels::list),
    on("POST", "/labels", Write("issues"), labels::create),
    on("GET", "/labels/{name}", Read("issues"), labels::get),
    on("GET", "/issues", Read("issues"), issues::list),
    on("POST", "/issues", Write("issues"), issues::create),
    on("GET", "/issues/comments", Read("issues"), comments::all),
    on("GET", "/issues/comments/{comment_id}", Read("issues"), comments::get),
    on("PATCH", "/issues/comments/{comment_id}", Write("issues"), comments::update),
    on("DELETE", "/issues/comments/{comment_id}", Write("issues"), comments::delete),
    on("GET", "/issues/{issue_number}", Read("issues"), issues::get),
    on("PATCH", "/issues/{issue_number}", Write("issues"), issues::update),
    on("GET", "/issues/{issue_number}/comments", Read("issues"), comments::list),
    on("POST", "/issues/{issue_number}/comments", Write("issues"), comments::create),
    on("GET", "/issues/{issue_number}/labels", Read("issues"), labels::of_issue),
    on("POST", "/issues/{issue_number}/labels", Write("issues"), labels::add),
    on("PUT", "/issues/{issue_number}/labels", Write("issues"), labels::set),
    on("DELETE", "/issues/{issue_number}/labels", Write("issues"), labels::clear),
    on("DELETE", "/issues/{issue_number}/labels/{name}", Write("issues"), labels::remove),
    on("POST", "/issues/{issue_number}/assignees", Write("issues"), issues::assign),
    on("DELETE", "/issues/{issue_number}/assignees", Write("issues"), issues::unassign),
    on("GET", "/issues/{issue_number}/timeline", Read("issues"), timeline::timeline),
    on("GET", "/issues/{issue_number}/events", Read("issues"), timeline::events),
    on("GET", "/pulls", Read("pull_requests"), pulls::list),
    on("POST", "/pulls", Write("pull_requests"), pulls_write::create),
    on("GET", "/pulls/{pull_number}", Read("pull_requests"), pulls::get),
    on("PATCH", "/pulls/{pull_number}", Write("pull_requests"), pulls_write::update),
    on("GET", "/pulls/{pull_number}/files", Read("pull_requests"), pulls::files),
    on("GET", "/pulls/{pull_number}/commits", Read("pull_requests"), pulls::commits),
    on("GET", "/pulls/{pull_number}/merge", Read("pull_requests"), pulls::merged),
    on("PUT", "/pulls/{pull_number}/merge", Write("contents"), pulls_write::merge),
    on("GET", "/pulls/{pull_number}/reviews", Read("pull_requests"), pulls::reviews),
    on("POST", "/pulls/{pull_number}/reviews", Write("pull_requests"), pulls_write::review),
    on("GET", "/pulls/{pull_number}/requested_reviewers", Read("pull_requests"), pulls::requested),
    on("POST", "/pulls/{pull_number}/requested_reviewers", Write("pull_requests"), pulls_write::request),
    on("GET", "/branches", Read("contents"), branches::list),
    on("GET", "/branches/{branch}/protection", Read("administration"), branches::protection),
    on("GET", "/branches/{branch}", Read("contents"), branches::get),
    on("GET", "/rules/branches/{branch}", Read("metadata"), rules::of_branch),
    on("GET", "/rulesets", Read("metadata"), rules::list),
    on("GET", "/rulesets/{ruleset_id}", Read("metadata"), rules::get),
    on("GET", "/git/matching-refs/{ref}", Read("contents"), refs::matching),
    on("GET", "/git/ref/{ref}", Read("contents"), refs::get),
    on("POST", "/git/refs", Write("contents"), refs::create),
    on("PATCH", "/git/refs/{ref}", Write("contents"), refs::update),
    on("DELETE", "/git/refs/{ref}", Write("contents"), refs::delete),
    on("POST", "/git/tags", Write("contents"), refs::create_tag),
    on("GET", "/git/tags/{tag_sha}", Read("contents"), refs::get_tag),
    on("POST", "/git/commits", Write("contents"), refs::create_commit),
    on("GET", "/git/commits/{commit_sha}", Read("contents"), refs::get_commit),
    on("POST", "/git/trees", Write("contents"), refs::create_tree),
    on("GET", "/git/trees/{tree_sha}", Read("contents"), refs::get_tree),
    on("POST", "/git/blobs", Write("contents"), refs::create_blob),
    on("GET", "/git/blobs/{file_sha}", Read("contents"), refs::get_blob),
    on("GET", "/tags", Read("metadata"), branches::tags),
    on("GET", "/compare/{basehead}", Read("contents"), commits::compare),
    on("GET", "/commits", Read("contents"), commits::list),
    on("GET", "/commits/{ref}/check-runs", Read("checks"), checks::runs),
    on("GET", "/commits/{ref}/check-suites", Read("checks"), checks::suites),
    on("GET", "/commits/{ref}/status", Read("statuses"), checks::combined),
    on("GET", "/commits/{ref}/statuses", Read("statuses"), checks::statuses),
    on("GET", "/commits/{commit_sha}/pulls", Read("pull_requests"), pulls::of_commit),
    on("GET", "/commits/{ref}", Read("contents"), commits::get),
    on("POST", "/statuses/{sha}", Write("statuses"), checks::set_status),
    on("GET", "/check-runs/{check_run_id}", Read("checks"), checks::run),
    on("GET", "/check-suites/{check_suite_id}/check-runs", Read("checks"), checks::of_suite),
    on("GET", "/actions/workflows", Read("actions"), actions::workflows),
    on("GET", "/actions/workflows/{workflow_id}", Read("actions"), actions::workflow),
    on("GET", "/actions/workflows/{workflow_id}/runs", Read("actions"), actions::workflow_runs),
    on("POST", "/actions/workflows/{workflow_id}/dispatches", Write("actions"), actions::dispatch),
    on("GET", "/actions/runs", Read("actions"), actions::runs),
    on("GET", "/actions/runs/{run_id}", Read("actions"), actions::run),
    on("GET", "/actions/runs/{run_id}/jobs", Read("actions"), actions::jobs),
    on(
        "GET",
        "/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
        Read("actions"),
        actions::attempt_jobs,
    ),
    on("POST", "/actions/runs/{run_id}/rerun", Write("actions"), actions::rerun),
    on("POST", "/actions/runs/{run_id}/rerun-failed-jobs", Write("actions"), actions::rerun_failed),
    on("POST", "/actions/runs/{run_id}/cancel", Write("actions"), actions::cancel),
    on("GET", "/actions/jobs/{job_id}/logs", Read("actions"), actions::logs),
    on("GET", "/actions/jobs/{job_id}/raw-log", Nothing, actions::raw_log),
    on("GET", "/actions/jobs/{job_id}", Read("actions"), actions::job),
    on("GET", "/releases", Read("contents"), releases::list),
    on("POST", "/releases", Write("contents"), releases::create),
    on("POST", "/releases/generate-notes", Write("contents"), releases::notes),
    on("GET", "/releases/latest", Read("contents"), releases::latest),
    on("GET", "/releases/tags/{tag}", Read("contents"), releases::by_tag),
    on("GET", "/releases/{release_id}", Read("contents"), releases::get),
    on("PATCH", "/releases/{release_id}", Write("contents"), releases::update),
    on("DELETE", "/releases/{release_id}", Write("contents"), releases::delete),
    on("GET", "/releases/{release_id}/assets", Read("contents"), releases::assets),
    on("POST", "/releases/{release_id}/assets", Write("contents"), releases::upload),
    on("DELETE", "/releases/assets/{asset_id}", Write("contents"), releases::delete_asset),
    on("GET", "/contents/{path}", Read("contents"), contents::get),
    on("PUT", "/contents/{path}", Write("contents"), contents::put),
];

/// The full template of a route of a repository, as GitHub's OpenAPI calls it.
fn full(template: &'static str) -> &'static str {
    static FULL: std::sync::OnceLock<std::collections::HashMap<&'static str, String>> =
        std::sync::OnceLock::new();
    let all = FULL.get_or_init(|| {
        LOCAL
            .iter()
            .map(|route| (route.template, format!("/repos/{{owner}}/{{repo}}{}", route.template)))
            .collect()
    });
    all.get(template).map_or(template, String::as_str)
}

/// Finds the route and runs it. The template is what was found, also when it refuses.
pub(super) fn go(call: &mut Call<'_>) -> (Option<&'static str>, Answer) {
    if call.asked.header("user-agent").is_none_or(str::is_empty) {
        return (
            None,
            Err(Refusal::new(403, "Request forbidden by administrative rules: no User-Agent header.")),
        );
    }
    if call.asked.header("x-github-api-version").is_some_and(|v| v != "2022-11-28" && v != "2026-03-10") {
        return (None, Err(Refusal::new(400, "The API version of X-GitHub-Api-Version is not supported.")));
    }
    let parts: Vec<String> = call.asked.path.split('/').skip(1).map(decode).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["repos", owner, name, rest @ ..] => {
            let full_name = format!("{owner}/{name}");
            let same = |known: &str| known.eq_ignore_ascii_case(&full_name);
            if let Some(at) = call.world.repositories.iter().position(|repo| same(&repo.full_name())) {
                call.repo = at;
                return local(call, rest);
            }
            let moved =
                call.world.repositories.iter().find(|repo| repo.formerly.iter().any(|name| same(name)));
            (
                None,
                moved
                    .map(|repo| repo.id)
                    .map_or_else(|| Err(Refusal::not_found()), |id| Ok(redirect(call, id, rest))),
            )
        }
        ["repositories", id, rest @ ..] => {
            let at = call.world.repositories.iter().position(|repo| repo.id.to_string() == **id);
            let Some(at) = at else { return (None, Err(Refusal::not_found())) };
            call.repo = at;
            local(call, rest)
        }
        rest => run(call, GLOBAL, rest, |template| template),
    }
}

fn local(call: &mut Call<'_>, rest: &[&str]) -> (Option<&'static str>, Answer) {
    run(call, LOCAL, rest, full)
}

fn run(
    call: &mut Call<'_>,
    table: &'static [Route],
    rest: &[&str],
    name: fn(&'static str) -> &'static str,
) -> (Option<&'static str>, Answer) {
    for route in table.iter().filter(|route| route.method == call.asked.method) {
        if let Some(at) = fit(route.template, rest) {
            call.at = at;
            let answer = call.caller.check(route.takes).and_then(|()| (route.run)(call));
            return (Some(name(route.template)), answer);
        }
    }
    (None, Err(Refusal::not_found()))
}

/// The values of a template's variables, when the path fits. Names of refs and files may hold slashes.
fn fit(template: &str, parts: &[&str]) -> Option<Vec<String>> {
    let wanted: Vec<&str> = template.split('/').skip(1).collect();
    let long = wanted
        .iter()
        .position(|part| matches!(*part, "{ref}" | "{path}" | "{branch}" | "{basehead}" | "{tag}"));
    let spare = match long {
        Some(_) => parts.len().checked_sub(wanted.len())?,
        None if parts.len() == wanted.len() => 0,
        None => return None,
    };
    let mut found = Vec::new();
    let mut at = 0;
    for (n, part) in wanted.iter().enumerate() {
        let take = if Some(n) == long { 1 + spare } else { 1 };
        let here = parts[at..at + take].join("/");
        at += take;
        if part.starts_with('{') {
            if here.is_empty() {
                return None;
            }
            found.push(here);
        } else if *part != here {
            return None;
        }
    }
    Some(found)
}

fn decode(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// A renamed repository: reads are told 301, writes 307.
fn redirect(call: &Call<'_>, id: u64, rest: &[&str]) -> Reply {
    let mut url = format!("{}/repositories/{id}", call.site.base);
    for part in rest {
        url.push('/');
        url.push_str(
            &percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC).to_string(),
        );
    }
    let query: Vec<String> = call.asked.query.iter().map(|(key, value)| format!("{key}={value}")).collect();
    if !query.is_empty() {
        url = format!("{url}?{}", query.join("&"));
    }
    let (status, message) =
        if call.asked.method == "GET" { (301, "Moved Permanently") } else { (307, "Temporary Redirect") };
    let documentation =
        "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects";
    let body = json!({ "message": message, "url": url, "documentation_url": documentation });
    Reply { status, body: Content::Json(body), headers: vec![("location".into(), url)], ..Reply::default() }
}
