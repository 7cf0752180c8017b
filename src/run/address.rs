use crate::cli::{Listed, Problem, Spoken, UrlList, has_curl, read_text};
use crate::event::{Because, Wanted};
use crate::message::{Method, visible};

/// What a line of a list asks for.
pub(super) fn wanted(listed: Listed, spoken: &Spoken) -> Wanted {
    let because = match listed.line {
        Some(line) => Because::Listed { line },
        None => Because::Typed,
    };
    // One that says something says all of it.
    let is_alone = listed.saying.is_some();
    let method = if is_alone {
        listed.method
    } else {
        method(listed.method, spoken)
    };
    let own = listed.saying.map(|saying| *saying);
    Wanted {
        saying: own.unwrap_or_else(|| spoken.saying.clone()),
        priority: listed.priority,
        ..Wanted::plain(method, listed.url, because)
    }
}

/// A line that names a method knows better than the command line.
fn method(named: Method, spoken: &Spoken) -> Method {
    match &spoken.method {
        Some(method) if named.is_get() => method.clone(),
        _ => named,
    }
}

/// Reads what was typed or pasted into the address bar: one URL, several, a list, or commands for
/// curl.
pub(super) fn read(text: &str) -> (Vec<Wanted>, Vec<Problem>) {
    // Terminals paste the end of a line as CR.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut all = UrlList::default();
    let pieces: Vec<String> = if has_curl(&text) {
        vec![text]
    } else {
        let lines = text.split('\n').map(one_each);
        let read = lines.map(|line| line.map_err(|problem| all.problems.push(problem)));
        read.flatten().flatten().collect()
    };
    for piece in pieces {
        let mut list = read_text("address", piece.as_bytes());
        list.wanted.iter_mut().for_each(|listed| listed.line = None);
        list.problems
            .iter_mut()
            .for_each(|problem| problem.line = None);
        all.join(list);
    }
    let plain = Spoken::default();
    let found = all.wanted.into_iter().map(|listed| wanted(listed, &plain));
    (found.collect(), all.problems)
}

/// The URLs in a line, each with the method before it and the priority behind it, if there is one.
///
/// A URL has no blanks: where a word behind one can hardly be a URL of its own, one of the two was
/// meant otherwise, and nothing of the line is fetched.
fn one_each(line: &str) -> Result<Vec<String>, Problem> {
    let is_comment = |word: &str| word.starts_with('#');
    let mut found: Vec<String> = Vec::new();
    let mut method = None;
    for word in line.split_whitespace().take_while(|word| !is_comment(word)) {
        if let Some(last) = found.last_mut().filter(|_| word.starts_with('!')) {
            *last = format!("{last} {word}");
            continue;
        }
        let is_method = word.len() < 16 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        match (method.take(), is_method) {
            (None, true) => method = Some(word),
            (Some(first), _) => found.push(format!("{first} {word}")),
            (None, false) => found.push(word.to_owned()),
        }
    }
    found.extend(method.map(str::to_owned));
    let is_alone = found.len() < 2;
    match doubtful(line).filter(|_| !is_alone) {
        Some(problem) => Err(problem),
        None => Ok(found),
    }
}

/// The first word of a line that can hardly be a URL, and what it may have been meant to be.
fn doubtful(line: &str) -> Option<Problem> {
    let words = line
        .split_whitespace()
        .take_while(|word| !word.starts_with('#'));
    let word = words.into_iter().find(|word| {
        let host = word.split(['/', '?', '#']).next().unwrap_or_default();
        let is_method = word.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_host = host.contains(['.', ':']) || host.eq_ignore_ascii_case("localhost");
        !is_method && !is_host && !word.starts_with('!')
    })?;
    let before = line.split(word).next().unwrap_or_default();
    let word = visible(word);
    let reason = format!(
        "{word} is hardly a URL of its own: put %20 for a blank within a URL, \
         or http:// before a host"
    );
    Some(Problem {
        source: "address".to_owned(),
        line: None,
        column: Some(before.chars().count() + 1),
        reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_for_curl_is_pasted_with_its_lines() {
        let text = "curl 'https://a.test/x' \\\r  -X PUT \\\r  --data-raw '{\r}'\rb.test";
        let (wanted, problems) = read(text);
        assert_eq!(problems, []);
        assert_eq!(wanted.len(), 2);
        assert_eq!(wanted[0].method.as_str(), "PUT");
        let payload = wanted[0].saying.payload.as_ref().unwrap();
        assert_eq!(&*payload.bytes, b"{\n}");
        assert_eq!(wanted[1].url.as_str(), "https://b.test/");
    }

    #[test]
    fn several_addresses_and_lists_are_read() {
        let (wanted, problems) =
            read("a.test HEAD localhost:81/x !low # both\r\nhttp://c.test !high\n\nftp://d");
        let urls: Vec<_> = wanted
            .iter()
            .map(|w| format!("{} {} {:?}", w.method, w.url, w.priority))
            .collect();
        assert_eq!(
            urls,
            [
                "GET https://a.test/ Auto",
                "HEAD http://localhost:81/x Low",
                "GET http://c.test/ High"
            ]
        );
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn a_blank_in_a_url_is_told_of_and_nothing_wrong_is_fetched() {
        for (text, told) in [
            ("http://a b/", "address:10: b/ is hardly a URL of its own"),
            (
                "http://a.test/x y.txt/z my file",
                "address:25: my is hardly",
            ),
            ("how does a cache work", "address:1: how is hardly"),
        ] {
            let (wanted, problems) = read(text);
            assert_eq!(wanted, [], "{text}");
            assert!(problems[0].to_string().starts_with(told), "{problems:?}");
        }
        for (text, count) in [
            ("http://a/ https://b/", 2),
            ("intranet", 1),
            ("HEAD intranet !low # a host", 1),
            ("a.test localhost [::1]:80 127.0.0.1/x b:80", 5),
            ("what is this\nb.test", 1),
        ] {
            assert_eq!(read(text).0.len(), count, "{text}");
        }
    }
}
