//! What servers show over TLS, and whether it is trusted: real handshakes on this machine.

use std::fs::write;
use std::io::{Read, Write, copy, sink};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use der::asn1::{BitString, OctetString};
use der::{DateTime, Encode as _};
use expect_test::{Expect, expect};
use netwaterfall::clock::Clock;
use netwaterfall::engine::{Settings, World, start};
use netwaterfall::event::{
    Command, Event, Fact, FailureKind, Handshake, Identity, Security, Side, Stage, Verdict,
};
use netwaterfall::message::{Standing, day};
use netwaterfall::net::{Identity as Own, Internet, NameServers, Roots, Rules, Tls, TlsVersion};
use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SigningKey as _,
};
use rustls::crypto::ring;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion,
};

use tempfile::{TempDir, tempdir};
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspResponse, ResponderId,
    ResponseData, RevokedInfo, SingleResponse, Version,
};

use crate::sim::{Authority, check, fetch};
use crate::sockets::{answer_with, serve_all};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
static BOTH: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
static LOW: [&SupportedProtocolVersion; 1] = [&TLS12];
static HIGH: [&SupportedProtocolVersion; 1] = [&TLS13];
/// Nobody is asked for names.
const NOBODY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9);

/// What a server shows, whether it fits or not.
#[derive(Debug)]
struct Shows(Arc<CertifiedKey>);

impl ResolvesServerCert for Shows {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// How a server shakes hands.
struct Server {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
    staple: Option<Vec<u8>>,
    versions: &'static [&'static SupportedProtocolVersion],
    wants: Option<CertificateDer<'static>>,
}

impl Server {
    fn showing(chain: Vec<CertificateDer<'static>>, key: KeyPair) -> Self {
        Self {
            chain,
            key,
            staple: None,
            versions: &BOTH,
            wants: None,
        }
    }

    /// Answers on a port of its own for as long as the tests run.
    fn start(self) -> SocketAddr {
        let der = PrivateKeyDer::Pkcs8(self.key.serialize_der().into());
        let mut shown = CertifiedKey::new(self.chain, any_supported_type(&der).unwrap());
        shown.ocsp = self.staple;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(self.versions)
            .unwrap();
        let config = match self.wants {
            None => config.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority).unwrap();
                let provider = Arc::new(ring::default_provider());
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                config.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let config = Arc::new(config.with_cert_resolver(Arc::new(Shows(Arc::new(shown)))));
        serve_all(move |mut line| {
            let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
            if session.complete_io(&mut line).is_ok() {
                answer_with(StreamOwned::new(session, line), OK);
            } else {
                // Its last words are heard only by whoever is heard out.
                let _ = line.shutdown(Shutdown::Write);
                let _ = copy(&mut line, &mut sink());
            }
        })
    }
}

/// A certificate for this machine, as the authority signs it when nothing is wrong.
fn usual() -> CertificateParams {
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "the server");
    params
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

/// A server whose certificate the authority signed, and nothing else is sent.
fn signed(params: &CertificateParams, by: &Authority) -> Server {
    let key = key();
    let leaf = params.signed_by(&key, by.issuer()).unwrap();
    Server::showing(vec![leaf.der().clone()], key)
}

fn trusting(authority: &Authority) -> Rules {
    Rules::new(Roots::Only(vec![authority.certificate()]))
}

/// Fetches a page of each of these servers, one after the other, and says every fact that was told.
fn fetched(servers: &[SocketAddr], rules: Rules) -> Vec<Event> {
    let world = move || World {
        cache: netwaterfall::cache::Cache::default(),
        settings: Settings::default(),
        network: Box::new(Internet::new(NameServers::Only(NOBODY))),
        tls: Tls::with(rules).unwrap(),
    };
    let mut handle = start(world, Clock::start()).unwrap();
    let mut events = Vec::new();
    for (n, server) in servers.iter().enumerate() {
        let url = format!("https://{server}/{n}");
        handle.commands.send(fetch(&[&url])).unwrap();
        while let Some(event) = handle.facts.blocking_recv() {
            let is_over = matches!(event.fact, Fact::RequestEnded { .. });
            events.push(event);
            if is_over {
                break;
            }
        }
    }
    handle.commands.send(Command::Stop).unwrap();
    while let Some(event) = handle.facts.blocking_recv() {
        events.push(event);
    }
    assert!(!handle.has_panicked());
    check(&events);
    events
}

