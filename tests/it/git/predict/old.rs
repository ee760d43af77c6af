//! A git that is too old to merge in memory: each pick is unknown, and says why and what to do.

use super::super::yard::{Yard, git, oid, run};
use super::picks;
use gonogo::git::predict::Stuck;
use gonogo::git::{Git, Predictor, Trust};
use gonogo::release::predict::{Verdict, Why};
use gonogo::spawn::{Cancel, Program};

/// A git that says it is 2.30 and knows nothing that came later and is used here.
pub fn old_git(yard: &Yard) -> String {
    let real = git().program().path().display().to_string();
    let body = format!(
        "[ \"$1\" = --version ] && {{ echo git version 2.30.2; exit; }}\n\
         case \" $* \" in *' --batch-command '*|*' merge-tree '*|*' --attr-source='*|*'%(ahead-behind'*)\n\
         echo 'usage: git' >&2; exit 129;; esac\nexec '{real}' \"$@\""
    );
    yard.script("old-git", &body)
}

#[test]
fn nothing_is_tried_and_each_pick_says_what_to_install() {
    let yard = Yard::new();
    yard.commit("f", "1\n", "Start");
    yard.git(&["branch", "release"]);
    let one = yard.commit("f", "2\n", "One");
    let two = yard.commit("f", "3\n", "Two");
    let tip = oid(&yard.git(&["rev-parse", "release"]));
    let program = Program::find(&old_git(&yard)).unwrap();
    run(async {
        let old = Git::at(program).await.unwrap();
        let mut predictor = Predictor::open(&old, &yard.at(), Trust::Unasked).await.unwrap();
        let mut heard = vec![];
        let mut hear = |at: usize, told: &gonogo::release::predict::Prediction| {
            heard.push((at, told.verdict.clone()));
        };
        let cancel = Cancel::new();
        let all = predictor.predict(tip, &picks(&[one, two]), &cancel, &mut hear).await.unwrap();
        assert_eq!(all.len(), 2);
        for (at, it) in all.iter().enumerate() {
            let Verdict::Unknown(Why::Tier(why)) = &it.verdict else { panic!("{it:?}") };
            assert_eq!(why.raw(), "git 2.30.2 cannot merge in memory: install 2.38 or later");
            assert_eq!(heard[at], (at, it.verdict.clone()));
        }
        // Nor is a remedy or an order looked for.
        let stuck = Stuck { onto: tip, picks: picks(&[two]) };
        let mut none = |_, _: &_| panic!("nothing is known of it");
        predictor.remedies(tip, &[stuck], &|_| vec![], &cancel, &mut none).await.unwrap();
        let why = predictor.order(tip, &[picks(&[one]), picks(&[two])], &cancel).await.unwrap_err();
        assert!(why.to_string().contains("install 2.38 or later"), "{why}");
    });
}
