use std::fmt::Write as _;
use std::sync::Arc;

use crate::message::{Method, Payload, Priority, Saying, basic};

use super::curl_options::{Means, long, short};
use super::form::form;
use super::line::{BadLine, Listed, Word};
use super::shell::commands;
use super::speech::{header, read as read_file, say, without_line_ends};
use super::target::read_target;
use super::usage::UsageError;

/// Whether a line is a command for curl.
pub(super) fn is_curl(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("$ ").map_or(line, str::trim_start);
    let word = line
        .split([' ', '\t', '\\', '^'])
        .next()
        .unwrap_or_default();
    is_name(word) && !word.contains("://") && word.len() < line.len()
}

fn is_name(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    name.eq_ignore_ascii_case("curl") || name.eq_ignore_ascii_case("curl.exe")
}

/// Reads commands for curl as a browser copies them: what each asks for, in order.
///
/// Options that are about what curl prints or writes are passed over; any other that is not known
/// here is refused, so that nothing else is asked for than what was meant.
pub(super) fn read_curl(text: &str) -> Result<Vec<Listed>, BadLine> {
    let commands = commands(text).map_err(|bad| BadLine::at(1, bad.to_string()))?;
    let mut found = Vec::new();
    for words in commands {
        let words: Result<Vec<String>, _> = words.into_iter().map(String::from_utf8).collect();
        let words = words.map_err(|_| bad("a word is no UTF-8 text, and only a body may be so"))?;
        found.extend(Curl::read(&words)?.listed()?);
    }
    Ok(found)
}

fn bad(reason: impl AsRef<str>) -> BadLine {
    BadLine::at(1, reason)
}

/// What a command asks for.
#[derive(Default)]
struct Curl {
    urls: Vec<String>,
    method: Option<Method>,
    saying: Saying,
    user: Option<String>,
    /// Pieces of the body, and what stands before each but the first.
    pieces: Vec<(&'static str, Vec<u8>)>,
    form: Vec<String>,
    is_json: bool,
    is_head: bool,
    is_get: bool,
    upload: Option<String>,
}

impl Curl {
    fn read(words: &[String]) -> Result<Self, BadLine> {
        let mut words = words.iter().map(String::as_str).peekable();
        words.next_if_eq(&"$");
        let name = words.next().unwrap_or_default();
        if !is_name(name) {
            let reason = format!(
                "{name} is no curl command; an address with & in it belongs between quotes"
            );
            return Err(bad(reason));
        }
        let mut curl = Self::default();
        let mut are_options = true;
        while let Some(word) = words.next() {
            let is_option = are_options && word.len() > 1 && word.starts_with('-');
            if !is_option {
                curl.urls.push(word.to_owned());
            } else if word == "--" {
                are_options = false;
            } else if let Some(name) = word.strip_prefix("--") {
                let means = long(name).ok_or_else(|| unknown(word))?;
                let value = if means.has_value() {
                    words.next()
                } else {
                    Some("")
                };
                curl.take(means, value.ok_or_else(|| no_value(word))?)?;
            } else {
                curl.take_letters(word, &mut words)?;
            }
        }
        Ok(curl)
    }

    /// Letters in a row, the last of which may have its value behind it: `-sXPOST`.
    fn take_letters<'a>(
        &mut self,
        word: &'a str,
        words: &mut impl Iterator<Item = &'a str>,
    ) -> Result<(), BadLine> {
        let mut letters = word.chars();
        letters.next();
        while let Some(letter) = letters.next() {
            let option = format!("-{letter}");
            let means = short(letter).ok_or_else(|| unknown(&option))?;
            if !means.has_value() {
                self.take(means, "")?;
                continue;
            }
            let behind = letters.as_str();
            let value = if behind.is_empty() {
                words.next()
            } else {
                Some(behind)
            };
            return self.take(means, value.ok_or_else(|| no_value(&option))?);
        }
        Ok(())
    }

    fn take(&mut self, means: Means, value: &str) -> Result<(), BadLine> {
        match means {
            Means::Nothing | Means::NothingWith => {}
            Means::Method => {
                let method = value.parse();
                let method = method.map_err(|error| bad(format!("-X {value}: {error}")))?;
                self.method = Some(method);
            }
            Means::Url => self.urls.push(value.to_owned()),
            Means::Header if value.starts_with('@') => {
                return Err(bad(format!(
                    "-H {value}: headers in files are not read here"
                )));
            }
            Means::Header => header(value, &mut self.saying).map_err(wrong)?,
            Means::Agent => self.field("User-Agent", value)?,
            Means::Referer => self.field("Referer", value.trim_end_matches(";auto"))?,
            Means::Bearer => self.field("Authorization", &format!("Bearer {value}"))?,
            Means::Range => self.field("Range", &format!("bytes={value}"))?,
            Means::User => self.user = Some(value.to_owned()),
            Means::Cookie if !value.contains('=') => {
                let reason =
                    format!("-b {value}: start netwaterfall with -b for cookies in a file");
                return Err(bad(reason));
            }
            Means::Cookie => {
                let bytes = value.bytes().map(char::from).collect();
                self.saying.cookies = Some(bytes);
            }
            Means::Data | Means::Raw | Means::Binary | Means::Encoded | Means::Json => {
                self.add_data(means, value)?;
            }
            Means::Form => self.form.push(value.to_owned()),
            Means::Upload => self.upload = Some(value.to_owned()),
            Means::Head => self.is_head = true,
            Means::Get => self.is_get = true,
        }
        Ok(())
    }

