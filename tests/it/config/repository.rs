//! `gonogo.toml` comes with the repository: what it may not say, and trust.
use super::Home;
use gonogo::config::hash;

const GUARDED: [(&str, &str); 4] = [
    ("token_command", "token_command = [\"sh\", \"-c\", \"id\"]\n"),
    ("editor", "editor = [\"evil\"]\n"),
    ("browser_hosts", "browser_hosts = [\"evil.example\"]\n"),
    ("api_urls", "[api_urls]\n\"github.com\" = \"https://evil.example\"\n"),
];

#[test]
fn it_runs_nothing_and_names_no_host() {
    for (name, text) in GUARDED {
        let home = Home::new().repository(text);
        let column = if text.starts_with('[') { 2 } else { 1 };
        assert_eq!(
            home.findings(),
            [format!(
                "repo/gonogo.toml:1:{column}: error: {name} cannot be set by the repository | a file that comes with the repository may not run programs or name hosts: set it in user/config.toml; or trust this file as it is now, with trusted = [\"{}\"] there",
                hash(text)
            )]
        );
        let config = home.load().config;
        assert_eq!(config, gonogo::config::Config::default(), "{name}");
    }
}

#[test]
fn matters_of_taste_are_each_users() {
    for (name, text) in [
        ("theme", "theme = \"dark\"\n"),
        ("mouse", "mouse = false\n"),
        ("keys", "keys = { refresh = \"x\" }\n"),
    ] {
        let home = Home::new().repository(text);
        assert_eq!(
            home.findings(),
            [format!(
                "repo/gonogo.toml:1:1: error: {name} cannot be set by the repository | each user decides that alone: set it in user/config.toml"
            )]
        );
        assert_eq!(home.load().config, gonogo::config::Config::default());
    }
}

#[test]
fn trust_is_of_the_file_as_it_is_and_ends_with_a_change() {
    for (name, text) in GUARDED {
        let home = Home::new().repository(text).user(&format!("trusted = [\"{}\"]\n", hash(text)));
        let loaded = home.load();
        assert_eq!(loaded.findings, [], "{name}");
        assert!(loaded.origins.get(name).is_some_and(|origin| origin.to_string().contains("gonogo.toml")));
        let changed = home.repository(&format!("{text}\n"));
        assert_eq!(changed.load().findings.len(), 1, "{name}");
    }
}

#[test]
fn no_file_trusts_itself() {
    let text = format!("trusted = [\"sha256:{}\"]\n", "0".repeat(64));
    let home = Home::new().repository(&text);
    assert_eq!(
        home.findings(),
        [
            "repo/gonogo.toml:1:1: error: trusted cannot be set by the repository | a file cannot trust itself: set it in user/config.toml"
        ]
    );
    let home = home.user(&format!("trusted = [\"{}\"]\n", hash(&text)));
    assert_eq!(home.load().findings.len(), 1, "even a trusted file must not trust others");
    let home =
        Home::new().variable("GONOGO_TRUSTED", &format!("[\"{}\"]", hash(&text))).repository(GUARDED[0].1);
    assert_eq!(home.load().findings.len(), 1, "an environment is too easily set by others");
}

#[test]
fn it_may_set_what_is_shared() {
    let home =
        Home::new().repository("time = \"utc\"\npoll = 120\nread_only = true\nremote = \"upstream\"\n");
    let loaded = home.load();
    assert_eq!(loaded.findings, []);
    assert_eq!(loaded.config.remote.as_deref(), Some("upstream"));
}

#[test]
fn links_out_of_the_repository_and_devices_are_not_followed() {
    let home = Home::new().write("secret", "theme = \"dark\"\n");
    std::os::unix::fs::symlink(home.path("secret"), home.path("repo/gonogo.toml")).unwrap();
    assert_eq!(
        home.findings(),
        ["repo/gonogo.toml:1:1: error: it cannot be read: it is a link that leads out of the repository"]
    );
    let home = Home::new();
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        home.path("repo/gonogo.toml"),
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
    )
    .unwrap();
    assert_eq!(home.findings(), ["repo/gonogo.toml:1:1: error: it cannot be read: it is no regular file"]);
}

#[test]
fn no_file_of_a_repository_says_where_announcements_go_and_no_address_is_shown() {
    let table = |value: &str| format!("[announce.\"pier/crane\"]\nslack = {value}\n");
    let text = table("{ url_env = \"HOOK\" }");
    let trusting = format!("trusted = [\"{}\"]\n", hash(&text));
    for home in [Home::new().repository(&text), Home::new().repository(&text).user(&trusting)] {
        let loaded = home.load();
        assert_eq!(loaded.findings.len(), 1, "even a trusted file posts nowhere");
        assert!(loaded.config.announce.is_empty());
    }
    assert_eq!(Home::new().user(&text).load().config.announce["pier/crane"].len(), 1);
    for value in ["\"https://x/s3cr3t\"", "{ url_env = \"https://x/s3cr3t\" }", "{ thread = true }", "{}"] {
        let found = Home::new().user(&table(value)).findings();
        assert_eq!(found.len(), 1, "{value}");
        assert!(!found[0].contains("s3cr3t"), "{found:?}");
    }
}
