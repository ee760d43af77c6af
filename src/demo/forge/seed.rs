//! Fills the forge from a repository: what git knows is taken from git, the rest is made to fit it.

use super::call::Refusal;
use super::objects::Objects;
use super::state::{
    Asset, Category, Label, Plan, Protection, Release, Repository, Ruleset, Team, Workflow, World,
};
use super::{seed_ci, seed_issues, seed_picks, seed_pulls};
use crate::demo::shape::Shape;
use crate::order::Order as _;
use crate::process::Process;
use std::path::PathBuf;
use std::sync::Arc;

/// What to fill the forge with.
pub(in crate::demo) struct Sample {
    pub full_name: String,
    pub origin: PathBuf,
    /// The names of the demo's own story; none for any other clone.
    pub shape: Option<Shape>,
    /// The release in progress of any other clone, by its tag.
    pub release: Option<String>,
    /// The process that any other clone follows, so that milestones, labels and lines are called as it says.
    pub follows: Option<Arc<Process>>,
    pub now: i64,
    pub hostile: bool,
    /// How many more issues and pull requests to make up.
    pub volume: usize,
    /// Whether this is the second repository of a release.
    pub second: bool,
}

impl Sample {
    /// The title of the milestone of a release, given by its tag.
    pub(super) fn milestone(&self, tag: &str) -> String {
        let version = |process: &Process| process.version.parse(tag).ok();
        match (&self.shape, &self.follows) {
            (Some(shape), _) => shape.milestone(tag),
            (None, Some(process)) => {
                version(process).map_or_else(|| tag.to_owned(), |it| process.milestone_title(&it))
            }
            (None, None) => tag.to_owned(),
        }
    }

    /// The label that asks to take a change to a line.
    pub(super) fn pick_label(&self, line: &str) -> String {
        let usual = || format!("backport {line}");
        match (&self.shape, &self.follows) {
            (Some(shape), _) => shape.pick_label(line),
            (None, Some(process)) => {
                let mut labels = process.picks.labels.iter();
                labels.find_map(|pattern| process.pick_label(pattern, line)).unwrap_or_else(usual)
            }
            (None, None) => usual(),
        }
    }

    /// The label of what blocks the release.
    pub(super) fn blocker(&self) -> &str {
        let blockers = self.follows.iter().flat_map(|process| &process.labels.blockers);
        blockers.map(String::as_str).find(|label| !label.contains('*')).unwrap_or(BLOCKER)
    }
}

/// The releases that a sample is about.
pub(super) struct Aim {
    pub release: String,
    pub following: String,
    /// The lines, oldest first.
    pub lines: Vec<String>,
}

/// Adds a repository to the world.
pub(in crate::demo) fn plant(world: &mut World, sample: &Sample) -> Result<(), String> {
    planted(world, sample).map_err(|refusal| refusal.message)
}

fn planted(world: &mut World, sample: &Sample) -> Result<(), Refusal> {
    let objects = Objects::open(&sample.origin)?;
    let (owner, name) = sample.full_name.split_once('/').unwrap_or(("octo", "widget"));
    world.last_id = world.last_id.max(9_000_000);
    let trunk = objects.0.find_reference("HEAD")?;
    let trunk =
        trunk.symbolic_target()?.unwrap_or("refs/heads/main").trim_start_matches("refs/heads/").to_owned();
    let mut repo = Repository {
        id: 1000 + super::users::number_of(&sample.full_name) % 1_000_000,
        owner: owner.to_owned(),
        name: name.to_owned(),
        formerly: vec![format!("{owner}/old-{name}")],
        origin: sample.origin.clone(),
        trunk,
        about: if sample.shape.is_some() {
            "A widget, played by the gonogo demo"
        } else {
            "Served by the gonogo demo"
        }
        .to_owned(),
        created: sample.now - 400 * 86_400,
        ..Repository::default()
    };
    let aim = aim(&objects, sample)?;
    seed_pulls::merged(&objects, &mut repo)?;
    labels(world, &mut repo, sample, &aim);
    workflows(world, &objects, &mut repo);
    protections(world, &mut repo, sample, &aim);
    releases(world, &objects, &mut repo, &aim, sample.now)?;
    categories(world, &mut repo, sample);
    seed_issues::fill(world, &objects, &mut repo, sample, &aim)?;
    seed_picks::fill(world, &objects, &mut repo, sample, &aim)?;
    seed_ci::fill(world, &objects, &mut repo, sample, &aim)?;
    if world.teams.is_empty() {
        let members = ["ana-weber", "bo-lindqvist", "danap"].map(str::to_owned).to_vec();
        world.teams.push(Team { org: owner.to_owned(), slug: "release-team".into(), members });
    }
    world.repositories.push(repo);
    Ok(())
}

