//! Footer, help, palette and which-key say what the keymap does, and nothing else.

use super::paper::{dark, draw, text};
use super::stories;
use super::story::Story;
use gonogo::screen::dialog::{Dialog, Input, offered};
use gonogo::screen::keymap::{ACTIONS, Action, Keymap, Meaning, Place, Reach};
use gonogo::screen::keys::parse;
use gonogo::screen::{Mode, TABS};
use gonogo::view::footer;
use std::sync::Arc;

#[test]
fn every_action_has_a_key_a_label_and_a_sentence() {
    for def in ACTIONS {
        assert!(!def.keys.is_empty(), "{} has no key", def.name);
        assert!(def.keys.iter().all(|keys| parse(keys).is_ok()), "{} has a key that is none", def.name);
        assert!(
            !def.label.is_empty() && def.label.chars().count() <= 18,
            "{}: label {:?}",
            def.name,
            def.label
        );
        assert!(def.help.ends_with('.') && def.help.len() > 6, "{}: help {:?}", def.name, def.help);
        assert_eq!(def.action.def().name, def.name);
    }
}

#[test]
fn what_the_footer_offers_is_what_its_keys_do() {
    for tab in TABS {
        for mode in [Mode::Live, Mode::Replay] {
            let mut screen = Story::full().screen(120, 36);
            screen.tab = tab;
            screen.mode = mode;
            let replay = mode == Mode::Replay;
            let offers = footer::offered(&screen);
            assert!(offers.iter().any(|(action, _)| *action == Action::Enter), "{tab:?}");
            for (action, _) in offers {
                let keys = &screen.options.keymap.keys(action, tab)[0];
                let meaning = screen.options.keymap.meaning(tab, replay, keys);
                // In a replay a tab's own key may give way to the replay's.
                let replays = matches!(meaning, Meaning::Run(other) if other.def().place == Place::Replay);
                assert!(meaning == Meaning::Run(action) || replays, "{tab:?}: {action:?}");
                assert!(!replay || action.def().reach == Reach::Eye, "{action:?} writes in a replay");
            }
        }
    }
}

#[test]
fn a_changed_key_is_shown_everywhere() {
    let keys = vec![("next-open".to_owned(), None, vec!["ctrl-n".to_owned()])];
    let keymap = Arc::new(Keymap::with(&keys).expect("a key"));
    let story = Story::full();
    let mut screen = story.screen(120, 40);
    screen.options.keymap = keymap;
    let shown = text(&draw(&story.release, &screen, &dark()).0);
    assert!(shown.lines().last().is_some_and(|footer| footer.contains("ctrl-n next")), "{shown}");
    for dialog in [
        Dialog::Help { all: true, input: Input::of("next-open"), cursor: 0 },
        Dialog::Palette { input: Input::of("next-open"), cursor: 0 },
    ] {
        screen.dialogs = vec![dialog];
        let shown = text(&draw(&story.release, &screen, &dark()).0);
        assert!(shown.contains("ctrl-n"), "{shown}");
    }
}

#[test]
fn all_keys_lists_every_action() {
    let story = Story::full();
    let screen = story.screen(120, 40);
    let offers = offered(&screen, true, "");
    assert_eq!(offers.len(), ACTIONS.len());
    let mut tall = screen;
    tall.size = (140, 130);
    tall.dialogs = vec![Dialog::Help { all: true, input: Input::default(), cursor: 0 }];
    let shown = text(&draw(&story.release, &tall, &dark()).0);
    for def in ACTIONS {
        assert!(shown.contains(def.label), "{} is not in the help", def.name);
    }
}

#[test]
fn what_cannot_be_run_says_why_in_help_and_palette_and_leaves_a_narrow_footer() {
    let (release, mut screen) = stories::with(gonogo::release::Pane::Ci, None);
    screen.disabled = vec![(Action::Rerun, "there is no token".to_owned())];
    screen.size = (200, 50);
    let wide = text(&draw(&release, &screen, &dark()).0);
    assert!(wide.lines().last().is_some_and(|footer| footer.contains("R Re-run")), "{wide}");
    screen.size = (80, 24);
    let narrow = text(&draw(&release, &screen, &dark()).0);
    assert!(!narrow.lines().last().is_some_and(|footer| footer.contains("Re-run")), "{narrow}");
    screen.size = (120, 36);
    for dialog in [
        Dialog::Help { all: false, input: Input::of("rerun"), cursor: 0 },
        Dialog::Palette { input: Input::of("rerun"), cursor: 0 },
    ] {
        screen.dialogs = vec![dialog];
        let shown = text(&draw(&release, &screen, &dark()).0);
        assert!(shown.contains("not now: there is no token"), "{shown}");
    }
}

#[test]
fn which_key_lists_what_may_follow() {
    let (release, screen) = stories::which_key();
    let shown = text(&draw(&release, &screen, &dark()).0);
    for label in ["top", "present", "theme…", "journal of this", "unfinished…"] {
        assert!(shown.contains(label), "{label}: {shown}");
    }
}
