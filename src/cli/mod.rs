//! What a person typed, understood: options, lists of URLs, and what is wrong with them.
//!
//! This room opens no connection and prints nothing: it turns words into values, or into one clear
//! sentence that says what is wrong, where, and how to mend it.

mod amount;
mod args;
mod bash;
mod cache;
mod clock;
mod cmd;
mod config;
mod cookies;
mod curl;
mod curl_options;
mod draft;
mod form;
mod input;
mod limits;
mod line;
mod look;
mod name_server;
mod output;
mod proxy;
mod reach;
mod reference;
mod resolve;
mod security;
mod settings;
mod shell;
mod speech;
mod speed;
mod subcommand;
mod target;
mod typed;
mod urls;
mod usage;
mod waits;

#[cfg(test)]
mod args_tests;
#[cfg(test)]
mod config_tests;
#[cfg(test)]
mod curl_tests;
#[cfg(test)]
mod urls_tests;

pub use args::Args;
pub use cache::{CacheAct, CacheOptions, Store};
pub use clock::Clock;
pub use config::{BadConfig, Columns, Config, KeyPreference, nearest, quoted};
pub use cookies::CookieOptions;
pub use draft::{Written, read_draft, read_written, written};
pub use input::{Input, read_file, read_standard_input};
pub use limits::Limits;
pub use line::{BadLine, LONGEST_LINE, Listed, read_line};
pub use look::Look;
pub use name_server::NameServer;
pub use output::{Color, Format, Output, ThemeName};
pub use proxy::ProxyOptions;
pub use reach::Reach;
pub use reference::{completions, manual};
pub use resolve::Resolve;
pub use security::{SecurityOptions, TlsVersion};
pub use settings::{Settings, Task};
pub use speech::{Speech, Spoken};
pub use speed::Speed;
pub use subcommand::{Changed, Lesson, Subcommand};
pub use typed::Typed;
pub use urls::{Problem, UrlList, has_curl, read_arguments, read_text};
pub use usage::UsageError;
pub use waits::Waits;
