//! Pull requests for release notes, from the embedded forge: by one query, and by REST where that is refused.

use super::{hasty, text};
use crate::demo::get;
use gonogo::demo::{Clock, FULL, Fault, Options};
use gonogo::forge::token::Origin;
use gonogo::forge::{Api, Forge, Github, Setup, Token};

#[tokio::test]
async fn pull_requests_are_told_alike_by_query_and_by_rest() {
    let moment = chrono::DateTime::parse_from_rfc3339("2026-11-21T08:00:00Z").unwrap().to_utc();
    let demo =
        gonogo::demo::start(Options { clock: Clock::held_at(moment), ..Options::default() }).await.unwrap();
    let api = Api::of_url(&demo.api_url).unwrap();
    let token = Token::new(FULL, api.host(), Origin::Given).unwrap();
    let door = Github::new(Setup { patience: hasty(), ..Setup::new(api.clone(), Some(token)) }).unwrap();
    let listed = get(&demo, "/repos/octo/widget/pulls?state=all&per_page=40").await.json();
    let mut numbers: Vec<u64> =
        listed.as_array().unwrap().iter().map(|row| row["number"].as_u64().unwrap()).collect();
    numbers.push(999_999);
    let found = door.pulls(&demo.repo, &numbers).await.unwrap();
    assert_eq!(found.len(), numbers.len() - 1, "what is not there is left out");
    assert!(found.len() > 3 && found.values().any(|pull| !pull.labels.is_empty()));
    for row in listed.as_array().unwrap() {
        let pull = &found[&row["number"].as_u64().unwrap()];
        assert_eq!(pull.title, text(row["title"].as_str().unwrap()));
        assert_eq!(pull.login, row["user"]["login"].as_str().map(text));
    }
    demo.faults().next(1, "POST", "/graphql", Fault::Status(403));
    let by_rest = door.pulls(&demo.repo, &numbers[numbers.len() - 5..]).await.unwrap();
    assert_eq!(by_rest.len(), 4);
    for (number, pull) in by_rest {
        let mut labels = (found[&number].labels.clone(), pull.labels);
        labels.0.sort();
        labels.1.sort();
        assert_eq!((&found[&number].title, &found[&number].login), (&pull.title, &pull.login));
        assert_eq!(labels.0, labels.1);
    }
    let closed = Github::new(Setup { patience: hasty(), ..Setup::new(api, None) }).unwrap();
    assert!(closed.pulls(&demo.repo, &numbers).await.is_err(), "without a token nothing is asked");
}
