//! What a person typed, understood: options, lists of URLs, and what is wrong with them.
//!
//! This room opens no connection and prints nothing: it turns words into values, or into one clear
//! sentence that says what is wrong, where, and how to mend it.

mod amount;
mod args;
mod cookies;
mod form;
mod input;
mod line;
mod resolve;
mod settings;
mod speech;
mod target;
mod urls;

#[cfg(test)]
mod args_tests;
#[cfg(test)]
mod urls_tests;

pub use args::{Args, Changed, Color, Format, Limits, Output, Reach, Subcommand, Waits};
pub use cookies::CookieOptions;
pub use input::{Input, read_file, read_standard_input};
pub use line::{BadLine, LONGEST_LINE, Listed, read_line};
pub use resolve::Resolve;
pub use settings::{Settings, Task, Timeouts, UsageError};
pub use speech::{Speech, Spoken};
pub use urls::{Problem, UrlList, read_arguments, read_text};
