use crate::cli::{Listed, Problem, Spoken, UrlList, read_text};
use crate::event::{Because, Wanted};

/// What a line of a list asks for.
pub(super) fn wanted(listed: Listed, spoken: &Spoken) -> Wanted {
    let because = match listed.line {
        Some(line) => Because::Listed { line },
        None => Because::Typed,
    };
    // A line that names a method knows better than the command line.
    let method = match &spoken.method {
        Some(method) if listed.method.is_get() => method.clone(),
        _ => listed.method,
    };
    Wanted {
        saying: spoken.saying.clone(),
        priority: listed.priority,
        ..Wanted::plain(method, listed.url, because)
    }
}

/// Reads what was typed or pasted into the address bar: one URL, several, or a list.
pub(super) fn read(text: &str) -> (Vec<Wanted>, Vec<Problem>) {
    let lines = text.split(['\n', '\r']).flat_map(one_each);
    let mut all = UrlList::default();
    for line in lines {
        let mut list = read_text("address", line.as_bytes());
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
