//! Tags made, signed, pushed, taken away: every outcome, against real repositories.
mod make;
mod push;
mod signed;
mod smart;

use super::yard::{Yard, git, run, tag};
use gonogo::git::{Git, GitError, MakeTag, PushTag, TagPushing, Tagged, Trust, Untagged};
use gonogo::release::ids::Oid;
use gonogo::spawn::Cancel;

/// A repository with a name to tag with, and its one commit.
pub fn yard() -> (Yard, Oid) {
    named(Yard::new())
}

pub fn named(yard: Yard) -> (Yard, Oid) {
    yard.git(&["config", "user.name", "Rae"]);
    yard.git(&["config", "user.email", "rae@example.org"]);
    let one = yard.commit("a", "1", "one");
    (yard, one)
}

pub fn order(name: &str, commit: Oid) -> MakeTag {
    MakeTag { tag: tag(name), commit, message: format!("Widget {name}\n"), signed: false }
}

pub fn make_by(git: &Git, yard: &Yard, order: &MakeTag) -> Result<Tagged, GitError> {
    run(git.make_tag(&yard.at(), order, Trust::Given, &Cancel::new()))
}

pub fn make(yard: &Yard, order: &MakeTag) -> Tagged {
    make_by(&git(), yard, order).unwrap()
}

/// The tag object of a tag that was made.
#[track_caller]
pub fn object(tagged: Tagged) -> Oid {
    match tagged {
        Tagged::Done { object, .. } => object,
        other => panic!("{other:?}"),
    }
}

pub fn push(yard: &Yard, name: &str, object: Oid, commit: Oid) -> TagPushing {
    let (at, order) = (yard.at(), PushTag { tag: tag(name), object, commit });
    run(git().push_tag(&at, at.remote().unwrap(), &order, Trust::Given, &Cancel::new())).unwrap()
}

pub fn delete(yard: &Yard, name: &str, expected: Oid) -> Untagged {
    let at = yard.at();
    run(git().delete_local_tag(&at, at.remote(), &tag(name), expected, Trust::Given, &Cancel::new())).unwrap()
}
