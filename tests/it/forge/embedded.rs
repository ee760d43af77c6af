//! The same door against the embedded forge: every look brings rows, every errand lands and shows.

use super::{branch, hasty, text};
use gonogo::demo::{Clock, Demo, FINE_GRAINED, FULL, Fault, Options, READ_ONLY};
use gonogo::forge::token::Origin;
use gonogo::forge::{Api, Forge, Github, Look, RefreshPlan, Seen, Setup, Source, Token};
use gonogo::release::errand::{
    AssignIssue, CommentIssue, Errand, LabelIssue, MoveIssue, Outcome, RerunFailed, StateIssue, Status,
};
use gonogo::release::ids::{IssueKey, OpId};
use gonogo::release::looks::Topic;
use gonogo::release::milestone::{Issue, Milestone};
use gonogo::release::observe::Sighting;
use gonogo::release::picks::Gather;

async fn demo() -> Demo {
    let moment = chrono::DateTime::parse_from_rfc3339("2026-11-21T08:00:00Z").unwrap().to_utc();
    gonogo::demo::start(Options { clock: Clock::held_at(moment), ..Options::default() }).await.unwrap()
}

fn door(demo: &Demo, token: &str) -> Github {
    let api = Api::of_url(&demo.api_url).unwrap();
    let token = Token::new(token, api.host(), Origin::Given).unwrap();
    Github::new(Setup { patience: hasty(), ..Setup::new(api, Some(token)) }).unwrap()
}

fn plan(demo: &Demo, milestone: &Milestone) -> RefreshPlan {
    RefreshPlan {
        main: demo.repo.clone(),
        repos: vec![demo.repo.clone()],
        milestone: Some(milestone.title.clone()),
        branches: vec![branch("main")],
        picks: Gather {
            labels: demo
                .line
                .iter()
                .map(|line| (text(&format!("backport {}", line.as_str())), line.clone()))
                .collect(),
            ..Gather::default()
        },
        topics: [
            Topic::Milestones,
            Topic::Issues,
            Topic::Checks,
            Topic::Required,
            Topic::Releases,
            Topic::Picks,
        ]
        .into(),
    }
}

/// An open milestone with issues in it, and those.
async fn chosen(demo: &Demo, door: &Github) -> (Vec<Milestone>, Milestone, Vec<Issue>) {
    let Sighting::Milestones(_, all) = door.look(&Look::Milestones(demo.repo.clone())).await.sighting else {
        panic!("no milestones")
    };
    let milestone = all.iter().find(|it| it.open && it.open_issues > 0).expect("an open milestone").clone();
    let look = Look::Issues { repo: demo.repo.clone(), milestone: milestone.title.clone() };
    let Sighting::Issues(_, issues) = door.look(&look).await.sighting else { panic!("no issues") };
    (all, milestone, issues)
}

fn failures(seen: &[Seen]) -> Vec<&Sighting> {
    seen.iter().map(|it| &it.sighting).filter(|it| matches!(it, Sighting::Failed(..))).collect()
}

#[tokio::test]
async fn a_refresh_brings_every_topic_and_the_next_one_nothing_new() {
    let demo = demo().await;
    let door = door(&demo, FULL);
    let (_, milestone, issues) = chosen(&demo, &door).await;
    let count = issues.len() as u32;
    assert_eq!(count, milestone.open_issues + milestone.closed_issues, "the forge's own count");
    let first = door.refresh(&plan(&demo, &milestone)).await;
    assert_eq!((first.len(), failures(&first)), (6, vec![]));
    let rows = first.iter().find_map(|it| match &it.sighting {
        Sighting::Checks { rows, .. } => Some(rows.len()),
        _ => None,
    });
    assert!(rows.is_some_and(|rows| rows > 0));
    // The same looks by REST, one by one, tell the same as the one query did.
    let by_rest = plan(&demo, &milestone);
    let by_rest = by_rest
        .looks()
        .into_iter()
        .filter(|look| matches!(look, Look::Required { .. } | Look::Releases(_) | Look::Picks { .. }));
    let mut picks = 0;
    for look in by_rest {
        let seen = door.look(&look).await.sighting;
        picks += if let Sighting::Picks(_, rows, ..) = &seen { rows.len() } else { 0 };
        assert!(first.iter().any(|it| it.sighting == seen), "{seen:?} is not what GraphQL told: {first:?}");
    }
    assert!(picks > 0, "no pull request has the label");
    let second = door.refresh(&plan(&demo, &milestone)).await;
    let sightings = |seen: &[Seen]| seen.iter().map(|it| it.sighting.clone()).collect::<Vec<_>>();
    assert_eq!(sightings(&first), sightings(&second));
    assert!(second.iter().any(|it| it.source == Source::Unchanged));
    assert!(door.rates().core().is_some());
}

