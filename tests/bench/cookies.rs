//! How long the jar takes to say which cookies go along.

use netwaterfall::cookies::{Asking, Jar, ThirdParties, Visit, read_cookies, write_cookies};
use netwaterfall::message::{Cookie, Method};
use url::Url;

use crate::stopwatch::{line, median};

const NOW: u64 = 1_767_225_600_000;

/// 500 hosts with six cookies each, and requests to all of them in turn.
pub(crate) fn bench() {
    let urls: Vec<Url> = (0..500)
        .filter_map(|n| Url::parse(&format!("https://www.host{n}.example/dir/page")).ok())
        .collect();
    let full = filled(&urls);
    let one = filled(urls.get(..1).unwrap_or_default());
    let alone = look_up(one, urls.get(..1).unwrap_or_default());
    line("6 cookies of 1 host: a look-up", alone, None);
    let took = look_up(full.clone(), &urls);
    line(
        "3000 cookies of 500 hosts: a look-up",
        took,
        Some((alone, "one host")),
    );
    let mut next = urls.iter().cycle();
    let mut jar = full.clone();
    let set = median(1_000, || {
        let url = next.next()?;
        Some(jar.offer("c3=other; Path=/; Max-Age=60", &asking(url), NOW))
    });
    line(
        "3000 cookies of 500 hosts: a Set-Cookie",
        set,
        Some((alone, "a look-up")),
    );
    let cookies: Vec<Cookie> = full.cookies().cloned().collect();
    let text = write_cookies(&cookies, NOW);
    line(
        "3000 cookies: written as a file",
        median(1, || write_cookies(&cookies, NOW)),
        None,
    );
    line(
        "3000 cookies: read from a file",
        median(1, || read_cookies(&text, NOW)),
        None,
    );
}

fn filled(urls: &[Url]) -> Jar {
    let mut jar = Jar::default();
    for url in urls {
        for n in 0..6 {
            let set = format!("c{n}=0123456789abcdef; Path=/; Max-Age=3600");
            jar.offer(&set, &asking(url), NOW);
        }
    }
    jar
}

fn look_up(mut jar: Jar, urls: &[Url]) -> std::time::Duration {
    let mut next = urls.iter().cycle();
    median(5_000, || Some(jar.choose(&asking(next.next()?), NOW)))
}

fn asking(url: &Url) -> Asking<'_> {
    static METHOD: std::sync::LazyLock<Method> = std::sync::LazyLock::new(Method::get);
    Asking {
        url,
        method: &METHOD,
        page: None,
        visit: Visit::Part,
        third_parties: ThirdParties::Allowed,
    }
}
