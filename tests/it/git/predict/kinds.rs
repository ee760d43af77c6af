//! Each kind of conflict and of change: what is told is what a real pick leaves.

use super::super::yard::{Yard, put_script};
use super::{agree, picks};
use gonogo::release::ids::Oid;
use gonogo::release::predict::{ConflictKind, FileHow, Prediction};
use std::os::unix::ffi::OsStrExt as _;

fn text(words: &str) -> String {
    (1..=12).map(|n| format!("{words} {n}\n")).collect()
}

/// Runs git for each line of words in the repository, and commits all that changed.
fn step(yard: &Yard, message: &str, work: impl FnOnce(&std::path::Path)) -> Oid {
    work(&yard.path());
    yard.git(&["add", "-A"]);
    yard.git(&["commit", "-q", "-m", message]);
    yard.tick();
    yard.head()
}

/// A common start, a change on the branch `release`, and one on main, which is the pick.
fn parted(
    start: impl FnOnce(&std::path::Path),
    ours: impl FnOnce(&std::path::Path),
    theirs: impl FnOnce(&std::path::Path),
) -> (Yard, Oid) {
    let yard = Yard::new();
    step(&yard, "Start", |dir| {
        std::fs::write(dir.join("keep"), "keep\n").unwrap();
        start(dir);
    });
    yard.git(&["checkout", "-q", "-b", "release"]);
    step(&yard, "Ours", |dir| {
        std::fs::write(dir.join("ours-only"), "ours\n").unwrap();
        ours(dir);
    });
    yard.git(&["checkout", "-q", "main"]);
    let pick = step(&yard, "Theirs", theirs);
    (yard, pick)
}