#[tokio::test]
async fn a_reply_that_breaks_off_in_its_middle_is_read_again_or_made_up_for() {
    let demo = demo().await;
    let milestone = chosen(&demo, &door(&demo, FULL)).await.1;
    let sightings = |seen: &[Seen]| seen.iter().map(|it| it.sighting.clone()).collect::<Vec<_>>();
    let whole = sightings(&door(&demo, FULL).refresh(&plan(&demo, &milestone)).await);
    for (method, path) in [("GET", "/milestones"), ("GET", "/issues"), ("POST", "/graphql")] {
        demo.faults().next(1, method, path, Fault::HalfReply);
        let door = door(&demo, FULL);
        let broken = door.refresh(&plan(&demo, &milestone)).await;
        assert!(demo.faults().all_met(), "{method} {path} was never asked");
        assert_eq!((failures(&broken), sightings(&broken) == whole), (vec![], true), "{method} {path}");
    }
    // One that breaks off every time is not a shorter list.
    demo.faults().next(u32::MAX, "GET", "/milestones", Fault::HalfReply);
    let seen = door(&demo, FULL).look(&Look::Milestones(demo.repo.clone())).await.sighting;
    assert!(matches!(&seen, Sighting::Failed(_, why) if why.line().contains("broke")), "{seen:?}");
}

#[tokio::test]
async fn a_write_whose_reply_breaks_off_is_found_by_looking_and_sent_once() {
    let demo = demo().await;
    let door = door(&demo, FULL);
    let number = chosen(&demo, &door).await.2[0].number;
    let target = IssueKey { repo: demo.repo.clone(), number };
    let errand = Errand::CommentIssue(CommentIssue { target, text: text("ready when you are") });
    demo.faults().next(1, "POST", "/comments", Fault::HalfReply);
    let op = OpId::parse("01KAHQ9C7D0000000000000077").unwrap();
    let outcome = door.run(&op, &errand).await;
    assert_eq!((outcome.status, outcome.by.as_deref()), (Status::Ok, Some("probe")), "{outcome:?}");
    let path = format!("/repos/{}/issues/{number}/comments?per_page=100", demo.repo.as_str());
    let said = crate::demo::get(&demo, &path).await.text;
    assert_eq!(said.matches("ready when you are").count(), 1, "{said}");
}

async fn run(door: &Github, count: &mut u64, errand: &Errand) -> Outcome {
    *count += 1;
    let op = OpId::parse(&format!("01KAHQ9C7D{count:016}")).unwrap();
    let first = door.run(&op, errand).await;
    let again = door.run(&op, errand).await;
    assert_eq!(
        (again.status, again.by.as_deref()),
        (Status::Ok, Some("probe")),
        "{errand:?}: {first:?} {again:?}"
    );
    first
}

