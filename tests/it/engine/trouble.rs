//! What goes wrong while an errand is out: the journal cannot be written before it leaves, or after it came back.

use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use gonogo::demo::{Demo, FULL, Fault, Faults, Options};
use rustix::process::{Resource, Rlimit, Signal, prlimit};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A forge of the test's own on a thread of its own, with every request written down.
pub struct Site {
    pub args: Vec<String>,
    pub faults: Faults,
    pub dir: tempfile::TempDir,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Site {
    fn new() -> Self {
        Self::of("llama-stack")
    }

    /// The same, whose story plays another process.
    pub fn of(process: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let record = Some(dir.path().join("exchanges"));
        let kept = Some(dir.path().join("demo"));
        let made = Options { record, dir: kept, process: process.to_owned(), ..Options::default() };
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let demo = gonogo::demo::start(made).await.unwrap();
                tell.send((Self::args(&demo), demo.faults().clone())).unwrap();
                // The test has ended when nobody will say so any more.
                let _ = stopped.await;
            });
        });
        let (args, faults) = told.recv().unwrap();
        Self { args, faults, dir, stop: Some(stop), thread: Some(thread) }
    }

    /// Arguments that open the clone on this forge.
    fn args(demo: &Demo) -> Vec<String> {
        let clone = demo.clone.to_str().unwrap();
        [
            "open",
            clone,
            "--release",
            &demo.release,
            "--process",
            &demo.process,
            "--api-url",
            &demo.api_url,
            "--repository",
            demo.repo.as_str(),
        ]
        .map(str::to_owned)
        .to_vec()
    }

    fn open(&self) -> Term {
        let mut term = self.open_with(&[]);
        ready(&mut term);
        term
    }

    pub fn open_with(&self, more: &[&str]) -> Term {
        let args: Vec<&str> = self.args.iter().map(String::as_str).chain(more.iter().copied()).collect();
        let mut command = gonogo(&args, self.dir.path());
        command.env("GONOGO_TOKEN", FULL).env("GONOGO_STATE_DIR", self.state());
        Term::start(command)
    }

    fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// How many comments the forge was asked to make.
    fn asked(&self) -> usize {
        let text = std::fs::read_to_string(self.dir.path().join("exchanges")).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let posts = |it: &serde_json::Value| {
            it["method"] == "POST" && it["path"].as_str().is_some_and(|path| path.ends_with("/comments"))
        };
        lines.filter(posts).count()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

fn ready(term: &mut Term) {
    term.see("api ");
    term.press("2");
    term.see("#300");
}

/// Goes to an issue and wants a comment on it.
fn plan(term: &mut Term) {
    term.press("/#300");
    term.until("the rows that fit", |screen| screen.contains("#300") && !screen.contains("#301"));
    term.press(ENTER);
    term.press("G");
    comment(term);
}

/// Wants a comment on the issue under the cursor; the plan is shown, and the cursor is on Go.
fn comment(term: &mut Term) {
    term.press("C");
    term.see("┌ Comment");
    term.press("ready when you are");
    term.press(ENTER);
    term.see("[ Cancel ]");
    term.press("\t");
    term.see("[ Go ]");
}

fn limit(term: &Term, bytes: Option<u64>) {
    prlimit(Some(term.pid()), Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
}

fn segment(site: &Site) -> String {
    std::fs::read_to_string(journal(site.dir.path()).join("seg-000001.jsonl")).unwrap()
}

fn sound(dir: &Path) {
    printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
}

#[test]
fn an_errand_whose_intent_is_not_on_disk_is_never_sent() {
    let site = Site::new();
    let mut term = site.open();
    plan(&mut term);
    limit(&term, Some(512));
    term.press(ENTER);
    term.see("GROUNDED");
    term.see("UNRECORDED");
    limit(&term, None);
    term.press("r");
    term.until("no longer grounded", |screen| !screen.contains("GROUNDED"));
    assert!(term.leave().success());
    assert_eq!(site.asked(), 0);
    assert!(!segment(&site).contains("issue.comment.intent"));
    sound(site.dir.path());
}

#[test]
fn on_a_disk_that_is_really_full_nothing_is_sent_and_what_is_seen_is_marked() {
    let site = Site::new();
    std::fs::create_dir_all(site.state()).unwrap();
    // In a mount namespace of its own, the state directory is a disk of 4 MiB.
    let script = "mount -t tmpfs -o size=4m,mode=700 tmpfs \"$STATE\" && exec \"$@\"";
    let known = rustix::process::geteuid().is_root();
    let mut command = gonogo(&[], site.dir.path());
    let binary = command.get_program().to_owned();
    let environment: Vec<_> =
        command.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
    #[expect(clippy::disallowed_methods, reason = "a test mounts a disk as an administrator would")]
    {
        command = std::process::Command::new("unshare");
    }
    command.args(if known { ["-m", "--"] } else { ["-rm", "--"] });
    command.args(["sh", "-c", script, "sh"]).arg(binary).args(&site.args).current_dir(site.dir.path());
    command.env_clear().envs(environment);
    command.env("GONOGO_TOKEN", FULL).env("GONOGO_STATE_DIR", site.state()).env("STATE", site.state());
    let mut term = Term::start(command);
    ready(&mut term);
    plan(&mut term);
    // The disk, as the cockpit sees it.
    let inside = PathBuf::from(format!("/proc/{}/root", term.pid().as_raw_nonzero()));
    let filler = inside.join(site.state().strip_prefix("/").unwrap()).join("filler");
    let written = std::fs::write(&filler, vec![0_u8; 8 << 20]);
    assert!(written.is_err(), "the disk is larger than it should be");
    term.press(ENTER);
    term.see("GROUNDED");
    assert_eq!(site.asked(), 0);
    std::fs::remove_file(&filler).unwrap();
    term.press("r");
    term.until("no longer grounded", |screen| !screen.contains("GROUNDED"));
    term.until("nothing is unrecorded", |screen| !screen.contains("UNRECORDED"));
    comment(&mut term);
    term.press(ENTER);
    term.meanwhile("the comment", || site.asked() == 1);
    assert!(term.leave().success());
    assert_eq!(site.asked(), 1);
}

#[test]
fn an_outcome_that_is_not_on_disk_is_shown_and_printed_and_found_by_looking() {
    let site = Site::new();
    let mut term = site.open();
    plan(&mut term);
    site.faults.next(1, "POST", "/comments", Fault::Delay(Duration::from_secs(4)));
    term.press(ENTER);
    term.meanwhile("the intent", || segment(&site).contains("issue.comment.intent"));
    limit(&term, Some(512));
    term.see("HAPPENED AND NOT ON RECORD");
    term.see("done");
    assert_eq!(site.asked(), 1);
    term.signal(Signal::TERM);
    term.end();
    let said = String::from_utf8_lossy(&term.raw).into_owned();
    let last = said.rsplit("\x1b[?1049l").next().unwrap();
    assert!(last.contains("it happened and is not on record"), "{last}");
    assert!(last.contains("octo/widget#303"), "{last}");
    let mut again = site.open();
    again.press("8");
    again.see("[8 Journal");
    again.meanwhile("the outcome", || segment(&site).contains("issue.comment.outcome"));
    assert!(again.leave().success());
    assert_eq!(site.asked(), 1, "it is never sent twice");
    sound(site.dir.path());
}

#[test]
fn after_a_write_that_failed_all_that_was_recorded_is_there_and_what_is_unfinished_is_shown() {
    let site = Site::new();
    let mut term = site.open();
    plan(&mut term);
    site.faults.next(1, "POST", "/comments", Fault::Delay(Duration::from_secs(4)));
    term.press(ENTER);
    term.meanwhile("the intent", || segment(&site).contains("issue.comment.intent"));
    // The disk ends in the middle of the next line.
    let whole = segment(&site);
    limit(&term, Some(whole.len() as u64 + 40));
    term.see("HAPPENED AND NOT ON RECORD");
    term.signal(Signal::KILL);
    term.end();
    // Without a token nobody can be asked what became of it: it is shown, and a person may say.
    let mut command = gonogo(&site.args.iter().map(String::as_str).collect::<Vec<_>>(), site.dir.path());
    command.env("GONOGO_STATE_DIR", site.state());
    let mut again = Term::start(command);
    again.see("no token");
    again.press("8");
    again.see("session started; the one before");
    assert!(segment(&site).starts_with(&whole), "nothing that was recorded is lost");
    again.press("gu");
    again.see("it happened");
    again.see("it did not happen");
    again.press("\x1b");
    // Escape and a key in one read would be a key with alt.
    again.until("the dialog is closed", |screen| !screen.contains("it did not happen"));
    assert!(again.leave().success());
    // With one it is found by looking, and not sent again.
    let mut last = site.open();
    last.meanwhile("the outcome", || segment(&site).contains("issue.comment.outcome"));
    assert!(last.leave().success());
    assert_eq!(site.asked(), 1);
    sound(site.dir.path());
}

#[test]
fn a_reply_that_breaks_off_is_looked_for_and_the_errand_is_sent_once() {
    let site = Site::new();
    let mut term = site.open();
    plan(&mut term);
    site.faults.next(1, "POST", "/comments", Fault::HalfReply);
    term.press(ENTER);
    term.meanwhile("the outcome", || segment(&site).contains("issue.comment.outcome"));
    let outcome = segment(&site).lines().find(|it| it.contains("issue.comment.outcome")).unwrap().to_owned();
    assert!(outcome.contains("\"status\":\"ok\"") && outcome.contains("\"probe\""), "{outcome}");
    assert!(term.leave().success());
    assert_eq!((site.asked(), site.faults.all_met()), (1, true));
    sound(site.dir.path());
}

#[test]
fn read_only_no_upper_case_key_sends_anything() {
    let site = Site::new();
    // What is shown read-only is what the journal says.
    assert!(site.open().leave().success());
    let mut term = site.open_with(&["--read-only"]);
    term.see("READ-ONLY");
    term.see("Release Owner");
    for tab in 1..=8 {
        let title = format!("[{tab} ");
        term.press(&tab.to_string());
        term.see(&title);
        term.press("j");
        for key in ('A'..='Z').filter(|key| !matches!(key, 'G' | 'N' | 'V')) {
            term.press(&key.to_string());
        }
        // The next tab is reached, so no dialog is open and none took the keys.
    }
    term.press("2");
    term.see("[2 ");
    term.press("D");
    term.see("Done: read-only: opened with --read-only");
    term.see("READ-ONLY");
    assert!(term.leave().success());
    let exchanges = std::fs::read_to_string(site.dir.path().join("exchanges")).unwrap();
    let writes = exchanges.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let writes: Vec<_> = writes
        .filter(|it| it["method"] != "GET" && !it["path"].as_str().unwrap().ends_with("/graphql"))
        .collect();
    assert_eq!(writes, Vec::<serde_json::Value>::new());
    assert!(!segment(&site).contains(".intent"), "nothing was begun");
}