fn put(name: &str, text: impl AsRef<[u8]>) -> impl FnOnce(&std::path::Path) {
    let (name, text) = (name.to_owned(), text.as_ref().to_owned());
    move |dir| {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

fn rename(from: &str, to: &str) -> impl FnOnce(&std::path::Path) {
    let (from, to) = (from.to_owned(), to.to_owned());
    move |dir| {
        std::fs::create_dir_all(dir.join(&to).parent().unwrap()).unwrap();
        std::fs::rename(dir.join(from), dir.join(to)).unwrap();
    }
}

fn remove(name: &str) -> impl FnOnce(&std::path::Path) {
    let name = name.to_owned();
    move |dir| std::fs::remove_file(dir.join(name)).unwrap()
}

fn kinds(yard: &Yard, pick: Oid) -> Vec<(String, ConflictKind)> {
    let all = agree(yard, "release", &picks(&[pick]));
    let conflict = all[0].verdict.conflict().unwrap_or_else(|| panic!("{:?}", all[0]));
    conflict.files.iter().map(|file| (file.path.raw().to_owned(), file.kind)).collect()
}

fn clean(yard: &Yard, pick: Oid) -> Vec<(String, FileHow)> {
    let all: Vec<Prediction> = agree(yard, "release", &picks(&[pick]));
    let applied = all[0].verdict.applied().unwrap_or_else(|| panic!("{:?}", all[0]));
    applied.files.iter().map(|file| (file.path.raw().to_owned(), file.how)).collect()
}

#[test]
fn changed_here_and_deleted_there() {
    let (yard, pick) = parted(put("f", text("a")), remove("f"), put("f", text("a") + "more\n"));
    assert_eq!(kinds(&yard, pick), [("f".to_owned(), ConflictKind::ModifyDelete)]);
    let (yard, pick) = parted(put("f", text("a")), put("f", text("a") + "more\n"), remove("f"));
    assert_eq!(kinds(&yard, pick), [("f".to_owned(), ConflictKind::ModifyDelete)]);
}

#[test]
fn renamed_here_and_changed_there_is_clean() {
    let (yard, pick) = parted(put("f", text("a")), rename("f", "dir/g"), put("f", text("a") + "more\n"));
    assert_eq!(clean(&yard, pick), [("dir/g".to_owned(), FileHow::Modified)]);
    let (yard, pick) = parted(put("f", text("a")), put("f", text("a") + "more\n"), rename("f", "g"));
    assert_eq!(clean(&yard, pick), [("f".to_owned(), FileHow::Deleted), ("g".to_owned(), FileHow::Added)]);
}

#[test]
fn renamed_to_two_names() {
    let (yard, pick) = parted(put("f", text("a")), rename("f", "g"), rename("f", "h"));
    assert!(kinds(&yard, pick).iter().all(|(_, kind)| *kind == ConflictKind::RenameRename));
}

#[test]
fn two_files_renamed_to_one_name() {
    let start = |dir: &std::path::Path| {
        put("one", text("one"))(dir);
        put("two", text("two"))(dir);
    };
    let (yard, pick) = parted(start, rename("one", "both"), rename("two", "both"));
    // To git that is one file added on both sides.
    assert_eq!(kinds(&yard, pick), [("both".to_owned(), ConflictKind::AddAdd)]);
}

#[test]
fn renamed_here_and_deleted_there() {
    let (yard, pick) = parted(put("f", text("a")), rename("f", "g"), remove("f"));
    assert_eq!(kinds(&yard, pick), [("g".to_owned(), ConflictKind::RenameDelete)]);
}

#[test]
fn a_directory_renamed_here_and_a_file_added_to_it_there() {
    let (yard, pick) = parted(
        |dir| (0..4).for_each(|n| put(&format!("old/f{n}"), text(&format!("{n}")))(dir)),
        |dir| std::fs::rename(dir.join("old"), dir.join("new")).unwrap(),
        put("old/extra", text("extra")),
    );
    assert_eq!(kinds(&yard, pick), [("new/extra".to_owned(), ConflictKind::DirectoryRename)]);
    yard.git(&["config", "merge.directoryRenames", "true"]);
    assert_eq!(clean(&yard, pick), [("new/extra".to_owned(), FileHow::Added)]);
    yard.git(&["config", "merge.directoryRenames", "false"]);
    assert_eq!(clean(&yard, pick), [("old/extra".to_owned(), FileHow::Added)]);
}

#[test]
fn added_on_both_sides() {
    let (yard, pick) = parted(|_| (), put("new", "ours\n"), put("new", "theirs\n"));
    assert_eq!(kinds(&yard, pick), [("new".to_owned(), ConflictKind::AddAdd)]);
    let (yard, pick) = parted(|_| (), put("new", "same\n"), put("new", "same\n"));
    assert_eq!(agree(&yard, "release", &picks(&[pick]))[0].verdict.word(), "empty");
}

#[test]
fn no_lines_to_merge() {
    let bytes = |n: u8| vec![0, n, 255, n, 0, 10, n];
    let (yard, pick) = parted(put("f.bin", bytes(1)), put("f.bin", bytes(2)), put("f.bin", bytes(3)));
    assert_eq!(kinds(&yard, pick), [("f.bin".to_owned(), ConflictKind::Binary)]);
    let (yard, pick) = parted(put("f.bin", bytes(1)), |_| (), put("f.bin", bytes(3)));
    assert_eq!(clean(&yard, pick), [("f.bin".to_owned(), FileHow::Modified)]);
}

#[test]
fn a_file_and_a_directory_of_one_name() {
    let (yard, pick) = parted(|_| (), put("thing", "file\n"), put("thing/inside", "inside\n"));
    assert_eq!(kinds(&yard, pick), [("thing~HEAD".to_owned(), ConflictKind::FileDirectory)]);
    let (yard, pick) = parted(|_| (), put("thing/inside", "inside\n"), put("thing", "file\n"));
    yard.git(&["checkout", "-q", "--detach", &pick.to_string()]);
    yard.git(&["commit", "-q", "--amend", "-m", "A file/thing: in the way"]);
    let pick = yard.head();
    let name = format!("thing~{} (A file_thing: in the way)", pick.short());
    assert_eq!(kinds(&yard, pick), [(name, ConflictKind::FileDirectory)]);
    let said = agree(&yard, "release", &picks(&[pick]))[0].verdict.conflict().unwrap().files[0].said.clone();
    assert!(said[0].raw().contains(&format!("from {} (A file/thing: in the way)", pick.short())), "{said:?}");
}

#[test]
fn a_link_and_a_file_of_one_name() {
    let link = |to: &'static str| {
        move |dir: &std::path::Path| std::os::unix::fs::symlink(to, dir.join("thing")).unwrap()
    };
    let (yard, pick) = parted(|_| (), put("thing", "file\n"), link("keep"));
    let found = kinds(&yard, pick);
    assert!(found.iter().any(|(_, kind)| *kind == ConflictKind::Mode), "{found:?}");
    let (yard, pick) = parted(|_| (), link("ours-only"), link("keep"));
    assert_eq!(kinds(&yard, pick).len(), 1);
    let (yard, pick) = parted(
        put("thing", "file\n"),
        |_| (),
        |dir| {
            remove("thing")(dir);
            link("keep")(dir);
        },
    );
    assert_eq!(clean(&yard, pick), [("thing".to_owned(), FileHow::TypeChanged)]);
}

#[test]
fn the_executable_bit_is_merged_too() {
    let (yard, pick) = parted(put("run", text("a")), put("run", text("a") + "more\n"), |dir| {
        put_script(&dir.join("run"), "true");
        put("run", text("a"))(dir);
    });
    assert_eq!(clean(&yard, pick), [("run".to_owned(), FileHow::Modified)]);
}

#[test]
fn three_hundred_files_conflict_and_all_are_named() {
    let all = |words: &'static str| {
        move |dir: &std::path::Path| {
            (0..300).for_each(|n| put(&format!("d{}/f{n}", n % 7), format!("{words} {n}\n"))(dir))
        }
    };
    let (yard, pick) = parted(all("start"), all("ours"), all("theirs"));
    assert_eq!(kinds(&yard, pick).len(), 300);
}