/// The categories that GitHub gives a repository whose discussions are enabled: of a release with several, the first's.
fn categories(world: &mut World, repo: &mut Repository, sample: &Sample) {
    let all = [
        ("Announcements", ":mega:", false),
        ("General", ":speech_balloon:", false),
        ("Ideas", ":bulb:", false),
        ("Q&A", ":pray:", true),
        ("Show and tell", ":raised_hands:", false),
    ];
    for (name, emoji, answerable) in all.iter().filter(|_| !sample.second) {
        let slug = name.to_lowercase().replace(['&', ' '], "-");
        repo.categories.push(Category {
            id: world.id(),
            name: (*name).to_owned(),
            slug,
            emoji: (*emoji).to_owned(),
            answerable: *answerable,
            created: repo.created,
        });
    }
}

/// The releases of the story, or for another clone the patch and the minor after its newest final tag.
fn aim(objects: &Objects, sample: &Sample) -> Result<Aim, Refusal> {
    if let Some(shape) = &sample.shape {
        let lines = crate::demo::shape::MINORS.iter().map(|minor| shape.line(*minor));
        let lines = lines.filter(|line| objects.target(&format!("refs/heads/{line}")).is_some()).collect();
        return Ok(Aim { release: shape.release(), following: shape.following(), lines });
    }
    let (release, following) = match &sample.release {
        Some(release) => (release.clone(), following(release)),
        None => after_newest_tag(objects)?,
    };
    Ok(Aim { lines: lines(objects, sample, &release)?, release, following })
}

/// The minor release after a patch release, as far as its tag has three numbers.
fn following(release: &str) -> String {
    let digits = release.trim_start_matches(|c: char| !c.is_ascii_digit());
    let numbers: Vec<u32> = digits.split('.').map_while(|part| part.parse().ok()).collect();
    match numbers[..] {
        [major, minor, _] => {
            format!("{}{major}.{}.0", &release[..release.len() - digits.len()], minor + 1)
        }
        _ => format!("after {release}"),
    }
}

/// The patch and the minor after the newest final tag.
fn after_newest_tag(objects: &Objects) -> Result<(String, String), Refusal> {
    let mut newest = (0, 0, 0);
    for (name, _) in objects.refs("refs/tags/")? {
        let plain = name.trim_start_matches("refs/tags/").trim_start_matches('v');
        let numbers: Vec<u32> = plain.split('.').map_while(|part| part.parse().ok()).collect();
        if let (&[major, minor, patch], 2) = (numbers.as_slice(), plain.matches('.').count()) {
            newest = newest.max((major, minor, patch));
        }
    }
    let (major, minor, patch) = newest;
    Ok((format!("v{major}.{minor}.{}", patch + 1), format!("v{major}.{}.0", minor + 1)))
}

/// The four lines that were worked on last, the newest last; that of the release is the newest of all.
fn lines(objects: &Objects, sample: &Sample, release: &str) -> Result<Vec<String>, Refusal> {
    let follows = sample.follows.as_deref();
    let own = follows.and_then(|process| {
        let version = process.version.parse(release).ok()?;
        process.branch_for(&version).ok()
    });
    let mut lines = Vec::new();
    for (name, oid) in objects.refs("refs/heads/")? {
        let name = name.trim_start_matches("refs/heads/").to_owned();
        let is_line = match follows {
            Some(process) => process.line_of(&name).is_some(),
            None => name.starts_with("release"),
        };
        if is_line {
            let at = objects.0.find_commit(oid).map(|commit| commit.time().seconds()).unwrap_or_default();
            lines.push((own.as_ref() == Some(&name), at, name));
        }
    }
    lines.order();
    Ok(lines.into_iter().rev().take(4).rev().map(|(.., name)| name).collect())
}

