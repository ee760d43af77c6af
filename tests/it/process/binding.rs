//! An item that binds says whom.

use gonogo::process::{Process, Severity};

#[test]
fn an_item_that_binds_names_whom() {
    let text = |role: &str| {
        format!(
            "name = \"p\"\nbranches.trunk = \"main\"\nversion = {{ style = \"semver\", candidate = \"-rc.{{n}}\" }}\n\
             [[roles]]\nid = \"qa\"\n[[stages]]\nid = \"s\"\n[[stages.items]]\nid = \"i\"\ntext = \"t\"\nbinding = true\n{role}"
        )
    };
    let (_, found) = Process::parse(&text(""), "f").unwrap();
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((one.severity, one.line), (Severity::Warning, 11), "{one}");
    assert!(one.message.contains("binds nobody"), "{one}");
    let (_, found) = Process::parse(&text("role = \"qa\"\n"), "f").unwrap();
    assert_eq!(found, []);
}
