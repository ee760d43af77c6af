//! Exit codes, help, and what is made from the program's own tables.
use super::bench::Bench;
use gonogo::screen::keymap::ACTIONS;

#[test]
fn usage_errors_exit_2_and_help_exits_0() {
    let bench = Bench::new();
    for args in [
        &["nonsense"][..],
        &["--nonsense"],
        &["demo", "--volume", "0"],
        &["demo", "--volume", "many"],
        &["journal"],
        &["journal", "export"],
        &["journal", "export", "--json", "--markdown"],
        &["init", "--stdout", "--force"],
        &["completions", "cmd.exe"],
        &["--read-only", "check"],
        &["demo", "--repo", ".", "--hostile"],
    ] {
        let ran = bench.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.err.contains("Usage: gonogo") || ran.err.contains("--help"), "{args:?}: {}", ran.err);
    }
    for args in [&["--help"][..], &["-h"], &["help", "check"], &["journal", "show", "--help"], &["--version"]]
    {
        let ran = bench.run(args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    }
}

#[test]
fn the_version_is_the_packages() {
    assert_eq!(Bench::empty().run(&["--version"]).out, format!("gonogo {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_command_and_option_says_what_it_is_for() {
    use clap::CommandFactory as _;
    fn look(command: &clap::Command) {
        assert!(command.get_about().is_some(), "{} says nothing", command.get_name());
        for arg in command.get_arguments().filter(|arg| !["help", "version"].contains(&arg.get_id().as_str()))
        {
            assert!(arg.get_help().is_some(), "{} {} says nothing", command.get_name(), arg.get_id());
        }
        command.get_subcommands().for_each(look);
    }
    let mut command = gonogo::cli::Cli::command();
    command.clone().debug_assert();
    command.build();
    look(&command);
}

#[test]
fn the_command_line_overrides_the_configuration_and_is_checked_like_it() {
    let bench = Bench::new();
    let ran = bench.run(&["status", "--api-url", "http://git.example.com"]);
    assert_eq!(ran.code, 2);
    assert_eq!(
        ran.err,
        "--api-url:1:1: error: the address of the API cannot be \"http://git.example.com\"\n  hint: a token must not travel in the clear: https only\n"
    );
    let ran = bench.run(&["status", "--token-command", "pass 'show"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (2, "--token-command: it is empty, or a quote in it is left open\n")
    );
    let ran = bench.run(&["status", "--process", "lama-stack"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean \"llama-stack\"?"), "{}", ran.err);
}

#[test]
fn keys_lists_every_action_with_the_users_keys() {
    let bench = Bench::new()
        .write("config/gonogo/config.toml", "[keys]\nrefresh = \"f5\"\n[keys.ci]\nrefresh = \"f6\"\n");
    let ran = bench.run(&["keys"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, ACTIONS.len()));
    for (line, def) in ran.out.lines().zip(ACTIONS) {
        assert!(line.contains(def.name) && line.contains(def.help), "{line}");
    }
    assert!(ran.out.lines().any(|line| line.starts_with("f5 (ci: f6)")), "{}", ran.out);
    let ran = bench.run(&["keys", "--markdown"]);
    assert_eq!(ran.out.lines().count(), ACTIONS.len() + 2);
    assert!(
        ran.out
            .starts_with("| Keys | Action | What it does | Where |\n|---|---|---|---|\n| `enter` | enter |")
    );
    for line in ran.out.lines() {
        assert_eq!(line.replace("\\|", "").matches('|').count(), 5, "{line}");
    }
}

#[test]
fn keys_of_a_wrong_configuration_are_not_made_up() {
    let bench = Bench::new().write("config/gonogo/config.toml", "[keys]\nrefresh = \"j\"\n");
    let ran = bench.run(&["keys"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.starts_with("config/gonogo/config.toml:2:1: error: keys: "), "{}", ran.err);
}

#[test]
fn config_prints_values_with_origins_and_the_default_whole() {
    let bench =
        Bench::new().write("config/gonogo/config.toml", "theme = \"light\"\n").variable("GONOGO_POLL", "30");
    let ran = bench.run(&["config"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("# config/gonogo/config.toml: read\n# gonogo.toml: not there\n"), "{}", ran.out);
    assert!(
        ran.out
            .lines()
            .any(|line| line.starts_with("theme = \"light\"")
                && line.ends_with("# config/gonogo/config.toml:1"))
    );
    assert!(ran.out.lines().any(|line| line.starts_with("poll = 30") && line.ends_with("# GONOGO_POLL")));
    assert_eq!(bench.run(&["config", "--default"]).out, gonogo::config::EXAMPLE);
    let json: serde_json::Value = serde_json::from_str(&bench.run(&["config", "--json"]).out).unwrap();
    assert_eq!(json["values"][0]["key"], "theme");
    assert_eq!(json["values"][0]["value"], "light");
    let other = bench.path("home/other.toml");
    std::fs::write(&other, "theme = \"dark\"\n").unwrap();
    let ran = bench.run(&["config", "--config", other.to_str().unwrap()]);
    assert!(ran.out.contains("theme = \"dark\""), "{}", ran.out);
    let ran = bench.run(&["config", "--config", "/nowhere/x.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("/nowhere/x.toml:1:1: error: there is no such file"), "{}", ran.err);
}

#[test]
fn the_default_that_is_printed_is_a_configuration() {
    let bench = Bench::new();
    let text = bench.run(&["config", "--default"]).out;
    let bench = bench.write("config/gonogo/config.toml", &text);
    assert_eq!(bench.run(&["check"]).code, 0);
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let bench = Bench::empty();
    let man = bench.run(&["man"]);
    assert_eq!(man.code, 0);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = bench.run(&["completions", shell]);
        assert_eq!(ran.code, 0);
        for command in
            ["open", "demo", "init", "check", "status", "doctor", "journal", "metrics", "replay", "themes"]
        {
            assert!(ran.out.contains(command), "{shell} does not know {command}");
            assert!(man.out.contains(&format!(".SH \"GONOGO {}\"", command.to_uppercase())), "{command}");
        }
    }
    assert!(man.out.contains(".SH \"GONOGO JOURNAL EXPORT\""));
    for def in ACTIONS {
        assert!(man.out.contains(&format!("({})", def.name)), "{} is not in the manual", def.name);
    }
}

#[test]
fn outside_of_a_repository_commands_say_so() {
    let bench = Bench::new();
    let dir = bench.path("home");
    for (args, code) in [
        (&["init"][..], 2),
        (&["status"], 2),
        (&["picks"], 2),
        (&["check"], 2),
        (&["versions"], 2),
        (&["versions", "."], 2),
        (&["open"], 2),
        (&["replay"], 2),
        (&["versions", "--process", "crossplane"], 2),
        (&["next", "--process", "crossplane"], 2),
        (&["demo", "--repo", "."], 2),
        (&["journal", "path"], 2),
        (&["metrics"], 2),
        // What it checks is bad, which is what it is asked.
        (&["doctor", "--offline"], 3),
    ] {
        let ran = bench.run_in(&dir, args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("is in no git repository"), "{args:?}: {said}");
    }
    assert!(bench.run(&["--help"]).out.replace("\n", " ").contains("no git repository there"));
    // A repository that is there and cannot be read is another thing.
    std::fs::create_dir_all(dir.join("broken/.git")).unwrap();
    for name in ["objects", "refs", "HEAD"] {
        std::fs::create_dir(dir.join("broken/.git").join(name)).unwrap();
    }
    std::fs::write(dir.join("broken/.git/config"), "[core\n").unwrap();
    for args in [&["init"][..], &["status"], &["picks"], &["journal", "path"]] {
        let ran = bench.run_in(&dir.join("broken"), args);
        assert_eq!(ran.code, 3, "{args:?}: {ran:?}");
    }
    // A preset is checked anywhere; what is in force here is only where a repository is.
    assert_eq!(bench.run_in(&dir, &["check", "--process", "crossplane"]).code, 0);
    assert_eq!(bench.run_in(&dir, &["keys"]).code, 0);
}

#[test]
fn a_base16_scheme_becomes_a_theme_that_checks() {
    let colours: String =
        (0..16).map(|n| format!("base{n:02X}: \"{n:x}{n:x}{n:x}{n:x}{n:x}{n:x}\"\n")).collect();
    let bench = Bench::new().write("repo/grey.yaml", &format!("scheme: \"Grey\"\n{colours}"));
    let ran = bench.run(&["themes", "import", "grey.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let bench = bench
        .write("config/gonogo/themes/grey.toml", &ran.out)
        .write("config/gonogo/config.toml", "theme = \"grey\"\n");
    assert_eq!(bench.run(&["check"]).code, 0);
    assert_eq!(bench.run(&["themes", "import", "none.yaml"]).code, 3);
    let bench = bench.write("repo/bad.yaml", "base00: \"zz\u{202e}\"\n");
    let ran = bench.run(&["themes", "import", "bad.yaml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.starts_with("bad.yaml: line 1: "), "{}", ran.err);
    ran.is_clean();
}

#[test]
fn a_terminal_gets_nothing_that_it_would_obey_and_a_file_gets_the_bytes() {
    use gonogo::cli::exit::for_reader;
    let text = "plain\n{\"a\":\"\u{202e}\u{1b}[2J\"}\n";
    assert_eq!(for_reader(text, false), text);
    assert_eq!(for_reader(text, true), "plain\n{\"a\":\"⟨U+202E⟩␛[2J\"}\n");
}

#[test]
fn a_path_that_is_not_there_is_what_is_wrong() {
    let ran = Bench::new().run(&["versions", "/nowhere/at/all"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("/nowhere/at/all") && !ran.err.contains("process"), "{}", ran.err);
}

#[test]
fn a_release_is_a_version_as_the_process_writes_it() {
    let bench = Bench::new();
    for name in ["v0.62", "nope", "../../x", "0.6.2", "v0.6.2rc1"] {
        for command in ["open", "status", "picks"] {
            let ran = bench.run(&[command, "--process", "llama-stack", "--release", name]);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{command} {name}: {ran:?}");
            assert!(ran.err.contains("such as v1.2.0"), "{command} {name}: {}", ran.err);
        }
        let ran = bench.run(&["demo", "--release", name]);
        assert_eq!(ran.code, 2, "{name}: {ran:?}");
    }
    assert!(!bench.path("state/gonogo").join("clones").exists(), "no journal was begun");
    let ran = bench.run(&["status", "--process", "llama-stack", "--release", "0.6.2"]);
    assert!(ran.err.contains("did you mean v0.6.2?"), "{}", ran.err);
    let ran = bench.run(&["status", "--process", "llama-stack", "--release", "v0.6.2"]);
    assert_ne!(ran.code, 2, "{ran:?}");
}
