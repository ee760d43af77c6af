//! The pages of a plan that cuts a candidate whose version is written into files.

use super::stories::{Shown, op, with};
use super::story::{Story, branch, oid, repo, text};
use gonogo::release::Pane;
use gonogo::release::cut::{
    BumpVersion, Condition, DraftRelease, FilePreview, PublishRelease, PushTag, Ready, Signing, TagVersion,
    What,
};
use gonogo::release::errand::Errand;
use gonogo::release::ids::Tag;
use gonogo::release::picks::PushPicks;
use gonogo::release::plan::{Danger, Plan, Step};
use gonogo::release::poll::Verdict;
use gonogo::screen::dialog::{Dialog, Input};
use gonogo::screen::paging::{Files, Paging};
use gonogo::version::{Change, Edit, Place as EditPlace};

/// A page of the plan that cuts a candidate whose version is written into files.
pub fn page(at: usize) -> Shown {
    let tag = Tag::parse("v0.6.2rc2").expect("a tag");
    let (line, tip) = (branch("release-0.6.x"), oid(900));
    let held = |title: &str, reason: &str| Condition {
        title: title.to_owned(),
        verdict: Verdict::Go,
        reason: reason.to_owned(),
        gate: Some(title.to_lowercase()),
        waived: reason.starts_with("waived"),
    };
    let story = Story::full();
    let grammar = &story.release.process.as_ref().expect("a process").version;
    let ready = Ready {
        what: What::Candidate,
        version: grammar.parse(tag.as_str()).expect("a version"),
        tag: tag.clone(),
        reasons: vec!["the last candidate is v0.6.2rc1".to_owned()],
        line: line.clone(),
        at: tip,
        is_head: true,
        conditions: vec![
            held("Version", "above every tag of its line, and unused"),
            held("CI of the branch", "waived by seb: e2e / postgres fails for its host alone, 2 of 34 red"),
            held("Backports", "every accepted pick is on the line"),
        ],
        quirk: None,
    };
    let edit = Edit {
        file: "pyproject.toml".to_owned(),
        at: EditPlace::Toml("project.version".to_owned()),
        all: false,
        text: "0.6.2rc2".to_owned(),
    };
    let bump = BumpVersion {
        target: line.clone(),
        tip,
        edits: vec![edit],
        message: text("Release v0.6.2rc2"),
        sign_off: false,
        attended: false,
    };
    let push =
        PushPicks { target: line.clone(), from: tip, to: None, of: op(1), beyond: vec![], attended: false };
    let make = TagVersion {
        target: tag.clone(),
        at: None,
        of: Some(op(1)),
        from: Some(line.clone()),
        message: text("v0.6.2rc2\n\nCandidate of v0.6.2, from release-0.6.x.\n"),
        signing: Signing::AsConfigured,
        attended: false,
    };
    let push_tag =
        PushTag { target: tag.clone(), at: None, object: None, of: op(3), from: Some(line), attended: false };
    let body = "## Fixes\n\n- Resume after a token refresh (#5748) by @leseb\n- Postgres migration 0042 no longer locks the table (#5733) by @seb\n";
    let draft = DraftRelease {
        repo: repo(),
        target: tag.clone(),
        at: None,
        of: Some(op(3)),
        title: text("v0.6.2rc2"),
        body: text(body),
        prerelease: true,
    };
    let publish = PublishRelease {
        repo: repo(),
        target: tag.clone(),
        at: None,
        release: None,
        of: Some(op(3)),
        body: None,
        prerelease: true,
        latest: false,
    };
    let errands = [
        Errand::BumpVersion(bump),
        Errand::PushPicks(push),
        Errand::TagVersion(make),
        Errand::PushTag(push_tag),
        Errand::DraftRelease(draft),
        Errand::PublishRelease(publish),
    ];
    let plan = Plan {
        id: op(92),
        title: "Cut v0.6.2rc2 at the head of release-0.6.x".to_owned(),
        steps: (1..).zip(errands).map(|(at, errand)| Step::new(op(at), errand)).collect(),
        danger: Danger::Typed(tag.as_str().to_owned()),
        trust: false,
        cut: Some(Box::new(ready)),
    };
    let change =
        Change { line: 7, before: "version = \"0.6.2rc1\"".into(), after: "version = \"0.6.2rc2\"".into() };
    let files = Files::Fit(vec![FilePreview { path: text("pyproject.toml"), changes: vec![change] }]);
    let typed = Input::of(if at == 5 { "v0.6.2" } else { "" });
    let paging = Paging { at, files };
    with(Pane::Candidate, Some(Dialog::Plan { plan, go: false, typed, top: 0, refusal: None, paging }))
}
