//! Everything that can go wrong between here and GitHub, each as a sentence that says what to do.

use super::server::{Say, Server};
use super::{SECRET, github, hasty, repo, setup};
use gonogo::forge::{Forge, ForgeError, Github, Look, Patience, Seen, Setup, Token};
use gonogo::release::observe::Sighting;
use serde_json::json;
use std::time::Duration;

async fn look(forge: &Github) -> Seen {
    forge.look(&Look::Milestones(repo())).await
}

fn why(seen: &Seen) -> String {
    match &seen.sighting {
        Sighting::Failed(_, why) => why.line(),
        other => panic!("it should have failed: {other:?}"),
    }
}

/// What a look says when every request is answered alike, and how many were sent.
async fn said(say: Say) -> (Seen, usize) {
    let server = Server::start(move |_| say.clone()).await;
    let seen = look(&github(&server)).await;
    let sent = server.asked().len();
    (seen, sent)
}

#[tokio::test]
async fn a_bad_token_names_its_source_and_the_way_out() {
    let (seen, sent) = said(Say::json(401, json!({ "message": "Bad credentials" }))).await;
    let why = why(&seen);
    assert!(why.contains("GH_TOKEN") && why.contains("gh auth login"), "{why}");
    assert_eq!(sent, 1, "a refusal is not asked again");
    assert!(!why.contains(SECRET));
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let say = Say::json(403, json!({ "message": "Resource not accessible by personal access token" }))
        .with("x-accepted-github-permissions", "issues=read")
        .with("x-ratelimit-remaining", "4000");
    let (seen, sent) = said(say).await;
    let why = why(&seen);
    assert!(why.contains("permission issues=read") && why.contains("not accessible by personal"), "{why}");
    assert_eq!((sent, seen.until), (1, None));
}

#[tokio::test]
async fn single_sign_on_gives_the_address() {
    let say = Say::json(403, json!({ "message": "Resource protected by organization SAML enforcement." }))
        .with("x-github-sso", "required; url=https://github.com/orgs/octo/sso?authorization_request=A1");
    let (seen, _) = said(say).await;
    assert!(why(&seen).contains("https://github.com/orgs/octo/sso?authorization_request=A1"));
}

#[tokio::test]
async fn limits_carry_a_time_to_count_down_to_and_are_not_asked_again() {
    let reset = chrono::Utc::now().timestamp() + 1_800;
    let primary = Say::json(403, json!({ "message": "API rate limit exceeded" }))
        .with("x-ratelimit-limit", "5000")
        .with("x-ratelimit-remaining", "0")
        .with("x-ratelimit-reset", reset.to_string());
    let (seen, sent) = said(primary).await;
    let left = (seen.until.expect("a time") - chrono::Utc::now()).num_seconds();
    assert!((1_790..=1_800).contains(&left) && sent == 1, "{left} s");
    assert!(why(&seen).contains("hourly limit") && why(&seen).contains(" UTC"), "{}", why(&seen));

    for (say, least, most) in [
        (Say::json(429, json!({ "message": "slow down" })).with("retry-after", "7"), 5, 7),
        (Say::json(403, json!({ "message": "You have exceeded a secondary rate limit." })), 57, 60),
        (Say::json(403, json!({ "message": "busy" })).with("retry-after", "99999999"), 86_300, 86_400),
    ] {
        let (seen, sent) = said(say).await;
        let left = (seen.until.expect("a time") - chrono::Utc::now()).num_seconds();
        assert!((least..=most).contains(&left) && sent == 1, "{left} s, {sent} sent");
        assert!(why(&seen).contains("slower"));
    }
}

#[tokio::test]
async fn while_a_limit_holds_nothing_is_sent() {
    let server = Server::start(|_| {
        Say::json(429, json!({ "message": "secondary rate limit" })).with("retry-after", "30")
    })
    .await;
    let forge = github(&server);
    let first = look(&forge).await;
    let second = look(&forge).await;
    assert_eq!((server.asked().len(), first.until), (1, second.until));
}

