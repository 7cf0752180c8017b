use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::message::visible;

use super::urls::{UrlList, read_text};
use super::usage::UsageError;

const STANDARD_INPUT: &str = "standard input";
const LARGEST_MIB: u64 = 64;

/// Where a list of URLs stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input, typed as `-`.
    StandardInput,
    /// A file.
    File(PathBuf),
}

impl Input {
    /// The input that `path` names.
    pub fn of(path: PathBuf) -> Self {
        if path.as_os_str() == "-" {
            Self::StandardInput
        } else {
            Self::File(path)
        }
    }

    /// What messages call it; safe to show.
    pub fn name(&self) -> String {
        match self {
            Self::StandardInput => STANDARD_INPUT.to_owned(),
            Self::File(path) => name_of(path),
        }
    }
}

/// Reads the list in a file.
pub fn read_file(path: &Path) -> Result<UrlList, UsageError> {
    let name = name_of(path);
    match File::open(path) {
        Ok(file) => read(name, file),
        Err(error) => Err(unreadable(name, &error)),
    }
}

/// Reads the list on standard input, to its end.
pub fn read_standard_input() -> Result<UrlList, UsageError> {
    read(STANDARD_INPUT.to_owned(), io::stdin().lock())
}

fn read(name: String, from: impl Read) -> Result<UrlList, UsageError> {
    let most = LARGEST_MIB << 20;
    let mut bytes = Vec::new();
    // One byte more than may be, to tell a full list from a longer one.
    match from.take(most + 1).read_to_end(&mut bytes) {
        Err(error) => return Err(unreadable(name, &error)),
        Ok(read) if read as u64 > most => {
            let most = LARGEST_MIB;
            return Err(UsageError::TooLarge { name, most });
        }
        Ok(_) => {}
    }
    let list = read_text(&name, &bytes);
    if list.is_empty() {
        return Err(UsageError::Empty { name });
    }
    Ok(list)
}

fn unreadable(name: String, error: &io::Error) -> UsageError {
    let kind = error.kind();
    let reason = if kind == ErrorKind::IsADirectory {
        return UsageError::Directory { name };
    } else if kind == ErrorKind::NotFound {
        "there is no such file; check the name".to_owned()
    } else if kind == ErrorKind::PermissionDenied {
        "you may not read it; check its permissions".to_owned()
    } else {
        error.to_string()
    };
    UsageError::Unreadable { name, reason }
}

fn name_of(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_no_list_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("urls.txt");
        let words = |path: &Path| read_file(path).unwrap_err().to_string();

        assert!(
            words(&file)
                .ends_with("urls.txt cannot be read: there is no such file; check the name")
        );
        assert!(words(folder.path()).ends_with(" is a directory: give a file with a URL a line"));
        std::fs::write(&file, "# nothing\n\n").unwrap();
        assert!(words(&file).ends_with("urls.txt has no URL in it: write one a line"));
        std::fs::write(&file, "http://[\n").unwrap();
        assert_eq!(read_file(&file).unwrap().problems.len(), 1);
        assert!(!words(Path::new("no\x1b[2J")).contains('\x1b'));
    }
}
