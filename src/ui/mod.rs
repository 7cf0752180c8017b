//! The picture, drawn, and what keys mean for it.
//!
//! This room has no loop, no channel and no clock: it is handed the model, the moment and the
//! keys, and drawing changes nothing.

mod action;
mod asking;
mod binding;
mod columns;
mod filter;
mod filtering;
mod folds;
mod imagined;
mod jar_view;
mod keymap;
mod keys;
mod menu;
mod mouse;
mod moving;
mod pane;
mod pointing;
mod screen;
mod secrets;
mod state;
mod tab;
mod theme;
mod typing;
mod unpacked;
mod widget;
mod window;

pub use action::{Action, Edit, Effect, FilterAct, JarAct, TimeAct};
pub use binding::{Binding, Mode};
pub use imagined::Imagined;
pub use jar_view::JarOrder;
pub use keymap::bindings;
pub use keys::{BadKey, Bound, Choice, Keys};
pub use menu::{Menu, Paper, Piece};
pub use screen::{Areas, areas, draw};
pub use secrets::Secrets;
pub use state::{Focus, Notice, Overlay, State};
pub use tab::Tab;
pub use theme::Theme;
pub use unpacked::{Packed, Plain, Shown, Unpacked};
