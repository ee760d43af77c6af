//! `gonogo metrics`: release over release, from journals on disk alone.

use super::bench::Bench;
use crate::release::ground::{Book, PROFILE};
use crate::release::metrics::book;
use gonogo::engine::entries::draft;
use gonogo::journal::line::hex;
use gonogo::journal::place::Clone;
use gonogo::journal::{Blobs, Place, Stamp, Store};
use gonogo::release::fact::{Fact, Session};
use gonogo::release::ids::{Login, ReleaseName};
use gonogo::release::metrics::COLUMNS;
use gonogo::release::roles::RoleAssigned;
use gonogo::release::{Entry, Note};
use serde_json::Value;
use std::path::PathBuf;

fn name(text: &str) -> ReleaseName {
    ReleaseName::parse(text).unwrap()
}

/// Puts entries on disk as the journal of a release of the bench's clone; gives its first segment.
fn keep(bench: &Bench, release: &str, entries: &[Entry]) -> PathBuf {
    let place = Place::at(&bench.path("state/gonogo")).unwrap();
    let git_dir = bench.path("repo/.git").canonicalize().unwrap();
    let clone = Clone {
        repo: "github.com/pier/crane-00000000".to_owned(),
        writer: "w-7f3a9c".to_owned(),
        release: Some(name(release)),
        remote: None,
    };
    place.remember_clone(&git_dir, &clone).unwrap();
    let dir = place.journal(&clone.repo, &name(release), &clone.writer).unwrap();
    let hash = Blobs::of(&dir).unwrap().put(PROFILE.as_bytes()).unwrap();
    let path = dir.path().join("seg-000001.jsonl");
    let mut store = Store::open(dir, &[], &mut |_, _| {}).unwrap();
    for entry in entries {
        let mut fact = entry.fact.clone();
        if let Fact::Session(Session::Opened(it)) = &mut fact {
            it.process = format!("sha256:{}", hex(&hash)).into();
            it.release = name(release);
        }
        let stamp = Stamp {
            ts: entry.ts,
            mono: entry.mono,
            ses: "01KAHQ8Z7V".to_owned(),
            by: Login::parse(&entry.by).unwrap(),
        };
        store.append(&stamp, &[draft(&Note { op: entry.op.clone(), fact })]).unwrap();
    }
    path
}

/// A clone with the journals of three releases: one that is known in full, one that is under way, and one that nobody
/// has looked at.
fn bench() -> Bench {
    let bench = Bench::new();
    keep(&bench, "v1.2.0", &book().entries);
    let mut young = Book::read();
    let login = Login::parse("dee").unwrap();
    for role in ["=1+1,\"x\"", "品質保証\u{1b}[2J"] {
        young.tell(RoleAssigned { role: role.into(), login: login.clone(), on: true, since: None });
    }
    keep(&bench, "v1.3.0", &young.entries);
    keep(&bench, "v1.4.0", &Book::new().entries);
    bench
}

