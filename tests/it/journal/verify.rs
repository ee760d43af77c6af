//! What a verification claims, and the exit code that goes with it.

use super::sample::{Bytes, journal, stated, with_tombstone};
use gonogo::journal::line::unhex;
use gonogo::journal::verify::{Report, Witness, verify};

fn report(bytes: Vec<u8>, witnesses: &[Witness]) -> Report {
    verify(&Bytes(vec![bytes]), witnesses).unwrap()
}

fn witness(bytes: &[u8], name: &str, seq: usize) -> Witness {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let h = unhex(stated(text.lines().nth(seq - 1).unwrap()).as_bytes()).unwrap();
    Witness { name: name.to_owned(), seq: seq as u64, h }
}

#[test]
fn exit_codes() {
    let bytes = journal();
    let torn = bytes[..bytes.len() - 5].to_vec();
    let edited = [&bytes[..bytes.len() - 4], b"0\"}\n"].concat();
    let edited = if edited == bytes { [&bytes[..bytes.len() - 4], b"1\"}\n"].concat() } else { edited };
    let text = String::from_utf8(bytes.clone()).unwrap();
    let forked = text.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>();
    let newer = text.replace("\"seq\"", "\"SEQ\"").lines().next().unwrap().replace(r#"{"v":1"#, r#"{"v":9"#);
    let newer = super::sample::reseal(&newer, &"0".repeat(64));
    for (what, bytes, code) in [
        ("clean", bytes.clone(), 0),
        ("torn", torn, 0),
        ("edited", edited, 1),
        ("forked", forked.into_bytes(), 1),
        ("tombstone without a record", with_tombstone(false), 1),
        ("tombstone with a record", with_tombstone(true), 0),
        ("empty", Vec::new(), 3),
        ("no journal", b"# A readme\n".to_vec(), 3),
        ("newer", newer.into_bytes(), 3),
    ] {
        assert_eq!(report(bytes, &[]).exit_code(), code, "{what}");
    }
}

#[test]
fn each_stretch_names_those_who_saw_it_and_no_more_is_claimed() {
    let bytes = journal();
    let alone = report(bytes.clone(), &[]).to_string();
    assert!(alone.contains("1–15 only chained, witnessed by nobody"), "{alone}");
    assert!(!alone.contains("untampered"));
    let saw = |name, seq| witness(&bytes, name, seq);
    let seen = report(bytes.clone(), &[saw("w-20be11", 11), saw("the rc.2 tag", 11), saw("w-99", 4)]);
    let text = seen.to_string();
    assert!(text.contains("1–4 witnessed by the rc.2 tag and w-20be11 and w-99\n"), "{text}");
    assert!(text.contains("5–11 witnessed by the rc.2 tag and w-20be11\n"), "{text}");
    assert!(text.contains("12–15 only chained, witnessed by nobody\n"), "{text}");
    assert_eq!(seen.exit_code(), 0);
}

#[test]
fn a_removal_is_told_and_its_content_not_vouched_for() {
    let text = report(with_tombstone(true), &[]).to_string();
    assert!(text.contains("1 had their content removed"), "{text}");
}

#[test]
fn a_witness_cannot_write_on_the_screen() {
    let mut liar = witness(&journal(), "\u{1b}[2Jw-1\u{202e}", 3);
    liar.h = [0; 32];
    let text = report(journal(), &[liar]).to_string();
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
}
