use crate::cli::{Listed, Problem, Spoken, UrlList, has_curl, read_text};
use crate::event::{Because, Wanted};
use crate::message::Method;

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
    let pieces: Vec<String> = if has_curl(&text) {
        vec![text]
    } else {
        text.split('\n').flat_map(one_each).collect()
    };
    let mut all = UrlList::default();
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
fn one_each(line: &str) -> Vec<String> {
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
    found
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
}
