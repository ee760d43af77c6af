//! The keymap with overrides: what is wrong is said exactly.

use gonogo::release::Pane;
use gonogo::screen::keymap::{ACTIONS, Action, KeyError, Keymap, Meaning, Reach};
use gonogo::screen::keys::parse;

fn with(name: &str, tab: Option<Pane>, keys: &[&str]) -> Result<Keymap, Vec<KeyError>> {
    Keymap::with(&[(name.to_owned(), tab, keys.iter().map(|it| (*it).to_owned()).collect())])
}

fn meaning(map: &Keymap, tab: Pane, keys: &str) -> Meaning {
    map.meaning(tab, false, &parse(keys).unwrap())
}

#[test]
fn the_default_keys_clash_nowhere() {
    assert_eq!(Keymap::with(&[]), Ok(Keymap::default()));
    // Clashes are looked for where anything is overridden, be it by the same.
    assert_eq!(with("down", None, &["j", "down"]), Ok(Keymap::default()));
}

#[test]
fn an_override_takes_the_place_of_the_default() {
    let map = with("refresh", None, &["f5", "ctrl-r"]).unwrap();
    assert_eq!(meaning(&map, Pane::Overview, "f5"), Meaning::Run(Action::Refresh));
    assert_eq!(meaning(&map, Pane::Ci, "ctrl-r"), Meaning::Run(Action::Refresh));
    assert_eq!(meaning(&map, Pane::Overview, "r"), Meaning::None);
    assert_eq!(map.text(Action::Refresh, Pane::Ci), "f5 or ctrl-r");
}

#[test]
fn an_override_of_one_tab_leaves_the_others() {
    let map = with("filter", Some(Pane::Ci), &["t"]).unwrap();
    assert_eq!(meaning(&map, Pane::Ci, "t"), Meaning::Run(Action::Filter));
    assert_eq!(meaning(&map, Pane::Milestone, "/"), Meaning::Run(Action::Filter));
    assert_eq!(meaning(&map, Pane::Milestone, "t"), Meaning::None);
}

#[test]
fn no_key_at_all_takes_an_action_off_the_keys() {
    let map = with("close", None, &[]).unwrap();
    assert_eq!(meaning(&map, Pane::Milestone, "D"), Meaning::None);
    assert_eq!(map.text(Action::Close, Pane::Milestone), "");
}

#[test]
fn two_actions_on_one_key_are_named_with_the_tab() {
    let errors = with("refresh", None, &["/"]).unwrap_err();
    let error = &errors[0];
    assert_eq!(
        (error.action.as_str(), error.other, error.tab),
        ("refresh", Some("filter"), Some(Pane::Overview))
    );
    assert_eq!(error.message, "/ of refresh clashes with / of filter");
    assert_eq!(error.hint, "give filter another key as well");
    assert_eq!(errors.len(), 1, "once, and not once a tab: {errors:?}");
}

#[test]
fn a_key_that_begins_another_clashes_too() {
    let errors = with("refresh", None, &["g"]).unwrap_err();
    assert!(errors.iter().all(|it| it.action == "refresh"), "it is the one in the configuration: {errors:?}");
    assert_eq!(errors[0].message, "g of refresh clashes with gg or home of top");
    let errors = with("refresh", None, &["jj"]).unwrap_err();
    assert_eq!(errors[0].other, Some("down"));
}

#[test]
fn an_unknown_name_gets_the_nearest_one() {
    for (wrong, right) in
        [("refesh", "refresh"), ("asign", "assign"), ("nexttab", "next-tab"), ("quitt", "quit")]
    {
        let errors = with(wrong, None, &["f9"]).unwrap_err();
        assert_eq!(errors[0].message, format!("no action is called {wrong:?}"));
        assert_eq!(errors[0].hint, format!("did you mean {right:?}?"));
    }
}

#[test]
fn what_leaves_this_machine_keeps_an_upper_case_key() {
    for def in ACTIONS.iter().filter(|def| def.reach == Reach::Out) {
        for key in ["f9", "ctrl-y", "t", "alt-T", "ctrl-Y"] {
            let errors = with(def.name, None, &[key]).unwrap_err();
            let wanted =
                format!("{} leaves this machine, and its key must be an upper-case letter", def.name);
            assert_eq!(errors[0].message, wanted, "{key}");
        }
        assert!(with(def.name, None, &["gT"]).is_ok(), "{}", def.name);
    }
}

#[test]
fn a_text_that_is_no_key_is_said_with_its_action() {
    let errors = with("refresh", None, &["enterr"]).unwrap_err();
    assert_eq!(errors[0].action, "refresh");
    assert!(errors[0].message.contains("\"enterr\" is no key"), "{errors:?}");
}

#[test]
fn all_mistakes_are_said_at_once() {
    let over = |name: &str, key: &str| (name.to_owned(), None, vec![key.to_owned()]);
    let errors = Keymap::with(&[over("nope", "t"), over("close", "t"), over("refresh", "/")]).unwrap_err();
    assert_eq!(errors.len(), 3, "{errors:?}");
}

#[test]
fn two_actions_may_change_places() {
    let over = |name: &str, key: &str| (name.to_owned(), None, vec![key.to_owned()]);
    let map = Keymap::with(&[over("refresh", "/"), over("filter", "r")]).unwrap();
    assert_eq!(meaning(&map, Pane::Ci, "r"), Meaning::Run(Action::Filter));
    assert_eq!(meaning(&map, Pane::Ci, "/"), Meaning::Run(Action::Refresh));
}

#[test]
fn in_a_replay_its_own_keys_come_first() {
    let map = Keymap::default();
    let space = parse("space").unwrap();
    assert_eq!(map.meaning(Pane::Checklist, true, &space), Meaning::Run(Action::Play));
    assert_eq!(map.meaning(Pane::Checklist, false, &space), Meaning::Run(Action::Tick));
    assert_eq!(map.meaning(Pane::Overview, true, &parse("]").unwrap()), Meaning::Run(Action::NextMark));
    assert_eq!(map.meaning(Pane::Milestone, true, &parse("D").unwrap()), Meaning::None);
}
