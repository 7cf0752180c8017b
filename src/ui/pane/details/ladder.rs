use ratatui::text::Line;

use crate::event::{Side, Tcp};
use crate::model::{Connection, Rung, bytes, closing, duration, ladder};
use crate::ui::folds::Sheet;

use super::page::{Page, pair, remark, said};

/// Rungs that are shown; of a connection that carried many requests those in the middle are left out.
const SHOWN: usize = 40;

/// What TCP itself says of `connection`.
pub(super) fn tcp(connection: &Connection, page: &Page<'_>, sheet: &mut Sheet) {
    if let Some(untold) = connection.untold() {
        sheet.line(pair(page, "tcp", &format!("– {untold}")));
        return;
    }
    let (Some(first), Some(last)) = (connection.books().next(), connection.books().next_back())
    else {
        return;
    };
    sheet.line(pair(page, "handshake", &handshake(first)));
    let mut words = vec![format!("now {}", micros(last.rtt_us))];
    words.extend(
        last.min_rtt_us
            .map(|least| format!("least {}", micros(least))),
    );
    words.push(format!("varies by {}", micros(last.rtt_var_us)));
    let was: Vec<String> = connection.books().map(|tcp| micros(tcp.rtt_us)).collect();
    if was.len() > 2 {
        let recent = was.len().saturating_sub(8);
        words.push(format!("was {}", was[recent..].join(", ")));
    }
    sheet.line(pair(page, "round trip", &words.join(" · ")));
    sheet.line(pair(page, "window", &window(last)));
    sheet.line(pair(page, "lost", &lost(last)));
}

fn handshake(tcp: &Tcp) -> String {
    let round_trip = micros(tcp.rtt_us);
    match tcp.retransmitted {
        0 => format!("a round trip of {round_trip}, as TCP measured it; no SYN was lost"),
        1 => format!("a SYN was sent again; then a round trip of {round_trip}"),
        many => format!("{many} SYNs were sent again; then a round trip of {round_trip}"),
    }
}

fn window(tcp: &Tcp) -> String {
    let rate = tcp.delivery_rate.map_or_else(String::new, |rate| {
        format!(" · delivers {} a second", bytes(rate))
    });
    format!("{} segments of {} bytes{rate}", tcp.cwnd, tcp.mss)
}

fn lost(tcp: &Tcp) -> String {
    let ours = match tcp.retransmitted {
        0 => "nothing of ours was sent again".to_owned(),
        1 => "1 segment of ours was sent again".to_owned(),
        many => format!("{many} segments of ours were sent again"),
    };
    match tcp.out_of_order {
        None => ours,
        Some(0) => format!("{ours}; theirs came in order"),
        Some(many) => format!("{ours}; {many} of theirs came out of order"),
    }
}

fn micros(micros: u64) -> String {
    duration(std::time::Duration::from_micros(micros))
}

/// Who closed it first, and how.
pub(super) fn states(connection: &Connection, page: &Page<'_>, sheet: &mut Sheet) {
    if let Some(words) = closing(connection) {
        sheet.line(pair(page, "tcp closing", &words));
    }
}

/// What passed on the wire, a line each, with its time and how that is known.
pub(super) fn rungs(connection: &Connection, page: &Page<'_>, sheet: &mut Sheet) {
    let (rungs, left_out) = ladder(connection, page.model, page.now, SHOWN);
    let Some(start) = rungs.first().map(|rung| rung.at) else {
        return;
    };
    let title = vec![said("On the wire", page.theme.strong())];
    if !sheet.section("wire", title, page.folds) {
        return;
    }
    let line = |rung: &Rung| {
        let at = duration(rung.at.since(start));
        let way = match rung.by {
            Side::Us => "──▶",
            Side::Server => "◀──",
        };
        Line::from(vec![
            said(&format!("  {at:>10} {way} "), page.theme.quiet()),
            said(&format!("{:<34} ", rung.words), page.theme.plain()),
            said(&rung.proof.to_string(), page.theme.quiet()),
        ])
    };
    let hidden = rungs.len().saturating_sub(SHOWN);
    for (place, rung) in rungs.iter().enumerate() {
        let is_first_hidden = place == SHOWN / 2;
        if hidden > 0 && is_first_hidden {
            let more = match left_out {
                0 => format!("… {hidden} more …"),
                requests => format!("… {hidden} more, and {requests} requests besides …"),
            };
            sheet.line(remark(page, &more));
        }
        let is_hidden = place >= SHOWN / 2 && place < SHOWN / 2 + hidden;
        if !is_hidden {
            sheet.line(line(rung));
        }
    }
}
