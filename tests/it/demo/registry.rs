//! The registries that the demo stands in for: what a tag makes appears some time after it, and stays.

use super::{moment, started};
use crate::probe::{reaching, said};
use gonogo::demo::{Demo, Options};
use gonogo::probe::{Reach, Registries};
use gonogo::release::artifacts::Place;

fn tag(demo: &Demo, name: &str, annotated: bool) {
    let repo = git2::Repository::open_bare(&demo.origin).unwrap();
    let head = repo.revparse_single("HEAD").unwrap();
    if annotated {
        let by = git2::Signature::new("ann", "ann@example.com", &git2::Time::new(moment().timestamp(), 0))
            .unwrap();
        repo.tag(name, &head, &by, name, false).unwrap();
    } else {
        repo.tag_lightweight(name, &head, false).unwrap();
    }
}

fn pypi(version: &str) -> Place {
    Place::Pypi { index: "https://pypi.org".into(), package: "llama-stack".into(), version: version.into() }
}

fn image(tag: &str) -> Place {
    let platforms = vec!["linux/amd64".into(), "linux/arm64".into()];
    Place::Oci { image: "docker.io/llamastack/starter".into(), tag: tag.into(), platforms, same: None }
}

fn helm(version: &str) -> Place {
    let repo = "https://charts.crossplane.io/stable".into();
    Place::Helm { repo, chart: "crossplane".into(), version: version.into() }
}

fn npm(version: &str) -> Place {
    Place::Npm { registry: None, package: "llama-stack-client".into(), version: version.into() }
}

fn page(url: &str) -> Place {
    Place::Url { url: url.into(), contains: None }
}

async fn word(door: &Registries, place: Place) -> String {
    said(door, place).await.split(':').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_a_tag_makes_appears_and_stays() {
    let demo = started(Options::default()).await;
    let door = reaching(Reach::StandIn(demo.api_url.clone()));
    let all =
        || [pypi("9.1.0"), npm("9.1.0"), image("9.1.0"), helm("9.1.0"), page("https://x.example/v9.1.0/")];
    for place in all() {
        assert_eq!(word(&door, place.clone()).await, "absent", "{place:?}");
    }
    tag(&demo, "v9.1.0", true);
    let mut there = vec![];
    for _ in 0..6 {
        let mut count = 0;
        for place in all() {
            count += usize::from(word(&door, place).await == "present");
        }
        there.push(count);
        demo.clock().advance(16);
    }
    assert_eq!(there, [0, 1, 2, 3, 4, 5], "one after the other");
    assert_eq!(
        word(&door, page("https://x.example/")).await,
        "present",
        "a page of no version is always there"
    );
    assert!(said(&door, image("v9.1.0")).await.contains("linux/amd64 linux/arm64"));
}

#[tokio::test]
async fn a_candidate_is_found_however_its_number_is_written() {
    let demo = started(Options::default()).await;
    let door = reaching(Reach::StandIn(demo.api_url.clone()));
    tag(&demo, "v9.1.0-rc.1", false);
    assert_eq!(word(&door, pypi("9.1.0rc1")).await, "present");
    assert_eq!(word(&door, pypi("9.1.0")).await, "absent", "the candidate is not the version");
}
