use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tokio::sync::oneshot;
use url::Url;

use crate::cache::key;
use crate::cookies::Site;
use crate::event::{
    Because, CacheUse, ConnectionId, Fact, Failure, FailureKind, Moment, RequestId, Stage, Subject,
    Verdict, Wanted,
};
use crate::message::{
    CacheMode, Credentials, Group, Origin, Priority, RedirectMode, RequestHead, Saying, spoken_on,
};

use super::cookies;
use super::engine::Engine;
use super::failing::within;
use super::redirect;
use super::settings::Settings;
use super::stage;
use super::stage::cache::{Asking, Plan};
use super::stage::exchange::Answer;
use super::stage::keep::Outcome;
use super::trail::Trail;

/// A request and how far it has come.
pub(super) struct Request {
    pub(super) id: RequestId,
    pub(super) url: Url,
    pub(super) group: Group,
    pub(super) head: RequestHead,
    /// What of the head was given, and the body.
    pub(super) saying: Saying,
    pub(super) cache: CacheMode,
    pub(super) redirect: RedirectMode,
    pub(super) credentials: Credentials,
    pub(super) priority: Priority,
    /// What led here.
    pub(super) trail: Trail,
    /// Whether it brings up to date what was used stale.
    pub(super) is_refreshing: bool,
    /// Whether the cache is on for it.
    pub(super) caching: CacheUse,
    /// What its answer is stored under.
    pub(super) key: Rc<str>,
    progress: Rc<Progress>,
}

/// How far a request has come.
struct Progress {
    at: Cell<Stage>,
    sent: Cell<Moment>,
    heard: Cell<Moment>,
    /// An answer that broke off, and what had been asked.
    left: RefCell<Option<(RequestHead, Answer)>>,
}

impl Request {
    pub(super) fn new(
        id: RequestId,
        wanted: Wanted,
        origin: Origin,
        trail: Trail,
        (page, caching): (Option<&Url>, CacheUse),
        settings: &Settings,
    ) -> Self {
        let Wanted {
            method,
            url,
            because,
            saying,
            cache,
            redirect,
            credentials,
            priority,
        } = wanted;
        let mut head = RequestHead::composed(method, &url, &origin, &saying, cache);
        if let Some(proxy) = settings.asked_for_urls(&origin) {
            head = head.through(&url, proxy);
        }
        let page = page.map(|page| Site::of(page).to_string());
        let key = Rc::from(key(&url, page.as_deref()));
        Self {
            id,
            url,
            group: Group::new(origin, credentials),
            head,
            saying,
            cache,
            redirect,
            credentials,
            priority,
            trail,
            is_refreshing: matches!(because, Because::Refreshing { .. }),
            caching,
            key,
            progress: Rc::new(Progress {
                at: Cell::new(Stage::Cache),
                sent: Cell::default(),
                heard: Cell::default(),
                left: RefCell::default(),
            }),
        }
    }

    /// The same request, saying `fields` in place of its own fields of these names.
    fn saying_also(&self, fields: &[(String, String)]) -> Self {
        let is_own = |(name, _): &(&str, &str)| {
            !fields
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
        };
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let own = self.head.headers.iter().filter(is_own).map(owned);
        let mut head = self.head.clone();
        head.headers = own.chain(fields.iter().cloned()).collect();
        head.automatic
            .extend(fields.iter().map(|(name, _)| name.clone()));
        self.with_head(head)
    }

    /// The same request with another head.
    fn with_head(&self, head: RequestHead) -> Self {
        Self {
            id: self.id,
            url: self.url.clone(),
            group: self.group.clone(),
            head,
            saying: self.saying.clone(),
            cache: self.cache,
            redirect: self.redirect,
            credentials: self.credentials,
            priority: self.priority,
            trail: self.trail.clone(),
            is_refreshing: self.is_refreshing,
            caching: self.caching,
            key: Rc::clone(&self.key),
            progress: Rc::clone(&self.progress),
        }
    }

    /// Its answer broke off; what came is kept when nothing goes on any more.
    pub(super) fn leave(&self, answer: Answer) {
        let asked = self.head.clone();
        self.progress.left.replace(Some((asked, answer)));
    }

    /// When it left, and when its answer began to come.
    pub(super) fn times(&self) -> (Moment, Moment) {
        (self.progress.sent.get(), self.progress.heard.get())
    }

    /// Who is asked.
    pub(super) const fn origin(&self) -> &Origin {
        &self.group.origin
    }

    pub(super) const fn subject(&self) -> Subject {
        Subject::Request(self.id)
    }

    /// Says something that is worth knowing about it.
    pub(super) fn remark(&self, words: String, engine: &Engine) {
        let request = self.id;
        engine.reporter.say(Fact::Remarked { request, words });
    }

    /// Does `work` as a stage of this request.
    pub(super) async fn stage<T>(
        &self,
        stage: Stage,
        engine: &Engine,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.progress.at.set(stage);
        if stage == Stage::Wait {
            self.progress.sent.set(engine.reporter.now());
        }
        engine.stage(self.subject(), stage, work).await
    }

    /// Does `work` as the Receive stage, whose time limit is for each silence, not for all of it.
    pub(super) async fn receive<T>(
        &self,
        engine: &Engine,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.progress.at.set(Stage::Receive);
        self.progress.heard.set(engine.reporter.now());
        engine
            .reporter
            .stage(self.subject(), Stage::Receive, work)
            .await
    }
}

