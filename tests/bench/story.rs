//! Facts of a made-up release, as many as are asked for: what a cockpit journals in some weeks.

use chrono::{DateTime, TimeDelta, Utc};
use gonogo::release::checklist::{ItemState, Ticked};
use gonogo::release::checks::{Check, CheckState, ChecksSeen};
use gonogo::release::fact::Fact;
use gonogo::release::ids::{BadName, Branch, Oid, ReleaseName, Repo};
use gonogo::release::milestone::{Issue, IssuesSeen};
use gonogo::release::session::{Opened, Started};
use gonogo::release::text::Untrusted;

/// When the story begins.
pub fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// The repository of the story.
///
/// # Errors
/// Never: the name is one.
pub fn repo() -> Result<Repo, BadName> {
    Repo::parse("octo/widget")
}

/// An issue of the milestone; every eighth blocks the release, two of three are done.
pub fn issue(number: u64, change: u64) -> Issue {
    let created = start() + TimeDelta::minutes(i64::try_from(number).unwrap_or_default());
    let open = (number + change).is_multiple_of(3);
    let mut labels = vec![Untrusted::from(["bug", "enhancement", "documentation"][(number % 3) as usize])];
    if number.is_multiple_of(8) {
        labels.push(Untrusted::from("release-blocker"));
    }
    Issue {
        number,
        title: Untrusted::from(format!("Session {number} loses its last chunk when the proxy closes early")),
        open,
        pull: number.is_multiple_of(9),
        labels,
        assignees: vec![Untrusted::from(["ana-weber", "bo-lindqvist", "faridh"][(number % 3) as usize])],
        author: Some(Untrusted::from("gretan")),
        milestone: Some(1),
        created,
        updated: created + TimeDelta::hours(i64::try_from(change % 1000).unwrap_or_default()),
        closed: (!open).then(|| created + TimeDelta::days(2)),
        comments: 3,
        rolls: None,
        entered: None,
    }
}

/// The `at`-th fact of the story, after its opening.
///
/// # Errors
/// Never: the names are names.
pub fn fact(at: u64) -> Result<Fact, BadName> {
    Ok(match at % 10 {
        0..5 => IssuesSeen { repo: repo()?, rows: vec![issue(at % 977 + 1, at)], gone: vec![] }.into(),
        5..9 => {
            let state = if at.is_multiple_of(4) { CheckState::Failed } else { CheckState::Passed };
            let check = Check {
                name: Untrusted::from(format!("integration-tests (server, {})", at % 23)),
                state,
                workflow: Some(Untrusted::from("Integration Tests")),
                run: None,
                url: None,
                started: Some(start() + TimeDelta::minutes(i64::try_from(at).unwrap_or_default())),
                ended: Some(start() + TimeDelta::minutes(i64::try_from(at + 5).unwrap_or_default())),
            };
            let branch = Branch::parse("release-0.6.x")?;
            let sha = Oid::parse("c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c")?;
            ChecksSeen { branch, sha, rows: vec![check], gone: vec![], history: vec![] }.into()
        }
        _ => {
            let (from, to) = if at % 20 == 9 {
                (ItemState::Open, ItemState::Done)
            } else {
                (ItemState::Done, ItemState::Open)
            };
            Ticked { item: "timeline".into(), from, to, why: None, evidence: vec![] }.into()
        }
    })
}

/// The first facts of a journal.
///
/// # Errors
/// Never: the names are names.
pub fn opening() -> Result<[Fact; 2], BadName> {
    let opened = Opened {
        format: "gonogo-journal/1".into(),
        tool: "gonogo".into(),
        writer: "w-0000000001".into(),
        host: Some("github.com".into()),
        repo: Some(repo()?),
        root: None,
        release: ReleaseName::parse("v0.6.2")?,
        kinds: "sha256:".into(),
        process: "sha256:".into(),
        profile: None,
        mode: "live".into(),
    };
    Ok([opened.into(), Started::default().into()])
}
