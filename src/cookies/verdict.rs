use std::fmt;

use crate::message::span;

/// Why a cookie of the jar does not go along with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// It is for other hosts.
    Domain {
        /// Those, a dot before them where hosts below count.
        hosts: String,
        /// The host that is asked.
        host: String,
    },
    /// It is for another path.
    Path {
        /// That one.
        path: String,
        /// The path that is asked for.
        request: String,
    },
    /// It is for https.
    Secure,
    /// It never goes along from another site.
    Strict {
        /// The site of the page that asks.
        page: String,
    },
    /// It goes along from another site with navigations only.
    Lax {
        /// The site of the page that asks.
        page: String,
    },
    /// It does not say; that is as `Lax`.
    Defaulted {
        /// The site of the page that asks.
        page: String,
    },
    /// Its time is over.
    Expired {
        /// For how many seconds.
        ago: u64,
    },
    /// Other sites than the page's have no cookies.
    ThirdParty {
        /// The site of the page that asks.
        page: String,
    },
    /// It is kept apart for another top-level site.
    Partition {
        /// That one.
        kept_for: String,
        /// The top-level site of this request.
        here: String,
    },
    /// The request goes without cookies.
    Omitted,
    /// The request goes without cookies to other origins than its page's.
    SameOrigin,
    /// The request brought a Cookie header of its own.
    Given,
    /// The request is to have no Cookie header.
    Removed,
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain { hosts, host } if hosts.starts_with('.') => {
                write!(f, "Domain={hosts}: {host} is not below it")
            }
            Self::Domain { hosts, host } => {
                write!(f, "no Domain: it is for {hosts} alone, and this is {host}")
            }
            Self::Path { path, request } => {
                write!(f, "Path={path}: the request is for {request}")
            }
            Self::Secure => f.write_str("Secure on http: it goes over https only"),
            Self::Strict { page } => {
                write!(f, "SameSite=Strict: the page is of another site, {page}")
            }
            Self::Lax { page } => write!(
                f,
                "SameSite=Lax: the page is of another site, {page}, and this is no link from it"
            ),
            Self::Defaulted { page } => write!(
                f,
                "no SameSite, so as Lax: the page is of another site, {page}"
            ),
            Self::Expired { ago } => write!(f, "expired {} ago", span(*ago)),
            Self::ThirdParty { page } => {
                write!(f, "third-party cookies are off, and the page is of {page}")
            }
            Self::Partition { kept_for, here } => write!(
                f,
                "Partitioned: kept apart for {kept_for}, and this is under {here}"
            ),
            Self::Omitted => f.write_str("credentials=omit: the request goes without cookies"),
            Self::SameOrigin => {
                f.write_str("credentials=same-origin: the page is of another origin")
            }
            Self::Given => f.write_str("the request brought a Cookie header of its own"),
            Self::Removed => f.write_str("the request was to have no Cookie header"),
        }
    }
}

/// What became of a `Set-Cookie` line that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It was new.
    Stored {
        /// For how many seconds; nothing for a session cookie.
        lives: Option<u64>,
    },
    /// It took the place of one.
    Replaced {
        /// What is different; empty if nothing is.
        changes: Vec<&'static str>,
        /// For how many seconds; nothing for a session cookie.
        lives: Option<u64>,
    },
    /// It had expired already, and took one with it.
    Deleted,
    /// It had expired already, and there was none to take with it.
    NothingToDelete,
}

impl fmt::Display for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |lives: &Option<u64>| match lives {
            Some(seconds) => format!("for {}", span(*seconds)),
            None => "until the session ends".to_owned(),
        };
        match self {
            Self::Stored { lives } => write!(f, "stored {}", end(lives)),
            Self::Replaced { changes, lives } if changes.is_empty() => {
                write!(f, "replaced {}: by the same", end(lives))
            }
            Self::Replaced { changes, lives } => {
                write!(f, "replaced {}: another {}", end(lives), changes.join(", "))
            }
            Self::Deleted => f.write_str("deleted: it expired before it came"),
            Self::NothingToDelete => {
                f.write_str("not stored: it expired before it came, and there was none to delete")
            }
        }
    }
}

