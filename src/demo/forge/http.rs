//! HTTP around the forge: reading requests, faults, counters, conditional requests, headers.

use super::access::{Caller, Meter, Meters};
use super::call::{Asked, Call, Content, Refusal, Reply, Site};
use super::faults::{Fault, Faults, taken};
use super::filled::Filled;
use super::record::Recorder;
use super::state::World;
use super::wire::{Cut, Wires};
use super::{pipeline, registry, route};
use crate::demo::clock::Clock;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The forge: its state and what it needs to answer.
pub(in crate::demo) struct Forge {
    pub world: Filled,
    pub clock: Clock,
    pub faults: Faults,
    pub keep: Option<PathBuf>,
    pub record: Option<PathBuf>,
}

struct Running {
    forge: Forge,
    base: Arc<str>,
    meters: Mutex<Meters>,
    recorder: Option<Recorder>,
    asked: std::sync::atomic::AtomicU64,
}

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub(in crate::demo) struct Serving {
    pub url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A server that is gone already needs no telling.
            let _ = stop.send(());
        }
    }
}

/// Starts to listen on a free port of loopback.
pub(in crate::demo) async fn serve(forge: Forge) -> std::io::Result<Serving> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let recorder = forge.record.as_deref().map(Recorder::open).transpose()?;
    let asked = std::sync::atomic::AtomicU64::new(0);
    let running = Running { forge, base: url.as_str().into(), meters: Mutex::default(), recorder, asked };
    let app = axum::Router::new().fallback(answer).with_state(Arc::new(running));
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let app = app.into_make_service_with_connect_info::<Cut>();
    tokio::spawn(async move {
        let until = async {
            let _ = stopped.await;
        };
        let _ = axum::serve(Wires(listener), app).with_graceful_shutdown(until).await;
    });
    Ok(Serving { url, stop: Some(stop) })
}

