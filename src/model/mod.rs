//! Facts folded into a picture: who did what when, and what a bar means.
//!
//! This room has no clock, no failure and no output; whatever facts it is given, it makes the best
//! of them and counts what made no sense.

mod activity;
mod again;
mod amount;
mod arrival;
mod bar;
mod blame;
mod blocked;
mod caching;
mod connection;
mod critical;
mod crowd;
mod fold;
mod history;
mod hits;
mod host;
mod jar;
mod journal;
mod kind;
mod ladder;
mod lane;
mod look_up;
mod model;
mod note;
mod remarks;
mod request;
mod rivals;
mod scale;
mod standing;
mod tape;
mod throttling;
mod timeline;
mod timing;
mod totals;
mod waits;

pub use activity::Activity;
pub use amount::{bytes, duration, ordinal};
pub use arrival::Arrival;
pub use bar::{Cell, bar};
pub use blame::{Blame, Wait, blame, next_free};
pub use blocked::{Stretch, stretches};
pub use caching::{Caching, OnDisk};
pub use connection::{Carried, Connection, Try};
pub use critical::{Link, Step, critical_end, critical_path};
pub use history::{Deed, history};
pub use hits::{Help, Hits, help};
pub use host::Host;
pub use jar::{Chosen, Jar, Judged, Kept};
pub use journal::Journal;
pub use kind::kind;
pub use ladder::{Proof, Rung, closing, ladder};
pub use lane::{LaneCell, lane};
pub use look_up::{LookUp, Query};
pub use model::{Model, Run};
pub use remarks::{Remark, remarks};
pub use request::{Replaced, Request};
pub use rivals::{Rival, rivals};
pub use scale::{Scale, Tick};
pub use standing::{Standing, standing};
pub use tape::{BODIES, Tape};
pub use timeline::{Span, Timeline};
pub use timing::{Timing, timings};
pub use totals::Totals;
pub use waits::{Waits, waits};
