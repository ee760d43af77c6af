//! Every source of picks against the embedded forge: by GraphQL, by REST alone, with less than everything readable.

use super::{branch, hasty, text};
use crate::demo::{ask, asked, get, moment};
use gonogo::demo::{Clock, Demo, FINE_GRAINED, FULL, Fault, Options};
use gonogo::forge::token::Origin;
use gonogo::forge::{Api, Forge, Github, Look, RefreshPlan, Seen, Setup, Source, Token};
use gonogo::release::looks::Topic;
use gonogo::release::observe::Sighting;
use gonogo::release::picks::{
    Asked, BackportState, Command, Gather, MilestoneOf, NamedLine, Pick, PickState, Stray,
};
use serde_json::{Value, json};

const LINE: &str = "release-2.6";

/// A demo of a process that keeps pull requests in milestones.
async fn demo() -> Demo {
    let options =
        Options { process: "dragonfly".to_owned(), clock: Clock::held_at(moment()), ..Options::default() };
    gonogo::demo::start(options).await.unwrap()
}

fn door(demo: &Demo, token: Option<&str>) -> Github {
    let api = Api::of_url(&demo.api_url).unwrap();
    let token = token.map(|token| Token::new(token, api.host(), Origin::Given).unwrap());
    Github::new(Setup { patience: hasty(), ..Setup::new(api, token) }).unwrap()
}

/// Every source, for the newest line.
fn gather() -> Gather {
    let named = [NamedLine { branch: branch(LINE), major: "2".into(), minor: "6".into() }];
    Gather {
        trunk: Some(branch("main")),
        labels: vec![(text(&format!("backport {LINE}")), branch(LINE))],
        milestones: vec![(MilestoneOf::Version { major: 2, minor: Some(6) }, branch(LINE))],
        commands: Command::new("/cherry-pick {branch}", &named, None).into_iter().collect(),
        lines: vec![branch(LINE)],
        bot: Some(text("mergify[bot]")),
        ..Gather::default()
    }
}

async fn look(door: &Github, demo: &Demo, gather: &Gather) -> Seen {
    let plan = RefreshPlan {
        main: demo.repo.clone(),
        repos: vec![],
        milestone: None,
        branches: vec![],
        picks: gather.clone(),
        topics: [Topic::Picks].into(),
    };
    door.refresh(&plan).await.remove(0)
}

fn rows(seen: &Seen) -> (&[Pick], &[Stray]) {
    match &seen.sighting {
        Sighting::Picks(_, rows, strays, _) => (rows, strays),
        other => panic!("{other:?}"),
    }
}

fn by_comment(pick: &Pick) -> Option<(&str, bool)> {
    pick.asked.iter().find_map(|asked| match asked {
        Asked::Comment { login, weak, .. } => Some((login.raw(), *weak)),
        _ => None,
    })
}

/// The row that a source alone proposes.
fn only(rows: &[Pick], fits: impl Fn(&Pick) -> bool) -> &Pick {
    let found: Vec<_> = rows.iter().filter(|row| fits(row)).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0]
}

/// What the backport of a row is: number aside.
fn of_backport(row: &Pick) -> (BackportState, bool, Option<bool>, Option<&str>, bool) {
    let it = row.backport.as_ref().expect("a backport");
    (it.state, it.draft, it.conflict, it.checks.as_ref().map(|it| it.raw()), it.weak)
}

#[tokio::test]
async fn each_source_proposes_with_who_and_when() {
    let demo = demo().await;
    let door = door(&demo, Some(FULL));
    let seen = look(&door, &demo, &gather()).await;
    let (rows, strays) = rows(&seen);

    let labelled = rows.iter().find(|row| !row.label.is_empty() && row.state == PickState::Proposed).unwrap();
    let by = labelled.wanted_by().expect("who");
    assert_eq!((by.login().map(|it| it.raw()), by.at().is_some()), (Some("ana-weber"), true), "{by:?}");

    let asked = only(rows, |row| by_comment(row).is_some_and(|(_, weak)| !weak));
    assert_eq!((by_comment(asked), asked.is_weak()), (Some(("danap", false)), false));
    assert!(asked.merged.is_some() && asked.at.is_some(), "{asked:?}");
    let stranger = only(rows, |row| by_comment(row).is_some_and(|(_, weak)| weak));
    assert!(stranger.is_weak(), "{stranger:?}");

    let milestone = only(rows, |row| row.asked.iter().any(|it| matches!(it, Asked::Milestone { .. })));
    let by = milestone.wanted_by().unwrap();
    assert_eq!((by.what().as_str(), by.login().map(|it| it.raw())), ("milestone v2.6.2", Some("ana-weber")));

    let said: Vec<_> = strays.iter().map(|it| (it.number, it.said.raw(), it.login.raw(), it.weak)).collect();
    assert_eq!(said, [(asked.number, "/cherry-pick release-9.9.x", "faridh", false)]);
}

