//! Milestones, the tracking issue and what is left open: planned before, refused with the reason.

use super::ground::{Book, PROFILE, issue, key, milestone, repo, text};
use gonogo::release::Errand;
use gonogo::release::ask::Proposal;
use gonogo::release::milestone::MilestonesSeen;
use gonogo::release::plan::{Danger, Plan};
use gonogo::release::planned::Planned;
use gonogo::release::session::ProcessChanged;

fn planned(book: &Book, planned: Planned) -> Result<Plan, String> {
    let drafted = book.release.draft(Proposal::Planned(planned), &book.stamp());
    drafted.map_err(|refusal| refusal.why)
}

fn rollover(book: &Book, why: &str) -> Result<Plan, String> {
    planned(book, Planned::Rollover { why: text(why) })
}

fn lines(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.errand.line()).collect()
}

#[test]
fn what_is_left_moves_with_a_rationale_to_the_milestone_that_comes_next() {
    let mut book = Book::read();
    assert_eq!(rollover(&book, "no time").unwrap_err(), "nothing is left open in the milestone");
    book.issues(vec![issue(8), issue(9)]);
    for none in ["", "  "] {
        assert!(rollover(&book, none).unwrap_err().starts_with("a rationale is needed"));
    }
    let to = book.release.next_milestone().unwrap();
    let plan = rollover(&book, "no time").unwrap();
    let open: Vec<_> = book.release.milestones.issues.iter().filter(|(_, it)| it.open).collect();
    let moves = plan.steps.iter().filter_map(|step| match &step.errand {
        Errand::MoveIssue(it) => Some((it.target.clone(), it.why.raw().to_owned())),
        _ => None,
    });
    let moves: Vec<_> = moves.collect();
    assert_eq!(moves.len(), open.len());
    assert!(moves.iter().all(|(_, why)| why == "no time"));
    let comments = plan.steps.iter().filter(|step| matches!(step.errand, Errand::CommentIssue(_))).count();
    assert_eq!(comments, moves.len(), "each issue says why");
    assert!(plan.title.ends_with(&to), "{}", plan.title);
}

#[test]
fn the_next_milestone_is_created_first_where_it_is_missing() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    let titles: Vec<_> = book.release.milestones.list.values().map(|it| it.number).collect();
    let own = book.release.milestone_title().unwrap();
    let kept = book.release.milestones.in_repo(&repo()).unwrap().number;
    let gone = titles.into_iter().filter(|number| *number != kept).collect();
    book.tell(MilestonesSeen { repo: repo(), rows: vec![], gone });
    let to = book.release.next_milestone().unwrap();
    assert_ne!(to, own);
    let plan = rollover(&book, "no time").unwrap();
    let first = lines(&plan)[0].clone();
    assert_eq!(first, format!("create the milestone {to} in {}", repo().as_str()));
    assert_eq!(plan.danger, Danger::Lasting);
    let Errand::MoveIssue(it) = &plan.steps[1].errand else { panic!("a move") };
    assert_eq!(it.to_number, None, "its number is looked up when it is there");
    // It is what X would create, and a day is a day.
    assert_eq!(book.release.milestone_to_create().unwrap(), to);
    let make = |due: &str| planned(&book, Planned::Milestone { title: text(&to), due: text(due) });
    assert!(make("soon").unwrap_err().contains("soon is no day"));
    let plan = make("2027-01-31").unwrap();
    assert_eq!(lines(&plan), [format!("create the milestone {to} in {}, due 2027-01-31", repo().as_str())]);
    assert!(make("-").is_ok());
    book.tell(MilestonesSeen { repo: repo(), rows: vec![milestone(90, &to)], gone: vec![] });
    assert!(book.release.milestone_to_create().is_err());
    let again = planned(&book, Planned::Milestone { title: text(&to), due: text("-") });
    assert_eq!(again.unwrap_err(), "every repository has it");
}

#[test]
fn the_tracking_issue_holds_the_checklist_and_is_known_once_it_is_open() {
    let mut book = Book::read();
    let refused = planned(&book, Planned::Tracking).unwrap_err();
    assert_eq!(refused, "the process keeps none");
    let more = "[milestone]\ntitle = \"{version}\"\ntracking_issue = \"Release {tag}\"\ntracking_labels = [\"release\"]\n\
                tracking_body = \"{tag} is due {due} @here\\n\\n{checklist}\"\n";
    let profile = format!("{}{more}", PROFILE.replace("[milestone]\n", "[milestone_was]\n"));
    let profile = match profile.contains("[milestone_was]") {
        true => {
            let (before, rest) = profile.split_once("[milestone_was]").unwrap();
            let rest = rest.split_once("\n[").map_or("", |(_, rest)| rest);
            format!("{before}[{rest}")
        }
        false => profile,
    };
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile: Some(profile.into()), why: text("it tracks") });
    assert_eq!(book.release.process_error, None);
    let plan = planned(&book, Planned::Tracking).unwrap();
    assert_eq!(plan.danger, Danger::Lasting);
    let Errand::OpenIssue(it) = &plan.steps[0].errand else { panic!("an issue") };
    assert_eq!((it.title.raw(), it.labels.as_slice()), ("Release v1.2.0", &[text("release")][..]));
    let body = it.body.raw();
    assert!(body.starts_with("v1.2.0 is due ") && body.contains("@\u{2060}here"), "{body}");
    let items = book.release.process.as_ref().unwrap().items().count();
    let boxes = body.lines().filter(|line| line.starts_with("- [ ] ") || line.starts_with("- [x] ")).count();
    assert!(boxes > 0 && boxes <= items, "{body}");
    let (operation, _) = super::ground::running(&book.ask(gonogo::release::Ask::Go(plan)).unwrap());
    let mut outcome = gonogo::release::Outcome::noted(gonogo::release::errand::Status::Ok, "done");
    outcome.after.insert("issue".into(), text("61"));
    book.settle(&operation, outcome);
    assert_eq!(book.release.tracking_issue(), Some(key(61)));
    assert!(planned(&book, Planned::Tracking).unwrap_err().starts_with("it is there: "));
}
