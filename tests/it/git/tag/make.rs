//! Tags without a signature: made once, never moved, taken away only while nobody has them.

use super::super::yard::{Yard, git, oid, put_script, run, tag};
use super::{delete, make, make_by, named, object, order, yard};
use gonogo::git::{Git, MakeTag, Signature, Tagged, Trust, Untagged};
use gonogo::release::ids::Oid;
use gonogo::spawn::{Cancel, Program};

fn said(tagged: Tagged) -> String {
    match tagged {
        Tagged::NotMade { said } => said.raw().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_tag_is_made_once_on_the_commit_with_its_message_as_it_is() {
    let (yard, one) = yard();
    yard.commit("a", "2", "two");
    let message = "Widget v1\n\n# not a comment\n  indented\n\n\n; nor this\n";
    let order = MakeTag { message: message.to_owned(), ..order("v1", one) };
    let made = make(&yard, &order);
    let Tagged::Done { object, signature: Signature::None } = made else { panic!("{made:?}") };
    assert_eq!(yard.git(&["rev-parse", "refs/tags/v1"]), object.to_string());
    assert_eq!(yard.git(&["rev-parse", "refs/tags/v1^{commit}"]), one.to_string());
    let text = yard.git(&["cat-file", "tag", "v1"]);
    assert!(text.ends_with(&format!("\n\n{}", message.trim_end())), "{text}");
    assert!(text.contains("tagger Rae <rae@example.org> "), "{text}");
    assert_eq!(make(&yard, &order), Tagged::AlreadyThere { object, signature: Signature::None });
    assert_eq!(yard.git(&["rev-parse", "refs/tags/v1"]), object.to_string());
}

#[test]
fn a_tag_on_something_else_is_never_moved() {
    let (yard, one) = yard();
    let two = yard.commit("a", "2", "two");
    yard.git(&["tag", "light", &one.to_string()]);
    yard.git(&["tag", "-a", "-m", "x", "heavy", &one.to_string()]);
    yard.git(&["tag", "-a", "-m", "x", "nested", "heavy"]);
    yard.git(&["tag", "tree", "HEAD^{tree}"]);
    let before = yard.git(&["for-each-ref"]);
    for name in ["light", "heavy", "nested"] {
        assert_eq!(make(&yard, &order(name, two)), Tagged::Taken { at: Some(one) });
        assert!(matches!(make(&yard, &order(name, one)), Tagged::AlreadyThere { .. }), "{name}");
    }
    assert_eq!(make(&yard, &order("tree", two)), Tagged::Taken { at: None });
    assert_eq!(yard.git(&["for-each-ref"]), before);
}

#[test]
fn what_is_no_commit_or_no_message_is_not_tagged() {
    let (yard, one) = yard();
    let absent = Oid::parse(&"7".repeat(40)).unwrap();
    assert!(said(make(&yard, &order("v1", absent))).contains("no commit of this clone"));
    let tree = oid(&yard.git(&["rev-parse", "HEAD^{tree}"]));
    assert!(said(make(&yard, &order("v1", tree))).contains("no commit"));
    let heavy = object(make(&yard, &order("v0", one)));
    assert!(said(make(&yard, &order("v1", heavy))).contains("is a tag"));
    for message in ["", " \n", "a\0b", "x\n-----BEGIN PGP SIGNATURE-----\n"] {
        assert!(!said(make(&yard, &MakeTag { message: message.into(), ..order("v1", one) })).is_empty());
    }
    assert_eq!(yard.git(&["tag"]), "v0");
}

#[test]
fn a_ref_in_its_way_and_a_hook_stop_it_in_their_words() {
    let (yard, one) = yard();
    yard.git(&["tag", "v1"]);
    assert!(said(make(&yard, &order("v1/rc", one))).contains("refs/tags/v1"));
    put_script(
        &yard.path().join(".git/hooks/reference-transaction"),
        "echo 'frozen today' >&2\n[ \"$1\" != prepared ]",
    );
    assert!(said(make(&yard, &order("v2", one))).contains("frozen today"));
    assert_eq!(yard.git(&["tag"]), "v1");
    // Without trust the repository's own hooks do not run.
    let made = run(git().make_tag(&yard.at(), &order("v2", one), Trust::Unasked, &Cancel::new())).unwrap();
    assert!(matches!(made, Tagged::Done { .. }), "{made:?}");
}

#[test]
fn nobody_to_tag_as_is_said() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    yard.git(&["config", "user.useConfigOnly", "true"]);
    assert!(said(make(&yard, &order("v1", one))).contains("tell me who you are"));
}

#[test]
fn names_that_try_something_are_names_and_nothing_else() {
    let (yard, one) = yard();
    for name in ["--upload-pack=x", "-d", "a/-f", "a..b", "a b", "a\u{1b}", "@", "HEAD"] {
        assert!(gonogo::release::ids::Tag::parse(name).is_err(), "{name}");
    }
    for name in ["$(id)", "`id`", "a;id", "v\u{202e}1", "a'b\"c", "é", "refs/tags/x", "CON", "a|b"] {
        let made = object(make(&yard, &order(name, one)));
        assert_eq!(yard.git(&["rev-parse", &format!("refs/tags/{name}")]), made.to_string(), "{name}");
        assert_eq!(delete(&yard, name, made), Untagged::Done, "{name}");
    }
    assert_eq!(yard.git(&["tag"]), "");
}

#[test]
fn a_worktree_a_reftable_and_sha256_are_no_different() {
    for init in [&["--ref-format=reftable"][..], &["--object-format=sha256"]] {
        let (yard, one) = named(Yard::with(&[&["--initial-branch=main"], init].concat()));
        let linked = yard.root().join("linked");
        yard.git(&["worktree", "add", "-q", "--detach", linked.to_str().unwrap()]);
        let at = gonogo::git::find(&linked).unwrap();
        let made = object(run(git().make_tag(&at, &order("v1", one), Trust::Given, &Cancel::new())).unwrap());
        assert!(
            matches!(make(&yard, &order("v1", one)), Tagged::AlreadyThere { object, .. } if object == made)
        );
        assert_eq!(delete(&yard, "v1", made), Untagged::Done);
        assert_eq!(yard.git(&["tag"]), "");
    }
}

#[test]
fn a_tag_that_comes_up_meanwhile_is_taken_or_there() {
    for (at_head, expected) in [(true, "AlreadyThere"), (false, "Taken")] {
        let (yard, one) = yard();
        let two = yard.commit("a", "2", "two");
        let target = if at_head { two } else { one };
        // The hook makes the tag after git has seen that it is not there.
        let race =
            format!("[ \"$1\" = prepared ] || exit 0\nprintf '%s\\n' {target} > .git/refs/tags/v1\nexit 1");
        put_script(&yard.path().join(".git/hooks/reference-transaction"), &race);
        let made = make(&yard, &order("v1", two));
        assert!(format!("{made:?}").starts_with(expected), "{made:?}");
        assert_eq!(yard.git(&["rev-parse", "v1"]), target.to_string());
    }
}

#[test]
fn killed_after_the_tag_was_made_it_is_found_and_not_made_again() {
    let (yard, one) = yard();
    let real = git().program().path().display().to_string();
    let body = format!(
        "case \" $* \" in *' tag --annotate '*) '{real}' \"$@\"; kill -9 $$;; esac\nexec '{real}' \"$@\""
    );
    let script = yard.script("mortal", &body);
    let mortal = run(Git::at(Program::find(&script).unwrap())).unwrap().with_env("GIT_CONFIG_NOSYSTEM", "1");
    let first = make_by(&mortal, &yard, &order("v1", one)).unwrap();
    let Tagged::AlreadyThere { object, .. } = first else { panic!("{first:?}") };
    assert!(
        matches!(make(&yard, &order("v1", one)), Tagged::AlreadyThere { object: again, .. } if again == object)
    );
}

#[test]
fn cancelled_before_the_start_nothing_is_made() {
    let (yard, one) = yard();
    let cancel = Cancel::new();
    cancel.cancel();
    assert!(run(git().make_tag(&yard.at(), &order("v1", one), Trust::Given, &cancel)).is_err());
    assert_eq!(yard.git(&["tag"]), "");
}

#[test]
fn a_tag_is_taken_away_while_it_is_ours_alone() {
    let (yard, one) = yard();
    let two = yard.commit("a", "2", "two");
    yard.with_origin();
    assert_eq!(delete(&yard, "v1", one), Untagged::AlreadyGone);
    let made = object(make(&yard, &order("v1", one)));
    assert_eq!(delete(&yard, "v1", two), Untagged::Moved { object: made });
    assert_eq!(delete(&yard, "v1", one), Untagged::Done, "expected by its commit");
    let made = object(make(&yard, &order("v1", one)));
    assert_eq!(delete(&yard, "v1", made), Untagged::Done, "expected by its object");
    let made = object(make(&yard, &order("v1", one)));
    yard.git(&["push", "-q", "origin", "refs/tags/v1"]);
    assert_eq!(delete(&yard, "v1", made), Untagged::OnRemote { at: one });
    yard.git(&["remote", "set-url", "origin", "http://127.0.0.1:1/octo/widget.git"]);
    let kept = delete(&yard, "v1", made);
    assert!(matches!(&kept, Untagged::Not { said } if said.raw().contains("not known")), "{kept:?}");
    assert_eq!(yard.git(&["rev-parse", "v1"]), made.to_string());
}

#[test]
fn a_tag_that_is_held_back_by_a_hook_stays() {
    let (yard, one) = yard();
    let made = object(make(&yard, &order("v1", one)));
    put_script(&yard.path().join(".git/hooks/reference-transaction"), "[ \"$1\" != prepared ]");
    let kept = delete(&yard, "v1", made);
    assert!(matches!(kept, Untagged::Not { .. }), "{kept:?}");
    assert_eq!(run(git().local_tag(&yard.at(), &tag("v1"))).unwrap().unwrap().object, made);
}
