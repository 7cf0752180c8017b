use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{CipherSuite, ClientConfig, ClientConnection, Error, HandshakeKind, KeyLogFile};
use tokio_rustls::TlsConnector;

use crate::message::{Certificate, Group, Staple};
use crate::net::{NetError, NetErrorKind, Wire};

use super::identity::{Introduction, Showing};
use super::judge::{Judge, Seen};
use super::refusal::explain;
use super::rules::spoken;
use super::watched::{Watched, Way};
use super::{Roots, Rules, certificate};

/// Sessions of one group that are kept; a connection uses one up.
const SESSIONS: usize = 16;

/// Makes wires secure.
pub struct Tls {
    config: ClientConfig,
    judge: Arc<Judge>,
    /// For whoever is asked who we are, and for whoever is not to be told.
    showing: Arc<Showing>,
    hiding: Arc<Showing>,
    hello: Hello,
    is_resuming: bool,
    /// The connections of a group share their sessions.
    connectors: RefCell<HashMap<Group, TlsConnector>>,
    /// What the server of each group showed last.
    shown: RefCell<HashMap<Group, Seen>>,
}

/// What our hello offers to every server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// Versions of TLS.
    pub versions: Vec<String>,
    /// Protocols (ALPN).
    pub alpn: Vec<String>,
}

/// What a handshake agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Such as `TLS 1.3`.
    pub version: String,
    /// The cipher suite's name.
    pub cipher: String,
    /// The key exchange group's name.
    pub group: Option<String>,
    /// The protocol that ALPN chose.
    pub alpn: Option<String>,
    /// Whether an earlier session was taken up again.
    pub is_resumed: bool,
    /// Whether the certificate was found good.
    pub is_verified: bool,
}

/// What was shown in a handshake, complete or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The server's certificates, its own first.
    pub chain: Vec<Certificate>,
    /// How they stand, as the server shows.
    pub staple: Option<Staple>,
    /// Whose roots they go back to.
    pub roots: Option<String>,
    /// Why they are not to be trusted, if they are not.
    pub doubt: Option<String>,
    /// As whom we were introduced, if the server asked.
    pub identity: Option<Introduction>,
}

impl Tls {
    /// TLS 1.2 and 1.3 with ring, offering HTTP/1.1, as a browser has it otherwise.
    pub fn new(roots: Roots) -> Result<Self, NetError> {
        Self::with(Rules::new(roots))
    }

