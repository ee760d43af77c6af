//! Tests of the `announce` room, against webhooks on loopback that do as they are told.

use crate::forge::server::{Asked, Say, Server};
use crate::git::yard::put_script;
use gonogo::announce::{Address, AddressError, Mailer, Outlet, Patience, Reach, Source, Tell, Webhooks};
use gonogo::release::announce::{Announce, Via};
use gonogo::release::errand::{Outcome, Status};
use gonogo::release::text::Untrusted;
use serde_json::json;
use std::time::Duration;

const SECRET: &str = "s3cr3t-part-of-it";

fn message(via: Via) -> Announce {
    let text = Untrusted::from;
    Announce {
        issue: None,
        id: "it".into(),
        via,
        to: text("#all"),
        text: text("<!channel> & v1.2.0\nis out"),
        title: text("Harbour 1.2"),
        version: text("1.2.0"),
        tag: text("v1.2.0"),
        link: Some(text("https://example.org/v1.2.0")),
        thread: None,
        internal: false,
        thread_id: None,
        repo: None,
        category: None,
        candidate: false,
    }
}

/// Posts to a server that answers so; the outcome, and what arrived.
async fn told(it: &Announce, say: impl Fn(&Asked) -> Say + Send + 'static) -> (Outcome, Vec<Asked>) {
    let server = Server::start(say).await;
    let address =
        Address::parse(&format!("{}/hooks/1/{SECRET}?sig={SECRET}", server.url), Reach::ThisMachine);
    let patience = Patience { connect: Duration::from_secs(2), whole: Duration::from_secs(2) };
    let outcome = Webhooks::new(patience).tell(it, &address.unwrap()).await;
    let note = outcome.note.clone().unwrap_or_default();
    assert!(!format!("{outcome:?}").contains(SECRET), "{outcome:?}");
    assert!(!note.raw().chars().any(char::is_control), "{note:?}");
    assert!(note.raw().chars().count() <= 310);
    (outcome, server.asked())
}

async fn became(via: Via, say: Say) -> (Status, String) {
    let (outcome, asked) = told(&message(via), move |_| say.clone()).await;
    assert_eq!(asked.len(), 1, "one request, and no other whatever comes of it");
    (outcome.status, outcome.note.unwrap_or_default().raw().to_owned())
}

#[tokio::test]
async fn only_a_no_says_that_nothing_was_posted() {
    for via in [Via::Teams, Via::Webhook, Via::Slack] {
        let page = format!("<html>\u{1b}]0;x\u{7} {SECRET}");
        for (say, wanted) in [
            (Say::text(400, "text/plain", &format!("invalid_payload {SECRET}")), Status::Refused),
            (Say::text(404, "text/plain", "no_service"), Status::Refused),
            (Say::text(410, "text/html", &page), Status::Refused),
            (Say::text(302, "text/plain", "").with("location", "http://127.0.0.1:1/"), Status::Refused),
            (Say::text(429, "text/plain", "slow").with("retry-after", "30"), Status::Refused),
            (Say::text(429, "text/plain", "slow").with("retry-after", "nan"), Status::Refused),
            (Say::text(500, "text/html", &page), Status::Unknown),
            (Say::text(502, "text/plain", "\u{202e}\u{1b}[2J"), Status::Unknown),
            (Say::text(408, "text/plain", ""), Status::Unknown),
            (Say::Drop, Status::Unknown),
            (Say::Silence, Status::Unknown),
        ] {
            let (status, note) = became(via, say.clone()).await;
            assert_eq!(status, wanted, "{via:?} {say:?}: {note}");
            let says =
                if wanted == Status::Refused { "nothing was posted" } else { "it may have been posted" };
            assert!(note.contains(says) || note.contains("a secret is not sent there"), "{note}");
        }
    }
    let (_, note) = became(Via::Slack, Say::text(429, "text/plain", "").with("retry-after", "30")).await;
    assert!(note.contains("try again after"), "{note}");
}

#[tokio::test]
async fn nobody_at_the_address_certainly_posted_nothing() {
    let address = Address::parse("http://127.0.0.1:1/x", Reach::Anywhere).unwrap();
    let outcome = Webhooks::new(Patience::default()).tell(&message(Via::Slack), &address).await;
    assert_eq!(outcome.status, Status::Failed);
}

#[tokio::test]
async fn slack_says_ok_and_its_control_characters_are_escaped() {
    let (outcome, asked) = told(&message(Via::Slack), |_| Say::text(200, "text/plain", "ok")).await;
    assert_eq!((outcome.status, outcome.after.len()), (Status::Ok, 0));
    assert_eq!(asked[0].json(), json!({ "text": "&lt;!channel&gt; &amp; v1.2.0\nis out" }));
    assert_eq!(became(Via::Slack, Say::json(200, json!({ "ok": true }))).await.0, Status::Ok);
    assert_eq!(became(Via::Slack, Say::text(200, "text/html", "<html>log in")).await.0, Status::Unknown);
}

