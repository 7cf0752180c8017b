use crate::event::{Choice, ConnectionId, QueueReason, RequestId, Retirement};
use crate::message::Group;

/// What the pool decided, for the engine to carry out and to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Open this connection, perhaps beside another that takes long.
    Dial(ConnectionId, Group, Option<ConnectionId>),
    /// This request may use this connection, chosen so.
    Grant(RequestId, ConnectionId, Choice),
    /// This request has to wait, with so many ahead of it.
    Queue(RequestId, usize, QueueReason),
    /// The connection that this request would have got could not be opened.
    Refuse(RequestId, ConnectionId),
    /// Close this connection: it is of no use.
    Retire(ConnectionId, Retirement),
}
