use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{AccessDescription, GeneralName, ParsedExtension};
use x509_parser::oid_registry::OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS;

use crate::message::{day, span};
use crate::net::{NetError, NetErrorKind};

use super::certificate::{hosts, is_self_signed, millis, name, parsed, signature};

const DAY: u64 = 86_400;
/// Names of a certificate that are said in a sentence.
const NAMES_SAID: usize = 4;

/// Why a chain is not to be trusted, as a sentence.
pub(super) fn refusal(
    fault: &Error,
    chain: &[&CertificateDer<'_>],
    host: &ServerName<'_>,
    now_ms: u64,
) -> String {
    let Error::InvalidCertificate(bad) = fault else {
        return format!("the certificate was not accepted: {fault}");
    };
    let known: Vec<_> = chain.iter().filter_map(|der| parsed(der)).collect();
    let Some(leaf) = known.first() else {
        return "the certificate cannot be read".to_owned();
    };
    said(bad, leaf, &known, host, now_ms)
        .unwrap_or_else(|| format!("the certificate was not accepted: {bad}"))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the list of rustls is open")]
fn said(
    bad: &CertificateError,
    leaf: &X509Certificate<'_>,
    chain: &[X509Certificate<'_>],
    host: &ServerName<'_>,
    now_ms: u64,
) -> Option<String> {
    use CertificateError as Bad;
    match bad {
        Bad::Expired | Bad::ExpiredContext { .. } => Some(expired(chain, now_ms)),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => Some(early(chain, now_ms)),
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Some(wrong_name(leaf, host)),
        Bad::UnknownIssuer => Some(unknown(leaf, chain)),
        Bad::BadSignature => {
            Some("the certificate is not signed by the authority that it names".to_owned())
        }
        Bad::UnsupportedSignatureAlgorithmContext { .. }
        | Bad::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            let mut all = chain.iter().enumerate();
            let broken = all.find(|(_, one)| is_broken(one));
            let Some((place, old)) = broken else {
                let how = signature(leaf);
                return Some(format!(
                    "the certificate is signed by {how}, which is not understood"
                ));
            };
            let (whose, how) = (whose(place, old), signature(old));
            Some(format!("{whose} is signed by {how}, which can be forged"))
        }
        _ if !is_for_servers(leaf) => Some("the certificate is not meant for servers".to_owned()),
        _ if leaf.is_ca() && is_self_signed(leaf) => Some(SELF_SIGNED.to_owned()),
        _ if leaf.is_ca() => Some("the certificate is an authority's and no server's".to_owned()),
        _ => None,
    }
}

const SELF_SIGNED: &str =
    "the certificate is self-signed: no authority vouches for it (--cacert FILE trusts it)";

/// That a certificate was revoked.
pub(super) fn revoked(when: u64) -> String {
    format!(
        "the certificate was revoked on {}, as the server itself shows",
        day(when)
    )
}

/// That a key is too short.
pub(super) fn weak_key(
    place: usize,
    of: &X509Certificate<'_>,
    bits: usize,
    least: usize,
) -> String {
    let whose = whose(place, of);
    format!("{whose} has a weak key: RSA of {bits} bits, where {least} are the least")
}

/// The server's certificate, or which of the others.
fn whose(place: usize, certificate: &X509Certificate<'_>) -> String {
    match place {
        0 => "the certificate".to_owned(),
        _ => format!(
            "the certificate of its authority “{}”",
            name(certificate.subject())
        ),
    }
}

/// A time in days where it has several, and more closely where not.
fn long(ms: u64) -> String {
    let seconds = ms / 1000;
    if seconds < 2 * DAY {
        return span(seconds);
    }
    format!("{} days", seconds / DAY)
}

fn expired(chain: &[X509Certificate<'_>], now_ms: u64) -> String {
    let mut all = chain.iter().enumerate();
    let is_over = |of: &X509Certificate<'_>| millis(&of.validity().not_after) < now_ms;
    let Some((place, old)) = all.find(|(_, one)| is_over(one)) else {
        return "a certificate of its authorities has expired".to_owned();
    };
    let end = millis(&old.validity().not_after);
    let ago = long(now_ms.saturating_sub(end));
    format!("{} expired {ago} ago, on {}", whose(place, old), day(end))
}

fn early(chain: &[X509Certificate<'_>], now_ms: u64) -> String {
    let mut all = chain.iter().enumerate();
    let is_to_come = |of: &X509Certificate<'_>| millis(&of.validity().not_before) > now_ms;
    let Some((place, young)) = all.find(|(_, one)| is_to_come(one)) else {
        return "a certificate of its authorities is not valid yet".to_owned();
    };
    let start = millis(&young.validity().not_before);
    let left = long(start.saturating_sub(now_ms));
    let whose = whose(place, young);
    format!(
        "{whose} is not valid yet: it will be in {left}, on {}",
        day(start)
    )
}

fn wrong_name(leaf: &X509Certificate<'_>, host: &ServerName<'_>) -> String {
    let host = host.to_str();
    let names = hosts(leaf);
    if names.is_empty() {
        let common = name(leaf.subject());
        return format!(
            "the certificate names no host: its common name “{common}” does not count (RFC 9525 §2)"
        );
    }
    let more = names.len().saturating_sub(NAMES_SAID);
    let said: Vec<_> = names.into_iter().take(NAMES_SAID).collect();
    let said = said.join(", ");
    match more {
        0 => format!("the certificate is not for {host}, but for {said}"),
        more => format!("the certificate is not for {host}, but for {said} and {more} more"),
    }
}

/// Nobody trusted signed it: itself, an authority that nobody trusts, or one that was not shown.
fn unknown(leaf: &X509Certificate<'_>, chain: &[X509Certificate<'_>]) -> String {
    if is_self_signed(leaf) {
        return SELF_SIGNED.to_owned();
    }
    let last = chain.last().unwrap_or(leaf);
    let issuer = name(last.issuer());
    if is_self_signed(last) {
        return format!(
            "the certificate's authority “{issuer}” is not trusted (--cacert FILE trusts one)"
        );
    }
    let place = match issuer_place(last) {
        Some(place) => {
            format!("; browsers would fetch a missing one from {place}, this program does not")
        }
        None => String::new(),
    };
    format!(
        "the certificate's authority “{issuer}” is not trusted, and the server sent no \
         certificate of it: the chain may be incomplete{place}"
    )
}

/// Where the certificate of the issuer is said to be (RFC 5280 §4.2.2.1).
fn issuer_place(certificate: &X509Certificate<'_>) -> Option<String> {
    let place = |access: &AccessDescription<'_>| {
        if access.access_method != OID_PKIX_ACCESS_DESCRIPTOR_CA_ISSUERS {
            return None;
        }
        let GeneralName::URI(place) = &access.access_location else {
            return None;
        };
        Some((*place).to_owned())
    };
    certificate.extensions().iter().find_map(|extension| {
        let ParsedExtension::AuthorityInfoAccess(all) = extension.parsed_extension() else {
            return None;
        };
        all.accessdescs.iter().find_map(place)
    })
}

fn is_broken(certificate: &X509Certificate<'_>) -> bool {
    let how = signature(certificate);
    how.contains("SHA-1") || how.contains("MD5")
}

fn is_for_servers(leaf: &X509Certificate<'_>) -> bool {
    let purposes = leaf.extended_key_usage().ok().flatten();
    purposes.is_none_or(|purposes| purposes.value.server_auth || purposes.value.any)
}

/// What a fault of TLS means, wherever it shows.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the lists of rustls are open"
)]
pub(in crate::net) fn explain(fault: &Error) -> NetError {
    let broken = |words: String| NetError::new(NetErrorKind::Tls, words);
    match fault {
        Error::InvalidCertificate(bad) => {
            let words = format!("the certificate was not accepted: {bad}");
            NetError::new(NetErrorKind::Certificate, words)
        }
        Error::AlertReceived(alert) => broken(alerted(*alert)),
        Error::InvalidMessage(_) => broken("the server does not speak TLS on this port".to_owned()),
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => broken("the server chose a version of TLS that was not offered to it".to_owned()),
        other => broken(format!("the handshake failed: {other}")),
    }
}

