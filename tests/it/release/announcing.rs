//! Announcements: filled in, in their order, once; what is missing is named, and no text calls anybody.

use super::ground::{Book, PROFILE, oid, running, text};
use gonogo::process::Venue;
use gonogo::release::announce::{Route, measure, preview, tame};
use gonogo::release::ask::Proposal;
use gonogo::release::candidates::{ForgeRelease, ReleasesSeen, TagRow, TagsSeen};
use gonogo::release::errand::{Status, UndoClass};
use gonogo::release::ids::Tag;
use gonogo::release::plan::{Danger, Plan};
use gonogo::release::session::ProcessChanged;
use gonogo::release::{Ask, Errand, Outcome};
use proptest::prelude::*;

const TOLD: &str = r##"
[[announcements]]
id = "bird"
to = { twitter = "@harbour" }
template = "Harbour {tag} is out! {field:highlights} {notes_url}"
fields = ["highlights"]
[[announcements]]
id = "slack"
to = { slack = "#announcements" }
template = "Harbour {version} ({major}.{minor}.{patch}), {date}: {link:bird}"
uses = ["bird"]
[[announcements]]
id = "general"
to = { slack = "#general" }
copy_of = "slack"
[[announcements]]
id = "inside"
to = { teams = "Release" }
audience = "internal"
fields = ["features", "known issues"]
[[announcements]]
id = "leak"
to = { discord = "#all" }
copy_of = "inside"
[[announcements]]
id = "thread"
to = { discord = "#releases" }
template = "{title}: {field:say}"
fields = ["say"]
required = false
[[announcements]]
id = "in-it"
to = { discord = "#releases" }
template = "more: {version}"
thread_of = "thread"
required = false
[[announcements]]
id = "candidate"
to = { discussion = "Announcements" }
of = "candidate"
template = "{tag} {version} {title} {major}.{minor}.{patch} {notes_url}"
required = false
[[announcements]]
id = "body"
to = "release"
template = "{version}: {link:candidate}"
uses = ["candidate"]
required = false
[[announcements]]
id = "fixes"
to = "clipboard"
template = "fixes"
streams = ["patch"]
"##;

fn book() -> Book {
    let mut book = Book::read();
    let profile = Some(format!("{PROFILE}{TOLD}").into());
    let (from, to) = ("sha256:0".into(), "sha256:1".into());
    book.tell(ProcessChanged { from, to, profile, why: text("it tells people") });
    assert_eq!(book.release.process_error, None);
    book
}

fn published(book: &mut Book) {
    let row = ForgeRelease {
        id: 3,
        tag: text("v1.2.0"),
        name: Some(text("Harbour 1.2")),
        draft: false,
        prerelease: false,
        published: None,
        assets: 0,
    };
    book.tell(ReleasesSeen { rows: vec![row], gone: vec![] });
}

fn said(book: &Book, id: &str, fields: &[(&str, &str)]) -> Result<String, String> {
    let fields: Vec<_> = fields.iter().map(|(name, it)| ((*name).into(), text(it))).collect();
    let letter = book.release.letter(id, &fields, book.now).map_err(|refusal| refusal.why)?;
    Ok(letter.text.raw().to_owned())
}

fn draft(book: &Book, id: &str, fields: &[(&str, &str)], thread: bool) -> Plan {
    let fields = fields.iter().map(|(name, it)| ((*name).into(), text(it))).collect();
    let proposal = Proposal::Announce { id: id.into(), fields, route: Route { thread, ..Route::default() } };
    book.release.draft(proposal, &book.stamp()).unwrap()
}

fn vouch(book: &mut Book, id: &str, link: Option<&str>) {
    let ask = Ask::Vouch { id: id.into(), link: link.map(text), text: Some(text("it is out")) };
    book.ask(ask).unwrap();
}

