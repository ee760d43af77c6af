//! Writing a version into a file: the value is replaced, and every other byte stays.

use gonogo::version::{Edit, Edited, Place};
use proptest::prelude::*;

type Rule = (Place, bool);

fn toml(path: &str) -> Rule {
    (Place::Toml(path.into()), false)
}

fn json(path: &str) -> Rule {
    (Place::Json(path.into()), false)
}

fn yaml(path: &str) -> Rule {
    (Place::Yaml(path.into()), false)
}

fn regex(pattern: &str, all: bool) -> Rule {
    (Place::Regex(pattern.into()), all)
}

fn edit(rule: Rule, to: &str) -> Edit {
    Edit { file: "some/file".into(), at: rule.0, all: rule.1, text: to.into() }
}

fn apply(text: &str, rule: Rule) -> Result<Edited, String> {
    edit(rule, "1.10.0").apply(text).map_err(|why| why.to_string())
}

/// The edit makes one text of the other, and back.
#[track_caller]
fn becomes(before: &str, rule: Rule, after: &str) {
    let edited = apply(before, rule.clone()).unwrap();
    assert_eq!(edited.text, after);
    assert_eq!(edited.changes.is_empty(), before == after);
    let again = apply(after, rule).unwrap();
    assert_eq!((again.text.as_str(), again.changes.len()), (after, 0), "written twice it changes nothing");
}

#[track_caller]
fn refused(text: &str, rule: Rule, words: &str) {
    let line = rule.0.line();
    let why = apply(text, rule).unwrap_err();
    assert!(why.contains(words), "{why}");
    assert!(why.starts_with(&format!("some/file: {line}: ")), "{why}");
}

#[test]
fn toml_keeps_comments_quotes_and_line_ends() {
    let before = "\u{feff}# top\r\n[package]   # p\r\nversion   =  \"1.9.0\"  # \"1.9.0\"\r\nname=\"x\"\r\n[a]\r\nversion = \"1.9.0\"";
    let after = before.replacen("\"1.9.0\"  #", "\"1.10.0\"  #", 1);
    becomes(before, toml("package.version"), &after);
    let edited = apply(before, toml("package.version")).unwrap();
    assert_eq!(edited.changes.len(), 1);
    let change = &edited.changes[0];
    assert_eq!((change.line, &*change.before), (3, "version   =  \"1.9.0\"  # \"1.9.0\""));
    assert_eq!(&*change.after, "version   =  \"1.10.0\"  # \"1.9.0\"");
}

#[test]
fn toml_finds_every_way_to_write_a_key() {
    becomes("project.version = '1'\n", toml("project.version"), "project.version = '1.10.0'\n");
    becomes(
        "project = { version = \"1\", a = 1 }",
        toml("project.version"),
        "project = { version = \"1.10.0\", a = 1 }",
    );
    becomes(
        "[tool.\"my.pkg\"]\nversion = \"\"\"1\"\"\"\n",
        toml("tool.\"my.pkg\".version"),
        "[tool.\"my.pkg\"]\nversion = \"\"\"1.10.0\"\"\"\n",
    );
    becomes(
        "[[p]]\nv = \"1\"\n[[p]]\nv = \"2\"\n",
        toml("p.1.v"),
        "[[p]]\nv = \"1\"\n[[p]]\nv = \"1.10.0\"\n",
    );
    becomes(
        "[package]\n\"version\" = \"1.10.0\"",
        toml("package.version"),
        "[package]\n\"version\" = \"1.10.0\"",
    );
}

#[test]
fn toml_that_is_not_as_expected_is_refused() {
    refused(
        "[package]\nversion.workspace = true\n",
        toml("package.version"),
        "of the kind table: expected a string",
    );
    refused("[package]\nversion = 1.9\n", toml("package.version"), "float: expected a string");
    refused("[package]\nname = \"x\"\n", toml("package.version"), "there is no package.version");
    refused("package = \"x\"\n", toml("package.version"), "package is of the kind string");
    refused("a = 1\na = 2\n", toml("a"), "line 2 is no TOML");
    refused("v = \"\"\"1\n2\"\"\"\n", toml("v"), "more than one line");
}

