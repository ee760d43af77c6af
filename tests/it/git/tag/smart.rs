//! A real smart-HTTP remote: git's own `git http-backend` behind a small server of ours.

use super::super::yard::{Yard, git, put_script, run, tag};
use super::{make, object, order, yard};
use gonogo::git::push::Move;
use gonogo::git::{Created, Pushing, RemoteTag, TagPushing, Trust, Unpushed};
use gonogo::release::ids::Oid;
use gonogo::spawn::{Call, Cancel, Program};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What the server does with the next push that it gets.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    /// Carries it out and says so.
    Fine,
    /// Carries it out, and the reply is lost.
    Lost,
    /// Does not carry it out, and says nothing.
    Swallowed,
    /// Wants a password.
    Password,
    /// Says 403.
    Forbidden,
    /// Answers 502.
    Broken,
}

struct Http {
    next: Arc<Mutex<Next>>,
    pushes: Arc<Mutex<usize>>,
}

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// Reads a request; none when the connection is at its end.
fn read(from: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    from.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut headers = vec![];
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((key, value)) => headers.push((key.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let mut request = Request { method, target, headers, body: vec![] };
    if request.header("transfer-encoding") == "chunked" {
        loop {
            let mut size = String::new();
            from.read_line(&mut size).ok()?;
            let size = usize::from_str_radix(size.trim(), 16).ok()?;
            let mut piece = vec![0; size + 2];
            from.read_exact(&mut piece).ok()?;
            if size == 0 {
                break;
            }
            request.body.extend_from_slice(&piece[..size]);
        }
    } else {
        let size = request.header("content-length").parse().unwrap_or(0);
        request.body = vec![0; size];
        from.read_exact(&mut request.body).ok()?;
    }
    Some(request)
}

/// What `git http-backend` (git-http-backend(1), a CGI program) answers, as an HTTP reply.
fn backend(program: &Program, root: &Path, request: &Request) -> Vec<u8> {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let call = Call::new(program)
        .args(["-c", "http.receivepack=true", "http-backend"])
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("REQUEST_METHOD", &request.method)
        .env("CONTENT_TYPE", request.header("content-type"))
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", request.header("content-encoding"))
        .env("GIT_PROTOCOL", request.header("git-protocol"))
        .env("REMOTE_ADDR", "127.0.0.1")
        .stdin(request.body.clone());
    let answer = run(call.run(&Cancel::new())).unwrap().stdout;
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").expect("the end of the head");
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let (status, others): (Vec<_>, Vec<_>) = head.lines().partition(|line| line.starts_with("Status: "));
    let status = status.first().map_or("200 OK", |line| &line["Status: ".len()..]);
    let body = &answer[end + 4..];
    let head =
        format!("HTTP/1.1 {status}\r\n{}\r\nContent-Length: {}\r\n\r\n", others.join("\r\n"), body.len());
    [head.as_bytes(), body].concat()
}

impl Http {
    /// Serves the repositories below a directory until the test ends. None, said aloud, where git has no backend.
    fn start(root: PathBuf) -> Option<(Self, String)> {
        let program = Program::find("git").unwrap();
        let known = run(Call::new(&program).arg("--exec-path").run(&Cancel::new())).unwrap().stdout;
        let known = PathBuf::from(String::from_utf8(known).unwrap().trim()).join("git-http-backend");
        if !known.exists() {
            eprintln!("skipped: this git has no http-backend, so pushing over HTTP is not tested");
            return None;
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://127.0.0.1:{}/octo/widget.git", listener.local_addr().unwrap().port());
        let (next, pushes) = (Arc::new(Mutex::new(Next::Fine)), Arc::new(Mutex::new(0)));
        let http = Self { next: Arc::clone(&next), pushes: Arc::clone(&pushes) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (program, root) = (program.clone(), root.clone());
                let (next, pushes) = (Arc::clone(&next), Arc::clone(&pushes));
                std::thread::spawn(move || serve(stream, &program, &root, &next, &pushes));
            }
        });
        Some((http, url))
    }

    fn next(&self, next: Next) {
        *self.next.lock().unwrap() = next;
    }

    /// How many pushes were carried out.
    fn pushes(&self) -> usize {
        *self.pushes.lock().unwrap()
    }
}

fn serve(mut stream: TcpStream, program: &Program, root: &Path, next: &Mutex<Next>, pushes: &Mutex<usize>) {
    let mut from = BufReader::new(stream.try_clone().unwrap());
    while let Some(request) = read(&mut from) {
        let pushes_now = request.method == "POST" && request.target.ends_with("/git-receive-pack");
        let plain = |status: &str| format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").into_bytes();
        let is_it = pushes_now && request.body.len() > 4;
        let then = if is_it { std::mem::replace(&mut *next.lock().unwrap(), Next::Fine) } else { Next::Fine };
        let reply = match then {
            // With nothing at all in reply, curl itself would send it again.
            Next::Swallowed => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".to_vec(),
            Next::Password => plain("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\""),
            Next::Forbidden => plain("403 Forbidden"),
            Next::Broken => plain("502 Bad Gateway"),
            Next::Fine | Next::Lost => backend(program, root, &request),
        };
        if is_it && matches!(then, Next::Fine | Next::Lost) {
            *pushes.lock().unwrap() += 1;
        }
        let reply = if then == Next::Lost { &reply[..reply.len() - 20] } else { &reply };
        if stream.write_all(reply).is_err() || matches!(then, Next::Lost | Next::Swallowed) {
            return;
        }
    }
}

struct Ground {
    yard: Yard,
    bare: PathBuf,
    http: Http,
    commit: Oid,
    object: Oid,
}

/// A tag `v1` here, and a remote of real smart HTTP that does not have it.
fn ground() -> Option<Ground> {
    let (yard, commit) = yard();
    let bare = yard.root().join("srv/octo/widget.git");
    std::fs::create_dir_all(bare.parent().unwrap()).unwrap();
    let origin = yard.with_origin();
    std::fs::rename(origin, &bare).unwrap();
    let (http, url) = Http::start(yard.root().join("srv"))?;
    yard.git(&["remote", "set-url", "origin", &url]);
    let object = object(make(&yard, &order("v1", commit)));
    Some(Ground { yard, bare, http, commit, object })
}

impl Ground {
    fn push(&self) -> TagPushing {
        super::push(&self.yard, "v1", self.object, self.commit)
    }

    fn there(&self) -> Option<RemoteTag> {
        let at = self.yard.at();
        run(git().remote_tag(&at, at.remote().unwrap(), &tag("v1"), Trust::Given, &Cancel::new())).unwrap()
    }
}

#[test]
fn a_tag_goes_over_http_once() {
    let Some(ground) = ground() else { return };
    assert_eq!(ground.there(), None);
    assert_eq!(ground.push(), TagPushing::Done);
    assert_eq!(ground.push(), TagPushing::AlreadyThere { object: ground.object });
    assert_eq!(ground.http.pushes(), 1);
    assert_eq!(ground.there(), Some(RemoteTag { object: ground.object, commit: ground.commit }));
}

#[test]
fn a_lost_reply_is_settled_by_looking_and_the_tag_is_pushed_once() {
    let Some(ground) = ground() else { return };
    ground.http.next(Next::Lost);
    let pushed = ground.push();
    assert_eq!(pushed, TagPushing::AlreadyThere { object: ground.object }, "found by looking");
    assert_eq!(ground.http.pushes(), 1);
}

#[test]
fn a_push_that_was_not_carried_out_leaves_no_tag_and_may_be_sent_again() {
    for next in [Next::Swallowed, Next::Broken] {
        let Some(ground) = ground() else { return };
        ground.http.next(next);
        let pushed = ground.push();
        assert!(matches!(&pushed, TagPushing::Not(Unpushed::Unclear { .. })), "{pushed:?}");
        assert_eq!((ground.there(), ground.http.pushes()), (None, 0));
        assert_eq!(ground.push(), TagPushing::Done);
    }
}

#[test]
fn credentials_refused_in_the_middle_are_said() {
    for next in [Next::Password, Next::Forbidden] {
        let Some(ground) = ground() else { return };
        ground.http.next(next);
        let pushed = ground.push();
        assert!(matches!(&pushed, TagPushing::Not(Unpushed::Denied { .. })), "{pushed:?}");
        assert_eq!(ground.http.pushes(), 0);
    }
}

#[test]
fn a_ruleset_of_the_server_refuses_in_its_words() {
    let Some(ground) = ground() else { return };
    let words = "echo 'error: GH013: Repository rule violations found for refs/tags/v1.' >&2\nexit 1";
    put_script(&ground.bare.join("hooks/update"), words);
    let pushed = ground.push();
    let TagPushing::Not(Unpushed::Refused { said, .. }) = &pushed else { panic!("{pushed:?}") };
    assert!(said.raw().contains("GH013"), "{said:?}");
    assert_eq!(ground.there(), None);
}

#[test]
fn a_tag_of_somebody_else_that_came_up_meanwhile_is_taken() {
    let Some(ground) = ground() else { return };
    let other = ground.yard.commit("a", "2", "two");
    ground.yard.git(&["push", "-q", "origin", "HEAD:refs/heads/main"]);
    let race = format!("unset GIT_QUARANTINE_PATH; git update-ref refs/tags/v1 {other}");
    put_script(&ground.bare.join("hooks/pre-receive"), &race);
    assert_eq!(ground.push(), TagPushing::Taken { at: Some(other) });
    assert_eq!(ground.yard.git_in(&ground.bare, &["rev-parse", "refs/tags/v1"]), other.to_string());
}

#[test]
fn a_branch_whose_push_lost_its_reply_is_found_by_looking() {
    let Some(ground) = ground() else { return };
    let (at, cancel) = (ground.yard.at(), Cancel::new());
    let (remote, line) = (at.remote().unwrap(), super::super::yard::branch("release-1"));
    ground.http.next(Next::Lost);
    let made = run(git().create_branch(&at, remote, &line, ground.commit, Trust::Given, &cancel)).unwrap();
    assert_eq!(made, Created::AlreadyThere);
    let new = ground.yard.commit("a", "2", "two");
    let to = Move { old: Some(ground.commit), new };
    ground.http.next(Next::Swallowed);
    let pushed = run(git().push_onto(&at, remote, &line, to, Trust::Given, &cancel)).unwrap();
    assert!(matches!(pushed, Pushing::Not(_)), "{pushed:?}");
    ground.http.next(Next::Lost);
    let pushed = run(git().push_onto(&at, remote, &line, to, Trust::Given, &cancel)).unwrap();
    assert_eq!(pushed, Pushing::AlreadyThere);
    assert_eq!(ground.http.pushes(), 2, "one to make it, one to move it");
    assert_eq!(ground.yard.git_in(&ground.bare, &["rev-parse", "refs/heads/release-1"]), new.to_string());
}