#[tokio::test]
async fn teams_gets_a_card_and_a_webhook_its_fields_and_says_where() {
    let (outcome, asked) = told(&message(Via::Teams), |_| Say::text(202, "text/plain", "")).await;
    assert_eq!(outcome.status, Status::Ok);
    let block = &asked[0].json()["attachments"][0]["content"]["body"][0];
    assert_eq!(block["text"], "<!channel> & v1.2.0\n\nis out");
    let link = |link: &str| Say::json(200, json!({ "link": link }));
    let say = link("https://example.org/1");
    let (outcome, asked) = told(&message(Via::Webhook), move |_| say.clone()).await;
    assert_eq!(outcome.after.get("link").map(Untrusted::raw), Some("https://example.org/1"));
    assert_eq!(asked[0].json()["tag"], "v1.2.0");
    assert_eq!(asked[0].json()["link"], "https://example.org/v1.2.0");
    let secret = format!("https://example.org/{SECRET}");
    for hostile in ["javascript:alert(1)", "https://example.org/\u{1b}[2J", secret.as_str()] {
        let say = link(hostile);
        let (outcome, _) = told(&message(Via::Webhook), move |_| say.clone()).await;
        assert_eq!((outcome.status, outcome.after.len()), (Status::Ok, 0), "{hostile}");
    }
    // It was taken, whatever became of the rest of the reply.
    assert_eq!(became(Via::Webhook, Say::text(204, "text/plain", "")).await.0, Status::Ok);
    assert_eq!(became(Via::Webhook, Say::Half("{}".into())).await.0, Status::Ok);
    assert_eq!(became(Via::Webhook, Say::text(200, "text/plain", &"x".repeat(100_000))).await.0, Status::Ok);
}

/// Discord, which knows the webhook and answers a post so.
fn discord(post: Say) -> impl Fn(&Asked) -> Say + Send + 'static {
    move |asked| match &*asked.method {
        "GET" => Say::json(200, json!({ "guild_id": "42", "channel_id": "7" })),
        _ => post.clone(),
    }
}

#[tokio::test]
async fn discord_gives_a_link_and_a_forum_a_thread() {
    let said = || Say::json(200, json!({ "id": "901", "channel_id": "900" }));
    let link = |outcome: &Outcome| outcome.after.get("link").map(|link| link.raw().to_owned());
    let (outcome, asked) = told(&message(Via::Discord), discord(said())).await;
    assert_eq!(link(&outcome).as_deref(), Some("https://discord.com/channels/42/900/901"));
    assert_eq!(asked[1].query("wait"), Some("true"));
    assert_eq!(asked[1].json()["allowed_mentions"], json!({ "parse": [] }));
    let thread = Announce { thread: Some("v1.2.0".into()), ..message(Via::Discord) };
    let (outcome, asked) = told(&thread, discord(said())).await;
    assert_eq!(link(&outcome).as_deref(), Some("https://discord.com/channels/42/900"));
    assert_eq!(asked[1].json()["thread_name"], "v1.2.0");
    // Into a thread that is there: by its id, and none is opened.
    let into = Announce { thread_id: Some("900".into()), ..thread };
    let (outcome, asked) = told(&into, discord(said())).await;
    assert_eq!(link(&outcome).as_deref(), Some("https://discord.com/channels/42/900/901"));
    assert_eq!(asked[1].query("thread_id"), Some("900"));
    assert_eq!(asked[1].json().get("thread_name"), None);
    for hostile in
        [json!({ "id": "../x", "channel_id": "9" }), json!([]), json!({ "id": 9, "channel_id": 9 })]
    {
        let (outcome, _) = told(&message(Via::Discord), discord(Say::json(200, hostile))).await;
        assert_eq!((outcome.status, link(&outcome)), (Status::Ok, None));
    }
    for (say, wanted) in [(Say::Drop, Status::Unknown), (Say::json(500, json!({})), Status::Unknown)] {
        assert_eq!(told(&message(Via::Discord), discord(say)).await.0.status, wanted);
    }
}

#[tokio::test]
async fn discord_is_posted_nothing_where_it_does_not_know_the_webhook() {
    for (say, wanted) in [
        (Say::json(404, json!({ "message": "Unknown Webhook" })), Status::Refused),
        (Say::json(429, json!({})).with("retry-after", "1.5"), Status::Refused),
        (Say::json(500, json!({})), Status::Failed),
        (Say::Silence, Status::Failed),
    ] {
        let (outcome, asked) = told(&message(Via::Discord), move |_| say.clone()).await;
        assert_eq!(outcome.status, wanted);
        assert_eq!(asked.iter().filter(|asked| asked.method == "POST").count(), 0);
    }
}

