//! Sorting that is compiled once.
//!
//! The sorts of the standard library are compiled anew, 7 KB each, for each type and each way to compare it: a
//! hundred of them were 6 % of the program. Here numbers are sorted, in one place, and what they stand for follows.

use std::cmp::Ordering;

/// Stable sorts of what a slice holds.
pub trait Order {
    /// What the slice holds.
    type Item;

    /// Sorts by a comparison.
    fn order_by(&mut self, compare: impl FnMut(&Self::Item, &Self::Item) -> Ordering);

    /// Sorts by a key, which is made once of each.
    fn order_by_key<K: Ord>(&mut self, key: impl FnMut(&Self::Item) -> K);

    /// Sorts by the order of the type.
    fn order(&mut self)
    where
        Self::Item: Ord,
    {
        self.order_by(Ord::cmp);
    }
}

impl<T> Order for [T] {
    type Item = T;

    fn order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let items = &*self;
        let places = places(self.len(), &mut |one, two| compare(&items[one], &items[two]));
        follow(self, &places);
    }

    fn order_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        let keys: Vec<K> = self.iter().map(key).collect();
        let places = places(self.len(), &mut |one, two| keys[one].cmp(&keys[two]));
        follow(self, &places);
    }
}

/// The numbers below a count in the order of a comparison of two of them.
#[inline(never)]
fn places(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, two| compare(*one, *two));
    places
}

/// Puts at each place what stood at the place that is named there.
fn follow<T>(slice: &mut [T], places: &[usize]) {
    for at in 0..slice.len() {
        let mut from = at;
        // What stood at an earlier place was swapped to where that place took its own from.
        loop {
            from = places[from];
            if from >= at {
                break;
            }
        }
        slice.swap(at, from);
    }
}

#[cfg(test)]
mod tests {
    use super::Order as _;

    fn numbers(count: usize, below: u64) -> Vec<(u64, usize)> {
        let mut seed = count as u64;
        let mut next = |at| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((seed >> 33) % below, at)
        };
        (0..count).map(&mut next).collect()
    }

    #[test]
    fn it_is_the_order_of_the_standard_library_and_keeps_what_is_equal() {
        for count in [0, 1, 2, 3, 20, 21, 100, 1000] {
            for below in [1, 3, 50, u64::MAX] {
                let given = numbers(count, below);
                let mut wanted = given.clone();
                wanted.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
                let (mut by_key, mut by) = (given.clone(), given.clone());
                by_key.order_by_key(|(number, _)| std::cmp::Reverse(*number));
                by.order_by(|one, two| two.0.cmp(&one.0));
                assert_eq!((&by_key, &by), (&wanted, &wanted), "{count} below {below}");
                let mut plain = given;
                plain.order();
                wanted.sort();
                assert_eq!(plain, wanted, "{count} below {below}");
            }
        }
    }
}
