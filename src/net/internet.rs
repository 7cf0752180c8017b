use std::cell::OnceCell;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::{os::fd::OwnedFd, rc::Rc};

use tokio::net::TcpStream;

use crate::message::Family;

use super::destinations;
use super::names::Names;
use super::{
    Found, Given, Heard, KnownBy, NameServers, NetError, Network, Opened, SlowLine, Tap, Untold,
    Work,
};
#[cfg(target_os = "linux")]
use super::{
    Wire,
    kernel::{Diag, Stamped, wake_stamps},
};

/// A port of this machine that is really another: connections to it go to the other address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The port that URLs name.
    pub port: u16,
    /// Where its connections go.
    pub to: SocketAddr,
    /// How much longer each of their round trips takes.
    pub delay: Duration,
}

/// Real names and real sockets.
pub struct Internet {
    servers: NameServers,
    names: OnceCell<Names>,
    routes: Vec<Route>,
    given: Vec<Given>,
    delay: Duration,
    stamping: Stamping,
    #[cfg(target_os = "linux")]
    diag: Rc<Diag>,
    /// Kept for as long as stamps are wanted.
    #[cfg(target_os = "linux")]
    _stamps: Option<OwnedFd>,
}

/// Who says when bytes pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamping {
    /// The kernel, where it can.
    Kernel,
    /// Nobody: what is heard is timed when it is heard.
    Off,
}

impl Internet {
    /// The internet as `servers` name it.
    pub fn new(servers: NameServers) -> Self {
        Self {
            servers,
            names: OnceCell::new(),
            routes: Vec::new(),
            given: Vec::new(),
            delay: Duration::ZERO,
            stamping: Stamping::Kernel,
            #[cfg(target_os = "linux")]
            diag: Rc::new(Diag::open()),
            #[cfg(target_os = "linux")]
            _stamps: wake_stamps(),
        }
    }

    /// The same, but bytes are timed so.
    #[must_use]
    pub fn with_stamping(self, stamping: Stamping) -> Self {
        Self { stamping, ..self }
    }

    /// The same, but connections to some loopback ports go elsewhere.
    #[must_use]
    pub fn with_routes(self, routes: Vec<Route>) -> Self {
        Self { routes, ..self }
    }

    /// The same, but these hosts are where they are said to be.
    #[must_use]
    pub fn with_given(self, given: Vec<Given>) -> Self {
        Self { given, ..self }
    }

    /// The same, but each round trip takes `delay` longer.
    #[must_use]
    pub fn with_delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Made at the first question: a list of addresses needs no name server.
    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::new(&self.servers))
    }

    /// An open socket, and what the kernel tells of it.
    fn tapped(&self, socket: TcpStream, local: SocketAddr, peer: SocketAddr) -> Opened {
        let silent = |socket, untold| Opened {
            wire: Box::new(socket),
            local,
            peer,
            tap: Some(Tap::silent(untold)),
        };
        if self.stamping == Stamping::Off {
            return silent(socket, Untold::Unwanted);
        }
        #[cfg(target_os = "linux")]
        {
            let tap = Tap::of(self.diag.about(local, peer));
            let wire: Wire = match Stamped::new(socket, &tap) {
                Ok(stamped) => Box::new(stamped),
                Err(socket) => Box::new(socket),
            };
            let tap = Some(tap);
            Opened {
                wire,
                local,
                peer,
                tap,
            }
        }
        #[cfg(not(target_os = "linux"))]
        silent(socket, Untold::Elsewhere)
    }

    fn routed(&self, address: SocketAddr) -> (SocketAddr, Duration) {
        let is_meant = |route: &&Route| address.ip().is_loopback() && route.port == address.port();
        self.routes
            .iter()
            .find(is_meant)
            .map_or((address, self.delay), |route| {
                (route.to, self.delay + route.delay)
            })
    }
}

impl Network for Internet {
    fn ask<'a>(
        &'a self,
        host: &'a str,
        family: Family,
        told: &'a dyn Fn(Heard),
    ) -> Work<'a, Found> {
        match &self.servers {
            NameServers::Secure(server) => Box::pin(server.ask(host, family, self.names(), told)),
            NameServers::System | NameServers::Only(_) => {
                Box::pin(self.names().ask(host, family, told))
            }
        }
    }

    fn known(&self, host: &str, port: u16) -> Option<(Vec<IpAddr>, KnownBy)> {
        let found = self.given.iter().find(|given| given.is_about(host, port));
        if let Some(given) = found {
            return Some((given.addresses.clone(), KnownBy::Given));
        }
        if !matches!(self.servers, NameServers::System) {
            return None;
        }
        let listed = self.names().in_hosts_file(host);
        (!listed.is_empty()).then_some((listed, KnownBy::Hosts))
    }

    fn ordered(&self, addresses: Vec<IpAddr>) -> Vec<IpAddr> {
        destinations::ordered(addresses)
    }

    fn close(&self) {
        if let NameServers::Secure(server) = &self.servers {
            server.close();
        }
    }

    fn connect(&self, address: SocketAddr) -> Work<'_, Opened> {
        let (to, delay) = self.routed(address);
        Box::pin(async move {
            let open = async {
                let socket = TcpStream::connect(to).await?;
                socket.set_nodelay(true)?;
                let ends = (socket.local_addr()?, socket.peer_addr()?);
                io::Result::Ok((socket, ends))
            };
            let (socket, (local, peer)) =
                open.await.map_err(|error| NetError::of_socket(&error))?;
            if delay.is_zero() {
                return Ok(self.tapped(socket, local, peer));
            }
            tokio::time::sleep(delay).await;
            Ok(Opened {
                wire: Box::new(SlowLine::new(socket, delay)),
                local,
                peer,
                tap: Some(Tap::silent(Untold::Lengthened)),
            })
        })
    }
}