    /// The same by `rules`.
    pub fn with(rules: Rules) -> Result<Self, NetError> {
        let trouble = |error: Error| NetError::new(NetErrorKind::Tls, format!("TLS: {error}"));
        let provider = Arc::new(ring::default_provider());
        let judge = Judge::new(&rules.roots, rules.is_credulous, &provider).map_err(trouble)?;
        let judge = Arc::new(judge);
        let versions = rules.versions();
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&versions)
            .map_err(trouble)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Judge>::clone(&judge))
            .with_no_client_auth();
        let offered = rules.protocols.iter().map(|name| name.as_bytes().to_vec());
        config.alpn_protocols = offered.collect();
        config.resumption = Resumption::disabled();
        if rules.is_logging_keys {
            config.key_log = Arc::new(KeyLogFile::new());
        }
        Ok(Self {
            config,
            judge,
            showing: Arc::new(Showing::new(rules.identity)),
            hiding: Arc::new(Showing::new(None)),
            hello: Hello {
                versions: versions.iter().map(|known| spoken(known.version)).collect(),
                alpn: rules.protocols.iter().map(ToString::to_string).collect(),
            },
            is_resuming: !rules.is_without_resumption,
            connectors: RefCell::default(),
            shown: RefCell::default(),
        })
    }

    /// What every server is offered.
    pub const fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Shakes hands over `wire` with the server of `group`; `watch` hears of all bytes that pass.
    pub async fn secure(
        &self,
        wire: Wire,
        group: &Group,
        watch: Rc<dyn Fn(Way, usize)>,
    ) -> (Shown, Result<(Wire, Agreed), NetError>) {
        let host = &group.origin.host;
        let Ok(name) = ServerName::try_from(host.clone()) else {
            let words = format!("{host} cannot be named in a TLS handshake");
            let error = NetError::new(NetErrorKind::Tls, words);
            return (Shown::default(), Err(error));
        };
        let connector = self.connector(group);
        let showing = self.identity_for(group);
        let mut connecting = pin!(connector.connect(name, Watched::new(wire, watch)));
        let (mut seen, mut asked) = (None, None);
        // The judge and the identity serve every handshake: what they note belongs to whoever was polled.
        let secured = poll_fn(|context| {
            let polled = connecting.as_mut().poll(context);
            seen = self.judge.take().or_else(|| seen.take());
            asked = showing.take().or_else(|| asked.take());
            polled
        });
        let secured = secured.await;
        if let Some(seen) = &seen {
            self.shown.borrow_mut().insert(group.clone(), seen.clone());
        }
        // A session that is taken up again shows no certificates: they were seen before.
        let seen = match (&seen, &secured) {
            (None, Ok(_)) => self.shown.borrow().get(group).cloned().unwrap_or_default(),
            _ => seen.unwrap_or_default(),
        };
        let outcome = secured
            .map_err(|error| failed(&error, &seen, asked.as_ref()))
            .map(|mut stream| {
                let (watched, session) = stream.get_mut();
                watched.stop();
                let agreed = agreed(session, &seen);
                (Box::new(stream) as Wire, agreed)
            });
        (told(seen, asked), outcome)
    }

    fn identity_for(&self, group: &Group) -> &Arc<Showing> {
        if group.is_anonymous {
            &self.hiding
        } else {
            &self.showing
        }
    }

    /// Sessions are taken up again only within a group, as in Chromium: by host, port and privacy.
    fn connector(&self, group: &Group) -> TlsConnector {
        let mut all = self.connectors.borrow_mut();
        let make = || {
            let mut config = self.config.clone();
            let showing = Arc::clone(self.identity_for(group));
            config.client_auth_cert_resolver = showing;
            if self.is_resuming {
                config.resumption = Resumption::in_memory_sessions(SESSIONS);
            }
            TlsConnector::from(Arc::new(config))
        };
        all.entry(group.clone()).or_insert_with(make).clone()
    }
}

fn told(seen: Seen, identity: Option<Introduction>) -> Shown {
    Shown {
        chain: seen.chain.iter().map(certificate::told).collect(),
        staple: seen.staple,
        roots: seen.roots,
        doubt: seen.refusal,
        identity,
    }
}

/// Why a handshake failed: the judge knows better what is wrong with a certificate.
fn failed(error: &io::Error, seen: &Seen, asked: Option<&Introduction>) -> NetError {
    let inner = error.get_ref();
    let fault = inner.and_then(|inner| inner.downcast_ref::<Error>());
    match (fault, &seen.refusal) {
        (Some(Error::InvalidCertificate(_)), Some(words)) => {
            NetError::new(NetErrorKind::Certificate, words.clone())
        }
        (Some(fault), _) => explain(fault),
        (None, _) if asked == Some(&Introduction::Nobody) => {
            let NetError { kind, words } = NetError::of_socket(error);
            let words = format!("{words}, after it had asked who we are (--cert)");
            NetError::new(kind, words)
        }
        (None, _) => NetError::of_socket(error),
    }
}

fn agreed(session: &ClientConnection, seen: &Seen) -> Agreed {
    let suite = session.negotiated_cipher_suite();
    let group = session.negotiated_key_exchange_group();
    let alpn = session.alpn_protocol();
    Agreed {
        version: session.protocol_version().map(spoken).unwrap_or_default(),
        cipher: suite.map(|suite| cipher(suite.suite())).unwrap_or_default(),
        group: group.map(|group| format!("{:?}", group.name())),
        alpn: alpn.map(|name| String::from_utf8_lossy(name).into_owned()),
        is_resumed: session.handshake_kind() == Some(HandshakeKind::Resumed),
        is_verified: seen.refusal.is_none(),
    }
}

/// The name that a cipher suite is registered under; rustls says `TLS13_` for those of TLS 1.3.
fn cipher(suite: CipherSuite) -> String {
    format!("{suite:?}").replacen("TLS13_", "TLS_", 1)
}
