use std::sync::Arc;

use crate::content::{Blocks, Text, Tree};

/// The long end of a tab: lines that are made when they are looked at, as there may be very many.
#[derive(Clone, Debug)]
pub(super) enum Tail {
    /// The lines of a text.
    Text(Arc<Text>),
    /// The values of a tree that are not folded away.
    Tree(Arc<Tree>, Arc<[u32]>),
    /// Sixteen bytes a line.
    Bytes(Arc<[u8]>),
    /// A picture.
    Blocks(Arc<Blocks>),
}

/// Bytes in a line.
pub(super) const BYTES: usize = 16;

impl Tail {
    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Tree(_, rows) => rows.len(),
            Self::Bytes(bytes) => bytes.len().div_ceil(BYTES),
            Self::Blocks(blocks) => usize::from(blocks.rows()),
        }
    }

    /// How many things there are in which something can be found, folded ones too.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Tree(tree, _) => tree.nodes().len(),
            Self::Bytes(_) | Self::Blocks(_) => 0,
        }
    }

    /// The thing that stands in a line.
    pub(super) fn thing(&self, line: usize) -> usize {
        match self {
            Self::Tree(_, rows) => rows.get(line).map_or(0, |node| *node as usize),
            Self::Text(_) | Self::Bytes(_) | Self::Blocks(_) => line,
        }
    }

    /// Whether something is said in a thing, in its name or its value.
    pub(super) fn says(&self, thing: usize, is_said: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Text(text) => text.line(thing).is_some_and(|(line, _)| is_said(line)),
            Self::Tree(tree, _) => tree.nodes().get(thing).is_some_and(|node| {
                let is_in_value = node.size == 0 && is_said(tree.value(node));
                is_in_value || tree.key(node).is_some_and(is_said)
            }),
            Self::Bytes(_) | Self::Blocks(_) => false,
        }
    }
}
