//! Finding programs, and splitting what people write in `$EDITOR`.

use gonogo::spawn::{Program, SpawnError, words};
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn only_absolute_directories_and_executable_files_count() {
    let dir = tempfile::TempDir::new().unwrap();
    let put = |name: &str, mode: u32| {
        let path = dir.path().join(name);
        std::fs::write(&path, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    put("runs", 0o755);
    put("reads", 0o644);
    std::fs::create_dir(dir.path().join("folder")).unwrap();
    let path = std::ffi::OsString::from(format!(".:relative::{}", dir.path().display()));
    let find = |name: &str| Program::find_in(name, &path);
    assert_eq!(find("runs").unwrap().path(), dir.path().join("runs"));
    for name in ["reads", "folder", "absent", "", "./runs", "../runs", "a/b"] {
        assert!(matches!(find(name), Err(SpawnError::NotFound(_))), "{name}");
    }
    let absolute = dir.path().join("runs");
    assert_eq!(find(absolute.to_str().unwrap()).unwrap().path(), absolute);
    assert!(find("/absent/program").is_err());
    let hostile = find("a\u{1b}[2J").unwrap_err().to_string();
    assert!(!hostile.contains('\u{1b}'), "{hostile}");
}

#[test]
fn words_of_a_command() {
    let split =
        |text| words(text).map(|all| all.into_iter().map(|it| it.into_string().unwrap()).collect::<Vec<_>>());
    let is = |text, expected: &[&str]| assert_eq!(split(text).unwrap(), expected, "{text}");
    is("vi", &["vi"]);
    is("  code   --wait ", &["code", "--wait"]);
    is("'/opt/my editor/bin' -c \"set ft=\\\"md\\\"\"", &["/opt/my editor/bin", "-c", "set ft=\"md\""]);
    is("a\\ b c", &["a b", "c"]);
    is("vi '' \"\"", &["vi", "", ""]);
    is("'a\\b'", &["a\\b"]);
    is("vi $HOME `id` ; rm *", &["vi", "$HOME", "`id`", ";", "rm", "*"]);
    for text in ["", "   ", "vi 'open", "vi \"open", "vi \\"] {
        assert_eq!(split(text), None, "{text}");
    }
}
