//! A refresh of three repositories, their milestones and four branches: how many requests it takes.

use super::server::{Asked, Say, Server};
use super::{branch, checks, github, repo, setup, text};
use gonogo::forge::{Forge, Github, RefreshPlan, Seen, Setup, Source};
use gonogo::release::ids::Repo;
use gonogo::release::looks::Topic;
use gonogo::release::observe::Sighting;
use gonogo::release::picks::{Command, Gather, MilestoneOf, NamedLine};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const LINES: [&str; 4] = ["main", "release-1.0", "release-1.1", "release-1.2"];
/// Looks of the plan: milestones and issues of three repositories, checks and required checks of four branches,
/// releases, picks.
const LOOKS: usize = 3 + 3 + 4 + 4 + 1 + 1;

/// Every source of picks, for three lines.
fn gather() -> Gather {
    let named = LINES[1..].iter().map(|line| NamedLine {
        branch: branch(line),
        major: "1".into(),
        minor: line.rsplit('.').next().unwrap_or_default().into(),
    });
    let named: Vec<_> = named.collect();
    let milestone = |line: &NamedLine| {
        (MilestoneOf::Version { major: 1, minor: line.minor.parse().ok() }, line.branch.clone())
    };
    Gather {
        trunk: Some(branch("main")),
        labels: LINES[1..].iter().map(|line| (text(&format!("backport {line}")), branch(line))).collect(),
        milestones: named.iter().map(milestone).collect(),
        commands: Command::new("/cherry-pick {branch}", &named, None).into_iter().collect(),
        lines: LINES[1..].iter().map(|line| branch(line)).collect(),
        ..Gather::default()
    }
}

/// Requests that picks take for themselves, beside what the one query of a refresh tells: the milestones of the
/// repository, its newest comments, one query for what changed, one for checks.
const OWN: usize = 4;

fn own(server: &Server) -> usize {
    let mut milestones = 0;
    let mut of_picks = |line: &&String| {
        milestones += usize::from(line.contains("/octo/widget/milestones"));
        line.contains("/issues/comments?") || line.contains("/octo/widget/milestones") && milestones == 2
    };
    let queries = server
        .asked()
        .iter()
        .filter(|it| it.body.contains("query Candidates") || it.body.contains("query Rollups"))
        .count();
    server.lines().iter().filter(&mut of_picks).count() + queries
}

fn plan() -> RefreshPlan {
    let side = |name: &str| Repo::parse(name).expect("a repository");
    RefreshPlan {
        main: repo(),
        repos: vec![repo(), side("octo/gadget"), side("octo/docs")],
        milestone: Some(text("v1.2.0")),
        branches: LINES.map(branch).to_vec(),
        picks: gather(),
        topics: [
            Topic::Milestones,
            Topic::Issues,
            Topic::Checks,
            Topic::Required,
            Topic::Releases,
            Topic::Picks,
        ]
        .into(),
    }
}

