use std::path::PathBuf;

use clap::ValueEnum;

/// How connections are made secure.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "TLS")]
pub struct SecurityOptions {
    /// Trust the certificates in FILE (PEM) too (may be repeated).
    #[arg(long = "cacert", global = true, value_name = "FILE")]
    pub cacerts: Vec<PathBuf>,

    /// Go on when a certificate is not to be trusted; the row is marked.
    #[arg(short = 'k', long, global = true)]
    pub insecure: bool,

    /// Show this certificate (PEM) to servers that ask who we are.
    #[arg(long, global = true, value_name = "FILE")]
    pub cert: Option<PathBuf>,

    /// The private key (PEM), where it is not in the file of --cert.
    #[arg(long, global = true, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,

    /// The lowest version of TLS to offer.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "1.2|1.3",
        hide_possible_values = true,
        default_value = "1.2"
    )]
    pub tls_min: TlsVersion,

    /// The highest version of TLS to offer.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "1.2|1.3",
        hide_possible_values = true,
        default_value = "1.3"
    )]
    pub tls_max: TlsVersion,

    /// Make every TLS handshake a full one.
    #[arg(long, global = true)]
    pub no_resume: bool,
}

impl SecurityOptions {
    /// The files that are read.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.cacerts.iter().chain(&self.cert).chain(&self.key)
    }
}

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[value(name = "1.2")]
    V1_2,
    /// TLS 1.3.
    #[value(name = "1.3")]
    V1_3,
}
