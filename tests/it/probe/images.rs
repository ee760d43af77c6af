//! Container registries: tokens, digests, platforms, tags that move.

use super::{Say, Server, door, host, is_tame, once, said};
use crate::forge::server::Asked;
use gonogo::release::artifacts::Place;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

fn digest(body: &str) -> String {
    let hex: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// The first letters of a digest, as they are shown.
fn short(body: &str) -> String {
    digest(body)[..19].to_owned()
}

fn platform(os: &str, architecture: &str, variant: Option<&str>) -> Value {
    json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest(architecture), "size": 1,
        "platform": { "os": os, "architecture": architecture, "variant": variant }
    })
}

/// An index for three platforms, with an attestation.
fn index() -> String {
    let manifests = [
        platform("linux", "amd64", None),
        platform("linux", "arm64", Some("v8")),
        platform("linux", "arm", Some("v7")),
        platform("unknown", "unknown", None),
    ];
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests }).to_string()
}

/// A body with the digest that it has.
fn manifest(body: &str) -> Say {
    Say::text(200, INDEX, body).with("docker-content-digest", digest(body))
}

fn image(server: &Server, tag: &str, platforms: &[&str]) -> Place {
    Place::Oci {
        image: format!("{}/pier/crane", host(server)),
        tag: tag.into(),
        platforms: platforms.iter().map(|it| (*it).to_owned()).collect(),
        same: None,
    }
}

/// A body is not sent with the answer to a HEAD.
fn headed(asked: &Asked, say: Say) -> Say {
    match (asked.method.as_str(), say) {
        ("HEAD", Say::Reply { status, headers, .. }) => Say::Reply { status, headers, body: String::new() },
        (_, say) => say,
    }
}

#[tokio::test]
async fn an_index_says_its_platforms() {
    let server = Server::start(|asked| {
        let say = match asked.path() {
            "/v2/pier/crane/manifests/v1.2.0" => manifest(&index()),
            _ => Say::json(404, json!({ "errors": [{ "code": "MANIFEST_UNKNOWN" }] })),
        };
        headed(asked, say)
    })
    .await;
    let there = format!("present: {}, linux/amd64 linux/arm/v7 linux/arm64/v8", short(&index()));
    for wanted in [&[][..], &["linux/amd64", "linux/arm64"], &["linux/arm64/v8", "linux/arm/v7"]] {
        assert_eq!(once(image(&server, "v1.2.0", wanted)).await, there, "{wanted:?}");
    }
    let lacking = once(image(&server, "v1.2.0", &["linux/amd64", "linux/s390x", "linux/arm/v6"])).await;
    assert!(lacking.starts_with("wrong: linux/s390x and linux/arm/v6 missing: sha256:"), "{lacking}");
    assert!(once(image(&server, "v1.3.0", &[])).await.starts_with("absent: 404 at 127.0.0.1:"));
    let asked = server.asked();
    assert!(asked[0].method == "HEAD" && asked[0].header("accept").unwrap().contains(INDEX));
    let last: Vec<_> = asked.iter().filter(|it| it.path().ends_with("v1.3.0")).map(|it| &it.method).collect();
    assert_eq!(last, ["HEAD"], "what is not there is not pulled");
}

#[tokio::test]
async fn a_registry_that_lies_about_a_digest_is_not_believed() {
    let server = Server::start(|asked| {
        let say = match asked.path().rsplit('/').next().unwrap() {
            "lying" => Say::text(200, INDEX, &index()).with("docker-content-digest", digest("another")),
            "odd" => Say::text(200, INDEX, &index()).with("docker-content-digest", "sha512:abc"),
            "silent" => Say::text(200, INDEX, &index()),
            "null" => Say::text(200, INDEX, "{\"manifests\":null,\"config\":null}"),
            _ => Say::text(200, INDEX, "{\"manifests\":[null,{\"platform\":{\"os\":\"\\u001b[2J\"}}]}"),
        };
        headed(asked, say)
    })
    .await;
    let lies =
        format!("wrong: the registry says {} of a manifest that is {}", short("another"), short(&index()));
    assert_eq!(once(image(&server, "lying", &[])).await, lies);
    for (tag, word) in [
        ("odd", "is no SHA-256"),
        ("silent", "present: "),
        ("null", "neither an index nor a manifest"),
        ("hostile", "is not understood"),
    ] {
        let said = once(image(&server, tag, &[])).await;
        assert!(said.contains(word), "{tag}: {said}");
        is_tame(&said);
    }
}

#[tokio::test]
async fn a_single_image_names_its_platform_in_its_configuration() {
    let config = json!({ "os": "linux", "architecture": "amd64", "rootfs": {} }).to_string();
    let body =
        json!({ "schemaVersion": 2, "config": { "mediaType": "x", "digest": digest(&config) } }).to_string();
    let (kept, other) = (body.clone(), config.clone());
    let server = Server::start(move |asked| {
        let blob = format!("/v2/pier/crane/blobs/{}", digest(&other)).replace(':', "%3A");
        let say = match asked.path() {
            "/v2/pier/crane/manifests/1" => manifest(&kept),
            "/v2/pier/crane/manifests/2" => {
                manifest(&json!({ "config": { "digest": digest("else") } }).to_string())
            }
            path if path == blob || path == blob.replace("%3A", ":") => {
                Say::text(307, "text/plain", "").with("location", "/storage/blob")
            }
            "/storage/blob" => Say::text(200, "application/octet-stream", &other),
            _ => Say::text(200, "text/plain", "something else"),
        };
        headed(asked, say)
    })
    .await;
    let there = format!("present: {}, linux/amd64", short(&body));
    assert_eq!(once(image(&server, "1", &["linux/amd64"])).await, there);
    assert_eq!(once(image(&server, "1", &[])).await, format!("present: {}", short(&body)));
    assert!(once(image(&server, "1", &["linux/arm64"])).await.starts_with("wrong: linux/arm64 missing: "));
    let said = once(image(&server, "2", &["linux/amd64"])).await;
    assert!(said.contains("the configuration has another digest"), "{said}");
}

