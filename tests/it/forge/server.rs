//! A server on loopback that says, drops or withholds what a test tells it to.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Path and query, still percent-encoded.
    pub target: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    /// The status it was answered with; 0 when it was not.
    pub status: u16,
}

impl Asked {
    /// `GET /path?query`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// Path without query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// A value of the query, as it is.
    pub fn query(&self, key: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub enum Say {
    Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// The connection is closed without a word.
    Drop,
    /// Half of the body comes, then the connection is closed.
    Half(String),
    /// Nothing ever comes.
    Silence,
}

impl Say {
    pub fn json(status: u16, body: Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", &body.to_string())
    }

    pub fn text(status: u16, kind: &str, body: &str) -> Self {
        let headers =
            vec![("content-type".into(), kind.into()), ("x-github-request-id".into(), "AB12:34".into())];
        Self::Reply { status, headers, body: body.to_owned() }
    }

    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        if let Self::Reply { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.into()));
        }
        self
    }

    /// The same with an ETag of its body, or a 304 when the client has it.
    pub fn tagged(self, asked: &Asked) -> Self {
        let Self::Reply { status, mut headers, body } = self else { return self };
        let tag = format!(
            "\"{:x}-{}\"",
            body.bytes().fold(7_u64, |sum, b| sum.wrapping_mul(31) + u64::from(b)),
            body.len()
        );
        headers.push(("etag".into(), tag.clone()));
        if asked.header("if-none-match") == Some(&tag) {
            return Self::Reply { status: 304, headers, body: String::new() };
        }
        Self::Reply { status, headers, body }
    }
}

/// A server that runs until the test ends.
pub struct Server {
    pub url: String,
    log: Arc<Mutex<Vec<Asked>>>,
}

type Script = Box<dyn FnMut(&Asked) -> Say + Send>;

impl Server {
    pub async fn start(script: impl FnMut(&Asked) -> Say + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let log: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (script, kept): (Arc<Mutex<Script>>, _) =
            (Arc::new(Mutex::new(Box::new(script))), Arc::clone(&log));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&kept)));
            }
        });
        Self { url, log }
    }

    /// What arrived so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.log.lock().expect("the log").clone()
    }

    /// What arrived so far, as lines.
    pub fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }

    /// What arrived so far that is no GET: the writes.
    pub fn writes(&self) -> Vec<String> {
        self.lines()
            .into_iter()
            .filter(|line| !line.starts_with("GET ") && !line.ends_with("/graphql"))
            .collect()
    }

    pub fn forget(&self) {
        self.log.lock().expect("the log").clear();
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>, log: Arc<Mutex<Vec<Asked>>>) {
    let mut bytes = Vec::new();
    while let Some(asked) = read(&mut stream, &mut bytes).await {
        let at = {
            let mut log = log.lock().expect("the log");
            log.push(asked.clone());
            log.len() - 1
        };
        let say = script.lock().expect("the script")(&asked);
        if let (Say::Reply { status, .. }, Some(asked)) = (&say, log.lock().expect("the log").get_mut(at)) {
            asked.status = *status;
        }
        match say {
            Say::Reply { status, headers, body } => {
                let mut head = format!("HTTP/1.1 {status} Told\r\n");
                headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
                if status != 304 && status != 204 {
                    head.push_str(&format!("content-length: {}\r\n", body.len()));
                }
                let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes()).await;
            }
            Say::Half(body) => {
                let head = format!("HTTP/1.1 200 Told\r\ncontent-length: {}\r\n\r\n", body.len() * 2);
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                return;
            }
            Say::Drop => return,
            Say::Silence => std::future::pending().await,
        }
    }
}

async fn read(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<Asked> {
    let mut more = [0; 16 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut lines = head.lines();
            let mut first = lines.next()?.split(' ');
            let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
            let mut headers = BTreeMap::<String, String>::new();
            for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
                // A header that comes twice is seen to: its values stand one after the other.
                let known = headers.entry(name.to_ascii_lowercase());
                known.and_modify(|it| *it = format!("{it}, {value}")).or_insert_with(|| value.to_owned());
            }
            let length: usize = headers.get("content-length").and_then(|it| it.parse().ok()).unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                let body = String::from_utf8_lossy(&bytes[end + 4..end + 4 + length]).into_owned();
                bytes.drain(..end + 4 + length);
                return Some(Asked { method, target, headers, body, status: 0 });
            }
        }
        match stream.read(&mut more).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&more[..count]),
        }
    }
}
