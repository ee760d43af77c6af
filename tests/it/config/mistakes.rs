//! Every mistake: file, line, column, key, what was expected, the nearest name.
use super::Home;

fn user(text: &str) -> Vec<String> {
    Home::new().user(text).findings()
}

#[test]
fn a_table_of_mistakes() {
    let cases = [
        (
            "poll = \"often\"\n",
            "user/config.toml:1:8: error: poll cannot be \"often\" | expected 0 to pause, or seconds from 10 to 3600",
        ),
        (
            "\npoll = 5\n",
            "user/config.toml:2:8: error: poll cannot be 5 | expected 0 to pause, or seconds from 10 to 3600",
        ),
        (
            "poll = -1\n",
            "user/config.toml:1:8: error: poll cannot be -1 | expected 0 to pause, or seconds from 10 to 3600",
        ),
        (
            "glyphs = \"asci\"\n",
            "user/config.toml:1:10: error: glyphs cannot be \"asci\" | did you mean \"ascii\"?; expected unicode, ascii or nerd",
        ),
        (
            "mouse = \"off\"\n",
            "user/config.toml:1:9: error: mouse cannot be \"off\" | expected true or false",
        ),
        (
            "mouse = { a = 1 }\n",
            "user/config.toml:1:9: error: mouse cannot be a table | expected true or false",
        ),
        ("[mouse]\n", "user/config.toml:1:1: error: mouse cannot be a table | expected true or false"),
        (
            "time = 1979-05-27\n",
            "user/config.toml:1:8: error: time cannot be 1979-05-27 | expected local or utc",
        ),
        (
            "browser_hosts = [\"ci.example.com\", \"https://x/\"]\n",
            "user/config.toml:1:36: error: browser_hosts cannot be \"https://x/\" | a host has no scheme and no path; expected a list of hosts: [\"ci.example.com\"]",
        ),
        (
            "token_command = \"pass show x\"\n",
            "user/config.toml:1:17: error: token_command cannot be \"pass show x\" | expected a program and its arguments, each a text: [\"pass\", \"show\", \"github\"]",
        ),
        (
            "token_command = [\"pass show x\"]\n",
            "user/config.toml:1:17: error: token_command cannot be a list | there is no shell: write the program and each argument as a text of its own; expected a program and its arguments, each a text: [\"pass\", \"show\", \"github\"]",
        ),
        (
            "[api_urls]\n\"git.example.com\" = \"http://git.example.com\"\n",
            "user/config.toml:2:21: error: api_urls cannot be \"http://git.example.com\" | a token must not travel in the clear: https only; expected hosts and their addresses: \"git.example.com\" = \"https://git.example.com/api/v3\"",
        ),
        (
            "[api_urls]\n\"https://git\" = \"https://git\"\n",
            "user/config.toml:2:1: error: api_urls cannot be \"https://git\" | the key is a host in quotes, without scheme and path; expected hosts and their addresses: \"git.example.com\" = \"https://git.example.com/api/v3\"",
        ),
        (
            "trusted = [\"sha256:12\"]\n",
            "user/config.toml:1:12: error: trusted cannot be \"sha256:12\" | expected a list of hashes, as `gonogo check` prints them: [\"sha256:…\"]",
        ),
        (
            "remote = \"-o\"\n",
            "user/config.toml:1:10: error: remote cannot be \"-o\" | expected the name of a remote, as `git remote` lists them",
        ),
        (
            "present = true\n",
            "user/config.toml:1:11: error: present is a table | write [present] and its keys below",
        ),
        ("keys = []\n", "user/config.toml:1:8: error: keys is a table | write [keys] and its keys below"),
        (
            "[present]\nstrat = true\n",
            "user/config.toml:2:1: error: unknown key \"strat\" in present | did you mean \"start\"? Keys here: start, theme",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(user(text), [expected], "{text}");
    }
}

#[test]
fn an_unknown_key_names_the_nearest_and_all() {
    let found = user("tehme = \"dark\"\n");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("user/config.toml:1:1: error: unknown key \"tehme\" | did you mean \"theme\"? Keys here: theme, glyphs,"),
        "{}",
        found[0]
    );
    assert!(found[0].ends_with("api_urls, announce, present, keys, process"), "{}", found[0]);
    assert!(!user("zzzzzz = 1\n")[0].contains("did you mean"));
}

#[test]
fn an_unknown_theme_names_the_nearest_and_where_it_was_looked_for() {
    assert_eq!(
        user("[present]\n\ntheme = \"drak\"\n"),
        [
            "user/config.toml:3:1: error: present.theme: no theme is called \"drak\" | did you mean \"dark\"? Themes: auto, dark, light, ansi16, mono, colourblind, present; there is no user/themes/drak.toml"
        ]
    );
    let found = user("theme = \"../../etc/passwd\"\n");
    assert!(
        found[0].starts_with("user/config.toml:1:9: error: theme cannot be \"../../etc/passwd\""),
        "{}",
        found[0]
    );
}

#[test]
fn all_mistakes_are_told_in_one_run_and_the_rest_is_taken() {
    let home = Home::new().user("theme = 1\npoll = \"x\"\nmouse = false\nfoo = 1\n");
    let lines: Vec<_> = home.findings().iter().map(|it| it.split(": ").next().unwrap().to_owned()).collect();
    assert_eq!(lines, ["user/config.toml:1:9", "user/config.toml:2:8", "user/config.toml:4:1"]);
    assert!(!home.load().config.mouse);
    assert!(home.load().ready().is_err());
}

