use std::collections::HashMap;

use crate::message::CookiePriority;

use super::jar::{Dropped, Kept};
use super::verdict::Gone;

/// As many cookies one site may have; with one more, the least used go.
pub(super) const SITE_MOST: usize = 180;
/// As many are left then.
const SITE_LEFT: usize = 150;
/// As many cookies the jar may have.
pub(super) const ALL_MOST: usize = 3300;
/// As many are left then, unless the rest was used within [`RECENT`].
const ALL_LEFT: usize = 3000;
/// What was used within 30 days stays, however many there are.
const RECENT: u64 = 30 * 24 * 60 * 60 * 1000;

/// The rounds in which a site's cookies go (Chromium's `cookie_monster.cc`): of which priority, how
/// many of it are safe, and whether those that are Secure are safe.
const ROUNDS: [(CookiePriority, usize, bool); 6] = [
    (CookiePriority::Low, 30, true),
    (CookiePriority::Low, 30, false),
    (CookiePriority::Medium, 50, true),
    (CookiePriority::High, 70, true),
    (CookiePriority::Medium, 50, false),
    (CookiePriority::High, 70, false),
];

/// Takes out what is too much for one site.
pub(super) fn from_site(all: &mut Vec<Kept>) -> Vec<Dropped> {
    let mut dropped = Vec::new();
    if all.len() <= SITE_MOST {
        return dropped;
    }
    let goal = all.len() - SITE_LEFT;
    let mut oldest: Vec<u64> = by_use(all).iter().map(|kept| kept.order).collect();
    for (priority, quota, is_secure_safe) in ROUNDS {
        let of_round = |kept: &&Kept| kept.cookie.priority == priority;
        let count = all.iter().filter(of_round).count();
        let secure = all
            .iter()
            .filter(of_round)
            .filter(|kept| kept.cookie.secure)
            .count();
        let safe = if is_secure_safe {
            quota.max(secure)
        } else {
            quota
        };
        let most = count.saturating_sub(safe).min(goal - dropped.len());
        let mut taken = 0;
        oldest.retain(|order| {
            let place = all.iter().position(|kept| kept.order == *order);
            let Some(kept) = place.and_then(|place| all.get(place)) else {
                return false;
            };
            let may_stay = kept.cookie.secure && is_secure_safe;
            if taken == most || kept.cookie.priority != priority || may_stay {
                return true;
            }
            taken += 1;
            dropped.push(Dropped {
                key: kept.cookie.key(),
                why: Gone::SiteFull,
            });
            all.retain(|kept| kept.order != *order);
            false
        });
    }
    dropped
}

/// What is too much in all: what was not used of late, those that are Secure last.
pub(super) fn from_all(sites: &HashMap<String, Vec<Kept>>, now: u64) -> Vec<Dropped> {
    let count: usize = sites.values().map(Vec::len).sum();
    let goal = count.saturating_sub(ALL_LEFT);
    let mut old: Vec<&Kept> = sites
        .values()
        .flatten()
        .filter(|kept| kept.cookie.used.saturating_add(RECENT) <= now)
        .collect();
    old.sort_by_key(|kept| (kept.cookie.secure, kept.cookie.used, kept.order));
    old.into_iter()
        .take(goal)
        .map(|kept| Dropped {
            key: kept.cookie.key(),
            why: Gone::JarFull,
        })
        .collect()
}

/// The least used first.
fn by_use(all: &[Kept]) -> Vec<&Kept> {
    let mut sorted: Vec<_> = all.iter().collect();
    sorted.sort_by_key(|kept| (kept.cookie.used, kept.order));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Cookie;

    fn kept(order: u64, change: impl FnOnce(&mut Cookie)) -> Kept {
        let mut cookie = Cookie::new(format!("c{order}"), "1", "a.test");
        cookie.used = order;
        change(&mut cookie);
        Kept { cookie, order }
    }

    fn names(dropped: &[Dropped]) -> Vec<&str> {
        dropped.iter().map(|gone| gone.key.name.as_str()).collect()
    }

    #[test]
    fn the_least_used_of_a_site_go_until_150_are_left() {
        let mut all: Vec<_> = (0..181).map(|n| kept(n, |_| {})).collect();
        let dropped = from_site(&mut all);
        assert_eq!((dropped.len(), all.len()), (31, 150));
        assert_eq!(names(&dropped)[..2], ["c0", "c1"]);
        assert_eq!(from_site(&mut all), []);
    }

    #[test]
    fn low_priority_goes_first_and_secure_later() {
        let mut all: Vec<_> = (0..181)
            .map(|n| {
                kept(n, |cookie| match n {
                    0..=9 => cookie.secure = true,
                    140..=180 => cookie.priority = CookiePriority::Low,
                    _ => {}
                })
            })
            .collect();
        let dropped = from_site(&mut all);
        assert_eq!(all.len(), 150);
        let low = names(&dropped)
            .iter()
            .filter(|name| name.trim_start_matches('c').parse::<u64>().unwrap() >= 140)
            .count();
        assert_eq!(low, 11, "30 of them are safe");
        assert!(!names(&dropped).contains(&"c0"), "it is Secure");
        assert!(names(&dropped).contains(&"c10"));
    }

    #[test]
    fn in_all_only_what_was_not_used_of_late_goes() {
        let now = RECENT + 1_000;
        let site = |from: u64| {
            (from..from + 100)
                .map(|n| kept(n, |_| {}))
                .collect::<Vec<_>>()
        };
        let mut sites: HashMap<_, _> = (0..34).map(|n| (n.to_string(), site(n * 100))).collect();
        assert_eq!(from_all(&sites, now).len(), 400);
        for kept in sites.values_mut().flatten() {
            kept.cookie.used = now;
        }
        assert_eq!(from_all(&sites, now), []);
    }
}
