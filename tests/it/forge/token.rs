//! Where a token comes from, and that it shows nowhere.

use gonogo::forge::token::{Origin, Sources, Token, TokenError, find, scrub};
use std::cell::RefCell;
use std::collections::BTreeMap;

#[derive(Default)]
struct Fake {
    variables: BTreeMap<&'static str, &'static str>,
    output: BTreeMap<String, Result<Option<String>, String>>,
    ran: RefCell<Vec<String>>,
}

impl Fake {
    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.insert(name, value);
        self
    }

    fn says(mut self, argv: &str, output: Result<Option<&str>, &str>) -> Self {
        self.output.insert(argv.to_owned(), output.map(|it| it.map(str::to_owned)).map_err(str::to_owned));
        self
    }
}

impl Sources for Fake {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).map(|value| (*value).to_owned())
    }

    fn run(&self, argv: &[String]) -> Result<Option<String>, String> {
        self.ran.borrow_mut().push(argv.join(" "));
        self.output.get(&argv.join(" ")).cloned().unwrap_or(Ok(None))
    }
}

fn origin(host: &str, fake: &Fake) -> Option<&'static str> {
    find(host, None, fake).expect("no mistake").map(|token| token.origin().word())
}

#[test]
fn sources_are_asked_in_order() {
    let all = Fake::default()
        .with("GONOGO_TOKEN", "a1")
        .with("GH_TOKEN", "b2")
        .with("GITHUB_TOKEN", "c3")
        .with("GH_ENTERPRISE_TOKEN", "d4")
        .says("gh auth token --hostname github.com", Ok(Some("e5\n")));
    assert_eq!(origin("github.com", &all), Some("GONOGO_TOKEN"));
    let less = Fake { variables: [("GITHUB_TOKEN", "c3"), ("GH_TOKEN", "b2")].into(), ..all };
    assert_eq!(origin("github.com", &less), Some("GH_TOKEN"));
    let less = Fake { variables: [("GITHUB_TOKEN", "c3")].into(), ..less };
    assert_eq!(origin("github.com", &less), Some("GITHUB_TOKEN"));
    let less = Fake { variables: [("GH_TOKEN", "  ")].into(), ..less };
    assert_eq!(origin("github.com", &less), Some("gh"));
    let keyring = Fake::default()
        .says("gh auth token --hostname github.com", Err("it ended with 1"))
        .says("secret-tool lookup service gonogo host github.com", Ok(Some("f6")));
    assert_eq!(origin("github.com", &keyring), Some("keyring"));
    assert_eq!(origin("git.example.com", &keyring), None, "a token is for the host it is kept for");
    let keychain = Fake::default()
        .says("secret-tool lookup service gonogo host github.com", Err("it is locked"))
        .says("security find-generic-password -w -s gonogo -a github.com", Ok(Some("f6\n")));
    assert_eq!(origin("github.com", &keychain), Some("keyring"));
    assert_eq!(origin("github.com", &Fake::default()), None);
}

#[test]
fn a_token_for_github_com_is_not_used_for_an_enterprise_host() {
    let fake = Fake::default().with("GH_TOKEN", "b2").with("GITHUB_TOKEN", "c3");
    assert_eq!(origin("git.example.com", &fake), None);
    assert_eq!(fake.ran.borrow()[0], "gh auth token --hostname git.example.com");
    assert!(fake.ran.borrow().iter().all(|it| it.ends_with("git.example.com")), "{:?}", fake.ran);
    let fake = fake.with("GH_ENTERPRISE_TOKEN", "d4");
    assert_eq!(origin("git.example.com", &fake), Some("GH_ENTERPRISE_TOKEN"));
    assert_eq!(origin("github.com", &Fake::default().with("GH_ENTERPRISE_TOKEN", "d4")), None);
}

#[test]
fn a_command_that_was_named_is_not_replaced_by_a_lesser_source() {
    let argv = ["pass".to_owned(), "github".to_owned()];
    let fake = Fake::default().with("GH_TOKEN", "b2").says("pass github", Err("gpg: decryption failed"));
    let error = find("github.com", Some(&argv), &fake).expect_err("it failed");
    assert_eq!(error.to_string(), "pass gave no token: gpg: decryption failed");
    let fake = Fake::default().with("GH_TOKEN", "b2").says("pass github", Ok(Some("  ghp_x1\r\n")));
    let token = find("github.com", Some(&argv), &fake).expect("fine").expect("a token");
    assert_eq!(token.origin(), &Origin::Command);
    assert_eq!(token.kind(), "classic personal access token");
}

#[test]
fn a_token_that_cannot_be_a_header_is_refused_without_showing_it() {
    for text in ["ghp_a\nb", "ghp_a b", "ghp_a\u{7f}", "ghp_\u{202e}a", "ghp_a\r\nX-Evil: 1"] {
        let error = Token::new(text, "github.com", Origin::Variable("GH_TOKEN")).expect_err(text);
        assert_eq!(error, TokenError::Malformed("GH_TOKEN"));
        assert!(!error.to_string().contains("ghp_"), "{error}");
    }
    assert_eq!(Token::new(" \n", "github.com", Origin::Gh).expect_err("empty"), TokenError::Empty("gh"));
    Token::new("ghp_abc\n", "github.com", Origin::Gh)
        .expect("a line feed at the end is gh's way to end a line");
}

#[test]
fn debug_and_fingerprint_hide_the_token() {
    let token = Token::new(super::SECRET, "github.com", Origin::Gh).expect("a token");
    let debug = format!("{token:?}");
    assert!(!debug.contains("SECRET0000") && debug.contains("REDACTED"), "{debug}");
    let other = Token::new("ghp_other", "github.com", Origin::Gh).expect("a token");
    assert_ne!(token.fingerprint(), other.fingerprint());
    assert_eq!(token.fingerprint().len(), 16);
}

#[test]
fn scrub_takes_out_what_looks_like_a_secret() {
    let cases = [
        ("used ghp_0123456789abcdef here", "used *** here"),
        ("github_pat_11AA_bb and ghs_1", "*** and ***"),
        ("Authorization: Bearer abcdefghijklmnopqrst", "Authorization: ***"),
        ("proxy http://me:pw@proxy:3128/ down", "proxy http://***@proxy:3128/ down"),
        (
            "see https://a.example/x then https://u:p@b.example/",
            "see https://a.example/x then https://***@b.example/",
        ),
        ("the token is wrong", "the token is wrong"),
        ("a token was expected", "a token was expected"),
    ];
    for (text, clean) in cases {
        assert_eq!(scrub(text), clean);
    }
}