/// A request that came is answered to its end, also when who asked has left in the middle of it: the connection takes
/// along only who waits for the answer.
async fn answer(
    State(running): State<Arc<Running>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response<Body> {
    let whole = tokio::spawn(answered(running, cut, request)).await;
    whole.unwrap_or_else(|_| response(Refusal::new(500, "the forge stumbled").reply()))
}

async fn answered(running: Arc<Running>, cut: Cut, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default();
    let query: Result<axum::extract::Query<Vec<(String, String)>>, _> =
        axum::extract::Query::try_from_uri(&parts.uri).map_err(|_| query.to_owned());
    let header = |(key, value): (&HeaderName, &HeaderValue)| {
        (key.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let asked = Asked {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: query.map(|query| query.0).unwrap_or_default(),
        headers: parts.headers.iter().map(header).collect(),
        raw: vec![],
    };
    let fault = running.forge.faults.take(&asked.method, &asked.path);
    let asked = Asked { raw: taken(body, fault.as_ref()).await, ..asked };
    if let Some(Fault::Delay(time)) = &fault {
        tokio::time::sleep(*time).await;
    }
    if fault == Some(Fault::Drop) {
        cut.now();
        return Response::new(Body::empty());
    }
    let (lost, half) = (fault == Some(Fault::LostReply), fault == Some(Fault::HalfReply));
    // Reading git takes milliseconds, which are not the screen's to wait for.
    let work = tokio::task::spawn_blocking(move || {
        if asked.path.starts_with(registry::PREFIX) {
            return running.registry(&asked, fault.as_ref());
        }
        running.whole(&asked, fault.as_ref())
    });
    let reply = work.await.unwrap_or_else(|_| Refusal::new(500, "the forge stumbled").reply());
    if lost {
        cut.now();
    } else if half {
        cut.halfway();
    }
    response(reply)
}

fn response(reply: Reply) -> Response<Body> {
    let body = match reply.body {
        Content::Empty => Body::empty(),
        Content::Json(value) => Body::from(value.to_string()),
        Content::Text(text) => Body::from(text),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (key, value) in reply.headers {
        if let (Ok(key), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value)) {
            response.headers_mut().append(key, value);
        }
    }
    response
}

impl Running {
    /// The reply of a registry that the forge stands in for.
    fn registry(&self, asked: &Asked, fault: Option<&Fault>) -> Reply {
        if let Some(Fault::Status(status)) = fault {
            return Reply::empty(*status);
        }
        let mut held = self.forge.world.hold();
        match held.world() {
            Ok(world) => match world.repositories.first() {
                Some(repo) => registry::answer(repo, asked, self.forge.clock.now()),
                None => Refusal::not_found().reply(),
            },
            Err(why) => Refusal::new(500, why).reply(),
        }
    }

    /// The reply with all its headers, written down when a recorder listens.
    fn whole(&self, asked: &Asked, fault: Option<&Fault>) -> Reply {
        let now = self.forge.clock.now();
        let (template, mut reply) = match fault {
            Some(Fault::Status(status)) => (None, Refusal::new(*status, "A fault on demand").reply()),
            Some(Fault::SecondaryLimit(seconds)) => (None, secondary(*seconds)),
            Some(Fault::RateLimited(seconds)) => (None, primary(now + seconds)),
            _ => self.metered(asked, now),
        };
        let count = self.asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let id = format!("DE{:02X}:{:06X}:{:08X}", count % 256, count, now.unsigned_abs() & 0xffff_ffff);
        for (key, value) in [
            ("x-github-request-id", id.as_str()),
            ("x-github-media-type", "github.v3; format=json"),
            ("x-github-api-version-selected", "2022-11-28"),
            ("server", "gonogo-demo"),
        ] {
            reply.headers.push((key.to_owned(), value.to_owned()));
        }
        let kind = match (&reply.body, reply.headers.iter().any(|(key, _)| key == "content-type")) {
            (Content::Json(_), false) => Some("application/json; charset=utf-8"),
            (Content::Text(_), false) => Some("text/plain; charset=utf-8"),
            _ => None,
        };
        reply.headers.extend(kind.map(|kind| ("content-type".to_owned(), kind.to_owned())));
        match fault {
            Some(Fault::NotJson) => {
                reply.body = Content::Text("<html><body>The unicorns are out.</body></html>".into());
                reply.headers.retain(|(key, _)| key != "content-type");
            }
            Some(Fault::Nulls) => {
                if let Content::Json(value) = &mut reply.body {
                    null_all(value);
                }
            }
            Some(Fault::HalfBody | Fault::SlowBody(_)) => {}
            None | Some(Fault::Delay(_) | Fault::LostReply | Fault::HalfReply | Fault::Drop) => {
                // Who breaks off in the middle of a request hears no answer.
                if let Some(recorder) = self.recorder.as_ref().filter(|_| reply.status != 502) {
                    recorder.write(asked, template, &reply);
                }
            }
            Some(Fault::Status(_) | Fault::SecondaryLimit(_) | Fault::RateLimited(_)) => {}
        }
        reply
    }

    /// Counts the request against its limit, except when nothing changed since the client looked.
    fn metered(&self, asked: &Asked, now: i64) -> (Option<&'static str>, Reply) {
        let resource = match asked.path.as_str() {
            "/graphql" => "graphql",
            path if path.starts_with("/search/") => "search",
            _ => "core",
        };
        let caller = match Caller::of(asked.header("authorization")) {
            Ok(caller) => caller,
            Err(refusal) => return (None, refusal.reply()),
        };
        let power = caller.power;
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.path == "/rate_limit" {
            let body = limits(&mut meters, power, now);
            return (Some("/rate_limit"), Reply::ok(body));
        }
        let meter = meters.of(power, resource, now);
        if meter.remaining() == 0 {
            let mut refusal = Refusal::new(403, format!("API rate limit exceeded for {}.", caller.login));
            refusal.headers.extend(meter.headers(resource));
            return (None, refusal.reply());
        }
        let stands = Some(*meter);
        drop(meters);
        let (template, mut reply, cost) = self.routed(asked, caller, stands, now);
        let unchanged = asked.method == "GET" && reply.status == 200 && self.conditional(asked, &mut reply);
        let mut meters = self.meters.lock().unwrap_or_else(PoisonError::into_inner);
        let meter = meters.of(power, resource, now);
        if !unchanged {
            meter.used += cost;
        }
        reply.headers.extend(meter.headers(resource));
        (template, reply)
    }

    /// Runs the route, writes the pages' links, saves what changed.
    fn routed(
        &self,
        asked: &Asked,
        caller: Caller,
        meter: Option<Meter>,
        now: i64,
    ) -> (Option<&'static str>, Reply, u64) {
        let site = Site { base: self.base.clone(), now };
        let mut held = self.forge.world.hold();
        let world = match held.world() {
            Ok(world) => world,
            Err(why) => return (None, Refusal::new(500, why).reply(), 1),
        };
        let made = pipeline::go_on(world, now);
        let body = serde_json::from_slice(&asked.raw).unwrap_or(Value::Null);
        let mut call = Call { world: &mut *world, site, caller, asked, body, at: Vec::new(), repo: 0, meter };
        let (template, answer) = route::go(&mut call);
        let mut reply = answer.unwrap_or_else(Refusal::reply);
        let cost = reply.cost.max(1);
        if let Some(link) = reply.link.and_then(|(page, size, all)| links(&self.base, asked, page, size, all))
        {
            reply.headers.push(("link".into(), link));
        }
        // What was made to fit the repositories is kept as well: a tag that is pushed later has no release by itself.
        let unkept = self.forge.keep.as_ref().is_some_and(|path| !path.exists());
        if unkept
            || made
            || (asked.method != "GET"
                && (reply.status < 300 || reply.status == 502)
                && template != Some("/graphql"))
        {
            self.save(world);
        }
        (template, reply, cost)
    }

    /// Gives the reply its ETag; turns it into a 304 when the client has it already.
    fn conditional(&self, asked: &Asked, reply: &mut Reply) -> bool {
        let mut sum = Sha256::new();
        match &reply.body {
            Content::Empty => {}
            Content::Json(value) => sum.update(value.to_string()),
            Content::Text(text) => sum.update(text),
        }
        for (key, value) in &reply.headers {
            sum.update(format!("{key}:{value}"));
        }
        let digest = sum.finalize();
        let etag: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let etag = format!("W/\"{etag}\"");
        reply.headers.push(("etag".into(), etag.clone()));
        reply.headers.push(("cache-control".into(), "private, max-age=60, s-maxage=60".into()));
        reply.headers.push(("vary".into(), "Accept, Authorization, Cookie, X-GitHub-OTP".into()));
        let had =
            asked.header("if-none-match").is_some_and(|had| had.split(',').any(|had| had.trim() == etag));
        if had {
            reply.status = 304;
            reply.body = Content::Empty;
        }
        had
    }

    /// Writes `forge.json` anew, whole or not at all.
    fn save(&self, world: &World) {
        let Some(path) = &self.forge.keep else { return };
        let Ok(bytes) = serde_json::to_vec(world) else { return };
        let fresh = path.with_extension("json.new");
        if std::fs::write(&fresh, bytes).is_ok() {
            // A demo that cannot save goes on in memory.
            let _ = std::fs::rename(&fresh, path);
        }
    }
}

fn secondary(seconds: u64) -> Reply {
    let mut refusal =
        Refusal::new(403, "You have exceeded a secondary rate limit. Please wait a few minutes.");
    refusal.headers.push(("retry-after".into(), seconds.to_string()));
    refusal.reply()
}

fn primary(reset: i64) -> Reply {
    let mut refusal = Refusal::new(403, "API rate limit exceeded for user ID 1.");
    let meter = super::access::Meter { limit: 5000, used: 5000, reset };
    refusal.headers = meter.headers("core");
    refusal.reply()
}

fn limits(meters: &mut Meters, power: super::access::Power, now: i64) -> Value {
    let mut one = |resource| {
        let meter = meters.of(power, resource, now);
        json!({ "limit": meter.limit, "used": meter.used, "remaining": meter.remaining(), "reset": meter.reset })
    };
    let (core, search, graphql) = (one("core"), one("search"), one("graphql"));
    json!({ "resources": { "core": core, "search": search, "graphql": graphql }, "rate": core })
}

/// The `Link` header of a list that has more pages than the one shown.
fn links(base: &str, asked: &Asked, page: usize, size: usize, all: usize) -> Option<String> {
    let last = all.div_ceil(size).max(1);
    let to = |page: usize, rel: &str| {
        let mut query: Vec<String> = asked
            .query
            .iter()
            .filter(|(key, _)| key != "page")
            .map(|(key, value)| {
                let value = percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
                format!("{key}={value}")
            })
            .collect();
        query.push(format!("page={page}"));
        format!("<{base}{}?{}>; rel=\"{rel}\"", asked.path, query.join("&"))
    };
    let mut links = Vec::new();
    if page > 1 {
        links.push(to(page - 1, "prev"));
    }
    if page < last {
        links.push(to(page + 1, "next"));
        links.push(to(last, "last"));
    }
    if page > 1 {
        links.push(to(1, "first"));
    }
    if links.is_empty() { None } else { Some(links.join(", ")) }
}

/// Nulls what may be null somewhere in GitHub's schemas: everything but ids, numbers, shas, names and lists.
fn null_all(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(null_all),
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), &value) {
                    (_, Value::Array(_) | Value::Number(_) | Value::Bool(_)) => null_all(value),
                    ("number" | "sha" | "ref" | "tag_name" | "path" | "object" | "commit" | "state", _) => {
                        null_all(value);
                    }
                    _ => *value = Value::Null,
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