/// What the server broke off with (RFC 8446 §6.2).
#[expect(clippy::wildcard_enum_match_arm, reason = "the list of rustls is open")]
fn alerted(alert: AlertDescription) -> String {
    use AlertDescription as Alert;
    let ours = |why: &str| format!("the server did not accept our certificate: {why} (--cert)");
    match alert {
        Alert::ProtocolVersion => {
            "the server speaks none of the versions of TLS that were offered".to_owned()
        }
        Alert::HandshakeFailure | Alert::InsufficientSecurity => {
            "the server found no cipher, group or certificate to agree on".to_owned()
        }
        Alert::UnrecognisedName => "the server knows no host of this name".to_owned(),
        Alert::NoApplicationProtocol => "the server does not speak HTTP/1.1 over TLS".to_owned(),
        Alert::CertificateRequired => {
            "the server wants to know who asks: give a certificate with --cert".to_owned()
        }
        Alert::BadCertificate | Alert::UnsupportedCertificate => ours("it is bad"),
        Alert::CertificateRevoked => ours("it was revoked"),
        Alert::CertificateExpired => ours("it has expired"),
        Alert::CertificateUnknown => ours("it is unknown"),
        Alert::UnknownCA => ours("its authority is not known there"),
        Alert::AccessDenied => ours("it may not come in"),
        other => format!("the server broke off: alert {other:?}"),
    }
}