fn json(bench: &Bench, args: &[&str]) -> Value {
    let ran = bench.run(&[&["metrics", "--json"], args].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn json_has_an_object_a_release_with_every_key_and_null_for_what_is_unknown() {
    let bench = bench();
    let said = json(&bench, &[]);
    let rows = said["releases"].as_array().unwrap();
    let names: Vec<_> = rows.iter().map(|row| row["release"].as_str().unwrap()).collect();
    assert_eq!(names, ["v1.2.0", "v1.3.0", "v1.4.0"]);
    for row in rows {
        for column in COLUMNS {
            assert!(row.get(column.key).is_some(), "{} has no {}", row["release"], column.key);
        }
        assert_eq!(row.as_object().unwrap().len(), COLUMNS.len() + 1);
    }
    let whole = &rows[0];
    for (key, wanted) in [
        ("final_tag", Value::from("v1.2.0")),
        ("planned_first_date", "2026-05-08".into()),
        ("actual_date", "2026-05-11".into()),
        ("slip_days", 3.into()),
        ("candidates", 2.into()),
        ("pick_lead_hours_median", 10.0.into()),
        ("decision_hours_median", 1.0.into()),
        ("ci_reruns", 2.into()),
        ("meeting_minutes", 25.into()),
        ("people_per_role", serde_json::json!({"lead": 1, "qa": 1})),
    ] {
        assert_eq!(whole[key], wanted, "{key}");
    }
    for key in ["slip_days", "candidates", "picks_landed", "decision_hours_median", "issues_rolled_out"] {
        assert_eq!(rows[2][key], Value::Null, "{key}");
    }
    assert_eq!(said["unread"], serde_json::json!([]));
    assert_eq!(bench.run(&["metrics", "--json"]).out, bench.run(&["metrics", "--json"]).out);
}

#[test]
fn csv_has_a_row_a_release_and_no_field_that_a_spreadsheet_would_reckon() {
    let ran = bench().run(&["metrics", "--csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let rows: Vec<_> = ran.out.split_terminator("\r\n").collect();
    assert_eq!((rows.len(), ran.out.ends_with("\r\n")), (4, true), "{}", ran.out);
    assert!(!ran.out.replace("\r\n", "").contains(['\r', '\n']));
    let keys: Vec<_> = rows[0].split(',').collect();
    let wanted: Vec<_> = ["release"].into_iter().chain(COLUMNS.iter().map(|column| column.key)).collect();
    assert_eq!(keys, wanted);
    let whole: Vec<_> = rows[1].split(',').collect();
    let field = |key: &str| whole[keys.iter().position(|it| *it == key).unwrap()];
    assert_eq!((field("release"), field("slip_days"), field("pick_lead_hours_p90")), ("v1.2.0", "3", "20"));
    assert_eq!(field("people_per_role"), "lead=1; qa=1");
    assert!(rows[2].contains(",\"'=1+1,\"\"x\"\"=1; 品質保証"), "{}", rows[2]);
    // Nothing stands where nothing is known.
    assert!(rows[3].starts_with("v1.4.0,,,,,,,,"), "{}", rows[3]);
}

#[test]
fn the_table_is_aligned_and_shows_a_trend_where_there_is_a_history() {
    let bench = bench();
    let ran = bench.run(&["metrics"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    ran.is_clean();
    let table: Vec<_> = ran.out.lines().take_while(|line| !line.is_empty()).collect();
    // By the cells that a terminal gives, of which a wide character takes two.
    let cells = gonogo::view::parts::width(table[0]);
    assert!(table.iter().all(|line| gonogo::view::parts::width(line) == cells), "{}", ran.out);
    assert!(ran.out.contains("\npeople per role: 品質保証"), "{}", ran.out);
    let cells = |head: &str| -> Vec<&str> {
        let line = table.iter().find(|line| line.starts_with(head)).expect(head);
        line[head.len()..].split_whitespace().collect()
    };
    assert_eq!(cells("     "), ["trend", "v1.2.0", "v1.3.0", "v1.4.0"]);
    assert_eq!(cells("slip, days"), ["3", "–", "–"], "one value is no history");
    assert_eq!(cells("candidates"), ["█▁·", "2", "0", "–"]);
    assert_eq!(cells("refused asks"), ["█▁▁", "2", "0", "0"]);
    assert_eq!(cells("lead time, median"), ["10.0", "h", "–", "–"]);
    assert_eq!(cells("people per role: lead"), ["1", "–", "–"]);
}

#[test]
fn since_leaves_out_what_was_over_before() {
    let bench = bench();
    let names = |since: &str| {
        let said = json(&bench, &["--since", since]);
        assert_eq!(said["since"], since);
        said["releases"].as_array().unwrap().iter().map(|row| row["release"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("2026-05-04").len(), 3);
    assert_eq!(names("2026-05-11"), ["\"v1.2.0\""]);
    assert_eq!(names("2026-05-12"), [""; 0]);
    let ran = bench.run(&["metrics", "--since", "2026-05-12"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "no release since then\n"));
    for args in [&["metrics", "--since", "soon"][..], &["metrics", "--since", "2026-13-01"]] {
        assert_eq!(bench.run(args).code, 2, "{args:?}");
    }
    assert_eq!(bench.run(&["metrics", "--json", "--csv"]).code, 2);
}

#[test]
fn a_damaged_journal_is_named_and_left_out_and_none_at_all_is_an_error() {
    let bench = Bench::new();
    let ran = bench.run(&["metrics"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.starts_with("this repository has no journal yet"), "{}", ran.err);
    assert!(!bench.path("state/gonogo").exists(), "looking makes nothing");
    let good = keep(&bench, "v1.2.0", &book().entries);
    let bad = keep(&bench, "v1.1.0", &Book::read().entries);
    let text = std::fs::read_to_string(&bad).unwrap();
    std::fs::write(&bad, text.replacen("1.2.0", "1.2.9", 1)).unwrap();
    let ran = bench.run(&["metrics", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.starts_with("v1.1.0 is left out: "), "{}", ran.err);
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(said["releases"].as_array().unwrap().len(), 1);
    assert_eq!(said["releases"][0]["release"], "v1.2.0");
    assert_eq!(said["unread"][0]["release"], "v1.1.0");
    // A torn end is what a crash leaves: the rest is read, and that is said.
    let before = json(&bench, &[])["releases"][0].clone();
    let mut text = std::fs::read_to_string(&good).unwrap();
    text.push_str("{\"v\":1,\"seq\":");
    std::fs::write(&good, &text).unwrap();
    let ran = bench.run(&["metrics", "--json"]);
    assert!(ran.code == 0 && ran.err.contains("\nv1.2.0: "), "{ran:?}");
    assert_eq!(serde_json::from_str::<Value>(&ran.out).unwrap()["releases"][0], before);
    assert_eq!(std::fs::read_to_string(&good).unwrap(), text, "nothing is mended on the way");
    std::fs::write(&good, "no journal\n").unwrap();
    let ran = bench.run(&["metrics", "--csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{ran:?}");
    assert_eq!(ran.err.matches(" is left out: ").count(), 2, "{}", ran.err);
}

#[test]
fn help_says_of_each_value_from_which_kinds_it_is_computed() {
    let help = Bench::new().run(&["metrics", "--help"]).out;
    for column in COLUMNS {
        assert!(help.contains(&format!("  {}: ", column.key)), "{}", column.key);
    }
    assert!(help.contains("gate.override") && help.contains("Exit codes: 0 done"), "{help}");
}