/// Required checks, releases and labelled pull requests, by GraphQL and by REST.
fn lines(asked: &Asked, title: &str) -> Option<Say> {
    let at = "2026-11-02T00:00:00Z";
    let sha = super::oid('a').to_string();
    if asked.path() == "/graphql" && asked.body.contains("query Overview") {
        let variables = asked.json()["variables"].clone();
        let page = |nodes: Value| json!({ "pageInfo": { "hasNextPage": false }, "nodes": nodes });
        let release = json!({ "databaseId": 5, "tagName": "v1.1.0", "name": title, "isDraft": false,
            "isPrerelease": false, "publishedAt": at, "releaseAssets": { "totalCount": 2 } });
        let mut data = json!({ "releases": page(json!([release])) });
        for (name, value) in variables.as_object().expect("variables") {
            let is_main = value == "refs/heads/main";
            let parameters = json!({ "__typename": "RequiredStatusChecksParameters", "requiredStatusChecks": [{ "context": "lint" }] });
            let rule = json!({ "type": "REQUIRED_STATUS_CHECKS", "parameters": parameters });
            let classic = is_main.then(|| json!({ "requiredStatusCheckContexts": ["unit"] }));
            let pull = json!({ "number": 7, "title": title, "author": { "__typename": "Bot", "login": "ada" },
                "state": "MERGED", "mergedAt": at, "mergeCommit": { "oid": sha }, "updatedAt": at, "baseRefName": "main" });
            match &name[..1] {
                "b" => data[name] = json!({ "refUpdateRule": classic, "rules": page(json!([rule])) }),
                "l" if name.len() == 2 => data[name] = page(json!([pull])),
                "m" => data[name] = json!({ "pullRequests": page(json!([])) }),
                "k" => {
                    data[name] = page(json!([]));
                    data[format!("{name}x")] = page(json!([]));
                }
                _ => {}
            }
        }
        return Some(Say::json(200, json!({ "data": { "repository": data } })));
    }
    if asked.path() == "/graphql" && asked.body.contains("query Candidates") {
        let variables = asked.json()["variables"].clone();
        let mut data = json!({});
        let none = json!({ "nodes": [] });
        for (name, number) in variables.as_object().expect("variables").iter().filter(|(_, it)| it.is_u64()) {
            data[name] = if name.starts_with('c') {
                json!({ "comments": { "totalCount": 1, "nodes": [{ "databaseId": 1, "body": "/cherry-pick release-1.2",
                    "author": { "__typename": "User", "login": "eve" }, "authorAssociation": "MEMBER", "createdAt": at, "updatedAt": at }] } })
            } else {
                json!({ "number": number, "title": title, "state": "MERGED", "author": { "__typename": "Bot", "login": "ada" },
                    "baseRefName": "main", "updatedAt": at, "mergedAt": at, "mergedBy": { "__typename": "User", "login": "eve" },
                    "mergeCommit": { "oid": sha }, "additions": 3, "deletions": 1, "changedFiles": 2, "commits": { "totalCount": 1 },
                    "labels": none, "timelineItems": none, "latestOpinionatedReviews": { "nodes": [
                        { "state": "APPROVED", "author": { "__typename": "User", "login": "eve" } }] } })
            };
        }
        return Some(Say::json(200, json!({ "data": { "repository": data } })));
    }
    if asked.path() == "/graphql" && asked.body.contains("query Rollups") {
        let variables = asked.json()["variables"].clone();
        let mut data = json!({});
        for (name, oid) in variables
            .as_object()
            .expect("variables")
            .iter()
            .filter(|(name, _)| name.starts_with('o') && name.len() < 4)
        {
            data[name] = json!({ "oid": oid, "statusCheckRollup": { "state": "FAILURE" } });
        }
        return Some(Say::json(200, json!({ "data": { "repository": data } })));
    }
    let rest = asked.path().strip_prefix("/repos/octo/widget/")?;
    let protection = |is_main: bool| json!({ "enabled": is_main, "required_status_checks": { "enforcement_level": "everyone", "contexts": ["unit"] } });
    let comment = json!({ "id": 1, "body": "/cherry-pick release-1.2", "html_url": "https://x/octo/widget/pull/7#issuecomment-1",
        "user": { "login": "eve" }, "author_association": "MEMBER", "created_at": at, "updated_at": at });
    let pull = json!({ "number": 7, "node_id": "PR_7", "title": title, "state": "closed", "updated_at": at,
        "user": { "login": "ada[bot]" }, "pull_request": { "merged_at": at } });
    let body = match rest {
        "releases" => {
            json!([{ "id": 5, "tag_name": "v1.1.0", "name": title, "draft": false, "prerelease": false,
            "published_at": at, "assets": [{}, {}] }])
        }
        "branches" => {
            json!([{ "name": "main", "protected": true, "protection": protection(true), "commit": { "sha": title } }])
        }
        "rulesets" => json!([{ "id": 1, "name": "lines", "updated_at": at }]),
        "issues" if asked.query("labels").is_some() || asked.query("sort") == Some("updated") => {
            json!([pull])
        }
        "issues/comments" => json!([comment]),
        "issues/7/comments" => json!([comment]),
        "issues/7/events" => json!([]),
        "pulls" => json!([]),
        "pulls/7" => {
            json!({ "number": 7, "title": title, "state": "closed", "user": { "login": "ada[bot]" }, "merged_at": at,
            "updated_at": at, "merge_commit_sha": sha, "merged_by": { "login": "eve" }, "base": { "ref": "main" }, "labels": [],
            "commits": 1, "additions": 3, "deletions": 1, "changed_files": 2 })
        }
        "pulls/7/commits" => json!([{ "sha": sha, "commit": { "message": "fix" } }]),
        "pulls/7/reviews" => json!([{ "user": { "login": "eve" }, "state": "APPROVED" }]),
        _ if rest.starts_with("rules/branches/") => {
            json!([{ "type": "required_status_checks", "parameters": { "required_status_checks": [{ "context": "lint" }] } }])
        }
        _ if rest.starts_with("branches/") => {
            let is_main = rest == "branches/main";
            json!({ "name": rest, "protected": is_main, "protection": protection(is_main) })
        }
        _ => return None,
    };
    Some(Say::json(200, body).tagged(asked))
}