    fn field(&mut self, name: &str, value: &str) -> Result<(), BadLine> {
        if value.is_empty() {
            self.saying.without.push(name.to_owned());
            return Ok(());
        }
        say(name, value, &mut self.saying).map_err(wrong)
    }

    fn add_data(&mut self, means: Means, value: &str) -> Result<(), BadLine> {
        let file = value.strip_prefix('@');
        let bytes = match (means, file) {
            (Means::Data, Some(name)) => without_line_ends(read(name).map_err(wrong)?),
            (Means::Binary | Means::Json, Some(name)) => read(name).map_err(wrong)?,
            (Means::Encoded, _) => encoded(value)?,
            _ => value.as_bytes().to_vec(),
        };
        self.is_json |= matches!(means, Means::Json);
        let between = if matches!(means, Means::Json) {
            ""
        } else {
            "&"
        };
        self.pieces.push((between, bytes));
        Ok(())
    }

    /// One for each URL.
    fn listed(mut self) -> Result<Vec<Listed>, BadLine> {
        if self.urls.is_empty() {
            return Err(bad("this curl command names no URL"));
        }
        let data = self.data();
        let query = if self.is_get { data.clone() } else { None };
        self.fill(data)?;
        let method = self.method.clone().unwrap_or_else(|| self.usual_method());
        let one = |url: &String| {
            let mut url = read_target(Word {
                text: &with_scheme(url),
                column: 1,
            })?;
            if let Some(query) = &query {
                let query = String::from_utf8_lossy(query);
                let former = url.query().map(|former| format!("{former}&"));
                url.set_query(Some(&format!("{}{query}", former.unwrap_or_default())));
            }
            Ok(Listed {
                method: method.clone(),
                url,
                priority: Priority::Auto,
                line: None,
                saying: Some(Box::new(self.saying.clone())),
            })
        };
        self.urls.iter().map(one).collect()
    }

    /// The body as far as it is given with `-d` and the like.
    fn data(&mut self) -> Option<Vec<u8>> {
        let mut all: Option<Vec<u8>> = None;
        for (between, bytes) in self.pieces.drain(..) {
            match &mut all {
                None => all = Some(bytes),
                Some(all) => {
                    all.extend_from_slice(between.as_bytes());
                    all.extend_from_slice(&bytes);
                }
            }
        }
        all
    }

    /// Body and credentials.
    fn fill(&mut self, data: Option<Vec<u8>>) -> Result<(), BadLine> {
        let media_type = if self.is_json {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        if self.is_json && !self.saying.has("accept") {
            self.field("Accept", "application/json")?;
        }
        self.saying.payload = match data {
            Some(bytes) if !self.is_get => Some(Payload {
                bytes: Arc::from(bytes),
                media_type: Some(media_type.to_owned()),
            }),
            _ if !self.form.is_empty() => Some(form(&self.form, read).map_err(wrong)?),
            _ => None,
        };
        if let Some(name) = &self.upload {
            self.saying.payload = Some(Payload {
                bytes: Arc::from(read(name).map_err(wrong)?),
                media_type: None,
            });
        }
        if let Some(user) = self
            .user
            .take()
            .filter(|_| !self.saying.has("authorization"))
        {
            let colon = if user.contains(':') { "" } else { ":" };
            self.field("Authorization", &basic(format!("{user}{colon}").as_bytes()))?;
        }
        Ok(())
    }

    fn usual_method(&self) -> Method {
        let name = match &self.saying.payload {
            _ if self.is_head => "HEAD",
            Some(_) if self.upload.is_some() => "PUT",
            Some(_) => "POST",
            None => "GET",
        };
        name.parse().unwrap_or_else(|_| Method::get())
    }
}

/// The bytes of a file that a command names; standard input is no file, and has other uses.
fn read(name: &str) -> Result<Vec<u8>, UsageError> {
    if name == "-" {
        return Err(UsageError::Unreadable {
            name: "@-".to_owned(),
            reason: "standard input is not read for a command; name a file".to_owned(),
        });
    }
    read_file(name)
}

/// What curl makes of `--data-urlencode`.
fn encoded(value: &str) -> Result<Vec<u8>, BadLine> {
    let (name, content) = match value.find(['=', '@']).map(|at| value.split_at(at)) {
        None => ("", value.as_bytes().to_vec()),
        Some((name, rest)) => match rest.strip_prefix('@') {
            Some(file) => (name, read(file).map_err(wrong)?),
            None => (name, rest.trim_start_matches('=').as_bytes().to_vec()),
        },
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut text = if name.is_empty() {
        String::new()
    } else {
        format!("{name}=")
    };
    for byte in content {
        if is_plain(byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    Ok(text.into_bytes())
}

/// Without a scheme, curl takes http.
fn with_scheme(url: &str) -> String {
    if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{url}")
    }
}

fn unknown(option: &str) -> BadLine {
    let reason = match option {
        "-k" | "--insecure" => "start netwaterfall with -k for certificates that are not checked",
        "-x" | "--proxy" | "--connect-to" | "--resolve" | "-4" | "-6" | "--ipv4" | "--ipv6" => {
            "it is for the whole run: start netwaterfall with it"
        }
        "--next" | "-:" => "write what stands behind --next as a command of its own",
        _ => "this option of curl is not known here: take it away, if it does not matter",
    };
    bad(format!("{option}: {reason}"))
}

fn no_value(option: &str) -> BadLine {
    bad(format!("{option}: its value is missing"))
}

#[expect(clippy::needless_pass_by_value, reason = "errors are mapped by value")]
fn wrong(error: UsageError) -> BadLine {
    bad(error.to_string())
}
