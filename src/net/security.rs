use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, HandshakeKind, ProtocolVersion,
    RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{NetError, NetErrorKind, Wire};

/// Whose certificates are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// The system's, and these besides.
    System(Vec<CertificateDer<'static>>),
    /// These and no others.
    Only(Vec<CertificateDer<'static>>),
    /// Everybody's: nothing is checked.
    Anyone,
}

impl Roots {
    /// The certificates in a PEM file; why not, as a sentence that names the file.
    pub fn read_pem(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
        let name = path.display();
        let certificates = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| format!("{name}: cannot be read as PEM certificates: {error}"))?;
        if certificates.is_empty() {
            return Err(format!(
                "{name}: has no certificate; PEM files have BEGIN CERTIFICATE lines"
            ));
        }
        Ok(certificates)
    }
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
    /// Whether the certificate was checked.
    pub is_verified: bool,
}

/// Makes wires secure.
pub struct Tls {
    connector: TlsConnector,
    is_verified: bool,
}

impl Tls {
    /// TLS 1.2 and 1.3 with ring, offering HTTP/1.1.
    pub fn new(roots: Roots) -> Result<Self, NetError> {
        let provider = Arc::new(ring::default_provider());
        let trouble = |error: Error| NetError::new(NetErrorKind::Tls, format!("TLS: {error}"));
        let is_verified = roots != Roots::Anyone;
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(trouble)?;
        let mut config = match roots {
            Roots::Only(certificates) => builder
                .with_root_certificates(store(certificates).map_err(trouble)?)
                .with_no_client_auth(),
            Roots::System(extra) => builder
                .dangerous()
                .with_custom_certificate_verifier(system(&extra, &provider).map_err(trouble)?)
                .with_no_client_auth(),
            Roots::Anyone => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Credulous(provider)))
                .with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            is_verified,
        })
    }

    /// Shakes hands over `wire` with `host`, a name or an address.
    pub async fn secure(&self, wire: Wire, host: &str) -> Result<(Wire, Agreed), NetError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            NetError::new(
                NetErrorKind::Tls,
                format!("{host} cannot be named in a TLS handshake"),
            )
        })?;
        let stream = self.connector.connect(name, wire).await.map_err(|error| {
            let fault = error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<Error>());
            fault.map_or_else(|| NetError::of_socket(&error), |fault| explain(fault, host))
        })?;
        let agreed = self.agreed(&stream);
        Ok((Box::new(stream), agreed))
    }

    fn agreed(&self, stream: &TlsStream<Wire>) -> Agreed {
        let (_, session) = stream.get_ref();
        Agreed {
            version: match session.protocol_version() {
                Some(ProtocolVersion::TLSv1_3) => "TLS 1.3".to_owned(),
                Some(ProtocolVersion::TLSv1_2) => "TLS 1.2".to_owned(),
                other => format!("{other:?}"),
            },
            cipher: session
                .negotiated_cipher_suite()
                .map(|suite| format!("{:?}", suite.suite()))
                .unwrap_or_default(),
            group: session
                .negotiated_key_exchange_group()
                .map(|group| format!("{:?}", group.name())),
            alpn: session
                .alpn_protocol()
                .map(|name| String::from_utf8_lossy(name).into_owned()),
            is_resumed: session.handshake_kind() == Some(HandshakeKind::Resumed),
            is_verified: self.is_verified,
        }
    }
}

/// The platform's verifier; where the system has no roots, the bundled ones.
fn system(
    extra: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let platform = Verifier::new_with_extra_roots(extra.iter().cloned(), Arc::clone(provider));
    if let Ok(verifier) = platform {
        return Ok(Arc::new(verifier));
    }
    let mut roots = store(extra.to_vec())?;
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let bundled = rustls::client::WebPkiServerVerifier::builder_with_provider(
        Arc::new(roots),
        Arc::clone(provider),
    );
    Ok(bundled
        .build()
        .map_err(|error| Error::General(error.to_string()))?)
}

fn store(certificates: Vec<CertificateDer<'static>>) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    for certificate in certificates {
        store.add(certificate)?;
    }
    Ok(store)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the lists of rustls are open"
)]
fn explain(fault: &Error, host: &str) -> NetError {
    use CertificateError as Bad;
    let certificate = |words: String| NetError::new(NetErrorKind::Certificate, words);
    match fault {
        Error::InvalidCertificate(bad) => certificate(match bad {
            Bad::Expired | Bad::ExpiredContext { .. } => "the certificate has expired".to_owned(),
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => {
                "the certificate is not valid yet".to_owned()
            }
            Bad::UnknownIssuer => {
                "the certificate's issuer is not trusted (--cacert FILE trusts one)".to_owned()
            }
            Bad::NotValidForName => format!("the certificate is not for {host}"),
            Bad::NotValidForNameContext { presented, .. } => {
                let names: Vec<&str> = presented.iter().map(|name| plain(name)).collect();
                let names = names.join(", ");
                format!("the certificate is not for {host}, but for {names}")
            }
            Bad::BadSignature => {
                "the certificate is not signed by the authority that it names".to_owned()
            }
            Bad::Revoked => "the certificate was revoked".to_owned(),
            other => format!("the certificate was not accepted: {other}"),
        }),
        Error::AlertReceived(alert) => NetError::new(
            NetErrorKind::Tls,
            format!("the server broke off: alert {alert:?}"),
        ),
        Error::InvalidMessage(_) => NetError::new(
            NetErrorKind::Tls,
            "the server does not speak TLS on this port",
        ),
        other => NetError::new(NetErrorKind::Tls, format!("the handshake failed: {other}")),
    }
}

/// The name itself, where rustls says `DnsName("a.test")`.
fn plain(name: &str) -> &str {
    let inner = name
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.map_or(name, |inner| inner.trim_matches('"'))
}

/// Believes every certificate, as `-k` asks for; signatures are still checked.
#[derive(Debug)]
struct Credulous(Arc<CryptoProvider>);

impl ServerCertVerifier for Credulous {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