fn verdicts(events: &[Event]) -> Vec<&Verdict> {
    let ended = events.iter().filter_map(|event| match &event.fact {
        Fact::RequestEnded { verdict, .. } => Some(verdict),
        _ => None,
    });
    ended.collect()
}

fn handshakes(events: &[Event]) -> Vec<&Handshake> {
    let ended = events.iter().filter_map(|event| match &event.fact {
        Fact::HandshakeEnded { handshake, .. } => Some(&**handshake),
        _ => None,
    });
    ended.collect()
}

fn securities(events: &[Event]) -> Vec<&Security> {
    let secured = events.iter().filter_map(|event| match &event.fact {
        Fact::ConnectionSecured { security, .. } => Some(&**security),
        _ => None,
    });
    secured.collect()
}

/// Why the only request failed.
fn why(events: &[Event]) -> (FailureKind, &str) {
    let all = verdicts(events);
    match all.as_slice() {
        [Verdict::Failed(failure)] => {
            assert_eq!(failure.stage, Stage::Tls);
            (failure.kind, &failure.words)
        }
        other => panic!("it was to fail: {other:?}"),
    }
}

/// Why a certificate is refused; that it is accepted with `-k`, and the row then says why.
fn refused(server: Server, rules: impl Fn() -> Rules, words: &Expect) {
    let address = server.start();
    let events = fetched(&[address], rules());
    let (kind, said) = why(&events);
    assert_eq!(kind, FailureKind::Certificate);
    words.assert_eq(said);
    assert_eq!(handshakes(&events)[0].doubt.as_deref(), Some(said));
    let credulous = Rules {
        is_credulous: true,
        ..rules()
    };
    let events = fetched(&[address], credulous);
    assert_eq!(verdicts(&events), [&Verdict::Answered]);
    assert!(!securities(&events)[0].verified);
    let marked = events.iter().find_map(|event| match &event.fact {
        Fact::Remarked { words, .. } => Some(words.as_str()),
        _ => None,
    });
    assert_eq!(
        marked,
        Some(&*format!("{said}; accepted all the same (-k)"))
    );
}

fn accepted(events: &[Event]) {
    assert_eq!(verdicts(events), [&Verdict::Answered], "{events:?}");
    assert!(securities(events)[0].verified);
}

#[test]
fn everything_of_a_good_handshake_is_told() {
    let authority = Authority::generate();
    let mut server = signed(&usual(), &authority);
    server.chain.push(authority.certificate());
    let events = fetched(&[server.start()], trusting(&authority));
    accepted(&events);
    let handshake = handshakes(&events)[0];
    assert_eq!(handshake.sni, None, "an address is not named");
    assert_eq!(handshake.versions, ["TLS 1.3", "TLS 1.2"]);
    assert_eq!(handshake.alpn, ["http/1.1"]);
    assert_eq!(handshake.roots.as_deref(), Some("the given roots"));
    assert_eq!((&handshake.doubt, &handshake.staple), (&None, &None));
    assert_eq!(handshake.identity, None, "the server did not ask");
    let sides: Vec<_> = handshake.flights.iter().map(|flight| flight.by).collect();
    assert_eq!(sides, [Side::Us, Side::Server, Side::Us]);
    assert!(handshake.flights.iter().all(|flight| flight.bytes > 50));
    let [leaf, signer] = handshake.chain.as_slice() else {
        panic!("{:?}", handshake.chain);
    };
    assert_eq!((&*leaf.subject, &*leaf.issuer), ("the server", "tests"));
    assert_eq!(leaf.names, ["127.0.0.1"]);
    assert_eq!(
        (&*leaf.key, &*leaf.signature),
        ("EC P-256", "ECDSA with SHA-256")
    );
    assert_eq!(
        (day(leaf.from_ms), day(leaf.until_ms)),
        ("1975-01-01".into(), "4096-01-01".into())
    );
    assert_eq!((&*signer.subject, leaf.sha256.len()), ("tests", 64));
    let security = securities(&events)[0];
    assert_eq!(
        (&*security.version, &*security.cipher),
        ("TLS 1.3", "TLS_AES_256_GCM_SHA384")
    );
    assert_eq!(security.group.as_deref(), Some("X25519"));
}

