//! Default, user, repository, environment, command line: each overrides the one before.
use super::Home;
use gonogo::config::{Flag, Origin, Zone, explain, explain_json};
use gonogo::process::Pane;
use gonogo::screen::Glyphs;
use gonogo::screen::keymap::Action;

#[test]
fn each_layer_overrides_the_one_before() {
    let home = Home::new().user("poll = 20\n");
    assert_eq!(home.load().config.poll, Some(20));
    let home = home.repository("poll = 30\n");
    assert_eq!(home.load().config.poll, Some(30));
    let home = home.variable("GONOGO_POLL", "40");
    assert_eq!(home.load().config.poll, Some(40));
    let home = home.flag(Flag::Key("poll", "--poll", "0".into()));
    assert_eq!(home.load().config.poll, None);
    assert_eq!(home.findings(), [""; 0]);
}

#[test]
fn every_value_says_where_it_comes_from() {
    let home = Home::new()
        .user("theme = \"dark\"\n\n[present]\nstart = true\n[keys]\nrefresh = [\"r\", \"f5\"]\n")
        .repository("time = \"utc\"\n")
        .variable("GONOGO_MOUSE", "false")
        .flag(Flag::Key("glyphs", "--glyphs", "ascii".into()));
    let loaded = home.load();
    assert_eq!(loaded.findings, []);
    let text = home.short(&explain(&loaded));
    let line = |start: &str| {
        let line =
            text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{start}: {text}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("theme"), "theme = \"dark\" # user/config.toml:1");
    assert_eq!(line("present.start"), "present.start = true # user/config.toml:4");
    assert_eq!(line("time"), "time = \"utc\" # repo/gonogo.toml:1");
    assert_eq!(line("mouse"), "mouse = false # GONOGO_MOUSE");
    assert_eq!(line("glyphs"), "glyphs = \"ascii\" # --glyphs");
    assert_eq!(line("poll"), "poll = 60 # default");
    assert_eq!(line("keys.refresh"), "keys.refresh = [\"r\", \"f5\"] # user/config.toml:6");
    let json = explain_json(&loaded);
    let poll = json["values"].as_array().unwrap().iter().find(|it| it["key"] == "poll").unwrap();
    assert_eq!(poll["variable"], "GONOGO_POLL");
    assert_eq!(poll["origin"], "default");
}

#[test]
fn the_environment_takes_words_without_quotes_and_lists_as_toml() {
    let home = Home::new()
        .variable("GONOGO_THEME", "light")
        .variable("GONOGO_PRESENT_START", "1")
        .variable("GONOGO_ANIMATIONS", "0")
        .variable("GONOGO_GLYPHS", "nerd")
        .variable("GONOGO_TOKEN_COMMAND", "[\"pass\", \"show\", \"github\"]")
        .variable("GONOGO_API_URL", "https://git.example.com/api/v3/");
    let loaded = home.load();
    assert_eq!(loaded.findings, []);
    assert_eq!(loaded.config.theme, "light");
    assert!(loaded.config.present && !loaded.config.animations);
    assert_eq!(loaded.config.glyphs, Glyphs::Nerd);
    assert_eq!(loaded.config.token_command().unwrap(), ["pass", "show", "github"]);
    assert_eq!(loaded.config.api_url("any.host"), Some("https://git.example.com/api/v3"));
}

#[test]
fn a_wrong_variable_is_named() {
    let home = Home::new().variable("GONOGO_POLL", "often").variable("GONOGO_MOUSE", "yes");
    assert_eq!(
        home.findings(),
        [
            "GONOGO_MOUSE:1:1: error: mouse cannot be \"yes\" | expected true or false",
            "GONOGO_POLL:1:1: error: poll cannot be \"often\" | expected 0 to pause, or seconds from 10 to 3600",
        ]
    );
}

#[test]
fn no_color_and_accessible_are_heard() {
    let loaded = Home::new().variable("NO_COLOR", "1").variable("ACCESSIBLE", "1").load();
    assert_eq!(loaded.config.theme, "mono");
    assert!(loaded.config.accessible);
    assert_eq!(loaded.origins["theme"], Origin::Variable("NO_COLOR".into()));
    let loaded = Home::new().variable("NO_COLOR", "").variable("ACCESSIBLE", "0").load();
    assert_eq!(loaded.config.theme, "auto");
    assert!(!loaded.config.accessible);
    // A theme that is asked for by name wins over a general wish.
    let loaded = Home::new().variable("NO_COLOR", "1").variable("GONOGO_THEME", "light").load();
    assert_eq!(loaded.config.theme, "light");
}

