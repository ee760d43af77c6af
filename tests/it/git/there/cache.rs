//! The patch ids on disk: small, private, and never trusted when damaged.

use super::super::yard::{Yard, run};
use super::{Found, LINE, ground, look_keeping, switch, wants};
use gonogo::git::{Kept, PicksAsk, PicksFound};
use gonogo::release::picks::Grade;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

fn story() -> (Yard, PicksAsk) {
    let yard = ground();
    let oid = yard.commit("fix", "1\n", "Mend the thing (#12)");
    for n in 0..20 {
        yard.commit(&format!("file-{n}"), "1\n", &format!("Change {n}"));
    }
    switch(&yard, LINE);
    yard.commit("fix", "1\n", "Called otherwise");
    let ask = wants(&[(12, oid)]);
    (yard, ask)
}

fn dir(yard: &Yard) -> PathBuf {
    yard.root().join("cache/patches")
}

fn open(yard: &Yard) -> Kept {
    run(Kept::open(Some(&dir(yard)), &yard.at()))
}

fn file(yard: &Yard) -> PathBuf {
    open(yard).patches().file().unwrap().to_owned()
}

fn sees(found: &PicksFound) {
    assert_eq!(found.grade(12), Some((Grade::PatchId, Some(false))), "{:?}", found.notes);
    assert!(found.notes.is_empty(), "{:?}", found.notes);
}

#[test]
fn forty_eight_bytes_a_commit_readable_to_its_owner_alone() {
    let (yard, ask) = story();
    sees(&look_keeping(&yard, &ask, &mut open(&yard)));
    let meta = std::fs::metadata(file(&yard)).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::metadata(dir(&yard)).unwrap().permissions().mode() & 0o777, 0o700);
    let kept = open(&yard);
    assert_eq!(kept.patches().len(), 22, "those that trunk and line do not share");
    assert_eq!(meta.len(), 16 + 22 * 48 + 32);
    assert_eq!(std::fs::read_dir(dir(&yard)).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn only_what_may_be_equal_is_computed() {
    use gonogo::git::there::cache::Patch;
    let (yard, ask) = story();
    let mut kept = open(&yard);
    look_keeping(&yard, &ask, &mut kept);
    let oids = yard.git(&["rev-list", "--no-merges", &format!("main...{LINE}")]);
    let computed = oids
        .lines()
        .filter(|hex| matches!(kept.patches().patch(&super::super::yard::oid(hex)), Some(Patch::Id(_))));
    assert_eq!(computed.count(), 2);
}

#[test]
fn a_damaged_file_is_thrown_away() {
    let (yard, ask) = story();
    look_keeping(&yard, &ask, &mut open(&yard));
    let path = file(&yard);
    let whole = std::fs::read(&path).unwrap();
    let mut cases: Vec<Vec<u8>> =
        vec![vec![], b"x".to_vec(), whole[..whole.len() - 1].to_vec(), [&whole[..], b"x"].concat()];
    for at in [0, 8, 20, 16 + 48, 16 + 48 * 3 + 30, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        cases.push(bytes);
    }
    for bytes in cases {
        std::fs::write(&path, &bytes).unwrap();
        let mut kept = open(&yard);
        assert!(kept.patches().is_empty(), "{} bytes", bytes.len());
        sees(&look_keeping(&yard, &ask, &mut kept));
        assert_eq!(std::fs::read(&path).unwrap(), whole, "and written anew");
    }
}

#[test]
fn a_disk_that_cannot_be_written_costs_time_alone() {
    let (yard, ask) = story();
    std::fs::write(yard.root().join("cache"), "a file where the directory should be").unwrap();
    let found = look_keeping(&yard, &ask, &mut open(&yard));
    assert_eq!(found.on(12, LINE).unwrap().grade, Grade::PatchId);
    assert!(found.notes[0].starts_with("patch ids cannot be kept on disk: "), "{:?}", found.notes);
}

#[test]
fn a_second_look_finds_what_is_new() {
    let (yard, ask) = story();
    let mut kept = open(&yard);
    sees(&look_keeping(&yard, &ask, &mut kept));
    let before = kept.patches().len();
    yard.commit("more", "1\n", "More");
    sees(&look_keeping(&yard, &ask, &mut kept));
    assert_eq!(kept.patches().len(), before + 1);
    sees(&look_keeping(&yard, &ask, &mut open(&yard)));
}

#[test]
fn a_disk_that_takes_its_time_holds_up_nobody_else() {
    use std::os::unix::fs::OpenOptionsExt as _;
    let yard = ground();
    let path = file(&yard);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
    // Whoever reads it waits for a writer, who comes when the loop has gone on.
    let writer = async {
        tokio::task::yield_now().await;
        let mut open = std::fs::OpenOptions::new();
        open.write(true).custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        // Nobody may read it yet: a pipe without a reader is refused.
        while open.open(&path).is_err() {
            tokio::task::yield_now().await;
        }
    };
    let at = yard.at();
    let dir = dir(&yard);
    let (kept, ()) = run(async { tokio::join!(Kept::open(Some(&dir), &at), writer) });
    assert!(kept.patches().is_empty(), "a file that says nothing is thrown away");
}
