//! Journals that other people hand over (S9): each ends in a verdict, within caps, and nothing panics.

use super::sample::{Bytes, journal, reseal, stated, verdict};
use gonogo::journal::{Files, read_all};
use std::io::{self, Read};

#[test]
fn hostile_bytes_end_in_a_verdict() {
    let first = journal().split(|b| *b == b'\n').next().unwrap().to_vec();
    let first = [first, vec![b'\n']].concat();
    let text = String::from_utf8(first.clone()).unwrap();
    let deep = format!(r#""mode":{}{}"#, "[".repeat(30_000), "]".repeat(30_000));
    let deep = reseal(text.trim_end().replace(r#""mode":"live""#, &deep).as_str(), &"0".repeat(64));
    let deeper = format!("{{\"v\":1,\"body\":{}\n", "[".repeat(100_000));
    let twice = reseal(text.trim_end(), stated(text.trim_end()));
    let cases: [(&str, Vec<u8>, (&str, u64)); 9] = [
        ("nothing", Vec::new(), ("clean", 0)),
        ("a line of 10 MB", [first.clone(), vec![b'x'; 10 << 20], b"\n".to_vec()].concat(), ("torn", 1)),
        ("10 MB without a line", vec![b'['; 10 << 20], ("torn", 0)),
        (
            "a line of 10 MB with a good one behind",
            [vec![b'x'; 10 << 20], b"\n".to_vec(), first.clone()].concat(),
            ("corrupt", 0),
        ),
        ("sealed nesting", [deep.into_bytes(), b"\n".to_vec()].concat(), ("corrupt", 0)),
        ("nesting 100,000 deep", deeper.into_bytes(), ("torn", 0)),
        ("bad UTF-8", [first.clone(), b"{\"v\":\xff\xfe}\n".to_vec()].concat(), ("torn", 1)),
        ("a million empty lines", vec![b'\n'; 1_000_000], ("torn", 0)),
        ("equal numbers", [first, twice.into_bytes(), b"\n".to_vec()].concat(), ("forked", 1)),
    ];
    for (what, bytes, expected) in cases {
        assert_eq!(verdict(&bytes), expected, "{what}");
    }
}

/// A stream without end must not be read to its end.
struct Endless;

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        into.fill(b'\n');
        Ok(into.len())
    }
}

impl gonogo::journal::Source for Endless {
    fn segments(&self) -> io::Result<Vec<gonogo::journal::Segment>> {
        Ok(vec![gonogo::journal::Segment { number: 1, len: 10 }])
    }

    fn reader(&self, _: u32, _: u64) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(Endless))
    }
}

#[test]
fn a_file_is_read_no_further_than_it_was_long() {
    let walked = read_all(&Endless, &mut |_, _| {}).unwrap();
    assert_eq!(walked.verdict.word(), "torn");
}

#[test]
fn only_regular_files_are_read_as_journals() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Files::at(std::path::Path::new("/dev/full")).is_err());
    assert!(Files::at(std::path::Path::new("/dev/zero")).is_err());
    assert!(Files::at(&dir.path().join("missing")).is_err());
    assert!(Files::at(dir.path()).is_err(), "a directory without a segment");
    let file = std::fs::File::create(dir.path().join("huge")).unwrap();
    file.set_len(2 << 30).unwrap();
    assert!(Files::at(&dir.path().join("huge")).is_err());
    std::fs::write(dir.path().join("seg-000001.jsonl"), journal()).unwrap();
    std::fs::write(dir.path().join("seg-1.jsonl"), "not a segment").unwrap();
    let files = Files::at(dir.path()).unwrap();
    assert_eq!(read_all(&files, &mut |_, _| {}).unwrap().chain.seq, 15);
    std::fs::write(dir.path().join("seg-000003.jsonl"), "x").unwrap();
    let gap = read_all(&Files::at(dir.path()).unwrap(), &mut |_, _| {}).unwrap();
    assert_eq!(gap.verdict.word(), "forked");
}

#[test]
fn many_keys_in_one_line_are_no_quadratic_work() {
    let text = String::from_utf8(journal()).unwrap();
    let many: Vec<String> = (0..6_000).map(|n| format!(r#""k{n}":0"#)).collect();
    let line = text.lines().next().unwrap().replace(r#""mode":"live""#, &many.join(","));
    let line = reseal(&line, &"0".repeat(64));
    let walked = read_all(&Bytes(vec![format!("{line}\n").into_bytes()]), &mut |_, _| {}).unwrap();
    assert_eq!(walked.chain.seq, 1);
}
