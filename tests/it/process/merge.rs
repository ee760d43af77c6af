//! Own keys over a preset.

use super::presets::preset;
use gonogo::process::{Finding, Process, Resolved, Severity, merge, resolve};

fn none(path: &str) -> Result<String, String> {
    Err(format!("no such file: {path}"))
}

fn resolved(text: &str) -> Resolved {
    resolve(text, "gonogo.toml", &none).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn errors(text: &str) -> Vec<Finding> {
    resolve(text, "gonogo.toml", &none).expect_err("the file is wrong")
}

#[test]
fn a_preset_alone_is_the_preset() {
    let resolved = resolved("[process]\npreset = \"llama-stack\"\n");
    assert_eq!(resolved.process, preset("llama-stack").0);
    assert_eq!(resolved.preset.as_deref(), Some("llama-stack"));
    let (again, _) = Process::parse(&resolved.text, "journal").unwrap();
    assert_eq!(again, resolved.process);
    assert_eq!(resolved.findings.len(), 1);
    assert_eq!(resolved.findings[0].file, "preset llama-stack");
}

#[test]
fn one_key_of_a_table_changes() {
    let text = "other = 1\n[process]\npreset = \"crossplane\"\n[process.branches]\ntrunk = \"main\"\n";
    let process = resolved(text).process;
    assert_eq!(process.branches.trunk, "main");
    assert_eq!(process.branches.lines, preset("crossplane").0.branches.lines);
}

#[test]
fn one_key_of_a_named_entry_changes() {
    let text = "[process]\npreset = \"llama-stack\"\n[[process.streams]]\nid = \"minor\"\ntesting = \"10 days\"\n\
                [[process.gates]]\nid = \"ci\"\nrequired = false\nkind = \"picks\"\n";
    let (process, original) = (resolved(text).process, preset("llama-stack").0);
    let minor = process.stream("minor").unwrap();
    assert_eq!((minor.testing.unwrap().min_days(), minor.min_candidates), (10, 1));
    assert_eq!(process.streams.len(), original.streams.len());
    let gate = process.gate("ci").unwrap();
    assert!(!gate.required);
    assert_eq!(gate.title, original.gate("ci").unwrap().title);
    assert_eq!(gate.kind, gonogo::process::GateKind::Picks);
    assert_eq!(process.gates.len(), original.gates.len());
}

#[test]
fn an_item_deep_in_a_stage_changes() {
    let text = "[process]\npreset = \"llama-stack\"\n[[process.stages]]\nid = \"release\"\n\
                items = [ { id = \"notes\", text = \"Notes\" }, { id = \"extra\", text = \"More\" } ]\n";
    let process = resolved(text).process;
    let stage = process.stage("release").unwrap();
    assert_eq!(stage.items.first().unwrap().text, "Notes");
    assert_eq!(stage.items.first().unwrap().role.as_deref(), Some("owner"));
    assert_eq!(stage.items.last().unwrap().id, "extra");
    assert_eq!(stage.items.len(), preset("llama-stack").0.stage("release").unwrap().items.len() + 1);
}

#[test]
fn a_choice_replaces_a_choice() {
    let text = "[process]\npreset = \"llama-stack\"\n[[process.gates]]\nid = \"ci\"\nkind = { documents = { paths = [\"docs/*\"] } }\n";
    let kind = resolved(text).process.gate("ci").unwrap().kind.clone();
    assert!(matches!(kind, gonogo::process::GateKind::Documents { .. }), "{kind:?}");
}

#[test]
fn a_plain_list_is_replaced() {
    let text = "[process]\npreset = \"llama-stack\"\n[process.labels]\nblockers = [\"P0\"]\n";
    assert_eq!(resolved(text).process.labels.blockers, ["P0"]);
}

#[test]
fn entries_are_taken_out() {
    let text = "[process]\npreset = \"llama-stack\"\nwithout = [\"gates.window\", \"stages.test-minor.items.community\", \
                \"hotfix\", \"branches.lines.release-{major}.{minor}.{patch}\"]\n";
    let (process, original) = (resolved(text).process, preset("llama-stack").0);
    assert!(process.gate("window").is_none() && original.gate("window").is_some());
    assert_eq!(process.stage("test-minor").unwrap().items.len(), 3);
    assert_eq!(process.branches.lines.len(), 1);
    let found =
        errors("[process]\npreset = \"llama-stack\"\nwithout = [\n\"gates.window\",\n\"gates.windw\",\n]\n");
    assert_eq!((found.len(), found[0].line, found[0].file.as_str()), (1, 5, "gonogo.toml"));
}

#[test]
fn a_finding_is_where_its_key_was_written() {
    // The gate is the preset's, and what breaks it is written here.
    let text = "[process]\npreset = \"llama-stack\"\n\n[[process.gates]]\nid = \"ci\"\noverride_roles = [\"boss\"]\n";
    let found = errors(text);
    let error = found.iter().find(|finding| finding.severity == Severity::Error).unwrap();
    assert_eq!((error.file.as_str(), error.line), ("gonogo.toml", 6), "{found:#?}");
    // And the other way round: taking out a stage breaks a gate of the preset.
    let found = errors("[process]\npreset = \"llama-stack\"\nwithout = [\"stages.test-patch\"]\n");
    let error = found.iter().find(|finding| finding.severity == Severity::Error).unwrap();
    assert_eq!(error.file, "preset llama-stack");
    let own = gonogo::process::preset("llama-stack").unwrap();
    assert!(own.lines().nth(error.line - 1).unwrap().contains("test-patch"), "{error}");
}

#[test]
fn places_stay_right_behind_an_entry_that_was_taken_out() {
    let text = "[process]\npreset = \"llama-stack\"\nwithout = [\"gates.milestone\"]\n[process.ci]\nsuites = [ { id = \"unit\", checks = [] } ]\n\
                [[process.gates]]\nid = \"performance\"\nkind = { checks = { suite = \"none\" } }\n";
    let found = errors(text);
    let error = found.iter().find(|finding| finding.severity == Severity::Error).unwrap();
    assert_eq!((error.file.as_str(), error.line), ("gonogo.toml", 8), "{found:#?}");
    let warning = found.iter().find(|finding| finding.message.contains("suite unit names no check")).unwrap();
    assert_eq!((warning.file.as_str(), warning.line), ("gonogo.toml", 5), "{found:#?}");
}

#[test]
fn an_unknown_own_key_is_found_in_the_own_file() {
    let found = errors("[process]\npreset = \"llama-stack\"\n[process.milestone]\nissue_only = false\n");
    assert_eq!((found[0].file.as_str(), found[0].line), ("gonogo.toml", 4));
    assert!(found[0].hint.starts_with("did you mean \"issues_only\"?"), "{found:?}");
}

#[test]
fn a_whole_process_of_its_own() {
    let text = "[process]\nname = \"own\"\nbranches.trunk = \"main\"\nversion.style = \"semver\"\n";
    let resolved = resolved(text);
    assert_eq!((resolved.process.name.as_str(), resolved.preset), ("own", None));
}

#[test]
fn a_file_beside_it() {
    let read = |path: &str| match path {
        "RELEASE-PROCESS.toml" => {
            Ok("name = \"own\"\nbranches.trunk = \"main\"\nversion.style = \"semver\"\nx = 1\n".to_owned())
        }
        other => Err(format!("no {other}")),
    };
    let text = "[process]\nfile = \"RELEASE-PROCESS.toml\"\n[process.picks]\nbot = \"b\"\n";
    let found = resolve(text, "gonogo.toml", &read).unwrap_err();
    assert_eq!((found[0].file.as_str(), found[0].line), ("RELEASE-PROCESS.toml", 4));
    let found = resolve("[process]\nfile = \"nowhere.toml\"\n", "gonogo.toml", &read).unwrap_err();
    assert_eq!(found[0].line, 2);
    assert!(found[0].message.contains("no nowhere.toml"), "{found:?}");
}

#[test]
fn what_is_named_wrongly() {
    let hint = |text: &str| errors(text)[0].hint.clone();
    assert!(hint("").contains("gonogo init"));
    assert!(hint("[process]\npreset = \"lama-stack\"\n").starts_with("did you mean \"llama-stack\"?"));
    assert!(hint("[process]\npreset = 3\n").contains("quotes"));
    assert!(hint("[process]\npreset = \"crossplane\"\nfile = \"x\"\n").contains("one of them"));
    assert_eq!(errors("[process]\npreset = \"crossplane\"\nwithout = 3\n")[0].line, 3);
}

#[test]
fn merge_gives_a_text_that_parses() {
    let base = gonogo::process::preset("dragonfly").unwrap();
    let text = merge(base, "[calendar]\ncycle = \"13 weeks\"\n").unwrap();
    let (process, findings) = Process::parse(&text, "merged").unwrap();
    assert_eq!(findings, [], "the contradiction is gone");
    assert_eq!(process.calendar.phases.len(), 3);
    assert!(merge(base, "[calendar").is_err());
}

#[test]
fn a_preset_over_itself_is_itself() {
    for (name, _, text) in gonogo::process::PRESETS {
        let (process, _) = Process::parse(&merge(text, text).unwrap(), name).unwrap();
        assert_eq!(process, preset(name).0, "{name}");
        // The order of tables in the merged text differs from the written one; the lists keep theirs.
        assert!(
            process.stages.iter().map(|stage| &stage.id).eq(preset(name)
                .0
                .stages
                .iter()
                .map(|stage| &stage.id))
        );
    }
}
