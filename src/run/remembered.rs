use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::ui::Layout;

/// The columns as they were left, in a small file under `$XDG_STATE_HOME`.
pub(super) struct Remembered {
    path: Option<PathBuf>,
    /// As they were when the program began.
    layout: Layout,
}

impl Remembered {
    /// Reads the file; what is wrong with it is a sentence, and the columns are then the usual ones.
    pub(super) fn load() -> (Self, Option<String>) {
        let path = path();
        let read = path.as_deref().map_or(Ok(None), read);
        let (layout, trouble) = match read {
            Ok(layout) => (layout.unwrap_or_default(), None),
            Err(words) => (Layout::default(), Some(words)),
        };
        (Self { path, layout }, trouble)
    }

    /// The columns as they were when the program began.
    pub(super) const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Writes the file, if a person changed something.
    pub(super) fn keep(&self, layout: &Layout) -> io::Result<()> {
        match &self.path {
            Some(path) if *layout != self.layout => write(path, layout),
            Some(_) | None => Ok(()),
        }
    }
}

/// `$XDG_STATE_HOME/netwaterfall/columns`, or the same under `~/.local/state`.
fn path() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").filter(|path| path.is_absolute());
    let home = || set("HOME").filter(|path| path.is_absolute());
    let state = state.or_else(|| Some(home()?.join(".local/state")))?;
    Some(state.join("netwaterfall/columns"))
}

fn read(path: &Path) -> Result<Option<Layout>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Layout::read(&text)
            .map(Some)
            .map_err(|words| format!("{}: {words}; the usual columns are shown", path.display())),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Whether there is no such file, be it that there can be none.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Replaces the file at once, so that it is never half of one.
fn write(path: &Path, layout: &Layout) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    fs::write(&new, layout.to_string())?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_they_were_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("netwaterfall/columns");
        assert_eq!(read(&path), Ok(None));
        let usual = Remembered {
            path: Some(path.clone()),
            layout: Layout::default(),
        };
        usual.keep(&Layout::default()).unwrap();
        assert!(!path.exists(), "nothing was changed");
        let mine = Layout::read("show time\nshow name 33\nsort size").unwrap();
        usual.keep(&mine).unwrap();
        assert_eq!(read(&path), Ok(Some(mine)));
        fs::write(&path, "show nothing").unwrap();
        let words = read(&path).unwrap_err();
        assert!(words.contains("line 1: no such column"), "{words}");
    }
}
