//! Files that only save time: private to their owner, replaced as a whole, thrown away rather than trusted when
//! damaged.

use super::find::Repository;
use sha2::{Digest as _, Sha256};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Bytes of the checksum at the end, SHA-256.
const SUM: usize = 32;

/// The file of a repository in a directory; all its worktrees share it.
pub(super) fn file_of(dir: &Path, repository: &Repository) -> PathBuf {
    let place = repository.common_dir.as_os_str().as_encoded_bytes();
    let name: String = Sha256::digest(place).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    dir.join(name)
}

/// What follows the first bytes of a file; none when a byte of it is not as it was written.
pub(super) fn unseal<'a>(bytes: &'a [u8], magic: &[u8]) -> Option<&'a [u8]> {
    let (held, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
    let body = held.strip_prefix(magic)?;
    (Sha256::digest(held).as_slice() == sum).then_some(body)
}

/// Seals bytes, which start with what tells their form, and puts them in the place of a file: a new file, readable to
/// its owner alone, then renamed.
pub(super) fn replace(file: &Path, mut bytes: Vec<u8>) -> std::io::Result<()> {
    let Some(dir) = file.parent() else { return Ok(()) };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let sum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&sum);
    let new = file.with_extension(format!("{}.new", std::process::id()));
    let written = write(&new, &bytes).and_then(|()| std::fs::rename(&new, file));
    if written.is_err() {
        // What is left of it is no use to anybody.
        let _gone = std::fs::remove_file(&new);
    }
    written
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    file.write_all(bytes)
}
