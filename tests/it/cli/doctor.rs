//! `gonogo doctor`: a line for each thing, and the next step where it is not well.
use super::bench::{Bench, Ran};
use crate::forge::server::{Asked, Say, Server};
use crate::git::yard::run;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;

/// State and text of each line of an area.
fn lines(ran: &Ran, area: &str) -> Vec<(String, String)> {
    let said: Value = serde_json::from_str(&ran.out).unwrap_or_else(|why| panic!("{why}: {ran:?}"));
    let all = said["lines"].as_array().unwrap().clone();
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let here = all.iter().filter(|line| line["area"] == area);
    here.map(|line| (text(line, "state"), text(line, "text"))).collect()
}

fn doctor(bench: &Bench) -> Ran {
    bench.run(&["doctor", "--offline", "--json"])
}

fn state(ran: &Ran, area: &str) -> String {
    lines(ran, area).into_iter().map(|(state, _)| state).max().unwrap_or_default()
}

#[test]
fn a_sound_machine_has_nothing_bad() {
    let bench = Bench::new()
        .variable("TERM", "xterm-256color")
        .variable("LANG", "C.UTF-8")
        .variable("GONOGO_TOKEN", "ghp_0123456789012345678901234567890123456789");
    let ran = doctor(&bench);
    assert_eq!(ran.code, 0, "{}", ran.out);
    for area in ["repository", "refs", "remote", "token", "terminal", "locale", "state"] {
        assert_eq!(state(&ran, area), "ok", "{area}: {:?}", lines(&ran, area));
    }
    assert_eq!(lines(&ran, "remote")[0].1, "origin is octo/widget on github.com");
    assert_eq!(lines(&ran, "refs")[0].1, "2 branches, 2 tags");
    let token = &lines(&ran, "token")[0].1;
    assert!(token.starts_with("classic personal access token from GONOGO_TOKEN"), "{token}");
    assert!(!ran.out.contains("ghp_") && !ran.out.contains("0123456789"), "the token is never shown");
    assert!(!bench.path("state/gonogo").exists(), "looking makes nothing");
}

#[test]
fn each_line_that_is_not_well_says_what_to_do() {
    let ran = doctor(&Bench::empty());
    let said: Value = serde_json::from_str(&ran.out).unwrap();
    for line in said["lines"].as_array().unwrap() {
        assert_eq!(line["state"] == "ok", line["next"] == "", "{line}");
    }
}

#[test]
fn what_is_missing_is_a_warning_and_the_cockpit_opens_all_the_same() {
    let bench = Bench::empty().variable("TERM", "dumb");
    let ran = doctor(&bench);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(lines(&ran, "remote")[0].1.starts_with("none: "));
    assert!(lines(&ran, "terminal")[0].1.starts_with("TERM=dumb: no full screen"));
    assert_eq!(state(&ran, "locale"), "warn");
    assert!(lines(&ran, "repository")[0].1.contains("which has no commit yet"));
    let ran = doctor(&Bench::new());
    assert!(lines(&ran, "token")[0].1.starts_with("none for github.com: "), "{}", ran.out);
}

#[test]
fn what_the_terminal_cannot_show_is_said() {
    let ran = doctor(&Bench::new().variable("TERM", "vt100").variable("LC_ALL", "C"));
    assert!(lines(&ran, "terminal")[0].1.contains("TERM=vt100, no colours"), "{}", ran.out);
    assert!(lines(&ran, "locale")[0].1.contains("ASCII"), "{}", ran.out);
    assert_eq!(state(&ran, "locale"), "ok", "what is drawn can be shown");
    let bench =
        Bench::new().variable("LC_ALL", "C").write("config/gonogo/config.toml", "glyphs = \"unicode\"\n");
    assert_eq!(state(&doctor(&bench), "locale"), "warn", "it is the user's own choice");
}

