//! A certificate authority that only the tests trust.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// An authority, made anew for each test.
pub(crate) struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn generate() -> Self {
        Self::with(KeyPair::generate().unwrap())
    }

    /// The same one each time, so that records of what it signed are the same.
    pub(crate) fn known() -> Self {
        Self::with(known_key(1))
    }

    fn with(key: KeyPair) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "tests");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self {
            certificate,
            issuer: Issuer::new(params, key),
        }
    }

    pub(crate) fn certificate(&self) -> CertificateDer<'static> {
        self.certificate.clone()
    }

    /// Whoever signs for it.
    pub(crate) const fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }

    /// A server that shows a certificate for these hosts.
    pub(crate) fn server(&self, hosts: &[&str]) -> TlsAcceptor {
        self.server_with(hosts, &KeyPair::generate().unwrap())
    }

    /// The same server each time.
    pub(crate) fn known_server(&self, hosts: &[&str]) -> TlsAcceptor {
        self.server_with(hosts, &known_key(2))
    }

    fn server_with(&self, hosts: &[&str], key: &KeyPair) -> TlsAcceptor {
        let names: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let mut leaf = CertificateParams::new(names).unwrap();
        leaf.distinguished_name.push(DnType::CommonName, hosts[0]);
        let leaf = leaf.signed_by(key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A key that is the same each time, and signs the same thing the same way (RFC 8032, RFC 8410 §7).
fn known_key(seed: u8) -> KeyPair {
    let mut der = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
    der.extend([seed; 32]);
    KeyPair::try_from(der).unwrap()
}
