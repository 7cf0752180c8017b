use std::fmt::Write as _;

use crate::message::{Cookie, CookiePriority, SameSite};

use super::domain::is_address;
use super::site::is_public_suffix;
use super::typed::{is_of_host, read_typed};

/// A line of a cookie file that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {words}")]
pub struct BadCookie {
    /// Which, from 1.
    pub line: usize,
    /// What is wrong, and how to mend it.
    pub words: String,
}

/// What begins a comment in which the next cookie says what Netscape's format has no place for.
const NOTE: &str = "# netwaterfall: ";
const HTTP_ONLY: &str = "#HttpOnly_";
const HEAD: &str = "\
# Netscape HTTP Cookie File
# https://curl.se/docs/http-cookies.html
# Written by netwaterfall, for curl and others to read.

";

/// Reads a cookie file as curl does: Netscape's format, or lines of `Set-Cookie`.
///
/// What has expired by `now` is left out.
pub fn read_cookies(text: &[u8], now: u64) -> (Vec<Cookie>, Vec<BadCookie>) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // A character is a byte, as in headers.
    let text: String = text.iter().copied().map(char::from).collect();
    let (mut cookies, mut bad) = (Vec::new(), Vec::new());
    let mut note = "";
    for (line, number) in text.split('\n').zip(1..) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if let Some(said) = line.strip_prefix(NOTE) {
            note = said;
            continue;
        }
        match read_line(line, now) {
            Ok(None) => continue,
            Ok(Some(mut cookie)) => {
                annotate(&mut cookie, note);
                if !cookie.is_expired(now) {
                    cookies.push(cookie);
                }
            }
            Err(words) => bad.push(BadCookie {
                line: number,
                words,
            }),
        }
        note = "";
    }
    (cookies, bad)
}

/// The cookies as a file that curl reads too; what has expired by `now` or has a tab in its path is
/// left out.
pub fn write_cookies<'a>(cookies: impl IntoIterator<Item = &'a Cookie>, now: u64) -> Vec<u8> {
    let mut text = HEAD.to_owned();
    // A tab ends a field, and no URL has one in its path: such a cookie goes nowhere anyway.
    let is_meant = |cookie: &&Cookie| !cookie.is_expired(now) && !cookie.path.contains('\t');
    for cookie in cookies.into_iter().filter(is_meant) {
        let yes = |is: bool| if is { "TRUE" } else { "FALSE" };
        let http_only = if cookie.http_only { HTTP_ONLY } else { "" };
        let fields = [
            &format!("{http_only}{}", cookie.hosts()),
            yes(!cookie.host_only),
            &cookie.path,
            yes(cookie.secure),
            &cookie
                .expires
                .map_or(0, |expires| expires / 1000)
                .to_string(),
            &cookie.name,
            &cookie.value,
        ];
        text += &note(cookie);
        text += &fields.join("\t");
        text.push('\n');
    }
    text.chars()
        .map(|c| u8::try_from(c).unwrap_or(b'?'))
        .collect()
}

fn read_line(line: &str, now: u64) -> Result<Option<Cookie>, String> {
    if let Some((name, said)) = line.split_once(':')
        && name.eq_ignore_ascii_case("set-cookie")
    {
        let read = read_typed(said, now).map_err(|error| error.to_string());
        return read.map(Some);
    }
    let (line, http_only) = match line.strip_prefix(HTTP_ONLY) {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let is_comment = line.starts_with('#') && !http_only;
    if is_comment || line.trim().is_empty() {
        return Ok(None);
    }
    let mut cookie = read_fields(line, now)?;
    cookie.http_only = http_only;
    Ok(Some(cookie))
}

/// `domain TAB tail TAB path TAB secure TAB expires TAB name TAB value`.
fn read_fields(line: &str, now: u64) -> Result<Cookie, String> {
    let fields: Vec<&str> = line.split('\t').collect();
    let (domain, tail, path, secure, expires, name, value) = match fields[..] {
        [domain, tail, path, secure, expires, name, value] => {
            (domain, tail, path, secure, expires, name, value)
        }
        // curl reads a line without a value too.
        [domain, tail, path, secure, expires, name] => {
            (domain, tail, path, secure, expires, name, "")
        }
        _ => {
            let count = fields.len();
            return Err(format!(
                "a cookie has 7 fields with tabs between, and this has {count}"
            ));
        }
    };
    let is_true = |field: &str| field.eq_ignore_ascii_case("true");
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    if domain.is_empty() || !domain.bytes().all(is_of_host) {
        return Err("its first field is no host".to_owned());
    }
    let host_only = !is_true(tail) || is_address(domain);
    let domain = domain.to_ascii_lowercase();
    if !host_only && is_public_suffix(&domain) {
        return Err(format!("anybody may have a name below {domain}"));
    }
    if !path.starts_with('/') {
        return Err("its third field is no path: it begins with /".to_owned());
    }
    let seconds: u64 = expires
        .parse()
        .map_err(|_| "its fifth field is no time in seconds".to_owned())?;
    let said = [path, name, value];
    if said
        .iter()
        .any(|field| field.contains(|c: char| c.is_ascii_control()))
    {
        return Err("there is a control character in it".to_owned());
    }
    if name.is_empty() && value.is_empty() {
        return Err("it has neither a name nor a value".to_owned());
    }
    Ok(Cookie {
        host_only,
        path: path.to_owned(),
        secure: is_true(secure),
        expires: (seconds > 0).then(|| seconds.saturating_mul(1000)),
        created: now,
        used: now,
        ..Cookie::new(name, value, &domain)
    })
}

/// What Netscape's format has no place for, as a comment before the cookie's line.
fn note(cookie: &Cookie) -> String {
    let mut said = format!("{NOTE}Created={}; Used={}", cookie.created, cookie.used);
    let mut say = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = write!(said, "; {name}={value}");
    };
    if let Some(expires) = cookie.expires {
        say("Expires", &expires.to_string());
    }
    if let Some(same_site) = cookie.same_site {
        say("SameSite", same_site.name());
    }
    if cookie.priority != CookiePriority::default() {
        say("Priority", cookie.priority.name());
    }
    if let Some(partition) = &cookie.partition {
        say("Partition", partition);
    }
    said.push('\n');
    said
}

