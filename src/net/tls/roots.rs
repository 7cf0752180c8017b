use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{Error, RootCertStore};
use rustls_platform_verifier::Verifier;

/// Whose certificates are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// The system's, and these besides.
    System(Vec<CertificateDer<'static>>),
    /// These and no others.
    Only(Vec<CertificateDer<'static>>),
}

/// Where the roots came from that are checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    System,
    Bundled,
    Given,
}

/// As a person is told.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "the system's roots",
            Self::Bundled => "the bundled roots: the system has none",
            Self::Given => "the given roots",
        })
    }
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

    /// The certificates that somebody gave.
    pub(super) fn given(&self) -> &[CertificateDer<'static>] {
        let (Self::System(given) | Self::Only(given)) = self;
        given
    }

    /// Whoever checks against these roots, the first to be asked first.
    pub(super) fn verifiers(
        &self,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Vec<Verifying>, Error> {
        let mut all = Vec::new();
        if let Self::System(_) = self {
            all.push(if let Ok(platform) = Verifier::new(Arc::clone(provider)) {
                (
                    Arc::new(platform) as Arc<dyn ServerCertVerifier>,
                    Source::System,
                )
            } else {
                let bundled = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
                (webpki(bundled.collect(), provider)?, Source::Bundled)
            });
        }
        if !self.given().is_empty() {
            let mut store = RootCertStore::empty();
            for certificate in self.given() {
                store.add(certificate.clone())?;
            }
            all.push((webpki(store, provider)?, Source::Given));
        }
        Ok(all)
    }
}

/// Whoever checks, and against which roots.
pub(super) type Verifying = (Arc<dyn ServerCertVerifier>, Source);

fn webpki(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let provider = Arc::clone(provider);
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    Ok(verifier.map_err(|error| Error::General(error.to_string()))?)
}