#[test]
fn json_keeps_its_form() {
    let before =
        "{\n\t\"name\" : \"x\",\n\t\"version\"  :\"1.9.0\" , \"a\":[1,\n {\"version\": \"1.9.0\"}]\n}";
    becomes(before, json("version"), &before.replacen("1.9.0", "1.10.0", 1));
    becomes(
        before,
        json("a.1.version"),
        &before.replace("{\"version\": \"1.9.0\"", "{\"version\": \"1.10.0\""),
    );
    let lock = "{\"version\":\"1\",\"packages\":{\"\":{\"version\":\"1\"},\"node_modules/b\":{\"version\":\"1\"}}}\r\n";
    becomes(
        lock,
        json("packages.\"\".version"),
        &lock.replace("\"\":{\"version\":\"1\"", "\"\":{\"version\":\"1.10.0\""),
    );
    becomes(
        "\u{feff}{\"\\u0076ersion\":\"1\\u002e0\"}",
        json("version"),
        "\u{feff}{\"\\u0076ersion\":\"1.10.0\"}",
    );
}

#[test]
fn json_that_is_not_as_expected_is_refused() {
    refused("{\"version\":\"1\",\"version\":\"2\"}", json("version"), "twice");
    refused("{\"version\":3}", json("version"), "is a number: expected a string");
    refused("{\"a\":1}", json("version"), "there is no version");
    refused("{\"a\":1}", json("a.b"), "a is a number: expected an object that holds b");
    refused("// x\n{}", json("version"), "no JSON");
    refused("[]", json("0.version"), "there is no 0");
}

#[test]
fn yaml_replaces_the_scalar_alone() {
    let before = "%YAML 1.2\n---\n# chart\napiVersion: v2\nversion: 1.9.0   # bump me\r\nappVersion: \"1.9.0\"\ndependencies:\n- name: x\n  version: 3\nimage:\n    # deep\n    tag: '1.9.0'";
    becomes(before, yaml("version"), &before.replacen("version: 1.9.0 ", "version: 1.10.0 ", 1));
    becomes(before, yaml("appVersion"), &before.replace("\"1.9.0\"", "\"1.10.0\""));
    becomes(before, yaml("image.tag"), &before.replace("'1.9.0'", "'1.10.0'"));
    let after_text = "text: |\n  version: no\n\n  # none\nflow: {a: 1,\n b: ']'\n}\nlist: [\"x]\", 2,\n]\n\"version\":  a\n";
    becomes(after_text, yaml("version"), &after_text.replace("  a\n", "  1.10.0\n"));
    becomes("it's: a\nversion: x#y\n", yaml("version"), "it's: a\nversion: 1.10.0\n");
}

#[test]
fn yaml_that_reads_as_a_number_is_put_in_quotes() {
    let edit = |to: &str| edit(yaml("v"), to).apply("v: 1.9\n").unwrap().text;
    assert_eq!(edit("1.10"), "v: \"1.10\"\n");
    assert_eq!(edit("2"), "v: \"2\"\n");
    assert_eq!(edit("1e3"), "v: \"1e3\"\n");
    assert_eq!(edit("2026-11-21"), "v: \"2026-11-21\"\n");
    assert_eq!(edit("1.10.0"), "v: 1.10.0\n");
    assert_eq!(edit("v2"), "v: v2\n");
}

#[test]
fn yaml_that_takes_more_to_be_understood_is_refused() {
    refused("version: &v 1.0\n", yaml("version"), "anchor");
    refused("a: &a 1\nversion: *a\n", yaml("version"), "anchor");
    refused("version: !!str 1\n", yaml("version"), "tag");
    refused("image: {tag: 1}\n", yaml("image.tag"), "expected a mapping in the lines below");
    refused("version: {a: 1}\n", yaml("version"), "a mapping or a list");
    refused("version: |\n  1.0\n", yaml("version"), "a block of text");
    refused("version: 1.0\n  and more\n", yaml("version"), "more lines");
    refused("version: \"1.0\n  and\"\n", yaml("version"), "more lines");
    refused("version:\n", yaml("version"), "has no value");
    refused("version:\n  a: 1\n", yaml("version"), "has no value");
    refused("version: 1\nb: 2\nversion: 3\n", yaml("version"), "line 1 and again in line 3");
    refused("a: 1\n---\nversion: 3\n", yaml("version"), "expected one document");
    refused("? version\n: 1\n", yaml("version"), "expected a key and a colon");
    refused("a:\n\tversion: 1\n", yaml("a.version"), "tab");
    refused("image:\n- tag: 1\n", yaml("image.tag"), "no mapping");
    refused("image:\n    a: 1\n  tag: 2\n", yaml("image.tag"), "indentation");
    refused("a: [1,\nversion: 2\n", yaml("version"), "not closed");
    refused("<<: *base\n", yaml("version"), "there is no version");
}

