//! Whom the door asks.

use super::{Say, Server, host, reaching, said};
use gonogo::probe::Reach;
use gonogo::release::artifacts::Place;
use serde_json::json;

fn url(url: &str) -> Place {
    Place::Url { url: url.into(), contains: None }
}

fn image(image: &str, same: Option<&str>) -> Place {
    let same = same.map(|it| (it.to_owned(), "1".to_owned()));
    Place::Oci { image: image.into(), tag: "1".into(), platforms: vec![], same }
}

#[tokio::test]
async fn a_process_that_nobody_trusts_names_no_host() {
    let server = Server::start(|_| Say::text(200, "text/plain", "")).await;
    let door = reaching(Reach::Known);
    let index = server.url.clone();
    for place in [
        url(&server.url),
        url("https://crane.example/"),
        Place::Pypi { index, package: "crane".into(), version: "1.2.0".into() },
        Place::Npm { registry: Some(server.url.clone()), package: "crane".into(), version: "1.2.0".into() },
        Place::Crate { registry: Some(server.url.clone()), package: "crane".into(), version: "1.2.0".into() },
        Place::Helm { repo: server.url.clone(), chart: "crane".into(), version: "1.2.0".into() },
        Place::Helm { repo: format!("oci://{}/x", host(&server)), chart: "c".into(), version: "1".into() },
        image(&format!("{}/pier/crane", host(&server)), None),
        image("ghcr.io/pier/crane", Some(&format!("{}/pier/crane", host(&server)))),
    ] {
        let why = said(&door, place.clone()).await;
        assert!(why.contains("which is not trusted: it is not asked"), "{place:?}: {why}");
    }
    assert_eq!(server.lines(), [""; 0], "nobody was asked");
}

#[tokio::test]
async fn one_server_stands_in_for_all() {
    let server = Server::start(|asked| match asked.path() {
        "/registry/docs.crane.example/v1/" => Say::text(302, "", "").with("location", "/v1.2/?a=b"),
        "/registry/docs.crane.example/v1.2/" => Say::text(200, "text/html", "crane"),
        "/registry/registry-1.docker.io/v2/library/crane/manifests/1" => {
            Say::text(200, "x", if asked.method == "HEAD" { "" } else { "{\"manifests\":[]}" })
        }
        _ => Say::json(404, json!({})),
    })
    .await;
    let door = reaching(Reach::StandIn(server.url.clone()));
    let moved = said(&door, url("https://docs.crane.example/v1/")).await;
    assert_eq!(
        moved,
        "present: 200 at docs.crane.example, redirected to https://docs.crane.example/v1.2/?a=b"
    );
    assert!(said(&door, image("crane", None)).await.starts_with("present: sha256:"), "{:?}", server.lines());
    let pypi = Place::Pypi { index: "https://pypi.org".into(), package: "crane".into(), version: "1".into() };
    assert_eq!(said(&door, pypi).await, "absent: 404 at pypi.org");
    assert!(server.lines().contains(&"GET /registry/docs.crane.example/v1.2/?a=b".to_owned()));
}
