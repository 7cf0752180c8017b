use url::Url;

/// What to fetch, in order; a wave is fetched when all of the former have ended.
///
/// Read from `assets/demo/urls.txt`.
pub fn waves() -> Vec<Vec<Url>> {
    let mut waves = vec![Vec::new()];
    for line in LISTS.lines().map(str::trim) {
        if line.is_empty() {
            waves.push(Vec::new());
        } else if let (Ok(url), Some(wave)) = (Url::parse(line), waves.last_mut()) {
            wave.push(url);
        }
    }
    waves.retain(|wave| !wave.is_empty());
    waves
}

/// One URL a line, an empty line between waves, remarks after `#`.
const LISTS: &str = include_str!("../../assets/demo/urls.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_url_or_a_remark() {
        let urls = LISTS
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .count();
        assert_eq!(waves().concat().len(), urls);
    }

    #[test]
    fn the_second_wave_asks_for_what_the_first_has_stored() {
        let [first, second] = waves().try_into().unwrap();
        assert!(first.len() > 30, "{}", first.len());
        let kept = second.iter().filter(|url| first.contains(url)).count();
        assert_eq!((kept, second.len()), (5, 6));
    }
}
