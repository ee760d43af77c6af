//! A Python package index.

use super::{Say, Server, is_tame, once, sha};
use gonogo::release::artifacts::Place;
use serde_json::{Value, json};

fn pypi(server: &Server, version: &str) -> Place {
    Place::Pypi { index: server.url.clone(), package: "llama-stack".into(), version: version.into() }
}

fn file(name: &str, digest: char) -> Value {
    json!({ "filename": name, "yanked": false, "digests": { "sha256": sha(digest) } })
}

fn page(version: &str, files: &[Value]) -> Value {
    json!({ "info": { "version": version, "yanked": false, "yanked_reason": null }, "urls": files })
}

/// What is said when the index answers the JSON API so, and everything else with 404.
async fn told(body: Value) -> String {
    let server = Server::start(move |asked| match asked.path() {
        "/pypi/llama-stack/0.3.0rc1/json" => Say::json(200, body.clone()),
        _ => Say::json(404, json!({ "message": "Not Found" })),
    })
    .await;
    once(pypi(&server, "0.3.0rc1")).await
}

#[tokio::test]
async fn a_version_is_there_with_its_files() {
    let files =
        [file("llama_stack-0.3.0rc1.tar.gz", 'a'), file("llama_stack-0.3.0rc1-py3-none-any.whl", 'b')];
    assert_eq!(
        told(page("0.3.0rc1", &files)).await,
        "present: 2 files, sha256:bbbbbbbbbbbb llama_stack-0.3.0rc1-py3-none-any.whl"
    );
}

#[tokio::test]
async fn the_normal_form_of_the_version_is_asked_for() {
    let server = Server::start(|asked| match asked.path() {
        "/base/pypi/llama-stack/0.3.0rc1/json" => {
            Say::json(200, page("0.3.0.rc1", &[file("x-0.3.0rc1.tar.gz", 'a')]))
        }
        _ => Say::json(404, json!({})),
    })
    .await;
    for version in ["0.3.0rc1", "0.3.0-rc.1", "0.3.0.RC1"] {
        let index = format!("{}/base/", server.url);
        let place = Place::Pypi { index, package: "llama-stack".into(), version: version.into() };
        assert!(once(place).await.starts_with("present: 1 file, "), "{version}");
    }
    assert!(once(pypi(&server, "nightly")).await.contains("nightly is no version of PEP 440"));
}

#[tokio::test]
async fn what_is_there_and_not_right_says_why() {
    let one = || file("llama_stack-0.3.0rc1.tar.gz", 'a');
    let mut yanked = page("0.3.0rc1", &[one()]);
    yanked["info"]["yanked"] = json!(true);
    yanked["info"]["yanked_reason"] = json!("broken \u{1b}[31mwheel");
    let mut half = page("0.3.0rc1", &[one(), one()]);
    half["urls"][1]["yanked"] = json!(true);
    let mut bare = page("0.3.0rc1", &[one()]);
    bare["urls"][0]["digests"] = Value::Null;
    for (body, why) in [
        (yanked, "wrong: yanked: broken ␛[31mwheel"),
        (half, "wrong: 1 of 2 files yanked"),
        (bare, "wrong: llama_stack-0.3.0rc1.tar.gz has no SHA-256"),
        (page("0.3.0rc1", &[]), "wrong: the version is there without a file"),
        (page("0.3.0rc1", &[file("x", 'z')]), "wrong: x has no SHA-256"),
        (page("0.2.9", &[one()]), "wrong: it says version 0.2.9, not 0.3.0rc1"),
        (json!({ "info": null, "urls": null }), "is not understood: it holds no info"),
        (json!([null]), "is not understood"),
        (json!("text"), "is not understood"),
    ] {
        let said = told(body).await;
        assert!(said.contains(why), "{said} is not {why}");
        is_tame(&said);
    }
}

#[tokio::test]
async fn names_of_files_are_shown_and_not_obeyed() {
    let name = format!("\u{1b}]52;c;cHduZWQ=\u{7}\u{202e}{}.whl", "x".repeat(4000));
    let said = told(page("0.3.0rc1", &[file(&name, 'c')])).await;
    is_tame(&said);
    assert!(said.starts_with("present: 1 file, sha256:cccccccccccc ␛]52;c;"), "{said}");
}

#[tokio::test]
async fn an_index_without_the_json_api_is_asked_by_the_simple_one() {
    let server = Server::start(|asked| match asked.path() {
        "/simple/llama-stack/" => {
            assert_eq!(asked.header("accept"), Some("application/vnd.pypi.simple.v1+json"));
            let hashes = json!({ "sha256": sha('d') });
            let names =
                ["llama_stack-0.2.0.tar.gz", "llama_stack-0.3.0rc1-py3-none-any.whl", "odd", "x-y.zip"];
            let mut files: Vec<Value> =
                names.iter().map(|it| json!({ "filename": it, "hashes": hashes, "yanked": false })).collect();
            files
                .push(json!({ "filename": "llama-stack-0.1.0.zip", "hashes": hashes, "yanked": "a reason" }));
            files.push(json!({ "filename": null, "hashes": null }));
            Say::json(200, json!({ "meta": { "api-version": "1.1" }, "files": files }))
        }
        _ => Say::json(404, json!({})),
    })
    .await;
    let there = "present: 1 file, sha256:dddddddddddd llama_stack-0.3.0rc1-py3-none-any.whl";
    assert_eq!(once(pypi(&server, "0.3.0rc1")).await, there);
    assert_eq!(once(pypi(&server, "0.1.0")).await, "wrong: 1 of 1 files yanked");
    let absent = once(pypi(&server, "0.4.0")).await;
    assert!(absent.starts_with("absent: 404 at ") && absent.contains("lists no such version"), "{absent}");
}
