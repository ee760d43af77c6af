//! Secrets do not reach the journal; what only looks like one stays.

use super::disk::World;
use super::sample::{draft, opening, stamp};
use base64::Engine as _;
use gonogo::journal::{Redactor, Store};
use serde_json::{Value, json};

fn redacted(text: &str) -> String {
    Redactor::new([1; 32], &["hunter2-hunter2".to_owned()]).text(text).unwrap_or_else(|| text.to_owned())
}

/// Shapes only, put together here, so that no scanner takes this file for a leak.
fn shapes() -> Vec<(&'static str, String, String)> {
    let (a20, a36) = ("A1b2C3d4E5f6G7h8I9j0", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8");
    let basic = base64::engine::general_purpose::STANDARD.encode("alice:wonderland");
    let jwt = format!("eyJ{a20}.eyJ{a20}.{a20}");
    let secret = |text: String| (text.clone(), text);
    let mut all = vec![];
    let mut add = |kind, (context, secret): (String, String)| all.push((kind, context, secret));
    for prefix in ["ghp", "gho", "ghu", "ghs", "ghr"] {
        add("gh-token", secret(format!("{prefix}_{a36}")));
    }
    add("gh-token", secret(format!("github_pat_{a36}_{a20}")));
    add("gitlab-token", secret(format!("glpat-{a20}")));
    add("npm-token", secret(format!("npm_{a36}")));
    add("pypi-token", secret(format!("pypi-{a36}{a36}")));
    add("slack-token", secret(format!("xoxb-1234567890-{a20}")));
    add("slack-token", secret(format!("hooks.slack.com/services/T00000000/B00000000/{a20}")));
    add("aws-key", secret(format!("AKIA{}", &"ABCDEFGH12345678")));
    add("aws-secret", (format!("AWS_SECRET_ACCESS_KEY={a20}{a20}"), format!("{a20}{a20}")));
    add("jwt", secret(jwt));
    add("bearer", (format!("Authorization: Bearer {a20}"), a20.to_owned()));
    add("bearer", (format!("authorization: token {a20}"), a20.to_owned()));
    add("basic", (format!("Authorization: Basic {basic}"), basic));
    add("url-user", ("https://alice:wonderland@example.com/x".into(), "alice:wonderland".into()));
    add("url-user", (format!("https://{a20}@github.com/octo/widget"), a20.to_owned()));
    add("url-user", ("postgres://db:wonderland@host/x".into(), "wonderland".into()));
    let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\nNzaC1r\n-----END OPENSSH PRIVATE KEY-----";
    add("private-key", secret(key.to_owned()));
    add("private-key", secret("-----BEGIN RSA PRIVATE KEY-----\nMIIEow, cut off".to_owned()));
    add("known", secret("hunter2-hunter2".to_owned()));
    add("known", secret("68756e746572322d68756e74657232".to_owned()));
    add("known", secret("aHVudGVyMi1odW50ZXIy".to_owned()));
    add("known", secret("hunter2%2Dhunter2".to_owned()));
    all
}

#[test]
fn each_shape_is_replaced_and_its_context_stays() {
    for (kind, context, secret) in shapes() {
        let text = format!("before ({context}) after");
        let clean = redacted(&text);
        assert!(!clean.contains(&secret), "{kind}: {clean}");
        assert!(clean.contains(&format!("‹redacted:{kind}:")), "{kind}: {clean}");
        assert!(
            clean.starts_with("before (") && (kind == "private-key" || clean.ends_with(") after")),
            "{clean}"
        );
        assert_eq!(redacted(&clean), clean, "twice is once");
    }
}

#[test]
fn prose_is_left_alone() {
    for text in [
        "Basic understanding of the bearer authentication",
        "git@github.com:octo/widget.git",
        "ssh://git@github.com/octo/widget",
        "https://example.com/a?mail=alice@example.com",
        "mailto:alice@example.com and ghp_ alone, akia, xox, eyJ.eyJ.",
        "c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c",
        "the token is missing; Bearer required",
    ] {
        assert_eq!(redacted(text), text);
    }
}

#[test]
fn equal_secrets_are_known_again_within_a_journal_and_not_beyond() {
    let text = "https://alice:wonderland@a.example https://alice:wonderland@b.example";
    let marks = |key: u8| -> Vec<String> {
        let clean = Redactor::new([key; 32], &[]).text(text).unwrap();
        clean
            .match_indices("‹redacted")
            .map(|(at, _)| clean[at..].split('›').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(marks(1)[0], marks(1)[1]);
    assert_ne!(marks(1)[0], marks(2)[0]);
}

/// RFC 4231, test case 2, has a key of four bytes; padded with zeros it is the same key.
#[test]
fn marks_are_hmac_sha_256() {
    let mut key = [0; 32];
    key[..4].copy_from_slice(b"Jefe");
    let secret = "what do ya want for nothing?";
    let clean = Redactor::new(key, &[secret.to_owned()]).text(secret).unwrap();
    assert_eq!(clean, "‹redacted:known:5bdcc146›");
}

#[test]
fn no_secret_reaches_the_file_by_any_field() {
    let world = World::default();
    let disk = Box::new(super::disk::MemDisk::of(&world));
    let redactor = Redactor::new([1; 32], &["hunter2-hunter2".to_owned(), "quo\"ted\\secret".to_owned()]);
    let mut store = Store::on(disk, None, redactor, &mut |_, _| {}).unwrap();
    let mut drafts = vec![opening()];
    for (_, context, _) in shapes() {
        let body = json!({"what": context, "deep": [{"list": [context, 1.50, null, "é\"\n"]}]});
        drafts.push(draft("note", &body));
    }
    drafts.push(draft("note", &json!({"hunter2-hunter2": {"quo\"ted\\secret": "quo\"ted\\secret"}})));
    let lines = store.append(&stamp(0), &drafts).unwrap();
    let text = String::from_utf8(world.bytes("seg-000001.jsonl")).unwrap();
    for (kind, _, secret) in shapes() {
        let quoted = serde_json::to_string(&secret).unwrap();
        assert!(!text.contains(quoted.trim_matches('"')), "{kind} {quoted}: {text}");
    }
    assert!(!text.contains("ted\\\\secret"), "a secret with quotes and backslashes");
    let body: Value = lines[1].read().unwrap();
    assert_eq!(body["deep"][0]["list"].as_array().unwrap()[1..], [json!(1.5), Value::Null, json!("é\"\n")]);
}
