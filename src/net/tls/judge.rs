use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use crate::message::{Standing, Staple};

use super::certificate::{millis, parsed, rsa_bits};
use super::refusal::{refusal, revoked, weak_key};
use super::roots::{Roots, Source, Verifying};
use super::staple::{self, Signers};

/// Bits that an RSA key has at least (RFC 9325 §4.5).
const LEAST_RSA_BITS: usize = 2048;

/// Judges the certificates of servers, and keeps what it saw for whoever tells it.
#[derive(Debug)]
pub(super) struct Judge {
    verifiers: Vec<Verifying>,
    given: Vec<CertificateDer<'static>>,
    is_credulous: bool,
    provider: Arc<CryptoProvider>,
    seen: Mutex<Option<Seen>>,
}

/// What a server showed, and what is thought of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// As it came: to read it takes time that is not the handshake's.
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) staple: Option<Staple>,
    /// Whose roots it goes back to.
    pub(super) roots: Option<String>,
    /// Why it is not to be trusted, if it is not.
    pub(super) refusal: Option<String>,
}

impl Judge {
    pub(super) fn new(
        roots: &Roots,
        is_credulous: bool,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        Ok(Self {
            verifiers: roots.verifiers(provider)?,
            given: roots.given().to_vec(),
            is_credulous,
            provider: Arc::clone(provider),
            seen: Mutex::new(None),
        })
    }

    /// What it saw since this was last called.
    pub(super) fn take(&self) -> Option<Seen> {
        let seen = self.seen.lock();
        seen.unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whose roots the chain goes back to; why it cannot be trusted, if it cannot.
    fn roots_of(&self, case: &Case<'_>) -> Result<Source, Error> {
        let mut fault = Error::InvalidCertificate(CertificateError::UnknownIssuer);
        for (verifier, source) in &self.verifiers {
            let verdict = verifier.verify_server_cert(
                case.leaf,
                case.others,
                case.host,
                case.staple,
                case.now,
            );
            match verdict {
                Ok(_) => return Ok(*source),
                // Who knows the issuer knows more.
                Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {}
                Err(other) => fault = other,
            }
        }
        if self.given.contains(&case.leaf.clone().into_owned()) {
            return is_good_by_itself(case).map(|()| Source::Given);
        }
        Err(fault)
    }
}

/// What there is to judge.
struct Case<'a> {
    leaf: &'a CertificateDer<'a>,
    others: &'a [CertificateDer<'a>],
    host: &'a ServerName<'a>,
    staple: &'a [u8],
    now: UnixTime,
}

/// A server's certificate that was given itself needs no authority, but the right name and time.
fn is_good_by_itself(case: &Case<'_>) -> Result<(), Error> {
    verify_server_name(&ParsedCertificate::try_from(case.leaf)?, case.host)?;
    let bad = || Error::InvalidCertificate(CertificateError::BadEncoding);
    let parsed = parsed(case.leaf).ok_or_else(bad)?;
    let now =
        u64::try_from(Duration::from_secs(case.now.as_secs()).as_millis()).unwrap_or(u64::MAX);
    if now > millis(&parsed.validity().not_after) {
        return Err(Error::InvalidCertificate(CertificateError::Expired));
    }
    if now < millis(&parsed.validity().not_before) {
        return Err(Error::InvalidCertificate(CertificateError::NotValidYet));
    }
    Ok(())
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        staple: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let case = Case {
            leaf,
            others,
            host,
            staple,
            now,
        };
        let now_ms = now.as_secs().saturating_mul(1000);
        let chain: Vec<_> = std::iter::once(leaf).chain(others).collect();
        let signers = Signers {
            leaf,
            authorities: others.iter().chain(&self.given),
        };
        let shown = staple::read(staple, signers, now_ms);
        let roots = self.roots_of(&case);
        let mut refused = match &roots {
            Ok(_) => weakness(&chain),
            Err(fault) => Some(refusal(fault, &chain, host, now_ms)),
        };
        if refused.is_none()
            && let Some(Staple {
                standing: Standing::Revoked(when),
                doubt: None,
                ..
            }) = &shown
        {
            refused = Some(revoked(*when));
        }
        let seen = Seen {
            chain: chain
                .iter()
                .map(|der| (*der).clone().into_owned())
                .collect(),
            staple: shown,
            roots: roots.as_ref().ok().map(ToString::to_string),
            refusal: refused,
        };
        let is_refused = seen.refusal.is_some() && !self.is_credulous;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        if is_refused {
            let own = Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure);
            return Err(roots.err().unwrap_or(own));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let known = &self.provider.signature_verification_algorithms;
        known.supported_schemes()
    }
}

/// A key in the chain that is too short to be worth anything.
fn weakness(chain: &[&CertificateDer<'_>]) -> Option<String> {
    chain.iter().enumerate().find_map(|(place, der)| {
        let parsed = parsed(der)?;
        let bits = rsa_bits(&parsed).filter(|bits| *bits < LEAST_RSA_BITS)?;
        Some(weak_key(place, &parsed, bits, LEAST_RSA_BITS))
    })
}