#[test]
fn a_session_is_taken_up_again_where_that_is_wanted() {
    let authority = Authority::generate();
    for versions in [&HIGH, &LOW] {
        let server = Server {
            versions,
            ..signed(&usual(), &authority)
        };
        let address = server.start();
        let resumed = |rules| {
            let events = fetched(&[address, address], rules);
            let chains = handshakes(&events)
                .into_iter()
                .map(|shown| shown.chain.len());
            assert_eq!(
                chains.collect::<Vec<_>>(),
                [1, 1],
                "the chain is known all the same"
            );
            let all = securities(&events).into_iter().map(|known| known.resumed);
            all.collect::<Vec<_>>()
        };
        assert_eq!(resumed(trusting(&authority)), [false, true]);
        let fully = Rules {
            is_without_resumption: true,
            ..trusting(&authority)
        };
        assert_eq!(resumed(fully), [false, false]);
    }
}

#[test]
fn versions_are_offered_as_asked() {
    let authority = Authority::generate();
    let server = signed(&usual(), &authority).start();
    let low = Rules {
        most: TlsVersion::V1_2,
        ..trusting(&authority)
    };
    let events = fetched(&[server], low);
    accepted(&events);
    assert_eq!(securities(&events)[0].version, "TLS 1.2");
    assert_eq!(handshakes(&events)[0].flights.len(), 4, "two round trips");
    let old = Server {
        versions: &LOW,
        ..signed(&usual(), &authority)
    };
    let high = Rules {
        least: TlsVersion::V1_3,
        ..trusting(&authority)
    };
    let events = fetched(&[old.start()], high);
    expect!["the server speaks none of the versions of TLS that were offered"]
        .assert_eq(why(&events).1);
}

#[test]
fn servers_of_old_are_refused_as_in_chromium() {
    // An alert of a server that has TLS 1.1 at most; a ServerHello of one that takes TLS 1.0.
    let alert = b"\x15\x03\x01\x00\x02\x02\x46";
    let mut hello = b"\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01".to_vec();
    hello.extend([7; 32]);
    hello.extend(b"\x00\x00\x2f\x00");
    for (said, words) in [
        (
            alert.to_vec(),
            "the server speaks none of the versions of TLS that were offered",
        ),
        (
            hello,
            "the server chose a version of TLS that was not offered to it",
        ),
    ] {
        let old = serve_all(move |mut line| {
            let _ = line.read(&mut [0; 4096]);
            let _ = line.write_all(&said);
            let _ = line.read(&mut [0; 64]);
        });
        let events = fetched(&[old], trusting(&Authority::generate()));
        assert_eq!(why(&events), (FailureKind::Tls, words));
    }
}

#[test]
fn an_expired_certificate_is_refused() {
    let authority = Authority::generate();
    let mut params = usual();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2020, 3, 1);
    let events = fetched(&[signed(&params, &authority).start()], trusting(&authority));
    let (kind, words) = why(&events);
    assert_eq!(kind, FailureKind::Certificate);
    let (start, end) = ("the certificate expired ", " ago, on 2020-03-01");
    assert!(words.starts_with(start) && words.ends_with(end), "{words}");
    assert!(words.contains(" days "), "{words}");
}

#[test]
fn a_certificate_of_tomorrow_is_refused() {
    let authority = Authority::generate();
    let mut params = usual();
    params.not_before = (SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000)).into();
    let events = fetched(&[signed(&params, &authority).start()], trusting(&authority));
    let words = why(&events).1;
    let (start, end) = (
        "the certificate is not valid yet: it will be in ",
        ", on 2096-10-02",
    );
    assert!(words.starts_with(start) && words.ends_with(end), "{words}");
}

