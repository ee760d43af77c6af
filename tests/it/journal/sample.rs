//! A small journal that resembles a real one, sealed by the store itself.

use super::disk::{MemDisk, World};
use chrono::{DateTime, TimeDelta, Utc};
use gonogo::journal::line::{hex, seal_tombstone, sha256};
use gonogo::journal::{Draft, Line, Redactor, Source, Stamp, Store, read_all};
use gonogo::release::ids::{Login, OpId};
use serde_json::{Value, json};
use std::io::{self, Read};

/// A draft of a kind with a body.
pub fn draft(kind: &str, body: &Value) -> Draft {
    Draft { kind: kind.to_owned(), op: None, body: Store::body(body).unwrap() }
}

/// The same with an operation.
pub fn paired(kind: &str, op: &str, body: &Value) -> Draft {
    Draft { op: Some(OpId::parse(op).unwrap()), ..draft(kind, body) }
}

/// The first draft of every journal.
pub fn opening() -> Draft {
    let body = json!({"format": "gonogo-journal/1", "tool": "gonogo 0.1.0", "writer": "w-7f3a9c",
        "repo": "github.com/octo/widget", "root": "3b1f6d0c", "release": "v1.18.0", "mode": "live"});
    draft("journal.open", &body)
}

/// Alice, some seconds after nine.
pub fn stamp(seconds: i64) -> Stamp {
    let nine: DateTime<Utc> = "2026-11-21T09:00:00.123456Z".parse().unwrap();
    Stamp {
        ts: nine + TimeDelta::seconds(seconds),
        mono: u64::try_from(seconds).unwrap() * 1000,
        ses: "01KAHQ8Z7V".to_owned(),
        by: Login::parse("alice").unwrap(),
    }
}

/// A redactor that knows no secret.
pub fn redactor() -> Redactor {
    Redactor::new([7; 32], &[])
}

/// A store over a disk in memory, and the lines read on opening.
pub fn store(world: &World) -> (Store, Vec<Line>) {
    let mut lines = Vec::new();
    let disk = Box::new(MemDisk::of(world));
    let store = Store::on(disk, None, redactor(), &mut |line, _| lines.push(line)).unwrap();
    (store, lines)
}

/// What a release manager did on the morning of an rc: 16 drafts after the opening, one to be removed.
pub fn morning() -> Vec<(i64, Draft)> {
    let tag = "refs/tags/v1.18.0-rc.2";
    let sha = "c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c";
    vec![
        (0, opening()),
        (30, draft("session.start", &json!({"tz": "+01:00", "auth": {"how": "gh", "login": "alice"}}))),
        (
            60,
            draft(
                "checklist.tick",
                &json!({"item": "soak.48h", "from": "open", "to": "done", "why": "flat"}),
            ),
        ),
        (
            90,
            paired(
                "issue.move.intent",
                "01KAHQ9A1B",
                &json!({"target": "octo/widget#1719", "from": "v1.18.0",
            "to": "v1.19.0", "why": "only hits the experimental scheduler"}),
            ),
        ),
        (91, paired("issue.move.outcome", "01KAHQ9A1B", &json!({"status": "ok", "http": 200}))),
        (
            121,
            draft(
                "pick.decide",
                &json!({"commit": "9fceb02d0ae598e95dc970b74767f19372d61af8", "pr": 1733,
            "from": "proposed", "to": "rejected", "why": "touches the on-disk format"}),
            ),
        ),
        (
            151,
            paired(
                "ref.create.intent",
                "01KAHQ9C7D",
                &json!({"ref": tag, "to": sha, "expect": {tag: "absent"}}),
            ),
        ),
        (391, draft("session.start", &json!({"resumed": true, "tail": "clean", "in_doubt": ["01KAHQ9C7D"]}))),
        (
            393,
            paired(
                "ref.create.outcome",
                "01KAHQ9C7D",
                &json!({"status": "ok", "by": "probe", "seen": {tag: sha}}),
            ),
        ),
        (420, draft("note", &json!({"what": "a password, by mistake"}))),
        (453, draft("signoff", &json!({"gate": "qa", "vote": "go", "why": "matrix green, 2 flakes waived"}))),
        (458, paired("publish.intent", "01KAHQD9ZZ", &json!({"target": "v1.18.0", "to": "github-release"}))),
        (
            458,
            paired(
                "publish.outcome",
                "01KAHQD9ZZ",
                &json!({"status": "refused", "why": "gate: a sign-off is missing"}),
            ),
        ),
        (518, draft("decision", &json!({"what": "go/no-go", "to": "no-go", "why": "waiting for sign-off"}))),
        (523, draft("journal.seal", &json!({"why": "end of session", "segment": 1}))),
    ]
}

/// The morning as bytes of one segment.
pub fn journal() -> Vec<u8> {
    let world = World::default();
    let (mut store, _) = store(&world);
    for (at, draft) in morning() {
        store.append(&stamp(at), &[draft]).unwrap();
    }
    world.bytes("seg-000001.jsonl")
}

/// The morning with entry 10 removed: a tombstone, and a record of it at the end when `allowed`.
pub fn with_tombstone(allowed: bool) -> Vec<u8> {
    let world = World::default();
    let (mut store, _) = store(&world);
    let mut removed = None;
    for (at, draft) in morning() {
        let line = store.append(&stamp(at), &[draft]).unwrap().pop().unwrap();
        removed = removed.or(Some(line).filter(|line| line.seq == 10));
    }
    let removed = removed.unwrap();
    if allowed {
        let body = json!({"seq": 10, "h": hex(&removed.h), "why": "a password", "approved_by": ["bob"],
            "keep": {"what": "‹removed›"}, "was": {"kind": "note", "ts": removed.ts, "mono": removed.mono,
            "ses": removed.ses, "by": removed.by}});
        store.append(&stamp(600), &[draft("journal.expunge", &body)]).unwrap();
    }
    let text = String::from_utf8(world.bytes("seg-000001.jsonl")).unwrap();
    text.replace(&removed.text(), &seal_tombstone(10, &removed.prev, &removed.h)).into_bytes()
}

/// Seals a line anew after its text was changed, as a forger would: `prev` is given, `h` computed.
pub fn reseal(line: &str, prev: &str) -> String {
    let start = line.rfind(r#""prev":""#).unwrap();
    let body = format!(r#"{}"prev":"{prev}""#, &line[..start]);
    format!(r#"{body},"h":"{}"}}"#, hex(&sha256(body.as_bytes())))
}

/// The hash that a line states.
pub fn stated(line: &str) -> &str {
    &line[line.len() - 66..line.len() - 2]
}

/// Segments in memory, to be read only.
pub struct Bytes(pub Vec<Vec<u8>>);

impl Source for Bytes {
    fn segments(&self) -> io::Result<Vec<gonogo::journal::Segment>> {
        let numbered = (1..).zip(&self.0);
        Ok(numbered.map(|(number, b)| gonogo::journal::Segment { number, len: b.len() as u64 }).collect())
    }

    fn reader(&self, number: u32, from: u64) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(&self.0[number as usize - 1][usize::try_from(from).unwrap()..]))
    }
}

/// The verdict on one segment, in a word, and how many entries were good.
pub fn verdict(bytes: &[u8]) -> (&'static str, u64) {
    let walked = read_all(&Bytes(vec![bytes.to_vec()]), &mut |_, _| {}).unwrap();
    (walked.verdict.word(), walked.chain.seq)
}
