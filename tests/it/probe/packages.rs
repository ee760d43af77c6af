//! npm and the index of crates.

use super::{Say, Server, is_tame, once, sha};
use gonogo::release::artifacts::Place;
use serde_json::{Value, json};

fn npm(server: &Server, package: &str) -> Place {
    let registry = Some(format!("{}/npm/", server.url));
    Place::Npm { registry, package: package.into(), version: "1.2.0".into() }
}

fn document() -> Value {
    let integrity = format!("sha512-{}==", "A".repeat(86));
    json!({ "name": "crane", "version": "1.2.0", "dist": { "integrity": integrity, "fileCount": 12 } })
}

/// What is said of the version that npm describes so.
async fn told(body: Value) -> String {
    let server = Server::start(move |asked| match asked.path() {
        "/npm/crane/1.2.0" => Say::json(200, body.clone()),
        _ => Say::json(404, json!("version not found: 1.2.0")),
    })
    .await;
    let said = once(npm(&server, "crane")).await;
    is_tame(&said);
    said
}

#[tokio::test]
async fn npm_has_a_version_with_its_integrity() {
    let there = "present: sha512-AAAAAAAAAAAAA…, 12 files";
    assert_eq!(told(document()).await, there);
    let mut old = document();
    old["deprecated"] = json!("use crane2 \u{1b}[0m");
    assert_eq!(told(old).await, format!("{there}, deprecated: use crane2 ␛[0m"));
    let mut fresh = document();
    fresh["deprecated"] = json!(false);
    assert_eq!(told(fresh).await, there);
}

#[tokio::test]
async fn npm_without_what_it_should_have_is_wrong() {
    let with = |key: &str, value: Value| {
        let mut body = document();
        body[key] = value;
        body
    };
    for (body, why) in [
        (with("version", json!("1.2.1")), "wrong: it says version 1.2.1, not 1.2.0"),
        (with("version", Value::Null), "wrong: it says version , not 1.2.0"),
        (with("dist", Value::Null), "wrong: the version is there without an archive"),
        (with("dist", json!({ "integrity": null })), "wrong: the archive has no integrity"),
        (with("dist", json!("x")), "failed: the answer of "),
        (json!([]), "failed: the answer of "),
    ] {
        let said = told(body).await;
        assert!(said.starts_with(why), "{said} is not {why}");
    }
}

#[tokio::test]
async fn the_scope_of_a_package_is_part_of_its_name() {
    let server = Server::start(|asked| match asked.path() {
        "/npm/@pier%2Fcrane/1.2.0" => Say::json(200, document()),
        _ => Say::json(404, json!({})),
    })
    .await;
    assert!(once(npm(&server, "@pier/crane")).await.starts_with("present: "), "{:?}", server.lines());
    assert!(once(npm(&server, "@pier/other")).await.starts_with("absent: 404 at "));
    assert!(once(npm(&server, "../../admin")).await.starts_with("absent: 404 at "));
    assert_eq!(server.lines().last().unwrap(), "GET /npm/..%2F..%2Fadmin/1.2.0");
}

fn cargo(server: &Server, package: &str, version: &str) -> Place {
    let registry = Some(format!("sparse+{}/index/", server.url));
    Place::Crate { registry, package: package.into(), version: version.into() }
}

#[tokio::test]
async fn a_crate_is_a_line_of_the_sparse_index() {
    let line = |version: &str, yanked: bool| {
        json!({ "name": "crane", "vers": version, "deps": [], "cksum": sha('f'), "yanked": yanked })
            .to_string()
    };
    let lines = [line("1.1.0", false), line("1.2.0", true), line("1.3.0", false)].join("\n");
    let bare = json!({ "name": "cr", "vers": "1.2.0", "cksum": null }).to_string();
    let server = Server::start(move |asked| match asked.path() {
        "/index/cr/an/crane" => Say::text(200, "text/plain", &lines),
        "/index/2/cr" => Say::text(200, "text/plain", &bare),
        "/index/3/c/cra" => Say::text(200, "text/plain", "{\n"),
        "/index/1/c" => Say::text(200, "text/plain", "null\n"),
        _ => Say::text(404, "text/plain", ""),
    })
    .await;
    assert_eq!(once(cargo(&server, "Crane", "1.3.0")).await, "present: sha256:ffffffffffff");
    assert_eq!(once(cargo(&server, "crane", "1.2.0")).await, "wrong: yanked");
    assert!(once(cargo(&server, "crane", "1.4.0")).await.ends_with(" does not list it"));
    assert_eq!(once(cargo(&server, "cr", "1.2.0")).await, "wrong: the version has no SHA-256");
    assert!(once(cargo(&server, "absent", "1.2.0")).await.starts_with("absent: 404 at "));
    for (name, why) in
        [("cra", "is not understood"), ("c", "is not understood"), ("a/b", "no name of a crate")]
    {
        let said = once(cargo(&server, name, "1.2.0")).await;
        assert!(said.starts_with("failed: ") && said.contains(why), "{name}: {said}");
    }
}
