use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};

use crate::cli;
use crate::demo::Demo;
use crate::net::{Identity, Roots, Rules, TlsVersion};

/// The variable that names a file for keys, for whoever reads a capture of the run.
const KEY_LOG: &str = "SSLKEYLOGFILE";

/// How wires are made secure; every file is read now, before anything is fetched.
pub(super) fn rules(typed: &cli::Settings, demo: Option<&Demo>) -> Result<Rules> {
    let typed = &typed.security;
    let roots = if let Some(demo) = demo {
        Roots::Only(vec![demo.authority()])
    } else {
        let read = |path: &PathBuf| Roots::read_pem(path).map_err(|why| anyhow!("--cacert {why}"));
        let given: Result<Vec<_>> = typed.cacerts.iter().map(read).collect();
        Roots::System(given?.concat())
    };
    let identity = match &typed.cert {
        Some(certificate) => Some(Identity::read_pem(certificate, typed.key.as_deref())?),
        None => None,
    };
    let version = |typed| match typed {
        cli::TlsVersion::V1_2 => TlsVersion::V1_2,
        cli::TlsVersion::V1_3 => TlsVersion::V1_3,
    };
    Ok(Rules {
        is_credulous: typed.insecure,
        identity,
        least: version(typed.tls_min),
        most: version(typed.tls_max),
        is_without_resumption: typed.no_resume,
        is_logging_keys: is_logging_keys()?,
        ..Rules::new(roots)
    })
}

/// Whether keys are to be written, and can be.
fn is_logging_keys() -> Result<bool> {
    let Some(name) = std::env::var_os(KEY_LOG).filter(|name| !name.is_empty()) else {
        return Ok(false);
    };
    let path = Path::new(&name);
    let mut options = OpenOptions::new();
    // Whoever has the keys can read everything: the file is for its owner alone.
    let opened = options.append(true).create(true).mode(0o600).open(path);
    let name = path.display();
    opened.map_err(|error| anyhow!("{KEY_LOG} {name}: cannot be written: {error}"))?;
    Ok(true)
}
