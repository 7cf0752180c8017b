use crate::event::Road;
use crate::message::{Origin, Proxy};

use super::settings::Settings;

/// Which way connections take to each origin.
impl Settings {
    /// Who is spoken to for `origin`: itself, or somebody else by `--connect-to`.
    pub(super) fn end_of(&self, origin: &Origin) -> Origin {
        self.detour(origin).unwrap_or_else(|| origin.clone())
    }

    /// Where a connection for `origin` goes first: to its proxy, or to its end.
    pub(super) fn first_hop(&self, origin: &Origin) -> Origin {
        let proxy = self.proxies.of(origin);
        proxy.map_or_else(|| self.end_of(origin), Proxy::origin)
    }

    /// The proxy that is asked for whole URLs of `origin`.
    ///
    /// For one that is reached elsewhere a proxy is asked for a way through, as curl does.
    pub(super) fn asked_for_urls(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = self.proxies.of(origin)?;
        let takes_urls = proxy.takes_urls(origin.scheme) && self.detour(origin).is_none();
        takes_urls.then_some(proxy)
    }

    /// The proxy that is asked for a way through to the end of `origin`.
    pub(super) fn asked_for_the_way(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = self.proxies.of(origin)?;
        self.asked_for_urls(origin).is_none().then_some(proxy)
    }

    /// What is told of the way to `origin`.
    pub(super) fn road(&self, origin: &Origin) -> Road {
        Road {
            via: self.proxies.of(origin).map(ToString::to_string),
            to: self.detour(origin).map(|end| end.to_string()),
        }
    }

    fn detour(&self, origin: &Origin) -> Option<Origin> {
        self.detours.iter().find_map(|detour| detour.of(origin))
    }
}
