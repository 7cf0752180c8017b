use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::client::ResolvesClientCert;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys, SignatureScheme};

use super::certificate;

/// Who we are, for servers that ask: a certificate and its key.
#[derive(Clone, Debug)]
pub struct Identity {
    key: Arc<CertifiedKey>,
    subject: String,
}

/// Why a certificate and a key make no identity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentity {
    /// The certificate is not to be had.
    #[error("--cert {0}")]
    Certificate(String),
    /// The key is not to be had.
    #[error("--key {0}")]
    Key(String),
    /// The certificate's own file has no key, and no other was given.
    #[error("--cert {file}: has no private key: give its file with --key")]
    NoKey {
        /// The file.
        file: String,
    },
    /// They do not belong together.
    #[error(
        "--cert {certificate} and --key {key} do not belong together: the key is of another certificate"
    )]
    Mismatch {
        /// The file of the certificate.
        certificate: String,
        /// The file of the key.
        key: String,
    },
}

impl Identity {
    /// Reads a certificate with its chain, and its key, which may be in the same file (PEM).
    pub fn read_pem(certificate: &Path, key: Option<&Path>) -> Result<Self, BadIdentity> {
        let chain = super::Roots::read_pem(certificate).map_err(BadIdentity::Certificate)?;
        let named = |path: &Path| path.display().to_string();
        let secret = read_key(key.unwrap_or(certificate)).map_err(|fault| match (fault, key) {
            (KeyFault::None, None) => BadIdentity::NoKey {
                file: named(certificate),
            },
            (fault, None) => BadIdentity::Certificate(fault.words(certificate)),
            (fault, Some(key)) => BadIdentity::Key(fault.words(key)),
        })?;
        let both = CertifiedKey::new(chain, secret);
        if both.keys_match() == Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) {
            return Err(BadIdentity::Mismatch {
                certificate: named(certificate),
                key: named(key.unwrap_or(certificate)),
            });
        }
        let leaf = both.cert.first().map(certificate::told);
        let subject = leaf.map(|leaf| leaf.subject).unwrap_or_default();
        let key = Arc::new(both);
        Ok(Self { key, subject })
    }
}

/// Why there is no key in a file.
enum KeyFault {
    None,
    Encrypted,
    Unreadable(String),
    Unspoken,
}

impl KeyFault {
    fn words(&self, path: &Path) -> String {
        let name = path.display();
        match self {
            Self::None => {
                format!("{name}: has no private key; PEM files have BEGIN PRIVATE KEY lines")
            }
            Self::Encrypted => format!(
                "{name}: the key is encrypted: decrypt it first, as with openssl pkey -in FILE -out OTHER"
            ),
            Self::Unreadable(why) => format!("{name}: cannot be read: {why}"),
            Self::Unspoken => format!(
                "{name}: a key of another kind than RSA from 2048 bits, EC P-256 or P-384, or Ed25519"
            ),
        }
    }
}

fn read_key(path: &Path) -> Result<Arc<dyn rustls::sign::SigningKey>, KeyFault> {
    let text = std::fs::read(path).map_err(|error| KeyFault::Unreadable(error.to_string()))?;
    if is_encrypted(&text) {
        return Err(KeyFault::Encrypted);
    }
    let der = PrivateKeyDer::from_pem_slice(&text).map_err(|error| {
        if matches!(error, pem::Error::NoItemsFound) {
            KeyFault::None
        } else {
            KeyFault::Unreadable(error.to_string())
        }
    })?;
    any_supported_type(&der).map_err(|_| KeyFault::Unspoken)
}

/// Whether a PEM file says that its key is encrypted (RFC 7468 §11, RFC 1421 §4.6.1.1).
fn is_encrypted(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

/// As whom we are introduced to a server that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Introduction {
    /// Nobody: there is no certificate to show.
    Nobody,
    /// The subject of our certificate.
    As(String),
}

/// Shows our certificate to whoever asks, and remembers that somebody did.
#[derive(Debug)]
pub(super) struct Showing {
    identity: Option<Identity>,
    was_asked: AtomicBool,
}

impl Showing {
    pub(super) const fn new(identity: Option<Identity>) -> Self {
        Self {
            identity,
            was_asked: AtomicBool::new(false),
        }
    }

    /// As whom we were introduced since this was last called; nothing if nobody asked.
    pub(super) fn take(&self) -> Option<Introduction> {
        let was_asked = self.was_asked.swap(false, Ordering::Relaxed);
        was_asked.then(|| match &self.identity {
            Some(own) => Introduction::As(own.subject.clone()),
            None => Introduction::Nobody,
        })
    }
}

impl ResolvesClientCert for Showing {
    fn resolve(&self, _: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, Ordering::Relaxed);
        let own = self.identity.as_ref()?;
        own.key.key.choose_scheme(schemes)?;
        Some(Arc::clone(&own.key))
    }

    fn has_certs(&self) -> bool {
        self.identity.is_some()
    }
}
