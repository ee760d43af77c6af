//! Artifacts that could not be asked for: addresses, placeholders, an image that is to be the same as none.

use super::List;
use super::texts::{IN_VERSIONS, braces};
use crate::process::parse::nearest;
use crate::process::{Artifact, ArtifactKind, Of, SelfCheck};

/// Reports artifacts that nobody could see.
pub(super) fn seen(list: &mut List<'_>) {
    let p = list.process;
    for (at, artifact) in p.artifacts.iter().enumerate() {
        let path = format!("artifacts[{at}].at");
        for (key, text) in texts(&artifact.at) {
            placeholders(list, &format!("{path}.{key}"), text);
        }
        for (key, text) in addresses(&artifact.at) {
            if let Some((why, hint)) = unfit(text, key == "helm.repo") {
                list.error(&format!("{path}.{key}"), format!("{text:?} cannot be asked: {why}"), hint);
            }
        }
        if let ArtifactKind::Oci { same_as: Some(id), .. } = &artifact.at {
            same_as(list, artifact, id, &format!("{path}.oci.same_as"));
        }
        if artifact.at == ArtifactKind::Attested {
            attested(list, artifact, &path);
        }
        let none = !p.streams.is_empty() && p.streams.iter().all(|stream| !stream.candidates);
        if artifact.of == Of::Candidate && none {
            let message = format!("artifact {} is made of candidates, and no stream makes any", artifact.id);
            list.warn(&format!("artifacts[{at}].of"), message, "set streams.candidates, or drop of");
        }
    }
}

/// Every text of an artifact that may hold placeholders, by its key.
fn texts(at: &ArtifactKind) -> Vec<(&'static str, &str)> {
    let mut found = addresses(at);
    match at {
        ArtifactKind::Pypi { package, .. } => found.push(("pypi.package", package)),
        ArtifactKind::Npm { package, .. } => found.push(("npm.package", package)),
        ArtifactKind::Crate { package, .. } => found.push(("crate.package", package)),
        ArtifactKind::Oci { image, tag, .. } => {
            found.push(("oci.image", image));
            found.extend(tag.as_deref().map(|tag| ("oci.tag", tag)));
        }
        ArtifactKind::Helm { chart, .. } => found.push(("helm.chart", chart)),
        ArtifactKind::GithubRelease { assets, .. } => {
            found.extend(assets.iter().map(|name| ("github-release.assets", name.as_str())));
        }
        ArtifactKind::Url { contains, .. } => {
            found.extend(contains.as_deref().map(|text| ("url.contains", text)));
        }
        ArtifactKind::Branch | ArtifactKind::Tag | ArtifactKind::Attested => {}
    }
    found
}

/// Every address of an artifact, by its key.
fn addresses(at: &ArtifactKind) -> Vec<(&'static str, &str)> {
    let (key, address) = match at {
        ArtifactKind::Pypi { index, .. } => ("pypi.index", index.as_deref()),
        ArtifactKind::Npm { registry, .. } => ("npm.registry", registry.as_deref()),
        ArtifactKind::Crate { registry, .. } => ("crate.registry", registry.as_deref()),
        ArtifactKind::Helm { repo, .. } => ("helm.repo", Some(repo.as_str())),
        ArtifactKind::Url { url, .. } => ("url.url", Some(url.as_str())),
        ArtifactKind::Oci { .. }
        | ArtifactKind::GithubRelease { .. }
        | ArtifactKind::Branch
        | ArtifactKind::Tag
        | ArtifactKind::Attested => return Vec::new(),
    };
    address.into_iter().map(|address| (key, address)).collect()
}

fn placeholders(list: &mut List<'_>, path: &str, text: &str) {
    for name in braces(text).filter(|name| !IN_VERSIONS.contains(name)) {
        let near = nearest(name, IN_VERSIONS.into_iter());
        let near = near.map(|near| format!("did you mean {{{near}}}? ")).unwrap_or_default();
        let hint = format!("{near}Known here: {}", IN_VERSIONS.join(", "));
        list.error(path, format!("{{{name}}} is no placeholder"), hint);
    }
}

/// Why an address cannot be asked, and what to write instead.
pub(super) fn unfit(address: &str, chart: bool) -> Option<(&'static str, &'static str)> {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[').and_then(|it| it.split_once(']')) {
        Some((inside, _)) => inside,
        None => authority.split(':').next().unwrap_or_default(),
    };
    let numbers = || host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    let here = matches!(host, "localhost" | "::1") || (host.starts_with("127.") && numbers());
    match scheme {
        _ if authority.contains('@') => Some(("it holds a login", "registries are asked without one")),
        "https" | "oci" if host.is_empty() => Some(("it names no host", "such as \"https://pypi.org\"")),
        "https" => None,
        "oci" if chart => None,
        "http" if here => None,
        "http" => Some(("http is taken only on this machine", "use https")),
        _ => Some(("it is no address", "such as \"https://pypi.org\"")),
    }
}

fn same_as(list: &mut List<'_>, artifact: &Artifact, id: &str, path: &str) {
    let other = list.process.artifacts.iter().find(|it| it.id == *id);
    // An id that nothing has is reported with the others.
    let Some(other) = other else { return };
    if other.id == artifact.id {
        let message = format!("artifact {} is to be the same as itself", artifact.id);
        list.error(path, message, "name the image of the version's own tag");
    } else if !matches!(other.at, ArtifactKind::Oci { .. }) {
        let message = format!("artifact {} is to be the same as {id}, which is no image", artifact.id);
        list.error(path, message, "name an artifact that is at = { oci = … }");
    }
}

fn attested(list: &mut List<'_>, artifact: &Artifact, path: &str) {
    let checks =
        |check: &Option<SelfCheck>| matches!(check, Some(SelfCheck::Artifact { id }) if *id == artifact.id);
    if !list.process.items().any(|(_, item)| checks(&item.check)) {
        let message = format!("artifact {} is attested, and no checklist item checks it", artifact.id);
        let hint = format!(
            "add an item with check = {{ artifact = {{ id = {:?} }} }}: its link attests",
            artifact.id
        );
        list.warn(path, message, hint);
    }
}
