//! Contradictions, each found at the line of its key.

use gonogo::process::{Finding, Process, Severity};

const HEAD: &str =
    "name = \"p\"\nbranches.trunk = \"main\"\nversion = { style = \"semver\", candidate = \"-rc.{n}\" }\n";

fn findings(text: &str) -> Vec<Finding> {
    match Process::parse(text, "f") {
        Ok((_, warnings)) => warnings,
        Err(errors) => errors,
    }
}

/// The one finding of a text behind the head; its line counts from the first line of `rest`.
fn one(rest: &str) -> (Severity, usize, String) {
    let mut found = findings(&format!("{HEAD}{rest}"));
    assert_eq!(found.len(), 1, "{rest}\n{found:#?}");
    let finding = found.remove(0);
    assert!(!finding.hint.is_empty(), "{finding}");
    (finding.severity, finding.line - 3, finding.message)
}

fn warns(rest: &str, line: usize, words: &str) {
    let (severity, at, message) = one(rest);
    assert!(message.contains(words), "{message}");
    assert_eq!((severity, at), (Severity::Warning, line), "{message}");
}

fn fails(rest: &str, line: usize, words: &str) {
    let (severity, at, message) = one(rest);
    assert!(message.contains(words), "{message}");
    assert_eq!((severity, at), (Severity::Error, line), "{message}");
}

fn silent(rest: &str) {
    assert_eq!(findings(&format!("{HEAD}{rest}")), [], "{rest}");
}

#[test]
fn phases_against_the_cycle() {
    let phases = |cycle: &str, a: &str, b: &str| {
        format!(
            "[calendar]\ncycle = \"{cycle}\"\nphases = [ {{ id = \"a\", lasts = \"{a}\" }}, {{ id = \"b\", lasts = \"{b}\" }} ]\n"
        )
    };
    warns(
        &phases("26 weeks", "11 weeks", "2 weeks"),
        2,
        "the phases add up to 13 weeks while the cycle is 26 weeks",
    );
    warns(
        &phases("4 weeks", "3 weeks", "2-3 weeks"),
        2,
        "add up to 5 weeks to 6 weeks while the cycle is 4 weeks",
    );
    warns(&phases("4 weeks", "9 days", "1 day"), 2, "add up to 10 days");
    silent(&phases("4 weeks", "3 weeks", "1 week"));
    silent(&phases("4-5 weeks", "3 weeks", "2 weeks"));
    silent(&phases("1 month", "3 weeks", "1 week"));
    silent("calendar.cycle = \"4 weeks\"\n");
}

#[test]
fn phases_that_cannot_follow_each_other() {
    let two = |a: &str, b: &str| {
        format!("[[calendar.phases]]\nid = \"a\"\n{a} = true\n[[calendar.phases]]\nid = \"b\"\n{b} = true\n")
    };
    warns(&two("cut", "cut"), 6, "two phases end with the cut");
    warns(&two("cut", "freeze"), 6, "features are frozen after the cut");
    fails("[[calendar.phases]]\nid = \"a\"\nbranch = true\n", 3, "no pattern for one");
    silent(&two("freeze", "cut"));
}

#[test]
fn ids_are_given_once() {
    let twice = "[[gates]]\nid = \"a\"\nkind = \"picks\"\n[[gates]]\nid = \"a\"\nkind = \"version\"\n";
    fails(twice, 5, "two gates have the id \"a\"");
    let items = "[[stages]]\nid = \"a\"\nitems = [ { id = \"i\", text = \"t\" } ]\n[[stages]]\nid = \"b\"\n\
                 items = [ { id = \"i\", text = \"t\" } ]\n";
    fails(items, 6, "two checklist items have the id \"i\"");
    fails("[[metrics]]\nid = \" \"\n", 2, "empty id");
}

