//! The table of forgeries (R8), and an independent verifier that must agree on each and on many more (R22).

use super::sample::{journal, reseal, stated, verdict, with_tombstone};
use gonogo::journal::line::{hex, unhex};
use gonogo::journal::verify::{Witness, verify};
use std::path::Path;
use std::process::{Command, Stdio};

fn lines() -> Vec<String> {
    String::from_utf8(journal()).unwrap().lines().map(str::to_owned).collect()
}

fn joined(lines: &[String]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect()
}

/// Everything from `at` on sealed anew, as somebody does who rewrites history whole.
fn rewritten(mut lines: Vec<String>, at: usize) -> Vec<String> {
    for index in at..lines.len() {
        let prev = if index == 0 { "0".repeat(64) } else { stated(&lines[index - 1]).to_owned() };
        lines[index] = reseal(&lines[index], &prev);
    }
    lines
}

fn forged() -> Vec<String> {
    let mut lines = lines();
    lines[5] = lines[5].replace("rejected", "accepted");
    lines
}

#[test]
fn deleted_swapped_doubled_and_edited_lines_are_found() {
    for at in 0..lines().len() - 1 {
        let mut deleted = lines();
        deleted.remove(at);
        let mut swapped = lines();
        swapped.swap(at, at + 1);
        let mut doubled = lines();
        doubled.insert(at, doubled[at].clone());
        let mut resealed = lines();
        let prev = if at == 0 { "0".repeat(64) } else { stated(&resealed[at - 1]).to_owned() };
        resealed[at] = reseal(&resealed[at].replace("alice", "mallory"), &prev);
        for (what, forgery) in
            [("deleted", deleted), ("swapped", swapped), ("doubled", doubled), ("resealed", resealed)]
        {
            assert_eq!(verdict(&joined(&forgery)).0, "forked", "{what} at {at}");
        }
    }
    assert_eq!(verdict(&joined(&forged())), ("corrupt", 5));
    let mut last = lines();
    let end = last.len() - 1;
    last[end] = last[end].replace("end of", "END OF");
    assert_eq!(verdict(&joined(&last)), ("edited", 14));
}

#[test]
fn a_removal_needs_its_record() {
    assert_eq!(verdict(&with_tombstone(true)), ("clean", 16));
    assert_eq!(verdict(&with_tombstone(false)), ("edited", 15));
    let mut kinds = Vec::new();
    let bytes = super::sample::Bytes(vec![with_tombstone(true)]);
    gonogo::journal::read_all(&bytes, &mut |line, _| {
        kinds.push((line.kind.clone(), line.body.get().to_owned()))
    })
    .unwrap();
    assert_eq!(kinds[9], ("note".to_owned(), r#"{"what":"‹removed›"}"#.to_owned()));
}

/// A rewrite that is whole in itself, and a cut end, show only against what somebody else kept.
#[test]
fn a_whole_rewrite_is_found_by_a_witness_and_claimed_by_nobody_else() {
    let true_head = unhex(stated(&lines()[9]).as_bytes()).unwrap();
    let tag = Witness { name: "the tag v1.18.0-rc.2".to_owned(), seq: 10, h: true_head };
    let rewrite = joined(&rewritten(forged(), 5));
    let report = verify(&super::sample::Bytes(vec![rewrite.clone()]), &[]).unwrap();
    assert_eq!(report.exit_code(), 0);
    assert!(report.to_string().contains("1–15 only chained, witnessed by nobody"), "{report}");
    let report = verify(&super::sample::Bytes(vec![rewrite]), std::slice::from_ref(&tag)).unwrap();
    assert_eq!(report.exit_code(), 1);
    assert!(
        report.to_string().contains("WITNESS DISAGREES: the tag v1.18.0-rc.2 saw another entry 10"),
        "{report}"
    );
    let cut = joined(&lines()[..8]);
    let report = verify(&super::sample::Bytes(vec![cut]), &[tag]).unwrap();
    assert_eq!(report.exit_code(), 1);
    assert!(report.to_string().contains("saw entry 10, which is not here"), "{report}");
}

/// A source of numbers that is the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % sides
    }
}

fn mutate(dice: &mut Dice) -> Vec<u8> {
    let bytes = if dice.roll(5) == 0 { with_stone(dice) } else { joined(&lines()) };
    let mut bytes = bytes;
    match dice.roll(9) {
        0 => bytes.truncate(dice.roll(bytes.len() + 1)),
        1 | 2 => {
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
        }
        3 => {
            let at = dice.roll(bytes.len());
            bytes[at] = [0, b'\n', b'"', b'}', 0xff][dice.roll(5)];
        }
        4 => {
            let at = dice.roll(bytes.len());
            let end = (at + dice.roll(900)).min(bytes.len());
            bytes.drain(at..end);
        }
        5 => {
            let zeros = dice.roll(600);
            bytes.extend(std::iter::repeat_n(0, zeros));
        }
        _ => return joined(&sealed_mutation(dice)),
    }
    bytes
}