/// The usual label of what a release waits for.
pub(super) const BLOCKER: &str = "release-blocker";

const LABELS: [(&str, &str, &str); 11] = [
    ("bug", "d73a4a", "Something is broken"),
    ("enhancement", "a2eeef", "New feature"),
    ("documentation", "0075ca", "Documentation"),
    (BLOCKER, "b60205", "The release waits for this"),
    ("performance", "fbca04", "Slower than it was"),
    ("security", "ee0701", "Security"),
    ("good first issue", "7057ff", "Good for newcomers"),
    ("flaky-test", "c5def5", "Fails now and then"),
    ("needs-triage", "ededed", "Nobody has looked yet"),
    ("cherry-pick-approved", "0e8a16", "May go to a line"),
    ("release", "5319e7", "Tracking issue of a release"),
];

fn labels(world: &mut World, repo: &mut Repository, sample: &Sample, aim: &Aim) {
    for (name, color, about) in LABELS {
        let description = Some(about.to_owned());
        let name = if name == BLOCKER { sample.blocker() } else { name };
        repo.labels.push(Label { id: world.id(), name: name.into(), color: color.into(), description });
    }
    for line in &aim.lines {
        let name = sample.pick_label(line);
        repo.labels.push(Label { id: world.id(), name, color: "bfd4f2".into(), description: None });
    }
}

/// The workflows of trunk's tree: file names and names from git, jobs by what the name suggests.
fn workflows(world: &mut World, objects: &Objects, repo: &mut Repository) {
    let Ok(tip) = objects.commit(&repo.trunk) else { return };
    let tree = tip.tree().and_then(|tree| tree.get_path(".github/workflows".as_ref()));
    let Ok(folder) = tree.and_then(|entry| objects.0.find_tree(entry.id())) else { return };
    for entry in &folder {
        let file = String::from_utf8_lossy(entry.name_bytes()).into_owned();
        let Ok(blob) = objects.0.find_blob(entry.id()) else { continue };
        if !file.ends_with(".yml") && !file.ends_with(".yaml") {
            continue;
        }
        let text = String::from_utf8_lossy(blob.content()).into_owned();
        let said = text
            .lines()
            .find_map(|line| line.strip_prefix("name:"))
            .map(|name| name.trim().trim_matches(['\'', '"']));
        let plan = |name: &str, length| Plan {
            name: name.to_owned(),
            length,
            steps: ["Set up job", "Check out", "Install", "Run", "Complete job"].map(str::to_owned).to_vec(),
        };
        let jobs = match file.as_str() {
            "ci.yml" => vec![
                plan("lint", 60),
                plan("unit-tests (3.12)", 240),
                plan("unit-tests (3.13)", 250),
                plan("integration", 600),
                plan("build", 120),
            ],
            "nightly.yml" => vec![plan("performance-benchmark", 1800), plan("e2e-long-haul", 5400)],
            "release.yml" => vec![plan("build", 180), plan("publish", 90)],
            "tag.yml" => vec![plan("tag", 4)],
            other => vec![plan(other.rsplit_once('.').map_or(other, |(stem, _)| stem), 120)],
        };
        let name = said.unwrap_or(&file).to_owned();
        repo.workflows.push(Workflow {
            id: world.id(),
            name,
            path: format!(".github/workflows/{file}"),
            jobs,
        });
    }
}

