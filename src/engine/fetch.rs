use std::cell::Cell;
use std::rc::Rc;

use tokio::sync::oneshot;
use url::Url;

use crate::event::{Fact, Failure, FailureKind, RequestId, Stage, Subject, Verdict, Wanted};
use crate::message::{
    CacheMode, Credentials, Group, Origin, Priority, RedirectMode, RequestHead, Saying,
};

use super::cookies;
use super::engine::Engine;
use super::failing::within;
use super::redirect;
use super::stage;
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
    at: Cell<Stage>,
}

impl Request {
    pub(super) fn new(id: RequestId, wanted: Wanted, origin: Origin, trail: Trail) -> Self {
        let Wanted {
            method,
            url,
            because: _,
            saying,
            cache,
            redirect,
            credentials,
            priority,
        } = wanted;
        let head = RequestHead::composed(method, &url, &origin, &saying, cache);
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
            at: Cell::new(Stage::Cache),
        }
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
        self.at.set(stage);
        engine.stage(self.subject(), stage, work).await
    }

    /// Does `work` as the Receive stage, whose time limit is for each silence, not for all of it.
    pub(super) async fn receive<T>(
        &self,
        engine: &Engine,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.at.set(Stage::Receive);
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
        let whole = within(limit, Stage::Cache, fetch(&request, engine)).await;
        whole.map_err(|failure| whole_too_long(failure, &request))
    };
    let result = tokio::select! {
        // Whoever was told to stop plans nothing more.
        biased;
        _ = stopped => {
            Err(Failure::new(request.at.get(), FailureKind::Cancelled, "given up when asked to"))
        }
        result = fetching => result,
    };
    let verdict = result.unwrap_or_else(Verdict::Failed);
    engine.reporter.say(Fact::RequestEnded {
        request: request.id,
        verdict,
    });
}

async fn fetch(request: &Request, engine: &Rc<Engine>) -> Result<Verdict, Failure> {
    let asking = async { stage::cache::look_up(request, engine) };
    let stored = request.stage(Stage::Cache, engine, asking).await?;
    if let Some(head) = stored {
        redirect::follow(request, &head, engine)?;
        return Ok(Verdict::Stored);
    }
    stage::dns::resolve(request, engine).await?;
    for _ in 0..MAX_ATTEMPTS {
        let waiting = stage::queue::wait_turn(request, engine);
        let lease = request.stage(Stage::Queue, engine, waiting).await?;
        if let Some(answer) = stage::exchange::run(request, lease, engine).await? {
            stage::cache::keep(request, &answer, engine);
            return Ok(Verdict::Answered);
        }
    }
    Err(Failure::new(
        Stage::Wait,
        FailureKind::Reset,
        format!("{MAX_ATTEMPTS} connections in a row were dead"),
    ))
}

/// As many connections as Chromium tries, each of them used before and found dead.
const MAX_ATTEMPTS: u32 = 50;

/// A request that used up its whole time failed in the stage that it had come to.
fn whole_too_long(failure: Failure, request: &Request) -> Failure {
    let is_whole = failure.stage == Stage::Cache && failure.kind == FailureKind::TimedOut;
    if is_whole {
        let words = failure.words.replace("--timeout-cache", "--max-time");
        return Failure::new(request.at.get(), failure.kind, words);
    }
    failure
}