#[test]
fn every_id_that_is_named_exists() {
    let gate = |kind: &str| format!("[[gates]]\nid = \"g\"\nkind = {{ {kind} }}\n");
    for (kind, words) in [
        ("checks = { suite = \"x\" }", "names the suite \"x\""),
        ("stage = { stage = \"x\" }", "names the stage \"x\""),
        ("item = { item = \"x\" }", "names the checklist item \"x\""),
        ("tracker = { tracker = \"x\" }", "names the tracker \"x\""),
        ("window = { window = \"x\" }", "names the window \"x\""),
    ] {
        fails(&gate(kind), 3, words);
    }
    for (rest, line, words) in [
        ("[[gates]]\nid = \"g\"\nkind = \"picks\"\nstreams = [\"x\"]\n", 4, "stream"),
        ("[[gates]]\nid = \"g\"\nkind = \"picks\"\nphases = [\"x\"]\n", 4, "phase"),
        ("[[gates]]\nid = \"g\"\nkind = \"picks\"\noverride_roles = [\"x\"]\n", 4, "role"),
        ("[[stages]]\nid = \"s\"\nphase = \"x\"\n", 3, "phase"),
        ("[[stages]]\nid = \"s\"\n[[stages.items]]\nid = \"i\"\ntext = \"t\"\nrole = \"x\"\n", 6, "role"),
        ("[[stages]]\nid = \"s\"\n[[stages.items]]\nid = \"i\"\ntext = \"t\"\ngroup = \"x\"\n", 6, "group"),
        (
            "[[stages]]\nid = \"s\"\n[[stages.items]]\nid = \"i\"\ntext = \"t\"\nfallback_for = \"x\"\n",
            6,
            "checklist item",
        ),
        (
            "[[stages]]\nid = \"s\"\n[[stages.items]]\nid = \"i\"\ntext = \"t\"\ncheck.artifact.id = \"x\"\n",
            6,
            "artifact",
        ),
        (
            "[[stages]]\nid = \"s\"\n[[stages.items]]\nid = \"i\"\ntext = \"t\"\nact.promote.channel = \"x\"\n",
            6,
            "channel",
        ),
        ("[[signoffs]]\nid = \"s\"\nrole = \"x\"\n", 3, "role"),
        ("[[reports]]\nid = \"s\"\nevery = \"weekly\"\nrole = \"x\"\n", 4, "role"),
        ("[milestone]\nmanaged_by = [\n\"x\"\n]\n", 3, "role"),
        ("[rollback]\nstage = \"x\"\n", 2, "stage"),
        ("[[roles]]\nid = \"r\"\nmust_have_been = [\"x\"]\n", 3, "role"),
        ("[[channels]]\nid = \"c\"\nafter = \"x\"\n", 3, "channel"),
    ] {
        fails(rest, line, &format!("names the {words} \"x\", which there is not"));
    }
}

#[test]
fn a_wrong_id_names_the_nearest() {
    let text = format!(
        "{HEAD}[[roles]]\nid = \"release-manager\"\n[[signoffs]]\nid = \"s\"\nrole = \"release-manger\"\n"
    );
    assert_eq!(findings(&text)[0].hint, "did you mean \"release-manager\"?");
}

#[test]
fn branch_patterns() {
    let lines = |patterns: &[&str]| {
        let all: String = patterns
            .iter()
            .map(|p| format!("[[branches.lines]]\nkind = \"release\"\npattern = \"{p}\"\n"))
            .collect();
        findings(&format!("name = \"p\"\n[version]\nstyle = \"semver\"\n[branches]\ntrunk = \"main\"\n{all}"))
    };
    let said = |patterns: &[&str], severity: Severity, line: usize, words: &str| {
        let found = lines(patterns);
        assert_eq!(found.len(), 1, "{patterns:?} {found:#?}");
        assert!(found[0].message.contains(words), "{found:?}");
        assert_eq!((found[0].severity, found[0].line), (severity, line), "{found:?}");
    };
    said(&["release-{major}.{mino}"], Severity::Error, 8, "{mino} is no placeholder");
    said(&["release-{major"], Severity::Error, 8, "no closing brace");
    said(&["release-{major}.{major}"], Severity::Error, 8, "written twice");
    said(&["release-{major}{minor}"], Severity::Error, 8, "text between");
    said(&["release"], Severity::Error, 8, "has no {major}");
    said(&["r-{major}.{minor}", "r-{major}.{minor}"], Severity::Error, 11, "match the same branch");
    said(&["r-{major}.{minor}", "r-{minor}.{major}"], Severity::Error, 11, "match the same branch");
    said(
        &["r-{major}.{minor}.0", "r-{major}.{minor}.{patch}"],
        Severity::Warning,
        11,
        "match the same branch",
    );
    assert_eq!(
        lines(&["r-{major}.{minor}", "r-{major}.{minor}.x", "r-{major}.{minor}.{patch}", "s-{major}"]),
        []
    );
    let trunk = "name = \"p\"\nversion.style = \"semver\"\n[branches]\ntrunk = \"v2\"\n\
                 lines = [ { pattern = \"v{major}\", kind = \"long-lived\" } ]\n";
    assert!(findings(trunk)[0].message.contains("trunk \"v2\" matches the pattern"));
}

