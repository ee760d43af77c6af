//! `gonogo init`: what is found becomes a gonogo.toml that checks.
use super::bench::Bench;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn it_writes_what_it_finds_and_the_file_has_no_error() {
    let bench = Bench::new();
    let ran = bench.run(&["init"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let lines: Vec<_> =
        ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert!(lines.contains(&"repository octo/widget".to_owned()), "{lines:?}");
    assert!(
        lines.contains(&"trunk main: it has a usual name, and no remote HEAD says otherwise".to_owned()),
        "{lines:?}"
    );
    assert!(lines.iter().any(|line| line.starts_with("tags 2, newest v1.1.0-rc.1")), "{lines:?}");
    assert!(ran.out.contains("\nwrote repo/gonogo.toml\n"), "{}", ran.out);
    let text = std::fs::read_to_string(bench.path("repo/gonogo.toml")).unwrap();
    assert!(text.contains("trunk = \"main\""), "{text}");
    assert!(text.contains("release-1.0"), "the evidence is in a comment: {text}");
    let mode = std::fs::metadata(bench.path("repo/gonogo.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o600, 0o600);
    assert_eq!(mode & 0o111, 0);
    let checked = bench.run(&["check"]);
    assert!(!checked.out.contains("error:"), "{}", checked.out);
    let left: Vec<_> =
        std::fs::read_dir(bench.path("repo")).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".gonogo.toml.")), "{left:?}");
}

#[test]
fn it_writes_to_the_root_from_below() {
    let bench = Bench::new().write("repo/deep/er/x", "");
    let ran = bench.run_in(&bench.path("repo/deep/er"), &["init"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(bench.path("repo/gonogo.toml").is_file());
}

#[test]
fn it_replaces_nothing_unless_told() {
    let bench = Bench::new().write("repo/gonogo.toml", "# mine\n");
    let ran = bench.run(&["init"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("repo/gonogo.toml is there already") && ran.err.contains("--force"),
        "{}",
        ran.err
    );
    assert_eq!(std::fs::read_to_string(bench.path("repo/gonogo.toml")).unwrap(), "# mine\n");
    assert_eq!(bench.run(&["init", "--force"]).code, 0);
    assert!(std::fs::read_to_string(bench.path("repo/gonogo.toml")).unwrap().contains("[process]"));
}

#[test]
fn it_does_not_write_through_a_link() {
    let bench = Bench::new().write("home/precious", "keep\n");
    std::os::unix::fs::symlink(bench.path("home/precious"), bench.path("repo/gonogo.toml")).unwrap();
    assert_eq!(bench.run(&["init"]).code, 2);
    assert_eq!(bench.run(&["init", "--force"]).code, 0);
    assert_eq!(std::fs::read_to_string(bench.path("home/precious")).unwrap(), "keep\n");
    assert!(bench.path("repo/gonogo.toml").symlink_metadata().unwrap().is_file());
}

#[test]
fn it_can_print_instead() {
    let bench = Bench::new().write("repo/gonogo.toml", "# mine\n");
    let ran = bench.run(&["init", "--stdout"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.starts_with("# How this project releases."), "{}", ran.out);
    assert!(ran.err.contains("octo/widget"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(bench.path("repo/gonogo.toml")).unwrap(), "# mine\n");
}

#[test]
fn an_empty_repository_gets_a_draft_too() {
    let bench = Bench::empty();
    let ran = bench.run(&["init"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("none found; the draft says main"), "{}", ran.out);
    let checked = bench.run(&["check"]);
    assert!(!checked.out.contains("error:"), "{}", checked.out);
}

#[test]
fn a_directory_that_cannot_be_written_is_said() {
    let bench = Bench::new();
    let repo = bench.path("repo");
    std::fs::set_permissions(&repo, std::fs::Permissions::from_mode(0o555)).unwrap();
    let probe = std::fs::write(repo.join("probe"), "");
    let ran = bench.run(&["init"]);
    std::fs::set_permissions(&repo, std::fs::Permissions::from_mode(0o755)).unwrap();
    if probe.is_err() {
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.err.contains("gonogo.toml cannot be written"), "{}", ran.err);
    } else {
        // Root may write everywhere: then there is nothing to be refused.
        assert_eq!(ran.code, 0, "{ran:?}");
    }
}

#[test]
fn hostile_names_are_shown_and_not_obeyed() {
    let bench = Bench::new();
    bench.yard.git(&["branch", "release-\u{202e}1.1"]);
    bench.yard.git(&["tag", "v\u{9b}31m"]);
    let ran = bench.run(&["init"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.is_clean();
    let text = std::fs::read_to_string(bench.path("repo/gonogo.toml")).unwrap();
    assert!(!text.contains('\u{202e}') && !text.contains('\u{9b}'), "{text:?}");
}