/// Adds what the note before the cookie's line says.
fn annotate(cookie: &mut Cookie, note: &str) {
    for (name, value) in note.split("; ").filter_map(|part| part.split_once('=')) {
        let time = value.parse::<u64>().ok();
        match (name, time) {
            ("Created", Some(time)) => cookie.created = time,
            ("Used", Some(time)) => cookie.used = time,
            // Whoever changed the line itself means what the line says.
            ("Expires", Some(time)) if cookie.expires.map(|at| at / 1000) == Some(time / 1000) => {
                cookie.expires = Some(time);
            }
            ("SameSite", _) => cookie.same_site = SameSite::read(value),
            ("Priority", _) => cookie.priority = CookiePriority::read(value),
            ("Partition", _) => cookie.partition = Some(value.to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_700_000_000_000;

    #[test]
    fn what_curl_writes_is_read() {
        let text = b"# Netscape HTTP Cookie File\r\n\r\n\
            #HttpOnly_.a.test\tTRUE\t/\tTRUE\t1900000000\tsid\tx=y\r\n\
            127.0.0.1\tFALSE\t/p\tFALSE\t0\tempty\t\r\n\
            a.test\tFALSE\t/\tFALSE\t1\told\tgone\n\
            Set-Cookie: b=2; Domain=b.test; Path=/q\n";
        let (cookies, bad) = read_cookies(text, NOW);
        assert_eq!(bad, []);
        let pairs: Vec<_> = cookies.iter().map(Cookie::pair).collect();
        assert_eq!(pairs, ["sid=x=y", "empty=", "b=2"]);
        let sid = cookies.first().unwrap();
        assert!(sid.http_only && sid.secure && !sid.host_only);
        assert_eq!(sid.expires, Some(1_900_000_000_000));
    }

    #[test]
    fn what_is_no_cookie_is_named_and_the_rest_is_read() {
        let text = b"a.test FALSE / FALSE 0 a 1\n\
            co.uk\tTRUE\t/\tFALSE\t0\ta\t1\n\
            a.test\tFALSE\tx\tFALSE\t0\ta\t1\n\
            a.test\tFALSE\t/\tFALSE\tsoon\ta\t1\n\
            \x1b[2J\tFALSE\t/\tFALSE\t0\ta\t1\n\
            a.test\tFALSE\t/\tFALSE\t0\ta\t\x07\n\
            Set-Cookie: a=1\n\
            a.test\tFALSE\t/\tFALSE\t0\tgood\t1";
        let (cookies, bad) = read_cookies(text, NOW);
        assert_eq!(cookies.len(), 1);
        let lines: Vec<_> = bad.iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_line_that_somebody_changed_means_what_it_says() {
        let mut cookie = Cookie::new("a", "1", "a.test");
        cookie.expires = Some(NOW + 1_234);
        let text = String::from_utf8(write_cookies([&cookie], NOW)).unwrap();
        let text = text.replace("\t1700000001\t", "\t1800000000\t");
        let (cookies, _) = read_cookies(text.as_bytes(), NOW);
        assert_eq!(cookies[0].expires, Some(1_800_000_000_000));
    }
}