#[tokio::test]
async fn each_make_of_backport_is_told() {
    let demo = demo().await;
    let seen = look(&door(&demo, Some(FULL)), &demo, &gather()).await;
    let (rows, _) = rows(&seen);
    let by = |words: &str| {
        only(rows, |row| {
            let open = row.backport.as_ref().filter(|it| it.state != BackportState::Merged);
            open.is_some_and(|it| it.known_by.raw().contains(words))
        })
    };
    let (open, closed) = (BackportState::Open, BackportState::Closed);
    let bot = only(rows, |row| {
        row.backport.as_ref().is_some_and(|it| it.author == Some(text("mergify[bot]")) && it.state == open)
    });
    assert_eq!(of_backport(bot), (open, false, Some(false), Some("SUCCESS"), false));
    assert!(bot.backport.as_ref().unwrap().url.is_some());
    assert_eq!(of_backport(by("its branch backport-")), (open, true, Some(true), Some("FAILURE"), false));
    assert_eq!(
        of_backport(by("a trailer in its commits")),
        (open, false, Some(false), Some("SUCCESS"), false)
    );
    let fork = by("automated-cherry-pick-of-#");
    assert_eq!(of_backport(fork), (open, false, Some(false), None, true), "anybody can open one from a fork");
    assert!(fork.is_weak());
    // One that was given up shows where something else wants the pick.
    let given_up = only(rows, |row| row.backport.as_ref().is_some_and(|it| it.state == closed));
    assert!(!given_up.label.is_empty() && given_up.backport.as_ref().unwrap().ended.is_some());
    let merged =
        rows.iter().filter(|row| row.backport.as_ref().is_some_and(|it| it.state == BackportState::Merged));
    assert!(merged.count() > 2, "what was brought before");
}

#[tokio::test]
async fn facts_of_a_pull_request_are_read() {
    let demo = demo().await;
    let seen = look(&door(&demo, Some(FULL)), &demo, &gather()).await;
    let (rows, _) = rows(&seen);
    let approved = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| text(name)).collect();
        rows.iter().filter_map(|row| row.facts.as_ref()).filter(|facts| facts.approved_by == names).count()
    };
    assert!(approved(&["bo-lindqvist", "danap"]) > 0, "two approve");
    assert!(approved(&["chidi-o"]) > 0, "the latest word of each counts");
    assert_eq!(approved(&["faridh"]), 0, "a review that was dismissed approves nothing");
    let row = rows.iter().find(|row| row.merged.is_some() && row.facts.is_some()).unwrap();
    let facts = row.facts.as_ref().unwrap();
    assert_eq!(
        (facts.commits, facts.files, facts.merged_by.as_ref()),
        (Some(1), Some(1), Some(&text("ana-weber")))
    );
    assert!(facts.added > Some(0) && facts.unread.is_empty(), "{facts:?}");

    let closed = only(rows, |row| row.closed);
    let list = &closed.facts.as_ref().unwrap().list;
    assert_eq!((list.len(), list[1].subject.raw()), (2, "test: what the old clients do"));
    assert_eq!((closed.state, closed.merged), (PickState::NotMerged, None));
}

/// Looks until nothing is left for later.
async fn patiently(door: &Github, demo: &Demo, gather: &Gather) -> Seen {
    for _ in 0..20 {
        let seen = look(door, demo, gather).await;
        if !seen.note.as_deref().is_some_and(|note| note.contains("next looks")) {
            return seen;
        }
    }
    panic!("it never ends");
}

#[tokio::test]
async fn rest_alone_tells_the_same_a_few_at_a_time() {
    let demo = demo().await;
    let whole = look(&door(&demo, Some(FULL)), &demo, &gather()).await;
    demo.faults().next(10_000, "POST", "/graphql", Fault::Status(403));
    let by_rest = door(&demo, Some(FULL));
    let first = look(&by_rest, &demo, &gather()).await;
    assert!(first.note.as_deref().is_some_and(|note| note.contains("next looks")), "{:?}", first.note);
    let lacks = |seen: &Seen| matches!(&seen.sighting, Sighting::Picks(.., Some(why)) if why.line().contains("next looks"));
    assert!(lacks(&first), "what is left for later is no whole queue");
    assert!(!lacks(&patiently(&by_rest, &demo, &gather()).await));
    // Checks and conflicts are read a few at a time as well.
    let mut last = look(&by_rest, &demo, &gather()).await;
    for _ in 0..10 {
        last = look(&by_rest, &demo, &gather()).await;
    }
    let strip = |seen: &Seen| -> Vec<Pick> {
        let (rows, _) = rows(seen);
        let bare = |row: &Pick| {
            let mut row = row.clone();
            // How many are read in one look is bounded: what was not is said to be unread.
            if let Some(facts) = &mut row.facts {
                (facts.checks, facts.unread) = (None, vec![]);
            }
            row
        };
        rows.iter().map(bare).collect()
    };
    let (last_rows, whole_rows) = (strip(&last), strip(&whole));
    for (one, two) in last_rows.iter().zip(&whole_rows) {
        assert_eq!(one, two);
    }
    assert_eq!(last_rows.len(), whole_rows.len());
    assert_eq!(rows(&last).1, rows(&whole).1);
}

