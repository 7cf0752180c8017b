use std::path::PathBuf;

use clap::ValueEnum;

/// How a run is shown and recorded.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Output")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub struct Output {
    /// Draw no screen; so it is too when standard output is no terminal.
    #[arg(long, global = true)]
    pub headless: bool,

    /// What to write without a screen.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "table|json|ndjson|har|markdown|svg",
        hide_possible_values = true,
        default_value = "table"
    )]
    pub format: Format,

    /// Record the run in FILE, for replay.
    #[arg(long, global = true, value_name = "FILE")]
    pub events: Option<PathBuf>,

    /// Write the run into FILE at its end, as an HTTP archive.
    #[arg(long, global = true, value_name = "FILE")]
    pub har: Option<PathBuf>,

    /// End with code 4 unless this holds: 'p95(wait) < 300ms' (may be repeated).
    #[arg(long = "assert", global = true, value_name = "EXPR")]
    pub asserts: Vec<String>,

    /// Keep bodies in what is recorded.
    #[arg(long, global = true)]
    pub bodies: bool,

    /// Leave secrets in what is written: values of cookies, credentials.
    #[arg(long, global = true)]
    pub secrets: bool,

    /// Tell what happens in lines, as for a screen reader; so it is where TERM is dumb.
    #[arg(long, global = true)]
    pub plain: bool,

    /// Leave the mouse to the terminal.
    #[arg(long, global = true)]
    pub no_mouse: bool,

    /// When to use colour.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "auto|always|never",
        hide_possible_values = true,
        default_value = "auto"
    )]
    pub color: Color,

    /// The colours; auto is night or day, as the terminal's background is.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "auto|night|day|ansi|mono",
        hide_possible_values = true,
        default_value = "auto"
    )]
    pub theme: ThemeName,

    /// Read preferences from FILE instead of the usual one; none for none.
    #[arg(long, global = true, value_name = "FILE|none")]
    pub config: Option<PathBuf>,

    /// Print all preferences as they are, as a file that --config reads.
    #[arg(long, global = true)]
    pub print_config: bool,
}

/// What is written without a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line a request, for people.
    Table,
    /// One JSON object for the run, for scripts.
    Json,
    /// A JSON object a fact, for programs.
    Ndjson,
    /// An HTTP archive, for browsers and other tools.
    Har,
    /// A report, for the comment of a change or for an issue.
    Markdown,
    /// The screen as a picture.
    Svg,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// Where the terminal can and `NO_COLOR` is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Colours for roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ThemeName {
    /// Night or day where the terminal tells its background and has 256 colours; else its own.
    Auto,
    /// For a dark background.
    Night,
    /// For a light background.
    Day,
    /// The terminal's own sixteen.
    Ansi,
    /// None.
    Mono,
}
