//! Every action can be found: it has a key, a label and a sentence of help, and its name is its own.

use gonogo::screen::TABS;
use gonogo::screen::keymap::{ACTIONS, Action, Keymap, Place, Reach};
use gonogo::screen::keys::{Code, parse};
use std::collections::BTreeSet;

#[test]
fn each_action_has_a_key_a_label_and_help() {
    for def in ACTIONS {
        assert!(!def.keys.is_empty(), "{} has no key", def.name);
        for keys in def.keys {
            assert!(parse(keys).is_ok(), "{}: {keys:?}", def.name);
        }
        assert!(!def.label.is_empty() && def.label.chars().count() <= 16, "{}: {:?}", def.name, def.label);
        assert!(def.help.ends_with('.') && def.help.len() >= 8, "{}: {:?}", def.name, def.help);
        assert!(def.help.starts_with(|c: char| c.is_uppercase()), "{}: {:?}", def.name, def.help);
    }
}

#[test]
fn each_action_has_a_name_of_its_own_and_is_found_by_it() {
    let names: BTreeSet<_> = ACTIONS.iter().map(|def| def.name).collect();
    assert_eq!(names.len(), ACTIONS.len());
    for def in ACTIONS {
        assert_eq!(def.action.def(), def, "the table is in the order of the enum");
        assert!(def.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", def.name);
    }
}

#[test]
fn what_leaves_this_machine_is_upper_case_and_nothing_else_is_but_the_four() {
    for def in ACTIONS {
        for keys in def.keys {
            let last = *parse(keys).unwrap().last().unwrap();
            let upper = matches!(last.code, Code::Char(c) if c.is_ascii_uppercase());
            if def.reach == Reach::Out {
                assert!(upper && !last.ctrl && !last.alt, "{}: {keys}", def.name);
            } else if upper {
                assert!(["G", "N", "V", "Z"].contains(keys), "{} stays here: {keys}", def.name);
            }
        }
    }
}

#[test]
fn no_control_letter_writes() {
    for def in ACTIONS.iter().filter(|def| def.reach != Reach::Eye) {
        for keys in def.keys {
            assert!(parse(keys).unwrap().iter().all(|key| !key.ctrl), "{}: {keys}", def.name);
        }
    }
}

#[test]
fn each_action_has_a_tab_in_which_it_is_offered() {
    let keymap = Keymap::default();
    for def in ACTIONS {
        let replay = def.place == Place::Replay;
        let tabs: Vec<_> =
            TABS.into_iter().filter(|tab| keymap.actions(*tab, replay).any(|it| it == def.action)).collect();
        assert!(!tabs.is_empty(), "{} is offered nowhere", def.name);
        assert!(def.action != Action::Quit || tabs.len() == TABS.len());
    }
}
