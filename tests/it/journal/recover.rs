//! What is found at the end of a journal after a crash, at every byte (R6) and every bit (R7).

use super::disk::World;
use super::sample::{Bytes, draft, journal, opening, redactor, stamp, store, verdict};
use gonogo::journal::{JournalError, Store, Tail, read_all};
use serde_json::json;

const SEG1: &str = "seg-000001.jsonl";

fn small(entries: usize) -> Vec<u8> {
    let world = World::default();
    let (mut store, _) = store(&world);
    let mut drafts = vec![opening()];
    drafts.extend((1..entries).map(|n| draft("note", &json!({ "what": n }))));
    store.append(&stamp(0), &drafts).unwrap();
    world.bytes(SEG1)
}

/// Opens a journal whose only segment is `bytes`, appends to it, and gives what the file then is.
fn reopened(bytes: &[u8]) -> (Tail, World) {
    let world = World::default();
    world.put(SEG1, bytes);
    let (mut store, lines) = store(&world);
    let tail = store.tail().clone();
    let next = if lines.is_empty() { opening() } else { draft("session.start", &json!({"resumed": true})) };
    assert_eq!(store.append(&stamp(9), &[next]).unwrap()[0].seq, lines.len() as u64 + 1);
    assert_eq!(verdict(&world.bytes(SEG1)), ("clean", lines.len() as u64 + 1));
    (tail, world)
}

#[test]
fn every_truncation_is_recovered_and_appended_to() {
    let bytes = small(4);
    for len in 0..=bytes.len() {
        let cut = &bytes[..len];
        let good = cut.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let (tail, world) = reopened(cut);
        match tail {
            Tail::Clean => assert_eq!(good, len),
            Tail::LineFeedAdded => assert_eq!(bytes[len], b'\n'),
            Tail::Torn { at, bytes, kept } => {
                assert_eq!((at.offset, bytes), (good as u64, (len - good) as u64));
                assert_eq!(kept, format!("{SEG1}.torn-{good}"));
                assert_eq!(world.bytes(&kept), &cut[good..]);
            }
        }
    }
}

#[test]
fn zeros_and_garbage_behind_the_last_line_are_set_aside() {
    let bytes = small(3);
    let mut garbage = 0x2545_f491_4f6c_dd1d_u64;
    for len in (1..700).step_by(13) {
        let noise: Vec<u8> = (0..len)
            .map(|_| {
                garbage ^= garbage << 13;
                garbage ^= garbage >> 7;
                garbage ^= garbage << 17;
                garbage.to_le_bytes()[3]
            })
            .collect();
        for tail in [vec![0; len], noise] {
            let (found, world) = reopened(&[bytes.clone(), tail.clone()].concat());
            let Tail::Torn { bytes: moved, kept, .. } = found else { panic!("{found:?}") };
            assert_eq!((moved, world.bytes(&kept)), (len as u64, tail));
        }
    }
}

#[test]
fn bytes_torn_off_twice_at_one_place_are_both_kept() {
    let bytes = small(2);
    let world = World::default();
    for tail in [b"first".as_slice(), b"second"] {
        world.put(SEG1, &[&bytes, tail].concat());
        store(&world);
    }
    let kept: Vec<String> = world.names().into_iter().filter(|name| name.contains("torn")).collect();
    assert_eq!(kept.len(), 2);
    assert_eq!(world.bytes(&kept[0]), b"first");
    assert_eq!(world.bytes(&kept[1]), b"second");
}

/// Bits are flipped at a stride that is prime, so that all bits of a byte and all fields are met.
#[test]
fn no_flipped_bit_is_accepted() {
    let bytes = small(20);
    let last = bytes[..bytes.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
    let (mut refused, mut torn) = (0, 0);
    let stride = if std::env::var_os("GONOGO_TEST_FULL").is_some() { 1 } else { 61 };
    for bit in (0..bytes.len() * 8).step_by(stride) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let walked = read_all(&Bytes(vec![flipped]), &mut |_, _| {}).unwrap();
        match walked.verdict.word() {
            "edited" | "corrupt" | "forked" => refused += 1,
            "torn" => {
                assert!(bit / 8 >= last, "a flip at byte {} of {last} was taken for a torn end", bit / 8);
                torn += 1;
            }
            other => panic!("bit {bit}: {other}"),
        }
        assert!(walked.chain.seq < 20 || bit / 8 == bytes.len() - 1, "bit {bit} was accepted");
    }
    assert!(refused > torn * 10, "{refused} refused, {torn} torn");
}

#[test]
fn damage_is_refused_after_the_good_part_was_read() {
    let bytes = journal();
    let text = String::from_utf8(bytes).unwrap();
    for (from, to, good) in [("\"rejected\"", "\"accepted\"", 5), ("end of session", "End of session", 14)] {
        let world = World::default();
        world.put(SEG1, text.replace(from, to).as_bytes());
        let before = world.bytes(SEG1);
        let mut seen = 0;
        let disk = Box::new(super::disk::MemDisk::of(&world));
        let opened = Store::on(disk, None, redactor(), &mut |_, _| seen += 1);
        assert!(matches!(opened.err(), Some(JournalError::Damaged(_))));
        assert_eq!(seen, good);
        assert_eq!(world.bytes(SEG1), before, "what is refused is not touched");
        assert_eq!(world.names().len(), 1);
    }
}

#[test]
fn a_newer_journal_is_read_but_not_written() {
    let text = String::from_utf8(small(3)).unwrap();
    let last = text.lines().last().unwrap();
    let prev = super::sample::stated(text.lines().nth(1).unwrap());
    let newer = super::sample::reseal(&last.replace(r#"{"v":1"#, r#"{"v":2"#), prev);
    let world = World::default();
    world.put(SEG1, text.replace(last, &newer).as_bytes());
    let mut seen = 0;
    let disk = Box::new(super::disk::MemDisk::of(&world));
    let opened = Store::on(disk, None, redactor(), &mut |_, _| seen += 1);
    assert!(matches!(opened.err(), Some(JournalError::TooNew(v)) if v == "2"));
    assert_eq!(seen, 2);
}

#[test]
fn an_unfinished_line_of_a_newer_program_stays_where_it_is() {
    for tail in [r#"{"v":2,"seq":4,"ts":"2026"#, "{\"v\":2,\"seq\":4,\"seal\":\"another\"}\n"] {
        let world = World::default();
        world.put(SEG1, &[small(3), tail.as_bytes().to_vec()].concat());
        let before = world.bytes(SEG1);
        let disk = Box::new(super::disk::MemDisk::of(&world));
        let opened = Store::on(disk, None, redactor(), &mut |_, _| {});
        assert!(matches!(opened.err(), Some(JournalError::TooNew(v)) if v == "2"), "{tail}");
        assert_eq!((world.bytes(SEG1), world.names().len()), (before, 1), "{tail}");
    }
}
