//! A registry that does not answer, or not so that it could be read: never an artifact that is there or absent.

use super::{Say, Server, door, hasty, host, is_tame, once, said};
use gonogo::release::artifacts::Place;
use serde_json::json;

fn url(server: &Server) -> Place {
    Place::Url { url: format!("{}/x", server.url), contains: None }
}

fn pypi(server: &Server) -> Place {
    Place::Pypi { index: server.url.clone(), package: "widget".into(), version: "1.2.0".into() }
}

/// What is said when every request is answered alike, and how many were sent.
async fn told(say: Say) -> (String, usize) {
    let silent = matches!(say, Say::Silence);
    let server = Server::start(move |_| say.clone()).await;
    let door = if silent { hasty() } else { door() };
    let said = said(&door, pypi(&server)).await.replace(host(&server), "HOST");
    is_tame(&said);
    (said, server.asked().len())
}

#[tokio::test]
async fn what_is_no_answer_is_said_and_asked_once() {
    for (say, why) in [
        (Say::json(500, json!({})), "failed: HOST answers 500"),
        (Say::json(403, json!({})), "failed: HOST answers 403"),
        (Say::Drop, "failed: HOST cannot be reached: "),
        (Say::Silence, "failed: HOST did not answer in time"),
        (Say::Half("{}".into()), "failed: HOST cannot be reached: "),
        (Say::text(200, "text/html", "<html>\u{1b}[2J"), "failed: the answer of HOST is not understood: "),
        (Say::text(200, "application/json", ""), "failed: the answer of HOST is not understood: "),
        (Say::text(200, "application/json", "null"), "failed: the answer of HOST is not understood: "),
        (Say::json(429, json!({})), "failed: HOST limits how often it is asked"),
    ] {
        let (said, sent) = told(say).await;
        assert!(said.starts_with(why), "{said} is not {why}");
        assert_eq!(sent, 1, "{said}");
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_said() {
    let place = Place::Url { url: "http://127.0.0.1:1/".into(), contains: None };
    let said = once(place).await;
    assert!(said.starts_with("failed: 127.0.0.1:1 cannot be reached: "), "{said}");
}

#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let body = "x".repeat(17 * 1024 * 1024);
    let (said, _) = told(Say::text(200, "application/json", &body)).await;
    assert_eq!(said, "failed: the answer of HOST is longer than 16384 KiB");
}

#[tokio::test]
async fn a_host_that_asks_to_be_left_alone_is() {
    let server = Server::start(|_| Say::json(429, json!({})).with("retry-after", "120")).await;
    let door = door();
    let first = said(&door, url(&server)).await;
    assert!(first.contains("limits how often it is asked, until ") && first.contains(" UTC"), "{first}");
    let again = said(&door, pypi(&server)).await;
    assert_eq!(first, again, "the words stay the same while it lasts");
    assert_eq!(server.asked().len(), 1, "it is not asked before the time is over");

    let server = Server::start(|_| Say::json(503, json!({})).with("retry-after", "0")).await;
    let first = said(&door, url(&server)).await;
    assert!(first.contains("limits how often"), "{first}");
    said(&door, url(&server)).await;
    assert_eq!(server.asked().len(), 2, "after the time it is asked again");
}

#[tokio::test]
async fn what_comes_back_is_seen() {
    let mut count = 0;
    let server = Server::start(move |_| {
        count += 1;
        Say::text(if count == 2 { 200 } else { 404 }, "text/plain", "")
    })
    .await;
    let door = door();
    for word in ["absent", "present", "absent"] {
        let said = said(&door, url(&server)).await;
        assert!(said.starts_with(word), "{said} is not {word}");
    }
}
