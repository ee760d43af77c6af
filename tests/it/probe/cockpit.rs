//! End to end without a screen: the process names artifacts, registries on this machine answer, the gate says so.

use super::{Say, Server, sha};
use crate::cli::bench::Bench;
use serde_json::{Value, json};

fn process(server: &Server) -> String {
    format!(
        r#"
name = "harbour"
branches = {{ trunk = "main" }}
version = {{ style = "semver", prefix = "v", candidate = "-rc.{{n}}" }}
[[artifacts]]
id = "pypi"
title = "crane on PyPI"
at = {{ pypi = {{ package = "crane", index = "{url}" }} }}
[[artifacts]]
id = "docs"
at = {{ url = {{ url = "{url}/docs/{{tag}}/", contains = "{{version}}" }} }}
[[gates]]
id = "published"
kind = {{ artifacts = {{}} }}
guards = "close"
"#,
        url = server.url
    )
}

/// The status of a release in a clone, as JSON.
async fn status(server: &Server, release: &str) -> Value {
    let (process, release) = (process(server), release.to_owned());
    let ran = tokio::task::spawn_blocking(move || {
        let bench = Bench::new().write("p.toml", &process);
        let path = bench.path("p.toml").display().to_string();
        bench.run(&["status", "--json", "--release", &release, "--process", &path])
    });
    let ran = ran.await.unwrap();
    serde_json::from_str(&ran.out).unwrap_or_else(|why| panic!("{why}: {ran:?}"))
}

fn gate(status: &Value) -> String {
    let gate = status["gates"].as_array().unwrap().iter().find(|it| it["id"] == "published");
    gate.map_or_else(String::new, |it| {
        format!("{} {}", it["verdict"].as_str().unwrap(), it["reason"].as_str().unwrap())
    })
}

#[tokio::test]
async fn the_status_says_what_is_published() {
    let server = Server::start(|asked| match asked.path() {
        "/pypi/crane/1.0.0/json" => Say::json(
            200,
            json!({ "info": { "version": "1.0.0" }, "urls": [
                { "filename": "crane-1.0.0.tar.gz", "yanked": false, "digests": { "sha256": sha('e') } }
            ] }),
        ),
        "/docs/v1.0.0/" => Say::text(200, "text/html", "crane 1.0.0"),
        _ => Say::text(404, "text/html", ""),
    })
    .await;
    let out = status(&server, "v1.0.0").await;
    assert_eq!(gate(&out), "GO 2 of 2 there", "{out:#}");
    let rows = out["artifacts"].as_array().unwrap();
    assert_eq!(rows[0]["id"], "pypi");
    assert_eq!(rows[0]["title"], "crane on PyPI");
    assert_eq!(rows[0]["tag"], "v1.0.0");
    assert_eq!(rows[0]["verdict"], "GO");
    assert_eq!(rows[0]["reason"], "1 file, sha256:eeeeeeeeeeee crane-1.0.0.tar.gz");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_version_without_a_tag_asks_nobody() {
    let server = Server::start(|_| Say::text(200, "text/html", "")).await;
    let out = status(&server, "v7.0.0").await;
    assert_eq!(gate(&out), "", "what guards the close is not asked yet");
    assert_eq!(out["artifacts"][0]["reason"], "v7.0.0 is not tagged yet");
    assert_eq!(out["artifacts"][0]["tag"], Value::Null);
    assert_eq!(server.lines(), [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_read_is_unread_and_hold() {
    let server = Server::start(|asked| match asked.path() {
        "/docs/v1.0.0/" => Say::text(200, "text/html", "crane 1.0.0"),
        _ => Say::json(502, json!({})),
    })
    .await;
    let out = status(&server, "v1.0.0").await;
    assert!(gate(&out).starts_with("HOLD 1 of 2 there; crane on PyPI: could not be read: "), "{out:#}");
    let unread = out["unread"].as_array().unwrap();
    assert!(unread.iter().any(|it| it["what"] == "artifacts pypi"), "{out:#}");
}
