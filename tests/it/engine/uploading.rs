//! The files of a candidate go up between its draft and its publication: shown before with size and digest, each once,
//! whatever is killed or changed meanwhile.

use super::backport::{counts, text};
use super::cutting::{TAG, done, releases_of, type_tag};
use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use rustix::process::Signal;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::path::Path;

const WHEEL: &str = "widget-4.6.2-rc.2-py3-none-any.whl";
const SUMS: &str = "SHA256SUMS";
const STEPS: [&str; 5] = ["tag.create", "tag.push", "release.draft", "release.upload", "release.publish"];

fn hex(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A process that names files, the files, and the directory that the user says they lie below.
fn build(dir: &Path) {
    let built = dir.join("built/dist");
    std::fs::create_dir_all(&built).unwrap();
    std::fs::write(built.join(WHEEL), "a wheel").unwrap();
    std::fs::write(built.join("widget-4.6.1-py3-none-any.whl"), "an old wheel").unwrap();
    std::fs::write(built.join(SUMS), format!("{}  {WHEEL}\n", hex("a wheel"))).unwrap();
    let config = dir.join("config/gonogo");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("config.toml"), format!("assets_dir = {:?}\n", dir.join("built"))).unwrap();
    let own = "[process]\npreset = \"kubesphere\"\n[process.cut]\n\
               assets = [\"dist/widget-{version}-*.whl\", \"dist/SHA256SUMS\"]\n";
    std::fs::write(dir.join("own.toml"), own).unwrap();
}

fn open(dir: &Path) -> Term {
    let own = dir.join("own.toml");
    let words = ["demo", "--process", own.to_str().unwrap(), "--dir", dir.to_str().unwrap()];
    let mut term = Term::start(gonogo(&words, dir));
    term.see("v4.6.2");
    term.see("api ");
    term
}

/// The only release of the candidate is published with both files, each once.
fn is_published_once(dir: &Path) {
    let found = releases_of(dir, TAG);
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!(one["draft"], false, "{one}");
    let mut files: Vec<(&str, &str)> = one["assets"].as_array().unwrap().iter().map(told).collect();
    files.sort_unstable();
    let sums = hex(&format!("{}  {WHEEL}\n", hex("a wheel")));
    let wanted = [(SUMS, &*format!("sha256:{sums}")), (WHEEL, &*format!("sha256:{}", hex("a wheel")))];
    assert_eq!(files, wanted);
    printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
}

fn told(asset: &Value) -> (&str, &str) {
    (asset["name"].as_str().unwrap(), asset["digest"].as_str().unwrap())
}

#[test]
fn the_plan_shows_each_file_with_its_digest_and_uploads_it_before_it_publishes() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    let mut term = open(dir.path());
    type_tag(&mut term);
    for _ in 0..2 {
        term.press("\x1b[Z");
        term.settle();
    }
    term.see("[4 Notes]");
    term.see(&format!("7 bytes, sha256:{}", hex("a wheel")));
    term.see(WHEEL);
    assert!(!term.screen().contains("widget-4.6.1"), "{}", term.screen());
    term.press("6");
    term.see("enter goes");
    term.press(ENTER);
    term.meanwhile("the last step", || done(dir.path(), "release.publish"));
    term.see("✓ Prerelease  published");
    assert!(term.leave().success());
    is_published_once(dir.path());
    assert_eq!(counts(dir.path(), "release.upload"), [2, 2]);
    let lines = text(dir.path());
    let place = |kind: &str| lines.rfind(&format!("\"kind\":\"{kind}\"")).unwrap();
    assert!(place("release.upload.outcome") < place("release.publish.intent"), "published last");
    assert!(lines.contains(&hex("a wheel")), "the digest is on record");
}

