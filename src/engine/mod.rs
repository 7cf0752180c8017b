//! A list of URLs in, facts out.
//!
//! The engine lives on one thread and tells everything it does through one door, the reporter. It
//! knows nothing of screens, files or formats.

mod alarm;
mod closing;
mod connection;
mod cookies;
mod dispatch;
mod engine;
mod failing;
mod fetch;
mod kernel;
mod lease;
mod look_up;
mod name_book;
mod proxies;
mod redirect;
mod reporter;
mod resume;
mod roads;
mod settings;
mod stage;
mod thread;
mod trail;
mod writers;

pub use cookies::CookieRules;
pub use engine::{World, run};
pub use proxies::{Exceptions, Proxies};
pub use settings::{Families, Settings};
pub use thread::{Handle, start};