#[tokio::test]
async fn a_token_for_anybody_is_fetched_once_and_stays_at_the_registry() {
    let elsewhere = Server::start(|asked| {
        assert_eq!(asked.header("authorization"), None, "the token is the registry's alone");
        headed(asked, manifest(&index()))
    })
    .await;
    let away = elsewhere.url.replace("127.0.0.1", "localhost");
    let tokens = Server::start(|asked| {
        assert_eq!(asked.header("authorization"), None);
        assert_eq!(asked.query("scope"), Some("repository%3Apier%2Fcrane%3Apull"));
        assert_eq!(asked.query("service"), Some("the+registry"));
        Say::json(200, json!({ "token": "anybody", "expires_in": 300 }))
    })
    .await;
    let realm = format!("{}/token", tokens.url);
    let server = Server::start(move |asked| {
        let say = match (asked.header("authorization"), asked.path().rsplit('/').next().unwrap()) {
            (Some("Bearer anybody"), "moved") => Say::text(307, "", "").with("location", format!("{away}/x")),
            (Some("Bearer anybody"), _) => manifest(&index()),
            _ => Say::json(401, json!({})).with(
                "www-authenticate",
                format!("Bearer realm=\"{realm}\",service=\"the registry\",scope=\"repository:other:push\""),
            ),
        };
        headed(asked, say)
    })
    .await;
    let door = door();
    for tag in ["1", "2", "moved"] {
        let said = said(&door, image(&server, tag, &["linux/amd64"])).await;
        assert!(said.starts_with("present: "), "{said}");
    }
    assert_eq!(tokens.asked().len(), 1, "{:?}", tokens.lines());
    assert_eq!(elsewhere.asked().len(), 2);
}

#[tokio::test]
async fn what_nobody_may_read_without_a_login_is_not_absent() {
    for challenge in [
        "Basic realm=\"x\"",
        "Bearer service=\"x\"",
        "",
        "Bearer realm=\"http://registry.invalid/token\"",
        "Bearer realm=\"file:///etc/passwd\"",
        "Bearer realm=\"\u{1}",
    ] {
        let server = Server::start(move |asked| {
            headed(asked, Say::json(401, json!({})).with("www-authenticate", challenge.replace('\u{1}', "")))
        })
        .await;
        let said = once(image(&server, "1", &[])).await;
        assert!(said.starts_with("failed: "), "{challenge}: {said}");
        assert_eq!(server.asked().len(), 1, "{challenge}");
    }
    let closed = Server::start(|asked| {
        headed(
            asked,
            match asked.path() {
                "/token" => Say::json(403, json!({ "errors": [{ "code": "DENIED" }] })),
                _ => {
                    let realm = format!("Bearer realm=\"http://{}/token\"", asked.header("host").unwrap());
                    Say::json(401, json!({})).with("www-authenticate", realm)
                }
            },
        )
    })
    .await;
    let said = once(image(&closed, "1", &[])).await;
    assert!(said.contains("lets nobody without a login read it"), "{said}");
}

#[tokio::test]
async fn the_tag_of_a_channel_is_the_same_as_that_of_the_version() {
    let server = Server::start(|asked| {
        let say = match asked.path().rsplit('/').next().unwrap() {
            "alpha" | "v1.2.0" => manifest(&index()),
            "beta" => manifest("{\"manifests\":[]}"),
            _ => Say::json(404, json!({})),
        };
        headed(asked, say)
    })
    .await;
    let same = |tag: &str, of: &str| Place::Oci {
        image: format!("{}/pier/crane", host(&server)),
        tag: tag.into(),
        platforms: vec!["linux/amd64".into()],
        same: Some((format!("{}/pier/crane", host(&server)), of.into())),
    };
    let there = format!("present: {}, the same as v1.2.0, ", short(&index()));
    assert!(once(same("alpha", "v1.2.0")).await.starts_with(&there));
    let other = format!("wrong: {}, not {} of v1.2.0", short("{\"manifests\":[]}"), short(&index()));
    assert_eq!(once(same("beta", "v1.2.0")).await, other);
    assert!(once(same("gamma", "v1.2.0")).await.starts_with("absent: 404"));
    assert!(once(same("alpha", "v9")).await.starts_with("wrong: v9 is not there to compare: 404"));
}

#[tokio::test]
async fn a_name_that_is_none_is_not_asked_for() {
    for name in ["registry.invalid/../admin", "registry.invalid/Pier/crane", "registry.invalid/a//b", ""] {
        let place = Place::Oci { image: name.into(), tag: "1".into(), platforms: vec![], same: None };
        let said = once(place).await;
        assert!(said.starts_with("failed: "), "{name}: {said}");
    }
}