#[test]
fn a_locale_without_utf8_is_drawn_in_ascii_unless_somebody_says_otherwise() {
    let glyphs = |home: Home| home.load().config.glyphs;
    assert_eq!(glyphs(Home::new()), Glyphs::Unicode);
    for name in ["LANG", "LC_CTYPE", "LC_ALL"] {
        for locale in ["C", "POSIX", "de_DE.ISO-8859-1"] {
            assert_eq!(glyphs(Home::new().variable(name, locale)), Glyphs::Ascii, "{name}={locale}");
        }
        for locale in ["", "C.UTF-8", "en_US.utf8"] {
            assert_eq!(glyphs(Home::new().variable(name, locale)), Glyphs::Unicode, "{name}={locale}");
        }
    }
    let both = |one: &str, two: &str| Home::new().variable("LANG", one).variable("LC_ALL", two);
    assert_eq!(glyphs(both("en_US.UTF-8", "C")), Glyphs::Ascii);
    assert_eq!(glyphs(both("C", "en_US.UTF-8")), Glyphs::Unicode);
    let loaded = Home::new().variable("LANG", "C").load();
    assert_eq!(loaded.origins["glyphs"], Origin::Variable("LANG".into()));
    assert_eq!(glyphs(Home::new().variable("LC_ALL", "C").user("glyphs = \"unicode\"\n")), Glyphs::Unicode);
    assert_eq!(glyphs(Home::new().variable("LC_ALL", "C").variable("GONOGO_GLYPHS", "nerd")), Glyphs::Nerd);
    let flag = Flag::Key("glyphs", "--glyphs", "unicode".into());
    assert_eq!(glyphs(Home::new().variable("LC_ALL", "C").flag(flag)), Glyphs::Unicode);
}

#[test]
fn a_terminal_without_colours_gets_the_theme_without_any_unless_somebody_says_otherwise() {
    let theme = |home: Home| home.load().config.theme;
    for term in ["vt100", "vt220", "vt100-w", "xterm-mono"] {
        assert_eq!(theme(Home::new().variable("TERM", term)), "mono", "{term}");
    }
    for term in ["", "xterm", "vt525", "screen.xterm-256color", "linux"] {
        assert_eq!(theme(Home::new().variable("TERM", term)), "auto", "{term}");
    }
    let colour = Home::new().variable("TERM", "vt100").variable("COLORTERM", "truecolor");
    assert_eq!(theme(colour), "auto");
    assert_eq!(theme(Home::new().variable("TERM", "vt100").user("theme = \"dark\"\n")), "dark");
    assert_eq!(theme(Home::new().variable("TERM", "vt100").variable("GONOGO_THEME", "light")), "light");
}

#[test]
fn read_only_is_switched_on_and_never_off() {
    let home = Home::new().user("read_only = true\n").repository("read_only = false\n");
    let loaded = home.load();
    assert!(loaded.config.read_only);
    assert!(matches!(&loaded.origins["read_only"], Origin::File { line: 1, .. }));
    assert!(home.short(&loaded.origins["read_only"].to_string()).starts_with("user/"));
    let loaded = Home::new().user("dry_run = true\n").variable("GONOGO_DRY_RUN", "false").load();
    assert!(loaded.config.dry_run);
    assert!(Home::new().repository("read_only = true\n").load().config.read_only);
}

#[test]
fn keys_hold_for_all_tabs_or_for_one() {
    let home = Home::new().user("[keys]\nrefresh = \"f5\"\n[keys.ci]\nlog = [\"f6\"]\nrefresh = \"f7\"\n");
    let loaded = home.load();
    assert_eq!(loaded.findings, []);
    let map = loaded.config.keymap;
    assert_eq!(map.text(Action::Refresh, Pane::Overview), "f5");
    assert_eq!(map.text(Action::Refresh, Pane::Ci), "f7");
    assert_eq!(map.text(Action::Log, Pane::Ci), "f6");
}

#[test]
fn addresses_are_by_host_whatever_its_case() {
    let home = Home::new().user("[api_urls]\n\"Git.Example.com\" = \"https://git.example.com/api/v3\"\n");
    let loaded = home.load();
    assert_eq!(loaded.findings, []);
    assert_eq!(loaded.config.api_url("git.example.COM"), Some("https://git.example.com/api/v3"));
    assert_eq!(loaded.config.api_url("github.com"), None);
}

#[test]
fn a_theme_of_ones_own_is_a_file_beside_the_configuration() {
    let home = Home::new().user("theme = \"rose\"\n").write("user/themes/rose.toml", "");
    assert_eq!(home.findings(), [""; 0]);
    assert_eq!(home.load().config.theme, "rose");
}

#[test]
fn time_zone_and_pause() {
    let loaded = Home::new().user("time = \"utc\"\npoll = 0\n").load();
    assert_eq!(loaded.config.time, Zone::Utc);
    assert_eq!(loaded.config.options().poll, None);
}