fn issues(title: &str) -> Value {
    let issue = |number: u64| {
        json!({
            "number": number, "node_id": format!("I_{number}"), "title": format!("{title} {number}"), "state": "open", "labels": [],
            "updated_at": "2026-11-01T00:00:00Z", "created_at": "2026-10-01T00:00:00Z",
        })
    };
    json!([issue(1), issue(2)])
}

fn answer(asked: &Asked, checks: &checks::Repository, title: &str) -> Say {
    let path = asked.path();
    if let Some(say) = lines(asked, title).filter(|_| checks.graphql || path != "/graphql") {
        return say;
    }
    if path.ends_with("/milestones") {
        let row = |number: u64, title: &str| json!({ "number": number, "title": title, "state": "open" });
        return Say::json(200, json!([row(1, "v1.2.0"), row(2, "v1.3.0"), row(3, "v1.1.0")])).tagged(asked);
    }
    if path.ends_with("/issues") {
        return Say::json(200, issues(title)).tagged(asked);
    }
    if path == "/graphql" && asked.body.contains("DEMILESTONED") {
        let ids = asked.json()["variables"]["ids"].as_array().cloned().unwrap_or_default();
        let node =
            |id: Value| json!({ "__typename": "Issue", "id": id, "timelineItems": { "totalCount": 2 } });
        return Say::json(200, json!({ "data": { "nodes": ids.into_iter().map(node).collect::<Vec<_>>() } }));
    }
    checks.answer(asked)
}

/// How many requests were sent, and how many of them cost something: all but the 304s.
fn count(server: &Server) -> (usize, usize) {
    let asked = server.asked();
    (asked.len(), asked.iter().filter(|it| it.status != 304).count())
}

fn failures(seen: &[Seen]) -> Vec<&Sighting> {
    seen.iter().map(|it| &it.sighting).filter(|it| matches!(it, Sighting::Failed(..))).collect()
}

#[tokio::test]
async fn at_most_ten_requests_when_changed_and_none_that_costs_when_not() {
    let state = Arc::new(Mutex::new((checks::repository(), "one")));
    let told = Arc::clone(&state);
    let server = Server::start(move |asked| {
        let told = told.lock().expect("the state");
        answer(asked, &told.0, told.1)
    })
    .await;
    let forge = github(&server);
    let first = forge.refresh(&plan()).await;
    assert_eq!((first.len(), failures(&first)), (LOOKS, vec![]));
    let (sent, _) = count(&server);
    let of_picks = own(&server);
    assert!(of_picks <= OWN, "picks took {of_picks}: {:#?}", server.lines());
    assert!(sent - of_picks <= 10, "the first refresh took {sent}: {:#?}", server.lines());
    let rolls = first.iter().find_map(|it| match &it.sighting {
        Sighting::Issues(_, rows) => rows[0].rolls,
        _ => None,
    });
    assert_eq!(rolls, Some(2));

    // The next two make the ETags known, of the checks first.
    for time in ["second", "third"] {
        server.forget();
        forge.refresh(&plan()).await;
        let (_, paid) = count(&server);
        assert!(paid <= 10 + OWN, "the {time} paid for {paid}: {:#?}", server.lines());
    }

    server.forget();
    let fourth = forge.refresh(&plan()).await;
    let (sent, paid) = count(&server);
    assert_eq!(paid, 0, "nothing changed, and of {sent} these cost: {:#?}", server.lines());
    assert!(fourth.iter().all(|it| it.source == Source::Unchanged), "{fourth:?}");
    assert_eq!(sightings(&first), sightings(&fourth));

    // Everything changes at once: nothing is asked whether it did.
    server.forget();
    {
        let mut state = state.lock().expect("the state");
        state.0.runs[1].2 = "in_progress";
        state.0.runs[1].3 = None;
        state.1 = "two";
    }
    let seen = forge.refresh(&plan()).await;
    let (sent, _) = count(&server);
    let of_picks = own(&server);
    let rest = sent - of_picks;
    assert!(
        of_picks <= OWN && rest <= 10,
        "a changed refresh took {rest} and {of_picks}: {:#?}",
        server.lines()
    );
    assert_eq!(failures(&seen), Vec::<&Sighting>::new());
    assert_eq!(seen.iter().filter(|it| first.iter().any(|old| old.sighting == it.sighting)).count(), 3 + 4);

    // Only the checks change: the first branch that says so is enough.
    state.lock().expect("the state").0 = checks::repository();
    for _ in 0..3 {
        forge.refresh(&plan()).await;
    }
    state.lock().expect("the state").0.runs[0].3 = Some("success");
    server.forget();
    let seen = forge.refresh(&plan()).await;
    let (sent, paid) = count(&server);
    assert!(paid <= 4 && failures(&seen).is_empty(), "{paid} of {sent}: {:#?}", server.lines());
}

