use crate::message::{Conditions, Detour};

use super::clock::Clock;
use super::name_server::{NameServer, name_server};
use super::resolve::{Resolve, resolve};

/// How servers are found.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Network")]
pub struct Reach {
    /// Fetch from this port though browsers call it unsafe (repeatable).
    #[arg(long = "allow-port", global = true, value_name = "PORT")]
    pub allowed_ports: Vec<u16>,

    /// Take a download that was cut up again where it stopped, if it is still the same.
    #[arg(long, global = true)]
    pub resume: bool,

    /// Ask this name server instead of the system's.
    #[arg(
        long,
        help = "Ask this name server alone: an address, tls://HOST or https://HOST/PATH.",
        global = true,
        value_name = "SERVER",
        value_parser = name_server
    )]
    pub dns: Option<NameServer>,

    /// Where a host is; HOST may be *.test or *, PORT may be * (repeatable).
    #[arg(long, global = true, value_name = "HOST:PORT:ADDRESS", value_parser = resolve)]
    pub resolve: Vec<Resolve>,

    /// Speak to HOST2:PORT2 for HOST1:PORT1; empty is any, or the same (repeatable).
    #[arg(long, global = true, value_name = "HOST1:PORT1:HOST2:PORT2")]
    pub connect_to: Vec<Detour>,

    /// Use addresses of IPv4 only.
    #[arg(short = '4', long, global = true, overrides_with = "ipv6")]
    pub ipv4: bool,

    /// Use addresses of IPv6 only.
    #[arg(short = '6', long, global = true, overrides_with = "ipv4")]
    pub ipv6: bool,

    /// Make the network a worse one: none, fast-4g, slow-4g, 3g or offline.
    #[arg(long, global = true, value_name = "PRESET", default_value = "none")]
    pub throttle: Conditions,

    /// Whose clock says when bytes pass: the kernel's, as captures have it, or ours.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "kernel|ours",
        hide_possible_values = true,
        default_value = "kernel"
    )]
    pub clock: Clock,
}