#[tokio::test]
async fn what_was_left_unread_is_read_next_although_nothing_moved() {
    let demo = demo().await;
    let door = door(&demo, Some(FULL));
    // The lists come; what tells more about their pull requests is refused.
    demo.faults().after(1, "POST", "/graphql", Fault::Status(403));
    let lacks = |seen: &Seen| matches!(&seen.sighting, Sighting::Picks(.., Some(_)));
    let first = look(&door, &demo, &gather()).await;
    assert!(lacks(&first) && demo.faults().all_met(), "{:?}", first.note);
    for _ in 0..10 {
        if !lacks(&look(&door, &demo, &gather()).await) {
            return;
        }
    }
    panic!("it is never whole");
}

#[tokio::test]
async fn without_a_token_a_few_requests_are_enough_for_what_labels_say() {
    let demo = demo().await;
    let seen =
        look(&door(&demo, None), &demo, &Gather { labels: gather().labels, ..Gather::default() }).await;
    let (rows, _) = rows(&seen);
    assert!(rows.len() > 5 && rows.iter().filter(|row| row.facts.is_some()).count() <= 2, "{rows:#?}");
}

async fn comment_of(demo: &Demo, body: &str) -> Value {
    let all = get(demo, "/repos/octo/widget/issues/comments?per_page=100").await.json();
    let found = all.as_array().unwrap().iter().find(|it| it["body"].as_str().unwrap().contains(body));
    found.expect("the comment").clone()
}

#[tokio::test]
async fn a_command_that_is_edited_or_taken_away_asks_no_more() {
    let demo = demo().await;
    let door = door(&demo, Some(FULL));
    let first = look(&door, &demo, &gather()).await;
    let number = only(rows(&first).0, |row| by_comment(row) == Some(("danap", false))).number;

    demo.clock().advance(60);
    let stray = comment_of(&demo, "release-9.9.x").await["id"].clone();
    let url = format!("/repos/octo/widget/issues/comments/{stray}");
    ask(&demo, "PATCH", &url, json!({ "body": "never mind" })).await;
    let second = look(&door, &demo, &gather()).await;
    assert_eq!(rows(&second).1, [], "edited");
    assert!(rows(&second).0.iter().any(|row| row.number == number));

    demo.clock().advance(60);
    let said = comment_of(&demo, "Users of the line hit this too").await["id"].clone();
    assert_eq!(
        ask(&demo, "DELETE", &format!("/repos/octo/widget/issues/comments/{said}"), Value::Null).await.status,
        204
    );
    let gather = Gather { asked: [number].into(), ..gather() };
    let third = look(&door, &demo, &gather).await;
    assert_eq!(rows(&third).0.iter().find(|row| row.number == number), None, "taken away");
}

#[tokio::test]
async fn nothing_new_costs_no_query() {
    let demo = demo().await;
    let door = door(&demo, Some(FULL));
    let first = look(&door, &demo, &gather()).await;
    look(&door, &demo, &gather()).await;
    // Any query would fail now.
    demo.faults().next(10_000, "POST", "/graphql", Fault::Status(500));
    let still = look(&door, &demo, &gather()).await;
    assert_eq!((still.source, &still.sighting), (Source::Unchanged, &first.sighting));
}