fn protections(world: &mut World, repo: &mut Repository, sample: &Sample, aim: &Aim) {
    if sample.second {
        return;
    }
    let own = ["lint", "unit-tests (3.12)", "unit-tests (3.13)", "integration", "DCO", "docs/build"];
    let first =
        repo.workflows.first().into_iter().flat_map(|workflow| &workflow.jobs).map(|job| job.name.clone());
    let contexts: Vec<String> =
        if sample.shape.is_some() { own.map(str::to_owned).to_vec() } else { first.collect() };
    repo.protections.push(Protection { pattern: repo.trunk.clone(), contexts: contexts.clone(), reviews: 1 });
    let include: Vec<String> = aim.lines.iter().map(|line| format!("refs/heads/{line}")).collect();
    let plain = |rules: &[&str]| rules.iter().map(|rule| (*rule).to_owned()).collect();
    for (name, target, include, contexts, rules) in [
        ("Release lines", "branch", include, contexts, plain(&["deletion", "non_fast_forward"])),
        (
            "Release tags",
            "tag",
            vec!["refs/tags/v*".to_owned()],
            Vec::new(),
            plain(&["deletion", "non_fast_forward"]),
        ),
    ] {
        if !include.is_empty() {
            let (name, target, created) = (name.to_owned(), target.to_owned(), repo.created);
            repo.rulesets.push(Ruleset {
                id: world.id(),
                name,
                target,
                include,
                contexts,
                plain: rules,
                created,
            });
        }
    }
}

/// A release for each tag, the newest forty; a draft for the one that is being made.
fn releases(
    world: &mut World,
    objects: &Objects,
    repo: &mut Repository,
    aim: &Aim,
    now: i64,
) -> Result<(), Refusal> {
    let mut tags = Vec::new();
    for (name, oid) in objects.refs("refs/tags/")? {
        if let Some(commit) =
            super::branches::peeled(objects, oid).and_then(|oid| objects.0.find_commit(oid).ok())
        {
            tags.push((commit.time().seconds(), name.trim_start_matches("refs/tags/").to_owned()));
        }
    }
    tags.order();
    for (at, tag) in tags.iter().rev().take(40).rev() {
        let plain = tag.trim_start_matches('v').chars().all(|c| c.is_ascii_digit() || c == '.');
        let assets = assets(world, &repo.name, tag, *at);
        let body = format!("What changed in {tag}.\n");
        repo.releases.push(Release {
            id: world.id(),
            tag: tag.clone(),
            target: repo.trunk.clone(),
            name: Some(tag.clone()),
            body: Some(body),
            draft: false,
            prerelease: !plain,
            author: "octo-release[bot]".into(),
            created: *at,
            published: Some(at + 600),
            latest: false,
            assets,
        });
    }
    if let Some(last) = repo.releases.iter_mut().rev().find(|release| !release.prerelease) {
        last.latest = true;
    }
    draft(world, repo, aim, now);
    Ok(())
}

/// The draft of the release in progress.
fn draft(world: &mut World, repo: &mut Repository, aim: &Aim, now: i64) {
    repo.releases.push(Release {
        id: world.id(),
        tag: aim.release.clone(),
        target: aim.lines.last().unwrap_or(&repo.trunk).clone(),
        name: Some(aim.release.clone()),
        body: Some("Draft of the notes.\n".into()),
        draft: true,
        prerelease: false,
        author: "ana-weber".into(),
        created: now - 7200,
        published: None,
        latest: false,
        assets: Vec::new(),
    });
}

/// The files of a release.
fn assets(world: &mut World, repo: &str, tag: &str, at: i64) -> Vec<Asset> {
    let mut assets = Vec::new();
    for kind in ["tar.gz", "zip", "sha256"] {
        let name = format!("{}-{}.{kind}", repo, tag.trim_start_matches('v'));
        let digest = format!("sha256:{}", super::releases::hex(name.as_bytes()));
        let (id, size) = (world.id(), 1000 + super::users::number_of(&name) % 90_000);
        let kind = "application/octet-stream".to_owned();
        assets.push(Asset {
            id,
            name,
            label: None,
            kind,
            size,
            digest: Some(digest),
            whole: true,
            uploader: "octo-release[bot]".into(),
            at,
        });
    }
    assets
}