#[tokio::test]
async fn a_clock_that_is_off_does_not_change_how_long_is_waited() {
    // The server's clock stands in 2030, and its hour starts again in ten minutes.
    let say = Say::json(403, json!({ "message": "API rate limit exceeded" }))
        .with("date", "Tue, 01 Jan 2030 00:00:00 GMT")
        .with("x-ratelimit-limit", "5000")
        .with("x-ratelimit-remaining", "0")
        .with("x-ratelimit-reset", "1893456600");
    let (seen, _) = said(say).await;
    let left = (seen.until.expect("a time") - chrono::Utc::now()).num_seconds();
    assert!((590..=600).contains(&left), "{left} s");
}

#[tokio::test]
async fn a_token_for_another_host_is_not_sent() {
    let server = Server::start(|_| Say::json(200, json!([]))).await;
    let other = Token::new(SECRET, "github.com", gonogo::forge::token::Origin::Gh).expect("a token");
    let Err(error) = Github::new(Setup { token: Some(other), ..setup(&server) }) else {
        panic!("it must not be used")
    };
    assert!(
        error.say().contains("is for github.com, not for 127.0.0.1") && !error.say().contains("SECRET"),
        "{error}"
    );
    let given = Token::new("demo", "demo", gonogo::forge::token::Origin::Given).expect("a token");
    Github::new(Setup { token: Some(given.clone()), ..setup(&server) })
        .expect("the embedded forge is on this machine");
    let api = gonogo::forge::Api::of_host("github.com").expect("an API");
    assert!(Github::new(Setup::new(api, Some(given))).is_err());
}

#[tokio::test]
async fn rates_of_every_reply_are_known() {
    let server = Server::start(|_| {
        Say::json(200, json!([]))
            .with("x-ratelimit-limit", "5000")
            .with("x-ratelimit-remaining", "4711")
            .with("x-ratelimit-used", "289")
            .with("x-ratelimit-reset", (chrono::Utc::now().timestamp() + 1_000).to_string())
            .with("x-ratelimit-resource", "core")
    })
    .await;
    let forge = github(&server);
    assert_eq!(forge.rates().core(), None);
    look(&forge).await;
    let rate = *forge.rates().core().expect("a limit");
    assert_eq!((rate.limit, rate.remaining, rate.used), (5000, 4711, 289));
    assert!((990..=1_000).contains(&(rate.reset - chrono::Utc::now()).num_seconds()));
}

#[tokio::test]
async fn a_read_is_tried_three_times_and_then_said_to_have_failed() {
    let (seen, sent) = said(Say::text(502, "text/html", "<html>bad gateway</html>")).await;
    assert_eq!(sent, 3);
    assert!(why(&seen).contains("trouble of its own") && why(&seen).contains("HTTP 502"), "{}", why(&seen));
    let (seen, sent) = said(Say::Drop).await;
    assert!(sent >= 3 && why(&seen).contains("broke"), "{sent} {}", why(&seen));
    let (seen, sent) = said(Say::Half("[".repeat(50))).await;
    assert!(sent == 3 && why(&seen).contains("broke"), "{sent} {}", why(&seen));
}

#[tokio::test]
async fn a_read_that_recovers_is_a_read() {
    let mut count = 0;
    let server = Server::start(move |_| {
        count += 1;
        match count {
            1 => Say::json(503, json!({})).with("retry-after", "0"),
            2 => Say::Drop,
            _ => Say::json(200, json!([{ "number": 3, "title": "v1", "state": "open" }])),
        }
    })
    .await;
    let seen = look(&github(&server)).await;
    assert!(matches!(&seen.sighting, Sighting::Milestones(_, rows) if rows.len() == 1), "{seen:?}");
}

#[tokio::test]
async fn a_5xx_that_asks_for_a_long_wait_is_not_waited_for() {
    let (_, sent) = said(Say::json(503, json!({})).with("retry-after", "120")).await;
    assert_eq!(sent, 1);
}