#[test]
fn text_that_is_no_toml() {
    let found = user("theme = \"dark\"\npoll = = 3\n");
    assert!(found[0].starts_with("user/config.toml:2:8: error: "), "{found:?}");
    assert!(found[0].ends_with("see https://toml.io for how TOML is written"), "{found:?}");
    // A key twice.
    let found = user("poll = 30\npoll = 40\n");
    assert!(found[0].starts_with("user/config.toml:2:1: error: duplicate key"), "{found:?}");
}

#[test]
fn columns_count_characters_and_not_bytes() {
    let found = user("browser_hosts = [\"é\", 1]\n");
    assert!(found[0].starts_with("user/config.toml:1:18: error: browser_hosts cannot be \"é\""), "{found:?}");
    let found = user("present = { theme = \"dark\", stárt = true }\n");
    assert!(found[0].starts_with("user/config.toml:1:29: error: unknown key \"stárt\""), "{found:?}");
}

#[test]
fn key_bindings_that_clash_name_the_line_and_both_actions() {
    assert_eq!(
        user("[keys]\n\nrefresh = \"j\"\n"),
        [
            "user/config.toml:3:1: error: keys: j of refresh clashes with j or down of down | give down another key as well"
        ]
    );
    let found = user("[keys.ci]\nlog = \"f9\"\nsort = \"f9\"\n");
    assert_eq!(
        found,
        [
            "user/config.toml:3:1: error: keys: f9 of sort clashes with f9 of log | give log another key as well; log is overridden at user/config.toml:2"
        ]
    );
}

#[test]
fn wrong_key_bindings() {
    let cases = [
        (
            "[keys]\nrefersh = \"x\"\n",
            "user/config.toml:2:1: error: keys: no action is called \"refersh\" | did you mean \"refresh\"?",
        ),
        (
            "[keys]\nrefresh = \"hyper-x\"\n",
            "user/config.toml:2:1: error: keys: \"hyper-x\" is no key; write j, G, gg, ctrl-d, enter, space, f5 | see gonogo keys",
        ),
        (
            "[keys.ci]\nrerun = \"f\"\n",
            "user/config.toml:2:1: error: keys: rerun leaves this machine, and its key must be an upper-case letter | lower case stays here, UPPER CASE goes out",
        ),
        (
            "[keys]\nrefresh = 5\n",
            "user/config.toml:2:11: error: keys.refresh cannot be 5 | expected a key or a list of keys: \"r\", [\"r\", \"f5\"]",
        ),
        (
            "[keys]\nrefresh = [\"r\", true]\n",
            "user/config.toml:2:17: error: keys.refresh cannot be true | expected a key or a list of keys: \"r\", [\"r\", \"f5\"]",
        ),
        (
            "[keys.cl]\nrerun = \"F\"\n",
            "user/config.toml:1:7: error: no tab is called \"cl\" in keys | did you mean \"ci\"? Tabs: overview, milestone, ci, branches, picks, checklist, candidate, journal",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(user(text), [expected], "{text}");
    }
}

#[test]
fn hostile_text_is_never_repeated_raw() {
    let hostile = "\u{202e}\u{9b}31m\u{200b}";
    let texts = [
        format!("theme = \"{hostile}\"\n"),
        format!("\"{hostile}\" = 1\n"),
        format!("[keys]\n\"{hostile}\" = \"x\"\n"),
        format!("[keys]\nrefresh = \"{hostile}\"\n"),
        format!("[keys.\"{hostile}\"]\na = \"x\"\n"),
        format!("[present]\n\"{hostile}\" = 1\n"),
        format!("[api_urls]\n\"{hostile}\" = \"https://x\"\n"),
        format!("[api_urls]\n\"x\" = \"https://{hostile}\"\n"),
        format!("browser_hosts = [\"{hostile}\"]\n"),
        format!("remote = \"{hostile}\"\n"),
        format!("editor = [\"{hostile}\"]\n"),
        "theme = \"\\u001b]0;x\\u0007\"\n".to_owned(),
        "theme = \"\u{1b}[2J\"\n".to_owned(),
        "\u{1b}[2J = 1\n".to_owned(),
        "theme = \u{202e}\n".to_owned(),
    ];
    for text in texts {
        let found = user(&text);
        assert!(!found.is_empty(), "{text:?}");
        for line in found {
            let bad = line.chars().find(|c| c.is_control() || "\u{202e}\u{9b}\u{200b}".contains(*c));
            assert_eq!(bad, None, "{line:?}");
        }
    }
}

#[test]
fn files_that_are_no_text() {
    let home = Home::new();
    std::fs::write(home.path("user/config.toml"), b"theme = \"\xff\"\n").unwrap();
    assert_eq!(home.findings(), ["user/config.toml:1:1: error: it cannot be read: it is no UTF-8 text"]);
    let home = Home::new().user(&"#".repeat(1 << 21));
    assert_eq!(home.findings(), ["user/config.toml:1:1: error: it cannot be read: it is longer than 1 MiB"]);
    let home = Home::new();
    std::fs::create_dir(home.path("user/config.toml")).unwrap();
    assert_eq!(home.findings(), ["user/config.toml:1:1: error: it cannot be read: it is no regular file"]);
}

#[test]
fn a_file_that_was_named_must_be_there() {
    use gonogo::config::{Places, load};
    let home = Home::new();
    let path = home.path("user/none.toml");
    let places = Places { user: Some(path), named: true, root: None };
    let found = load(&places, &|_| None, &[]).findings;
    assert_eq!(
        home.short(&found[0].to_string()),
        "user/none.toml:1:1: error: there is no such file | it was named by --config or GONOGO_CONFIG"
    );
    assert_eq!(home.findings(), [""; 0]);
}