#[test]
fn candidates_need_a_form_that_fits() {
    let with = |version: &str| {
        format!(
            "name = \"p\"\nbranches.trunk = \"main\"\n[version]\n{version}\n[[streams]]\nid = \"minor\"\nbump = \"minor\"\ncandidates = true\n"
        )
    };
    let found = findings(&with("style = \"semver\""));
    assert_eq!((found.len(), found[0].line, found[0].severity), (1, 3, Severity::Warning), "{found:?}");
    assert!(found[0].hint.contains("version.candidate"), "{found:?}");
    let found = findings(&with("style = \"semver\"\ncandidate = \"rc{n}\""));
    assert_eq!((found.len(), found[0].line, found[0].severity), (1, 5, Severity::Error), "{found:?}");
    assert_eq!(findings(&with("style = \"pep440\"\ncandidate = \"rc{n}\"")), []);
    let found = findings(&with("style = \"semver\"\ncandidate = \"-rc.{n}\"\nprefix = \"v2\""));
    assert!(found[0].message.contains("ends with a digit"), "{found:?}");
}

#[test]
fn streams_that_contradict_themselves() {
    let stream = |rest: &str| format!("[[streams]]\nid = \"minor\"\nbump = \"minor\"\n{rest}\n");
    warns(&stream("testing = \"1 week\""), 4, "makes no candidate to test");
    fails(&stream("min_candidates = 2"), 4, "wants 2 candidates and makes none");
    warns(&stream("milestone = true"), 4, "does not say how one is called");
    fails(&stream("from_line = true"), 4, "there is no branch pattern");
}

#[test]
fn roles_nobody_could_fill() {
    let role = |rest: &str| format!("[[roles]]\nid = \"r\"\n{rest}\n");
    fails(&role("min = 3\nmax = 2"), 3, "needs at least 3 and takes at most 2");
    fails(&role("min = 2\npreferred = 1"), 4, "outside of min and max");
    fails(&role("min = 2\nfrom = { people = [\"a\"] }"), 4, "names fewer people");
    fails(&role("from = { team = \"x\" }"), 3, "is no team");
    fails(&role("same_rights_as = \"r\""), 2, "refers to itself");
}

#[test]
fn an_item_in_a_phase_its_role_does_not_act_in() {
    let rest = "[[calendar.phases]]\nid = \"a\"\n[[calendar.phases]]\nid = \"b\"\n[[roles]]\nid = \"r\"\nphases = [\"b\"]\n\
                [[stages]]\nid = \"s\"\nphase = \"a\"\nitems = [\n{ id = \"i\", text = \"t\", role = \"r\" },\n]\n";
    warns(rest, 12, "item i is done in phase a by role r, which acts only in b");
}

