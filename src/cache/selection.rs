use crate::message::Headers;

use super::list::{members, parts};

/// A request header that chose an answer, with what it said then (RFC 9111 §4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selector {
    pub(super) name: String,
    /// Nothing if the request did not have it.
    pub(super) value: Option<String>,
}

/// What chooses by more than the request's headers, so that no request is known to fit.
pub(super) const ALL: &str = "*";

/// The headers that `Vary` names in `answer`, as `request` has them; [`ALL`] alone if it is one of them.
pub(super) fn selectors(request: &Headers, answer: &Headers) -> Vec<Selector> {
    let mut found: Vec<Selector> = Vec::new();
    for name in members(answer, "vary") {
        if name == ALL {
            return vec![Selector {
                name: ALL.to_owned(),
                value: None,
            }];
        }
        let name = name.to_ascii_lowercase();
        if !found.iter().any(|known| known.name == name) {
            let value = normal(request, &name);
            found.push(Selector { name, value });
        }
    }
    found
}

/// The first header that says something else now.
pub(super) fn difference<'a>(chosen: &'a [Selector], request: &Headers) -> Option<&'a str> {
    let is_other = |selector: &&Selector| {
        selector.name == ALL || normal(request, &selector.name) != selector.value
    };
    let selector = chosen.iter().find(is_other)?;
    Some(&selector.name)
}

/// A field in one line, with the differences left out that mean nothing (RFC 9111 §4.1): lines that
/// are one list, blanks around its commas, and the case of codings and languages.
fn normal(headers: &Headers, name: &str) -> Option<String> {
    headers.first(name)?;
    let members: Vec<&str> = headers.all(name).flat_map(parts).collect();
    let value = members.join(",");
    let has_no_case = matches!(
        name,
        "accept-language" | "accept-encoding" | "accept-charset"
    );
    Some(if has_no_case {
        value.to_ascii_lowercase()
    } else {
        value
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&str, &str)]) -> Headers {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        lines.iter().map(owned).collect()
    }

    fn differs(vary: &str, then: &[(&str, &str)], now: &[(&str, &str)]) -> Option<String> {
        let chosen = selectors(&headers(then), &headers(&[("Vary", vary)]));
        difference(&chosen, &headers(now)).map(str::to_owned)
    }

    #[test]
    fn a_header_differs_if_it_means_something_else() {
        let b = Some("b".to_owned());
        assert_eq!(
            differs("A, b", &[("a", "1"), ("B", "x")], &[("A", "1"), ("b", "y")]),
            b
        );
        assert_eq!(differs("a, b", &[("a", "1")], &[("a", "1"), ("b", "")]), b);
        assert_eq!(differs("b", &[("b", "x")], &[]), b);
        assert_eq!(differs("b", &[("b", "x")], &[("b", "X")]), b);
        assert_eq!(differs("b", &[("b", "\"x, y\"")], &[("b", "\"x,y\"")]), b);
    }

    #[test]
    fn blanks_lines_and_the_case_of_languages_are_no_difference() {
        assert_eq!(
            differs("b", &[("b", "1, 2")], &[("b", "1"), ("b", "2")]),
            None
        );
        assert_eq!(differs("b", &[("b", "1,2")], &[("b", " 1 , 2 ")]), None);
        let (then, now) = (
            [("accept-language", "en, DE")],
            [("accept-language", "EN,de")],
        );
        assert_eq!(differs("Accept-Language", &then, &now), None);
    }

    #[test]
    fn a_star_matches_nothing() {
        let star = Some("*".to_owned());
        assert_eq!(differs("a, *", &[("a", "1")], &[("a", "1")]), star);
        assert_eq!(differs(", *", &[], &[]), star);
        assert_eq!(differs("", &[], &[]), None);
    }
}
