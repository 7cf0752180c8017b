//! What can happen in a run, to whom, and when.
//!
//! This room only names things; nothing here decides, draws or reads a clock.

mod archive;
mod body;
mod command;
mod cookie;
mod decision;
mod ending;
mod event;
mod fact;
mod failure;
mod id;
mod kernel;
mod moment;
mod names;
mod road;
mod security;
mod stage;
mod stored;
mod telling;
mod throttled;
mod verdict;

pub use archive::{Archive, Entry};
pub use body::{Body, Content};
pub use command::{Because, Command, Wanted};
pub use cookie::{CookieFate, WithheldCookie};
pub use decision::{Choice, QueueReason, Retirement};
pub use ending::Ending;
pub use event::{Event, FORMAT_VERSION};
pub use fact::Fact;
pub use failure::{Failure, FailureKind};
pub use id::{ConnectionId, LookUpId, RequestId, Subject};
pub use kernel::{KernelWord, Tcp, TcpState, Times};
pub use moment::Moment;
pub use names::{Names, Sought};
pub use road::Road;
pub use security::{Flight, Handshake, Identity, Security, Side};
pub use stage::{End, HarPhase, Owner, PerStage, Stage, StageCard, Tone};
pub use stored::{CacheContents, CacheUse, Hit, Replacement, StoredVerdict};
pub use throttled::Throttled;
pub use verdict::Verdict;
