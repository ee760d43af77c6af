//! Pull requests: opening, changing, reviewing and merging them.

use super::call::{Answer, Call, Refusal, Reply};
use super::objects::Objects;
use super::pulls::{named, render_review, simple, whole};
use super::state::{Issue, Pull, Review};
use super::{issues, timeline};
use git2::Oid;
use serde_json::json;

/// `POST …/pulls`
pub(super) fn create(call: &mut Call<'_>) -> Answer {
    let (title, head) = (call.needed("title", "PullRequest")?, call.needed("head", "PullRequest")?);
    let base = call.needed("base", "PullRequest")?;
    let head = head.rsplit_once(':').map_or(head.as_str(), |(_, branch)| branch).to_owned();
    let objects = call.objects()?;
    let tip = |branch: &str, field: &str| {
        objects
            .target(&format!("refs/heads/{branch}"))
            .ok_or_else(|| Refusal::field("PullRequest", field, "invalid"))
    };
    let (base_tip, head_tip) = (tip(&base, "base")?, tip(&head, "head")?);
    let custom = |message: String| {
        let errors = json!([{ "resource": "PullRequest", "code": "custom", "message": message }]);
        Refusal { errors: Some(errors), ..Refusal::invalid("Validation Failed") }
    };
    let same = |issue: &Issue| {
        issue.open() && issue.pull.as_ref().is_some_and(|pull| pull.head == head && pull.base == base)
    };
    if call.repo().issues.values().any(same) {
        return Err(custom(format!("A pull request already exists for {}:{head}.", call.repo().owner)));
    }
    if base_tip == head_tip || objects.0.graph_descendant_of(base_tip, head_tip).unwrap_or(false) {
        return Err(custom(format!("No commits between {base} and {head}")));
    }
    let number = call.repo().next_number();
    let mut issue = Issue::new(number, &title, &call.login(), call.site.now);
    issue.body = call.text("body");
    issue.pull = Some(Pull {
        draft: call.flag("draft").unwrap_or(false),
        base,
        head,
        head_sha: head_tip.to_string(),
        base_sha: base_tip.to_string(),
        ..Pull::default()
    });
    objects.0.reference(&format!("refs/pull/{number}/head"), head_tip, true, "api")?;
    call.repo_mut().issues.insert(number, issue);
    Ok(Reply::created(whole(call, number)?))
}

/// `PATCH …/pulls/{pull_number}`
pub(super) fn update(call: &mut Call<'_>) -> Answer {
    named(call)?;
    issues::change(call)?;
    let number = call.number(0)?;
    if let Some(base) = call.text("base") {
        let tip = call.objects()?.target(&format!("refs/heads/{base}"));
        let tip = tip.ok_or_else(|| Refusal::field("PullRequest", "base", "invalid"))?;
        if let Some(pull) = call.repo_mut().issues.get_mut(&number).and_then(|issue| issue.pull.as_mut()) {
            pull.base = base;
            pull.base_sha = tip.to_string();
        }
    }
    Ok(Reply::ok(whole(call, number)?))
}

/// The tree that merging a pull request would make, or that it cannot be merged.
pub(super) fn merges(objects: &Objects, pull: &Pull) -> Result<Oid, Refusal> {
    let base = objects.target(&format!("refs/heads/{}", pull.base)).ok_or_else(Refusal::not_found)?;
    let base = objects.0.find_commit(base)?;
    let head = objects.0.find_commit(Oid::from_str(&pull.head_sha)?)?;
    let mut index = objects.0.merge_commits(&base, &head, None)?;
    if index.has_conflicts() {
        return Err(Refusal::new(405, "Pull Request is not mergeable"));
    }
    Ok(index.write_tree_to(&objects.0)?)
}