#[test]
fn a_certificate_for_another_host_is_refused_with_the_hosts_it_is_for() {
    let authority = Authority::generate();
    let named = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned());
        let mut params = CertificateParams::new(names.collect::<Vec<_>>()).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "127.0.0.1");
        signed(&params, &authority)
    };
    refused(
        named(&["b.test", "10.0.0.1"]),
        || trusting(&authority),
        &expect!["the certificate is not for 127.0.0.1, but for b.test, 10.0.0.1"],
    );
    refused(
        named(&["a.test", "b.test", "*.c.test", "d.test", "e.test", "f.test"]),
        || trusting(&authority),
        &expect![
            "the certificate is not for 127.0.0.1, but for a.test, b.test, *.c.test, d.test and 2 more"
        ],
    );
    refused(
        named(&[]),
        || trusting(&authority),
        &expect![
            "the certificate names no host: its common name “127.0.0.1” does not count (RFC 9525 §2)"
        ],
    );
}

#[test]
fn a_certificate_without_a_common_name_is_good() {
    let authority = Authority::generate();
    let mut params = usual();
    params.distinguished_name = rcgen::DistinguishedName::new();
    let events = fetched(&[signed(&params, &authority).start()], trusting(&authority));
    accepted(&events);
}

#[test]
fn a_self_signed_certificate_is_refused_unless_it_was_given() {
    let authority = Authority::generate();
    for is_ca in [IsCa::NoCa, IsCa::Ca(rcgen::BasicConstraints::Unconstrained)] {
        let key = key();
        let mut params = usual();
        params.is_ca = is_ca;
        let own = params.self_signed(&key).unwrap().der().clone();
        let given = Rules::new(Roots::Only(vec![own.clone()]));
        let again = KeyPair::try_from(key.serialize_der()).unwrap();
        let events = fetched(&[Server::showing(vec![own.clone()], again).start()], given);
        accepted(&events);
        refused(
            Server::showing(vec![own], key),
            || trusting(&authority),
            &expect![
                "the certificate is self-signed: no authority vouches for it (--cacert FILE trusts it)"
            ],
        );
    }
}

#[test]
fn a_given_certificate_is_good_for_its_own_host_and_time_only() {
    for (name, until, words) in [
        (
            "b.test",
            4096,
            "the certificate is not for 127.0.0.1, but for b.test",
        ),
        ("127.0.0.1", 2020, "ago, on 2020-01-01"),
    ] {
        let key = key();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let own = params.self_signed(&key).unwrap().der().clone();
        let given = Rules::new(Roots::Only(vec![own.clone()]));
        let events = fetched(&[Server::showing(vec![own], key).start()], given);
        assert!(why(&events).1.ends_with(words), "{}", why(&events).1);
    }
}

#[test]
fn an_authority_that_nobody_trusts_is_named() {
    let (trusted, other) = (Authority::generate(), Authority::generate());
    let mut server = signed(&usual(), &other);
    server.chain.push(other.certificate());
    refused(
        server,
        || Rules::new(Roots::Only(Vec::new())),
        &expect!["the certificate's authority “tests” is not trusted (--cacert FILE trusts one)"],
    );
    refused(
        signed(&usual(), &other),
        || trusting(&trusted),
        &expect!["the certificate is not signed by the authority that it names"],
    );
}

/// An authority between, and what it signed.
fn between(authority: &Authority) -> (CertificateDer<'static>, Issuer<'static, KeyPair>) {
    let key = key();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "between");
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let der = params
        .signed_by(&key, authority.issuer())
        .unwrap()
        .der()
        .clone();
    (der, Issuer::new(params, key))
}

#[test]
fn a_chain_with_a_gap_is_told_from_one_without() {
    let authority = Authority::generate();
    let (link, issuer) = between(&authority);
    let server = |chain: &[CertificateDer<'static>]| {
        let key = key();
        let leaf = usual().signed_by(&key, &issuer).unwrap().der().clone();
        Server::showing([&[leaf], chain].concat(), key)
    };
    let events = fetched(&[server(&[link]).start()], trusting(&authority));
    accepted(&events);
    refused(
        server(&[]),
        || trusting(&authority),
        &expect![
            "the certificate's authority “between” is not trusted, and the server sent no certificate of it: the chain may be incomplete"
        ],
    );
}