#[test]
fn gates_that_nothing_settles() {
    let stream = "[[streams]]\nid = \"minor\"\nbump = \"minor\"\n";
    let gate = |kind: &str| format!("{stream}[[gates]]\nid = \"g\"\nkind = {kind}\n");
    for (kind, words) in [
        ("\"milestone\"", "stream minor has no milestone"),
        ("\"issues-only\"", "stream minor has no milestone"),
        ("\"blockers\"", "no label blocks"),
        ("\"testing-window\"", "stream minor has no testing time"),
        ("\"candidates\"", "stream minor makes no candidates"),
        ("\"scope\"", "none of its streams refuses anything"),
        ("\"branch\"", "there is no branch pattern"),
        ("\"merge-back\"", "nothing is merged back"),
        ("\"freeze\"", "no phase freezes"),
        ("\"merge-queue\"", "the merge queue is not read"),
        ("{ sign-offs = {} }", "there is no sign-off"),
        ("{ reports = {} }", "nobody reports"),
        ("{ artifacts = {} }", "there is no artifact"),
        ("{ roles = {} }", "there is no role"),
        ("{ documents = { paths = [] } }", "it names no path"),
    ] {
        warns(&gate(kind), 6, words);
    }
    let empty = format!(
        "{stream}[[stages]]\nid = \"s\"\n[[gates]]\nid = \"g\"\nkind = {{ stage = {{ stage = \"s\" }} }}\n"
    );
    warns(&empty, 8, "no required item");
    silent(&gate("\"picks\""));
}

#[test]
fn a_gate_asks_only_what_each_of_its_streams_has() {
    let streams = "[milestone]\ntitle = \"{version}\"\n[[streams]]\nid = \"minor\"\nbump = \"minor\"\nmilestone = true\n\
                   [[streams]]\nid = \"patch\"\nbump = \"patch\"\n[[gates]]\nid = \"g\"\nkind = \"milestone\"\n";
    warns(streams, 12, "stream patch has no milestone");
    silent(&format!("{streams}streams = [\"minor\"]\n"));
}

#[test]
fn a_gate_and_its_stage_need_a_stream_in_common() {
    let rest = "[[streams]]\nid = \"a\"\nbump = \"minor\"\n[[streams]]\nid = \"b\"\nbump = \"patch\"\n\
                [[stages]]\nid = \"s\"\nstreams = [\"a\"]\nitems = [ { id = \"i\", text = \"t\" } ]\n\
                [[gates]]\nid = \"g\"\nkind = { stage = { stage = \"s\" } }\nstreams = [\"b\"]\n";
    warns(rest, 14, "which its streams do not have");
}

#[test]
fn announcements_come_in_an_order_that_works() {
    let two = |first: &str, second: &str| {
        format!(
            "[[announcements]]\nid = \"a\"\nto = \"clipboard\"\n{first}\n[[announcements]]\nid = \"b\"\nto = \"clipboard\"\n{second}\n"
        )
    };
    fails(&two("uses = [\"b\"]", ""), 1, "needs b, which does not come before it");
    fails(&two("copy_of = \"b\"", ""), 1, "needs b");
    silent(&two("", "uses = [\"a\"]\ntemplate = \"{link:a} {tag}\""));
}

#[test]
fn placeholders_that_nothing_fills() {
    let template = |text: &str| {
        format!(
            "[[announcements]]\nid = \"a\"\nto = \"clipboard\"\nfields = [\"impact\"]\ntemplate = \"{text}\"\n"
        )
    };
    fails(&template("{verson}"), 5, "{verson} is no placeholder");
    fails(&template("{field:impct}"), 5, "{field:impct} is no placeholder");
    silent(&template("{version} {field:impact}"));
    fails("[milestone]\ntitle = \"{versions}\"\n", 2, "{versions} is no placeholder");
    fails("[picks]\nlabels = [\"backport {line}\"]\n", 2, "{line} is no placeholder");
}

#[test]
fn one_channel_under_two_names() {
    let rest = "[[roles]]\nid = \"r\"\nabout = \"writes to #release\"\n[[announcements]]\nid = \"a\"\nto = { slack = \"#releases\" }\n";
    warns(rest, 3, "called #release at line 6 and #releases at line 9");
    silent("[[roles]]\nid = \"r\"\nabout = \"see #12 and #announcements\"\n");
}