/// Why a `Set-Cookie` line was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Neither name nor value.
    Empty,
    /// An empty name before a value with `=` in it would be sent as another cookie.
    NamelessPair,
    /// A control character.
    Control,
    /// Name and value are too long.
    TooLong {
        /// How long.
        bytes: usize,
    },
    /// `Domain` has characters that no host name has.
    NotAscii,
    /// `Domain` names hosts of anybody's.
    PublicSuffix {
        /// The suffix.
        domain: String,
    },
    /// `Domain` does not have the host in it.
    Elsewhere {
        /// What was said.
        said: String,
        /// The host that answered.
        host: String,
    },
    /// `Domain` does not go with an address.
    Address {
        /// What was said.
        said: String,
        /// The address that answered.
        host: String,
    },
    /// `Secure` over http.
    SecureOnHttp,
    /// A cookie that is `Secure` is in the way.
    Shadows {
        /// The path of that one.
        path: String,
    },
    /// `SameSite=None` without `Secure`.
    NoneInsecure,
    /// `Partitioned` without `Secure`.
    PartitionedInsecure,
    /// The name promises more than there is.
    Prefix {
        /// How it begins.
        prefix: &'static str,
        /// What lacks.
        lacks: &'static str,
    },
    /// The value of a nameless cookie would be read as a name that promises something.
    HiddenPrefix,
    /// It does not go along from the page's site, so it is not set from there either.
    CrossSite {
        /// What was said of it.
        same_site: &'static str,
        /// The site of the page that asked.
        page: String,
    },
    /// Other sites than the page's have no cookies.
    ThirdParty {
        /// The site of the page that asked.
        page: String,
    },
    /// The request went without cookies.
    Omitted,
    /// The request went without cookies to other origins than its page's.
    SameOrigin,
    /// The answer was an interim one.
    Interim,
    /// There is no jar.
    Off,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused: ")?;
        match self {
            Self::Empty => f.write_str("there is neither a name nor a value"),
            Self::NamelessPair => {
                f.write_str("without a name, its value would go out as another cookie's pair")
            }
            Self::Control => f.write_str("there is a control character in it"),
            Self::TooLong { bytes } => {
                write!(f, "name and value have {bytes} bytes, more than 4096")
            }
            Self::NotAscii => f.write_str("Domain has a character that no host name has"),
            Self::PublicSuffix { domain } if domain.is_empty() => {
                f.write_str("Domain names no host")
            }
            Self::PublicSuffix { domain } => {
                write!(f, "Domain={domain}: anybody may have a name below it")
            }
            Self::Elsewhere { said, host } => {
                write!(f, "Domain={said}: the answer is from {host}")
            }
            Self::Address { said, host } => {
                write!(f, "Domain={said}: {host} is an address, and has none below")
            }
            Self::SecureOnHttp => f.write_str("Secure on http: it has to come over https"),
            Self::Shadows { path } => write!(
                f,
                "on http it would stand before the Secure cookie of its name for {path}"
            ),
            Self::NoneInsecure => f.write_str("SameSite=None asks for Secure too"),
            Self::PartitionedInsecure => f.write_str("Partitioned asks for Secure too"),
            Self::Prefix { prefix, lacks } => {
                write!(f, "the name begins with {prefix}, which asks for {lacks}")
            }
            Self::HiddenPrefix => {
                f.write_str("without a name, its value would pass for a name such as __Host-")
            }
            Self::CrossSite { same_site, page } => {
                write!(f, "{same_site}: the page is of another site, {page}")
            }
            Self::ThirdParty { page } => {
                write!(f, "third-party cookies are off, and the page is of {page}")
            }
            Self::Omitted => f.write_str("credentials=omit: the request goes without cookies"),
            Self::SameOrigin => {
                f.write_str("credentials=same-origin: the page is of another origin")
            }
            Self::Interim => f.write_str("an interim answer sets no cookies"),
            Self::Off => f.write_str("cookies are off"),
        }
    }
}

/// Why a cookie left the jar without being told to by a `Set-Cookie` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Its time was over.
    Expired,
    /// It was deleted by an answer.
    Deleted,
    /// Its site had too many.
    SiteFull,
    /// There were too many in all.
    JarFull,
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "it expired",
            Self::Deleted => "an answer deleted it",
            Self::SiteFull => "its site had more than 180: the least used went",
            Self::JarFull => "there were more than 3300: the least used went",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_name_the_attribute_that_decided() {
        let words = Withheld::Path {
            path: "/x".into(),
            request: "/".into(),
        };
        assert_eq!(words.to_string(), "Path=/x: the request is for /");
        let replaced = Accepted::Replaced {
            changes: vec!["value", "expiry"],
            lives: Some(60),
        };
        assert_eq!(
            replaced.to_string(),
            "replaced for 1 min: another value, expiry"
        );
        let refused = Refused::PublicSuffix {
            domain: "co.uk".into(),
        };
        assert_eq!(
            refused.to_string(),
            "refused: Domain=co.uk: anybody may have a name below it"
        );
    }
}
