//! Steps of the runbook: what may be run, in which order, how often, and what is on record of it.

use super::ground::{Book, PROFILE, text};
use gonogo::release::ask::Proposal;
use gonogo::release::checklist::ItemState;
use gonogo::release::errand::Status;
use gonogo::release::fact::{Fact, Session};
use gonogo::release::plan::{Danger, Plan};
use gonogo::release::session::ProcessChanged;
use gonogo::release::{Ask, Errand, Outcome};

const RUNBOOK: &str = r#"
[[stages]]
id = "deploy"
ordered = true
items = [
  { id = "backup", text = "Back up", act = { command = { argv = ["pg_dump", "--file", "{tag}.sql"] } } },
  { id = "migrate", text = "Migrate", act = { command = { argv = ["/opt/migrate", "{version}", "{odd}"], repeatable = true, timeout = "2 minutes", env = ["PGHOST"] } } },
  { id = "aside", text = "Aside", required = false },
  { id = "health", text = "Health", act = { probe = { url = "https://example.org/{version}", contains = "{tag}" } } },
  { id = "watch", text = "Watch", evidence = "note" },
  { id = "tell", text = "Tell", evidence = "link" },
]
[[stages]]
id = "odd"
items = [
  { id = "option", text = "Option", act = { command = { argv = ["ls", "{branch}"] } } },
]
"#;

fn follow(book: &mut Book, profile: &str) {
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile: Some(profile.into()), why: text("a runbook") });
    assert_eq!(book.release.process_error, None);
}

fn book() -> Book {
    let mut book = Book::read();
    follow(&mut book, &format!("{PROFILE}{RUNBOOK}"));
    book
}

fn draft(book: &Book, item: &str) -> Result<Plan, String> {
    let proposal = Proposal::Step { item: item.into(), barred: None };
    book.release.draft(proposal, &book.stamp()).map_err(|refusal| refusal.why)
}

/// Goes, and lets it end.
fn did(book: &mut Book, item: &str, outcome: Outcome) {
    let plan = draft(book, item).unwrap();
    let op = plan.steps[0].op.clone();
    book.ask(Ask::Go(plan)).unwrap();
    book.settle(&op, outcome);
}

fn ran(status: Status, note: &str) -> Outcome {
    let mut outcome = Outcome::noted(status, note);
    outcome.after.insert("seconds".into(), "3".into());
    outcome
}

fn reading(book: &Book, item: &str) -> String {
    let reading = book.release.self_check(item, book.now).unwrap();
    format!("{} {}", reading.verdict.word(), reading.reason)
}

fn trusts(book: &Book) -> usize {
    book.entries.iter().filter(|it| matches!(it.fact, Fact::Session(Session::CommandTrusted(_)))).count()
}

#[test]
fn a_program_is_shown_in_full_trusted_once_and_again_when_it_changes() {
    let mut book = book();
    let plan = draft(&book, "backup").unwrap();
    assert_eq!(plan.danger, Danger::Typed("pg_dump".to_owned()));
    let Errand::RunCommand(run) = &plan.steps[0].errand else { panic!("{plan:?}") };
    let words: Vec<_> = run.argv.iter().map(|word| word.raw()).collect();
    assert_eq!(words, ["pg_dump", "--file", "v1.2.0.sql"]);
    assert!(run.preview().iter().any(|line| line.starts_with("Trust")));
    did(&mut book, "backup", Outcome::noted(Status::Failed, "pg_dump was not found in PATH"));
    assert_eq!(trusts(&book), 1);
    // It was not begun, so it may be tried again, and what was read before is not asked about again.
    let plan = draft(&book, "backup").unwrap();
    assert_eq!(plan.danger, Danger::Lasting);
    did(&mut book, "backup", ran(Status::Ok, "exit 0 in 3 s"));
    assert_eq!(trusts(&book), 1);
    follow(&mut book, &format!("{PROFILE}{RUNBOOK}").replace("{tag}.sql", "/tmp/{tag}.sql"));
    assert_eq!(draft(&book, "migrate").unwrap().danger, Danger::Typed("migrate".to_owned()));
    follow(&mut book, &format!("{PROFILE}{RUNBOOK}").replace("repeatable = true", "repeatable = false"));
    did(&mut book, "migrate", ran(Status::Ok, "exit 0"));
    assert_eq!(trusts(&book), 2);
    follow(&mut book, &format!("{PROFILE}{RUNBOOK}").replace("2 minutes", "3 minutes"));
    assert_eq!(draft(&book, "migrate").unwrap().danger, Danger::Typed("migrate".to_owned()));
}

#[test]
fn a_barred_program_is_refused_on_record_and_a_question_is_not_barred_here() {
    let book = book();
    let ask = |item: &str| {
        let proposal = Proposal::Step { item: item.into(), barred: Some("nobody trusts it".into()) };
        book.release.draft(proposal, &book.stamp()).map(|_| ()).map_err(|refusal| refusal.why)
    };
    assert_eq!(ask("backup"), Err("nobody trusts it".to_owned()));
    assert_eq!(ask("say"), Err("it is nothing that gonogo runs".to_owned()));
}