#[test]
fn a_certificate_that_is_not_for_servers_is_refused() {
    let authority = Authority::generate();
    let mut params = usual();
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    refused(
        signed(&params, &authority),
        || trusting(&authority),
        &expect!["the certificate is not meant for servers"],
    );
}

fn fixture(name: &str) -> CertificateDer<'static> {
    let root = env!("CARGO_MANIFEST_DIR");
    CertificateDer::from_pem_file(format!("{root}/tests/fixtures/tls/{name}.pem")).unwrap()
}

#[test]
fn weak_keys_and_forgeable_signatures_are_refused() {
    let old = || Rules::new(Roots::Only(vec![fixture("old-authority")]));
    for (name, words) in [
        (
            "rsa1024",
            "the certificate has a weak key: RSA of 1024 bits, where 2048 are the least",
        ),
        (
            "sha1",
            "the certificate is signed by RSA with SHA-1, which can be forged",
        ),
    ] {
        // Nobody has their keys any more: they are judged before their owner has to show the key.
        let server = Server::showing(vec![fixture(name)], key());
        let events = fetched(&[server.start()], old());
        assert_eq!(why(&events), (FailureKind::Certificate, words));
    }
}

/// The number of the certificate that staples are about.
const NUMBER: u8 = 7;
/// Which algorithm, in DER: SHA-1, ECDSA with SHA-256.
const SHA1: &[u8] = b"\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a";
const ECDSA: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";

fn year(year: u16) -> OcspGeneralizedTime {
    DateTime::new(year, 1, 1, 0, 0, 0).unwrap().into()
}

/// A server that shows how its certificate stands, as `signer` says until a year.
fn stapled(authority: &Authority, signer: &Authority, status: CertStatus, until: u16) -> Server {
    let mut params = usual();
    params.serial_number = Some(vec![NUMBER].into());
    let hash = || OctetString::new(vec![1; 20]).unwrap();
    let single = SingleResponse {
        cert_id: CertId {
            hash_algorithm: der::Decode::from_der(SHA1).unwrap(),
            issuer_name_hash: hash(),
            issuer_key_hash: hash(),
            serial_number: der::Decode::from_der(&[2, 1, NUMBER]).unwrap(),
        },
        cert_status: status,
        this_update: year(2020),
        next_update: Some(year(until)),
        single_extensions: None,
    };
    let said = ResponseData {
        version: Version::V1,
        responder_id: ResponderId::ByKey(hash()),
        produced_at: year(2020),
        responses: vec![single],
        response_extensions: None,
    };
    let signature = signer.issuer().key().sign(&said.to_der().unwrap()).unwrap();
    let basic = BasicOcspResponse {
        tbs_response_data: said,
        signature_algorithm: der::Decode::from_der(ECDSA).unwrap(),
        signature: BitString::from_bytes(&signature).unwrap(),
        certs: None,
    };
    let answer = OcspResponse::successful(basic).unwrap();
    Server {
        staple: Some(answer.to_der().unwrap()),
        ..signed(&params, authority)
    }
}

fn revoked() -> CertStatus {
    CertStatus::Revoked(RevokedInfo {
        revocation_time: year(2021),
        revocation_reason: None,
    })
}

#[test]
fn a_certificate_that_was_revoked_is_refused_when_the_server_shows_that() {
    let authority = Authority::generate();
    refused(
        stapled(&authority, &authority, revoked(), 4000),
        || trusting(&authority),
        &expect!["the certificate was revoked on 2021-01-01, as the server itself shows"],
    );
}

