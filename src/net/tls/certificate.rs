use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry as oid;
use x509_parser::parse_x509_certificate;
use x509_parser::public_key::PublicKey;
use x509_parser::time::ASN1Time;
use x509_parser::x509::{SubjectPublicKeyInfo, X509Name};

use crate::message::Certificate;

/// RFC 3279 §2.2.3.
const ECDSA_WITH_SHA1: &str = "1.2.840.10045.4.1";
/// Names of a certificate that are told at most.
const MOST_NAMES: usize = 100;

/// A certificate in its parts; nothing if it is none.
pub(super) fn parsed<'a>(der: &'a CertificateDer<'_>) -> Option<X509Certificate<'a>> {
    parse_x509_certificate(der).ok().map(|(_, parsed)| parsed)
}

/// What a certificate says, as far as it can be read.
pub(super) fn told(der: &CertificateDer<'_>) -> Certificate {
    let sha256 = sha256(der);
    let Some(parsed) = parsed(der) else {
        let subject = "a certificate that cannot be read".to_owned();
        return Certificate {
            subject,
            sha256,
            ..Certificate::default()
        };
    };
    Certificate {
        subject: name(parsed.subject()),
        names: hosts(&parsed),
        issuer: name(parsed.issuer()),
        key: key(parsed.public_key()),
        signature: signature(&parsed),
        from_ms: millis(&parsed.validity().not_before),
        until_ms: millis(&parsed.validity().not_after),
        sha256,
    }
}

/// A common name, or all of a name that has none.
pub(super) fn name(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().next();
    let common = common.and_then(|part| part.as_str().ok());
    common.map_or_else(|| name.to_string(), str::to_owned)
}

/// The hosts that a certificate is for.
pub(super) fn hosts(parsed: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = parsed.subject_alternative_name() else {
        return Vec::new();
    };
    let names = names.value.general_names.iter();
    let host = |name: &GeneralName<'_>| {
        if let GeneralName::DNSName(name) = name {
            return Some((*name).to_owned());
        }
        let GeneralName::IPAddress(bytes) = name else {
            return None;
        };
        address(bytes).map(|address| address.to_string())
    };
    names.filter_map(host).take(MOST_NAMES).collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(|bytes| Ipv4Addr::from(bytes).into());
    let six = || <[u8; 16]>::try_from(bytes).map(|bytes| Ipv6Addr::from(bytes).into());
    four.or_else(|_| six()).ok()
}

/// A key's kind and size.
fn key(info: &SubjectPublicKeyInfo<'_>) -> String {
    let algorithm = &info.algorithm.algorithm;
    let curve = info.algorithm.parameters.as_ref();
    match info.parsed() {
        Ok(PublicKey::RSA(key)) => format!("RSA {}", key.key_size()),
        Ok(PublicKey::EC(point)) => {
            let curve = curve.and_then(|curve| curve.as_oid().ok());
            let curves = [
                (oid::OID_EC_P256, "P-256"),
                (oid::OID_NIST_EC_P384, "P-384"),
                (oid::OID_NIST_EC_P521, "P-521"),
            ];
            let known = curves
                .into_iter()
                .find(|(known, _)| Some(known) == curve.as_ref());
            known.map_or_else(
                || format!("EC {}", point.key_size()),
                |(_, name)| format!("EC {name}"),
            )
        }
        Ok(PublicKey::DSA(_)) => "DSA".to_owned(),
        _ if *algorithm == oid::OID_SIG_ED25519 => "Ed25519".to_owned(),
        _ => algorithm.to_string(),
    }
}

/// The bits of an RSA key.
pub(super) fn rsa_bits(parsed: &X509Certificate<'_>) -> Option<usize> {
    match parsed.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => Some(key.key_size()),
        _ => None,
    }
}

/// How a certificate is signed.
pub(super) fn signature(parsed: &X509Certificate<'_>) -> String {
    let used = &parsed.signature_algorithm.algorithm;
    let known = [
        (oid::OID_SIG_ECDSA_WITH_SHA256, "ECDSA with SHA-256"),
        (oid::OID_SIG_ECDSA_WITH_SHA384, "ECDSA with SHA-384"),
        (oid::OID_SIG_ECDSA_WITH_SHA512, "ECDSA with SHA-512"),
        (oid::OID_PKCS1_SHA256WITHRSA, "RSA with SHA-256"),
        (oid::OID_PKCS1_SHA384WITHRSA, "RSA with SHA-384"),
        (oid::OID_PKCS1_SHA512WITHRSA, "RSA with SHA-512"),
        (oid::OID_PKCS1_RSASSAPSS, "RSA-PSS"),
        (oid::OID_PKCS1_SHA1WITHRSA, "RSA with SHA-1"),
        (oid::OID_SHA1_WITH_RSA, "RSA with SHA-1"),
        (oid::OID_PKCS1_MD5WITHRSAENC, "RSA with MD5"),
        (oid::OID_SIG_ED25519, "Ed25519"),
    ];
    let found = known.into_iter().find(|(known, _)| known == used);
    match found {
        Some((_, name)) => name.to_owned(),
        None if used.to_id_string() == ECDSA_WITH_SHA1 => "ECDSA with SHA-1".to_owned(),
        None => used.to_string(),
    }
}

/// Whether nobody but its own key vouches for a certificate.
pub(super) fn is_self_signed(parsed: &X509Certificate<'_>) -> bool {
    parsed.subject() == parsed.issuer() && parsed.verify_signature(None).is_ok()
}

/// Milliseconds since 1970; what is before counts as 1970.
pub(super) fn millis(time: &ASN1Time) -> u64 {
    u64::try_from(time.timestamp())
        .unwrap_or_default()
        .saturating_mul(1000)
}

fn sha256(bytes: &[u8]) -> String {
    let Some(suite) = TLS13_AES_128_GCM_SHA256.tls13() else {
        return String::new();
    };
    let digest = suite.common.hash_provider.hash(bytes);
    digest
        .as_ref()
        .iter()
        .fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