#[tokio::test]
async fn errands_land_once_and_show() {
    let demo = demo().await;
    let door = door(&demo, FULL);
    let (all, milestone, issues) = chosen(&demo, &door).await;
    let issue = issues.iter().find(|it| it.open && !it.pull).expect("an open issue");
    let target = IssueKey { repo: demo.repo.clone(), number: issue.number };
    let other = all.iter().find(|it| it.number != milestone.number).expect("another milestone");
    let state = StateIssue { target: target.clone(), not_planned: false, why: None };
    let login = door.viewer(&demo.repo).await.unwrap().login.expect("a login");
    let logins = AssignIssue { target: target.clone(), logins: vec![login] };
    let errands = [
        Errand::MoveIssue(MoveIssue {
            target: target.clone(),
            from: Some(milestone.title.clone()),
            to: Some(other.title.clone()),
            to_number: Some(other.number),
            why: text("not ready"),
        }),
        Errand::CommentIssue(CommentIssue { target: target.clone(), text: text("moved: not ready") }),
        Errand::CloseIssue(StateIssue { not_planned: true, ..state.clone() }),
        Errand::ReopenIssue(state),
        Errand::LabelIssue(LabelIssue { target: target.clone(), labels: vec![text("area/a b")] }),
        Errand::UnlabelIssue(LabelIssue { target: target.clone(), labels: vec![text("area/a b")] }),
        Errand::AssignIssue(logins.clone()),
        Errand::UnassignIssue(logins),
    ];
    let mut count = 0;
    for errand in errands {
        let outcome = run(&door, &mut count, &errand).await;
        assert_eq!(outcome.status, Status::Ok, "{errand:?}: {outcome:?}");
    }
    let look = Look::Issues { repo: demo.repo.clone(), milestone: other.title.clone() };
    let Sighting::Issues(_, moved) = door.look(&look).await.sighting else { panic!("no issues") };
    let moved = moved.iter().find(|it| it.number == issue.number).expect("it moved");
    assert_eq!((moved.open, moved.comments), (true, issue.comments + 1));
}

#[tokio::test]
async fn failed_jobs_run_again_and_their_log_is_read() {
    let demo = demo().await;
    let door = door(&demo, FULL);
    // Runs that the story left in progress are over by then.
    demo.clock().advance(6 * 3600);
    let mut red = None;
    for branch in [branch("main")].into_iter().chain(demo.line.clone()) {
        let look = Look::Checks { repo: demo.repo.clone(), branch };
        if let Sighting::Checks { rows, .. } = door.look(&look).await.sighting {
            red = red.or(rows.into_iter().find_map(|row| row.run.map(|run| (row.name, run))));
        }
    }
    let (name, run_at) = red.expect("a red job somewhere");
    let log =
        door.look(&Look::Log { repo: demo.repo.clone(), job: run_at.job.expect("a job") }).await.sighting;
    assert!(matches!(&log, Sighting::Log(it) if !it.tail.is_empty() && it.step.is_some()), "{log:?}");
    let errand = Errand::RerunFailed(RerunFailed {
        target: demo.repo.clone(),
        run: run_at.run,
        attempt: run_at.attempt,
        name,
    });
    let outcome = run(&door, &mut 0, &errand).await;
    assert_eq!(outcome.status, Status::Ok, "{outcome:?}");
}

#[tokio::test]
async fn tokens_with_fewer_rights_are_told_so() {
    let demo = demo().await;
    let (_, milestone, issues) = chosen(&demo, &door(&demo, FULL)).await;
    let reader = door(&demo, READ_ONLY);
    let target = IssueKey { repo: demo.repo.clone(), number: issues[0].number };
    let errand = Errand::CommentIssue(CommentIssue { target, text: text("no") });
    let outcome = reader.run(&OpId::parse("01KAHQ9C7D0000000000000000").unwrap(), &errand).await;
    assert_eq!((outcome.status, outcome.http), (Status::Refused, Some(403)), "{outcome:?}");
    assert!(outcome.after.contains_key("message"), "{outcome:?}");

    let look = Look::Checks { repo: demo.repo.clone(), branch: branch("main") };
    let seen = door(&demo, FINE_GRAINED).look(&look).await;
    assert!(matches!(&seen.sighting, Sighting::Checks { rows, .. } if !rows.is_empty()), "{seen:?}");
    assert!(seen.note.is_some_and(|note| note.contains("may not read check runs")));

    let seen = door(&demo, "nonsense").look(&Look::Milestones(demo.repo.clone())).await;
    assert!(matches!(&seen.sighting, Sighting::Failed(_, why) if why.line().contains("401")), "{seen:?}");
    assert!(!milestone.title.is_empty());
}
