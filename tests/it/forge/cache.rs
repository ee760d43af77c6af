//! What is kept between sessions: by ETag, for one token, readable by its owner only, within its size.

use super::server::{Say, Server};
use super::{SECRET, github, repo, setup};
use gonogo::forge::token::Origin;
use gonogo::forge::{CacheSize, Forge, Github, Look, Setup, Source, Token};
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

async fn server() -> Server {
    Server::start(|asked| {
        Say::json(200, json!([{ "number": 1, "title": asked.path(), "state": "open" }])).tagged(asked)
    })
    .await
}

fn at(server: &Server, dir: &Path) -> Github {
    Github::new(Setup { cache_dir: Some(dir.join("http")), ..setup(server) }).expect("a client")
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(dir.join("http")).expect("a directory").map(|it| it.expect("an entry").path()).collect()
}

#[tokio::test]
async fn a_new_session_asks_only_whether_it_changed() {
    let (server, dir) = (server().await, tempfile::tempdir().expect("a directory"));
    let look = Look::Milestones(repo());
    let first = at(&server, dir.path()).look(&look).await;
    let second = at(&server, dir.path()).look(&look).await;
    assert_eq!((first.source, second.source), (Source::Live, Source::Unchanged));
    assert_eq!(first.sighting, second.sighting);
}

#[tokio::test]
async fn only_its_owner_reads_it_and_no_token_is_in_it() {
    let (server, dir) = (server().await, tempfile::tempdir().expect("a directory"));
    at(&server, dir.path()).look(&Look::Milestones(repo())).await;
    let files = files(dir.path());
    assert_eq!(files.len(), 1);
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&files[0]), mode(&dir.path().join("http"))), (0o600, 0o700));
    assert!(!std::fs::read_to_string(&files[0]).expect("text").contains(SECRET));
}

#[tokio::test]
async fn another_token_gets_nothing_of_it() {
    let (server, dir) = (server().await, tempfile::tempdir().expect("a directory"));
    let look = Look::Milestones(repo());
    at(&server, dir.path()).look(&look).await;
    let token = Token::new("ghp_another", "127.0.0.1", Origin::Gh).expect("a token");
    let setup = Setup { token: Some(token), cache_dir: Some(dir.path().join("http")), ..setup(&server) };
    server.forget();
    let seen = Github::new(setup).expect("a client").look(&look).await;
    assert_eq!((seen.source, server.asked()[0].header("if-none-match")), (Source::Live, None));
}

#[tokio::test]
async fn a_damaged_file_costs_a_request_and_no_more() {
    let (server, dir) = (server().await, tempfile::tempdir().expect("a directory"));
    let look = Look::Milestones(repo());
    let first = at(&server, dir.path()).look(&look).await;
    let whole = std::fs::read_to_string(&files(dir.path())[0]).expect("text");
    let (short, long) = (&whole[..whole.len() - 1], format!("{whole} "));
    let another = "{\"key\":\"another\",\"etag\":\"x\",\"link\":null,\"length\":2}\n[]";
    for damage in ["", "{", another, short, &long] {
        std::fs::write(&files(dir.path())[0], damage).expect("written");
        let seen = at(&server, dir.path()).look(&look).await;
        assert_eq!((seen.source, &seen.sighting), (Source::Live, &first.sighting), "{damage}");
    }
}

#[tokio::test]
async fn it_stays_within_its_size() {
    let (server, dir) = (server().await, tempfile::tempdir().expect("a directory"));
    let cache_size = CacheSize { memory: 300, disk: 2_000 };
    let setup = Setup { cache_dir: Some(dir.path().join("http")), cache_size, ..setup(&server) };
    let forge = Github::new(setup).expect("a client");
    for at in 0..40 {
        let name = gonogo::release::ids::Repo::parse(&format!("octo/widget-{at}")).expect("a repository");
        forge.look(&Look::Milestones(name)).await;
    }
    let bytes: u64 = files(dir.path()).iter().map(|it| it.metadata().expect("there").len()).sum();
    assert!((500..=2_000).contains(&bytes), "{bytes} bytes");
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_is_no_error() {
    let (server, dir) = (server().await, tempfile::tempdir().expect("a directory"));
    std::fs::write(dir.path().join("http"), "a file in the way").expect("written");
    let seen = at(&server, dir.path()).look(&Look::Milestones(repo())).await;
    assert_eq!(seen.source, Source::Live);
}

#[tokio::test]
async fn without_a_directory_the_session_still_remembers() {
    let server = server().await;
    let forge = github(&server);
    let look = Look::Milestones(repo());
    forge.look(&look).await;
    assert_eq!(forge.look(&look).await.source, Source::Unchanged);
}