#[test]
fn a_token_command_that_fails_is_bad_and_says_nothing_of_its_output() {
    let bench =
        Bench::new().write("config/gonogo/config.toml", "token_command = [\"no-such-program-here\"]\n");
    let ran = doctor(&bench);
    assert_eq!((ran.code, state(&ran, "token").as_str()), (3, "bad"));
    let script = bench.yard.script("leaky", "echo s3cret-value; exit 1");
    let bench = bench.write("config/gonogo/config.toml", &format!("token_command = [\"{script}\"]\n"));
    let ran = doctor(&bench);
    assert_eq!(state(&ran, "token"), "bad", "{}", ran.out);
    assert!(!ran.out.contains("s3cret"), "{}", ran.out);
}

#[test]
fn mistakes_in_the_configuration_point_to_check() {
    let bench = Bench::new().write("repo/gonogo.toml", "poll = 1\nfoo = 1\n");
    let ran = doctor(&bench);
    assert_eq!(ran.code, 3);
    assert!(
        lines(&ran, "config").contains(&("bad".to_owned(), "gonogo.toml: 2 wrong".to_owned())),
        "{}",
        ran.out
    );
}

#[test]
fn a_state_directory_open_to_others_is_bad() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new();
    let dir = bench.path("state/gonogo");
    std::fs::create_dir(&dir).unwrap();
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o777)).unwrap();
    let ran = doctor(&bench);
    assert_eq!((ran.code, state(&ran, "state").as_str()), (3, "bad"), "{}", ran.out);
}