#[test]
fn a_file_that_is_missing_or_changed_stops_with_its_name_and_nothing_is_published() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    let wheel = dir.path().join("built/dist").join(WHEEL);
    let mut term = open(dir.path());
    type_tag(&mut term);
    // It goes after the plan was shown.
    std::fs::rename(&wheel, dir.path().join("away")).unwrap();
    term.press(ENTER);
    term.meanwhile("the stop", || counts(dir.path(), "release.upload")[1] == 1);
    assert!(text(dir.path()).contains("it is not there any more; nothing was sent"), "{}", text(dir.path()));
    // It is back, as another: the plan that was shown is over.
    std::fs::write(&wheel, "another").unwrap();
    term.press("gu");
    term.see("Unfinished");
    term.press("go on with");
    term.press(ENTER);
    term.meanwhile("the stop", || counts(dir.path(), "release.upload")[1] == 2);
    assert!(text(dir.path()).contains("changed since the plan was shown"), "{}", text(dir.path()));
    assert_eq!(counts(dir.path(), "release.publish"), [0, 0]);
    let found = releases_of(dir.path(), TAG);
    assert_eq!((found.len(), &found[0]["draft"], &found[0]["assets"]), (1, &json!(true), &json!([])));
    // A new plan shows it as it is now, and goes.
    term.press("r");
    term.meanwhile("the look", || text(dir.path()).contains(&hex("another")));
    term.see("drafted; P publishes it");
    term.press("P");
    term.see(&format!("Publish {TAG}"));
    term.see(&hex("another")[..12]);
    term.press(TAG);
    term.see("enter goes");
    term.press(ENTER);
    term.meanwhile("the publication", || done(dir.path(), "release.publish"));
    assert!(term.leave().success());
    assert_eq!(releases_of(dir.path(), TAG)[0]["assets"].as_array().unwrap().len(), 2);
}

#[test]
fn without_its_files_a_candidate_is_not_cut() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    std::fs::remove_file(dir.path().join("built/dist").join(WHEEL)).unwrap();
    let mut term = open(dir.path());
    term.press("7");
    term.see("[7 RC");
    term.see("dist/widget-4.6.2-rc.2-*.whl (cannot");
    term.press("C");
    term.see("Files is NO-GO: there is no file");
    assert_eq!(counts(dir.path(), "tag.create"), [0, 0]);
    assert!(term.leave().success());
}

/// Says go until it is published, deciding what only a person may.
fn go_on(dir: &Path, replaces: bool) {
    let mut term = open(dir);
    let settled = || STEPS.iter().all(|kind| counts(dir, kind)[0] <= counts(dir, kind)[1]);
    for _ in 0..8 {
        // What is said of a doubt passes, and may do so while the rest is still being read.
        let said = |term: &Term| String::from_utf8_lossy(&term.raw).contains("still in doubt");
        for _ in 0..300 {
            if settled() || said(&term) {
                break;
            }
            term.settle();
        }
        if done(dir, "release.publish") {
            break;
        }
        let ended = STEPS.map(|kind| counts(dir, kind)[1]);
        let replace = if replaces { "replace what came in part" } else { "go on with" };
        term.unfinished(&["it did not happen", replace, "go on with"]);
        term.meanwhile("a step", || STEPS.map(|kind| counts(dir, kind)[1]) != ended);
    }
    assert!(done(dir, "release.publish"), "{}", text(dir));
    assert!(term.leave().success());
}

#[test]
fn killed_while_it_uploads_each_file_is_there_once() {
    for end in ["intent", "outcome"] {
        let dir = tempfile::tempdir().unwrap();
        build(dir.path());
        let mut term = open(dir.path());
        type_tag(&mut term);
        term.press(ENTER);
        let step = format!("\"kind\":\"release.upload.{end}\"");
        term.meanwhile(&step, || text(dir.path()).contains(&step));
        term.signal(Signal::KILL);
        term.end();
        go_on(dir.path(), false);
        is_published_once(dir.path());
    }
}

#[test]
fn a_file_that_came_in_part_is_replaced_by_a_persons_word() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    let wheel = dir.path().join("built/dist").join(WHEEL);
    let mut term = open(dir.path());
    type_tag(&mut term);
    std::fs::rename(&wheel, dir.path().join("away")).unwrap();
    term.press(ENTER);
    term.meanwhile("the stop", || counts(dir.path(), "release.upload")[1] == 1);
    assert!(term.leave().success());
    std::fs::rename(dir.path().join("away"), &wheel).unwrap();
    // What a broken upload leaves behind, as the forge keeps it.
    let path = dir.path().join("forge.json");
    let mut forge: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let all = forge["repositories"][0]["releases"].as_array_mut().unwrap();
    let release = all.iter_mut().find(|it| it["tag"] == TAG).unwrap();
    let starter = json!({
        "id": 4_040_404, "name": WHEEL, "label": null, "kind": "application/octet-stream", "size": 0,
        "digest": null, "whole": false, "uploader": "ana-weber", "at": release["created"],
    });
    release["assets"].as_array_mut().unwrap().push(starter);
    std::fs::write(&path, forge.to_string()).unwrap();
    go_on(dir.path(), true);
    is_published_once(dir.path());
    let lines = text(dir.path());
    assert!(lines.contains("is there in part") && lines.contains("\"replaces\":4040404"), "{lines}");
}