#[test]
fn what_is_missing_is_named() {
    let mut book = book();
    let wrong = |book: &Book, id: &str, fields: &[(&str, &str)]| said(book, id, fields).unwrap_err();
    assert_eq!(wrong(&book, "nobody", &[]), "the process has no such announcement");
    assert_eq!(wrong(&book, "bird", &[]), "the field “highlights” is not filled in");
    assert_eq!(wrong(&book, "bird", &[("highlights", "  ")]), "the field “highlights” is not filled in");
    let why = wrong(&book, "bird", &[("highlights", "fast")]);
    assert_eq!(why, "{notes_url} is not known: the release is not published yet");
    assert_eq!(wrong(&book, "slack", &[]), "it uses bird, which was not made yet");
    assert_eq!(wrong(&book, "general", &[]), "it uses slack, which was not made yet");
    assert_eq!(wrong(&book, "fixes", &[]), "it does not belong to a minor release");
    published(&mut book);
    let link = "https://github.com/pier/crane/releases/tag/v1.2.0";
    let bird = said(&book, "bird", &[("highlights", "fast")]).unwrap();
    assert_eq!(bird, format!("Harbour v1.2.0 is out! fast {link}"));
    vouch(&mut book, "bird", None);
    assert_eq!(wrong(&book, "slack", &[]), "the link of bird is not known: X on its item asks for it");
    vouch(&mut book, "bird", Some("https://x.example/1"));
    let date = book.now.format("%Y-%m-%d");
    let slack = format!("Harbour 1.2.0 (1.2.0), {date}: https://x.example/1");
    assert_eq!(said(&book, "slack", &[]).unwrap(), slack);
}

#[test]
fn internal_and_external_are_kept_apart_and_fields_without_a_place_stand_below() {
    let mut book = book();
    let fields = [("features", "a crane"), ("known issues", "none")];
    assert_eq!(said(&book, "inside", &fields).unwrap(), "features: a crane\nknown issues: none");
    vouch(&mut book, "inside", None);
    assert_eq!(said(&book, "leak", &[]).unwrap_err(), "it is for everybody, and inside is internal");
}

#[test]
fn a_copy_says_what_was_said_and_a_lost_reply_is_never_posted_again() {
    let mut book = book();
    vouch(&mut book, "bird", Some("https://x.example/1"));
    let plan = draft(&book, "slack", &[], false);
    assert_eq!((plan.danger.clone(), plan.undo_class()), (Danger::Lasting, UndoClass::Cannot));
    let (operation, errand) = running(&book.ask(Ask::Go(plan)).unwrap());
    let Errand::Announce(sent) = &errand else { panic!("an announcement") };
    assert_eq!(errand.reverse(), None);
    // The same is refused while it is under way, while in doubt, and once it was made.
    assert_eq!(said(&book, "slack", &[]).unwrap_err(), "it is on its way");
    book.settle(&operation, Outcome::noted(Status::Unknown, "no reply"));
    assert!(said(&book, "slack", &[]).unwrap_err().starts_with("it may have been posted"));
    book.session("gh");
    assert_eq!(book.release.outbox.next(), None, "a start posts nothing");
    assert!(said(&book, "slack", &[]).unwrap_err().starts_with("it may have been posted"));
    assert!(book.settle(&operation, Outcome::noted(Status::Unknown, "no reply")).is_empty());
    assert_eq!(book.release.announced_so_far(), (1, 5));
    book.ask(Ask::Attest { op: operation, happened: true }).unwrap();
    assert!(said(&book, "slack", &[]).unwrap_err().starts_with("it was made already"));
    assert_eq!(said(&book, "general", &[]).unwrap(), sent.text.raw());
    assert_eq!(book.release.announced_so_far(), (2, 5));
}

#[test]
fn a_refusal_or_a_doubt_that_did_not_happen_lets_the_key_try_again() {
    let mut book = book();
    for status in [Status::Refused, Status::Failed] {
        let (operation, _) =
            running(&book.ask(Ask::Go(draft(&book, "thread", &[("say", "hello")], true))).unwrap());
        book.settle(&operation, Outcome::noted(status, "not now"));
    }
    let (operation, errand) =
        running(&book.ask(Ask::Go(draft(&book, "thread", &[("say", "hello")], true))).unwrap());
    let Errand::Announce(it) = errand else { panic!("an announcement") };
    assert_eq!(it.thread, Some(text("v1.2.0")));
    book.settle(&operation, Outcome::noted(Status::Unknown, "no reply"));
    book.ask(Ask::Attest { op: operation, happened: false }).unwrap();
    assert!(said(&book, "thread", &[("say", "hello")]).is_ok());
    assert!(book.release.outbox.plans.is_empty());
}

