use std::cell::OnceCell;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpStream;

use super::names::Names;
use super::{Answer, Given, NameServers, NetError, Network, Opened, SlowLine, Work};

/// A port of this machine that is really another: connections to it go to the other address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The port that URLs name.
    pub port: u16,
    /// Where its connections go.
    pub to: SocketAddr,
}

/// Real names and real sockets.
pub struct Internet {
    servers: NameServers,
    names: OnceCell<Names>,
    routes: Vec<Route>,
    given: Vec<Given>,
    delay: Duration,
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
        }
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

    fn routed(&self, address: SocketAddr) -> SocketAddr {
        let is_meant = |route: &&Route| address.ip().is_loopback() && route.port == address.port();
        self.routes
            .iter()
            .find(is_meant)
            .map_or(address, |route| route.to)
    }
}

impl Network for Internet {
    fn resolve<'a>(&'a self, host: &'a str) -> Work<'a, Answer> {
        // Made at the first question: a list of addresses needs no name server.
        let names = self.names.get_or_init(|| Names::new(&self.servers));
        Box::pin(names.resolve(host))
    }

    fn given(&self, host: &str, port: u16) -> Option<Vec<IpAddr>> {
        let found = self.given.iter().find(|given| given.is_about(host, port));
        found.map(|given| given.addresses.clone())
    }

    fn connect(&self, address: SocketAddr) -> Work<'_, Opened> {
        let to = self.routed(address);
        Box::pin(async move {
            let open = async {
                let socket = TcpStream::connect(to).await?;
                socket.set_nodelay(true)?;
                let ends = (socket.local_addr()?, socket.peer_addr()?);
                io::Result::Ok((socket, ends))
            };
            let (socket, (local, peer)) =
                open.await.map_err(|error| NetError::of_socket(&error))?;
            if self.delay.is_zero() {
                let wire = Box::new(socket);
                return Ok(Opened { wire, local, peer });
            }
            tokio::time::sleep(self.delay).await;
            let wire = Box::new(SlowLine::new(socket, self.delay));
            Ok(Opened { wire, local, peer })
        })
    }
}
