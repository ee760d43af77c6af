//! Announcements from the checklist's key to a webhook: once, killed at each step, with every reply lost or refused.

use super::backport::{counts, open_with, text};
use super::demo::{journal, printed};
use super::pty::{ENTER, Term};
use crate::forge::server::{Asked, Say, Server};
use rustix::process::Signal;
use serde_json::json;
use std::path::Path;

/// A part of the address that nobody may see.
const SECRET: &str = "s3cr3t-of-the-webhook";

/// Discord on this machine, in a thread of its own that lives as long as the tests.
struct Discord {
    server: Server,
}

impl Discord {
    /// Answers posts as told; says which channel it is.
    fn answering(post: impl Fn(usize) -> Say + Send + 'static) -> Self {
        let mut posts = 0;
        let script = move |asked: &Asked| {
            if asked.method == "GET" {
                return Say::json(200, json!({ "id": "1", "guild_id": "42", "channel_id": "7" }));
            }
            posts += 1;
            post(posts)
        };
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tell.send(Server::start(script).await).unwrap();
                std::future::pending::<()>().await;
            });
        });
        Self { server: told.recv().unwrap() }
    }

    fn address(&self) -> String {
        format!("{}/api/webhooks/1/{SECRET}", self.server.url)
    }

    fn posts(&self) -> Vec<Asked> {
        self.server.asked().into_iter().filter(|asked| asked.method == "POST").collect()
    }

    /// Opens the demo, whose thread is opened here.
    fn open(&self, dir: &Path) -> Term {
        let config = dir.join("config/gonogo/config.toml");
        std::fs::create_dir_all(config.parent().unwrap()).unwrap();
        let table = "[announce.\"octo/widget\"]\nthread = { url_env = \"THREAD\", thread = true }\n";
        std::fs::write(config, table).unwrap();
        open_with(dir, &[("THREAD", &self.address())])
    }
}

fn message() -> Say {
    Say::json(200, json!({ "id": "901", "channel_id": "900" }))
}

/// Goes to the item that opens the thread, and presses its key.
pub fn begin(term: &mut Term) {
    term.press("6");
    term.see("[6 Checklist");
    term.press("/Open the thread");
    term.see("1 of 18");
    term.press(ENTER);
    term.press("G");
    term.press("X");
}

/// Fills in the two fields, and says go.
pub fn send(term: &mut Term, owner: &str) {
    term.see("owner");
    term.press(owner);
    term.press(ENTER);
    term.see("timeline");
    term.press("Monday");
    term.press(ENTER);
    term.see("what is marked stays: it cannot be taken back");
    term.see("the owner is");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
}

/// Nothing that is kept or shown holds the address.
fn is_kept_secret(term: &Term, dir: &Path) {
    assert!(!String::from_utf8_lossy(&term.raw).contains(SECRET), "on the screen");
    assert!(!text(dir).contains(SECRET), "in the journal");
}

pub fn ended(dir: &Path, status: &str) -> bool {
    let is = |line: &str| {
        line.contains("\"announce.send.outcome\"") && line.contains(&format!("\"status\":\"{status}\""))
    };
    text(dir).lines().any(is)
}

#[test]
fn a_thread_is_opened_once_with_what_was_shown_and_its_item_says_where() {
    let (dir, discord) = (tempfile::tempdir().unwrap(), Discord::answering(|_| message()));
    let mut term = discord.open(dir.path());
    begin(&mut term);
    send(&mut term, "@everyone #1 {link:triage} \u{202e}evil");
    term.meanwhile("the outcome", || ended(dir.path(), "ok"));
    term.see("42/900");
    let posts = discord.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].query("wait"), Some("true"));
    let body = posts[0].json();
    let said = body["content"].as_str().unwrap();
    assert_eq!(body["allowed_mentions"], json!({ "parse": [] }));
    assert!(body["thread_name"].as_str().is_some_and(|name| name.starts_with('v')), "{body}");
    assert!(said.contains("@\u{2060}everyone #\u{2060}1 {link:triage} ⟨U+202E⟩evil"), "{said}");
    // It was made: the key makes it no second time, also not after a start.
    term.press("X");
    term.see("it was made already");
    is_kept_secret(&term, dir.path());
    assert!(term.leave().success());
    let mut term = discord.open(dir.path());
    begin(&mut term);
    term.see("it was made already");
    assert!(term.leave().success());
    assert_eq!(discord.posts().len(), 1);
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}

#[test]
fn a_discussion_is_begun_in_its_category_once_and_its_item_says_where() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config/gonogo/config.toml");
    std::fs::create_dir_all(config.parent().unwrap()).unwrap();
    let table = "[process]\npreset = \"llama-stack\"\n[[process.announcements]]\nid = \"thread\"\nto = { discussion = \"General\" }\n\
                 fields = [\"owner\", \"timeline\"]\ntemplate = \"the owner is {field:owner}\"\n";
    std::fs::write(config, table).unwrap();
    let mut term = open_with(dir.path(), &[]);
    begin(&mut term);
    send(&mut term, "ann");
    term.meanwhile("the outcome", || ended(dir.path(), "ok"));
    term.see("/discussions/");
    term.press("X");
    term.see("it was made already");
    assert!(term.leave().success());
    assert_eq!(counts(dir.path(), "announce.send"), [1, 1]);
}