#[test]
fn what_a_person_vouches_for_is_undone_by_a_new_fact() {
    let mut book = book();
    assert_eq!(
        book.refused(Ask::Vouch { id: "bird".into(), link: Some(text("here")), text: None }),
        "this is no link"
    );
    let hostile = Some(text("https://x.example/\u{1b}[2J"));
    assert_eq!(book.refused(Ask::Vouch { id: "bird".into(), link: hostile, text: None }), "this is no link");
    vouch(&mut book, "bird", Some("https://x.example/1"));
    let again = Ask::Vouch { id: "bird".into(), link: None, text: None };
    assert_eq!(book.refused(again), "it is on record already");
    vouch(&mut book, "bird", Some("https://x.example/2"));
    let link = |book: &Book| book.release.told("bird").and_then(|it| it.link()).map(|it| it.line());
    assert_eq!(link(&book).as_deref(), Some("https://x.example/2"));
    book.ask(Ask::Undo).unwrap();
    assert_eq!(link(&book).as_deref(), Some("https://x.example/1"));
    book.ask(Ask::Undo).unwrap();
    assert!(book.release.told("bird").is_none());
}

fn tagged(book: &mut Book, tag: &str, digit: u8) {
    let tag = Tag::parse(tag).unwrap();
    let row = TagRow { tag, oid: oid(digit), annotated: true, at: None };
    book.tell(TagsSeen { rows: vec![row], gone: vec![] });
}

fn prerelease(book: &mut Book, id: u64, tag: &str, name: &str) {
    let (tag, name) = (text(tag), Some(text(name)));
    let row = ForgeRelease { id, tag, name, draft: false, prerelease: true, published: None, assets: 0 };
    book.tell(ReleasesSeen { rows: vec![row], gone: vec![] });
}

#[test]
fn what_is_about_candidates_says_the_newest_and_is_made_for_each() {
    let mut book = book();
    published(&mut book);
    tagged(&mut book, "v1.2.0-rc.2", 2);
    tagged(&mut book, "v1.2.0-rc.10", 3);
    prerelease(&mut book, 4, "v1.2.0-rc.10", "Harbour 1.2, tenth candidate");
    let link = "https://github.com/pier/crane/releases/tag/v1.2.0-rc.10";
    let wanted = format!("v1.2.0-rc.10 1.2.0-rc.10 Harbour 1.2, tenth candidate 1.2.0 {link}");
    assert_eq!(said(&book, "candidate", &[]).unwrap(), wanted);
    let plan = draft(&book, "candidate", &[], false);
    let (operation, errand) = running(&book.ask(Ask::Go(plan)).unwrap());
    let Errand::Announce(it) = &errand else { panic!("an announcement") };
    assert!(errand.is_of_forge() && it.candidate);
    assert_eq!((it.tag.raw(), it.version.raw()), ("v1.2.0-rc.10", "1.2.0-rc.10"));
    assert_eq!(
        (it.category.clone(), it.title.raw()),
        (Some(text("Announcements")), "Harbour 1.2, tenth candidate")
    );
    let mut outcome = Outcome::noted(Status::Ok, "done");
    outcome.after.insert("link".into(), text("https://github.com/pier/crane/discussions/9"));
    book.settle(&operation, outcome);
    assert!(said(&book, "candidate", &[]).unwrap_err().starts_with("it was made already"));
    // What uses its link says it; the one that is final is the release's own.
    let body = said(&book, "body", &[]).unwrap();
    assert_eq!(body, "1.2.0: https://github.com/pier/crane/discussions/9");
    // The next candidate is announced anew, and then that link counts.
    tagged(&mut book, "v1.2.0-rc.11", 4);
    assert!(said(&book, "body", &[]).is_err(), "the newest candidate is not announced yet");
    vouch(&mut book, "candidate", Some("https://github.com/pier/crane/discussions/10"));
    assert!(said(&book, "body", &[]).unwrap().ends_with("/discussions/10"));
    book.ask(Ask::Undo).unwrap();
    assert!(book.release.told("candidate").is_none());
}

