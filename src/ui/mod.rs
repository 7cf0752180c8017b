//! The picture, drawn, and what keys mean for it.
//!
//! This room has no loop, no channel and no clock: it is handed the model, the moment and the
//! keys, and drawing changes nothing.

mod action;
mod asking;
mod binding;
mod browsing;
mod cell;
mod column;
mod columns;
mod completion;
mod console;
mod direction;
mod filtering;
mod finding;
mod folds;
mod form;
mod held;
mod help_view;
mod hindrance;
mod imagined;
mod jar_view;
mod keymap;
mod keys;
mod lanes;
mod layers;
mod layout;
mod link;
mod menu;
mod mouse;
mod moving;
mod order;
mod palette;
mod pane;
mod panes;
mod pointing;
mod rows;
#[cfg(test)]
mod rows_tests;
mod screen;
mod search;
mod searching;
mod secrets;
mod sorting;
mod state;
mod tab;
mod tail;
mod theme;
mod trail;
mod typing;
mod unpacked;
mod widget;
mod window;

pub use action::{
    Action, Edit, Effect, FilterAct, JarAct, PaletteAct, SearchAct, TableAct, TimeAct, Wind,
};
pub use binding::{Binding, Mode};
pub use console::for_console;
pub use direction::keep_apart;
pub use finding::FindAct;
pub use form::{Draft, FormAct};
pub use held::{Held, Pace};
pub use imagined::Imagined;
pub use jar_view::JarOrder;
pub use keymap::bindings;
pub use keys::{BadKey, Bound, Choice, Keys, pressed};
pub use layers::Overlay;
pub use layout::{BadColumn, Layout};
pub use menu::{Menu, Paper, Piece};
pub use screen::{Areas, areas, draw};
pub use search::{Found, Haystack, Hit, Needle, Quest};
pub use secrets::Secrets;
pub use state::{Focus, Notice, State};
pub use tab::Tab;
pub use theme::Theme;
pub use unpacked::{Drawn, Packed, Placed, Plain, Unpacked};