#[test]
fn a_staple_counts_only_if_the_authority_says_so_and_now() {
    let (authority, other) = (Authority::generate(), Authority::generate());
    let good = || CertStatus::Good(der::asn1::Null);
    let on = Standing::Revoked(1_609_459_200_000);
    for (server, standing, doubt) in [
        (
            stapled(&authority, &authority, good(), 4000),
            Standing::Good,
            None,
        ),
        (
            stapled(&authority, &authority, revoked(), 2022),
            on,
            Some("it is too old"),
        ),
        (
            stapled(&authority, &other, revoked(), 4000),
            on,
            Some("it is not signed by the authority"),
        ),
        (
            Server {
                staple: Some(b"no answer".to_vec()),
                ..signed(&usual(), &authority)
            },
            Standing::Unknown,
            Some("it cannot be read"),
        ),
    ] {
        let events = fetched(&[server.start()], trusting(&authority));
        accepted(&events);
        let staple = handshakes(&events)[0].staple.as_ref().unwrap();
        assert_eq!(
            (staple.standing, staple.doubt.as_deref()),
            (standing, doubt)
        );
    }
}

/// PEM files for `--cert` and `--key`, by name.
struct Files(TempDir);

impl Files {
    fn of(signer: &Authority) -> Self {
        let files = Self(tempdir().unwrap());
        let (own, other) = (key(), key());
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "somebody");
        let own_pem = params.signed_by(&own, signer.issuer()).unwrap().pem();
        let encrypted =
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
        for (name, text) in [
            ("cert", own_pem.clone()),
            ("key", own.serialize_pem()),
            ("both", own_pem + &own.serialize_pem()),
            ("other-key", other.serialize_pem()),
            ("encrypted", encrypted.to_owned()),
            ("text", "hello".to_owned()),
        ] {
            write(files.path(name), text).unwrap();
        }
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn identity(&self, certificate: &str, key: Option<&str>) -> Result<Own, String> {
        let key = key.map(|name| self.path(name));
        let read = Own::read_pem(&self.path(certificate), key.as_deref());
        read.map_err(|bad| {
            bad.to_string()
                .replace(self.0.path().to_str().unwrap(), "DIR")
        })
    }
}

#[test]
fn whoever_is_asked_shows_who_it_is() {
    let authority = Authority::generate();
    let files = Files::of(&authority);
    for versions in [&HIGH, &LOW] {
        let server = Server {
            wants: Some(authority.certificate()),
            versions,
            ..signed(&usual(), &authority)
        };
        let address = server.start();
        for identity in [
            files.identity("both", None),
            files.identity("cert", Some("key")),
        ] {
            let rules = Rules {
                identity: Some(identity.unwrap()),
                ..trusting(&authority)
            };
            let events = fetched(&[address], rules);
            accepted(&events);
            let shown = Identity::Shown("somebody".to_owned());
            assert_eq!(handshakes(&events)[0].identity, Some(shown));
        }
        let events = fetched(&[address], trusting(&authority));
        assert_eq!(handshakes(&events)[0].identity, Some(Identity::Nobody));
        let [Verdict::Failed(failure)] = verdicts(&events)[..] else {
            panic!("{events:?}");
        };
        assert_eq!(failure.kind, FailureKind::Tls, "{failure}");
        if versions[0].version == TLS13.version {
            let words = "the server wants to know who asks: give a certificate with --cert";
            assert_eq!(failure.words, words);
        }
    }
}

#[test]
fn files_that_make_no_identity_are_named_with_their_option() {
    let files = Files::of(&Authority::generate());
    let bad = |certificate, key| files.identity(certificate, key).unwrap_err();
    let said = [
        bad("cert", None),
        bad("text", None),
        bad("cert", Some("text")),
        bad("cert", Some("other-key")),
        bad("cert", Some("encrypted")),
        bad("cert", Some("none")),
        bad("none", None),
    ];
    expect![[r#"
        --cert DIR/cert: has no private key: give its file with --key
        --cert DIR/text: has no certificate; PEM files have BEGIN CERTIFICATE lines
        --key DIR/text: has no private key; PEM files have BEGIN PRIVATE KEY lines
        --cert DIR/cert and --key DIR/other-key do not belong together: the key is of another certificate
        --key DIR/encrypted: the key is encrypted: decrypt it first, as with openssl pkey -in FILE -out OTHER
        --key DIR/none: cannot be read: No such file or directory (os error 2)
        --cert DIR/none: cannot be read as PEM certificates: I/O error: No such file or directory (os error 2)"#]].assert_eq(&said.join("\n"));
}