#[test]
fn a_message_goes_into_the_thread_whose_link_was_kept() {
    let mut book = book();
    assert!(said(&book, "in-it", &[]).unwrap_err().contains("was not made yet"));
    let proposal = |book: &Book| {
        let proposal = Proposal::Announce {
            id: "in-it".into(),
            fields: vec![],
            route: Route { thread: true, ..Route::default() },
        };
        book.release.draft(proposal, &book.stamp())
    };
    vouch(&mut book, "thread", None);
    assert!(proposal(&book).unwrap_err().why.contains("is not known: X on its item asks for it"));
    for none in
        ["https://discord.com/", "https://discord.com/channels/42/x1", "https://example.org/channels/42/900"]
    {
        vouch(&mut book, "thread", Some(none));
        assert!(proposal(&book).unwrap_err().why.ends_with("names no thread of Discord"), "{none}");
    }
    for link in ["https://discord.com/channels/42/900", "https://discord.com/channels/42/900/901?x=1"] {
        vouch(&mut book, "thread", Some(link));
        let plan = proposal(&book).unwrap();
        let Errand::Announce(it) = &plan.steps[0].errand else { panic!("an announcement") };
        assert_eq!((it.thread_id.as_deref(), it.thread.as_ref()), (Some("900"), None));
        assert!(plan.steps[0].errand.line().contains("in the thread 900"));
    }
}

#[test]
fn lengths_are_those_that_the_venues_count() {
    let count = |venue: &Venue, text: &str| measure(venue, text).map(|it| (it.count, it.is_over()));
    let x = Venue::Twitter("@harbour".into());
    let long = format!("https://example.org/{}", "a".repeat(200));
    assert_eq!(count(&x, &format!("out {long}")), Some((27, false)), "an address counts 23");
    assert_eq!(count(&x, &"ü".repeat(280)), Some((280, false)));
    assert_eq!(count(&x, &"港".repeat(141)), Some((282, true)));
    let discord = Venue::Discord("#all".into());
    assert_eq!(count(&discord, &"a".repeat(2000)), Some((2000, false)));
    assert_eq!(count(&discord, &"🚢".repeat(1001)), Some((2002, true)));
    assert_eq!(count(&Venue::Slack("#all".into()), &"a".repeat(40_001)), Some((40_001, true)));
    assert!(measure(&Venue::Teams("all".into()), &"ü".repeat(14_000)).unwrap().is_over());
    assert_eq!(measure(&Venue::Clipboard, "a"), None);
    let mut book = book();
    published(&mut book);
    let why = said(&book, "bird", &[("highlights", &"a".repeat(300))]).unwrap_err();
    assert!(why.contains("characters as X counts them, and X @harbour takes 280"), "{why}");
}

#[test]
fn nobody_is_called_by_accident_and_addresses_stay_whole() {
    let link = "https://example.org/@team#L1";
    assert_eq!(
        tame(&format!("@all, (#12) a@b {link}")),
        format!("@\u{2060}all, (#\u{2060}12) a@\u{2060}b {link}")
    );
    assert_eq!(preview(&tame("@everyone #1")), ["@everyone #1"]);
    assert_eq!(tame("a\u{1b}[2J\rb\u{202e}c\nd"), "a␛[2Jb⟨U+202E⟩c\nd");
}

proptest! {
    #[test]
    fn any_field_is_text_and_no_template(field in "\\PC{1,80}|[{}@#<>a-z:\u{1b}\u{202e}\u{200b}\r\n ]{1,60}") {
        let book = book();
        if let Ok(said) = said(&book, "thread", &[("say", &field)]) {
            prop_assert_eq!(tame(&said), said.clone());
            prop_assert!(said.starts_with("v1.2.0: "));
            let unseen = said.contains(['\u{1b}', '\u{202e}', '\u{200b}', '\r']);
            prop_assert!(!unseen);
            for (at, _) in said.match_indices('@') {
                let next = said[at + 1..].chars().next();
                let before = said[..at].rsplit(char::is_whitespace).next().unwrap_or_default();
                let tamed = next.is_none_or(|it| it.is_whitespace() || it == '\u{2060}');
                prop_assert!(tamed || before.contains("://"));
            }
            prop_assert!(preview(&said).iter().all(|row| !row.chars().any(char::is_control)));
        }
    }
}
