use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// A certificate authority that the demo alone trusts, made anew for each run.
pub(super) struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new authority with a key that is kept nowhere.
    pub(super) fn generate() -> io::Result<Self> {
        Self::named("netwaterfall demo authority")
    }

    fn named(name: &str) -> io::Result<Self> {
        let mut params = named(name, Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let certificate = params.self_signed(&key).map_err(io::Error::other)?;
        Ok(Self {
            certificate,
            issuer: Issuer::new(params, key),
        })
    }

    /// The authority's own certificate.
    pub(super) fn certificate(&self) -> CertificateDer<'static> {
        self.certificate.der().clone()
    }

    /// TLS for all sites of the demo: each shows its own certificate, an impostor another's.
    pub(super) fn server(&self) -> io::Result<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let mut sites = Vec::new();
        for site in SITES {
            sites.push((site, Arc::new(self.certify(site, SOUND, &provider)?)));
        }
        for (site, flaw) in FLAWED {
            let key = match flaw {
                Flaw::Unknown => {
                    let stranger = Self::named("an authority that nobody knows")?;
                    stranger.certify(site, SOUND, &provider)?
                }
                Flaw::SelfSigned => self_signed(site, &provider)?,
                Flaw::Years(from, until) => self.certify(site, (from, until), &provider)?,
            };
            sites.push((site, Arc::new(key)));
        }
        let shown = Shown {
            sites,
            other: Arc::new(self.certify(OTHER, SOUND, &provider)?),
        };
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(shown));
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(server)
    }

    /// A certificate for `name` that is good from the beginning of one year to that of another.
    fn certify(
        &self,
        name: &str,
        (from, until): (i32, i32),
        provider: &CryptoProvider,
    ) -> io::Result<CertifiedKey> {
        let mut params = named(name, vec![name.to_owned()])?;
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let leaf = params
            .signed_by(&key, &self.issuer)
            .map_err(io::Error::other)?;
        certified(&leaf, &key, provider)
    }
}

/// A certificate that nobody but its own key vouches for.
fn self_signed(name: &str, provider: &CryptoProvider) -> io::Result<CertifiedKey> {
    let params = named(name, vec![name.to_owned()])?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let leaf = params.self_signed(&key).map_err(io::Error::other)?;
    certified(&leaf, &key, provider)
}

fn certified(
    leaf: &Certificate,
    key: &KeyPair,
    provider: &CryptoProvider,
) -> io::Result<CertifiedKey> {
    let key = provider
        .key_provider
        .load_private_key(PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .map_err(io::Error::other)?;
    Ok(CertifiedKey::new(vec![leaf.der().clone()], key))
}

fn named(name: &str, hosts: Vec<String>) -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(hosts).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

/// The certificate that is shown to a client, by the name it asks for.
#[derive(Debug)]
struct Shown {
    sites: Vec<(&'static str, Arc<CertifiedKey>)>,
    other: Arc<CertifiedKey>,
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asked = hello.server_name();
        let site = self.sites.iter().find(|(site, _)| Some(*site) == asked);
        Some(Arc::clone(site.map_or(&self.other, |(_, key)| key)))
    }
}

/// The sites that show a certificate of their own.
const SITES: [&str; 8] = [
    "pictures.test",
    "shop.test",
    "api.test",
    "fleeting.test",
    "handshake.slow.test",
    "cookies.test",
    "sub.cookies.test",
    "tracker.test",
];
/// The sites whose certificates are not to be trusted, and why.
const FLAWED: [(&str, Flaw); 4] = [
    ("expired.broken.test", Flaw::Years(2020, 2021)),
    ("not-yet.broken.test", Flaw::Years(3000, 3001)),
    ("self-signed.broken.test", Flaw::SelfSigned),
    ("unknown.broken.test", Flaw::Unknown),
];
/// From when until when a certificate is good that is good now.
const SOUND: (i32, i32) = (1975, 4096);

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug)]
enum Flaw {
    /// It is good in other years only.
    Years(i32, i32),
    /// It vouches for itself.
    SelfSigned,
    /// Whoever vouches for it is not known.
    Unknown,
}

/// Whose certificate all others show.
const OTHER: &str = "somebody-else.test";

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier as _;
    use rustls::pki_types::{ServerName, UnixTime};
    use rustls::{CertificateError, Error, RootCertStore};

    use super::*;

    fn verify(shown: &str, asked: &str) -> Result<(), Error> {
        let authority = Authority::generate().unwrap();
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(authority.certificate()).unwrap();
        let leaf = authority.certify(shown, SOUND, &provider).unwrap();
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .unwrap()
            .verify_server_cert(
                &leaf.cert[0],
                &[],
                &ServerName::try_from(asked).unwrap(),
                &[],
                UnixTime::since_unix_epoch(Duration::from_hours(500_000)),
            )
            .map(|_| ())
    }

    #[test]
    fn a_site_is_vouched_for() {
        assert_eq!(verify("shop.test", "shop.test"), Ok(()));
    }

    #[test]
    fn an_impostor_is_not() {
        assert!(!SITES.contains(&"impostor.test"));
        let refused = verify(OTHER, "impostor.test");
        assert!(
            matches!(
                refused,
                Err(Error::InvalidCertificate(
                    CertificateError::NotValidForNameContext { .. }
                ))
            ),
            "{refused:?}"
        );
    }
}
