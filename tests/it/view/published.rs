//! The story twelve minutes after the final version was tagged: what its registries say.

use super::story::{Story, ago, now, oid, text};
use chrono::TimeDelta;
use gonogo::release::artifacts::{ArtifactRow, ArtifactState, ArtifactsSeen};
use gonogo::release::candidates::{TagRow, TagsSeen};
use gonogo::release::ids::Tag;
use gonogo::release::looks::{Complete, Failed, LookKey, Topic};
use gonogo::screen::fresh::{Look, Source, Tries};
use gonogo::screen::rows::RowId;
use gonogo::screen::{Screen, rows};

fn tag(name: &str) -> Tag {
    Tag::parse(name).expect("a tag")
}

/// The story with a final tag, and artifacts in every state.
pub fn story() -> Story {
    use ArtifactState::{Absent, Present, Wrong};
    let mut story = Story::full();
    let row = TagRow { tag: tag("v0.6.0"), oid: oid(60), annotated: true, at: Some(ago(12)) };
    story.add("seb", ago(12), TagsSeen { rows: vec![row], gone: vec![] });
    for (minutes, id, of, state, evidence) in [
        (
            4000,
            "test-pypi",
            "v0.6.0rc1",
            Present,
            "2 files, sha256:9d1c77a0be31 llama_stack-0.6.0rc1-py3-none-any.whl",
        ),
        (8, "pypi", "v0.6.0", Present, "2 files, sha256:4f0a9b6c2d1e llama_stack-0.6.0-py3-none-any.whl"),
        (11, "pypi-client", "v0.6.0", Absent, "404 at pypi.org"),
        (7, "npm-client", "v0.6.0", Present, "sha512-mO3fVfXh1bq1A…, 214 files"),
        (6, "npm-client", "v0.6.0", Absent, "404 at npm"),
        (5, "docker", "v0.6.0", Wrong, "linux/arm64 missing: sha256:77ab01c9fe42, linux/amd64"),
        (4, "github-release", "v0.6.0", Absent, "404: llamastack/llama-stack has no published release of it"),
    ] {
        let row = ArtifactRow { id: id.into(), tag: tag(of), state, evidence: text(evidence) };
        story.add("seb", ago(minutes), ArtifactsSeen { rows: vec![row] });
        let look = LookKey::new(Topic::Artifacts, id);
        story.add("seb", ago(minutes), Complete { look, count: 1, upto: None, partly: None });
    }
    let look = LookKey::new(Topic::Artifacts, "docs-site");
    let why = text("llamastack.github.io answers 502");
    story.add("seb", ago(3), Failed { look, why });
    story.fold()
}

/// Its screen, with the cursor on the final tag.
pub fn screen(story: &Story, columns: u16, height: u16) -> Screen {
    let mut screen = story.screen(columns, height);
    screen.tab = gonogo::release::Pane::Candidate;
    let key = |id: &str| LookKey::new(Topic::Artifacts, id);
    let look = |at, asked| Look { at, source: Source::Live, asked, upto: None, error: None, due: None };
    let at = Some(now() - TimeDelta::seconds(21));
    screen.fresh.0.insert(key("docker"), look(at, None));
    screen.fresh.0.insert(key("pypi-client"), look(at, Some(now())));
    let since = ago(11);
    screen.tries.insert(key("pypi-client"), Tries { tag: tag("v0.6.0"), since, times: 21 });
    screen.tries.insert(key("docker"), Tries { tag: tag("v0.6.0"), since, times: 13 });
    rows::remake(&mut screen, &story.release);
    assert!(screen.list_mut().go_to(&RowId::Tag(tag("v0.6.0"))), "the tag has no row");
    screen
}
