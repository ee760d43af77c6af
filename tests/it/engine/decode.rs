//! What a terminal sends: keys, pastes, clicks, answers; whole, in pieces, and nonsense.

use gonogo::engine::decode::{Decoder, Report};
use gonogo::screen::keys::{Code, Key, parse};
use proptest::prelude::*;

fn decode(bytes: &[u8]) -> Vec<Report> {
    Decoder::default().feed(bytes, false)
}

/// A key as people write it.
fn key(name: &str) -> Report {
    Report::Key(parse(name).unwrap()[0])
}

/// What terminals send, and what it means.
fn samples() -> Vec<(&'static [u8], Vec<Report>)> {
    let shown = "rgb:1c1c/1c1c/1c1c".to_owned();
    vec![
        (b"j", vec![key("j")]),
        (b"G", vec![key("G")]),
        (b" ", vec![key("space")]),
        (b"\r", vec![key("enter")]),
        (b"\n", vec![key("ctrl-j")]),
        (b"\t", vec![key("tab")]),
        (b"\x1b[Z", vec![key("shift-tab")]),
        (b"\x7f", vec![key("backspace")]),
        (b"\x03", vec![key("ctrl-c")]),
        (b"\0", vec![key("ctrl-space")]),
        (b"\x1f", vec![key("ctrl-7")]),
        (b"\x1bx", vec![key("alt-x")]),
        (b"\x1b\r", vec![key("alt-enter")]),
        ("ñ".as_bytes(), vec![key("ñ")]),
        ("发😀".as_bytes(), vec![key("发"), key("😀")]),
        (b"\x1b[A\x1b[B\x1b[C\x1b[D", vec![key("up"), key("down"), key("right"), key("left")]),
        (b"\x1bOA\x1bOH\x1bOF", vec![key("up"), key("home"), key("end")]),
        (b"\x1bOP\x1bOS", vec![key("f1"), key("f4")]),
        (b"\x1b[[A\x1b[[E", vec![key("f1"), key("f5")]),
        (b"\x1b[15~\x1b[17~\x1b[21~\x1b[23~\x1b[24~", ["f5", "f6", "f10", "f11", "f12"].map(key).into()),
        (b"\x1b[1~\x1b[4~\x1b[5~\x1b[6~\x1b[3~", ["home", "end", "pgup", "pgdn", "del"].map(key).into()),
        (b"\x1b[1;5A", vec![key("ctrl-up")]),
        (b"\x1b[1;3D", vec![key("alt-left")]),
        (b"\x1b[6;5~", vec![key("ctrl-pgdn")]),
        (b"\x1b[97;5u", vec![key("ctrl-a")]),
        (b"\x1b[27;5;106~", vec![key("ctrl-j")]),
        (b"\x1b[97;1:3u", vec![]),
        (b"\x1b[I\x1b[O", vec![Report::Focus(true), Report::Focus(false)]),
        (b"\x1b[<0;10;3M\x1b[<0;10;3m", vec![Report::Click(9, 2)]),
        (b"\x1b[<64;1;1M\x1b[<65;1;1M", vec![Report::Wheel(-3), Report::Wheel(3)]),
        (b"\x1b[<35;7;7M\x1b[<2;7;7M", vec![]),
        (b"\x1b[M !!", vec![Report::Click(0, 0)]),
        (b"\x1b[32;10;3M", vec![Report::Click(9, 2)]),
        (b"\x1b[200~a\rb\x1b[Ac\x1b[201~j", vec![Report::Paste("a\rb\x1b[Ac".to_owned()), key("j")]),
        (b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", vec![Report::Background(shown.clone())]),
        (b"\x1b]11;rgb:1c1c/1c1c/1c1c\x07\x1b[?62;22c", vec![Report::Background(shown), Report::Attributes]),
        // What nobody asked for is no key.
        (b"\x1b[?1u\x1b[5;3R\x1b[2~q", vec![key("q")]),
        (b"\xff\xc3j", vec![key("j")]),
    ]
}

#[test]
fn what_terminals_send_is_what_was_meant() {
    for (bytes, meant) in samples() {
        assert_eq!(decode(bytes), meant, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn an_escape_that_nothing_follows_is_the_key() {
    assert_eq!(decode(b"\x1b"), [key("esc")]);
    assert_eq!(decode(b"\x1b\x1b"), [key("esc"), key("esc")]);
    assert_eq!(decode(b"\x1b\x1b[A"), [key("esc"), key("up")]);
    assert_eq!(decode(b"\x1b]"), [key("alt-]")]);
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b", true), []);
    assert_eq!(decoder.feed(b"[A", false), [key("up")]);
}

#[test]
fn the_middle_of_an_endless_paste_goes_and_nothing_of_it_is_a_key() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b[200~", false), []);
    for _ in 0..40 {
        assert_eq!(decoder.feed(&[b'q'; 65_536], false), []);
    }
    let reports = decoder.feed(b"\x1b[201~j", false);
    let [Report::Paste(text), Report::Key(Key { code: Code::Char('j'), .. })] = &reports[..] else {
        panic!("{} reports", reports.len())
    };
    assert!(text.len() <= 1 << 21 && text.bytes().all(|byte| byte == b'q'), "{}", text.len());
}

proptest! {
    /// However a stream is cut, it means the same.
    #[test]
    fn pieces_mean_what_the_whole_means(
        picked in prop::collection::vec(0..38usize, 1..12),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let samples = samples();
        let picked: Vec<_> = picked.into_iter().map(|at| &samples[at % samples.len()]).collect();
        let bytes: Vec<u8> = picked.iter().flat_map(|(bytes, _)| bytes.iter().copied()).collect();
        let meant: Vec<Report> = picked.iter().flat_map(|(_, meant)| meant.iter().cloned()).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        cuts.sort_unstable();
        let mut decoder = Decoder::default();
        let mut reports = vec![];
        let mut from = 0;
        for cut in cuts {
            reports.extend(decoder.feed(&bytes[from..cut], true));
            from = cut;
        }
        reports.extend(decoder.feed(&bytes[from..], false));
        prop_assert_eq!(reports, meant);
    }

    /// Whatever comes, it is taken in, and a key pressed after enough of others is heard.
    #[test]
    fn nonsense_is_survived(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8)) {
        let mut decoder = Decoder::default();
        for piece in &pieces {
            decoder.feed(piece, false);
        }
        // Ends a paste, a string and a sequence that may have begun.
        decoder.feed(b"\x1b[201~", false);
        decoder.feed(&[b'x'; 70], false);
        prop_assert_eq!(decoder.feed(b"j", false), vec![key("j")]);
    }
}
