//! Metrics: every figure of a release that is known, none of one that is not, and from the kinds that are named.

use super::ground::{Book, at, branch, closed, issue, milestone, oid, op, repo, text};
use super::triage::{place, pull, seen};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use gonogo::release::candidates::{TagRow, TagsSeen};
use gonogo::release::errand::Status;
use gonogo::release::gates::Overridden;
use gonogo::release::ids::{Login, Tag};
use gonogo::release::looks::Topic;
use gonogo::release::meeting;
use gonogo::release::metrics::{COLUMNS, Figures, Gauge, Spread, Value};
use gonogo::release::milestone::{Issue, IssuesSeen, Milestone, MilestonesSeen};
use gonogo::release::picks::{
    Added, Asked, Attested, Decided, Decision, Grade, Landing, LandingsSeen, Pick, PickState,
};
use gonogo::release::roles::RoleAssigned;
use gonogo::release::session::Refused;
use gonogo::release::{Entry, Errand, Fact, Note, Outcome, Release};

const DAY: i64 = 1440;

/// What a list of entries comes to.
fn figures(entries: &[Entry]) -> Figures {
    let (mut release, mut gauge) = (Release::default(), Gauge::default());
    for entry in entries {
        release.apply(entry);
        gauge.take(&release, entry);
    }
    gauge.figures(&release)
}

/// Tells a fact at a time; the book is a second on when it writes.
fn on(book: &mut Book, when: DateTime<Utc>, fact: impl Into<Fact>) {
    book.now = when - TimeDelta::seconds(1);
    book.tell(fact);
}

fn due(day: u32) -> MilestonesSeen {
    let due = NaiveDate::from_ymd_opt(2026, 5, day).unwrap().and_hms_opt(8, 0, 0).unwrap().and_utc();
    let row = Milestone { due: Some(due), ..milestone(1, "1.2.0") };
    MilestonesSeen { repo: repo(), rows: vec![row], gone: vec![] }
}

fn tag(name: &str, when: DateTime<Utc>) -> TagsSeen {
    let tag = Tag::parse(name).unwrap();
    TagsSeen { rows: vec![TagRow { tag, oid: oid(3), annotated: true, at: Some(when) }], gone: vec![] }
}

fn decided(number: u64, to: Decision) -> Decided {
    let (pick, line) = place(number);
    Decided { pick, line, from: Decision::Undecided, to, why: None, answers: vec![], batch: None }
}

fn landing(number: u64, when: Option<DateTime<Utc>>) -> Landing {
    let (pick, line) = place(number);
    Landing {
        pick,
        line,
        grade: Grade::Trailer,
        commit: oid(9),
        of: None,
        modified: None,
        reverted: None,
        trunk_reverted: None,
        at: when,
        by: None,
    }
}

fn landed(row: Landing) -> LandingsSeen {
    LandingsSeen { rows: vec![row], gone: vec![] }
}

/// Picks 1, 2 and 3 of the line land 2, 10 and 20 hours after they were asked for; 4 waits, 5 was there before, 6 is of
/// another line, 7 lands after the release, of 8 nobody knows when it landed. 1, 2 and 4 are decided after half an hour,
/// one hour and five hours.
fn picks(book: &mut Book) {
    let asked = Asked::Label { label: text("backport"), login: None, at: Some(at(30)) };
    let mut rows: Vec<Pick> = [1, 2, 3, 4, 7].into_iter().map(pull).collect();
    rows[0].asked = vec![asked];
    rows.push(Pick { line: branch("release-1.3.x"), ..pull(6) });
    let saw = |book: &mut Book, minutes, rows| {
        book.now = at(minutes) - TimeDelta::seconds(1);
        seen(book, rows);
    };
    saw(book, 60, rows);
    on(book, at(90), decided(1, Decision::Accepted));
    on(book, at(120), decided(2, Decision::Accepted));
    on(book, at(121), decided(2, Decision::Rejected));
    on(book, at(125), decided(3, Decision::Accepted));
    on(book, at(126), decided(3, Decision::Undecided));
    on(book, at(151), landed(landing(1, Some(at(150)))));
    saw(book, 200, vec![pull(5), pull(8)]);
    on(book, at(201), landed(landing(5, Some(at(-9000)))));
    on(book, at(202), landed(landing(8, None)));
    on(book, at(203), landed(Landing { line: branch("release-1.3.x"), ..landing(6, Some(at(203))) }));
    on(book, at(360), decided(4, Decision::Deferred));
    // The forge shows it before the clone does, which knows when it was.
    saw(book, 650, vec![Pick { state: PickState::Landed, ..pull(2) }]);
    on(book, at(661), landed(landing(2, Some(at(660)))));
    saw(book, 1260, vec![Pick { state: PickState::Landed, ..pull(3) }]);
    // Reverted while the journal was kept, and before.
    on(book, at(1300), landed(Landing { reverted: Some(oid(8)), ..landing(1, Some(at(150))) }));
    let (pick, line) = place(9);
    on(book, at(1301), Added { pick, line, title: text("by hand"), on: true, batch: None });
    on(book, at(1302), landed(Landing { reverted: Some(oid(8)), ..landing(9, Some(at(-500))) }));
}

