use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What a certificate says (RFC 5280 §4.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whose it is: the common name, or all of the name where there is none.
    pub subject: String,
    /// The hosts it is for: names and addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Who signed it, told as the subject is.
    pub issuer: String,
    /// Its key, such as `RSA 2048` or `EC P-256`.
    pub key: String,
    /// How it is signed, such as `ECDSA with SHA-256`.
    pub signature: String,
    /// From when it is good, in milliseconds since 1970.
    pub from_ms: u64,
    /// Until when it is good, in milliseconds since 1970.
    pub until_ms: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// What a server shows of its certificate's standing (OCSP, RFC 6960).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staple {
    /// What it says.
    pub standing: Standing,
    /// From when it says so, in milliseconds since 1970.
    pub from_ms: u64,
    /// Until when it is to be believed, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
    /// Why it was not believed, if it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubt: Option<String>,
}

/// How a certificate stands with whoever signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It was not revoked.
    Good,
    /// It was revoked, at this time in milliseconds since 1970.
    Revoked(u64),
    /// The authority does not know it.
    Unknown,
}

/// A day of the calendar in UTC, as `2026-01-31`.
pub fn day(ms: u64) -> String {
    let at = UNIX_EPOCH.checked_add(Duration::from_millis(ms));
    // A certificate may be good until a year that has more digits than dates have.
    let last = UNIX_EPOCH + Duration::from_secs(LAST_SECOND);
    let at = at.filter(|at| *at <= last).unwrap_or(last);
    let mut text = humantime::format_rfc3339_seconds(at).to_string();
    text.truncate(DAY_CHARACTERS);
    text
}

/// The last second of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;
const DAY_CHARACTERS: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar_and_never_fail() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(1_767_225_599_999), "2025-12-31");
        assert_eq!(day(1_767_225_600_000), "2026-01-01");
        assert_eq!(day(u64::MAX), "9999-12-31");
    }
}