#[test]
fn a_stage_in_order_is_done_in_order() {
    let mut book = book();
    assert_eq!(draft(&book, "migrate").unwrap_err(), "it comes after: Back up");
    let tick = |item: &str| Ask::Tick { item: item.into(), to: ItemState::Done, why: None };
    assert_eq!(book.refused(tick("watch")), "it comes after: Back up");
    did(&mut book, "backup", ran(Status::Ok, "exit 0 in 3 s"));
    assert!(reading(&book, "backup").starts_with("GO exit 0 in 3 s"), "{}", reading(&book, "backup"));
    assert_eq!(draft(&book, "health").unwrap_err(), "it comes after: Migrate");
    let why = Some(text("a person ran it"));
    book.ask(Ask::Tick { item: "migrate".into(), to: ItemState::Overridden, why }).unwrap();
    // What is optional holds nothing up.
    let plan = draft(&book, "health").unwrap();
    assert_eq!(
        plan.steps[0].errand.line(),
        "ask https://example.org/1.2.0 for 200 with “v1.2.0”, 5 times at most, every 10 s"
    );
    did(&mut book, "health", Outcome::noted(Status::Ok, "200 at example.org"));
    assert_eq!(book.refused(tick("watch")), "it wants a written note");
    book.ask(Ask::Attach { item: "watch".into(), text: text("all is calm") }).unwrap();
    book.ask(tick("watch")).unwrap();
    book.ask(Ask::Attach { item: "tell".into(), text: text("in the channel") }).unwrap();
    assert_eq!(book.refused(tick("tell")), "it wants a link: https://…");
    book.ask(Ask::Attach { item: "tell".into(), text: text("https://example.org/1") }).unwrap();
    book.ask(tick("tell")).unwrap();
}

#[test]
fn what_was_begun_is_not_repeated_unless_the_process_says_that_it_may_be() {
    let mut book = book();
    did(&mut book, "backup", ran(Status::Failed, "exit 1 in 3 s"));
    assert!(reading(&book, "backup").starts_with("NO-GO exit 1 in 3 s"));
    let why = draft(&book, "backup").unwrap_err();
    assert!(why.starts_with("it was run already (exit 1 in 3 s)"), "{why}");
    let why = Some(text("by hand"));
    book.ask(Ask::Tick { item: "backup".into(), to: ItemState::Overridden, why }).unwrap();
    for code in ["exit 2", "exit 0"] {
        let status = if code == "exit 0" { Status::Ok } else { Status::Failed };
        did(&mut book, "migrate", ran(status, code));
    }
    assert!(reading(&book, "migrate").starts_with("GO exit 0"));
}

#[test]
fn after_a_crash_a_program_waits_for_what_a_person_says() {
    let mut book = book();
    let plan = draft(&book, "backup").unwrap();
    let op = plan.steps[0].op.clone();
    book.ask(Ask::Go(plan)).unwrap();
    assert!(reading(&book, "backup").starts_with("HOLD it is under way"));
    book.session("none");
    assert!(reading(&book, "backup").contains("it may have been run"), "{}", reading(&book, "backup"));
    assert_eq!(
        draft(&book, "backup").unwrap_err(),
        "it may have been run already, and is never run again by itself"
    );
    book.ask(Ask::Attest { op: op.clone(), happened: false }).unwrap();
    assert!(reading(&book, "backup").starts_with("HOLD not done yet"));
    let plan = draft(&book, "backup").unwrap();
    let op = plan.steps[0].op.clone();
    book.ask(Ask::Go(plan)).unwrap();
    book.session("none");
    book.ask(Ask::Attest { op, happened: true }).unwrap();
    assert!(reading(&book, "backup").starts_with("GO a person says it happened"));
}

#[test]
fn what_is_filled_in_makes_no_option() {
    let mut book = Book::read();
    let odd = RUNBOOK.replace("\"{branch}\"", "\"{tag}\"");
    follow(&mut book, &format!("{PROFILE}{odd}").replace("prefix = \"v\"", "prefix = \"-v\""));
    let why = draft(&book, "option").unwrap_err();
    assert!(why == "-v1.2.0 would become an option" || why.contains("not known"), "{why}");
}

#[test]
fn a_process_with_steps_that_cannot_be_done_is_reported() {
    let wrong = |act: &str| {
        let text = format!(
            "{PROFILE}[[stages]]\nid = \"x\"\nitems = [{{ id = \"y\", text = \"z\", act = {act} }}]\n"
        );
        let parsed = gonogo::process::Process::parse(&text, "x.toml");
        let findings = match parsed {
            Ok((_, findings)) => findings,
            Err(findings) => findings,
        };
        let all: Vec<_> = findings.into_iter().map(|finding| finding.message).collect();
        all.join("; ")
    };
    for (act, said) in [
        ("{ command = { argv = [] } }", "the program is missing"),
        ("{ command = { argv = [\"./deploy\"] } }", "is a path that depends on where"),
        ("{ command = { argv = [\"{tag}\"] } }", "may hold no braces"),
        ("{ command = { argv = [\"make deploy\"] } }", "holds blanks"),
        ("{ command = { argv = [\"make\", \"{versoin}\"] } }", "{versoin} is no placeholder"),
        ("{ command = { argv = [\"make\"], timeout = \"2 days\" } }", "is no short length of time"),
        ("{ command = { argv = [\"make\"], timeout = \"25 hours\" } }", "it takes a second to a day"),
        ("{ probe = { url = \"http://example.org\" } }", "http is taken only on this machine"),
        ("{ probe = { url = \"https://example.org/{what}\" } }", "{what} is no placeholder"),
        ("{ probe = { url = \"https://example.org\", tries = 0 } }", "0 is no number of tries"),
    ] {
        assert!(wrong(act).contains(said), "{act}: {}", wrong(act));
    }
    assert!(!wrong("{ command = { argv = [\"awk\", \"{print}\"] } }").contains("placeholder"));
}
