use clap::ValueEnum;

/// Whose clock says when bytes pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Clock {
    /// The kernel's, where it stamps them.
    Kernel,
    /// Ours, when they are heard of.
    Ours,
}
