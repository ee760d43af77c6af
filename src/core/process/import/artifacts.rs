//! What a release publishes, by the addresses of registries and by their names.

use super::piece::{Kind, Piece, has};
use super::write::quoted;
use std::collections::BTreeSet;

/// Something that is published.
#[derive(Clone, Debug)]
pub(super) struct Artifact {
    pub title: String,
    /// The value of `at`, as TOML; none where a name is missing.
    pub at: Option<String>,
    pub by: usize,
    pub also: Vec<usize>,
}

/// All of them, in the order in which they are first named.
#[derive(Default, Debug)]
pub(super) struct Artifacts(Vec<Artifact>);

const GOES: [&str; 24] = [
    "publish",
    "published",
    "publishes",
    "publishing",
    "push",
    "pushed",
    "upload",
    "uploaded",
    "release",
    "released",
    "artifact",
    "artifacts",
    "package",
    "packages",
    "image",
    "images",
    "available",
    "verify",
    "check",
    "chart",
    "charts",
    "发布",
    "推送",
    "镜像",
];
/// Registries that a package is named for, with the key of the process.
const REGISTRIES: [(&str, &[&str], &str); 3] = [
    ("PyPI", &["pypi", "test.pypi"], "pypi"),
    ("npm", &["npm"], "npm"),
    ("crates.io", &["crates.io"], "crate"),
];
/// Places that say nothing of what is published there.
const PLACES: [(&str, &[&str]); 10] = [
    (
        "Docker Hub",
        &[
            "docker hub",
            "dockerhub",
            "docker image",
            "docker images",
            "container image",
            "container images",
            "镜像",
        ],
    ),
    ("Helm chart", &["helm chart", "helm charts", "helm repo", "helm repository"]),
    ("Maven Central", &["maven central", "maven", "sonatype"]),
    ("NuGet", &["nuget"]),
    ("RubyGems", &["rubygems", "rubygems.org"]),
    ("Homebrew", &["homebrew"]),
    ("S3", &["s3 bucket", "s3"]),
    ("Binaries", &["binaries", "二进制"]),
    ("Documentation site", &["docs site", "documentation site", "docs website", "文档网站", "文档站"]),
    ("conda-forge", &["conda-forge", "conda"]),
];

impl Artifacts {
    /// All of them.
    pub fn all(&self) -> &[Artifact] {
        &self.0
    }

    fn see(&mut self, title: &str, at: Option<String>, by: usize, line: usize) {
        let same = |known: &&mut Artifact| known.at == at && (at.is_some() || known.title == title);
        if let Some(known) = self.0.iter_mut().find(same) {
            if known.also.last() != Some(&line) {
                known.also.push(line);
            }
        } else if self.0.len() < 200 {
            self.0.push(Artifact { title: title.to_owned(), at, by, also: Vec::new() });
        }
    }

    /// Looks for what a piece publishes.
    pub fn look(&mut self, piece: &Piece, lower: &str, at: usize) {
        let line = piece.lines.0;
        let words = piece.text.split(|c: char| c.is_whitespace() || "()<>,;\"'".contains(c));
        let places: BTreeSet<&str> = words.chain(piece.links.iter().map(String::as_str)).collect();
        let known: Vec<_> = places.into_iter().filter_map(address).collect();
        if known.is_empty() && piece.kind != Kind::Definition && has(lower, &GOES) {
            self.named(piece, lower, at);
        }
        for (title, value) in known {
            self.see(title, Some(value), at, line);
        }
    }

    /// What is named without an address.
    fn named(&mut self, piece: &Piece, lower: &str, at: usize) {
        let line = piece.lines.0;
        let names: Vec<&String> = piece.codes.iter().filter(|code| package(code)).collect();
        for (title, words, key) in REGISTRIES {
            if !has(lower, words)
                || has(lower, &["npm install", "npm version", "npm run", "npm ci", "npm test"])
            {
                continue;
            }
            if names.is_empty() {
                self.see(title, None, at, line);
            }
            let test = key == "pypi" && has(lower, &["test.pypi", "testpypi"]);
            let index = if test { ", index = \"https://test.pypi.org\"" } else { "" };
            for name in &names {
                let value = format!("{{ {key} = {{ package = {}{index} }} }}", quoted(name));
                self.see(title, Some(value), at, line);
            }
        }
        let team = has(lower, &["github release team", "github release group"]);
        if has(lower, &["github release", "github releases", "releases page", "release page"]) && !team {
            self.see("GitHub release", Some("{ github-release = {} }".to_owned()), at, line);
        }
        for (title, _) in PLACES.iter().filter(|(_, words)| has(lower, words)) {
            self.see(title, None, at, line);
        }
    }
}

/// Whether this is how a package is called.
fn package(code: &str) -> bool {
    let name = code.trim_start_matches('@');
    let letters = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_/".contains(c));
    letters
        && plain
        && name.matches('/').count() <= usize::from(code.starts_with('@'))
        && !name.ends_with(['/', '-'])
}

/// What an address of a registry publishes.
fn address(link: &str) -> Option<(&'static str, String)> {
    let link = link.trim_end_matches(['.', ',', ':', ';', ')', '*', '`']);
    let bare = link.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let bare = bare.split(['#', '?']).next().unwrap_or_default();
    let after = |site: &str| {
        bare.strip_prefix(site).map(|rest| rest.trim_matches('/')).filter(|rest| !rest.is_empty())
    };
    let first = |rest: &str| rest.split('/').next().unwrap_or_default().to_owned();
    let fine = |name: &str| !name.contains(|c: char| c.is_control() || "<>{}$*[]\"'\\| ".contains(c));
    let made = if let Some(rest) = after("pypi.org/project/") {
        ("PyPI", format!("{{ pypi = {{ package = {} }} }}", quoted(&first(rest))))
    } else if let Some(rest) = after("test.pypi.org/project/") {
        (
            "Test PyPI",
            format!(
                "{{ pypi = {{ package = {}, index = \"https://test.pypi.org\" }} }}",
                quoted(&first(rest))
            ),
        )
    } else if let Some(rest) = after("npmjs.com/package/") {
        let name = if rest.starts_with('@') {
            rest.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
        } else {
            first(rest)
        };
        ("npm", format!("{{ npm = {{ package = {} }} }}", quoted(&name)))
    } else if let Some(rest) = after("crates.io/crates/") {
        ("crates.io", format!("{{ crate = {{ package = {} }} }}", quoted(&first(rest))))
    } else {
        let hub = after("hub.docker.com/r/")
            .or_else(|| after("hub.docker.com/repository/docker/"))
            .map(|rest| format!("docker.io/{rest}"));
        let hosts = ["docker.io/", "ghcr.io/", "quay.io/", "gcr.io/", "registry.k8s.io/", "public.ecr.aws/"];
        let image =
            hub.or_else(|| hosts.iter().find_map(|host| after(host).map(|rest| format!("{host}{rest}"))))?;
        let image =
            image.replace("quay.io/repository/", "quay.io/").replace("/tags", "").replace("/general", "");
        let image = image.split([':', '@']).next().unwrap_or_default().to_owned();
        let whole = image.split('/').count() >= 3
            && image.chars().all(|c| c.is_ascii_alphanumeric() || "./-_".contains(c));
        whole.then(|| ("Container image", format!("{{ oci = {{ image = {} }} }}", quoted(&image))))?
    };
    fine(bare).then_some(made)
}
