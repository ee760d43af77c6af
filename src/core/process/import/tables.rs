//! The tables of the draft that say who and by which rule: roles, sign-offs, milestone, labels, picks.

use super::keys::kept;
use super::write::{Out, Parts, numbers, quoted};
use std::fmt::Write as _;

/// `[[roles]]` and `[[signoffs]]`.
pub(super) fn people(out: &mut Out<'_>, parts: &Parts) {
    let shadow =
        parts.people.roles.iter().find(|role| role.id.contains("shadow")).map(|role| role.id.clone());
    for role in &parts.people.roles {
        out.line("");
        out.cite(role.by);
        if !role.also.is_empty() {
            out.note(&format!("also at line {}", numbers(&role.also)));
        }
        let mut about = Vec::new();
        for duty in &role.duties {
            out.cite_unless(*duty, role.by);
            about.extend(out.document.pieces.get(*duty).map(|piece| duty_of(&piece.text, &role.title)));
        }
        out.line(&format!("[[roles]]\nid = {}\ntitle = {}", quoted(&role.id), quoted(&role.title)));
        if !about.is_empty() {
            let about = about.iter().filter(|duty| !duty.is_empty()).cloned().collect::<Vec<_>>();
            out.line(&format!("about = {}", quoted(&about.join(" "))));
        }
        if let Some(by) = role.codeowners {
            out.cite_unless(by, role.by);
            out.line("from = \"codeowners\"");
        }
        if let (Some(by), Some(shadow)) = (role.shadowed, &shadow) {
            out.cite_unless(by, role.by);
            out.line(&format!("must_have_been = [{}]", quoted(shadow)));
        }
    }
    let mut known: Vec<String> = parts.people.roles.iter().map(|role| role.id.clone()).collect();
    for signs in &parts.people.signs {
        let found = parts.people.called(&signs.title).map(|role| role.id.clone());
        let slug = super::slug(&signs.title, 4);
        let role = found.unwrap_or_else(|| if slug.is_empty() { signs.title.to_lowercase() } else { slug });
        out.line("");
        out.cite(signs.by);
        if !known.contains(&role) {
            out.line(&format!("[[roles]]\nid = {}\ntitle = {}\n", quoted(&role), quoted(&signs.title)));
            known.push(role.clone());
        }
        let id = format!("sign-{role}");
        out.line(&format!(
            "[[signoffs]]\nid = {}\ntitle = {}\nrole = {}",
            quoted(&id),
            quoted(&signs.title),
            quoted(&role)
        ));
    }
}

/// What a role does, without its name in front, ended like a sentence.
fn duty_of(text: &str, title: &str) -> String {
    let named = text.to_lowercase().starts_with(&title.to_lowercase()) && text.is_char_boundary(title.len());
    let rest = if named {
        text[title.len()..].trim_start_matches("(s)").trim_start_matches([' ', '.', ':', '：', '-', '–', '—'])
    } else {
        text
    };
    let stop = if rest.is_empty() || rest.ends_with(|c: char| !c.is_alphanumeric()) { "" } else { "." };
    format!("{rest}{stop}")
}

/// `[milestone]`, `[labels]`, `[picks]`, `[hotfix]`.
pub(super) fn rules(out: &mut Out<'_>, parts: &Parts) {
    let labels = &parts.outlets.labels;
    for table in ["milestone", "labels", "picks", "hotfix"] {
        let before = std::mem::take(&mut out.text);
        let body = &mut *out;
        for rule in parts.rules.iter().filter(|rule| rule.table == table) {
            body.cite(rule.by);
            body.line(&rule.line);
        }
        if table == "labels" {
            meanings(body, labels);
        }
        if table == "picks" {
            let forms: Vec<_> = labels.iter().filter(|label| label.key == "picks").collect();
            let mut list: Vec<String> = Vec::new();
            for label in &forms {
                body.cite(label.by);
                list.extend(ask(&label.name, parts).filter(|form| !list.contains(form)));
            }
            let list: Vec<String> = list.iter().map(|form| quoted(form)).collect();
            if !list.is_empty() {
                body.line(&format!("labels = [{}]", list.join(", ")));
            }
        }
        let text = std::mem::replace(&mut out.text, before);
        if !text.is_empty() {
            let _ = write!(out.text, "\n[{table}]\n{text}");
        }
    }
}

fn meanings(body: &mut Out<'_>, labels: &[super::outlets::Label]) {
    for key in ["blockers", "features", "bugs", "breaking", "security", "nominated", "triage"] {
        let own: Vec<_> = labels.iter().filter(|label| label.key == key).collect();
        let mut cited = usize::MAX;
        for label in &own {
            body.cite_unless(label.by, cited);
            cited = label.by;
        }
        let list: Vec<String> = own.iter().map(|label| quoted(&label.name)).collect();
        if !list.is_empty() {
            body.line(&format!("{key} = [{}]", list.join(", ")));
        }
    }
    for label in labels.iter().filter(|label| label.key.is_empty()) {
        let line = body.at(label.by);
        body.note(&format!("line {line}: the label {:?}", label.name));
    }
}

/// The form of a label that asks for a pick: the branch in it becomes `{branch}`.
fn ask(label: &str, parts: &Parts) -> Option<String> {
    let branch = super::words::words(label).find(|word| super::words::branch(word).is_some());
    let form = match branch {
        Some(word) => {
            let start = label.find(word)?;
            let inner = kept(parts)
                .iter()
                .any(|pattern| Some(Ok(pattern.pattern.clone())) == super::words::branch(word));
            inner.then(|| format!("{}{{branch}}{}", &label[..start], &label[start + word.len()..]))?
        }
        None => {
            let open = label.find(['<', '{'])?;
            format!("{}{{branch}}", &label[..open])
        }
    };
    let rest = form.replace("{branch}", "");
    (!rest.contains(['{', '}', '<', '>']) && !rest.is_empty()).then_some(form)
}
