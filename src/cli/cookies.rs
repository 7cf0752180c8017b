use std::path::PathBuf;

use url::Url;

use crate::message::visible;

use super::line::read_line;
use super::usage::UsageError;

/// What is done with cookies.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Cookies")]
pub struct CookieOptions {
    /// Send these too ("a=1; b=2"), or begin with those of a file (repeatable).
    #[arg(short = 'b', long = "cookie", global = true, value_name = "DATA|FILE")]
    pub begin: Vec<String>,

    /// Write the jar to FILE at the end, as curl reads it.
    #[arg(short = 'c', long = "cookie-jar", global = true, value_name = "FILE")]
    pub write: Option<PathBuf>,

    /// Keep the jar in FILE from run to run.
    #[arg(long = "cookies", global = true, value_name = "FILE")]
    pub keep: Option<PathBuf>,

    /// Keep no cookies, and send none but those of -b.
    #[arg(long, global = true, conflicts_with_all = ["write", "keep"])]
    pub no_cookies: bool,

    /// The page whose requests these are; those to other sites are cross-site.
    #[arg(long, global = true, value_name = "URL", value_parser = page)]
    pub site: Option<Url>,

    /// The requests are links from that page, no parts of it.
    #[arg(long, global = true, requires = "site")]
    pub navigation: bool,

    /// Other sites than that page's have no cookies.
    #[arg(long, global = true, requires = "site")]
    pub no_third_party: bool,
}

impl CookieOptions {
    /// The cookies that were typed, as a header says them; text goes out as UTF-8.
    pub fn typed(&self) -> Result<Option<String>, UsageError> {
        let texts: Vec<&str> = self
            .begin
            .iter()
            .filter(|text| is_data(text))
            .map(|text| text.trim())
            .collect();
        if texts.is_empty() {
            return Ok(None);
        }
        let joined = texts.join("; ");
        if joined.contains(|c: char| c.is_ascii_control()) {
            return Err(UsageError::Cookie {
                text: visible(&joined).into_owned(),
            });
        }
        Ok(Some(joined.bytes().map(char::from).collect()))
    }

    /// The files that the jar begins with.
    pub fn files(&self) -> Vec<PathBuf> {
        let named = self.begin.iter().filter(|text| !is_data(text));
        named.map(PathBuf::from).collect()
    }

    /// Whether cookies were typed, rather than named.
    pub(super) fn has_typed(&self) -> bool {
        self.begin.iter().any(|text| is_data(text))
    }
}

/// As curl has it: with a `=` it is cookies, without it is a file.
fn is_data(text: &str) -> bool {
    text.contains('=')
}

fn page(text: &str) -> Result<Url, String> {
    let listed = read_line(text).map_err(|error| error.reason)?;
    Ok(listed.url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_told_from_files_and_go_out_as_utf8() {
        let options = |begin: &[&str]| CookieOptions {
            begin: begin.iter().map(|text| (*text).to_owned()).collect(),
            ..CookieOptions::default()
        };
        let both = options(&["a=1", "jar.txt", " b=\u{fc} "]);
        assert_eq!(
            both.typed().unwrap().as_deref(),
            Some("a=1; b=\u{c3}\u{bc}")
        );
        assert_eq!(both.files(), [PathBuf::from("jar.txt")]);
        assert_eq!(options(&["jar"]).typed(), Ok(None));
        assert!(options(&["a=1\r\nX: y"]).typed().is_err());
    }
}