#[test]
fn killed_at_any_step_it_is_posted_at_most_once_and_a_person_says_the_rest() {
    for step in ["announce.send.intent", "announce.send.outcome"] {
        let (dir, discord) = (tempfile::tempdir().unwrap(), Discord::answering(|_| message()));
        let mut term = discord.open(dir.path());
        begin(&mut term);
        send(&mut term, "ann");
        term.meanwhile(step, || text(dir.path()).contains(&format!("\"kind\":\"{step}\"")));
        term.signal(Signal::KILL);
        term.end();
        let posted = discord.posts().len();
        assert!(posted <= 1);
        let mut term = discord.open(dir.path());
        if counts(dir.path(), "announce.send")[1] == 0 {
            begin(&mut term);
            term.see("it may have been posted");
            assert_eq!(discord.posts().len(), posted, "nothing is posted by itself");
            settle(&mut term, posted == 1);
            let status = if posted == 1 { "ok" } else { "abandoned" };
            term.meanwhile("what the person says", || ended(dir.path(), status));
        }
        term.settle();
        let done = ended(dir.path(), "ok");
        begin(&mut term);
        if done {
            // Made, but its link is not known where only a person could say that it was.
            term.until("made already", |it| it.contains("it was made already") || it.contains("its link"));
            term.press("\x1b");
            term.settle();
        } else {
            send(&mut term, "ann");
            term.meanwhile("the second plan", || ended(dir.path(), "ok"));
        }
        assert_eq!(discord.posts().len(), 1, "{step}");
        assert!(term.leave().success());
        printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
    }
}

/// Says what became of what is in doubt.
pub fn settle(term: &mut Term, happened: bool) {
    term.press("gu");
    term.see("Unfinished");
    if !happened {
        term.press("did not happen");
    }
    term.see("announce thread");
    term.press(ENTER);
}

#[test]
fn a_lost_reply_stays_in_doubt_over_starts_until_a_person_settles_it() {
    let (dir, discord) = (tempfile::tempdir().unwrap(), Discord::answering(|_| Say::Drop));
    let mut term = discord.open(dir.path());
    begin(&mut term);
    send(&mut term, "ann");
    term.meanwhile("the doubt", || ended(dir.path(), "unknown"));
    for _ in 0..2 {
        term.see("it may have been posted");
        assert!(term.leave().success());
        term = discord.open(dir.path());
        begin(&mut term);
    }
    term.see("it may have been posted");
    assert_eq!(discord.posts().len(), 1);
    settle(&mut term, true);
    term.meanwhile("what the person says", || ended(dir.path(), "ok"));
    term.settle();
    term.press("X");
    term.see("its link");
    term.press("https://discord.com/channels/42/900");
    term.press(ENTER);
    term.meanwhile("the link", || text(dir.path()).contains("\"announce.vouch\""));
    term.see("discord.com/channels/");
    is_kept_secret(&term, dir.path());
    assert!(term.leave().success());
    assert_eq!(discord.posts().len(), 1);
}

#[test]
fn a_refusal_is_clear_and_the_key_tries_again() {
    let limited = |posts| match posts {
        1 => Say::json(429, json!({ "message": "slow down" })).with("retry-after", "30"),
        _ => message(),
    };
    let (dir, discord) = (tempfile::tempdir().unwrap(), Discord::answering(limited));
    let mut term = discord.open(dir.path());
    begin(&mut term);
    send(&mut term, "ann");
    term.meanwhile("the refusal", || ended(dir.path(), "refused"));
    assert!(text(dir.path()).contains("try again after"), "{}", text(dir.path()));
    assert!(!ended(dir.path(), "ok"));
    term.settle();
    term.press("X");
    send(&mut term, "ann");
    term.meanwhile("the second plan", || ended(dir.path(), "ok"));
    assert_eq!(discord.posts().len(), 2);
    is_kept_secret(&term, dir.path());
    assert!(term.leave().success());
}

#[test]
fn without_an_address_the_text_is_copied_and_a_person_says_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open_with(dir.path(), &[]);
    begin(&mut term);
    term.see("owner");
    term.press("ann");
    term.press(ENTER);
    term.see("timeline");
    term.press("Monday");
    term.press(ENTER);
    term.hear("\x1b]52;");
    term.see("Copied, to paste on Discord #releases");
    term.see("the owner is ann. Monday");
    term.press(ENTER);
    term.see("its link");
    term.press("no link at all");
    term.press(ENTER);
    term.see("this is no link");
    term.press("X");
    assert_eq!(text(dir.path()).matches("\"announce.vouch\"").count(), 0);
    assert_eq!(counts(dir.path(), "announce.send"), [0, 0]);
    term.press("\x1b");
    term.settle();
    assert!(term.leave().success());
}
