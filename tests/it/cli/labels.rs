//! What the forge says of pull requests in `gonogo next` and `gonogo notes`: labels that weigh, notes that GitHub writes.

use super::bench::{Bench, Ran};
use crate::engine::pty::{Term, gonogo};
use crate::forge::server::{Asked, Say, Server};
use crate::git::yard::run;
use serde_json::{Value, json};

const TOKEN: &str = "ghp_0123456789012345678901234567890123456789";

/// A trunk with three pull requests since its last version, none of which says in its commits that it is a feature.
fn bench() -> Bench {
    let bench = Bench::empty();
    bench.yard.commit("f", "1\n", "feat: start (#1)");
    bench.yard.git(&["tag", "v1.3.0"]);
    bench.yard.commit("f", "2\n", "fix: two (#2)");
    bench.yard.commit("f", "3\n", "Three at last (#3)");
    bench.yard.commit("g", "1\n", "Four (#4)");
    bench.yard.git(&["remote", "add", "origin", "https://github.com/octo/widget.git"]);
    bench
}

/// The forge's answer: the labels of each pull request, whatever is asked.
fn pulls(asked: &Asked, labels: &dyn Fn(u64) -> Vec<&'static str>) -> Say {
    if asked.path() != "/graphql" {
        return Say::json(200, json!({ "full_name": "octo/widget" }));
    }
    let variables = asked.json()["variables"].clone();
    let mut found = json!({});
    for (key, number) in variables.as_object().unwrap().iter().filter(|(key, _)| key.starts_with('p')) {
        let number = number.as_u64().unwrap();
        let named: Vec<_> = labels(number).into_iter().map(|name| json!({ "name": name })).collect();
        found[key] = json!({
            "number": number, "title": format!("Pull {number}"), "labels": { "nodes": named },
            "author": { "login": "ada" },
        });
    }
    Say::json(200, json!({ "data": { "repository": found } }))
}

fn with_forge(
    bench: Bench,
    args: &[&str],
    answer: impl FnMut(&Asked) -> Say + Send + 'static,
) -> (Ran, Vec<String>) {
    let bench = bench.variable("GONOGO_TOKEN", TOKEN);
    let args: Vec<String> = args.iter().map(|it| (*it).to_owned()).collect();
    run(async {
        let server = Server::start(answer).await;
        let url = server.url.clone();
        let ran = move || {
            let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
            args.extend(["--api-url", &url]);
            bench.run(&args)
        };
        (tokio::task::spawn_blocking(ran).await.unwrap(), server.lines())
    })
}

const NEXT: &[&str] = &["next", "--json", "--process", "kubesphere"];

fn first(ran: &Ran) -> Value {
    let value: Value = serde_json::from_str(&ran.out).unwrap_or_else(|why| panic!("{why}: {ran:?}"));
    value["next"][0].clone()
}

fn kubesphere(bench: Bench) -> Bench {
    bench.yard.git(&["branch", "-m", "main", "master"]);
    bench
}

#[test]
fn labels_weigh_what_commits_do_not_say() {
    let alone = kubesphere(bench()).run(&[NEXT, &["--offline"]].concat());
    assert_eq!(first(&alone)["changes"]["features"], 0);
    assert!(alone.err.contains("labels do not weigh: --offline"), "{}", alone.err);
    let (ran, asked) = with_forge(kubesphere(bench()), NEXT, |asked| {
        pulls(asked, &|number| match number {
            3 => vec!["size/L", "Kind/Feature-Request\u{202e}"],
            // A label makes nothing lighter: the commit says fix, and so does the label.
            2 => vec!["kind/bug"],
            _ => vec![],
        })
    });
    ran.is_clean();
    let next = first(&ran);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{asked:?}");
    assert_eq!((&next["changes"]["features"], &next["changes"]["fixes"]), (&json!(1), &json!(1)));
    assert_eq!((&next["changes"]["unsaid"], &next["by_label"]), (&json!(1), &json!(1)));
    assert_eq!(next["next"]["tag"], "v1.4.0");
    assert!(next["heavy"][0]["label"].as_str().unwrap().starts_with("Kind/Feature-Request"), "{next}");
    assert!(next["next"]["reasons"].to_string().contains("by the labels"), "{next}");
    // A breaking label asks for a major version.
    let (ran, _) = with_forge(kubesphere(bench()), NEXT, |asked| {
        pulls(asked, &|number| if number == 4 { vec!["kind/breaking-change"] } else { vec![] })
    });
    assert_eq!(first(&ran)["next"]["tag"], "v2.0.0");
}

#[test]
fn the_branches_of_the_cockpit_lead_to_what_is_printed() {
    let answer = |asked: &Asked| {
        pulls(asked, &|number| if number == 4 { vec!["kind/breaking-change"] } else { vec![] })
    };
    run(async move {
        let server = Server::start(answer).await;
        let url = server.url.clone();
        let told = move || {
            let bench = kubesphere(bench()).variable("GONOGO_TOKEN", TOKEN);
            let printed = first(&bench.run(&[NEXT, &["--api-url", &url]].concat()));
            assert_eq!(printed["next"]["tag"], "v2.0.0");
            let path = bench.yard.path();
            let path = path.to_str().unwrap();
            let words = ["open", path, "--process", "kubesphere", "--release", "v1.4.0", "--api-url", &url];
            let mut command = gonogo(&words, bench.yard.root());
            command.env("GONOGO_TOKEN", TOKEN);
            let mut term = Term::start(command);
            term.press("4");
            term.see("[4 Branches");
            term.press("G");
            term.until("the next version", |screen| screen.contains("Next") && screen.contains("v2.0.0"));
            term.see("by the labels");
            assert!(term.leave().success());
            // On record, so that a replay and the next session say the same before anything is asked.
            let words = ["open", path, "--process", "kubesphere", "--release", "v1.4.0", "--read-only"];
            let mut term = Term::start(gonogo(&words, bench.yard.root()));
            term.press("4");
            term.press("G");
            term.see("v2.0.0");
            assert!(term.leave().success());
        };
        tokio::task::spawn_blocking(told).await.unwrap();
    });
}

