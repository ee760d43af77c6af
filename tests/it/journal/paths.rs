//! Attacks on the files (S5) and on the names they are made from (S6).

use gonogo::journal::dir::Dir;
use gonogo::journal::place::{Clone, Place, new_writer, part, repo_id};
use gonogo::journal::{Blobs, JournalError, Store};
use gonogo::release::ids::ReleaseName;
use rustix::fs::{CWD, FileType, Mode};
use std::collections::BTreeSet;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

fn root() -> (tempfile::TempDir, Place) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::at(&dir.path().join("state")).unwrap();
    (dir, place)
}

fn mode(path: &Path) -> u32 {
    std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
}

fn release(name: &str) -> ReleaseName {
    ReleaseName::parse(name).unwrap()
}

fn is_unsafe<T>(result: Result<T, JournalError>) -> bool {
    matches!(result, Err(JournalError::Unsafe { .. }))
}

#[test]
fn every_directory_is_0700_and_every_file_0600() {
    let (dir, place) = root();
    let journal = place.journal("github.com/octo/widget-3b1f6d0c", &release("v1.2.0"), "w-1").unwrap();
    Blobs::of(&journal).unwrap().put(b"a profile").unwrap();
    let mut store = Store::open(journal, &[], &mut |_, _| {}).unwrap();
    store.append(&super::sample::stamp(0), &[super::sample::opening()]).unwrap();
    let clone = Clone { repo: "r".into(), writer: "w".into(), release: None, remote: None };
    place.remember_clone(Path::new("/a/.git"), &clone).unwrap();
    let mut waiting = vec![dir.path().join("state")];
    let mut files = 0;
    while let Some(path) = waiting.pop() {
        let meta = std::fs::symlink_metadata(&path).unwrap();
        assert_eq!(mode(&path), if meta.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        if meta.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            files += 1;
        }
    }
    assert!(files >= 5, "segment, lock, reserve, key, blob, clone: {files}");
}

/// Nothing but a private, regular file with one name is opened in a segment's place.
#[test]
fn files_that_are_not_ours_alone_are_refused() {
    let (outside, place) = root();
    let target = outside.path().join("target");
    std::fs::write(&target, "x").unwrap();
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).unwrap();
    type Plant = fn(&Path, &Path);
    let attacks: [(&str, Plant); 8] = [
        ("symlink", |at, target| symlink(target, at).unwrap()),
        ("symlink to a device", |at, _| symlink("/dev/full", at).unwrap()),
        ("dangling symlink", |at, _| symlink("/nowhere/at/all", at).unwrap()),
        ("hard link", |at, target| std::fs::hard_link(target, at).unwrap()),
        ("fifo", |at, _| {
            rustix::fs::mknodat(CWD, at, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap()
        }),
        ("directory", |at, _| std::fs::create_dir(at).unwrap()),
        ("open to others", |at, _| {
            std::fs::write(at, "x").unwrap();
            std::fs::set_permissions(at, std::fs::Permissions::from_mode(0o644)).unwrap();
        }),
        ("too large", |at, _| {
            let file = std::fs::File::create(at).unwrap();
            file.set_permissions(std::fs::Permissions::from_mode(0o600)).unwrap();
            file.set_len(65 << 20).unwrap();
        }),
    ];
    for name in ["seg-000001.jsonl", "lock"] {
        for (number, (what, plant)) in attacks.iter().enumerate() {
            let journal = place.journal("r", &release(&format!("{name}-{number}")), "w").unwrap();
            plant(&journal.path().join(name), &target);
            assert!(is_unsafe(journal.append(name)), "{what} as {name}");
            assert!(Store::open(journal, &[], &mut |_, _| {}).is_err(), "{what} as {name}");
        }
    }
    assert_eq!(std::fs::read(&target).unwrap(), b"x");
}

#[test]
fn a_linked_or_open_directory_on_the_way_is_refused() {
    let (outside, place) = root();
    let elsewhere = outside.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let state = outside.path().join("state");
    symlink(&elsewhere, state.join("r")).unwrap();
    assert!(is_unsafe(place.journal("r", &release("v1"), "w")));
    place.journal("q", &release("v1"), "w").unwrap();
    std::fs::set_permissions(state.join("q"), std::fs::Permissions::from_mode(0o770)).unwrap();
    assert!(is_unsafe(place.journal("q", &release("v1"), "w")));
    std::fs::write(state.join("p"), "a file").unwrap();
    assert!(is_unsafe(place.journal("p", &release("v1"), "w")));
    std::fs::set_permissions(&elsewhere, std::fs::Permissions::from_mode(0o777)).unwrap();
    assert!(is_unsafe(Dir::root(&elsewhere)));
    symlink(&elsewhere, outside.path().join("link")).unwrap();
    assert!(is_unsafe(Dir::root(&outside.path().join("link"))));
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
}