/// A machine with an `ssh` that prints so much for `ssh -G -- ALIAS`, and nothing else.
fn with_ssh(printed: &str) -> Bench {
    let script = format!("#!/bin/sh\n[ \"$1 $2\" = \"-G --\" ] || exit 9\ncat <<'END'\n{printed}END\n");
    let bench = Bench::new().write("bin/ssh", &script);
    std::fs::set_permissions(bench.path("bin/ssh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bench.path("bin").display(), std::env::var("PATH").unwrap());
    bench.variable("PATH", &path)
}

#[test]
fn an_alias_of_ssh_is_the_host_that_it_stands_for() {
    let bench = with_ssh("user git\nhostname ssh.github.com\nport 443\n").variable("GH_TOKEN", "ghp_abc");
    bench.yard.git(&["remote", "set-url", "origin", "gh:octo/widget.git"]);
    let ran = doctor(&bench);
    assert_eq!(lines(&ran, "host")[0].1, "gh is ssh.github.com to ssh");
    assert!(lines(&ran, "token")[0].1.ends_with("from GH_TOKEN, for github.com"), "{}", ran.out);
    assert!(ran.out.contains("https://api.github.com was not asked"), "{}", ran.out);
}

#[test]
fn an_alias_that_ssh_does_not_know_names_the_key_to_set() {
    for printed in ["hostname gh\n", "", "hostname -oProxyCommand=id\n"] {
        let bench = with_ssh(printed);
        bench.yard.git(&["remote", "set-url", "origin", "git@gh:octo/widget.git"]);
        let ran = doctor(&bench);
        assert_eq!(state(&ran, "host"), "warn", "{}", ran.out);
        assert!(ran.out.contains(r#"[api_urls] \"gh\" = \"https://api.github.com\""#), "{}", ran.out);
    }
    let named = "[api_urls]\n\"gh\" = \"https://api.github.com\"\n";
    let bench = with_ssh("hostname nonsense\n").write("config/gonogo/config.toml", named);
    bench.yard.git(&["remote", "set-url", "origin", "gh:octo/widget.git"]);
    let ran = doctor(&bench);
    assert!(lines(&ran, "host").is_empty() && ran.out.contains("for github.com"), "{}", ran.out);
}

#[test]
fn remotes_that_cannot_be_used() {
    let bench = Bench::new();
    bench.yard.git(&["remote", "set-url", "origin", "ext::sh -c id"]);
    assert_eq!(state(&doctor(&bench), "remote"), "bad");
    bench.yard.git(&["remote", "rename", "origin", "one"]);
    bench.yard.git(&["remote", "add", "two", "https://github.com/octo/two.git"]);
    let ran = doctor(&bench);
    assert!(
        lines(&ran, "remote")[0].1.contains("several, and none is called upstream or origin: one, two"),
        "{}",
        ran.out
    );
    let bench = bench.write("repo/gonogo.toml", "remote = \"two\"\n");
    assert_eq!(lines(&doctor(&bench), "remote")[0].1, "two is octo/two on github.com");
}

/// A bench whose forge is a server on loopback that answers so.
fn with_forge(answer: impl FnMut(&Asked) -> Say + Send + 'static) -> (Ran, Vec<String>) {
    let bench = Bench::new().variable("GONOGO_TOKEN", "ghp_0123456789012345678901234567890123456789");
    run(async {
        let server = Server::start(answer).await;
        let url = server.url.clone();
        let doctor = move || bench.run(&["doctor", "--json", "--api-url", &url]);
        (tokio::task::spawn_blocking(doctor).await.unwrap(), server.lines())
    })
}

#[test]
fn the_forge_says_who_the_token_belongs_to_and_what_it_may_do() {
    let (ran, asked) = with_forge(|asked| {
        let body = match asked.path() {
            "/user" => json!({"login": "ada\u{202e}"}),
            _ => {
                json!({"full_name": "octo/widget", "default_branch": "main", "permissions": {"push": false, "pull": true}})
            }
        };
        Say::json(200, body).with("x-oauth-scopes", "repo, read:org")
    });
    assert_eq!(ran.code, 0, "{} {asked:?}", ran.out);
    let login = &lines(&ran, "login")[0].1;
    assert!(login.starts_with("ada⟨U+202E⟩ at http://127.0.0.1:"), "{login}");
    assert!(login.contains("scopes repo, read:org"), "{login}");
    assert_eq!(state(&ran, "permission"), "warn");
    assert!(!ran.out.contains("ghp_"));
}

#[test]
fn a_token_that_is_refused_is_bad() {
    let (ran, asked) = with_forge(|_| Say::json(401, json!({"message": "Bad credentials"})));
    assert_eq!((ran.code, state(&ran, "forge").as_str()), (3, "bad"), "{} {asked:?}", ran.out);
    assert!(!asked.is_empty());
}

#[test]
fn a_directory_for_a_remote_is_asked_of_the_forge_that_the_options_name() {
    let bench = Bench::new().variable("GONOGO_TOKEN", "ghp_0123456789012345678901234567890123456789");
    let origin = bench.path("origin.git");
    bench.yard.git(&["init", "-q", "--bare", origin.to_str().unwrap()]);
    bench.yard.git(&["remote", "set-url", "origin", origin.to_str().unwrap()]);
    let alone = doctor(&bench);
    assert_eq!((alone.code, state(&alone, "remote").as_str()), (0, "warn"), "{}", alone.out);
    let (ran, asked) = run(async {
        let server = Server::start(|_| Say::json(401, json!({"message": "Bad credentials"}))).await;
        let url = server.url.clone();
        let args = move || bench.run(&["doctor", "--json", "--api-url", &url, "--repository", "o/r"]);
        (tokio::task::spawn_blocking(args).await.unwrap(), server.lines())
    });
    assert_eq!((ran.code, state(&ran, "forge").as_str()), (3, "bad"), "{} {asked:?}", ran.out);
    assert!(lines(&ran, "remote")[0].1.contains("o/r"), "{}", ran.out);
    assert_eq!(state(&ran, "token"), "ok", "{}", ran.out);
    assert!(!asked.is_empty());
}

#[test]
fn the_text_form_has_a_word_for_each_state() {
    let bench = Bench::new();
    let ran = bench.run(&["doctor", "--offline"]);
    assert!(ran.out.lines().any(|line| line.starts_with("ok    repository")), "{}", ran.out);
    assert!(ran.out.lines().any(|line| line.starts_with("warn  token")), "{}", ran.out);
    assert!(
        ran.out
            .lines()
            .any(|line| line.trim_start().starts_with("next: gh auth login --hostname github.com"))
    );
    ran.is_clean();
}
