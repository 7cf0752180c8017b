//! The wiring: what was typed becomes a run, on a screen or without.
//!
//! Nobody imports this room; whatever needs no outside world belongs in another.

mod address;
mod answers;
mod archive;
mod archive_file;
mod asserting;
mod cache_folder;
mod cached;
mod clipboard;
mod colours;
mod copying;
mod decoder;
mod editing;
mod exit;
mod feed;
mod frames;
mod graphics;
mod headless;
mod inputs;
mod jar_files;
mod keyboard;
mod kitty;
mod lessons;
mod live;
mod name_server;
mod new_file;
mod pacing;
mod panic;
mod picture;
mod pipe;
mod pose;
mod preferences;
mod program;
mod proxies;
mod question;
mod reckoner;
mod reckoning;
mod recorder;
mod remembered;
mod replay;
mod screen;
mod searcher;
mod security;
mod terminal;
mod typed_lines;
mod unpacking;
mod whatif;
mod winding;
mod world;

pub use program::main;
