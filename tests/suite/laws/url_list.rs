//! Every line of a list is a URL, a problem or nothing, and is lost in no case.

use std::collections::BTreeSet;

use netwaterfall::cli::{Listed, UrlList, read_line, read_text};

pub(super) fn law(bytes: &[u8]) {
    let list = read_text("urls.txt", bytes);
    problems_can_be_shown_and_found(&list);
    no_line_is_two_things(&list);
    for listed in &list.wanted {
        what_is_wanted_can_be_fetched(listed);
        what_was_understood_is_understood_again(listed);
    }
    a_bad_line_costs_no_other(bytes, &list);
}

fn problems_can_be_shown_and_found(list: &UrlList) {
    for problem in &list.problems {
        let words = problem.to_string();
        assert!(!words.chars().any(char::is_control), "{words:?}");
        assert!(problem.line.is_some_and(|line| line > 0), "{words}");
        assert!(problem.column.is_some_and(|column| column > 0), "{words}");
        assert!(!problem.reason.is_empty());
    }
}

fn no_line_is_two_things(list: &UrlList) {
    let wanted = list.wanted.iter().map(|listed| listed.line);
    let problems = list.problems.iter().map(|problem| problem.line);
    let lines: BTreeSet<_> = wanted.chain(problems).collect();
    assert_eq!(lines.len(), list.wanted.len() + list.problems.len());
    assert!(list.wanted.is_sorted_by_key(|listed| listed.line));
    assert!(list.problems.is_sorted_by_key(|problem| problem.line));
}

fn what_is_wanted_can_be_fetched(listed: &Listed) {
    let url = &listed.url;
    assert!(matches!(url.scheme(), "http" | "https"), "{url}");
    assert!(url.host_str().is_some_and(|host| !host.is_empty()), "{url}");
    assert!(url.port_or_known_default().is_some(), "{url}");
    assert_ne!(listed.method.as_str(), "CONNECT");
}

fn what_was_understood_is_understood_again(listed: &Listed) {
    let line = format!("{} {}", listed.method, listed.url);
    let again = read_line(&line).unwrap_or_else(|bad| panic!("{line:?}: {bad}"));
    let (method, url) = (&again.method, &again.url);
    assert_eq!((method, url), (&listed.method, &listed.url));
}

/// Each line by itself says what it says among the others.
fn a_bad_line_costs_no_other(bytes: &[u8], list: &UrlList) {
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if is_utf16 || !bytes.contains(&b'\n') {
        return;
    }
    let mut alone = UrlList::default();
    for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
        // Without a line feed, a carriage return would end a line too.
        let mut one = read_text("urls.txt", &[b"\n", line].concat());
        one.wanted.iter_mut().for_each(|it| it.line = Some(number));
        one.problems
            .iter_mut()
            .for_each(|it| it.line = Some(number));
        alone.join(one);
    }
    assert_eq!(&alone, list);
}
