use std::collections::HashSet;
use std::sync::Arc;

use ratatui::layout::Rect;

use crate::content::{Reading, Tree};
use crate::event::RequestId;
use crate::model::{Model, Request};

use super::action::Effect;
use super::pane;
use super::state::{Focus, State};
use super::tab::Tab;
use super::tail::Tail;
use super::unpacked::{Plain, Unpacked};

/// A tree with more values is folded at first, but for its first two levels.
const SMALL_TREE: usize = 300;
/// A step to the side.
const STEP: usize = 16;

/// How a person looks at bodies.
#[derive(Clone, Debug, Default)]
pub(super) struct Browsing {
    /// In which light, where that can be.
    wish: Option<Light>,
    /// Whether headers are shown as they were said, and no more.
    pub(super) is_raw: bool,
    /// Whose tree it is that is folded.
    of: Option<RequestId>,
    folded: HashSet<u32>,
    /// The values of the tree that are not folded away.
    rows: Arc<[u32]>,
    /// By how many columns text is moved to the left.
    pub(super) panned: usize,
}

/// What of a value is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The way to it.
    Path,
    /// Itself, as it was written.
    Value,
}

/// A way to look at a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Light {
    /// As a picture.
    Picture,
    /// As a tree.
    Tree,
    /// As text.
    Text,
    /// Byte by byte.
    Bytes,
}

impl Light {
    /// The ways in which a body can be looked at, the best first.
    pub(super) fn of(plain: &Plain) -> Vec<Self> {
        let Reading { text, tree, .. } = &*plain.reading;
        let mut lights = Vec::new();
        lights.extend(plain.blocks.as_ref().map(|_| Self::Picture));
        lights.extend(matches!(tree, Some(Ok(_))).then_some(Self::Tree));
        lights.extend(text.as_ref().map(|_| Self::Text));
        lights.push(Self::Bytes);
        lights
    }

    /// As it is said.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Tree => "tree",
            Self::Text => "text",
            Self::Bytes => "bytes",
        }
    }
}

impl Browsing {
    /// The light in which a body is seen.
    pub(super) fn light(&self, plain: &Plain) -> Light {
        let lights = Light::of(plain);
        let wish = self.wish.filter(|wish| lights.contains(wish));
        wish.or_else(|| lights.first().copied())
            .unwrap_or(Light::Bytes)
    }

    /// The lines of a body.
    pub(super) fn tail(&self, plain: &Plain) -> Tail {
        let reading = &plain.reading;
        let bytes = || Tail::Bytes(reading.bytes.clone());
        match (self.light(plain), &reading.tree, &reading.text) {
            (Light::Picture, ..) => plain.blocks.clone().map_or_else(bytes, Tail::Blocks),
            (Light::Tree, Some(Ok(tree)), _) => Tail::Tree(tree.clone(), self.rows.clone()),
            (Light::Text, _, Some(text)) => Tail::Text(text.clone()),
            (Light::Tree | Light::Text | Light::Bytes, ..) => bytes(),
        }
    }

    /// Whether the value at `place` of the tree is folded.
    pub(super) fn is_folded(&self, place: usize) -> bool {
        u32::try_from(place).is_ok_and(|place| self.folded.contains(&place))
    }

    /// The line of a value that is not folded away.
    pub(super) fn line_of(&self, place: usize) -> usize {
        self.rows.partition_point(|row| (*row as usize) < place)
    }

    fn fold(&mut self, place: usize, is_folded: bool) {
        let Ok(place) = u32::try_from(place) else {
            return;
        };
        if is_folded {
            self.folded.insert(place);
        } else {
            self.folded.remove(&place);
        }
    }

    /// Folds a new tree where it is large.
    fn begin(&mut self, of: RequestId, tree: &Tree) {
        if self.of != Some(of) {
            self.of = Some(of);
            self.folded.clear();
            let is_large = tree.nodes().len() > SMALL_TREE;
            let nodes = tree.nodes().iter().zip(0..);
            let deep = nodes.filter(|(node, _)| is_large && node.depth >= 2 && node.size > 0);
            self.folded.extend(deep.map(|(_, place)| place));
        }
        self.lay_out(tree);
    }

    /// Finds the values that are not folded away.
    fn lay_out(&mut self, tree: &Tree) {
        let mut rows = Vec::new();
        let mut place = 0;
        while place < tree.nodes().len() {
            rows.extend(u32::try_from(place).ok());
            place = if self.is_folded(place) {
                tree.end(place)
            } else {
                place + 1
            };
        }
        self.rows = rows.into();
    }
}

/// Looking at bodies.
impl State {
    /// A body was read: shows it.
    pub fn open_body(&mut self, unpacked: Unpacked) {
        if let Ok(plain) = &unpacked.outcome
            && let Some(Ok(tree)) = &plain.reading.tree
        {
            self.browsing.begin(unpacked.request, tree);
        }
        self.unpacked = Some(unpacked);
    }

