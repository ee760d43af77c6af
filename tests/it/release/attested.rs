//! A draft whose reply was lost, and of which a person says that it is there: what follows is done to that one.

use super::ground::{Book, oid, op, repo, running, text};
use gonogo::release::candidates::{ForgeRelease, ReleasesSeen, TagRow, TagsSeen};
use gonogo::release::cut::{DraftRelease, PublishRelease};
use gonogo::release::errand::Errand;
use gonogo::release::ids::Tag;
use gonogo::release::outbox::Accepted;
use gonogo::release::plan::Step;
use gonogo::release::{Ask, Outcome};

fn tag() -> Tag {
    Tag::parse("v1.2.0-rc.1").unwrap()
}

/// A plan whose draft has left, and of which nothing came back before the session ended.
fn lost() -> Book {
    let mut book = Book::read();
    let row = TagRow { tag: tag(), oid: oid(3), annotated: true, at: None };
    book.tell(TagsSeen { rows: vec![row], gone: vec![] });
    let draft = DraftRelease {
        repo: repo(),
        target: tag(),
        at: Some(oid(3)),
        of: None,
        title: text("v1.2.0-rc.1"),
        body: text("notes"),
        prerelease: true,
    };
    let publish = PublishRelease {
        repo: repo(),
        target: tag(),
        at: Some(oid(3)),
        release: None,
        of: Some(op(71)),
        body: None,
        prerelease: true,
        latest: false,
    };
    let steps = vec![
        Step::new(op(71), Errand::DraftRelease(draft.clone())),
        Step::new(op(72), Errand::PublishRelease(publish)),
    ];
    book.tell(Accepted { plan: op(70), title: text("cut"), steps });
    let fact = gonogo::release::Fact::Intent(Errand::DraftRelease(draft));
    book.note(&gonogo::release::Note { op: Some(op(71)), fact });
    book.session("env");
    assert_eq!(book.release.outbox.in_doubt().count(), 1);
    book
}

fn seen(id: u64) -> ReleasesSeen {
    let row = ForgeRelease {
        id,
        tag: text("v1.2.0-rc.1"),
        name: None,
        draft: true,
        prerelease: true,
        published: None,
        assets: 0,
    };
    ReleasesSeen { rows: vec![row], gone: vec![] }
}

#[test]
fn the_draft_that_was_seen_is_the_one_that_is_published() {
    let mut book = lost();
    let happened = Ask::Attest { op: op(71), happened: true };
    assert!(book.refused(happened.clone()).contains("no draft of this tag was seen"));
    book.tell(seen(4711));
    book.ask(happened).unwrap();
    assert_eq!(book.release.outbox.in_doubt().count(), 0);
    let went = book.ask(Ask::GoOn { plan: op(70), attended: false, replaces: false }).unwrap();
    let (_, errand) = running(&went);
    let Errand::PublishRelease(it) = errand else { panic!("{errand:?}") };
    assert_eq!((it.release, it.at), (Some(4711), Some(oid(3))));
    book.settle(&op(72), Outcome::noted(gonogo::release::errand::Status::Ok, "published"));
    assert!(book.release.outbox.plans.is_empty(), "the plan is over");
}

#[test]
fn what_is_said_not_to_have_happened_publishes_nothing() {
    let mut book = lost();
    book.tell(seen(4711));
    book.ask(Ask::Attest { op: op(71), happened: false }).unwrap();
    let waits = |book: &Book| book.release.outbox.plans.iter().any(|plan| !plan.waiting.is_empty());
    if waits(&book) {
        let went =
            book.release.decide(Ask::GoOn { plan: op(70), attended: false, replaces: false }, &book.stamp());
        let sent = went.map(|it| format!("{:?}", it.effects)).unwrap_or_default();
        assert!(!sent.contains("PublishRelease"), "{sent}");
    }
}
