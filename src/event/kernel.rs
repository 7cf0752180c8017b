use std::fmt;

use serde::{Deserialize, Serialize};

use super::Moment;

/// The kernel's own times of a stage; nothing where it did not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<Moment>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Moment>,
}

/// What the kernel says of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KernelWord {
    /// TCP's book-keeping: once it is open, and after each exchange.
    Tcp(Tcp),
    /// Where it stands, as it ends.
    State(TcpState),
    /// Nothing, and why.
    Untold(String),
}

/// TCP's book-keeping of a connection; nothing where the kernel is too old to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tcp {
    /// The smoothed round trip in microseconds; as it opens, the handshake's own.
    pub rtt_us: u64,
    /// How much it varies.
    pub rtt_var_us: u64,
    /// The shortest round trip so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_rtt_us: Option<u64>,
    /// Segments that were sent again so far; as it opens, SYNs.
    pub retransmitted: u32,
    /// Segments that may be under way at a time.
    pub cwnd: u32,
    /// Bytes of a segment that is sent.
    pub mss: u32,
    /// Bytes a second, as the newest acknowledgements have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_rate: Option<u64>,
    /// Segments that came out of order: one before them was lost or overtaken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_order: Option<u32>,
}

/// Where a connection stands (RFC 9293 §3.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TcpState {
    /// Bytes may go both ways.
    Established,
    /// Our FIN is out.
    FinWait1,
    /// Our FIN was acknowledged.
    FinWait2,
    /// Both FINs are acknowledged, and ours was first.
    TimeWait,
    /// Both FINs crossed.
    Closing,
    /// Their FIN came.
    CloseWait,
    /// Their FIN came first, and ours is out.
    LastAck,
    /// It is gone.
    Closed,
}

/// As RFC 9293 writes it.
impl fmt::Display for TcpState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN_WAIT1",
            Self::FinWait2 => "FIN_WAIT2",
            Self::TimeWait => "TIME_WAIT",
            Self::Closing => "CLOSING",
            Self::CloseWait => "CLOSE_WAIT",
            Self::LastAck => "LAST_ACK",
            Self::Closed => "CLOSED",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_written_as_it_is_told() {
        for state in [TcpState::FinWait1, TcpState::TimeWait, TcpState::Closed] {
            let written = serde_json::to_string(&state).unwrap();
            assert_eq!(written, format!("\"{state}\""));
        }
    }
}
