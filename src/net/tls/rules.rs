use rustls::version::{TLS12, TLS13};
use rustls::{ProtocolVersion, SupportedProtocolVersion};

use super::{Identity, Roots};

/// How wires are made secure.
#[derive(Debug)]
pub struct Rules {
    /// Whose certificates are trusted.
    pub roots: Roots,
    /// Whether a server whose certificate is not trusted is spoken to all the same.
    pub is_credulous: bool,
    /// Who we are, for servers that ask.
    pub identity: Option<Identity>,
    /// The lowest version that is offered.
    pub least: TlsVersion,
    /// The highest version that is offered.
    pub most: TlsVersion,
    /// The protocols that are offered (ALPN), the best first; none where nothing is said of them.
    pub protocols: Vec<&'static str>,
    /// Whether no session is taken up again.
    pub is_without_resumption: bool,
    /// Whether keys are written into the file that `SSLKEYLOGFILE` names.
    pub is_logging_keys: bool,
}

/// A version of TLS that is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// RFC 5246.
    V1_2,
    /// RFC 8446.
    V1_3,
}

impl Rules {
    /// As a browser has it, with these roots.
    pub fn new(roots: Roots) -> Self {
        Self {
            roots,
            is_credulous: false,
            identity: None,
            least: TlsVersion::V1_2,
            most: TlsVersion::V1_3,
            protocols: vec!["http/1.1"],
            is_without_resumption: false,
            is_logging_keys: false,
        }
    }

    /// The versions that are offered, the highest first.
    pub(super) fn versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        let all = [(TlsVersion::V1_3, &TLS13), (TlsVersion::V1_2, &TLS12)];
        let is_offered = |version: &TlsVersion| (self.least..=self.most).contains(version);
        let offered = all.into_iter().filter(|(version, _)| is_offered(version));
        offered.map(|(_, known)| known).collect()
    }
}

/// A version as people say it.
pub(super) fn spoken(version: ProtocolVersion) -> String {
    let known = [
        (ProtocolVersion::TLSv1_3, "TLS 1.3"),
        (ProtocolVersion::TLSv1_2, "TLS 1.2"),
    ];
    let found = known.into_iter().find(|(known, _)| *known == version);
    found.map_or_else(|| format!("{version:?}"), |(_, name)| name.to_owned())
}
