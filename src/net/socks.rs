use std::net::SocketAddr;

use tokio_socks::tcp::Socks5Stream;
use tokio_socks::{Error, TargetAddr};

use crate::message::{Origin, Proxy};

use super::{NetError, NetErrorKind, Wire};

/// Has a SOCKS5 proxy at the other end of `wire` open the way to `end` (RFC 1928).
///
/// Without an address of its host, the proxy looks its name up.
pub async fn pass_socks(
    wire: Wire,
    end: &Origin,
    address: Option<SocketAddr>,
    proxy: &Proxy,
) -> Result<Wire, NetError> {
    let literal = end.literal();
    let literal = literal.map(|literal| SocketAddr::new(literal, end.port));
    let target = address.or(literal).map_or_else(
        || TargetAddr::Domain(end.host.as_str().into(), end.port),
        TargetAddr::Ip,
    );
    let passed = match &proxy.credentials {
        None => Socks5Stream::connect_with_socket(wire, target).await,
        Some((name, password)) => {
            Socks5Stream::connect_with_password_and_socket(wire, target, name, password).await
        }
    };
    let passed = passed.map_err(|error| explain(&error, &end.to_string(), proxy))?;
    Ok(passed.into_inner())
}

/// Why the proxy would not, in words (RFC 1928 §3 and §6, RFC 1929 §2).
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rest is told as the library has it"
)]
fn explain(error: &Error, target: &str, proxy: &Proxy) -> NetError {
    let refused = |why: &str| {
        let words = format!("the proxy would not connect to {target}: {why}");
        NetError::new(NetErrorKind::Proxy, words)
    };
    let unknown = |words: &str| NetError::new(NetErrorKind::Proxy, words);
    match error {
        Error::Io(error) => {
            let NetError { kind, words } = NetError::of_socket(error);
            NetError::new(kind, words.replace("the server", "the proxy"))
        }
        Error::NoAcceptableAuthMethods | Error::AuthorizationRequired
            if proxy.credentials.is_none() =>
        {
            unknown("the proxy wants a name and a password: -x socks5://NAME:PASSWORD@HOST:PORT")
        }
        Error::NoAcceptableAuthMethods | Error::AuthorizationRequired => {
            unknown("the proxy takes no name and password")
        }
        Error::PasswordAuthFailure(_) => {
            unknown("the proxy did not accept the name and the password")
        }
        Error::GeneralSocksServerFailure => refused("it failed"),
        Error::ConnectionNotAllowedByRuleset => refused("its rules do not allow it"),
        Error::NetworkUnreachable => refused("there is no way to its network"),
        Error::HostUnreachable => refused("the host cannot be reached"),
        Error::ConnectionRefused => refused("nobody listens there (refused)"),
        Error::TtlExpired => refused("it took too many steps, or too long"),
        Error::CommandNotSupported => refused("it does not know how"),
        Error::AddressTypeNotSupported => refused("it takes no addresses of this kind"),
        Error::InvalidAuthValues(_) => {
            unknown("a name and a password for SOCKS5 have 1 to 255 bytes each")
        }
        Error::InvalidResponseVersion | Error::UnknownAuthMethod => {
            unknown("the proxy does not speak SOCKS5 on this port")
        }
        other => refused(&other.to_string()),
    }
}