/// A meeting of 25 minutes on items and an hour in which it was left, and two action items, one of them done.
fn meeting(book: &mut Book) {
    let item = |item: Option<&str>| meeting::TakenUp { item: item.map(Into::into), title: text("an item") };
    let opened = meeting::Opened { meeting: "weekly".into(), title: text("Weekly"), gates: vec![] };
    on(book, at(2000), opened);
    on(book, at(2005), item(Some("blockers")));
    on(book, at(2020), item(None));
    on(book, at(2080), item(Some("dates")));
    on(book, at(2090), meeting::Closed { gates: vec![] });
    for action in [1, 2] {
        let (who, what) = (text("ben"), text("mend it"));
        on(book, at(2091), meeting::Assigned { action, item: "dates".into(), who, what, due: None });
    }
    on(book, at(2092), meeting::Settled { action: 2, done: true, why: None });
}

/// What people say, and what comes of it.
fn said(book: &mut Book) {
    for (gate, put) in [("picks", true), ("picks", false), ("blockers", true)] {
        on(
            book,
            at(2100),
            Overridden { gate: gate.into(), on: put, why: text("so it is"), reading: text("HOLD") },
        );
    }
    for _ in 0..2 {
        let (ask, target, why) = (text("cut"), text("v1.2.0"), text("no-go"));
        on(book, at(2110), Refused { ask, target, why, hint: None });
    }
    for (number, status) in [(1, Status::Ok), (2, Status::Failed), (3, Status::Ok)] {
        let fact = Fact::Outcome { kind: "run.rerun", outcome: Outcome::new(status) };
        book.note(&Note { op: Some(op(number)), fact });
    }
    for (role, login, put) in
        [("qa", "dee", true), ("lead", "ann", true), ("lead", "ben", true), ("lead", "ann", false)]
    {
        let login = Login::parse(login).unwrap();
        on(book, at(2120), RoleAssigned { role: role.into(), login, on: put, since: None });
    }
}

/// A release of which every figure is known.
pub fn book() -> Book {
    let mut book = Book::read();
    on(&mut book, at(5), due(8));
    on(&mut book, at(6), due(12));
    let rolled = |number, rolls| Issue { rolls: Some(rolls), ..issue(number) };
    book.issues(vec![issue(8), rolled(9, 2), rolled(10, 0), closed(11)]);
    picks(&mut book);
    on(&mut book, at(1900), IssuesSeen { repo: repo(), rows: vec![], gone: vec![8, 11] });
    meeting(&mut book);
    said(&mut book);
    on(&mut book, at(3000), tag("v1.2.0-rc.2", at(3000)));
    on(&mut book, at(3001), TagsSeen { rows: vec![], gone: vec![Tag::parse("v1.2.0-rc.2").unwrap()] });
    on(&mut book, at(3002), tag("v1.1.0-rc.1", at(-3000)));
    on(&mut book, at(7 * DAY + 60), tag("v1.2.0", at(7 * DAY + 60)));
    on(&mut book, at(8 * DAY), landed(landing(7, Some(at(8 * DAY)))));
    book
}

fn value(figures: &Figures, key: &str) -> Value {
    (COLUMNS.iter().find(|column| column.key == key).expect(key).value)(figures)
}

#[test]
fn every_figure_of_a_known_release_is_as_reckoned_by_hand() {
    let figures = figures(&book().entries);
    let day = |day| Value::Day(NaiveDate::from_ymd_opt(2026, 5, day));
    let whole = |number| Value::Whole(Some(number));
    for (key, wanted) in [
        ("final_tag", Value::Text(Some("v1.2.0".to_owned()))),
        ("planned_first_date", day(8)),
        ("planned_last_date", day(12)),
        ("actual_date", day(11)),
        ("slip_days", whole(3)),
        ("candidates", whole(2)),
        ("picks_landed", whole(3)),
        ("pick_lead_hours_median", Value::Hours(Some(10.0))),
        ("pick_lead_hours_p90", Value::Hours(Some(20.0))),
        ("picks_decided", whole(3)),
        ("decision_hours_median", Value::Hours(Some(1.0))),
        ("decision_hours_p90", Value::Hours(Some(5.0))),
        ("picks_reverted", whole(1)),
        ("overrides_given", whole(2)),
        ("overrides_standing", whole(1)),
        ("ci_reruns", whole(2)),
        ("issues_rolled_out", whole(1)),
        ("issues_rolled_before", whole(1)),
        ("refused", whole(2)),
        ("meetings", whole(1)),
        ("meeting_minutes", whole(25)),
        ("actions_open", whole(1)),
        ("actions_done", whole(1)),
        ("people_acted", whole(1)),
        ("people_per_role", Value::Each([("lead".into(), 1), ("qa".into(), 1)].into())),
    ] {
        assert_eq!(value(&figures, key), wanted, "{key}");
    }
}

