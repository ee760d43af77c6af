//! People, teams and node ids as the forge shows them.

use super::call::{Answer, Call, Refusal, Reply, Site};
use crate::demo::clock::stamp;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A node id: the kind of thing, and what it is known by here.
pub(super) fn node(kind: &str, key: &str) -> String {
    format!("{kind}_{}", BASE64_URL_SAFE_NO_PAD.encode(key))
}

/// Reads what [`node`] writes.
pub(super) fn read_node(id: &str) -> Option<(&str, String)> {
    let (kind, key) = id.split_once('_')?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(key).ok()?;
    Some((kind, String::from_utf8(bytes).ok()?))
}

/// A number that stays the same for a name.
pub(super) fn number_of(name: &str) -> u64 {
    Sha256::digest(name.as_bytes())[..4].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)) & 0x7fff_ffff
}

/// `simple-user`.
pub(super) fn simple(site: &Site, login: &str) -> Value {
    let (id, base) = (number_of(login), &site.base);
    // An app's login holds brackets, which no URL may.
    let safe = login.replace('[', "%5B").replace(']', "%5D");
    let url = format!("{base}/users/{safe}");
    let kind = if login.ends_with("[bot]") {
        "Bot"
    } else if login == "octo" {
        "Organization"
    } else {
        "User"
    };
    json!({
        "login": login, "id": id, "node_id": node("U", login), "avatar_url": format!("{base}/avatars/{id}"),
        "gravatar_id": "", "url": url, "html_url": format!("{base}/{safe}"),
        "followers_url": format!("{url}/followers"), "following_url": format!("{url}/following{{/other_user}}"),
        "gists_url": format!("{url}/gists{{/gist_id}}"), "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"), "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"), "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"), "type": kind, "user_view_type": "public",
        "site_admin": false,
    })
}

/// `GET /user`
pub(super) fn me(call: &mut Call<'_>) -> Answer {
    Ok(Reply::ok(profile(&call.site, &call.caller.login)))
}

/// `GET /users/{username}`
pub(super) fn user(call: &mut Call<'_>) -> Answer {
    let known = call.world.repositories.iter().any(|repo| {
        repo.issues
            .values()
            .any(|issue| issue.author == call.arg(0) || issue.assignees.iter().any(|a| a == call.arg(0)))
    }) || crate::demo::history::PEOPLE.iter().any(|(_, login)| *login == call.arg(0));
    if known { Ok(Reply::ok(profile(&call.site, call.arg(0)))) } else { Err(Refusal::not_found()) }
}

fn profile(site: &Site, login: &str) -> Value {
    let mut user = simple(site, login);
    let name = crate::demo::history::PEOPLE.iter().find(|(_, known)| *known == login).map(|(name, _)| *name);
    let more = json!({
        "name": name, "company": null, "blog": "", "location": null, "email": null, "hireable": null, "bio": null,
        "twitter_username": null, "notification_email": null, "public_repos": 2, "public_gists": 0, "followers": 3,
        "following": 3, "created_at": stamp(site.now - 900 * 86_400), "updated_at": stamp(site.now - 86_400),
        "private_gists": 0, "total_private_repos": 0, "owned_private_repos": 0, "disk_usage": 0, "collaborators": 0,
        "two_factor_authentication": true,
        "plan": { "name": "free", "space": 0, "collaborators": 0, "private_repos": 0 },
    });
    super::merge(&mut user, more);
    user
}

/// `GET /orgs/{org}/teams/{team_slug}/members`
pub(super) fn team_members(call: &mut Call<'_>) -> Answer {
    let team = call.world.teams.iter().find(|team| team.org == call.arg(0) && team.slug == call.arg(1));
    let members = team.ok_or_else(Refusal::not_found)?.members.clone();
    let site = call.site.clone();
    Ok(call.page(&members, |login| simple(&site, login)))
}

/// `PUT /orgs/{org}/teams/{team_slug}/memberships/{username}`
pub(super) fn join_team(call: &mut Call<'_>) -> Answer {
    let (org, slug, login) = (call.arg(0).to_owned(), call.arg(1).to_owned(), call.arg(2).to_owned());
    let team = call.world.teams.iter_mut().find(|team| team.org == org && team.slug == slug);
    let team = team.ok_or_else(Refusal::not_found)?;
    if !team.members.contains(&login) {
        team.members.push(login.clone());
    }
    let url = format!("{}/orgs/{org}/teams/{slug}/memberships/{login}", call.site.base);
    Ok(Reply::ok(json!({ "url": url, "role": "member", "state": "active" })))
}

/// `GET /rate_limit` is answered where the counters are; this is the part that never changes.
pub(super) fn meta(call: &mut Call<'_>) -> Answer {
    let host = call.site.base.trim_start_matches("http://").to_owned();
    Ok(Reply::ok(json!({
        "verifiable_password_authentication": false, "hooks": ["127.0.0.1/32"], "web": ["127.0.0.1/32"],
        "api": ["127.0.0.1/32"], "git": ["127.0.0.1/32"], "domains": { "website": [host] },
    })))
}
