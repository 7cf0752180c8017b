use url::Url;

use crate::message::Priority;

use super::lesson::Lesson;

/// A request of the demo's lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// From where.
    pub url: Url,
    /// How soon it gets a connection.
    pub priority: Priority,
    /// The header field that it says beyond the usual ones, where there is one.
    pub field: Option<(&'static str, &'static str)>,
}

/// What to fetch, in order; a wave is fetched when all of the former have ended.
pub fn waves(lesson: Lesson) -> Vec<Vec<Asking>> {
    let mut waves = vec![Vec::new()];
    for line in lesson.list().lines().map(str::trim) {
        if line.is_empty() {
            waves.push(Vec::new());
        } else if let (Some(asking), Some(wave)) = (asking(line), waves.last_mut()) {
            wave.push(asking);
        }
    }
    waves.retain(|wave| !wave.is_empty());
    waves
}

/// A line: a URL, its priority, and behind `|` a header field.
fn asking(line: &'static str) -> Option<Asking> {
    let (asked, field) = match line.split_once(" | ") {
        Some((asked, field)) => (asked, Some(field.split_once(": ")?)),
        None => (line, None),
    };
    let (url, priority) = match asked.split_once(' ') {
        Some((url, "!high")) => (url, Priority::High),
        Some((url, "!low")) => (url, Priority::Low),
        Some(_) => return None,
        None => (asked, Priority::Auto),
    };
    Some(Asking {
        url: Url::parse(url).ok()?,
        priority,
        field,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_request_or_a_remark() {
        for lesson in Lesson::ALL {
            let lines = lesson.list().lines();
            let requests = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
            assert_eq!(waves(lesson).concat().len(), requests.count(), "{lesson:?}");
        }
    }

    #[test]
    fn the_second_wave_asks_for_what_the_first_has_stored() {
        let [first, second] = waves(Lesson::Everything).try_into().unwrap();
        assert!(first.len() > 30, "{}", first.len());
        let kept = second
            .iter()
            .filter(|asking| first.contains(asking))
            .count();
        assert_eq!((kept, second.len()), (5, 6));
    }

    #[test]
    fn what_stands_behind_a_url_is_said_with_it() {
        let asked = asking("http://a.test/ !low | Range: bytes=0-1").unwrap();
        assert_eq!(asked.priority, Priority::Low);
        assert_eq!(asked.field, Some(("Range", "bytes=0-1")));
        assert_eq!(asking("http://a.test/ !soon"), None);
        assert_eq!(asking("http://a.test/ | Range"), None);
    }
}
