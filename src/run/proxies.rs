use std::ffi::OsString;

use crate::cli::{ProxyOptions, Task, UsageError};
use crate::engine::{Exceptions, Proxies};
use crate::message::{BadProxy, Proxy};

/// Through whom servers are reached: as it was typed, or as the environment has it.
///
/// The demo's server is in this very process: nobody is asked for the way to it.
pub(super) fn proxies(typed: &ProxyOptions, task: &Task) -> Result<Proxies, UsageError> {
    if matches!(task, Task::Demo(_)) {
        return Ok(Proxies::default());
    }
    read(typed, std::env::var_os)
}

/// As curl has it: `HTTP_PROXY` counts for nothing, as a server sets it for its CGI programs to
/// whatever a client likes.
fn read(
    typed: &ProxyOptions,
    told: impl Fn(&'static str) -> Option<OsString>,
) -> Result<Proxies, UsageError> {
    let proxy = |names| match &typed.proxy {
        Some(text) => understood("-x", text),
        None => match first(names, &told)? {
            Some((name, text)) => understood(name, &text),
            None => Ok(None),
        },
    };
    let (place, list) = match typed.noproxy.clone() {
        Some(list) => ("--noproxy", list),
        None => first(&["no_proxy", "NO_PROXY"], &told)?.unwrap_or_default(),
    };
    let except = list.parse::<Exceptions>();
    Ok(Proxies {
        http: proxy(&["http_proxy", "all_proxy", "ALL_PROXY"])?,
        https: proxy(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
        except: except.map_err(|reason| UsageError::Proxy { place, reason })?,
    })
}

/// The first of these variables that says something, and what.
fn first(
    names: &[&'static str],
    told: impl Fn(&'static str) -> Option<OsString>,
) -> Result<Option<(&'static str, String)>, UsageError> {
    for place in names.iter().copied() {
        let Some(value) = told(place) else { continue };
        let reason = BadProxy::Text;
        let text = value.into_string();
        let text = text.map_err(|_| UsageError::Proxy { place, reason })?;
        if !text.trim().is_empty() {
            return Ok(Some((place, text)));
        }
    }
    Ok(None)
}

/// What was typed may have a password in it, and is not said again.
fn understood(place: &'static str, text: &str) -> Result<Option<Proxy>, UsageError> {
    match text.trim() {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|reason| UsageError::Proxy { place, reason }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(typed: &ProxyOptions, told: &[(&str, &str)]) -> Result<String, String> {
        let told = |name| {
            let mut told = told.iter();
            told.find_map(|(known, value)| (*known == name).then(|| OsString::from(*value)))
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
            (
                &[("http_proxy", " "), ("all_proxy", "q:2")],
                "http://q:2 http://q:2",
            ),
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
    fn what_makes_no_sense_is_named_by_where_it_stands_without_its_password() {
        let none = ProxyOptions::default();
        let typed = ProxyOptions {
            proxy: Some("ftp://me:geheim@a.test".to_owned()),
            noproxy: None,
        };
        let excepted = ProxyOptions {
            proxy: None,
            noproxy: Some("a.test,10.0.0.0/33".to_owned()),
        };
        let list =
            "is no name, address or network: write a.test, 10.0.0.1, 10.0.0.0/8, or * for all";
        for (typed, told, words) in [
            (
                &typed,
                &[][..],
                "-x: a proxy is http://, socks5:// or socks5h://".to_owned(),
            ),
            (
                &none,
                &[("https_proxy", "http://")],
                "https_proxy: it names no host and port, such as proxy.test:3128".to_owned(),
            ),
            (&excepted, &[], format!("--noproxy: 10.0.0.0/33 {list}")),
            (
                &none,
                &[("NO_PROXY", "http://a.test/")],
                format!("NO_PROXY: http://a.test/ {list}"),
            ),
        ] {
            assert_eq!(shown(typed, told).unwrap_err(), words);
        }
    }

    #[test]
    fn a_variable_that_is_no_text_is_named() {
        let told = |_| Some(std::os::unix::ffi::OsStringExt::from_vec(vec![0xff]));
        let error = read(&ProxyOptions::default(), told).unwrap_err();
        assert_eq!(error.to_string(), "no_proxy: it is not UTF-8");
    }
}
