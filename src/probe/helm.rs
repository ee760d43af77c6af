//! Helm charts: in the `index.yaml` of a repository, or in a container registry.
//!
//! Sources: <https://helm.sh/docs/topics/chart_repository/>, <https://helm.sh/docs/topics/registries/>.

use super::challenge::Tokens;
use super::client::{Client, Request};
use super::error::ProbeError;
use super::oci::{Image, Tagged};
use super::{Found, address, is_sha256, nothing, short_digest};
use crate::release::text::shown;
use saphyr_parser::{Event, Parser};
use std::collections::BTreeMap;

/// Most bytes of an index: those of repositories with hundreds of charts are some MiB.
const INDEX: usize = 48 * 1024 * 1024;
/// What the configuration of a chart in a container registry is called.
const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
/// Deepest nesting of an index; a chart's own keys lie at four.
const DEPTH: usize = 64;

/// Looks for a version of a chart.
pub(super) async fn look(
    door: (&Client, &Tokens),
    repo: &str,
    chart: &str,
    version: &str,
) -> Result<Found, ProbeError> {
    match repo.strip_prefix("oci://") {
        Some(registry) => in_registry(door, registry.trim_end_matches('/'), chart, version).await,
        None => in_index(door.0, repo, chart, version).await,
    }
}

async fn in_registry(
    door: (&Client, &Tokens),
    registry: &str,
    chart: &str,
    version: &str,
) -> Result<Found, ProbeError> {
    let image = Image::parse(&format!("{registry}/{chart}"))?;
    // A tag has no plus sign: Helm writes an underscore instead.
    let tag = version.replace('+', "_");
    let mut first = None;
    for tag in [tag.clone(), format!("v{tag}")] {
        match image.manifest(door, &tag).await? {
            Tagged::Manifest(it) if it.config() == Some(CONFIG) => {
                return Ok(Found::present(format!("chart {tag}, {}", short_digest(&it.digest))));
            }
            Tagged::Manifest(_) => return Ok(Found::wrong(format!("{tag} is there and is no chart"))),
            Tagged::Other(found) if found.state == super::ArtifactState::Absent => {
                first.get_or_insert(found);
            }
            Tagged::Other(found) => return Ok(found),
        }
    }
    Ok(first.unwrap_or_else(|| Found::absent("no such tag")))
}

async fn in_index(client: &Client, repo: &str, chart: &str, version: &str) -> Result<Found, ProbeError> {
    let url = address::below(repo, &["index.yaml"])?;
    let reply = client.send(Request::get(url, "application/yaml, text/yaml, */*", INDEX)).await?;
    if reply.is_absent() {
        return Ok(nothing(reply.status, &reply.host()));
    }
    if reply.status != 200 {
        return Err(reply.neither());
    }
    let text =
        std::str::from_utf8(&reply.body).map_err(|why| ProbeError::odd(&reply.host(), why.to_string()))?;
    let found = entry(text, chart, version).map_err(|why| ProbeError::odd(&reply.host(), why))?;
    let Some(entry) = found else {
        return Ok(Found::absent(format!("index.yaml of {} does not list it", reply.host())));
    };
    let digest = entry.get("digest").map(|it| it.strip_prefix("sha256:").unwrap_or(it));
    let mut evidence = format!("chart {}", shown(entry.get("version").map_or("", String::as_str), 40));
    match digest.filter(|it| is_sha256(it)) {
        Some(digest) => evidence.push_str(&format!(", {}", short_digest(digest))),
        None => evidence.push_str(", without a digest"),
    }
    if let Some(app) = entry.get("appVersion").filter(|it| !it.is_empty()) {
        evidence.push_str(&format!(", app {}", shown(app, 40)));
    }
    if entry.get("deprecated").is_some_and(|it| it == "true") {
        evidence.push_str(", deprecated");
    }
    Ok(Found::present(evidence))
}

/// Where a walk through a document stands.
enum Step {
    /// In a mapping, at this key; none where a key comes next.
    Map(Option<String>),
    /// In a list.
    List,
}

/// What the index says of a version of a chart: its keys of one word. The rest of the document is passed over, and
/// nothing of it is kept, however large it is.
fn entry(text: &str, chart: &str, version: &str) -> Result<Option<BTreeMap<String, String>>, String> {
    let bare = |text: &str| text.strip_prefix('v').unwrap_or(text).to_owned();
    let mut path: Vec<Step> = Vec::new();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|why| why.to_string())?;
        if path.len() > DEPTH {
            return Err("it is nested too deeply".to_owned());
        }
        match event {
            Event::Scalar(text, ..) => match path.last_mut() {
                Some(Step::Map(key @ None)) => *key = Some(text.into_owned()),
                _ => {
                    if let (true, Some(Step::Map(Some(key)))) = (is_entry(&path, chart), path.last()) {
                        found.insert(key.clone(), text.into_owned());
                    }
                    after(&mut path);
                }
            },
            Event::Alias(_) => after(&mut path),
            Event::MappingStart(..) => path.push(Step::Map(None)),
            Event::SequenceStart(..) => path.push(Step::List),
            Event::MappingEnd | Event::SequenceEnd => {
                let is_whole = is_entry(&path, chart);
                path.pop();
                if is_whole && found.get("version").is_some_and(|it| bare(it) == bare(version)) {
                    return Ok(Some(found));
                }
                if is_whole {
                    found.clear();
                }
                after(&mut path);
            }
            _ => {}
        }
    }
    Ok(None)
}

/// Whether a walk is among the keys of a version of the chart: `entries`, the chart, a list, a mapping.
fn is_entry(path: &[Step], chart: &str) -> bool {
    let at = |step: &Step, name: &str| matches!(step, Step::Map(Some(key)) if key == name);
    match path {
        [first, second, Step::List, Step::Map(_)] => at(first, "entries") && at(second, chart),
        _ => false,
    }
}

/// A value has come to its end: a key comes next in a mapping. A key that is no word counts as one without letters.
fn after(path: &mut [Step]) {
    if let Some(Step::Map(key)) = path.last_mut() {
        *key = if key.is_some() { None } else { Some(String::new()) };
    }
}
