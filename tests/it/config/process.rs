//! Which process is followed.
use super::Home;
use gonogo::config::{Chosen, Owner, process};

const SMALL: &str = "name = \"small\"\n[branches]\ntrunk = \"main\"\n[version]\nstyle = \"semver\"\n";

fn findings(home: &Home, named: Option<&str>) -> Vec<String> {
    let loaded = home.load();
    let resolved = process(&loaded, &loaded.chosen(named)).unwrap();
    resolved.unwrap_err().iter().map(|finding| home.short(&finding.to_string())).collect()
}

fn name(home: &Home, named: Option<&str>) -> String {
    let loaded = home.load();
    process(&loaded, &loaded.chosen(named)).unwrap().unwrap().process.name
}

#[test]
fn the_name_given_then_the_repository_then_the_user_then_nothing() {
    let home = Home::new();
    assert_eq!(home.load().chosen(None), Chosen::Nowhere);
    assert!(process(&home.load(), &Chosen::Nowhere).is_none());
    let home = home.user("[process]\npreset = \"crossplane\"\n");
    assert_eq!(home.load().chosen(None), Chosen::Written(Owner::User));
    assert_eq!(name(&home, None), "crossplane");
    let home = home.repository("poll = 30\n");
    assert_eq!(name(&home, None), "crossplane");
    let home = home.repository("[process]\npreset = \"llama-stack\"\n");
    assert_eq!(name(&home, None), "llama-stack");
    assert_eq!(name(&home, Some("dragonfly")), "dragonfly");
    assert_eq!(home.findings(), [""; 0]);
}

#[test]
fn a_preset_may_be_overridden_key_by_key() {
    let home = Home::new().repository(
        "[process]\npreset = \"crossplane\"\nname = \"ours\"\n[process.branches]\ntrunk = \"next\"\n",
    );
    let loaded = home.load();
    assert_eq!(loaded.findings, []);
    let resolved = process(&loaded, &loaded.chosen(None)).unwrap().unwrap();
    assert_eq!((resolved.process.name.as_str(), resolved.process.branches.trunk.as_str()), ("ours", "next"));
    assert_eq!(resolved.preset.as_deref(), Some("crossplane"));
}

#[test]
fn a_file_of_the_repository_may_hold_it_and_no_other() {
    let home = Home::new()
        .repository("[process]\nfile = \"docs/release.toml\"\n")
        .write("repo/docs/release.toml", SMALL);
    assert_eq!(name(&home, None), "small");
    for path in ["../outside.toml", "/etc/passwd", "docs/../../outside.toml"] {
        let home =
            Home::new().repository(&format!("[process]\nfile = \"{path}\"\n")).write("outside.toml", SMALL);
        let found = findings(&home, None);
        assert!(found[0].starts_with("repo/gonogo.toml:2:1: error: "), "{found:?}");
        assert!(found[0].contains("a repository may only name files of its own"), "{found:?}");
    }
    let home = Home::new().repository("[process]\nfile = \"link.toml\"\n").write("outside.toml", SMALL);
    std::os::unix::fs::symlink(home.path("outside.toml"), home.path("repo/link.toml")).unwrap();
    assert!(findings(&home, None)[0].contains("a link that leads out of the repository"));
    let home = Home::new().repository("[process]\nfile = \"none.toml\"\n");
    assert!(findings(&home, None)[0].contains("there is no such file"));
}

#[test]
fn a_name_that_is_no_preset_names_the_nearest() {
    assert_eq!(
        findings(&Home::new(), Some("lama-stack")),
        [
            "--process:1:1: error: no process is called \"lama-stack\" | did you mean \"llama-stack\"? Presets: dragonfly, kubesphere, crossplane, llama-stack, monthly-trunk; or name a .toml file"
        ]
    );
}

#[test]
fn a_file_may_be_named() {
    let home =
        Home::new().write("own.toml", SMALL).write("whole.toml", "[process]\npreset = \"crossplane\"\n");
    assert_eq!(name(&home, Some(home.path("own.toml").to_str().unwrap())), "small");
    assert_eq!(name(&home, Some(home.path("whole.toml").to_str().unwrap())), "crossplane");
    let none = findings(&home, Some(home.path("none.toml").to_str().unwrap()));
    assert_eq!(none, ["none.toml:1:1: error: there is no such file"]);
}

#[test]
fn mistakes_are_at_their_line_in_the_repositorys_file() {
    let home = Home::new()
        .repository("poll = 30\n\n[process]\npreset = \"crossplane\"\n[process.branches]\ntrnk = \"x\"\n");
    assert_eq!(home.findings(), [""; 0]);
    let found = findings(&home, None);
    assert!(found[0].starts_with("repo/gonogo.toml:6:1: error: unknown key \"trnk\""), "{found:?}");
}
