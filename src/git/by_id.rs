//! Tables of commits.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Hashes ids by what they are already: a hash. The key, another one in every process, keeps commits that somebody made
/// to collide from doing so here.
#[derive(Debug, Clone)]
pub(super) struct ById(u64);

impl Default for ById {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0u8) | 1)
    }
}

impl BuildHasher for ById {
    type Hasher = IdHasher;

    fn build_hasher(&self) -> IdHasher {
        IdHasher { key: self.0, hash: 0 }
    }
}

pub(super) struct IdHasher {
    key: u64,
    hash: u64,
}

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(start) = bytes.first_chunk::<8>() {
            // The upper half of a product depends on all bits of the id, and on the key.
            let product = (u64::from_le_bytes(*start) ^ self.key).wrapping_mul(self.key);
            self.hash ^= product.rotate_left(32);
        }
    }

    fn write_u8(&mut self, _: u8) {}

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.hash
    }
}