/// A parent that is exchanged for a link after it was opened changes nothing.
#[test]
fn an_open_directory_cannot_be_moved_away_from_under_us() {
    let (outside, place) = root();
    let journal = place.journal("r", &release("v1"), "w").unwrap();
    let (state, elsewhere) = (outside.path().join("state"), outside.path().join("elsewhere"));
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::rename(state.join("r"), state.join("moved")).unwrap();
    symlink(&elsewhere, state.join("r")).unwrap();
    journal.create("seg-000001.jsonl").unwrap();
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[test]
fn hostile_names_stay_inside_and_apart() {
    let long = "x".repeat(300);
    let longer = format!("{}y", "x".repeat(299));
    let upper = "V".repeat(200);
    let names = [
        "",
        ".",
        "..",
        "...",
        "../x",
        "..\\x",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "a%2Fb",
        "a%2fb",
        "CON",
        "con",
        "Con",
        "con.txt",
        "NUL",
        "nul",
        "aux",
        "COM1",
        "com1",
        "lpt9.log",
        "a\0b",
        "\0",
        "v1.0",
        "V1.0",
        "v1.0 ",
        "v1.0.",
        "-rf",
        "--",
        "~",
        "~root",
        "$HOME",
        "`id`",
        "a\nb",
        "a\u{202e}b",
        "ab",
        "é",
        "e\u{301}",
        "🚀",
        "clones",
        "lock",
        ":",
        "a:b",
        "*",
        "a?",
        &long,
        &longer,
        &upper,
    ];
    let parts: BTreeSet<String> = names.iter().map(|name| part(name).to_ascii_lowercase()).collect();
    assert_eq!(parts.len(), names.len(), "each name has its own part, also where case does not count");
    for part in &parts {
        assert!(part.len() <= 160 && !part.is_empty(), "{part}");
        assert!(part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-%~".contains(&b)), "{part}");
        assert!(!part.starts_with(['.', '-']) && !part.ends_with('.'), "{part}");
        assert!(!["con", "nul", "aux", "prn", "com1"].contains(&part.split('.').next().unwrap()), "{part}");
    }
}

#[test]
fn releases_are_listed_by_their_own_names() {
    let (_outside, place) = root();
    let repo = repo_id("github.com", "octo/widget", "3b1f6d0cffff");
    assert_eq!(repo, "github.com/octo/widget-3b1f6d0c");
    let names = ["2026.11", "V2.0", "release/1.2", "v1.2.0"].map(release);
    for name in &names {
        place.journal(&repo, name, "w-1").unwrap();
    }
    place.journal(&repo, &release("other"), "w-2").unwrap();
    let mut found = place.releases(&repo, "w-1").unwrap();
    found.sort();
    assert_eq!(found, names);
    assert!(place.existing(&repo, &names[0], "w-2").unwrap().is_none());
    assert!(place.existing(&repo, &names[0], "w-1").unwrap().is_some());
}

#[test]
fn a_clone_is_remembered_under_its_git_directory() {
    let (_outside, place) = root();
    let git = Path::new("/home/alice/widget/.git");
    assert_eq!(place.lookup_clone(git).unwrap(), None);
    let mut clone = Clone {
        repo: "github.com/octo/widget-3b1f6d0c".into(),
        writer: new_writer().unwrap(),
        release: Some(release("v1.2.0")),
        remote: Some("https://github.com/octo/widget".into()),
    };
    assert!(clone.writer.starts_with("w-") && clone.writer.len() == 12, "{}", clone.writer);
    place.remember_clone(git, &clone).unwrap();
    clone.release = None;
    place.remember_clone(git, &clone).unwrap();
    assert_eq!(place.lookup_clone(git).unwrap(), Some(clone));
    assert_eq!(place.lookup_clone(Path::new("/home/alice/other/.git")).unwrap(), None);
}

#[test]
fn blobs_are_found_by_what_they_hold() {
    let (_outside, place) = root();
    let journal = place.journal("r", &release("v1"), "w").unwrap();
    let blobs = Blobs::of(&journal).unwrap();
    let plain = blobs.put(b"a profile").unwrap();
    assert_eq!(plain, blobs.put(b"a profile").unwrap());
    assert_eq!(blobs.get(&plain).unwrap().as_deref(), Some(b"a profile".as_slice()));
    let salted = [blobs.put_salted(b"log").unwrap(), blobs.put_salted(b"log").unwrap()];
    assert_ne!(salted[0], salted[1], "a hash must not tell that two texts are equal");
    assert_eq!(blobs.get_salted(&salted[0]).unwrap().as_deref(), Some(b"log".as_slice()));
    let name = gonogo::journal::line::hex(&plain);
    let path = journal.path().join("blobs").join(&name[..2]).join(&name);
    std::fs::write(&path, "another profile").unwrap();
    assert_eq!(blobs.get(&plain).unwrap(), None, "what was changed is not given out");
    assert_eq!(blobs.get(&[9; 32]).unwrap(), None);
}

#[test]
fn a_directory_that_is_open_to_others_says_its_mode_and_what_closes_it() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    std::fs::create_dir(&state).unwrap();
    std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o777)).unwrap();
    let why = Place::at(&state).unwrap_err().to_string();
    let next = format!("chmod 700 {}", state.display());
    assert!(why.contains("0777") && why.contains("0700") && why.ends_with(&next), "{why}");
    std::fs::set_permissions(&state, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert!(Place::at(&state).is_ok());
}
