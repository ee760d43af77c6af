//! What is wrong in a file: the line, the column, the key, what was expected.

use gonogo::process::{Finding, Process, Severity};

const HEAD: &str =
    "name = \"p\"\n[branches]\ntrunk = \"main\"\n[version]\nstyle = \"semver\"\ncandidate = \"-rc.{n}\"\n";

pub fn errors(text: &str) -> Vec<Finding> {
    Process::parse(text, "gonogo.toml").expect_err("the file is wrong")
}

fn one(rest: &str) -> Finding {
    let mut found = errors(&format!("{HEAD}{rest}"));
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[test]
fn the_smallest_process() {
    let text = "name = \"p\"\nbranches.trunk = \"main\"\nversion.style = \"semver\"\n";
    let (process, findings) = Process::parse(text, "gonogo.toml").unwrap();
    assert_eq!(findings, []);
    assert_eq!((process.name.as_str(), process.title.as_str(), process.gates.len()), ("p", "p", 0));
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let finding = one("[[gates]]\nid = \"ci\"\n  kindd = \"picks\"\nkind = \"picks\"\n");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!((finding.line, finding.column), (9, 3));
    assert_eq!(finding.message, "unknown key \"kindd\" in gates[0]");
    assert!(
        finding.hint.starts_with("did you mean \"kind\"? Keys here: id, title, kind"),
        "{}",
        finding.hint
    );
    let shown = finding.to_string();
    assert!(shown.starts_with("gonogo.toml:9:3: error: unknown key \"kindd\""), "{shown}");
}

#[test]
fn all_unknown_keys_are_named_in_one_run() {
    let rest = "[milestones]\n[[streams]]\nid = \"minor\"\nbump = \"minor\"\nevry = \"weekly\"\n\
                [calendar]\ncicle = \"2 weeks\"\n[[stages]]\nid = \"s\"\nitems = [ { id = \"i\", text = \"t\", rolle = \"x\" } ]\n";
    let found = errors(&format!("{HEAD}{rest}"));
    let lines: Vec<_> =
        found.iter().map(|finding| (finding.line, finding.hint.split('?').next().unwrap())).collect();
    let mean = |name: &str| format!("did you mean \"{name}\"");
    let expected =
        [(7, "milestone"), (11, "every"), (13, "cycle"), (16, "role")].map(|(at, name)| (at, mean(name)));
    assert_eq!(lines, expected.each_ref().map(|(at, hint)| (*at, hint.as_str())));
}

#[test]
fn an_unknown_choice_names_the_nearest() {
    let finding = one("[[gates]]\nid = \"ci\"\nkind = \"mileston\"\n");
    assert_eq!((finding.line, finding.message.as_str()), (9, "gates[0].kind cannot be \"mileston\""));
    assert!(finding.hint.starts_with("did you mean \"milestone\"?"), "{}", finding.hint);
    let finding = one("[[gates]]\nid = \"ci\"\nkind = { checks = { on = \"line\", suit = \"x\" } }\n");
    assert_eq!(finding.message, "unknown key \"suit\" in gates[0].kind.checks");
    assert_eq!((finding.line, finding.column), (9, 34));
}

#[test]
fn a_missing_key_is_named_at_its_table() {
    let finding = one("\n[[gates]]\nkind = \"picks\"\n");
    assert_eq!((finding.line, finding.message.as_str()), (8, "gates[0] needs the key \"id\""));
    let found = errors("name = \"p\"\n[branches]\ntrunk = \"main\"\n[version]\nprefix = \"v\"\n");
    assert_eq!((found[0].line, found[0].message.as_str()), (4, "version needs the key \"style\""));
}

#[test]
fn a_wrong_type_says_what_was_expected() {
    let finding = one("[picks]\nlabels = \"backport\"\n");
    assert_eq!((finding.line, finding.column), (8, 1));
    assert!(finding.message.contains("picks.labels") && finding.message.contains("backport"), "{finding}");
    assert!(finding.hint.contains("sequence"), "{finding}");
    let finding = one("[calendar]\ncycle = \"half a year\"\n");
    assert!(finding.message.contains("\"half a year\" is no length of time"), "{finding}");
    assert_eq!(finding.line, 8);
}

#[test]
fn a_choice_in_the_wrong_shape_says_where_and_what_was_expected() {
    let gate = |kind: &str| one(&format!("[[gates]]\nid = \"ci\"\nkind = {kind}\n"));
    let bare = gate("\"checks\"");
    assert!(bare.message.starts_with("gates[0].kind") && bare.hint.contains("variant"), "{bare}");
    let two = gate("{ checks = { on = \"line\" }, picks = {} }");
    assert!(two.message.starts_with("gates[0].kind: wanted exactly 1 element"), "{two}");
    let number = gate("3");
    assert!(number.message.starts_with("gates[0].kind: invalid type"), "{number}");
    assert_eq!([bare.line, two.line, number.line], [9, 9, 9]);
    let title = one("[[gates]]\nid = \"ci\"\nkind = \"picks\"\ntitle = 3\n");
    assert!(title.message.starts_with("gates[0].title: invalid type: integer `3`"), "{title}");
    assert_eq!((title.line, title.hint.as_str()), (10, "expected a string"));
}

#[test]
fn what_is_no_toml_says_where() {
    let found = errors("name = \"p\ntitle = 1\n");
    assert_eq!((found.len(), found[0].line), (1, 1));
    let found = errors(&format!("{HEAD}[picks]\nbot = \"a\"\nbot = \"b\"\n"));
    assert_eq!((found.len(), found[0].line), (1, 9), "{found:?}");
}

#[test]
fn the_column_counts_characters() {
    let finding =
        one("[[stages]]\nid = \"s\"\nitems = [ { id = \"i\", text = \"发布说明\", rolle = \"x\" } ]\n");
    assert_eq!((finding.line, finding.column), (9, 38));
}

#[test]
fn control_characters_are_refused() {
    let found = errors(&format!(
        "{HEAD}[[groups]]\nid = \"g\"\nabout = \"a\\u001b[31m\"\ncontact = [\"x\\u202e\"]\n"
    ));
    let lines: Vec<_> = found.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [9, 10]);
    assert!(
        found[1].message.contains("groups[0].contact[0]") && found[1].message.contains("U+202E"),
        "{found:?}"
    );
    let fine = format!("{HEAD}[[groups]]\nid = \"g\"\nabout = \"\"\"\n一\n二\n\"\"\"\n");
    assert!(Process::parse(&fine, "f").is_ok());
}

#[test]
fn no_text_breaks_the_parser() {
    for text in
        ["", "=", "[", "\u{feff}", "name", "[[name]]", "name = []", "[process]\nname = 1", "a.b.c = 1"]
    {
        assert!(!errors(text).is_empty(), "{text:?}");
    }
    let deep = format!("x = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(!errors(&deep).is_empty());
    let many: String = (0..1_000).map(|n| format!("key{n} = 1\n")).collect();
    assert!(errors(&many).len() <= 100);
}

#[test]
fn findings_do_not_depend_on_the_layout() {
    let (spread, _) =
        Process::parse(&format!("{HEAD}[[gates]]\nid = \"a\"\nkind = \"picks\"\n"), "f").unwrap();
    let (inline, _) =
        Process::parse(&format!("gates = [ {{ id = \"a\", kind = \"picks\" }} ]\n{HEAD}"), "g").unwrap();
    assert_eq!(spread, inline);
}
