/// What an option is about.
#[derive(Clone, Copy)]
pub(super) enum Means {
    /// The method.
    Method,
    /// A URL.
    Url,
    /// A header.
    Header,
    /// A piece of the body, or a file without its line ends.
    Data,
    /// A piece of the body as it is.
    Raw,
    /// A piece of the body, or a file.
    Binary,
    /// A piece of the body that is to be encoded.
    Encoded,
    /// A piece of JSON.
    Json,
    /// A part of a form.
    Form,
    /// Which program asks.
    Agent,
    /// Which page led here.
    Referer,
    /// A name and a password.
    User,
    /// A token.
    Bearer,
    /// Cookies.
    Cookie,
    /// Which part is wanted.
    Range,
    /// A file to be put there.
    Upload,
    /// The head only.
    Head,
    /// The data belongs to the URL.
    Get,
    /// Nothing of the request.
    Nothing,
    /// Nothing of the request, and a value follows.
    NothingWith,
}

impl Means {
    /// Whether a value follows.
    pub(super) const fn has_value(self) -> bool {
        !matches!(self, Self::Head | Self::Get | Self::Nothing)
    }
}

const OPTIONS: &[(char, &[&str], Means)] = &[
    ('X', &["request"], Means::Method),
    (' ', &["url"], Means::Url),
    ('H', &["header"], Means::Header),
    ('d', &["data", "data-ascii"], Means::Data),
    (' ', &["data-raw"], Means::Raw),
    (' ', &["data-binary"], Means::Binary),
    (' ', &["data-urlencode"], Means::Encoded),
    (' ', &["json"], Means::Json),
    ('F', &["form"], Means::Form),
    ('A', &["user-agent"], Means::Agent),
    ('e', &["referer"], Means::Referer),
    ('u', &["user"], Means::User),
    (' ', &["oauth2-bearer"], Means::Bearer),
    ('b', &["cookie"], Means::Cookie),
    ('r', &["range"], Means::Range),
    ('T', &["upload-file"], Means::Upload),
    ('I', &["head"], Means::Head),
    ('G', &["get"], Means::Get),
    ('s', &["silent"], Means::Nothing),
    ('S', &["show-error"], Means::Nothing),
    ('v', &["verbose"], Means::Nothing),
    ('i', &["include", "show-headers"], Means::Nothing),
    ('L', &["location"], Means::Nothing),
    (
        'f',
        &["fail", "fail-with-body", "fail-early"],
        Means::Nothing,
    ),
    ('#', &["progress-bar", "no-progress-meter"], Means::Nothing),
    ('N', &["no-buffer"], Means::Nothing),
    (
        'O',
        &["remote-name", "remote-header-name", "create-dirs"],
        Means::Nothing,
    ),
    (
        'J',
        &["compressed", "basic", "globoff", "http1.1", "path-as-is"],
        Means::Nothing,
    ),
    ('o', &["output"], Means::NothingWith),
    ('w', &["write-out"], Means::NothingWith),
    (
        'D',
        &["dump-header", "stderr", "trace", "trace-ascii"],
        Means::NothingWith,
    ),
];

/// What an option with two dashes is about.
pub(super) fn long(name: &str) -> Option<Means> {
    let is_it = |(_, names, _): &&(char, &[&str], Means)| names.contains(&name);
    OPTIONS.iter().find(is_it).map(|(_, _, means)| *means)
}

/// What an option of one letter is about.
pub(super) fn short(letter: char) -> Option<Means> {
    let is_it = |(known, ..): &&(char, &[&str], Means)| *known == letter && letter != ' ';
    OPTIONS.iter().find(is_it).map(|(_, _, means)| *means)
}
