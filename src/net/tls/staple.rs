use der::{Decode as _, Encode as _};
use rustls::pki_types::CertificateDer;
use x509_ocsp::{BasicOcspResponse, CertStatus, OcspGeneralizedTime, OcspResponse, SingleResponse};
use x509_parser::asn1_rs::BitString;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::verify::verify_signature;
use x509_parser::x509::AlgorithmIdentifier;

use crate::message::{Standing, Staple};

use super::certificate::parsed;

/// Whose certificate a staple is about, and who may have signed that.
pub(super) struct Signers<'a, I> {
    pub(super) leaf: &'a CertificateDer<'a>,
    pub(super) authorities: I,
}

/// What a stapled OCSP answer says of a certificate (RFC 6960, RFC 6066 §8); nothing if there is none.
pub(super) fn read<'a>(
    bytes: &[u8],
    signers: Signers<'a, impl Iterator<Item = &'a CertificateDer<'a>>>,
    now_ms: u64,
) -> Option<Staple> {
    if bytes.is_empty() {
        return None;
    }
    Some(
        understood(bytes, signers, now_ms).unwrap_or_else(|words| Staple {
            standing: Standing::Unknown,
            from_ms: 0,
            until_ms: None,
            doubt: Some(words.to_owned()),
        }),
    )
}

fn understood<'a>(
    bytes: &[u8],
    signers: Signers<'a, impl Iterator<Item = &'a CertificateDer<'a>>>,
    now_ms: u64,
) -> Result<Staple, &'static str> {
    const UNREADABLE: &str = "it cannot be read";
    let answer = OcspResponse::from_der(bytes).map_err(|_| UNREADABLE)?;
    let answer = answer.response_bytes.ok_or("it has no answer in it")?;
    let basic = BasicOcspResponse::from_der(answer.response.as_bytes()).map_err(|_| UNREADABLE)?;
    let leaf = parsed(signers.leaf).ok_or(UNREADABLE)?;
    let is_its = |single: &&SingleResponse| {
        // Numbers are written with as few bytes as it takes, and certificates may have more.
        let number = |bytes: &[u8]| {
            bytes
                .iter()
                .skip_while(|byte| **byte == 0)
                .copied()
                .collect::<Vec<_>>()
        };
        number(single.cert_id.serial_number.as_bytes()) == number(leaf.raw_serial())
    };
    let mut singles = basic.tbs_response_data.responses.iter();
    let single = singles
        .find(is_its)
        .ok_or("it is about another certificate")?;
    let mut authorities = signers.authorities.filter_map(parsed);
    let issuer = authorities.find(|other| other.subject() == leaf.issuer());
    let from_ms = moment(&single.this_update);
    let until_ms = single.next_update.as_ref().map(moment);
    let doubt = match issuer {
        None => Some("its signer is not known, as the authority's certificate was not sent"),
        Some(issuer) if !is_signed(&basic, &issuer) => Some("it is not signed by the authority"),
        Some(_) if from_ms > now_ms => Some("it is of a time to come"),
        Some(_) if until_ms.is_some_and(|until| until < now_ms) => Some("it is too old"),
        Some(_) => None,
    };
    Ok(Staple {
        standing: match &single.cert_status {
            CertStatus::Good(_) => Standing::Good,
            CertStatus::Revoked(when) => Standing::Revoked(moment(&when.revocation_time)),
            CertStatus::Unknown(_) => Standing::Unknown,
        },
        from_ms,
        until_ms,
        doubt: doubt.map(str::to_owned),
    })
}

/// Whether the authority signed it, or somebody whom the authority asked to (RFC 6960 §4.2.2.2).
fn is_signed(basic: &BasicOcspResponse, issuer: &X509Certificate<'_>) -> bool {
    if is_signed_by(basic, issuer) {
        return true;
    }
    let others = basic.certs.iter().flatten();
    let mut others = others.filter_map(|certificate| certificate.to_der().ok());
    others.any(|der| {
        let der = CertificateDer::from(der);
        parsed(&der).is_some_and(|other| {
            let purposes = other.extended_key_usage().ok().flatten();
            purposes.is_some_and(|purposes| purposes.value.ocsp_signing)
                && other.issuer() == issuer.subject()
                && other.verify_signature(Some(issuer.public_key())).is_ok()
                && is_signed_by(basic, &other)
        })
    })
}

fn is_signed_by(basic: &BasicOcspResponse, signer: &X509Certificate<'_>) -> bool {
    let (Ok(said), Ok(algorithm)) = (
        basic.tbs_response_data.to_der(),
        basic.signature_algorithm.to_der(),
    ) else {
        return false;
    };
    let Ok((_, algorithm)) = AlgorithmIdentifier::from_der(&algorithm) else {
        return false;
    };
    let signature = BitString::new(0, basic.signature.raw_bytes());
    verify_signature(signer.public_key(), &algorithm, &signature, &said).is_ok()
}

fn moment(time: &OcspGeneralizedTime) -> u64 {
    u64::try_from(time.0.to_unix_duration().as_millis()).unwrap_or(u64::MAX)
}