#[tokio::test]
async fn what_a_token_may_not_read_is_unknown_and_never_clean() {
    let demo = demo().await;
    let whole = look(&door(&demo, Some(FULL)), &demo, &gather()).await;
    let green = |seen: &Seen| {
        let (rows, _) = rows(seen);
        let of = |row: &Pick| {
            let facts = row.facts.as_ref().and_then(|facts| facts.checks.clone());
            let backport = row.backport.as_ref().and_then(|it| it.checks.clone());
            [facts, backport].into_iter().flatten().any(|word| word.raw() == "SUCCESS")
        };
        rows.iter().filter(|row| of(row)).count()
    };
    assert!(green(&whole) > 0);
    let seen = look(&door(&demo, Some(FINE_GRAINED)), &demo, &gather()).await;
    assert_eq!(green(&seen), 0, "check runs are hidden from it, so nothing is green");
    let facts: Vec<_> = rows(&seen).0.iter().filter_map(|row| row.facts.as_ref()).collect();
    let merged = facts.iter().filter(|facts| facts.merged_by.is_some());
    assert!(merged.clone().count() > 0 && merged.clone().all(|it| it.unread.contains(&text("checks"))));

    // By REST alone, and reviews are hidden as well.
    demo.faults().next(10_000, "POST", "/graphql", Fault::Status(403));
    for status in [403, 404] {
        demo.faults().next(10_000, "GET", "/reviews", Fault::Status(status));
        let seen = look(&door(&demo, Some(FULL)), &demo, &gather()).await;
        let facts: Vec<_> = rows(&seen).0.iter().filter_map(|row| row.facts.as_ref()).collect();
        assert!(
            !facts.is_empty() && facts.iter().all(|it| it.unread.contains(&text("reviews"))),
            "{facts:#?}"
        );
        demo.faults().clear();
        demo.faults().next(10_000, "POST", "/graphql", Fault::Status(403));
    }
}

#[tokio::test]
async fn what_does_not_exist_spoils_nothing() {
    let demo = demo().await;
    let door = door(&demo, Some(FULL));
    let before = look(&door, &demo, &gather()).await;
    let tip = get(&demo, &format!("/repos/octo/widget/git/ref/heads/{LINE}")).await.json();
    let sha = tip["object"]["sha"].as_str().unwrap().to_owned();
    let head = json!({ "ref": "refs/heads/backport-777777-to-x", "sha": sha });
    assert_eq!(ask(&demo, "POST", "/repos/octo/widget/git/refs", head).await.status, 201);
    let tree =
        get(&demo, &format!("/repos/octo/widget/git/commits/{sha}")).await.json()["tree"]["sha"].clone();
    let commit = json!({ "message": "x", "tree": tree, "parents": [sha] });
    let made = ask(&demo, "POST", "/repos/octo/widget/git/commits", commit).await.json()["sha"].clone();
    let update = json!({ "sha": made });
    ask(&demo, "PATCH", "/repos/octo/widget/git/refs/heads/backport-777777-to-x", update).await;
    let pull = json!({
        "title": "[Backport x] nothing (backport #777777)", "head": "backport-777777-to-x", "base": LINE, "body": "Backport of #777778",
    });
    let made = ask(&demo, "POST", "/repos/octo/widget/pulls", pull).await;
    assert_eq!(made.status, 201, "{}", made.text);
    demo.clock().advance(60);
    let after = look(&door, &demo, &gather()).await;
    assert_eq!(rows(&after).0, rows(&before).0, "a number of nothing is no pick");
}

#[tokio::test]
async fn nulls_everywhere_are_borne() {
    let demo = demo().await;
    demo.faults().next(10_000, "*", "/", Fault::Nulls);
    let seen = look(&door(&demo, Some(FULL)), &demo, &gather()).await;
    // What cannot be read whole is an error or less than all: never a crash, and nothing in it is green.
    if let Sighting::Picks(_, rows, ..) = &seen.sighting {
        assert!(
            rows.iter().all(|row| row.facts.as_ref().is_none_or(|facts| facts.checks.is_none())),
            "{rows:#?}"
        );
    }
    let _ = asked(&demo, "GET", "/meta", Value::Null, &[]).await;
}

#[tokio::test]
async fn a_label_of_two_lines_says_so() {
    let demo = demo().await;
    let label = text(&format!("backport {LINE}"));
    let labels = vec![(label.clone(), branch(LINE)), (label, branch("release-2.5"))];
    let seen = look(&door(&demo, Some(FULL)), &demo, &Gather { labels, ..Gather::default() }).await;
    let (rows, _) = rows(&seen);
    let lines: std::collections::BTreeSet<_> = rows.iter().map(|row| row.line.as_str().to_owned()).collect();
    assert_eq!(lines.len(), 2, "it is proposed for both");
    let said = "the label backport release-2.6 stands for release-2.5 and release-2.6 alike";
    assert!(rows.iter().all(|row| row.notes == [text(said)]), "{rows:#?}");
    assert!(seen.note.is_some_and(|note| note.contains(said)));
    let look = Look::Picks { repo: demo.repo.clone(), gather: Box::default() };
    assert!(
        matches!(door(&demo, None).look(&look).await.sighting, Sighting::Picks(_, rows, ..) if rows.is_empty())
    );
}
