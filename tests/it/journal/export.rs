//! Minutes and JSON: the same bytes each time, every outcome in them, nothing raw.

use super::disk::World;
use super::sample::{Bytes, draft, journal, opening, paired, stamp, store, with_tombstone};
use gonogo::journal::export::json;
use gonogo::journal::minutes::{escape, minutes};
use serde_json::{Value, json};

fn of(drafts: &[gonogo::journal::Draft]) -> String {
    let world = World::default();
    store(&world).0.append(&stamp(0), drafts).unwrap();
    minutes(&Bytes(vec![world.bytes("seg-000001.jsonl")])).unwrap()
}

#[test]
fn the_minutes_of_a_morning() {
    let bytes = journal();
    let head = String::from_utf8(bytes.clone())
        .unwrap()
        .lines()
        .last()
        .map(|l| super::sample::stated(l)[..16].to_owned());
    let text = minutes(&Bytes(vec![bytes.clone()])).unwrap();
    assert_eq!(text, minutes(&Bytes(vec![bytes])).unwrap());
    let text = text.replace(&head.unwrap(), "HEAD").replace("#\u{2060}", "(#)");
    insta::assert_snapshot!(text, @r"
    # v1.18.0 - release minutes

    Repository github.com/octo/widget, journal w-7f3a9c, entries 1-15, head `HEAD`

    | # | UTC | who | what | why / result |
    |--|--|--|--|--|
    | 1 | 2026-11-21 09:00:00 | alice | journal opened |  |
    | 2 | 2026-11-21 09:00:30 | alice | session started |  |
    | 3 | 2026-11-21 09:01:00 | alice | tick: soak.48h = done | flat |
    | 5 | 2026-11-21 09:01:31 | alice | move octo/widget(#)1719 -> v1.19.0 | only hits the experimental scheduler **ok** |
    | 6 | 2026-11-21 09:02:01 | alice | decide on: 9fceb02d = rejected | touches the on-disk format |
    | 8 | 2026-11-21 09:06:31 | alice | session started (resumed after a crash) |  |
    | 9 | 2026-11-21 09:06:33 | alice | create refs/tags/v1.18.0-rc.2 -> c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c | **ok** (found by looking, after a crash) |
    | 10 | 2026-11-21 09:07:00 | alice | note: a password, by mistake |  |
    | 11 | 2026-11-21 09:07:33 | alice | sign-off: qa = go | matrix green, 2 flakes waived |
    | 13 | 2026-11-21 09:07:38 | alice | publish v1.18.0 -> github-release | **refused** gate: a sign-off is missing |
    | 14 | 2026-11-21 09:08:38 | alice | decision: go/no-go = no-go | waiting for sign-off |
    | 15 | 2026-11-21 09:08:43 | alice | journal sealed | end of session |

    ## Metrics

    - wall time 8.7 min; sessions 2; actions with remote effect 3; median intent-to-outcome 1.0 s
    - resolved by looking after a crash 1; refused 1; still in doubt 0; expunged 0; observations not listed 0
    ");
}

#[test]
fn a_removed_entry_and_an_unfinished_one_are_told() {
    let text = minutes(&Bytes(vec![with_tombstone(true)])).unwrap();
    assert!(text.contains("note: ‹removed›"), "{text}");
    let text =
        of(&[opening(), paired("publish.intent", "01KAHQD9ZZ", &json!({"target": "v1", "to": "all"}))]);
    assert!(
        text.contains("| 2 | 2026-11-21 09:00:00 | alice | publish v1 -> all |  **in doubt** |"),
        "{text}"
    );
}

#[test]
fn damage_is_said_at_the_top() {
    let mut bytes = journal();
    bytes.truncate(bytes.len() - 9);
    let text = minutes(&Bytes(vec![bytes])).unwrap();
    assert!(text.contains("**The journal is not whole: torn after entry 14"), "{text}");
}

#[test]
fn text_from_outside_does_nothing_in_markdown() {
    let evil =
        "<img src=x onerror=alert(1)> | [a](javascript:b) @octo/team #12 `x` **b** ~~c~~ \u{202e}txt\n# head";
    let text = of(&[opening(), draft("note", &json!({"what": evil, "why": evil}))]);
    let row = text.lines().find(|line| line.starts_with("| 2 |")).unwrap();
    assert!(!row.contains('<') && !row.contains('\u{202e}'), "{row}");
    assert!(row.contains("@\u{2060}octo/team #\u{2060}12"), "{row}");
    assert_eq!(row.replace("\\|", "").matches('|').count(), 6, "{row}");
    for markup in ["`", "**", "~~", "[a]"] {
        assert!(
            !row.replace("\\`", "")
                .replace("\\*", "")
                .replace("\\~", "")
                .replace("\\[a\\]", "")
                .contains(markup)
        );
    }
    assert_eq!(escape("plain text, v1.2.0-rc.1 = done"), "plain text, v1.2.0-rc.1 = done");
}

#[test]
fn the_json_holds_every_line_as_it_stands() {
    let bytes = journal();
    let mut out = Vec::new();
    json(&Bytes(vec![bytes.clone()]), &mut out).unwrap();
    let document: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(document["verdict"], "clean");
    assert_eq!(document["head"]["seq"], 15);
    let entries = document["entries"].as_array().unwrap();
    let lines: Vec<Value> =
        String::from_utf8(bytes).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(entries, &lines);
}

/// Every number of the minutes is computed a second time, from the JSON.
#[test]
fn the_metrics_can_be_recomputed() {
    let bytes = journal();
    let text = minutes(&Bytes(vec![bytes.clone()])).unwrap();
    let mut out = Vec::new();
    json(&Bytes(vec![bytes]), &mut out).unwrap();
    let document: Value = serde_json::from_slice(&out).unwrap();
    let entries = document["entries"].as_array().unwrap();
    let count = |test: &dyn Fn(&Value) -> bool| entries.iter().filter(|entry| test(entry)).count();
    let kind = |entry: &Value| entry["kind"].as_str().unwrap().to_owned();
    let sessions = count(&|e| kind(e) == "session.start");
    let remote = count(&|e| kind(e).ends_with(".intent"));
    let probed = count(&|e| e["body"]["by"] == "probe");
    let refused = count(&|e| e["body"]["status"] == "refused");
    assert!(text.contains(&format!("sessions {sessions}; actions with remote effect {remote};")), "{text}");
    assert!(
        text.contains(&format!("after a crash {probed}; refused {refused}; still in doubt 0;")),
        "{text}"
    );
    for outcome in entries.iter().filter(|e| kind(e).ends_with(".outcome")) {
        let row = format!("| {} |", outcome["seq"]);
        let status = format!("**{}**", outcome["body"]["status"].as_str().unwrap());
        assert!(text.lines().any(|line| line.starts_with(&row) && line.contains(&status)), "{row}");
    }
}