    /// The next way to look at the body, or at the headers.
    pub(super) fn look_otherwise(&mut self, model: &Model) {
        let Some(request) = self.current(model) else {
            return;
        };
        match (self.tab, self.plain_of(request)) {
            (Tab::Headers, _) => {
                self.browsing.is_raw = !self.browsing.is_raw;
                let how = if self.browsing.is_raw {
                    "headers as they were said"
                } else {
                    "headers with their parts told apart"
                };
                self.tell(how);
            }
            (Tab::Body, Some(plain)) => {
                let lights = Light::of(plain);
                let now = self.browsing.light(plain);
                let place = lights.iter().position(|light| *light == now).unwrap_or(0);
                let next = lights.get((place + 1) % lights.len()).copied();
                self.browsing.wish = next;
                if let Some(next) = next {
                    self.tell(format!("the body as {}", next.name()));
                }
            }
            _ => self.tell("there is one way only to look at this"),
        }
        (self.cursor, self.scrolled, self.browsing.panned) = (0, 0, 0);
    }

    pub(super) fn plain_of(&self, request: &Request) -> Option<&Plain> {
        self.unpacked_of(request)?.outcome.as_ref().ok()
    }

    /// Folds, unfolds or moves to the side in the body, where the cursor is in it; whether it is.
    pub(super) fn fold_in_body(&mut self, is_folded: Option<bool>, model: &Model) -> bool {
        let sheet = pane::sheet(self, model);
        let Some(line) = sheet.behind(self.cursor) else {
            return false;
        };
        let head = sheet.lines.len();
        match (sheet.tail, is_folded) {
            (Some(Tail::Tree(tree, rows)), _) => {
                let place = rows.get(line).map_or(0, |place| *place as usize);
                let goal = self.fold_value(&tree, place, is_folded);
                self.cursor = head + self.browsing.line_of(goal);
            }
            (Some(Tail::Text(_)), Some(true)) => {
                self.browsing.panned = self.browsing.panned.saturating_sub(STEP);
            }
            (Some(Tail::Text(_)), Some(false)) => self.browsing.panned += STEP,
            _ => {}
        }
        self.keep_cursor_in_sight();
        true
    }

    /// Folds or unfolds a value, or goes to the one that it stands in, or to its first; where the
    /// cursor is to be.
    fn fold_value(&mut self, tree: &Tree, place: usize, is_folded: Option<bool>) -> usize {
        let has_values = tree.nodes().get(place).is_some_and(|node| node.size > 0);
        let was_folded = self.browsing.is_folded(place);
        match is_folded {
            None if has_values => self.browsing.fold(place, !was_folded),
            Some(false) if has_values && was_folded => self.browsing.fold(place, false),
            Some(false) if has_values => return place + 1,
            Some(true) if has_values && !was_folded => self.browsing.fold(place, true),
            Some(true) => return tree.parent(place).unwrap_or(place),
            None | Some(false) => return place,
        }
        self.browsing.lay_out(tree);
        place
    }

    /// Unfolds whatever hides a value of the tree.
    pub(super) fn unfold_to(&mut self, tree: &Tree, place: usize) {
        let mut at = place;
        while let Some(parent) = tree.parent(at) {
            self.browsing.fold(parent, false);
            at = parent;
        }
        self.browsing.lay_out(tree);
    }

    /// The tree and the place in it where the cursor is.
    pub(super) fn value_at_cursor(&self, model: &Model) -> Option<(Arc<Tree>, usize)> {
        let sheet = pane::sheet(self, model);
        let line = sheet.behind(self.cursor)?;
        match sheet.tail {
            Some(Tail::Tree(tree, rows)) => Some((tree, *rows.get(line)? as usize)),
            _ => None,
        }
    }

    /// How many rows at the foot of the details are for what there is to say about a line.
    pub(super) fn rows_for_notes(&self, details: Rect) -> u16 {
        let is_read = self.focus == Focus::Details && details.height >= 6;
        let unpacked = self.unpacked.as_ref();
        let unpacked = unpacked.filter(|unpacked| Some(unpacked.request) == self.selected);
        let plain = unpacked.and_then(|unpacked| unpacked.outcome.as_ref().ok());
        let is_tree = plain.is_some_and(|plain| self.browsing.light(plain) == Light::Tree);
        if self.tab == Tab::Headers && is_read {
            1 + u16::from(details.width < 110)
        } else if self.tab == Tab::Body && is_read && is_tree {
            1
        } else {
            u16::from(self.finder.is_typed)
        }
    }

    /// Copies the way to the value at the cursor, or the value.
    pub(super) fn copy_value(&mut self, part: Part, model: &Model) -> Option<Effect> {
        let Some((tree, place)) = self.value_at_cursor(model) else {
            self.tell("go to a value of JSON in the Body tab first");
            return None;
        };
        let path = tree.path(place);
        if part == Part::Path {
            let what = "the path".to_owned();
            return Some(Effect::Copy { what, text: path });
        }
        let node = tree.nodes().get(place)?;
        let text = tree.value(node).to_owned();
        let what = format!("the value of {path}");
        Some(Effect::Copy { what, text })
    }
}
