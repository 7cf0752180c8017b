/// Through whom servers are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
#[command(next_help_heading = "Proxy")]
pub struct ProxyOptions {
    /// Go through this proxy: http, socks5 or socks5h; empty for none.
    #[arg(
        short = 'x',
        long,
        global = true,
        value_name = "[KIND://][NAME:PASSWORD@]HOST[:PORT]"
    )]
    pub proxy: Option<String>,

    /// Hosts and networks to reach directly all the same; * for all.
    #[arg(long, global = true, value_name = "LIST")]
    pub noproxy: Option<String>,
}
