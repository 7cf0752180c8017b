use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use url::Url;

/// As many names as are tried.
const TRIES: u32 = 1_000;
/// As long as a name that somebody else chose may be.
const LONGEST: usize = 80;

/// Writes a file that was not there before, with a number behind its name where that is taken.
pub(super) fn write_new(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    for number in 1..=TRIES {
        let name = match number {
            1 => name.to_owned(),
            _ => format!("{stem}-{number}{extension}"),
        };
        let path = folder.join(name);
        match create(&path) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// For its owner alone: there may be secrets in it.
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// The name under which a body is kept: the last of its URL, harmless, and its type where that has none.
pub(super) fn body_name(url: &Url, media_type: Option<&str>) -> String {
    let last = url.path_segments().and_then(Iterator::last);
    let is_kept = |c: &char| c.is_ascii_alphanumeric() || "._-".contains(*c);
    let name: String = last.unwrap_or_default().chars().filter(is_kept).collect();
    // A name that begins with a point is hidden, and one with a dash is an option.
    let name: String = name
        .trim_start_matches(['.', '-'])
        .chars()
        .take(LONGEST)
        .collect();
    if name.contains('.') {
        return name;
    }
    let stem = if name.is_empty() { "body" } else { &name };
    let extension = match media_type.unwrap_or_default() {
        "text/html" => "html",
        "application/json" => "json",
        "text/css" => "css",
        "text/javascript" | "application/javascript" => "js",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        other if other.starts_with("text/") => "txt",
        _ => "bin",
    };
    format!("{stem}.{extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<_> = (0..3)
            .map(|number| write_new(folder.path(), "a.json", &[number]).unwrap())
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(names, ["a.json", "a-2.json", "a-3.json"]);
        assert_eq!(std::fs::read(folder.path().join("a.json")).unwrap(), [0]);
        assert!(write_new(&folder.path().join("no"), "a", b"").is_err());
    }

    #[test]
    fn a_url_cannot_choose_where_a_file_goes() {
        for (url, media_type, name) in [
            ("http://a.test/x/app.js?y", None, "app.js"),
            ("http://a.test/", Some("text/html"), "body.html"),
            (
                "http://a.test/api/users",
                Some("application/json"),
                "users.json",
            ),
            ("http://a.test/.bashrc", None, "bashrc.bin"),
            ("http://a.test/-rf", Some("text/x"), "rf.txt"),
            (
                "http://a.test/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                None,
                "2e2e2f2e2e2fetc2fpasswd.bin",
            ),
            ("http://a.test/..%5c..%00", None, "5c..00"),
        ] {
            let url: Url = url.parse().unwrap();
            assert_eq!(body_name(&url, media_type), name, "{url}");
        }
    }
}
