/// What a run of the demo shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lesson {
    /// Every stage, and some of everything.
    #[default]
    Everything,
    /// Each stage is slow once.
    Slow,
    /// Everything fails, each in its own way.
    Broken,
    /// What is stored, and what becomes of it.
    Cache,
    /// Which cookies are kept, and which go along.
    Cookies,
    /// Who waits for whom.
    Queue,
}

impl Lesson {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Everything,
        Self::Slow,
        Self::Broken,
        Self::Cache,
        Self::Cookies,
        Self::Queue,
    ];

    /// What its run is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Everything => "demo",
            Self::Slow => "demo of slow stages",
            Self::Broken => "demo of failures",
            Self::Cache => "demo of the cache",
            Self::Cookies => "demo of cookies",
            Self::Queue => "demo of the queue",
        }
    }

    /// Its list: a request a line, an empty line between waves, remarks after `#`.
    pub(super) const fn list(self) -> &'static str {
        match self {
            Self::Everything => include_str!("../../assets/demo/urls.txt"),
            Self::Slow => include_str!("../../assets/demo/slow.txt"),
            Self::Broken => include_str!("../../assets/demo/broken.txt"),
            Self::Cache => include_str!("../../assets/demo/cache.txt"),
            Self::Cookies => include_str!("../../assets/demo/cookies.txt"),
            Self::Queue => include_str!("../../assets/demo/queue.txt"),
        }
    }
}
