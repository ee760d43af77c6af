//! Any address: 200, and what it must hold.

use super::{Say, Server, host, is_tame, once};
use gonogo::release::artifacts::Place;

fn url(server: &Server, path: &str, contains: Option<&str>) -> Place {
    Place::Url { url: format!("{}{path}", server.url), contains: contains.map(str::to_owned) }
}

#[tokio::test]
async fn a_page_is_there_when_it_answers_200_and_holds_the_text() {
    let server = Server::start(|asked| match asked.path() {
        "/v1.2/" => Say::text(200, "text/html", "<h1>Release 1.2.0</h1>"),
        "/empty" => Say::text(204, "text/html", ""),
        _ => Say::text(404, "text/html", "1.2.0 is not here"),
    })
    .await;
    let at = host(&server).to_owned();
    assert_eq!(once(url(&server, "/v1.2/", None)).await, format!("present: 200 at {at}"));
    let with = format!("present: 200 at {at}, with “1.2.0”");
    assert_eq!(once(url(&server, "/v1.2/", Some("1.2.0"))).await, with);
    let without = format!("wrong: 200 at {at}, without “1.3.0”");
    assert_eq!(once(url(&server, "/v1.2/", Some("1.3.0"))).await, without);
    assert_eq!(once(url(&server, "/v9/", Some("1.2.0"))).await, format!("absent: 404 at {at}"));
    assert_eq!(once(url(&server, "/empty", None)).await, "wrong: 204, not 200");
    let asked = server.asked();
    assert!(asked.iter().all(|it| it.header("authorization").is_none() && it.method == "GET"), "{asked:?}");
}

#[tokio::test]
async fn redirects_are_followed_within_bounds() {
    let server = Server::start(|asked| {
        let to = |to: &str| Say::text(302, "text/plain", "").with("location", to);
        match asked.path() {
            "/latest" => to("/v1.2/"),
            "/v1.2/" => Say::text(200, "text/html", "1.2.0"),
            "/ftp" => to("ftp://127.0.0.1/x"),
            "/plain" => to("http://registry.invalid/x"),
            "/file" => to("file:///etc/passwd"),
            "/login" => to("https://ann:secret@registry.invalid/x"),
            "/nowhere" => to("http://"),
            "/bare" => Say::text(302, "text/plain", ""),
            _ => to("/circle"),
        }
    })
    .await;
    let said = once(url(&server, "/latest", Some("1.2.0"))).await;
    let there = format!("present: 200 at {0}, with “1.2.0”, redirected to http://{0}/v1.2/", host(&server));
    assert_eq!(said, there);
    for (path, why) in [
        ("/ftp", "it takes https"),
        ("/plain", "http is taken only on this machine"),
        ("/file", "it takes https"),
        ("/login", "the address holds a login"),
        ("/nowhere", "does not parse"),
        ("/circle", "redirects too often"),
        ("/bare", "redirects too often"),
    ] {
        let said = once(url(&server, path, None)).await;
        assert!(said.starts_with("failed: ") && said.contains(why), "{path}: {said}");
        assert!(!said.contains("secret"), "{said}");
    }
    let circle = server.asked().iter().filter(|it| it.path() == "/circle").count();
    assert_eq!(circle, 6, "the first request and five redirects");
}

#[tokio::test]
async fn an_address_that_may_not_be_asked_is_not() {
    for (address, why) in [
        ("http://registry.invalid/", "http is taken only on this machine"),
        ("ftp://127.0.0.1/", "it takes https"),
        ("not an address", "does not parse"),
        ("https://ann:secret@registry.invalid/", "holds a login"),
        ("http://127.0.0.1.registry.invalid/", "http is taken only on this machine"),
    ] {
        let said = once(Place::Url { url: address.to_owned(), contains: None }).await;
        assert!(said.starts_with("failed: ") && said.contains(why), "{address}: {said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[tokio::test]
async fn text_of_the_other_side_is_shown_and_not_obeyed() {
    let server = Server::start(|asked| match asked.path() {
        "/moved" => Say::text(302, "text/plain", "").with("location", "/x?%1b]0;pwned%07"),
        _ => Say::text(200, "text/html", "\u{1b}[2Jhello"),
    })
    .await;
    for place in [url(&server, "/moved", None), url(&server, "/", Some("\u{1b}[2J"))] {
        let said = once(place).await;
        is_tame(&said);
        assert!(said.starts_with("present: "), "{said}");
    }
}
