//! The disk fills while a queue is applied: it stops with what git said, nothing of the user's is touched, and it goes on
//! where it stood when there is room again.

use super::backport::{answer, counts, open_with, text};
use super::demo::{journal, printed};
use super::landing::{git, pushed, received, watch};
use super::pty::{ENTER, Term};
use crate::git::yard::put_script;
use gonogo::spawn::Program;
use std::path::Path;

/// Accepts two picks of which the second needs the first, and says go to the plan that applies both.
fn begin(term: &mut Term) {
    term.press("5");
    term.see("[5 Picks");
    term.see("To decide");
    term.see("CONFLICT");
    for (words, number) in [("one place for the retry", "247"), ("jitter", "249")] {
        term.press(&format!("/{words}"));
        term.see("1 of ");
        term.press(ENTER);
        term.until("the filter is kept", |screen| !screen.contains("enter keep"));
        term.press("G");
        term.until("the pick alone", |screen| screen.contains(words) && !screen.contains("≡ landed"));
        term.press("a");
        term.see(&format!("accepted #{number}"));
        // Escape and a key in one read would be a key with alt.
        term.press("\x1b");
        term.see("≡ landed");
    }
    term.press("A");
    term.see("Apply 2 picks to ");
    let screen = term.screen();
    let line = screen.split("Apply 2 picks to ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    term.see("git cherry-pick -x");
    term.press(&line);
    term.see("enter goes");
    term.press(ENTER);
}

/// Everything of the user's that must stay as it is.
fn users(clone: &Path) -> Vec<String> {
    let mut all: Vec<_> = [".git/index", ".git/config", ".git/HEAD", ".git/logs/HEAD"]
        .map(|name| format!("{name} {:?}", std::fs::read(clone.join(name)).ok()))
        .into();
    for words in [
        &["for-each-ref", "refs/heads", "refs/tags", "refs/stash"][..],
        &["--no-optional-locks", "status", "--porcelain=v2", "--ignored"],
    ] {
        all.push(git(clone, words));
    }
    all
}

#[test]
fn a_disk_that_fills_in_the_middle_of_a_queue_stops_it_clearly_and_it_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let (origin, clone) = (dir.path().join("origin.git"), dir.path().join("widget"));
    let (bin, room, second) = (dir.path().join("bin"), dir.path().join("room"), dir.path().join("second"));
    std::fs::create_dir(&bin).unwrap();
    let real = Program::find("git").unwrap().path().display().to_string();
    let [room_at, second_at] = [&room, &second].map(|path| path.display().to_string());
    // The picks before the second are made; then no file may grow any more.
    let body = format!(
        "[ -e '{room_at}' ] || [ ! -e '{second_at}' ] && exec '{real}' \"$@\"\n\
         second=$(cat '{second_at}')\n\
         case \" $* \" in *' cherry-pick -x '*\"$second\"*) ;; *) exec '{real}' \"$@\";; esac\n\
         for it; do shift; [ \"$it\" = \"$second\" ] && break; set -- \"$@\" \"$it\"; done\n\
         case \" $* \" in *' -x '*[0-9a-f][0-9a-f][0-9a-f][0-9a-f]*) '{real}' \"$@\" || exit;; esac\n\
         trap '' XFSZ\n\
         ulimit -f 0\n\
         exec '{real}' cherry-pick -x \"$second\""
    );
    put_script(&bin.join("git"), &body);
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut term = open_with(dir.path(), &[("PATH", &path)]);
    watch(&origin);
    let log = git(&clone, &["log", "--format=%H %s", "origin/main"]);
    let named = log.lines().find(|line| line.contains("jitter")).unwrap();
    std::fs::write(&second, named.split(' ').next().unwrap()).unwrap();
    let (before, lines) = (users(&clone), git(&origin, &["for-each-ref", "refs/heads"]));
    begin(&mut term);
    let ended = || counts(dir.path(), "pick.apply")[1];
    term.meanwhile("the end of it", || ended() == 1);
    let said = text(dir.path());
    let outcome = said.lines().find(|it| it.contains("\"pick.apply.outcome\"")).unwrap();
    assert!(outcome.contains("\"status\":\"failed\"") && outcome.contains("File too large"), "{outcome}");
    // The line of the journal is there before the cockpit has taken it in.
    term.see("stopped, worktree kept");
    term.press("c");
    term.see("stopped at 2 of 2");
    term.see("File too large");
    term.press("\x1b");
    term.until("the dialog is gone", |screen| !screen.contains("stopped at 2 of 2"));
    assert_eq!(users(&clone), before, "what is the user's is as it was");
    assert!(received(&origin).is_empty() && !pushed(dir.path()));
    assert_eq!(git(&origin, &["for-each-ref", "refs/heads"]), lines);
    // Without room it stops again, at the same place.
    let again = || counts(dir.path(), "pick.resolve")[1];
    answer(&mut term, "go on…");
    term.meanwhile("the same end", || again() == 1);
    assert!(!pushed(dir.path()));
    term.settle();
    term.see("stopped, worktree kept");
    std::fs::write(&room, "").unwrap();
    answer(&mut term, "go on…");
    term.meanwhile("both are applied", || again() == 2);
    assert!(!pushed(dir.path()), "nothing is pushed before it was shown");
    term.until("no flag", |screen| !screen.contains("stopped, worktree kept"));
    term.press("c");
    term.see("git push --atomic");
    term.press(ENTER);
    term.meanwhile("the push", || pushed(dir.path()));
    let got = received(&origin);
    let [[old, new, _]] = &got[..] else { panic!("{got:?}") };
    let subjects = git(&origin, &["log", "--reverse", "--format=%s", &format!("{old}..{new}")]);
    let subjects: Vec<_> = subjects.lines().collect();
    assert!(subjects.len() == 2 && subjects[1].contains("jitter"), "{subjects:?}");
    assert!(term.leave().success());
    let left = std::fs::read_dir(dir.path().join("state/applying")).unwrap().count();
    assert_eq!(left, 0, "the worktree is gone");
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}