#[tokio::test]
async fn silence_ends_in_a_time_limit() {
    let server = Server::start(|_| Say::Silence).await;
    let patience = Patience { whole: Duration::from_secs(1), tries: 2, ..hasty() };
    let forge = Github::new(Setup { patience, ..setup(&server) }).expect("a client");
    let seen = look(&forge).await;
    assert!(why(&seen).contains("did not answer in time"), "{}", why(&seen));
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn no_server_is_offline_and_says_so() {
    let server = Server::start(|_| Say::Drop).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let gone = listener.local_addr().expect("an address");
    drop(listener);
    let api = gonogo::forge::Api::of_url(&format!("http://{gone}")).expect("an address");
    let forge = Github::new(Setup { api, ..setup(&server) }).expect("a client");
    let seen = look(&forge).await;
    assert!(why(&seen).contains("no connection") && why(&seen).contains("HTTPS_PROXY"), "{}", why(&seen));
}

#[tokio::test]
async fn a_reply_that_is_not_json_is_not_an_empty_list() {
    for (kind, body) in [
        ("text/html", "<html><title>Sign in to the hotel's network</title>"),
        ("application/json", "{\"message\":\"an object where a list belongs\"}"),
        ("application/json", ""),
        ("application/json", "[{\"number\": 1}"),
        ("application/json", "null"),
    ] {
        let (seen, sent) = said(Say::text(200, kind, body)).await;
        let why = why(&seen);
        assert!(why.contains("not what GitHub sends") && why.contains(kind), "{why}");
        assert!(!why.contains("hotel"), "the body is not repeated: {why}");
        assert_eq!(sent, 1);
    }
}

#[tokio::test]
async fn not_found_is_not_empty() {
    let (seen, _) = said(Say::json(404, json!({ "message": "Not Found" }))).await;
    assert!(why(&seen).contains("does not exist, or the token may not see it"), "{}", why(&seen));
    assert!(why(&seen).contains("GET /repos/octo/widget/milestones"), "{}", why(&seen));
}

#[tokio::test]
async fn each_request_says_who_it_is_and_which_version_it_speaks() {
    let server = Server::start(|_| Say::json(200, json!([]))).await;
    look(&github(&server)).await;
    let asked = server.asked().remove(0);
    assert_eq!(
        asked.header("user-agent"),
        Some(concat!("gonogo/", env!("CARGO_PKG_VERSION"))),
        "one, and ours"
    );
    assert_eq!(asked.header("x-github-api-version"), Some("2022-11-28"));
    assert_eq!(asked.header("accept"), Some("application/vnd.github+json"));
    assert_eq!(asked.header("authorization"), Some(&*format!("Bearer {SECRET}")));
}

#[tokio::test]
async fn without_a_token_none_is_sent_and_401_says_so() {
    let server = Server::start(|_| Say::json(401, json!({ "message": "Requires authentication" }))).await;
    let forge = Github::new(Setup { token: None, ..setup(&server) }).expect("a client");
    let seen = look(&forge).await;
    assert!(why(&seen).contains("no token"), "{}", why(&seen));
    assert_eq!(server.asked()[0].header("authorization"), None);
}

#[tokio::test]
async fn errors_hold_no_secret_in_debug_or_display() {
    for say in [
        Say::json(401, json!({})),
        Say::json(403, json!({ "message": "no" })),
        Say::Drop,
        Say::text(200, "text/html", "x"),
    ] {
        let server = Server::start(move |_| say.clone()).await;
        let error = github(&server).viewer(&repo()).await.expect_err("it fails");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
        let is_answered = error.trail().is_some_and(|trail| trail.http.is_some());
        assert_eq!(error.say().contains("[request AB12:34]"), is_answered, "{error}");
        assert!(!error.say_again().contains("AB12"), "the same failure in the same words");
        assert!(!matches!(error, ForgeError::Closed { .. }));
    }
    let server = Server::start(|_| Say::Drop).await;
    assert!(!format!("{:?}", setup(&server)).contains("SECRET"));
    assert!(Token::new("a", "h", gonogo::forge::token::Origin::Gh).is_ok());
}
