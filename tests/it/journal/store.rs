//! Appending: whole batches or nothing, and what the reader then finds.

use super::disk::{Fault, MemDisk, World};
use super::sample::{draft, opening, paired, stamp, store, verdict};
use gonogo::journal::{Census, Draft, Follower, JournalError, Known, Line, Scribe, Verdict, read_all};
use serde_json::json;
use std::sync::mpsc::channel;

const SEG1: &str = "seg-000001.jsonl";

fn note(text: &str) -> Draft {
    draft("note", &json!({ "what": text }))
}

#[test]
fn a_journal_starts_with_journal_open_and_counts_without_gaps() {
    let world = World::default();
    let (mut store, lines) = store(&world);
    assert!(lines.is_empty());
    assert!(matches!(store.append(&stamp(0), &[note("too soon")]), Err(JournalError::BadDraft { .. })));
    assert!(world.bytes(SEG1).is_empty());
    let lines = store.append(&stamp(0), &[opening(), note("one"), note("two")]).unwrap();
    assert_eq!(lines.iter().map(|l| (l.seq, l.lam)).collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(lines[2].prev, lines[1].h);
    store.saw(40);
    assert_eq!(store.append(&stamp(1), &[note("three")]).unwrap()[0].lam, 41);
    assert_eq!(verdict(&world.bytes(SEG1)), ("clean", 4));
}

#[test]
fn what_was_acknowledged_is_read_again() {
    let world = World::default();
    let (mut first, _) = store(&world);
    let written = first.append(&stamp(0), &[opening(), note("é\u{202e}\n\"")]).unwrap();
    drop(first);
    let (mut second, read) = store(&world);
    let texts = |lines: &[Line]| lines.iter().map(Line::text).collect::<Vec<_>>();
    assert_eq!(texts(&written), texts(&read));
    assert_eq!(second.append(&stamp(1), &[note("next")]).unwrap()[0].seq, 3);
}

#[test]
fn one_bad_draft_fails_its_batch_and_no_other() {
    let world = World::default();
    let (mut store, _) = store(&world);
    store.append(&stamp(0), &[opening()]).unwrap();
    let long = note(&"x".repeat(70_000));
    let twice = Draft { body: serde_json::from_str(r#"{"a":1,"a":2}"#).unwrap(), ..note("") };
    let list = Draft { body: serde_json::from_str("[1]").unwrap(), ..note("") };
    let two_lines = Draft { body: serde_json::from_str("{\"a\":\n1}").unwrap(), ..note("") };
    let kind = draft("Not A Kind", &json!({}));
    let batches = [
        vec![note("a")],
        vec![note("b"), long],
        vec![twice],
        vec![list],
        vec![two_lines],
        vec![kind],
        vec![note("c")],
    ];
    let results = store.append_all(&batches.map(|drafts| (stamp(1), drafts)));
    let fine: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(fine, [true, false, false, false, false, false, true]);
    assert_eq!(verdict(&world.bytes(SEG1)), ("clean", 3));
}

#[test]
fn a_full_segment_is_followed_by_one_that_repeats_the_opening() {
    let world = World::default();
    let (store, _) = store(&world);
    let mut store = store.rotating_at(700);
    store.append(&stamp(0), &[opening()]).unwrap();
    store.append(&stamp(1), &[note("a"), note("b")]).unwrap();
    let lines = store.append(&stamp(2), &[note("c")]).unwrap();
    let kinds: Vec<&str> = lines.iter().map(|line| line.kind.as_str()).collect();
    assert_eq!(kinds, ["journal.open", "note"]);
    assert_eq!(lines[0].seq, 4);
    let mut seen = 0;
    let walked = read_all(&MemDisk::of(&world), &mut |_, _| seen += 1).unwrap();
    assert_eq!((walked.verdict, walked.segment, seen), (Verdict::Clean, 2, 5));
}

#[test]
fn a_crash_between_a_new_segment_and_its_first_line_is_no_damage() {
    let world = World::default();
    let (mut first, _) = store(&world);
    first.append(&stamp(0), &[opening(), note("a")]).unwrap();
    drop(first);
    world.put("seg-000002.jsonl", b"");
    let (again, lines) = store(&world);
    assert_eq!(lines.len(), 2);
    let mut again = again.rotating_at(1);
    again.append(&stamp(1), &[note("b")]).unwrap();
    assert!(!world.bytes("seg-000002.jsonl").is_empty());
    assert_eq!(read_all(&MemDisk::of(&world), &mut |_, _| {}).unwrap().chain.seq, 4);
}

/// R9: an intent that cannot be kept is refused, outcomes of what already happened still fit.
#[test]
fn on_a_full_disk_intents_are_refused_and_outcomes_kept() {
    let world = World::default();
    let (mut store, _) = store(&world);
    world.0.lock().unwrap().free = Some(80 << 20);
    store
        .append(&stamp(0), &[opening(), paired("publish.intent", "01KAHQD9ZZ", &json!({"to": "x"}))])
        .unwrap();
    assert_eq!(world.bytes("reserve").len(), 256 * 1024);
    world.0.lock().unwrap().free = Some(100);
    let before = world.bytes(SEG1);
    let refused = store.append(&stamp(1), &[paired("tag.create.intent", "01KAHQD9ZY", &json!({"to": "y"}))]);
    assert!(matches!(refused, Err(JournalError::NoSpace { kind }) if kind == "tag.create.intent"));
    assert_eq!(world.bytes(SEG1), before, "half a record must not stay");
    store.append(&stamp(2), &[paired("publish.outcome", "01KAHQD9ZZ", &json!({"status": "ok"}))]).unwrap();
    assert!(!world.names().contains(&"reserve".to_owned()), "the ballast went overboard");
    world.0.lock().unwrap().free = Some(0);
    let lost = store.append(&stamp(3), &[note("no room at all")]);
    assert!(matches!(lost, Err(JournalError::NotWritten(_))), "{lost:?}");
    world.0.lock().unwrap().free = Some(2 << 20);
    store.append(&stamp(4), &[note("recovers without a restart")]).unwrap();
    assert_eq!(verdict(&world.bytes(SEG1)), ("clean", 4));
}

#[test]
fn after_a_failed_sync_nothing_more_is_written() {
    let world = World::default();
    let (mut store, _) = store(&world);
    store.append(&stamp(0), &[opening()]).unwrap();
    let calls = world.0.lock().unwrap().calls;
    world.0.lock().unwrap().fault = Some((calls + 2, 1, Fault::SyncKeeps));
    assert!(matches!(store.append(&stamp(1), &[note("a")]), Err(JournalError::Poisoned(_))));
    assert!(matches!(store.append(&stamp(2), &[note("b")]), Err(JournalError::Poisoned(_))));
    assert!(store.poisoned().is_some());
    assert_eq!(verdict(&world.bytes(SEG1)), ("clean", 1));
}

#[test]
fn a_second_cockpit_follows_what_the_first_writes() {
    let world = World::default();
    let (store, _) = store(&world);
    let mut store = store.rotating_at(900);
    let disk = MemDisk::of(&world);
    let mut follower = Follower::default();
    let mut seen = Vec::new();
    for round in 0..6 {
        let drafts = if round == 0 { vec![opening()] } else { vec![note("a"), note("b")] };
        store.append(&stamp(round), &drafts).unwrap();
        let verdict = follower.poll(&disk, &mut |line, _| seen.push(line.seq)).unwrap();
        assert_eq!(verdict, Verdict::Clean);
        assert_eq!(seen.last(), Some(&store.chain().seq));
    }
    assert!(world.names().contains(&"seg-000003.jsonl".to_owned()), "{:?}", world.names());
    assert_eq!(seen, (1..=store.chain().seq).collect::<Vec<_>>());
    let walked = read_all(&disk, &mut |_, _| {}).unwrap();
    let mut late = Follower::after(&walked);
    assert_eq!(late.poll(&disk, &mut |line, _| panic!("{} again", line.seq)).unwrap(), Verdict::Clean);
}

#[test]
fn the_scribe_acknowledges_each_request_in_order() {
    let world = World::default();
    let scribe = Scribe::start(store(&world).0).unwrap();
    let (acks, inbox) = channel();
    for round in 0..200 {
        let acks = acks.clone();
        let drafts = if round == 0 { vec![opening()] } else { vec![note(&round.to_string())] };
        scribe.append(
            stamp(round),
            Box::new(|| drafts),
            Box::new(move |done| acks.send(done.unwrap()[0].seq).unwrap()),
        );
    }
    let store = scribe.stop().unwrap();
    drop(acks);
    assert_eq!(inbox.iter().collect::<Vec<_>>(), (1..=200).collect::<Vec<_>>());
    assert_eq!(store.chain().seq, 200);
    assert_eq!(verdict(&world.bytes(SEG1)), ("clean", 200));
}

/// The rules for readers: an unknown kind is counted, one that must be understood or is newer stops the writing.
#[test]
fn unknown_kinds_are_counted_and_some_forbid_writing() {
    let world = World::default();
    let (mut first, _) = store(&world);
    let must = draft("vote.secret", &json!({"must_understand": true}));
    let drafts = [opening(), draft("mood.note", &json!({})), draft("mood.note", &json!({})), note("a"), must];
    first.append(&stamp(0), &drafts).unwrap();
    first.append(&stamp(0), &[draft("note@2", &json!({}))]).unwrap();
    let mut census = Census::default();
    let mut after_three = None;
    read_all(&MemDisk::of(&world), &mut |line, _| {
        let known = match line.kind.as_str() {
            "journal.open" | "note" => Known::Yes,
            "note@2" => Known::OlderOnly,
            _ => Known::No,
        };
        census.take(&line, known);
        if line.seq == 4 {
            after_three = Some(census.clone());
        }
    })
    .unwrap();
    assert_eq!(after_three.unwrap().read_only, None);
    assert_eq!(census.unknown.values().copied().collect::<Vec<_>>(), [2, 1, 1]);
    assert_eq!(
        census.read_only.as_deref(),
        Some("entry 5, vote.secret, must be understood and is not known to this program")
    );
}