fn with_stone(dice: &mut Dice) -> Vec<u8> {
    with_tombstone(dice.roll(2) == 0)
}

/// Changes that somebody seals anew, one line or all that follow.
fn sealed_mutation(dice: &mut Dice) -> Vec<String> {
    const CHANGES: &[(&str, &str)] = &[
        (r#"{"v":1"#, r#"{"v":2"#),
        (r#"{"v":1"#, r#"{"v":0"#),
        (r#""by":"alice""#, r#""by":"bob[bot]""#),
        (r#""by":"alice""#, r#""by":"a b""#),
        (r#""mono":"#, r#""mono":-"#),
        (r#""mono":"#, r#""mono":0,"mono":"#),
        (r#""body":{"#, r#""body":{"deep":[[[[{}]]]],"#),
        (r#""body":{"#, r#""body":{"x":1,"x":2,"#),
        (r#""body":{"#, r#""body":{"x":NaN,"#),
        (r#""body":{"#, r#""body":{"x":1e999,"y":"\u00e9","#),
        (r#""body":{"#, r#""body":[{"#),
        (r#""kind":""#, r#""kind":"X"#),
        (r#""kind":""#, r#""kind":"a."#),
        (r#""lam":"#, r#""lam":1"#),
        (r#""lam":"#, r#""lam":0"#),
        (r#""seq":"#, r#""seq":1"#),
        ("gonogo-journal/1", "gonogo-journal/2"),
        ("2026-11-21", "2026-13-21"),
        ("2026-11-21", "2027-01-02"),
        ("journal.seal", "expunged"),
        (r#","ses""#, r#", "ses""#),
    ];
    let mut lines = lines();
    let at = dice.roll(lines.len());
    let (from, to) = CHANGES[dice.roll(CHANGES.len())];
    lines[at] = lines[at].replacen(from, to, 1);
    match dice.roll(3) {
        0 => lines.swap(at, dice.roll(15)),
        1 => {
            let prev = if at == 0 { "0".repeat(64) } else { stated(&lines[at - 1]).to_owned() };
            lines[at] = reseal(&lines[at], &prev);
        }
        _ => lines = rewritten(lines, at),
    }
    lines
}

/// What both verifiers say of a file, in one line.
fn ours(bytes: &[u8]) -> String {
    let report = verify(&super::sample::Bytes(vec![bytes.to_vec()]), &[]).unwrap();
    format!("{} {} {} exit {}", report.verdict.word(), report.entries, hex(&report.head), report.exit_code())
}

const DRIVER: &str = "import sys, os, importlib.util as u\n\
    s = u.spec_from_file_location('v', sys.argv[1]); v = u.module_from_spec(s); s.loader.exec_module(v)\n\
    for n in sorted(os.listdir(sys.argv[2])):\n    \
        code = v.main(os.path.join(sys.argv[2], n)); print('exit', code)\n";

#[test]
fn the_independent_verifier_agrees_on_every_mutated_file() {
    #[expect(clippy::disallowed_methods, reason = "a test starts the verifier as a user would")]
    let python = Command::new("python3").arg("--version").stdout(Stdio::null()).status();
    if !python.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: python3 is missing, so tests/verify_journal.py was compared with nothing");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut expected = Vec::new();
    for number in 0..1_200 {
        let bytes = if number == 0 { journal() } else { mutate(&mut dice) };
        expected.push(ours(&bytes));
        std::fs::write(dir.path().join(format!("{number:05}.jsonl")), bytes).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_journal.py");
    #[expect(clippy::disallowed_methods, reason = "a test starts the verifier as a user would")]
    let output = Command::new("python3").arg("-c").arg(DRIVER).arg(script).arg(dir.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap().replace("\nexit", " exit");
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(said.len(), expected.len());
    for (number, (theirs, ours)) in said.iter().zip(&expected).enumerate() {
        let file = std::fs::read(dir.path().join(format!("{number:05}.jsonl"))).unwrap();
        assert_eq!(theirs, ours, "file {number}:\n{}", String::from_utf8_lossy(&file));
    }
    for word in ["clean", "torn", "edited", "corrupt", "forked", "too-new"] {
        let many = expected.iter().filter(|line| line.starts_with(word)).count();
        assert!(many >= 5, "only {many} files were {word}");
    }
}
