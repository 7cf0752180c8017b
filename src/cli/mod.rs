//! What a person typed, understood: options, lists of URLs, and what is wrong with them.
//!
//! This room opens no connection and prints nothing: it turns words into values, or into one clear
//! sentence that says what is wrong, where, and how to mend it.

mod amount;
mod args;
mod cache;
mod clock;
mod cookies;
mod curl;
mod curl_options;
mod draft;
mod form;
mod input;
mod limits;
mod line;
mod output;
mod reach;
mod resolve;
mod security;
mod settings;
mod shell;
mod speech;
mod subcommand;
mod target;
mod urls;
mod usage;
mod waits;

#[cfg(test)]
mod args_tests;
#[cfg(test)]
mod urls_tests;

pub use args::Args;
pub use cache::{CacheAct, CacheOptions, Store};
pub use clock::Clock;
pub use cookies::CookieOptions;
pub use draft::{Written, read_draft, read_written, written};
pub use input::{Input, read_file, read_standard_input};
pub use limits::Limits;
pub use line::{BadLine, LONGEST_LINE, Listed, read_line};
pub use output::{Color, Format, Output};
pub use reach::Reach;
pub use resolve::Resolve;
pub use security::{SecurityOptions, TlsVersion};
pub use settings::{Settings, Task};
pub use speech::{Speech, Spoken};
pub use subcommand::{Changed, Subcommand};
pub use urls::{Problem, UrlList, has_curl, read_arguments, read_text};
pub use usage::UsageError;
pub use waits::Waits;
