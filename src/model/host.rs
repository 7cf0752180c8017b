use std::collections::VecDeque;

use crate::event::{ConnectionId, RequestId};
use crate::message::Origin;

/// An origin with its connections and the line of those that wait for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Which.
    pub origin: Origin,
    /// Every connection to it, in the order they were dialled.
    pub connections: Vec<ConnectionId>,
    /// The requests in line, the first in front.
    pub waiting: VecDeque<RequestId>,
    /// Connections that are open or being opened now.
    pub open: usize,
    /// Connections that carry a request or are being opened now.
    pub busy: usize,
}

impl Host {
    pub(super) fn new(origin: Origin) -> Self {
        Self {
            origin,
            connections: Vec::new(),
            waiting: VecDeque::new(),
            open: 0,
            busy: 0,
        }
    }

    /// How many are ahead of `request` in line.
    pub fn ahead(&self, request: RequestId) -> Option<usize> {
        self.waiting.iter().position(|waiting| *waiting == request)
    }
}
