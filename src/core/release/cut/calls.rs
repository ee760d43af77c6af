//! The very calls that a step of cutting makes, for the page of a plan that shows them.

use super::{BumpVersion, DispatchWorkflow, DraftRelease, PublishRelease, PushTag, Signing, TagVersion};
use crate::release::errand::Errand;
use crate::release::ids::Oid;
use crate::release::picks::PushPicks;
use crate::release::text::Untrusted;

impl Errand {
    /// The calls of git and of the forge that it makes, in order and safe to show: first those that only look. Empty
    /// for what is no step of cutting a version.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        match self {
            Self::BumpVersion(it) => bump(it),
            Self::PushPicks(it) => push_line(it),
            Self::TagVersion(it) => tag(it),
            Self::PushTag(it) => push_tag(it),
            Self::DraftRelease(it) => draft(it),
            Self::PublishRelease(it) => publish(it),
            Self::UploadAsset(it) => it.calls(),
            Self::DispatchWorkflow(it) => dispatch(it),
            _ => vec![],
        }
    }
}

fn commit(at: Option<Oid>) -> String {
    at.map_or_else(|| "(the commit made before)".to_owned(), |at| at.short())
}

fn bump(it: &BumpVersion) -> Vec<String> {
    let sign_off = if it.sign_off { " --signoff" } else { "" };
    vec![
        format!("git worktree add --detach (a directory of gonogo's own) {}", it.tip.short()),
        format!("git commit --cleanup=verbatim{sign_off} --file=-   ({})", it.message.line()),
    ]
}

fn push_line(it: &PushPicks) -> Vec<String> {
    let (name, from, to) = (it.target.line(), it.from.short(), commit(it.to));
    vec![format!(
        "git push --porcelain --atomic --force-with-lease=refs/heads/{name}:{from} REMOTE {to}:refs/heads/{name}"
    )]
}

fn tag(it: &TagVersion) -> Vec<String> {
    let name = it.target.line();
    let kind = if it.signing == Signing::Required { "--sign" } else { "--annotate" };
    let branch = it.from.as_ref().map_or(String::new(), |from| format!(" refs/heads/{}", from.line()));
    vec![
        format!(
            "git ls-remote REMOTE{branch} refs/tags/{name}   (looks: the branch unmoved, the tag not there)"
        ),
        format!("git tag {kind} --cleanup=verbatim --file=- {name} {}", commit(it.at)),
        format!("git cat-file tag {name} and git verify-tag   (looks: its commit, its signature)"),
    ]
}

fn push_tag(it: &PushTag) -> Vec<String> {
    let name = it.target.line();
    vec![
        format!("git ls-remote REMOTE refs/tags/{name}   (looks)"),
        format!("git push --porcelain --atomic --force-with-lease=refs/tags/{name}: REMOTE refs/tags/{name}"),
    ]
}

fn draft(it: &DraftRelease) -> Vec<String> {
    let (repo, tag) = (it.repo.as_str(), it.target.line());
    vec![
        format!("GET /repos/{repo}/releases and /git/ref/tags/{tag}   (looks: none is there, the tag is)"),
        format!(
            "POST /repos/{repo}/releases   tag_name={tag} target_commitish={} draft=true prerelease={}",
            commit(it.at),
            it.prerelease
        ),
    ]
}

fn publish(it: &PublishRelease) -> Vec<String> {
    let repo = it.repo.as_str();
    let number = it.release.map_or_else(|| "(the draft made before)".to_owned(), |id| id.to_string());
    let body = if it.body.is_some() { " body=(the notes)" } else { "" };
    vec![
        format!("GET /repos/{repo}/releases/{number}   (looks: a draft still, the tag at its commit)"),
        format!(
            "PATCH /repos/{repo}/releases/{number}   draft=false prerelease={} make_latest={}{body}",
            it.prerelease, it.latest
        ),
    ]
}

fn dispatch(it: &DispatchWorkflow) -> Vec<String> {
    let (repo, file) = (it.repo.as_str(), Untrusted::from(&*it.workflow).line());
    let mut calls =
        vec![format!("POST /repos/{repo}/actions/workflows/{file}/dispatches   ref={}", it.on.line())];
    calls.extend(
        it.inputs.iter().map(|(name, value)| {
            format!("     inputs.{} = {}", Untrusted::from(&**name).line(), value.line())
        }),
    );
    calls.push(format!("GET /repos/{repo}/actions/runs/(that run)   until it is over"));
    calls
}
