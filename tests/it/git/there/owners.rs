//! CODEOWNERS, as GitHub documents it.

use gonogo::git::there::owners::Owners;

fn of(text: &str, path: &str) -> Vec<String> {
    Owners::parse(text).of(path).iter().map(ToString::to_string).collect()
}

#[test]
fn the_examples_of_the_documentation() {
    let text = "\
# Each line is a file pattern followed by one or more owners.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
/with\\ blank/ @blank
";
    for (path, owners) in [
        ("README", vec!["@global-owner1", "@global-owner2"]),
        ("src/a.js", vec!["@js-owner"]),
        ("a.go", vec!["docs@example.com"]),
        ("deep/er/a.txt", vec!["@octo-org/octocats"]),
        ("build/logs/x/y", vec!["@octocat"]),
        ("docs/a/b.md", vec!["@doctocat"]),
        ("scripts/x", vec!["@doctocat", "@octocat"]),
        ("deeply/nested/logs/x", vec!["@octocat"]),
        ("apps/x", vec!["@octocat"]),
        ("apps/github", vec![]),
        ("apps/github/x.go", vec![]),
        ("with blank/x", vec!["@blank"]),
    ] {
        assert_eq!(of(text, path), owners, "{path}");
    }
}

#[test]
fn anchors_and_depth() {
    assert_eq!(of("docs/* @a", "docs/x"), ["@a"]);
    assert_eq!(of("docs/* @a", "docs/x/y"), [""; 0], "not what is in its directories");
    assert_eq!(of("apps/ @a", "deep/apps/x"), ["@a"]);
    assert_eq!(of("/apps/ @a", "deep/apps/x"), [""; 0]);
    assert_eq!(of("apps/ @a", "apps"), [""; 0], "a file of that name is no directory");
    assert_eq!(of("a/b @a", "x/a/b"), [""; 0], "a slash in the middle anchors");
    assert_eq!(of("a/**/z @a", "a/z"), ["@a"]);
    assert_eq!(of("a/**/z @a", "a/b/c/z/more"), ["@a"]);
    assert_eq!(of("?.md @a", "dir/x.md"), ["@a"]);
    assert_eq!(of("?.md @a", "dir/xy.md"), [""; 0]);
}

#[test]
fn hostile_text_is_read_in_time_and_passed_over() {
    let long = format!("{} @a", "*a".repeat(900));
    let path = "a".repeat(3000);
    let start = std::time::Instant::now();
    assert_eq!(of(&long, &format!("{path}b")), [""; 0]);
    let stars = format!("{}x @a", "**/".repeat(500));
    assert_eq!(of(&stars, &"a/".repeat(400)), [""; 0]);
    assert!(start.elapsed() < std::time::Duration::from_secs(5));
    for line in
        ["!not @a", "[ab] @a", "# @a", "   ", "\\", "x not-an-owner", &format!("{} @a", "x".repeat(5000))]
    {
        assert_eq!(of(line, "x"), [""; 0], "{line}");
    }
    assert_eq!(of("/ @a", "any/thing"), ["@a"]);
}
