use ratatui::text::Line;

use crate::event::{Flight, Handshake, Identity, Moment, Security, Side};
use crate::message::{Certificate, Standing, Staple, day};
use crate::model::{Connection, bytes, duration};
use crate::ui::folds::Sheet;

use super::page::{Page, pair, said};

const DAY_MS: u64 = 86_400_000;
/// Hosts of a certificate that are shown.
const NAMES_SHOWN: usize = 6;

/// What was offered, shown and agreed on over TLS.
pub(super) fn security(connection: &Connection, page: &Page<'_>, sheet: &mut Sheet) {
    let (security, handshake) = (&connection.security, &connection.handshake);
    if security.is_none() && handshake.is_none() {
        return;
    }
    if !sheet.section("tls", vec![said("TLS", page.theme.strong())], page.folds) {
        return;
    }
    if let Some(security) = security {
        agreed(security, page, sheet);
    }
    if let Some(handshake) = handshake {
        went(handshake, connection, page, sheet);
    }
    let is_unexplained = handshake.as_ref().is_none_or(|known| known.doubt.is_none());
    if is_unexplained && security.as_ref().is_some_and(|known| !known.verified) {
        sheet.line(warning("certificate", "not checked (-k)", page));
    }
}

fn agreed(security: &Security, page: &Page<'_>, sheet: &mut Sheet) {
    let words = format!("{}, {}", security.version, security.cipher);
    sheet.line(pair(page, "agreed", &words));
    let group = security.group.as_deref().unwrap_or("–");
    let alpn = security.alpn.as_deref().unwrap_or("–");
    sheet.line(pair(page, "group, alpn", &format!("{group}, {alpn}")));
    let session = if security.resumed {
        "an earlier session resumed, with a ticket of this run"
    } else {
        "a full handshake"
    };
    sheet.line(pair(page, "session", session));
}

fn went(handshake: &Handshake, connection: &Connection, page: &Page<'_>, sheet: &mut Sheet) {
    if let Some(doubt) = &handshake.doubt {
        let anyway = if connection.security.is_some() {
            "; accepted all the same (-k)"
        } else {
            ""
        };
        sheet.line(warning("not trusted", &format!("{doubt}{anyway}"), page));
    }
    let named = handshake.sni.as_deref().map_or_else(
        || "no name, as the URL has an address".to_owned(),
        |name| format!("{name} (SNI)"),
    );
    sheet.line(pair(page, "asked for", &named));
    let offered = handshake.versions.iter().chain(&handshake.alpn);
    let offered: Vec<&str> = offered.map(String::as_str).collect();
    sheet.line(pair(page, "offered", &offered.join(", ")));
    if let Some(line) = flights(&handshake.flights) {
        sheet.line(pair(page, "flights", &line));
    }
    let run = connection.planned.since(Moment::START).as_millis();
    let run = u64::try_from(run).unwrap_or(u64::MAX);
    let now_ms = page.model.run().wall_ms.saturating_add(run);
    for (place, certificate) in handshake.chain.iter().enumerate() {
        certificate_lines(place, certificate, now_ms, page, sheet);
    }
    if let Some(roots) = &handshake.roots {
        sheet.line(pair(page, "trusted by", roots));
    }
    if let Some(staple) = &handshake.staple {
        sheet.line(pair(page, "ocsp staple", &stapled(staple)));
    }
    match &handshake.identity {
        Some(Identity::Shown(subject)) => {
            sheet.line(pair(
                page,
                "asked us",
                &format!("who we are: “{subject}” (--cert)"),
            ));
        }
        Some(Identity::Nobody) => {
            sheet.line(pair(page, "asked us", "who we are: nothing was shown"));
        }
        None => {}
    }
}

/// What went to and fro, each flight with its size and when its last byte passed.
fn flights(flights: &[Flight]) -> Option<String> {
    let first = flights.first()?;
    let told = flights.iter().map(|flight| {
        let arrow = match flight.by {
            Side::Us => '→',
            Side::Server => '←',
        };
        let after = duration(flight.until.since(first.at));
        format!("{arrow} {} at {after}", bytes(flight.bytes))
    });
    Some(told.collect::<Vec<_>>().join("  "))
}

fn certificate_lines(
    place: usize,
    certificate: &Certificate,
    now_ms: u64,
    page: &Page<'_>,
    sheet: &mut Sheet,
) {
    let role = if place == 0 {
        "certificate"
    } else {
        "authority"
    };
    let words = format!("“{}”, {}", certificate.subject, certificate.key);
    sheet.line(pair(page, role, &words));
    if !certificate.names.is_empty() && place == 0 {
        let names = &certificate.names;
        let mut shown = names
            .iter()
            .take(NAMES_SHOWN)
            .cloned()
            .collect::<Vec<_>>()
            .join(", ");
        if let Some(more) = names
            .len()
            .checked_sub(NAMES_SHOWN)
            .filter(|more| *more > 0)
        {
            shown = format!("{shown} and {more} more");
        }
        sheet.line(pair(page, "  for", &shown));
    }
    let signed = format!("“{}”, {}", certificate.issuer, certificate.signature);
    sheet.line(pair(page, "  signed by", &signed));
    sheet.line(pair(page, "  good", &lasting(certificate, now_ms)));
}

fn lasting(certificate: &Certificate, now_ms: u64) -> String {
    let (from, until) = (day(certificate.from_ms), day(certificate.until_ms));
    let days = |ms: u64| match ms / DAY_MS {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    let left = if now_ms > certificate.until_ms {
        format!("over for {}", days(now_ms - certificate.until_ms))
    } else if now_ms < certificate.from_ms {
        format!("not before {}", days(certificate.from_ms - now_ms))
    } else {
        format!("{} left", days(certificate.until_ms - now_ms))
    };
    format!("{from} to {until}, {left}")
}

fn stapled(staple: &Staple) -> String {
    let standing = match staple.standing {
        Standing::Good => "good".to_owned(),
        Standing::Revoked(when) => format!("revoked on {}", day(when)),
        Standing::Unknown => "the authority does not know it".to_owned(),
    };
    if let Some(doubt) = &staple.doubt {
        return format!("not believed: {doubt}");
    }
    let until = staple.until_ms.map(|until| format!(" to {}", day(until)));
    let until = until.unwrap_or_default();
    format!("{standing}, as of {}{until}", day(staple.from_ms))
}

fn warning(name: &str, words: &str, page: &Page<'_>) -> Line<'static> {
    Line::from(vec![
        said(&format!("  {name:<14} "), page.theme.quiet()),
        said(words, page.theme.warning()),
    ])
}