#[test]
fn days_hours_and_dates_exist() {
    let window = |rest: &str| format!("[[calendar.windows]]\nid = \"w\"\n{rest}\n");
    fails(&window("days = [\"tue\", \"noday\"]"), 3, "\"noday\" is no day");
    fails(&window("from = \"25:00\""), 3, "is no time of day");
    let found = findings(&format!("{HEAD}{}", window("from = \"10:00\"\nto = \"09:00\"")));
    assert!(found[0].message.contains("ends before it begins"), "{found:?}");
    fails("[[support.lines]]\nline = \"v2\"\n", 2, "is no line");
    fails("[[support.lines]]\nline = \"2.1\"\nuntil = \"2026-02-30\"\n", 3, "is no date");
    fails("[milestone]\nrepositories = [\"gonogo\"]\n", 2, "is no repository");
}

#[test]
fn what_a_decision_becomes_must_mean_something() {
    silent(
        "[picks]\nreason_required = [\"reject\", \"not-needed\"]\nquestions = [\"Who is hit?\"]\n\
         [picks.publish.accept]\nadd_labels = [\"approved-{branch}\"]\nremove_labels = [\"candidate\"]\n\
         comment = \"{decision} for {line} ({major}.{minor}) by {by}: {why} {answers} #{number}\"\n",
    );
    let both = "[picks.publish.accept]\nadd_labels = [\"x\"]\nremove_labels = [\"x\"]\n";
    fails(both, 3, "both adds and removes the label \"x\"");
    fails("[picks.publish.not-needed]\nadd_labels = [\" \"]\n", 2, "empty label");
    fails("[picks.publish.defer]\ncomment = \"\"\n", 2, "says nothing");
    fails("[picks]\nquestions = [\"Why?\", \"\"]\n", 2, "empty question");
    fails("[picks.publish.reject]\ncomment = \"{reason}\"\n", 2, "{reason} is no placeholder");
    fails("[picks.publish.reject]\nadd_labels = [\"{why}\"]\n", 2, "{why} is no placeholder");
    fails("[picks]\nreason_required = [\"rejected\"]\n", 2, "cannot be \"rejected\"");
    fails("[picks.publish.accepted]\nadd_labels = [\"x\"]\n", 1, "unknown key \"accepted\"");
}

#[test]
fn artifacts_can_be_asked_for() {
    let at = |at: &str| format!("[[artifacts]]\nid = \"a\"\nat = {at}\n");
    for (kind, words) in [
        ("{ url = { url = \"http://docs.example/\" } }", "http is taken only on this machine"),
        ("{ url = { url = \"docs.example\" } }", "it is no address"),
        ("{ url = { url = \"https://ann:x@docs.example/\" } }", "it holds a login"),
        ("{ url = { url = \"https:///x\" } }", "it names no host"),
        ("{ url = { url = \"oci://docs.example/x\" } }", "it is no address"),
        ("{ url = { url = \"https://docs.example/{versions}\" } }", "{versions} is no placeholder"),
        ("{ pypi = { package = \"x\", index = \"http://127.0.0.1.evil.example\" } }", "only on this machine"),
        ("{ npm = { package = \"x\", registry = \"ftp://x\" } }", "it is no address"),
        ("{ crate = { package = \"{name}\" } }", "{name} is no placeholder"),
        ("{ oci = { image = \"x/y\", tag = \"{Version}\" } }", "{Version} is no placeholder"),
        ("{ oci = { image = \"x/y\", same_as = \"b\" } }", "names the artifact \"b\""),
        ("{ oci = { image = \"x/y\", same_as = \"a\" } }", "the same as itself"),
        ("{ github-release = { assets = [\"{file}\"] } }", "{file} is no placeholder"),
    ] {
        fails(&at(kind), 3, words);
    }
    let two = "[[artifacts]]\nid = \"b\"\nat = \"tag\"\n";
    fails(&format!("{}{two}", at("{ oci = { image = \"x/y\", same_as = \"b\" } }")), 3, "which is no image");
    warns(&at("\"attested\""), 3, "no checklist item checks it");
    let item = "[[stages]]\nid = \"s\"\nitems = [ { id = \"i\", text = \"t\", check = { artifact = { id = \"a\" } } } ]\n";
    silent(&format!("{}{item}", at("\"attested\"")));
    for kind in [
        "{ url = { url = \"https://docs.example/{tag}/{major}.{minor}.{patch}\", contains = \"{version}\" } }",
        "{ url = { url = \"http://localhost:8080/\" } }",
        "{ pypi = { package = \"x\", index = \"http://127.0.0.1:1/\" } }",
        "{ npm = { package = \"@x/y\", registry = \"http://[::1]:4873\" } }",
        "{ helm = { repo = \"oci://ghcr.io/x\", chart = \"y\" } }",
        "{ oci = { image = \"x/y\", tag = \"{tag}\" } }",
    ] {
        silent(&at(kind));
    }
    let stream = "[[streams]]\nid = \"patch\"\nbump = \"patch\"\n";
    let of = "[[artifacts]]\nid = \"a\"\nat = \"tag\"\nof = \"candidate\"\n";
    warns(&format!("{of}{stream}"), 4, "no stream makes any");
}