#[test]
fn a_regular_expression_replaces_its_group() {
    let before = "VERSION = \"1.9.0\"\r\n# 1.9.0\r\nOLD = \"1.9.0\"\r\n";
    becomes(before, regex(r#"(?m)^VERSION = "([^"]+)""#, false), &before.replacen("1.9.0", "1.10.0", 1));
    becomes(before, regex(r#"[A-Z]+ = "([^"]+)""#, true), &before.replace("\"1.9.0\"", "\"1.10.0\""));
    assert_eq!(apply(before, regex(r#"[A-Z]+ = "([^"]+)""#, true)).unwrap().changes.len(), 2);
    refused(before, regex(r#"[A-Z]+ = "([^"]+)""#, false), "matches 2 times");
    refused(before, regex("NONE (x)", false), "matches nothing");
    refused(before, regex("VERSION", false), "0 capture groups");
    refused(before, regex("(V)(E)", false), "2 capture groups");
    refused(before, regex("VERSION|(x)", false), "without its capture group");
    refused(before, regex("(VERSION[^#]+)#", false), "more than one line");
    refused(before, regex("((x)", false), "no regular expression");
}

#[test]
fn only_a_version_is_written() {
    for to in ["", "1.0\"", "1.0\n", "-1", "1 2", "1:2", "${x}", "1.0#x", "\u{202e}1"] {
        let why = Edit { file: "a\u{202e}\n".into(), ..edit(toml("v"), to) }.apply("v = \"1\"").unwrap_err();
        assert!(why.why.contains("cannot be written"), "{why}");
        assert!(!why.to_string().contains(['\n', '\u{202e}']), "{why:?}");
    }
}

#[test]
fn a_key_path_is_checked_without_a_file() {
    for path in ["", ".", "a.", ".a", "a..b", "a b", "\"a", "\"a\"b", "a\u{1b}"] {
        assert!(toml(path).0.check().is_err(), "{path:?}");
        assert!(!toml(path).0.check().unwrap_err().contains('\u{1b}'));
    }
    for path in ["a", "a.b", "\"\".b", "'a.b'.c", "a-b_c.0"] {
        assert_eq!(toml(path).0.check(), Ok(()), "{path:?}");
    }
    assert!(regex("(", false).0.check().is_err());
}

#[test]
fn an_edit_is_kept_in_the_journal_as_it_is() {
    for rule in [toml("a.b"), json("v"), yaml("a"), regex("v(.)", true)] {
        let edit = edit(rule, "1.0");
        let text = serde_json::to_string(&edit).unwrap();
        assert_eq!(serde_json::from_str::<Edit>(&text).unwrap(), edit, "{text}");
    }
    let edit = edit(toml("package.version"), "1.2.0");
    assert_eq!(edit.line(), "some/file (toml package.version) = 1.2.0");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_edited_at_one_value_or_refused(text in "[-a:v \"'\\[{}\\]#|&*\\n\\r\\t0.,=]{0,60}", which in 0..4usize) {
        let rule = [toml("v"), json("v"), yaml("v"), regex("v(.)", false)][which].clone();
        if let Ok(edited) = apply(&text, rule.clone()) {
            prop_assert!(edited.text.contains("1.10.0"));
            prop_assert_eq!(edited.text.split('\n').count(), text.split('\n').count());
            prop_assert!(edited.changes.len() <= 1);
            if which < 2 {
                prop_assert_eq!(apply(&edited.text, rule).map(|it| it.changes.len()), Ok(0));
            }
        }
    }
}