#[test]
fn an_address_is_https_without_a_login_and_is_not_told_in_what_is_wrong() {
    let wrong = |text: &str, reach| Address::parse(text, reach).unwrap_err();
    assert_eq!(wrong(" ", Reach::Anywhere), AddressError::Empty);
    assert_eq!(wrong("http://example.org/x", Reach::Anywhere), AddressError::Plain);
    assert_eq!(wrong("https://a:b@example.org/x", Reach::Anywhere), AddressError::Login);
    assert_eq!(wrong("https://example.org/x", Reach::ThisMachine), AddressError::Elsewhere);
    for text in [
        "file:///etc/passwd",
        "not one",
        "https://x/\nhttps://y/",
        &format!("https://x/{}", "a".repeat(3000)),
    ] {
        assert_eq!(wrong(text, Reach::Anywhere), AddressError::Malformed, "{text}");
    }
    let address = Address::parse(&format!("https://example.org/{SECRET}\n"), Reach::Anywhere).unwrap();
    assert!(!format!("{address:?}").contains(SECRET));
    assert_eq!(address.scrub(&format!("see https://example.org/{SECRET}, {SECRET}")), "see ***, ***");
}

#[tokio::test]
async fn an_address_is_found_in_a_variable_or_printed_by_a_program() {
    let find = async |source: Source| {
        let set = |name: &str| (name == "HOOK").then(|| format!("ftp://{SECRET}"));
        source.find(&set, Reach::Anywhere).await
    };
    let why = find(Source::Variable("HOOK".into())).await.unwrap_err();
    assert!(why.contains("HOOK") && !why.contains(SECRET), "{why}");
    assert_eq!(
        find(Source::Variable("NONE".into())).await.unwrap_err(),
        "NONE is not set: it holds the address"
    );
    let command = |words: &[&str]| Source::Command(words.iter().map(|it| (*it).to_owned()).collect());
    assert!(find(command(&["printf", "https://example.org/x"])).await.is_ok());
    let why = find(command(&["printf", SECRET])).await.unwrap_err();
    assert!(why.contains("printf") && !why.contains(SECRET), "{why}");
    assert!(find(command(&["false"])).await.unwrap_err().contains("gave no address"));
    assert!(find(command(&["no-such-program-here"])).await.unwrap_err().contains("gave no address"));
}

/// A mailer that keeps each message and then does as the script says.
fn mailer(dir: &std::path::Path, script: &str) -> Outlet {
    let program = dir.join("mailer");
    put_script(&program, &format!("cat > \"{}/$$.mail\"\n{script}", dir.display()));
    let argv = vec![program.to_str().unwrap().to_owned(), "-t".to_owned()];
    Outlet::Mailer(Mailer { argv, to: "list@example.org".to_owned() })
}

fn mails(dir: &std::path::Path, ending: &str) -> Vec<String> {
    let all = std::fs::read_dir(dir).unwrap().map(|it| it.unwrap().path());
    let mails = all.filter(|path| path.extension().is_some_and(|it| it == ending));
    mails.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[tokio::test]
async fn a_mail_is_handed_to_the_mailer_once_and_one_that_gives_up_leaves_a_doubt() {
    for (script, wanted) in [("", Status::Ok), ("echo 'no route' >&2; exit 75", Status::Unknown)] {
        let dir = tempfile::tempdir().unwrap();
        let outlet = mailer(dir.path(), script);
        let outcome = outlet.send(&message(Via::Mail), None).await.unwrap();
        assert_eq!(outcome.status, wanted, "{outcome:?}");
        let all = mails(dir.path(), "mail");
        assert_eq!(all.len(), 1);
        assert!(all[0].starts_with("To: list@example.org\nSubject: Harbour 1.2\n"), "{}", all[0]);
    }
    let none = Mailer { argv: vec!["/nowhere/mailer".to_owned()], to: "list@example.org".to_owned() };
    let outcome = Outlet::Mailer(none).send(&message(Via::Mail), None).await.unwrap();
    assert_eq!(outcome.status, Status::Failed);
    assert!(outcome.note.unwrap().raw().contains("nothing was sent"));
}

#[tokio::test]
async fn in_a_demo_no_mailer_runs() {
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("kept");
    let outlet = mailer(dir.path(), "");
    let outcome = outlet.send(&message(Via::Mail), Some(&kept)).await.unwrap();
    assert_eq!(outcome.status, Status::Ok, "{outcome:?}");
    assert_eq!(mails(dir.path(), "mail").len(), 0);
    assert_eq!(mails(&kept, "eml").len(), 1);
}
