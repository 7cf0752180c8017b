use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::ui::Layout;

/// The columns as they were left, in a small file under `$XDG_STATE_HOME`.
///
/// The file says over which preference they were chosen. They go before it as long as it is the same: once
/// somebody writes another preference, that is the newer choice.
pub(super) struct Remembered {
    path: Option<PathBuf>,
    /// The preference as it is written, where there is one.
    over: Option<String>,
    /// As they were when the program began.
    layout: Layout,
}

impl Remembered {
    /// Reads the file; what is wrong with it is a sentence, and the columns are then those preferred, or
    /// the usual ones.
    pub(super) fn load(preferred: Option<&Layout>) -> (Self, Option<String>) {
        Self::load_from(path(), preferred)
    }

    fn load_from(path: Option<PathBuf>, preferred: Option<&Layout>) -> (Self, Option<String>) {
        let over = preferred.map(|layout| layout.written().join(", "));
        let usual = || preferred.cloned().unwrap_or_default();
        let (layout, trouble) = match path.as_deref().map_or(Ok(None), read) {
            Ok(None) => (usual(), None),
            Ok(Some((layout, was_over))) if over.is_none() || was_over == over => (layout, None),
            Ok(Some((layout, _))) => (usual().sorted_as(&layout), None),
            Err(words) => (usual(), Some(words)),
        };
        let remembered = Self { path, over, layout };
        (remembered, trouble)
    }

    /// The columns as they were when the program began.
    pub(super) const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Writes the file, if a person changed something.
    pub(super) fn keep(&self, layout: &Layout) -> io::Result<()> {
        match &self.path {
            Some(path) if *layout != self.layout => write(path, layout, self.over.as_deref()),
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

/// The columns, and the preference over which they were chosen.
fn read(path: &Path) -> Result<Option<(Layout, Option<String>)>, String> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let mut over = text.lines().filter_map(|line| line.strip_prefix(OVER));
            let over = over.next().map(str::to_owned);
            // What is no line of a layout is blank for it, so that its lines keep their numbers.
            let blank = |line: &str| if line.starts_with(OVER) { "" } else { line }.to_owned();
            let lines: Vec<_> = text.lines().map(blank).collect();
            let layout = Layout::read(&lines.join("\n")).map_err(|words| {
                format!("{}: {words}; the usual columns are shown", path.display())
            })?;
            Ok(Some((layout, over)))
        }
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

/// What stands before the preference.
const OVER: &str = "over ";

/// Replaces the file at once, so that it is never half of one.
fn write(path: &Path, layout: &Layout, over: Option<&str>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    let over = over.map_or_else(String::new, |over| format!("{OVER}{over}\n"));
    fs::write(&new, format!("{over}{layout}"))?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(path: &Path, preferred: Option<&Layout>) -> (Remembered, Option<String>) {
        Remembered::load_from(Some(path.to_owned()), preferred)
    }

    #[test]
    fn columns_are_as_they_were_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("netwaterfall/columns");
        let (usual, trouble) = load(&path, None);
        assert_eq!((usual.layout(), trouble), (&Layout::default(), None));
        usual.keep(&Layout::default()).unwrap();
        assert!(!path.exists(), "nothing was changed");
        let mine = Layout::read("show time\nshow name 33\nsort size").unwrap();
        usual.keep(&mine).unwrap();
        assert_eq!(load(&path, None).0.layout(), &mine);
        fs::write(&path, "over time\nshow nothing").unwrap();
        let (usual, trouble) = load(&path, None);
        assert_eq!(usual.layout(), &Layout::default());
        let words = trouble.unwrap();
        assert!(words.contains("line 2: no such column"), "{words}");
    }

    #[test]
    fn the_newer_choice_of_columns_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("columns");
        let first = Layout::chosen(["name", "time"]).unwrap();
        let (begun, _) = load(&path, Some(&first));
        assert_eq!(
            begun.layout(),
            &first,
            "nothing was chosen on the screen yet"
        );
        let mine = Layout::read("show status\nsort size reversed").unwrap();
        begun.keep(&mine).unwrap();
        assert_eq!(load(&path, Some(&first)).0.layout(), &mine, "chosen since");
        let second = Layout::chosen(["host", "name 30"]).unwrap();
        let (newer, _) = load(&path, Some(&second));
        assert_eq!(
            newer.layout().written(),
            ["host", "name 30"],
            "written since"
        );
        assert_eq!(
            newer.layout(),
            &second.sorted_as(&mine),
            "and sorted as before"
        );
        assert_eq!(load(&path, None).0.layout(), &mine, "taken away again");
    }
}
