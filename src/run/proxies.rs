use crate::cli::{ProxyOptions, Task, UsageError};
use crate::engine::{Exceptions, Proxies};
use crate::message::Proxy;

/// Through whom servers are reached: as it was typed, or as the environment has it.
///
/// The demo's server is in this very process: nobody is asked for the way to it.
pub(super) fn proxies(typed: &ProxyOptions, task: &Task) -> Result<Proxies, UsageError> {
    if *task == Task::Demo {
        return Ok(Proxies::default());
    }
    read(typed, |name| {
        let value = std::env::var(name).ok();
        value.filter(|value| !value.trim().is_empty())
    })
}

/// As curl has it: `HTTP_PROXY` counts for nothing, as a server sets it for its CGI programs to
/// whatever a client likes.
fn read(
    typed: &ProxyOptions,
    told: impl Fn(&'static str) -> Option<String>,
) -> Result<Proxies, UsageError> {
    let first = |names: &[&'static str]| {
        let mut known = names.iter();
        known.find_map(|name| Some((*name, told(name)?)))
    };
    let proxy = |names: &[&'static str]| match &typed.proxy {
        Some(text) if text.trim().is_empty() => Ok(None),
        Some(text) => understood("-x", text).map(Some),
        None => match first(names) {
            Some((name, text)) => understood(name, &text).map(Some),
            None => Ok(None),
        },
    };
    let except = typed.noproxy.clone();
    let except = except.or_else(|| first(&["no_proxy", "NO_PROXY"]).map(|(_, list)| list));
    Ok(Proxies {
        http: proxy(&["http_proxy", "all_proxy", "ALL_PROXY"])?,
        https: proxy(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
        except: Exceptions::read(&except.unwrap_or_default()),
    })
}

/// What was typed may have a password in it, and is not said again.
fn understood(place: &'static str, text: &str) -> Result<Proxy, UsageError> {
    let proxy = text.trim().parse();
    proxy.map_err(|reason| UsageError::Proxy { place, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &ProxyOptions, told: &[(&str, &str)]) -> Result<String, String> {
        let told = |name| {
            let mut told = told.iter();
            told.find_map(|(known, value)| (*known == name).then(|| (*value).to_owned()))
        };
        let proxies = read(typed, told).map_err(|error| error.to_string())?;
        let of = |url: &str| {
            let origin = crate::message::Origin::of(&url.parse().unwrap()).unwrap();
            let proxy = proxies.of(&origin).map(ToString::to_string);
            proxy.unwrap_or_else(|| "-".to_owned())
        };
        Ok(format!(
            "{} {}",
            of("http://a.test/"),
            of("https://a.test/")
        ))
    }

    #[test]
    fn the_environment_is_read_as_curl_reads_it() {
        let none = ProxyOptions::default();
        for (told, expected) in [
            (&[][..], "- -"),
            (&[("http_proxy", "p:1")], "http://p:1 -"),
            (&[("HTTP_PROXY", "p:1")], "- -"),
            (&[("HTTPS_PROXY", "p:1")], "- http://p:1"),
            (
                &[("https_proxy", "p:1"), ("HTTPS_PROXY", "q:2")],
                "- http://p:1",
            ),
            (
                &[("ALL_PROXY", "socks5://p:1")],
                "socks5://p:1 socks5://p:1",
            ),
            (&[("all_proxy", "p:1"), ("no_proxy", "a.test")], "- -"),
            (
                &[("all_proxy", "p:1"), ("NO_PROXY", "b.test")],
                "http://p:1 http://p:1",
            ),
        ] {
            assert_eq!(shown(&none, told).as_deref(), Ok(expected), "{told:?}");
        }
    }

    #[test]
    fn what_was_typed_comes_before_the_environment() {
        let told = [("all_proxy", "p:1"), ("no_proxy", "a.test")];
        let typed = |proxy: Option<&str>, noproxy: Option<&str>| ProxyOptions {
            proxy: proxy.map(str::to_owned),
            noproxy: noproxy.map(str::to_owned),
        };
        for (typed, expected) in [
            (typed(Some("q:2"), Some("")), "http://q:2 http://q:2"),
            (typed(Some(""), Some("")), "- -"),
            (typed(Some("q:2"), None), "- -"),
            (typed(None, Some("b.test")), "http://p:1 http://p:1"),
        ] {
            assert_eq!(shown(&typed, &told).as_deref(), Ok(expected), "{typed:?}");
        }
    }

    #[test]
    fn a_bad_proxy_is_named_by_where_it_stands_without_its_password() {
        let typed = ProxyOptions {
            proxy: Some("ftp://me:geheim@a.test".to_owned()),
            noproxy: None,
        };
        let words = "-x: a proxy is http://, socks5:// or socks5h://";
        assert_eq!(shown(&typed, &[]).unwrap_err(), words);
        let none = ProxyOptions::default();
        let words = "https_proxy: it names no host and port, such as proxy.test:3128";
        assert_eq!(
            shown(&none, &[("https_proxy", "http://")]).unwrap_err(),
            words
        );
    }
}