fn sightings(seen: &[Seen]) -> Vec<Sighting> {
    seen.iter().map(|it| it.sighting.clone()).collect()
}

#[tokio::test]
async fn a_refresh_works_by_rest_alone() {
    let it = checks::Repository { graphql: false, ..checks::repository() };
    let server = Server::start(move |asked| answer(asked, &it, "one")).await;
    let seen = github(&server).refresh(&plan()).await;
    assert_eq!((seen.len(), failures(&seen)), (LOOKS, vec![]));
    let it = checks::repository();
    let other = Server::start(move |asked| answer(asked, &it, "one")).await;
    let by_query = github(&other).refresh(&plan()).await;
    let topics = [Topic::Required, Topic::Releases, Topic::Picks];
    let these = |seen: &[Seen]| {
        let seen = sightings(seen).into_iter();
        seen.filter(|it| topics.contains(&it.look().topic)).collect::<Vec<_>>()
    };
    assert_eq!(these(&seen), these(&by_query), "the same, whoever tells it");
    let without = Setup { token: None, ..setup(&server) };
    let seen = Github::new(without).expect("a client").refresh(&plan()).await;
    assert_eq!((seen.len(), failures(&seen)), (LOOKS, vec![]));
}

/// Each field of an answer null, one after the other, at every depth.
fn nulled(value: &Value) -> Vec<Value> {
    let below = |(key, inner): (&dyn Fn(Value) -> Value, &Value)| -> Vec<Value> {
        let mut all = vec![key(Value::Null)];
        all.extend(nulled(inner).into_iter().map(key));
        all
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, inner)| {
                let put = |with: Value| {
                    let mut all = value.clone();
                    all[name] = with;
                    all
                };
                below((&put, inner))
            })
            .collect(),
        Value::Array(rows) => {
            let put = |with: Value| {
                let mut all = value.clone();
                all[0] = with;
                all
            };
            rows.first().map(|row| below((&put, row))).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// What a refresh tells of required checks, releases and picks when the query for them is answered so.
async fn told(say: impl Fn(Say) -> Say + Send + 'static) -> Vec<Sighting> {
    let it = checks::repository();
    let server = Server::start(move |asked| {
        let answer = answer(asked, &it, "one");
        if asked.body.contains("query Overview") { say(answer) } else { answer }
    })
    .await;
    let only = RefreshPlan { topics: [Topic::Required, Topic::Releases, Topic::Picks].into(), ..plan() };
    let seen = github(&server).refresh(&only).await;
    assert_eq!(failures(&seen), Vec::<&Sighting>::new());
    sightings(&seen)
}

#[tokio::test]
async fn a_query_that_goes_wrong_is_made_up_for_by_rest() {
    let right = told(|say| say).await;
    let wrong: Vec<fn() -> Say> = vec![
        || Say::Drop,
        || Say::Half("{\"data\":{".to_owned()),
        || Say::text(200, "text/html", "<html>a login page</html>"),
        || Say::text(200, "application/json", "{\"data\":{\"repository\":"),
        || Say::json(502, json!({})),
        || Say::json(301, json!({})).with("location", "https://evil.example/graphql"),
        || Say::json(200, json!({ "errors": [{ "type": "FORBIDDEN", "message": "no" }] })),
        || Say::json(200, json!({ "errors": [{ "message": "Field 'rules' doesn't exist on type 'Ref'" }] })),
        || Say::json(200, json!({ "data": null })),
        || Say::json(200, json!({ "data": { "repository": null } })),
    ];
    for wrong in wrong {
        assert_eq!(told(move |_| wrong()).await, right, "{:?}", wrong());
    }
}

#[tokio::test]
async fn a_null_in_the_query_never_requires_less() {
    let right = told(|say| say).await;
    let answer = Arc::new(Mutex::new(Value::Null));
    let kept = Arc::clone(&answer);
    told(move |say| {
        if let Say::Reply { body, .. } = &say {
            *kept.lock().expect("the answer") = serde_json::from_str(body).expect("JSON");
        }
        say
    })
    .await;
    let whole = answer.lock().expect("the answer").clone();
    let required = |seen: &[Sighting]| -> Vec<Sighting> {
        seen.iter().filter(|it| matches!(it, Sighting::Required(_))).cloned().collect()
    };
    let all = nulled(&whole["data"]["repository"]);
    assert!(all.len() > 60, "{}", all.len());
    for data in all {
        let said = data.to_string();
        let seen = told(move |_| Say::json(200, json!({ "data": { "repository": data.clone() } }))).await;
        assert_eq!(seen.len(), right.len());
        // Protection by a rule alone may be told as absent; a check that is required may not be.
        for (seen, right) in required(&seen).iter().zip(required(&right)) {
            let (Sighting::Required(seen), Sighting::Required(right)) = (seen, &right) else {
                unreachable!()
            };
            let classic_is_null = said.contains("\"refUpdateRule\":null") && seen.branch.as_str() == "main";
            assert!(classic_is_null || seen.contexts == right.contexts, "{said}: {seen:?}");
        }
    }
}

#[tokio::test]
async fn polling_pauses_below_a_tenth_and_says_until_when() {
    let reset = chrono::Utc::now().timestamp() + 900;
    let it = checks::repository();
    let server = Server::start(move |asked| {
        answer(asked, &it, "one")
            .with("x-ratelimit-limit", "5000")
            .with("x-ratelimit-remaining", "499")
            .with("x-ratelimit-reset", reset.to_string())
            .with("x-ratelimit-resource", "core")
    })
    .await;
    let forge = github(&server);
    forge.refresh(&plan()).await;
    server.forget();
    let seen = forge.refresh(&plan()).await;
    assert_eq!((server.asked().len(), failures(&seen).len()), (0, LOOKS));
    let left = |seen: &Seen| (seen.until.expect("a time") - chrono::Utc::now()).num_seconds();
    assert!(seen.iter().all(|it| (880..=900).contains(&left(it))), "{seen:?}");
    // What a person asks for is still looked at.
    let look = gonogo::forge::Look::Milestones(repo());
    assert!(matches!(forge.look(&look).await.sighting, Sighting::Milestones(..)));
}

#[tokio::test]
async fn one_failure_spoils_no_other_look() {
    let it = checks::repository();
    let server = Server::start(move |asked| {
        if asked.path().starts_with("/repos/octo/docs/") {
            return Say::json(404, json!({ "message": "Not Found" }));
        }
        answer(asked, &it, "one")
    })
    .await;
    let seen = github(&server).refresh(&plan()).await;
    let failed: Vec<_> = failures(&seen).iter().map(|it| it.look().scope.to_string()).collect();
    assert_eq!((seen.len(), failed), (LOOKS, vec!["octo/docs".to_owned(), "octo/docs".to_owned()]));
}

#[tokio::test]
async fn the_past_is_read_bit_by_bit_where_each_commit_costs_a_request() {
    let it = checks::Repository { graphql: false, ..checks::repository() };
    let server = Server::start(move |asked| answer(asked, &it, "one")).await;
    let only = RefreshPlan { topics: [Topic::Checks].into(), ..plan() };
    let forge = github(&server);
    let earlier = |seen: &[Seen]| {
        let past = |seen: &Seen| match &seen.sighting {
            Sighting::Checks { history, .. } => history.iter().map(|it| it.past.len()).max().unwrap_or(0),
            other => panic!("{other:?}"),
        };
        seen.iter().map(past).sum::<usize>()
    };
    let first = forge.refresh(&only).await;
    let (_, paid) = count(&server);
    assert!(paid <= 1 + 4 * 4 + 8 * 2, "{paid}: {:#?}", server.lines());
    assert!(earlier(&first) > 4, "{first:?}");
    let without = Setup { token: None, ..setup(&server) };
    server.forget();
    let seen = Github::new(without).expect("a client").refresh(&only).await;
    assert_eq!(failures(&seen), Vec::<&Sighting>::new());
    assert!(server.asked().len() <= 4 * 4, "an hour has 60: {:#?}", server.lines());
}
