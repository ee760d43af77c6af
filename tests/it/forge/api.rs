//! Where the API of a host is, and that addresses ask for what they name.

use gonogo::forge::Api;

fn base(host: &str) -> (String, String) {
    let api = Api::of_host(host).expect(host);
    (api.url(&["x"], &[]).expect("an address"), api.graphql().to_owned())
}

#[test]
fn each_kind_of_host_has_its_api() {
    let pair = |rest: &str, graphql: &str| (rest.to_owned(), graphql.to_owned());
    let github = pair("https://api.github.com/x", "https://api.github.com/graphql");
    assert_eq!(base("github.com"), github);
    assert_eq!(base("GitHub.com"), github);
    assert_eq!(base("ssh.github.com"), github);
    assert_eq!(base("octo.ghe.com"), pair("https://api.octo.ghe.com/x", "https://api.octo.ghe.com/graphql"));
    let server = pair("https://git.example.com:8443/api/v3/x", "https://git.example.com:8443/api/graphql");
    assert_eq!(base("git.example.com:8443"), server);
    let api = Api::of_url("http://127.0.0.1:4000/api/v3/").expect("loopback");
    assert_eq!(api.graphql(), "http://127.0.0.1:4000/api/graphql");
}

#[test]
fn a_token_never_crosses_a_network_in_the_clear() {
    for fine in ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "https://git.example.com"] {
        Api::of_url(fine).expect(fine);
    }
    for (bad, why) in [
        ("http://api.github.com", "use https"),
        ("http://127.0.0.1.evil.example", "use https"),
        ("https://user:pw@git.example.com", "a login"),
        ("ftp://git.example.com", "takes https"),
        ("https://git.example.com/?a=b", "a query"),
        ("api.github.com", "a scheme"),
        ("\u{1b}]0;x\u{7}", "does not parse"),
    ] {
        let error = Api::of_url(bad).expect_err(bad).to_string();
        assert!(error.contains(why) && !error.contains('\u{1b}') && !error.contains('\u{7}'), "{error}");
    }
}

#[test]
fn every_segment_and_value_is_encoded() {
    let api = Api::of_host("github.com").expect("github");
    let url =
        api.url(&["commits", "release/1.2#x?y%z ü", "status"], &[("labels", "a&b=c,d")]).expect("an address");
    assert_eq!(
        url,
        "https://api.github.com/commits/release%2F1.2%23x%3Fy%25z%20%C3%BC/status?labels=a%26b%3Dc%2Cd"
    );
    for step in ["..", ".", ""] {
        assert!(api.url(&["labels", step], &[]).is_err(), "{step:?} would ask for something else");
    }
}

#[test]
fn only_its_own_origin_is_its_own() {
    let api = Api::of_url("https://git.example.com/api/v3").expect("an API");
    assert!(api.owns("https://git.example.com/api/v3/repos?page=2"));
    assert!(api.owns("https://GIT.example.com/elsewhere"));
    for other in [
        "http://git.example.com/api/v3",
        "https://git.example.com:444/api/v3",
        "https://git.example.com.evil.example/",
        "https://evil@git.example.com/",
        "/repos",
        "",
    ] {
        assert!(!api.owns(other), "{other}");
    }
}