#[test]
fn each_value_is_computed_from_the_kinds_that_it_names_and_from_no_other() {
    let all = book().entries;
    let whole = figures(&all);
    let base = ["journal.open", "process.changed", "obs.complete", "obs.branches"];
    for column in COLUMNS.iter().filter(|column| !column.kinds.is_empty()) {
        for kind in column.kinds {
            let errand = kind.strip_suffix(".outcome").is_some_and(|kind| Errand::KINDS.contains(&kind));
            let known = errand || gonogo::release::fact::KINDS.contains(kind);
            assert!(known, "{}: {kind} is no kind", column.key);
        }
        let is_named = |entry: &&Entry| {
            let kind = entry.fact.kind();
            base.contains(&&*kind) || column.kinds.contains(&&*kind)
        };
        let named: Vec<Entry> = all.iter().filter(is_named).cloned().collect();
        assert_eq!((column.value)(&figures(&named)), (column.value)(&whole), "{}", column.key);
    }
    let keys: std::collections::BTreeSet<_> = COLUMNS.iter().map(|column| column.key).collect();
    assert_eq!(keys.len(), COLUMNS.len(), "two values have one key");
}

#[test]
fn what_nobody_looked_at_is_unknown_and_not_zero() {
    let figures = figures(&Book::new().entries);
    for column in COLUMNS {
        let wanted = match column.key {
            "overrides_given" | "overrides_standing" | "ci_reruns" | "refused" | "meetings"
            | "meeting_minutes" | "actions_open" | "actions_done" | "people_acted" => Value::Whole(Some(0)),
            "people_per_role" => Value::Each([].into()),
            "entries" | "first_entry_at" | "last_entry_at" => continue,
            _ => match (column.value)(&figures) {
                Value::Text(_) => Value::Text(None),
                Value::Day(_) => Value::Day(None),
                Value::Hours(_) => Value::Hours(None),
                _ => Value::Whole(None),
            },
        };
        assert_eq!((column.value)(&figures), wanted, "{}", column.key);
    }
    // Looked at, and nothing there: that is known.
    let mut book = Book::new();
    book.complete(Topic::Git, "");
    book.complete(Topic::Landings, "");
    book.complete(Topic::Issues, "pier/crane");
    let figures = self::figures(&book.entries);
    for key in ["candidates", "picks_landed", "picks_decided", "picks_reverted", "issues_rolled_out"] {
        assert_eq!(value(&figures, key), Value::Whole(Some(0)), "{key}");
    }
    assert_eq!(value(&figures, "pick_lead_hours_median"), Value::Hours(None), "a median of nothing");
    assert_eq!(value(&figures, "slip_days"), Value::Whole(None));
}

#[test]
fn people_are_counted_by_login_and_only_when_they_did_something() {
    let mut entries = book().entries;
    let people = |entries: &[Entry]| value(&figures(entries), "people_acted");
    let by = |entries: &mut Vec<Entry>, kind: &str, who: &str| {
        for entry in entries.iter_mut().filter(|entry| entry.fact.kind() == kind) {
            entry.by = who.into();
        }
    };
    by(&mut entries, "pick.decide", "Ben");
    by(&mut entries, "meeting.settle", "ben");
    assert_eq!(people(&entries), Value::Whole(Some(2)), "however it is written");
    for kind in ["refused", "session.start", "obs.tags", "run.rerun.outcome", "milestone.choose"] {
        by(&mut entries, kind, "eve");
    }
    assert_eq!(people(&entries), Value::Whole(Some(2)), "who only looked did nothing");
    for entry in &mut entries {
        entry.by = "local".into();
    }
    assert_eq!(people(&entries), Value::Whole(None), "nothing says who it was");
}

#[test]
fn a_pick_that_a_person_vouches_for_has_landed_then_and_another_milestone_is_another_plan() {
    let mut book = Book::read();
    book.now = at(60) - TimeDelta::seconds(1);
    seen(&mut book, vec![pull(1)]);
    let (pick, line) = place(1);
    on(&mut book, at(120), Attested { pick, line, on: true, why: text("seen in the log") });
    assert_eq!(value(&figures(&book.entries), "pick_lead_hours_p90"), Value::Hours(Some(1.0)));
    on(&mut book, at(130), due(8));
    let other = Milestone { due: Some(at(30 * DAY)), ..milestone(2, "1.3.0") };
    book.tell(MilestonesSeen { repo: repo(), rows: vec![other], gone: vec![] });
    book.tell(gonogo::release::milestone::Chosen { title: text("1.3.0") });
    let day = Value::Day(Some(at(30 * DAY).date_naive()));
    assert_eq!(value(&figures(&book.entries), "planned_first_date"), day);
}

#[test]
fn median_and_percentile_are_the_textbooks() {
    let of = |hours: &[i64]| {
        let spread = Spread::of(hours.iter().map(|it| TimeDelta::hours(*it)).collect());
        (spread.count, spread.median.map(|it| it.num_minutes()), spread.p90.map(|it| it.num_hours()))
    };
    assert_eq!(of(&[]), (0, None, None));
    assert_eq!(of(&[7]), (1, Some(420), Some(7)));
    assert_eq!(of(&[4, 1]), (2, Some(150), Some(4)));
    assert_eq!(of(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), (10, Some(330), Some(9)));
    assert_eq!(of(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), (11, Some(360), Some(10)));
}