/// The life of one request, from plan to verdict, unless it is stopped before.
pub(super) async fn live(
    mut request: Request,
    stopped: oneshot::Receiver<()>,
    engine: &Rc<Engine>,
) {
    cookies::choose(&mut request, engine);
    let fetching = async {
        let limit = engine.settings.max_time;
        let whole = within(limit, Stage::Cache, Box::pin(fetch(&request, engine))).await;
        whole.map_err(|failure| whole_too_long(failure, &request))
    };
    let result = tokio::select! {
        // Whoever was told to stop plans nothing more.
        biased;
        _ = stopped => {
            Err(Failure::new(request.progress.at.get(), FailureKind::Cancelled, "given up when asked to"))
        }
        result = fetching => result,
    };
    let left = request.progress.left.take();
    if let Some((asked, answer)) = left {
        let asked = request.with_head(asked);
        Box::pin(stage::keep::keep_incomplete(&asked, &answer, engine)).await;
    }
    if request.is_refreshing {
        engine.writers.end_refreshing(&request.key);
    }
    let verdict = result.unwrap_or_else(Verdict::Failed);
    engine.reporter.say(Fact::RequestEnded {
        request: request.id,
        verdict,
    });
}

async fn fetch(request: &Request, engine: &Rc<Engine>) -> Result<Verdict, Failure> {
    refuse_unsafe_port(request, engine)?;
    let asking = request.stage(
        Stage::Cache,
        engine,
        Box::pin(stage::cache::look_up(request, engine)),
    );
    let mut asking = match asking.await? {
        Plan::Answered(head, verdict) => {
            redirect::follow(request, &head, engine)?;
            return Ok(verdict);
        }
        Plan::Ask(asking) => asking,
    };
    loop {
        let asked = request.saying_also(&asking.fields);
        let (answer, connection) = match Box::pin(ask(&asked, engine)).await {
            Ok(answered) => answered,
            Err(failure) => {
                let rescue = stage::keep::rescue(request, &asking, failure, engine);
                let (head, verdict) = Box::pin(rescue).await?;
                redirect::follow(request, &head, engine)?;
                return Ok(verdict);
            }
        };
        match Box::pin(stage::keep::conclude(request, &asking, &answer, engine)).await {
            Outcome::AsItCame => return Ok(Verdict::Answered),
            Outcome::Replaced(head) => {
                redirect::follow(request, &head, engine)?;
                return Ok(Verdict::Answered);
            }
            Outcome::Unrelated(words) => {
                let failure = Failure::new(Stage::Receive, FailureKind::Protocol, words);
                engine.reporter.say(Fact::AttemptFailed {
                    request: request.id,
                    connection,
                    failure,
                });
                let pen = asking.pen.take();
                asking = Asking {
                    pen,
                    ..Asking::default()
                };
            }
        }
    }
}

/// Leaves ports alone on which browsers expect something else than HTTP (Fetch standard, bad port).
fn refuse_unsafe_port(request: &Request, engine: &Engine) -> Result<(), Failure> {
    let port = request.origin().port;
    match spoken_on(port) {
        Some(service) if !engine.settings.allowed_ports.contains(&port) => Err(Failure::new(
            Stage::Connect,
            FailureKind::UnsafePort,
            format!(
                "browsers fetch nothing from port {port}, which is for {service} \
                 (--allow-port {port} does)"
            ),
        )),
        Some(_) | None => Ok(()),
    }
}

/// Asks the server, on as many connections as it takes.
async fn ask(request: &Request, engine: &Rc<Engine>) -> Result<(Answer, ConnectionId), Failure> {
    // Many wait for their turn: whoever does has no room for what comes before and behind it.
    Box::pin(stage::dns::resolve(request, engine)).await?;
    for _ in 0..MAX_ATTEMPTS {
        let waiting = Box::pin(stage::queue::wait_turn(request, engine));
        let lease = request.stage(Stage::Queue, engine, waiting).await?;
        let connection = lease.connection;
        let exchange = Box::pin(stage::exchange::run(request, lease, engine));
        if let Some(answer) = exchange.await? {
            if answer.head.status == PROXY_ASKS
                && let Some(proxy) = engine.settings.asked_for_urls(request.origin())
            {
                request.remark(stage::proxy::asks_who(&answer.head, proxy), engine);
            }
            return Ok((answer, connection));
        }
    }
    Err(Failure::new(
        Stage::Wait,
        FailureKind::Reset,
        format!("{MAX_ATTEMPTS} connections in a row were dead"),
    ))
}

/// The status with which a proxy asks who we are (RFC 9110 §15.5.8).
const PROXY_ASKS: u16 = 407;

/// As many connections as Chromium tries, each of them used before and found dead.
const MAX_ATTEMPTS: u32 = 50;

/// A request that used up its whole time failed in the stage that it had come to.
fn whole_too_long(failure: Failure, request: &Request) -> Failure {
    let is_whole = failure.stage == Stage::Cache && failure.kind == FailureKind::TimedOut;
    if is_whole {
        let words = failure.words.replace("--timeout-cache", "--max-time");
        return Failure::new(request.progress.at.get(), failure.kind, words);
    }
    failure
}