#[test]
fn what_was_taken_back_does_not_weigh_whatever_its_labels_say() {
    let bench = kubesphere(bench());
    let id = bench.yard.git(&["rev-parse", "HEAD~1"]);
    bench.yard.commit(
        "f",
        "2\n",
        &format!("Revert \"Three at last (#3)\" (#5)\n\nThis reverts commit {id}."),
    );
    let (ran, _) = with_forge(bench, NEXT, |asked| {
        pulls(asked, &|number| if number == 3 { vec!["kind/feature"] } else { vec![] })
    });
    let next = first(&ran);
    assert_eq!((&next["changes"]["features"], &next["by_label"]), (&json!(0), &json!(0)), "{next}");
}

#[test]
fn a_line_for_fixes_flags_what_its_labels_say_is_a_feature() {
    let bench = kubesphere(bench());
    bench.yard.git(&["branch", "release-1.3"]);
    let args = [NEXT, &["--line", "release-1.3"]].concat();
    let (ran, _) = with_forge(bench, &args, |asked| {
        pulls(asked, &|number| if number == 3 { vec!["kind/feature"] } else { vec![] })
    });
    let next = first(&ran);
    assert_eq!(next["next"]["tag"], "v1.3.1");
    assert!(next["findings"].to_string().contains("1 feature does not belong"), "{next}");
}

#[test]
fn a_forge_that_refuses_leaves_the_commits_and_says_so() {
    let (ran, _) =
        with_forge(kubesphere(bench()), NEXT, |_| Say::json(401, json!({ "message": "Bad credentials" })));
    ran.is_clean();
    assert_eq!((ran.code, &first(&ran)["changes"]["unsaid"]), (0, &json!(2)));
    assert!(ran.err.contains("labels do not weigh: the forge was not asked to the end"), "{ran:?}");
    let none = kubesphere(bench()).run(NEXT);
    assert!(none.err.contains("labels do not weigh: no token for github.com"), "{}", none.err);
    assert_eq!(none.code, 0);
}

/// A process whose notes GitHub writes.
fn by_github(more: &str) -> Bench {
    let text = format!(
        "[process]\npreset = \"llama-stack\"\n[process.notes]\nfrom = \"github\"\nsections = [{more}]\n"
    );
    bench().write("repo/gonogo.toml", &text)
}

fn generates(asked: &Asked) -> Say {
    match asked.path() {
        "/repos/octo/widget/releases/generate-notes" => {
            let body = asked.json();
            let said = format!(
                "## What's Changed\n* of {} since {}\u{1b}[31m\u{202e}",
                body["tag_name"].as_str().unwrap(),
                body["previous_tag_name"].as_str().unwrap()
            );
            Say::json(200, json!({ "name": "v1.4.0", "body": said }))
        }
        _ => pulls(asked, &|_| vec![]),
    }
}

#[test]
fn notes_that_github_writes_are_printed_as_it_writes_them() {
    let (ran, asked) = with_forge(by_github(""), &["notes"], generates);
    ran.is_clean();
    assert_eq!(ran.code, 0, "{} {asked:?}", ran.err);
    assert!(ran.out.starts_with("## What's Changed\n* of v1.4.0 since v1.3.0"), "{}", ran.out);
    assert!(!ran.err.contains("warning"), "{}", ran.err);
    let section = "{ title = \"How to upgrade\", required = true }";
    let (ran, _) = with_forge(by_github(section), &["notes"], generates);
    assert!(ran.err.contains("nothing is published before it is written: How to upgrade"), "{}", ran.err);
}

#[test]
fn where_github_cannot_be_asked_for_notes_none_are_made_up() {
    let ran = by_github("").run(&["notes"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(
        ran.err.contains("no token for github.com") && ran.err.contains("from = \"github\""),
        "{}",
        ran.err
    );
    let ran = by_github("").run(&["notes", "--offline"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    let (ran, _) = with_forge(by_github(""), &["notes"], |asked| match asked.path() {
        "/repos/octo/widget/releases/generate-notes" => {
            Say::json(422, json!({ "message": "Invalid target_commitish parameter" }))
        }
        _ => pulls(asked, &|_| vec![]),
    });
    ran.is_clean();
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("Invalid target_commitish"), "{}", ran.err);
    // GitHub knows nothing of a section for the house alone, so its text is not taken.
    let inner = "{ title = \"For us\", audience = \"internal\", labels = [\"x\"] }";
    let (ran, asked) = with_forge(by_github(inner), &["notes"], generates);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("internal sections") && !ran.out.contains("What's Changed"), "{}", ran.err);
    assert!(!asked.iter().any(|line| line.contains("generate-notes")), "{asked:?}");
}
