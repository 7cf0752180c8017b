use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::sync::Arc;

use crate::message::{Payload, visible};

use super::usage::UsageError;

/// A part of a form: `name=text`, `name=@file` or `name=<file`, and `;type=` and `;filename=` behind it.
#[derive(Debug, PartialEq, Eq)]
struct Part<'a> {
    name: &'a str,
    source: Source<'a>,
    media_type: Option<&'a str>,
    file_name: Option<&'a str>,
}

#[derive(Debug, PartialEq, Eq)]
enum Source<'a> {
    Text(&'a str),
    /// A file that is sent as one.
    File(&'a str),
    /// A file whose content is sent as a text would be.
    Content(&'a str),
}

/// The body that these parts make (RFC 7578), written as curl has it; `read` reads a file.
pub(super) fn form(
    parts: &[String],
    read: impl Fn(&str) -> Result<Vec<u8>, UsageError>,
) -> Result<Payload, UsageError> {
    let mut pieces = Vec::with_capacity(parts.len());
    for text in parts {
        let part = Part::read(text).map_err(|reason| UsageError::Form {
            text: visible(text).into_owned(),
            reason,
        })?;
        let content = match part.source {
            Source::Text(text) => text.as_bytes().to_vec(),
            Source::File(name) | Source::Content(name) => read(name)?,
        };
        pieces.push((part.head(), content));
    }
    let boundary = boundary(&pieces);
    let mut body = Vec::new();
    for (head, content) in &pieces {
        body.extend_from_slice(format!("--{boundary}\r\n{head}\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(Payload {
        bytes: Arc::from(body),
        media_type: Some(format!("multipart/form-data; boundary={boundary}")),
    })
}

impl<'a> Part<'a> {
    fn read(text: &'a str) -> Result<Self, String> {
        let (name, rest) = text
            .split_once('=')
            .ok_or("write NAME=TEXT, NAME=@FILE or NAME=<FILE")?;
        let (rest, behind) = cut(rest, ";filename=");
        let (file_name, type_behind) = behind.map_or((None, None), |behind| {
            let (file_name, media_type) = cut(behind, ";type=");
            (Some(file_name.trim_matches('"')), media_type)
        });
        let (rest, type_before) = cut(rest, ";type=");
        let media_type = type_before.or(type_behind);
        if media_type.is_some_and(|media_type| media_type.contains(char::is_control)) {
            return Err("a media type cannot have a line break in it".to_owned());
        }
        let source = match (rest.strip_prefix('@'), rest.strip_prefix('<')) {
            (Some(file), _) => Source::File(file),
            (_, Some(file)) => Source::Content(file),
            (None, None) => Source::Text(rest),
        };
        Ok(Self {
            name,
            source,
            media_type,
            file_name,
        })
    }

    /// The lines before the content, the empty one left out.
    fn head(&self) -> String {
        let mut media_type = self.media_type.map(str::to_owned);
        let mut file_name = self.file_name.map(str::to_owned);
        if let Source::File(path) = self.source {
            let name = || {
                Path::new(path)
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
            };
            let guessed = || {
                mime_guess::from_path(path)
                    .first_or_octet_stream()
                    .to_string()
            };
            file_name = Some(file_name.unwrap_or_else(|| name().into_owned()));
            media_type = Some(media_type.unwrap_or_else(guessed));
        }
        let name = escaped(self.name);
        let file = file_name.map_or_else(String::new, |file_name| {
            format!("; filename=\"{}\"", escaped(&file_name))
        });
        let typed = media_type.map_or_else(String::new, |media_type| {
            format!("Content-Type: {media_type}\r\n")
        });
        format!("Content-Disposition: form-data; name=\"{name}\"{file}\r\n{typed}")
    }
}

fn cut<'a>(text: &'a str, mark: &str) -> (&'a str, Option<&'a str>) {
    text.split_once(mark)
        .map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// A name between quotes, as browsers write it (HTML standard, multipart/form-data encoding).
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// What stands between the parts and in none of them.
fn boundary(pieces: &[(String, Vec<u8>)]) -> String {
    loop {
        // Seeded anew each time, so that nobody can foresee it.
        let mark = RandomState::new().hash_one(pieces.len());
        let boundary = format!("------------------------{mark:016x}");
        let is_in = |content: &[u8]| {
            content
                .windows(boundary.len())
                .any(|window| window == boundary.as_bytes())
        };
        if !pieces.iter().any(|(_, content)| is_in(content)) {
            return boundary;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(parts: &[&str]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        let payload = form(&parts, |name| Ok(format!("<{name}>").into_bytes())).unwrap();
        let media_type = payload.media_type.unwrap();
        let boundary = media_type.split_once("boundary=").unwrap().1;
        String::from_utf8(payload.bytes.to_vec())
            .unwrap()
            .replace(boundary, "BOUNDARY")
    }

    #[test]
    fn texts_and_files_are_parts() {
        assert_eq!(
            said(&["a=1;2=3", "f=@/tmp/logo.png", "t=<notes"]),
            "--BOUNDARY\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1;2=3\r\n\
             --BOUNDARY\r\nContent-Disposition: form-data; name=\"f\"; filename=\"logo.png\"\r\n\
             Content-Type: image/png\r\n\r\n</tmp/logo.png>\r\n\
             --BOUNDARY\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n<notes>\r\n\
             --BOUNDARY--\r\n"
        );
    }

    #[test]
    fn media_types_and_file_names_may_be_said_in_either_order() {
        for text in [
            "f=@x;type=text/html; charset=utf-8;filename=\"a\"b\"",
            "f=@x;filename=a\"b;type=text/html; charset=utf-8",
        ] {
            let part = Part::read(text).unwrap();
            assert_eq!(
                part.head(),
                "Content-Disposition: form-data; name=\"f\"; filename=\"a%22b\"\r\n\
                 Content-Type: text/html; charset=utf-8\r\n",
                "{text}"
            );
        }
    }

    #[test]
    fn a_part_forges_no_other() {
        assert!(said(&["a\r\nb=c"]).contains("name=\"a%0D%0Ab\""));
        assert!(Part::read("a=b;type=x\r\ny").is_err());
        assert!(Part::read("no value").is_err());
    }
}
