//! Small things that panes are made of.

mod put;

pub(super) use put::{cells, fill, line, painted, put, put_linked, put_right, rule};
