use std::ops::{Index, IndexMut};

use serde::{Deserialize, Serialize};

use super::Failure;

/// Turns the table below into [`Stage`], [`Stage::ALL`] and [`Stage::card`].
macro_rules! stages {
    ($($(#[doc = $doc:literal])+ $stage:ident $name:literal $glyph:literal $owner:ident
       after[$($before:ident)*] har[$($har:ident)?] $tone:ident)+) => {
        /// A stretch of a request's or a connection's life, in the order it is usually lived.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Stage {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $stage,)+
        }

        impl Stage {
            /// Every stage, in order.
            pub const ALL: &'static [Self] = &[$(Self::$stage),+];

            /// What the other rooms need to know about the stage.
            pub const fn card(self) -> &'static StageCard {
                match self {
                    $(Self::$stage => &StageCard {
                        name: $name,
                        words: concat!($($doc),+),
                        glyph: $glyph,
                        owner: Owner::$owner,
                        after: &[$(Self::$before),*],
                        har: [$(Some(HarPhase::$har),)? None][0],
                        tone: Tone::$tone,
                    },)+
                }
            }
        }
    };
}

// To add a stage, add a row here, its work in `engine/stage/`, and a line in a life.
stages! {
    /// Asking the cache whether the answer is already here.
    Cache   "cache"   '◆' Request    after[]            har[Blocked] Idle
    /// Looking the name up.
    Dns     "dns"     '░' Request    after[Cache]       har[Dns]     Lookup
    /// Waiting in line for a connection.
    Queue   "queue"   '·' Request    after[Cache Dns]   har[Blocked] Idle
    /// Opening the TCP connection.
    Connect "connect" '▒' Connection after[]            har[Connect] Setup
    /// Having a proxy open the way on.
    Proxy   "proxy"   '▚' Connection after[Connect]     har[Connect] Setup
    /// Shaking hands over TLS.
    Tls     "tls"     '▓' Connection after[Connect Proxy] har[Ssl]   Secure
    /// Writing the request.
    Send    "send"    '▏' Request    after[Queue]       har[Send]    Out
    /// Waiting for the first byte of the answer.
    Wait    "wait"    '╌' Request    after[Send]        har[Wait]    Think
    /// Reading the answer.
    Receive "receive" '█' Request    after[Wait]        har[Receive] In
    /// Parting from the peer.
    Close   "close"   '▕' Connection after[Connect Proxy Tls] har[]        Idle
}

/// Everything the other rooms need to know about a stage.
#[derive(Debug)]
pub struct StageCard {
    /// The word in legends, filters and NDJSON.
    pub name: &'static str,
    /// What happens in it, as a sentence.
    pub words: &'static str,
    /// The sign that stands for it beside its colour.
    pub glyph: char,
    /// Whether a request or a connection lives it.
    pub owner: Owner,
    /// The stages that may come right before it.
    pub after: &'static [Stage],
    /// The HAR timing it counts towards.
    pub har: Option<HarPhase>,
    /// The colour role the theme fills in.
    pub tone: Tone,
}

/// Who lives a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The request itself.
    Request,
    /// The connection it may share.
    Connection,
}

/// The seven timings HAR knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HarPhase {
    /// Before anything was tried.
    Blocked,
    /// Name lookup.
    Dns,
    /// Transport.
    Connect,
    /// Security.
    Ssl,
    /// Request out.
    Send,
    /// Server thinking.
    Wait,
    /// Response in.
    Receive,
}

/// A colour role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Nothing is happening on the wire.
    Idle,
    /// Finding the way.
    Lookup,
    /// Setting up.
    Setup,
    /// Setting up securely.
    Secure,
    /// Bytes out.
    Out,
    /// Their turn.
    Think,
    /// Bytes in.
    In,
    /// It went wrong.
    Failed,
    /// Words among bars.
    Label,
}

/// How a stage came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// As hoped.
    Done,
    /// With a failure, in words.
    Failed(Failure),
    /// The work was dropped before it ended.
    Abandoned,
}

/// One value for each stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerStage<T>([T; Stage::ALL.len()]);

impl<T> Index<Stage> for PerStage<T> {
    type Output = T;

    fn index(&self, stage: Stage) -> &T {
        &self.0[stage as usize]
    }
}

impl<T> IndexMut<Stage> for PerStage<T> {
    fn index_mut(&mut self, stage: Stage) -> &mut T {
        &mut self.0[stage as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_name_every_stage_once_and_only_look_back() {
        for (i, stage) in Stage::ALL.iter().enumerate() {
            let card = stage.card();
            assert_eq!(*stage as usize, i);
            assert!(card.after.iter().all(|s| (*s as usize) < i));
            let same = |s: &&Stage| s.card().name == card.name || s.card().glyph == card.glyph;
            assert_eq!(Stage::ALL.iter().filter(same).count(), 1);
        }
    }

    #[test]
    fn the_word_in_ndjson_is_the_word_on_the_card() {
        for stage in Stage::ALL {
            let written = serde_json::to_string(stage).unwrap();
            assert_eq!(written, format!("\"{}\"", stage.card().name));
        }
    }
}
