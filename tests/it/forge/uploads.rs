//! Files of a release go up once, are compared with what arrived, and the token goes to no other host.

use super::{github, hasty, repo, text};
use crate::demo::{ask, get};
use chrono::{TimeDelta, Utc};
use gonogo::demo::{Clock, Demo, FULL, Fault, Options};
use gonogo::forge::token::Origin;
use gonogo::forge::{Api, Forge, Github, Sending, Setup, Token};
use gonogo::release::cut::{BuiltFile, UploadAsset};
use gonogo::release::errand::{Errand, Outcome, Status};
use gonogo::release::ids::{OpId, Tag};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{Seek as _, Write as _};

const REPO: &str = "/repos/octo/widget";
const TAG: &str = "v0.6.2rc7";
const NAME: &str = "widget-0.6.2rc7-py3-none-any.whl";

async fn demo() -> (Demo, Github, u64) {
    let moment = chrono::DateTime::parse_from_rfc3339("2026-11-21T08:00:00Z").unwrap().to_utc();
    let options = Options { clock: Clock::held_at(moment), ..Options::default() };
    let demo = gonogo::demo::start(options).await.unwrap();
    let api = Api::of_url(&demo.api_url).unwrap();
    let token = Token::new(FULL, api.host(), Origin::Given).unwrap();
    let door = Github::new(Setup { patience: hasty(), ..Setup::new(api, Some(token)) }).unwrap();
    let body = json!({ "tag_name": TAG, "draft": true, "prerelease": true, "name": TAG });
    let made = ask(&demo, "POST", &format!("{REPO}/releases"), body).await.json();
    (demo, door, made["id"].as_u64().unwrap())
}