/// `PUT …/pulls/{pull_number}/merge`
pub(super) fn merge(call: &mut Call<'_>) -> Answer {
    let (issue, pull) = named(call)?;
    let (issue, pull) = (issue.clone(), pull.clone());
    if pull.merged.is_some() || !issue.open() || pull.draft {
        return Err(Refusal::new(405, "Pull Request is not mergeable"));
    }
    if call.text("sha").is_some_and(|sha| sha != pull.head_sha) {
        return Err(Refusal::new(409, "Head branch was modified. Review and try the merge again."));
    }
    let objects = call.objects()?;
    let tree = objects.0.find_tree(merges(&objects, &pull)?)?;
    let name = format!("refs/heads/{}", pull.base);
    let tip = objects.target(&name).ok_or_else(Refusal::not_found)?;
    let (base, head) = (objects.0.find_commit(tip)?, objects.0.find_commit(Oid::from_str(&pull.head_sha)?)?);
    let (login, now, number) = (call.login(), call.site.now, issue.number);
    let who = git2::Signature::new(&login, &format!("{login}@example.com"), &git2::Time::new(now, 0))?;
    let squash = call.text("merge_method").is_some_and(|method| method == "squash");
    let title = call.text("commit_title").unwrap_or_else(|| match squash {
        true => format!("{} (#{number})", issue.title),
        false => format!("Merge pull request #{number} from {}/{}", call.repo().owner, pull.head),
    });
    let message =
        format!("{title}\n\n{}\n", call.text("commit_message").unwrap_or_else(|| issue.title.clone()));
    let author = if squash { head.author() } else { who.clone() };
    let parents = if squash { vec![&base] } else { vec![&base, &head] };
    let made = objects.0.commit(None, &author, &who, &message, &tree, &parents)?;
    objects.0.reference_matching(&name, made, true, tip, "merge")?;
    if let Some(issue) = call.repo_mut().issues.get_mut(&number) {
        issue.closed = Some(now);
        issue.updated = now;
        issue.closed_by = Some(login.clone());
        if let Some(pull) = &mut issue.pull {
            pull.merged = Some(now);
            pull.merged_by = Some(login.clone());
            pull.merge_sha = Some(made.to_string());
        }
    }
    timeline::happened(call.world, call.repo, number, "merged", &login, now, &made.to_string());
    timeline::happened(call.world, call.repo, number, "closed", &login, now, "");
    Ok(Reply::ok(
        json!({ "sha": made.to_string(), "merged": true, "message": "Pull Request successfully merged" }),
    ))
}

/// `POST …/pulls/{pull_number}/reviews`
pub(super) fn review(call: &mut Call<'_>) -> Answer {
    let (issue, pull) = named(call)?;
    let (number, sha) = (issue.number, pull.head_sha.clone());
    let state = match call.text("event").as_deref() {
        Some("APPROVE") => "APPROVED",
        Some("REQUEST_CHANGES") => "CHANGES_REQUESTED",
        Some("COMMENT") => "COMMENTED",
        Some(_) => return Err(Refusal::field("PullRequestReview", "event", "invalid")),
        None => "PENDING",
    };
    let body = call.text("body").unwrap_or_default();
    let review =
        Review { id: call.world.id(), author: call.login(), state: state.into(), body, at: call.site.now };
    let value = render_review(&call.site, call.repo(), number, &review, &sha);
    if let Some(pull) = call.repo_mut().issues.get_mut(&number).and_then(|issue| issue.pull.as_mut()) {
        pull.asked.retain(|login| *login != review.author);
        pull.reviews.push(review);
    }
    Ok(Reply::ok(value))
}

/// `POST …/pulls/{pull_number}/requested_reviewers`
pub(super) fn request(call: &mut Call<'_>) -> Answer {
    let number = named(call)?.0.number;
    let (wanted, actor, now) = (call.texts("reviewers").unwrap_or_default(), call.login(), call.site.now);
    for login in wanted {
        let pull = call.repo_mut().issues.get_mut(&number).and_then(|issue| issue.pull.as_mut());
        if let Some(pull) = pull.filter(|pull| !pull.asked.contains(&login)) {
            pull.asked.push(login.clone());
            timeline::happened(call.world, call.repo, number, "review_requested", &actor, now, &login);
        }
    }
    let (issue, pull) = named(call)?;
    Ok(Reply::created(simple(&call.site, call.repo(), issue, pull)))
}
