//! A release of the forge with its files, as an artifact.

use super::server::{Say, Server};
use super::{github, repo};
use gonogo::forge::{Forge, Look};
use gonogo::release::artifacts::{ArtifactAsk, Place, is_sums, sums};
use gonogo::release::ids::Tag;
use gonogo::release::observe::Sighting;
use serde_json::{Value, json};

fn hex(digit: char) -> String {
    digit.to_string().repeat(64)
}

fn file(id: u64, name: &str, digit: char) -> Value {
    json!({
        "id": id, "name": name, "size": 10, "state": "uploaded", "digest": format!("sha256:{}", hex(digit)),
    })
}

fn look(assets: &[&str], checksums: bool) -> Look {
    let assets = assets.iter().map(|it| (*it).to_owned()).collect();
    let place = Place::Release { repo: repo(), assets, checksums };
    Look::Release(Box::new(ArtifactAsk { id: "files".into(), tag: Tag::parse("v1.2.0").unwrap(), place }))
}

async fn said(server: &Server, look: &Look) -> String {
    match github(server).look(look).await.sighting {
        Sighting::Artifact(row) => format!("{:?}: {}", row.state, row.evidence.raw()),
        Sighting::Failed(_, why) => format!("failed: {}", why.raw()),
        other => panic!("no answer about an artifact: {other:?}"),
    }
}

/// What is said of a release with these files, whose checksum file holds this.
async fn told(body: Value, written: &str, look: &Look) -> String {
    let written = written.to_owned();
    let server = Server::start(move |asked| match asked.path() {
        "/repos/octo/widget/releases/tags/v1.2.0" => Say::json(200, body.clone()),
        "/repos/octo/widget/releases/assets/9" => {
            assert_eq!(asked.header("accept"), Some("application/octet-stream"));
            Say::text(200, "application/octet-stream", &written)
        }
        _ => Say::json(404, json!({ "message": "Not Found" })),
    })
    .await;
    said(&server, look).await
}

#[tokio::test]
async fn a_release_is_there_with_the_files_that_are_wanted() {
    let body =
        json!({ "draft": false, "prerelease": false, "assets": [file(1, "crane-linux-amd64.tgz", 'a')] });
    assert_eq!(told(body.clone(), "", &look(&[], false)).await, "Present: published, 1 file");
    assert_eq!(told(body.clone(), "", &look(&["*linux*amd64*"], false)).await, "Present: published, 1 file");
    let lacking = told(body.clone(), "", &look(&["*linux*", "*\u{1b}darwin*"], false)).await;
    assert_eq!(lacking, "Wrong: 1 file, none called *␛darwin*");
    let mut early = body.clone();
    early["prerelease"] = json!(true);
    assert_eq!(told(early, "", &look(&[], false)).await, "Present: published, 1 file, as a prerelease");
    let mut half = body.clone();
    half["assets"][0]["state"] = json!("starter");
    assert!(told(half, "", &look(&[], false)).await.ends_with("was not uploaded to its end"));
    let mut empty = body;
    empty["assets"][0]["size"] = Value::Null;
    assert_eq!(told(empty, "", &look(&[], false)).await, "Wrong: crane-linux-amd64.tgz is empty");
    let nulls = json!({ "draft": null, "prerelease": null, "assets": null });
    assert_eq!(told(nulls, "", &look(&[], false)).await, "Present: published, 0 files");
}

#[tokio::test]
async fn nothing_published_is_absent_and_trouble_is_not() {
    let server = Server::start(|_| Say::json(404, json!({ "message": "Not Found" }))).await;
    let absent = said(&server, &look(&[], false)).await;
    assert_eq!(absent, "Absent: 404: octo/widget has no published release of it");
    let server = Server::start(|_| Say::json(403, json!({ "message": "no" }))).await;
    assert!(said(&server, &look(&[], false)).await.starts_with("failed: "));
}

#[tokio::test]
async fn checksums_must_be_those_of_the_files() {
    let body = |digit| {
        json!({ "assets": [
            file(1, "crane.tgz", 'a'), file(2, "crane.zip", digit), file(9, "SHA256SUMS", 'c'), file(3, "notes", 'd'),
        ] })
    };
    let written = format!("{}  crane.tgz\n{} *crane.zip\n\u{1b}[2J garbage\n", hex('a'), hex('b'));
    let want = || look(&["crane.*"], true);
    assert_eq!(told(body('b'), &written, &want()).await, "Present: published, 4 files, 2 checksums match");
    let other = "Wrong: crane.zip has another checksum than is written of it";
    assert_eq!(told(body('e'), &written, &want()).await, other);
    let one = format!("{}  ./crane.tgz\n", hex('A'));
    assert_eq!(told(body('b'), &one, &want()).await, "Wrong: no checksum is written of crane.zip");
    assert_eq!(told(body('b'), "none", &want()).await, "Wrong: no file holds checksums");
    let stray = format!("{}  other\n", hex('a'));
    assert_eq!(
        told(body('b'), &stray, &look(&[], true)).await,
        "Wrong: the checksums are of none of the files"
    );
    let mut silent = body('b');
    silent["assets"][1]["digest"] = Value::Null;
    assert_eq!(told(silent, &written, &want()).await, "Wrong: the forge says no digest of crane.zip");
}

#[test]
fn files_of_checksums_are_known_by_their_names() {
    for name in
        ["checksums.txt", "SHA256SUMS", "crane_1.2.0_checksums.txt", "crane.tgz.sha256", "sha256sum.txt"]
    {
        assert!(is_sums(name), "{name}");
    }
    for name in ["crane.tgz", "checksums.pdf", "mychecksum", ""] {
        assert!(!is_sums(name), "{name}");
    }
    let one = sums("crane.tgz.sha256", &hex('f'));
    assert_eq!((one[0].0.raw(), &*one[0].1), ("crane.tgz", &*hex('f')));
}
