use std::io;

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::args::Args;

/// The manual page, as roff.
pub fn manual() -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page)?;
    Ok(page)
}

/// What a shell needs to complete commands.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "netwaterfall", &mut script);
    script
}
