//! Helm charts: in an index, and in a container registry.

use super::{Say, Server, host, is_tame, once, sha};
use gonogo::release::artifacts::Place;
use serde_json::json;

fn index() -> String {
    format!(
        r#"apiVersion: v1
entries:
  other:
    - {{ name: other, version: 1.2.0, digest: {0} }}
  crane:
  - apiVersion: v2
    annotations: {{ entries: {{ crane: [ {{ version: 9.9.9 }} ] }} }}
    appVersion: "1.3"
    name: crane
    version: v1.3.0
    urls:
    - https://charts.example/crane-1.3.0.tgz
    digest: sha256:{1}
  - name: crane
    dependencies:
      - name: other
        version: 8.8.8
    version: "1.2.0"
    digest: {0}
    deprecated: true
  - name: crane
    version: 1.1.0
? [a, list]
: odd
generated: "2026-05-04T09:00:00Z"
"#,
        sha('a'),
        sha('b')
    )
}

fn helm(repo: &str, version: &str) -> Place {
    Place::Helm { repo: repo.into(), chart: "crane".into(), version: version.into() }
}

#[tokio::test]
async fn the_index_lists_a_version_with_or_without_v() {
    let server = Server::start(|asked| match asked.path() {
        "/stable/index.yaml" => Say::text(200, "text/yaml", &index()),
        _ => Say::text(404, "text/plain", ""),
    })
    .await;
    let stable = format!("{}/stable", server.url);
    for (version, said) in [
        ("1.3.0", "present: chart v1.3.0, sha256:bbbbbbbbbbbb, app 1.3"),
        ("v1.2.0", "present: chart 1.2.0, sha256:aaaaaaaaaaaa, deprecated"),
        ("1.1.0", "present: chart 1.1.0, without a digest"),
    ] {
        assert_eq!(once(helm(&stable, version)).await, said);
    }
    for version in ["9.9.9", "8.8.8", "1.3.0-rc.1"] {
        assert!(once(helm(&stable, version)).await.ends_with(" does not list it"), "{version}");
    }
    assert!(once(helm(&format!("{}/alpha/", server.url), "1.3.0")).await.starts_with("absent: 404 at "));
}

#[tokio::test]
async fn an_index_that_is_none_is_not_understood_and_does_no_harm() {
    let bomb = format!("entries: &a [{}]\nx: {}", "x,".repeat(1000), "[*a,*a,*a]".repeat(3));
    let deep = format!("entries: {}", "[".repeat(5000));
    for (body, word) in [
        ("entries: [", "is not understood"),
        ("entries:\n\t- x", "is not understood"),
        (deep.as_str(), "is not understood"),
        (bomb.as_str(), ""),
        ("null", "does not list it"),
        ("", "does not list it"),
        ("entries: { crane: null }", "does not list it"),
        ("entries: { crane: [ { version: [1.3.0] } ] }", "does not list it"),
        ("{\"entries\":{\"crane\":[{\"version\":\"1.3.0\\u001b[2J\"}]}}", "does not list it"),
    ] {
        let told = body.to_owned();
        let server = Server::start(move |_| Say::text(200, "text/yaml", &told)).await;
        let said = once(helm(&server.url, "1.3.0")).await;
        assert!(said.contains(word) && !said.starts_with("present"), "{said} is not {word}");
        is_tame(&said);
    }
}

#[tokio::test]
async fn a_chart_in_a_container_registry_is_told_from_an_image() {
    let server = Server::start(|asked| {
        let config = |kind: &str| json!({ "config": { "mediaType": kind, "digest": "sha256:0" } });
        let body = match asked.path() {
            "/v2/charts/crane/manifests/1.2.0" => config("application/vnd.cncf.helm.config.v1+json"),
            "/v2/charts/crane/manifests/v1.3.0_build.1" => config("application/vnd.cncf.helm.config.v1+json"),
            "/v2/charts/crane/manifests/1.4.0" => config("application/vnd.oci.image.config.v1+json"),
            _ => return Say::Reply { status: 404, headers: vec![], body: String::new() },
        };
        if asked.method == "HEAD" { Say::text(200, "x", "") } else { Say::json(200, body) }
    })
    .await;
    let repo = format!("oci://{}/charts", host(&server));
    assert!(once(helm(&repo, "1.2.0")).await.starts_with("present: chart 1.2.0, sha256:"));
    assert!(once(helm(&repo, "1.3.0+build.1")).await.starts_with("present: chart v1.3.0_build.1, sha256:"));
    assert_eq!(once(helm(&repo, "1.4.0")).await, "wrong: 1.4.0 is there and is no chart");
    assert!(once(helm(&repo, "1.5.0")).await.starts_with("absent: 404 at "));
}
