use std::time::Duration;

use ratatui::text::Line;

use crate::message::Headers;
use crate::model::{Request, duration};
use crate::ui::folds::Sheet;

use super::page::{Page, read, said};

/// What the server says of its own time (W3C Server-Timing), a line a metric, with a bar to scale.
pub(super) fn server_timing(request: &Request, page: &Page<'_>, sheet: &mut Sheet) {
    let none = Headers::default();
    let head = request.given_head().map_or(&none, |head| &head.headers);
    let metrics: Vec<Metric> = head.all("server-timing").flat_map(metrics).collect();
    if metrics.is_empty() {
        return;
    }
    sheet.line("");
    let words = "  What the server says of its own time (Server-Timing), which is no part of the figures above:";
    sheet.line(Line::from(said(words, page.theme.quiet())));
    let most = metrics.iter().filter_map(|metric| metric.took).max();
    let most = most.unwrap_or_default().as_nanos().max(1);
    for metric in metrics {
        let took = metric.took.map_or_else(|| "–".to_owned(), duration);
        let eighths = metric.took.map_or(0, |took| took.as_nanos() * 20 / most);
        let bar = "█".repeat(usize::try_from(eighths).unwrap_or(0));
        sheet.line(Line::from(vec![
            said(
                &format!("  {:<16} {took:>10}  ", read(&metric.name)),
                page.theme.plain(),
            ),
            said(&format!("{bar:<20}  "), page.theme.accent()),
            said(&read(&metric.words), page.theme.quiet()),
        ]));
    }
}

/// Something that a server measured.
#[derive(Debug, PartialEq, Eq)]
struct Metric {
    name: String,
    took: Option<Duration>,
    words: String,
}

/// `cache;desc="hit", db;dur=53.2`: parts may be in quotes, and commas and semicolons within them.
fn metrics(value: &str) -> Vec<Metric> {
    let split = |text: &str, at: char| {
        let mut is_quoted = false;
        let is_end = move |c: char| {
            is_quoted ^= c == '"';
            c == at && !is_quoted
        };
        let parts: Vec<String> = text
            .split(is_end)
            .map(|part| part.trim().to_owned())
            .collect();
        parts
    };
    let metric = |member: String| {
        let mut parts = split(&member, ';').into_iter();
        let name = parts.next().filter(|name| !name.is_empty())?;
        let (mut took, mut words) = (None, String::new());
        for part in parts {
            let (key, value) = part.split_once('=').unwrap_or((&part, ""));
            let value = value.trim().trim_matches('"');
            match key.trim().to_ascii_lowercase().as_str() {
                "dur" => took = took.or_else(|| millis(value)),
                "desc" if words.is_empty() => value.clone_into(&mut words),
                _ => {}
            }
        }
        Some(Metric { name, took, words })
    };
    split(value, ',').into_iter().filter_map(metric).collect()
}

fn millis(text: &str) -> Option<Duration> {
    let millis: f64 = text.parse().ok()?;
    Duration::try_from_secs_f64(millis / 1_000.0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_have_names_and_may_have_times_and_words() {
        let told: Vec<_> =
            metrics(r#"miss, db;dur=53.2, app;DESC="a, b; c";dur=1;dur=2, ,x;dur=soon"#)
                .into_iter()
                .map(|metric| {
                    (
                        metric.name,
                        metric.took.map(|took| took.as_micros()),
                        metric.words,
                    )
                })
                .collect();
        let told: Vec<_> = told
            .iter()
            .map(|(name, took, words)| (name.as_str(), *took, words.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("miss", None, ""),
                ("db", Some(53_200), ""),
                ("app", Some(1_000), "a, b; c"),
                ("x", None, ""),
            ]
        );
        assert_eq!(metrics("x;dur=-1")[0].took, None);
        assert_eq!(metrics("x;dur=1e300")[0].took, None);
    }
}