/// Some bytes that a file could hold, longer than one piece that is read.
fn bytes() -> Vec<u8> {
    (0..700_001u32).map(|n| u8::try_from(n * 7 % 251).unwrap()).collect()
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

fn upload(release: u64, bytes: &[u8]) -> UploadAsset {
    let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    UploadAsset {
        repo: repo(),
        target: Tag::parse(TAG).unwrap(),
        release: Some(release),
        of: None,
        file: BuiltFile {
            path: text(&format!("dist/{NAME}")),
            size: bytes.len() as u64,
            sha256: sha256.into(),
        },
        replaces: None,
    }
}

async fn assets(demo: &Demo, release: u64) -> Vec<Value> {
    get(demo, &format!("{REPO}/releases/{release}/assets")).await.json().as_array().unwrap().clone()
}

fn note(outcome: &Outcome) -> String {
    outcome.note.as_ref().map(|note| note.line()).unwrap_or_default()
}

fn op() -> OpId {
    OpId::parse("01KAHQ9C7D0000000000000001").unwrap()
}

#[tokio::test]
async fn a_file_goes_up_once_with_its_bytes_and_its_digest() {
    let (demo, door, release) = demo().await;
    let (all, it) = (bytes(), upload(release, &bytes()));
    let outcome = door.upload(&it, file(&all), Sending::default()).await;
    assert_eq!((outcome.status, outcome.http), (Status::Ok, Some(201)), "{outcome:?}");
    assert!(note(&outcome).contains("the digest is that of the file"), "{outcome:?}");
    let [one] = &assets(&demo, release).await[..] else { panic!("one asset") };
    assert_eq!(
        (&one["name"], &one["size"], &one["state"]),
        (&json!(NAME), &json!(700_001), &json!("uploaded"))
    );
    assert_eq!(one["digest"], format!("sha256:{}", it.file.sha256));
    let again = door.upload(&it, file(&all), Sending::default()).await;
    assert_eq!((again.status, again.by.as_deref()), (Status::Ok, Some("probe")), "{again:?}");
    let probed = door.probe(&op(), &Errand::UploadAsset(it.clone()), Utc::now()).await;
    assert_eq!((probed.status, probed.by.as_deref()), (Status::Ok, Some("probe")), "{probed:?}");
    // Another file of the name is nobody's to replace.
    let other = upload(release, b"other");
    let outcome = door.upload(&other, file(b"other"), Sending::default()).await;
    assert_eq!(outcome.status, Status::Conflict, "{outcome:?}");
    assert!(note(&outcome).contains("another") && note(&outcome).contains("not replaced"), "{outcome:?}");
    assert_eq!(assets(&demo, release).await.len(), 1);
}

#[tokio::test]
async fn an_upload_whose_reply_is_lost_is_found_by_looking() {
    for fault in [Fault::LostReply, Fault::HalfReply, Fault::NotJson] {
        let (demo, door, release) = demo().await;
        demo.faults().next(1, "POST", "/assets", fault.clone());
        let outcome = door.upload(&upload(release, &bytes()), file(&bytes()), Sending::default()).await;
        assert_eq!(
            (outcome.status, outcome.by.as_deref()),
            (Status::Ok, Some("probe")),
            "{fault:?} {outcome:?}"
        );
        assert_eq!(assets(&demo, release).await.len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn an_upload_that_did_not_arrive_stays_in_doubt_until_it_is_old() {
    for fault in [Fault::Drop, Fault::Status(502)] {
        let (demo, door, release) = demo().await;
        let it = upload(release, &bytes());
        demo.faults().next(1, "POST", "/assets", fault.clone());
        let outcome = door.upload(&it, file(&bytes()), Sending::default()).await;
        assert_eq!(outcome.status, Status::Unknown, "{fault:?} {outcome:?}");
        let (errand, now) = (Errand::UploadAsset(it.clone()), Utc::now());
        assert_eq!(door.probe(&op(), &errand, now).await.status, Status::Unknown);
        let old = door.probe(&op(), &errand, now - TimeDelta::minutes(3)).await;
        assert_eq!((old.status, old.by.as_deref()), (Status::Failed, Some("probe")), "{old:?}");
        assert_eq!(door.upload(&it, file(&bytes()), Sending::default()).await.status, Status::Ok);
        assert_eq!(assets(&demo, release).await.len(), 1);
    }
}

#[tokio::test]
async fn a_file_that_came_in_part_is_said_and_replaced_only_when_a_person_says_so() {
    let (demo, door, release) = demo().await;
    let it = upload(release, &bytes());
    demo.faults().next(1, "POST", "/assets", Fault::HalfBody);
    let outcome = door.upload(&it, file(&bytes()), Sending::default()).await;
    assert_eq!(outcome.status, Status::Unknown, "it may still be arriving: {outcome:?}");
    let [starter] = &assets(&demo, release).await[..] else { panic!("one asset") };
    assert_eq!((&starter["state"], &starter["digest"]), (&json!("open"), &Value::Null));
    let errand = Errand::UploadAsset(it.clone());
    let old = door.probe(&op(), &errand, Utc::now() - TimeDelta::minutes(3)).await;
    let id = starter["id"].as_u64().unwrap();
    assert_eq!((old.status, old.after["starter"].raw()), (Status::Failed, &*id.to_string()), "{old:?}");
    let outcome = door.upload(&it, file(&bytes()), Sending::default()).await;
    assert_eq!(outcome.status, Status::Failed, "{outcome:?}");
    assert!(note(&outcome).contains("in part"), "{outcome:?}");
    let of_another = UploadAsset { replaces: Some(id + 1), ..it.clone() };
    assert_eq!(door.upload(&of_another, file(&bytes()), Sending::default()).await.status, Status::Failed);
    assert_eq!(assets(&demo, release).await[0]["id"], id, "it is there still");
    let decided = UploadAsset { replaces: Some(id), ..it };
    let outcome = door.upload(&decided, file(&bytes()), Sending::default()).await;
    assert_eq!(outcome.status, Status::Ok, "{outcome:?}");
    let [one] = &assets(&demo, release).await[..] else { panic!("one asset") };
    assert_eq!((&one["state"], &one["size"]), (&json!("uploaded"), &json!(700_001)));
    // What is whole is never replaced, whatever was said.
    let id = one["id"].as_u64().unwrap();
    let other = UploadAsset { replaces: Some(id), ..upload(release, b"other") };
    assert_eq!(door.upload(&other, file(b"other"), Sending::default()).await.status, Status::Conflict);
}

/// Far more than what the system takes in between two ends that are slow.
fn long() -> Vec<u8> {
    bytes().into_iter().cycle().take(40 << 20).collect()
}

#[tokio::test]
async fn an_upload_is_stopped_in_the_middle_of_a_file_and_what_came_of_it_is_looked_for() {
    let (demo, door, release) = demo().await;
    let (all, it) = (long(), upload(release, &long()));
    demo.faults().next(1, "POST", "/assets", Fault::SlowBody(std::time::Duration::from_millis(2)));
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let sending = Sending {
        told: Box::new(move |bytes| {
            let _ = tell.send(bytes);
        }),
        stop: Box::pin(async move { drop(stopped.await) }),
    };
    let person = async {
        let first = told.recv().await.unwrap();
        let second = told.recv().await.unwrap();
        stop.send(()).unwrap();
        (first, second)
    };
    let (outcome, (first, second)) = tokio::join!(door.upload(&it, file(&all), sending), person);
    assert!(0 < first && first < second && second < it.file.size, "{first} {second}");
    assert_eq!((outcome.status, outcome.by.as_deref()), (Status::Failed, Some("probe")), "{outcome:?}");
    let said = note(&outcome);
    assert!(
        said.contains("stopped by ctrl-x after ") && said.contains(&format!(" of {} bytes", all.len())),
        "{said}"
    );
    assert!(told.recv().await.is_none_or(|last| last < it.file.size), "the rest stayed here");
    // The forge takes what came of it at its pace, and keeps it as a part.
    let mut part = assets(&demo, release).await;
    while part.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        part = assets(&demo, release).await;
    }
    let [part] = &part[..] else { panic!("one asset") };
    assert_eq!(part["state"], "open");
    let again = door.upload(&it, file(&all), Sending::default()).await;
    assert!(note(&again).contains("in part"), "{again:?}");
    let decided = UploadAsset { replaces: part["id"].as_u64(), ..it };
    assert_eq!(door.upload(&decided, file(&all), Sending::default()).await.status, Status::Ok);
    let [one] = &assets(&demo, release).await[..] else { panic!("one asset") };
    assert_eq!((&one["state"], &one["size"]), (&json!("uploaded"), &json!(40 << 20)));
}

#[tokio::test]
async fn how_far_an_upload_is_is_told_to_its_end() {
    let (_demo, door, release) = demo().await;
    let told = std::sync::Arc::new(std::sync::Mutex::new(vec![]));
    let heard = told.clone();
    let sending =
        Sending { told: Box::new(move |bytes| heard.lock().unwrap().push(bytes)), ..Sending::default() };
    assert_eq!(door.upload(&upload(release, &bytes()), file(&bytes()), sending).await.status, Status::Ok);
    assert_eq!(*told.lock().unwrap(), [262_144, 524_288, 700_001]);
}

#[tokio::test]
async fn what_arrived_otherwise_than_it_was_is_said() {
    let (demo, door, release) = demo().await;
    let mut changed = bytes();
    changed[17] ^= 1;
    let outcome = door.upload(&upload(release, &bytes()), file(&changed), Sending::default()).await;
    assert_eq!(outcome.status, Status::Conflict, "{outcome:?}");
    // A file that is shorter than it was breaks the request off.
    let (name, short) = ("dist/other.tar.gz", &bytes()[..300_000]);
    let mut it = upload(release, &bytes());
    it.file.path = text(name);
    let outcome = door.upload(&it, file(short), Sending::default()).await;
    assert!(matches!(outcome.status, Status::Unknown | Status::Failed), "{outcome:?}");
    let whole = assets(&demo, release).await.iter().filter(|it| it["state"] == "uploaded").count();
    assert_eq!(whole, 1, "the first");
}

#[tokio::test]
async fn nothing_is_added_to_a_release_that_is_published_or_of_another_tag() {
    let (demo, door, release) = demo().await;
    let other = UploadAsset { target: Tag::parse("v9.9.9").unwrap(), ..upload(release, b"x") };
    assert_eq!(door.upload(&other, file(b"x"), Sending::default()).await.status, Status::Conflict);
    ask(&demo, "PATCH", &format!("{REPO}/releases/{release}"), json!({ "draft": false })).await;
    let outcome = door.upload(&upload(release, b"x"), file(b"x"), Sending::default()).await;
    assert_eq!(outcome.status, Status::Conflict, "{outcome:?}");
    assert!(note(&outcome).contains("published already") && assets(&demo, release).await.is_empty());
    let gone = upload(release + 999, b"x");
    assert!(note(&door.upload(&gone, file(b"x"), Sending::default()).await).contains("not there any more"));
}

#[test]
fn files_go_to_the_host_that_takes_uploads_for_the_api_and_to_no_other() {
    let path = "/repos/octo/widget/releases/7/assets{?name,label}";
    for (host, uploads) in [
        ("github.com", "https://uploads.github.com"),
        ("octo.ghe.com", "https://uploads.octo.ghe.com"),
        ("git.example.com", "https://git.example.com/api/uploads"),
    ] {
        let api = Api::of_host(host).unwrap();
        let url = api.upload_url(&format!("{uploads}{path}"), 7, "a b+c.whl").unwrap();
        assert_eq!(url, format!("{uploads}/repos/octo/widget/releases/7/assets?name=a%20b%2Bc.whl"));
        for other in
            ["https://uploads.github.com.evil.example", "http://uploads.github.com", "https://evil.example"]
        {
            assert!(api.upload_url(&format!("{other}{path}"), 7, "a").is_err(), "{host} {other}");
        }
        for other in [
            "/repos/octo/widget/releases/8/assets",
            "/repos/octo/widget/contents/x",
            "/repos/octo/widget/releases/7/assets?x=1",
            "",
        ] {
            assert!(api.upload_url(&format!("{uploads}{other}"), 7, "a").is_err(), "{host} {other}");
        }
    }
    assert!(
        Api::of_host("github.com")
            .unwrap()
            .upload_url(&format!("https://api.github.com{path}"), 7, "a")
            .is_err()
    );
}

/// The token and the bytes stay here when a release names another host.
#[tokio::test]
async fn a_release_that_names_another_host_gets_neither_bytes_nor_token() {
    use super::server::{Say, Server};
    let thief = Server::start(|_| Say::Reply { status: 201, headers: vec![], body: "{}".into() }).await;
    let elsewhere =
        format!("{}{REPO}/releases/7/assets{{?name,label}}", thief.url.replace("127.0.0.1", "localhost"));
    let server = Server::start(move |asked| {
        let body = match asked.path() {
            "/repos/octo/widget/releases/7" => {
                json!({ "id": 7, "tag_name": TAG, "draft": true, "upload_url": elsewhere })
            }
            "/repos/octo/widget" => json!({ "full_name": "octo/widget" }),
            _ => json!([]),
        };
        Say::Reply { status: 200, headers: vec![], body: body.to_string() }
    })
    .await;
    let outcome = github(&server).upload(&upload(7, b"x"), file(b"x"), Sending::default()).await;
    assert!(matches!(outcome.status, Status::Failed | Status::Refused), "{outcome:?}");
    assert!(note(&outcome).contains("another host"), "{outcome:?}");
    assert!(thief.asked().is_empty());
}