#[test]
fn files_of_a_release_lie_below_the_clone() {
    let named = |pattern: &str| format!("[cut]\nassets = [{pattern:?}]\n");
    for out in ["/etc/passwd", "../secret", "dist/../../x", "dist//x", "", ".git/config", "a/.GIT/x"] {
        fails(&named(out), 2, "is no path below the clone");
    }
    fails(&named("dist/**/x"), 2, "holds **");
    silent(&named("dist/widget-{version}-*.whl"));
}

#[test]
fn a_gate_and_what_it_asks_for_have_a_stream_or_a_phase_in_common() {
    let streams =
        "streams = [ { id = \"minor\", bump = \"minor\" }, { id = \"patch\", bump = \"patch\" } ]\n";
    let gate = |kind: &str, more: &str| {
        format!("{streams}gates = [ {{ id = \"g\", kind = {kind}, streams = [\"minor\"] }} ]\n{more}")
    };
    let stage = |streams: &str| {
        format!(
            "stages = [ {{ id = \"s\", streams = [{streams}], items = [ {{ id = \"i\", text = \"t\" }} ] }} ]\n"
        )
    };
    let item = "{ item = { item = \"i\" } }";
    warns(&gate(item, &stage("\"patch\"")), 2, "gate g asks for item i, which its streams do not have");
    silent(&gate(item, &stage("\"minor\", \"patch\"")));
    silent(&gate(item, &stage("")));
    let artifact = "artifacts = [ { id = \"a\", at = \"tag\", streams = [\"patch\"] } ]\n";
    warns(&gate("{ artifacts = { ids = [\"a\"] } }", artifact), 2, "asks for artifact a");
    let signs =
        "roles = [ { id = \"qa\" } ]\nsignoffs = [ { id = \"q\", role = \"qa\", streams = [\"patch\"] } ]\n";
    warns(&gate("{ sign-offs = { roles = [\"qa\"] } }", signs), 2, "asks for sign-off q");
    let roles = |phase: &str| {
        format!(
            "calendar.phases = [ {{ id = \"a\" }}, {{ id = \"b\" }} ]\nroles = [ {{ id = \"r\", phases = [\"a\"] }} ]\n\
             gates = [ {{ id = \"g\", kind = {{ roles = {{ roles = [\"r\"] }} }}, phases = [\"{phase}\"] }} ]\n"
        )
    };
    warns(&roles("b"), 3, "gate g asks who is r in b, and that role acts only in a");
    silent(&roles("a"));
}

#[test]
fn roles_that_nobody_could_begin_to_hold() {
    let roles = |a: &str, b: &str| {
        format!(
            "roles = [\n{{ id = \"a\", must_have_been = [{a}] }},\n{{ id = \"b\", must_have_been = [{b}] }},\n]\n"
        )
    };
    let found = findings(&format!("{HEAD}{}", roles("\"b\"", "\"a\"")));
    let lines: Vec<_> = found.iter().map(|it| (it.severity, it.line - 3)).collect();
    assert_eq!(lines, [(Severity::Warning, 2), (Severity::Warning, 3)], "{found:#?}");
    warns(&roles("\"a\"", ""), 2, "nobody could begin: role a asks for an earlier turn as a");
    silent(&roles("\"b\"", ""));
    silent(&roles("\"a\", \"b\"", ""));
    warns("roles = [ { id = \"a\", min = 0, max = 0 } ]\n", 1, "nobody may hold role a");
}
