use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use clap::ArgAction;

use crate::message::{Method, Payload, Saying, basic, visible};

use super::form::form;
use super::usage::UsageError;

/// What requests say, as curl has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Requests (all of them)")]
pub struct Speech {
    /// Ask with this method.
    #[arg(short = 'X', long = "request", value_name = "METHOD", value_parser = method)]
    pub method: Option<Method>,

    /// Say this header; 'Name:' leaves one out, 'Name;' sends it empty (repeatable).
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<String>,

    /// Send this as a form: text, or @FILE; several are joined with &.
    #[arg(short = 'd', long, value_name = "DATA", allow_hyphen_values = true)]
    pub data: Vec<String>,

    /// Send this as JSON, and ask for JSON: text, or @FILE.
    #[arg(
        long,
        value_name = "DATA",
        conflicts_with = "data",
        allow_hyphen_values = true
    )]
    pub json: Vec<String>,

    /// Send a form with files: NAME=TEXT, NAME=@FILE or NAME=<FILE (repeatable).
    #[arg(short = 'F', long = "form", value_name = "NAME=CONTENT", conflicts_with_all = ["data", "json"])]
    pub form: Vec<String>,

    /// Ask for these bytes of it only: 0-499, 500- or -500, several with commas.
    #[arg(short = 'r', long, value_name = "RANGE", value_parser = range, allow_hyphen_values = true)]
    pub range: Option<String>,

    /// Say that this program asks.
    #[arg(short = 'A', long, value_name = "NAME")]
    pub user_agent: Option<String>,

    /// Say that this page led here.
    #[arg(short = 'e', long, value_name = "URL")]
    pub referer: Option<String>,

    /// Say who asks, as HTTP Basic.
    #[arg(short = 'u', long, value_name = "USER:PASSWORD")]
    pub user: Option<String>,

    /// Say this token, as HTTP Bearer.
    #[arg(long, value_name = "TOKEN", conflicts_with = "user")]
    pub bearer: Option<String>,

    /// Follow redirects; they always are.
    #[arg(short = 'L', long, action = ArgAction::SetTrue)]
    pub location: bool,
}

/// What requests say, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spoken {
    /// The method of those that name none.
    pub method: Option<Method>,
    /// Headers and body.
    pub saying: Saying,
}

impl Speech {
    /// Understands it, and reads the files that it names.
    pub fn read(&self) -> Result<Spoken, UsageError> {
        let mut saying = Saying::default();
        for text in &self.headers {
            header(text, &mut saying)?;
        }
        for (name, value) in [
            ("User-Agent", self.user_agent.clone()),
            ("Referer", self.referer.clone()),
            ("Authorization", self.authorization()),
            (
                "Range",
                self.range.as_ref().map(|range| format!("bytes={range}")),
            ),
        ] {
            let Some(value) = value else { continue };
            if value.is_empty() {
                saying.without.push(name.to_owned());
            } else if !saying.has(name) {
                say(name, &value, &mut saying)?;
            }
        }
        if !self.json.is_empty() && !saying.has("accept") {
            say("Accept", "application/json", &mut saying)?;
        }
        saying.payload = self.payload()?;
        let post = saying.payload.as_ref().and_then(|_| "POST".parse().ok());
        Ok(Spoken {
            method: self.method.clone().or(post),
            saying,
        })
    }

    /// How often standard input is to be read.
    pub(super) fn standard_inputs(&self) -> usize {
        let data = self.data.iter().chain(&self.json);
        let is_standard = |text: &&String| text.as_str() == "@-";
        let is_part = |text: &&String| {
            let content = text.split_once('=').map_or("", |(_, content)| content);
            let content = content.split(';').next().unwrap_or_default();
            matches!(content, "@-" | "<-")
        };
        data.filter(is_standard).count() + self.form.iter().filter(is_part).count()
    }

    fn authorization(&self) -> Option<String> {
        let bearer = self.bearer.as_ref().map(|token| format!("Bearer {token}"));
        bearer.or_else(|| {
            let user = self.user.as_ref()?;
            let colon = if user.contains(':') { "" } else { ":" };
            Some(basic(format!("{user}{colon}").as_bytes()))
        })
    }

    fn payload(&self) -> Result<Option<Payload>, UsageError> {
        if !self.form.is_empty() {
            return form(&self.form, read).map(Some);
        }
        let (pieces, between, media_type) = if self.json.is_empty() {
            (&self.data, &b"&"[..], "application/x-www-form-urlencoded")
        } else {
            (&self.json, &b""[..], "application/json")
        };
        if pieces.is_empty() {
            return Ok(None);
        }
        let mut all: Vec<Vec<u8>> = Vec::new();
        for piece in pieces {
            all.push(match piece.strip_prefix('@') {
                Some(name) if self.json.is_empty() => without_line_ends(read(name)?),
                Some(name) => read(name)?,
                None => piece.clone().into_bytes(),
            });
        }
        Ok(Some(Payload {
            bytes: Arc::from(all.join(between)),
            media_type: Some(media_type.to_owned()),
        }))
    }
}