#[test]
fn line_endings_conflict_where_git_says_so() {
    let crlf = |text: String| text.replace('\n', "\r\n");
    let (yard, pick) =
        parted(put("f", text("a")), put("f", crlf(text("a"))), put("f", text("a").replace("a 7", "seven")));
    assert_eq!(kinds(&yard, pick), [("f".to_owned(), ConflictKind::Content)]);
    // The line normalises its ends, the pick is of before that: renormalised, one line differs.
    let (yard, pick) = parted(
        put("f", crlf(text("a"))),
        |dir| {
            put("f", text("a"))(dir);
            put(".gitattributes", "f text\n")(dir);
        },
        put("f", crlf(text("a").replace("a 7", "seven"))),
    );
    assert_eq!(kinds(&yard, pick), [("f".to_owned(), ConflictKind::Content)]);
    yard.git(&["config", "merge.renormalize", "true"]);
    assert_eq!(clean(&yard, pick), [("f".to_owned(), FileHow::Modified)]);
}

#[test]
fn paths_of_any_bytes() {
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9 \"q\"\ttab");
    let (yard, pick) = parted(
        |_| (),
        |_| (),
        |dir| {
            std::fs::write(dir.join(odd), "text\n").unwrap();
            std::fs::write(dir.join("new\nline"), "text\n").unwrap();
            std::fs::write(dir.join(":colon 'q' ü"), "text\n").unwrap();
        },
    );
    assert_eq!(clean(&yard, pick).len(), 3);
    let (yard, pick) = parted(|_| (), put("new\nline", "ours\n"), put("new\nline", "theirs\n"));
    assert_eq!(kinds(&yard, pick), [("new\nline".to_owned(), ConflictKind::AddAdd)]);
}

#[test]
fn a_submodule_moved_on_both_sides_conflicts_also_where_it_is_checked_out() {
    let yard = Yard::new();
    yard.git_in(yard.root(), &["init", "-q", "--initial-branch=main", "sub"]);
    let sub = yard.root().join("sub");
    let mut commits = vec![];
    for n in 0..3 {
        std::fs::write(sub.join("f"), format!("{n}\n")).unwrap();
        yard.git_in(&sub, &["add", "f"]);
        yard.git_in(&sub, &["commit", "-q", "-m", &format!("{n}")]);
        commits.push(yard.git_in(&sub, &["rev-parse", "HEAD"]));
    }
    let set = |oid: &str| {
        yard.git_in(&yard.path().join("sub"), &["checkout", "-q", oid]);
        yard.git(&["add", "sub"]);
        yard.git(&["commit", "-q", "-m", &format!("The submodule at {oid}")]);
        yard.head()
    };
    yard.git(&["submodule", "--quiet", "add", sub.to_str().unwrap(), "sub"]);
    let start = set_if_needed(&yard, &commits[0], &set);
    yard.git(&["branch", "plain", &start.to_string()]);
    yard.git(&["checkout", "-q", "-b", "release"]);
    set(&commits[1]);
    yard.git(&["checkout", "-q", "-f", "main"]);
    yard.git(&["submodule", "--quiet", "update"]);
    let pick = set(&commits[2]);
    // One side is an ancestor of the other, which git can tell where the submodule is; a new worktree has none.
    assert_eq!(kinds(&yard, pick), [("sub".to_owned(), ConflictKind::Submodule)]);
    assert_eq!(agree(&yard, "plain", &picks(&[pick]))[0].verdict.word(), "clean");
}

fn set_if_needed(yard: &Yard, oid: &str, set: &impl Fn(&str) -> Oid) -> Oid {
    yard.git(&["commit", "-q", "-m", "A submodule"]);
    if yard.git(&["rev-parse", "HEAD:sub"]) == oid { yard.head() } else { set(oid) }
}
