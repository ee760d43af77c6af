//! Addresses: which host, owner and name they mean, and which are refused.

use gonogo::git::remote::without_secrets;
use gonogo::git::{Address, RemoteUrl, Transport};

fn forge(raw: &str) -> RemoteUrl {
    match Address::parse(raw) {
        Address::Forge(url) => url,
        other => panic!("{raw}: {other:?}"),
    }
}

#[test]
fn every_form_of_a_forge_address() {
    use Transport::{Git, Http, Https, Ssh};
    for (raw, transport, host, port) in [
        ("https://github.com/octo/widget", Https, "github.com", None),
        ("https://github.com/octo/widget.git", Https, "github.com", None),
        ("https://github.com/octo/widget/", Https, "github.com", None),
        ("HTTPS://GitHub.com/octo/widget.git", Https, "github.com", None),
        ("https://token@github.com/octo/widget.git", Https, "github.com", None),
        ("https://ada:s3cret@github.com/octo/widget.git", Https, "github.com", None),
        ("https://ghe.example.com:8443/octo/widget.git", Https, "ghe.example.com", Some(8443)),
        ("http://127.0.0.1:3000/octo/widget.git", Http, "127.0.0.1", Some(3000)),
        ("http://[::1]:3000/octo/widget.git", Http, "::1", Some(3000)),
        ("git@github.com:octo/widget.git", Ssh, "github.com", None),
        ("github.com:octo/widget", Ssh, "github.com", None),
        ("git@github.com:/octo/widget.git", Ssh, "github.com", None),
        ("org-123@ghe.example.com:octo/widget.git", Ssh, "ghe.example.com", None),
        ("ssh://git@github.com/octo/widget.git", Ssh, "github.com", None),
        ("ssh://git@ghe.example.com:2222/octo/widget.git", Ssh, "ghe.example.com", Some(2222)),
        ("ssh://git@ssh.github.com:443/octo/widget.git", Ssh, "github.com", None),
        ("git+ssh://git@github.com/octo/widget", Ssh, "github.com", None),
        ("git://github.com/octo/widget.git", Git, "github.com", None),
        ("gh-work:octo/widget.git", Ssh, "gh-work", None),
    ] {
        let url = forge(raw);
        assert_eq!((url.transport, url.host.as_str(), url.port), (transport, host, port), "{raw}");
        assert_eq!(url.repo().unwrap().as_str(), "octo/widget", "{raw}");
        assert!(!url.raw.raw().contains("s3cret") && !url.raw.raw().contains("token@"), "{raw}");
    }
}

#[test]
fn names_with_dots_and_dashes_stay_whole() {
    let url = forge("https://github.com/octo-org/widget.rs.git");
    assert_eq!((url.owner.as_str(), url.name.as_str()), ("octo-org", "widget.rs"));
}

#[test]
fn directories_are_local() {
    for raw in ["/srv/git/widget.git", "../widget", "./a:b/c", "file:///srv/git/widget.git", "widget"] {
        assert!(matches!(Address::parse(raw), Address::Local(_)), "{raw}: {:?}", Address::parse(raw));
    }
}

#[test]
fn hostile_and_foreign_forms_are_refused() {
    for raw in [
        "",
        "ext::sh -c touch% /tmp/pwn",
        "ext::https://github.com/octo/widget",
        "fd::17",
        "transport::address",
        "-oProxyCommand=touch",
        "--upload-pack=touch",
        "ssh://-oProxyCommand=touch/octo/widget",
        "ssh://git@-oProxyCommand=touch/octo/widget",
        "ssh://-x@host/octo/widget",
        "-x@host:octo/widget",
        "git@-host:octo/widget",
        "https://github.com",
        "https://github.com/octo",
        "https://github.com/octo/widget/extra",
        "https://github.com/../widget",
        "https://github.com/octo/-widget",
        "https://github.com:port/octo/widget",
        "https://github.com:99999/octo/widget",
        "https:///octo/widget",
        "https://exa mple.com/octo/widget",
        "https://github.com/octo/wid\nget",
        "https://evil\u{202e}.com/octo/widget",
        "ftp://github.com/octo/widget",
        "javascript://github.com/octo/widget",
    ] {
        assert!(matches!(Address::parse(raw), Address::Refused { .. }), "{raw:?}: {:?}", Address::parse(raw));
    }
}

#[test]
fn secrets_leave_every_address_in_a_text() {
    let text =
        "fatal: unable to access 'https://ada:s3c@ret@h.example/o/w/': and ssh://git@h/o/w, a@b.org stays";
    let clean = without_secrets(text);
    assert_eq!(clean, "fatal: unable to access 'https://h.example/o/w/': and ssh://h/o/w, a@b.org stays");
    assert_eq!(without_secrets("no address"), "no address");
}