fn method(text: &str) -> Result<Method, String> {
    let method: Method = text.parse().map_err(|error| format!("{error}"))?;
    if method.as_str().eq_ignore_ascii_case("CONNECT") {
        return Err("CONNECT asks for a tunnel and fetches nothing".to_owned());
    }
    Ok(method)
}

/// Byte ranges as RFC 9110 §14.1.2 has them.
fn range(text: &str) -> Result<String, String> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_range = |range: &str| match range.split_once('-') {
        Some((first, last)) => {
            let is_ordered = match (first.parse::<u64>(), last.parse::<u64>()) {
                (Ok(first), Ok(last)) => first <= last,
                (Ok(_), Err(_)) | (Err(_), Ok(_)) => true,
                (Err(_), Err(_)) => false,
            };
            is_number(first) && is_number(last) && is_ordered
        }
        None => false,
    };
    if text.split(',').all(is_range) {
        Ok(text.to_owned())
    } else {
        Err(
            "write 0-499 for the first 500 bytes, 500- for all from there, -500 for the last 500"
                .to_owned(),
        )
    }
}

/// Reads `Name: value`, `Name:` or `Name;`.
pub(super) fn header(text: &str, saying: &mut Saying) -> Result<(), UsageError> {
    let without_blanks = |text: &str| text.trim_matches([' ', '\t']).to_owned();
    match text.split_once(':') {
        Some((name, value)) if without_blanks(value).is_empty() => {
            saying.without.push(without_blanks(name));
            Ok(())
        }
        Some((name, value)) => say(name, value, saying),
        None => match text.trim_end().strip_suffix(';') {
            Some(name) => say(name, "", saying),
            None => Err(UsageError::Header {
                text: visible(text).into_owned(),
                reason: "write 'Name: value', 'Name:' or 'Name;'".to_owned(),
            }),
        },
    }
}

/// Text goes out as UTF-8, and headers are isomorphic: a character of theirs is a byte.
pub(super) fn say(name: &str, value: &str, saying: &mut Saying) -> Result<(), UsageError> {
    let bytes: String = value.bytes().map(char::from).collect();
    saying
        .say(name, &bytes)
        .map_err(|error| UsageError::Header {
            text: visible(name).into_owned(),
            reason: error.to_string(),
        })
}

/// The bytes of a file, or of standard input for `-`.
pub(super) fn read(name: &str) -> Result<Vec<u8>, UsageError> {
    let mut bytes = Vec::new();
    let read = if name == "-" {
        io::stdin().lock().read_to_end(&mut bytes)
    } else {
        File::open(name).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(UsageError::Unreadable {
            name: visible(name).into_owned(),
            reason: error.to_string(),
        }),
    }
}

/// As curl reads files for `-d`.
pub(super) fn without_line_ends(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | b'\0'));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(speech: &Speech) -> (String, Spoken) {
        let spoken = speech.read().unwrap();
        let headers = spoken.saying.headers.iter();
        let lines: Vec<_> = headers
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        (lines.join("|"), spoken)
    }

    #[test]
    fn headers_are_said_removed_and_empty() {
        let headers = ["X-a: b:c", "accept:", "X-Empty;", "X-\u{fc}: d"].map(str::to_owned);
        let mut speech = Speech {
            headers: headers.to_vec(),
            ..Speech::default()
        };
        let words = speech.read().unwrap_err().to_string();
        assert!(words.contains("is made of letters"), "{words}");
        speech.headers[3] = "X-u: \u{fc}".to_owned();
        speech.user = Some("Aladdin:open sesame".to_owned());
        let (headers, spoken) = spoken(&speech);
        let basic = "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
        assert_eq!(
            headers,
            format!("X-a: b:c|X-Empty: |X-u: \u{c3}\u{bc}|{basic}")
        );
        assert_eq!(spoken.saying.without, ["accept"]);
        assert_eq!(spoken.method, None);
    }

    #[test]
    fn forms_are_joined_and_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("form");
        std::fs::write(&file, "c=3\r\n").unwrap();
        let (_, spoken) = spoken(&Speech {
            data: vec!["a=1".into(), format!("@{}", file.display()), "-b".into()],
            ..Speech::default()
        });
        let payload = spoken.saying.payload.unwrap();
        assert_eq!(&*payload.bytes, b"a=1&c=3&-b");
        assert_eq!(spoken.method, Some("POST".parse().unwrap()));
    }

    #[test]
    fn ranges_are_of_bytes() {
        for good in ["0-0", "500-", "-500", "0-4,8-9,-1"] {
            assert_eq!(range(good), Ok(good.to_owned()));
        }
        for bad in ["", "-", "5", "9-1", "a-b", "0-4,", "0-4 ", "1--2"] {
            assert!(range(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn json_asks_for_json() {
        let (headers, spoken) = spoken(&Speech {
            json: vec!["{}".into()],
            method: Some("PUT".parse().unwrap()),
            ..Speech::default()
        });
        assert_eq!(headers, "Accept: application/json");
        assert_eq!(spoken.method, Some("PUT".parse().unwrap()));
    }
}
