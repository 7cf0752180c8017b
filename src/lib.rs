#![doc = include_str!("README.md")]

pub mod cache;
pub mod cli;
pub mod clock;
pub mod coding;
pub mod demo;
pub mod engine;
pub mod event;
pub mod export;
pub mod http1;
pub mod import;
pub mod message;
pub mod model;
pub mod net;
pub mod pool;
pub mod run;
pub mod ui;
