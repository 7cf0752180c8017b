//! Name servers over TLS and HTTPS, which write down what they are asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

use netwaterfall::net::{Asking, NameServers, Roots, Rules, SecureServer, Tls};
use rustls::{ServerConnection, StreamOwned};

use crate::sim::Authority;

/// The name that the server's certificate is for.
pub(super) const NAME: &str = "dns.test";

type Wire = StreamOwned<ServerConnection, TcpStream>;

/// A server for as long as the test runs.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) authority: Authority,
    /// What was heard on each line, a line of the server's each.
    pub(super) heard: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Server {
    /// A server that does `serve` on each line; it writes down what it hears.
    pub(super) fn start(
        serve: impl Fn(&mut Wire, &mut dyn FnMut(String)) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let authority = Authority::generate();
        let config = authority.server(&[NAME]).config().clone();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::<Mutex<Vec<Vec<String>>>>::default();
        let (notes, serve) = (Arc::clone(&heard), Arc::new(serve));
        spawn(move || {
            for (line, stream) in listener.incoming().enumerate() {
                let session = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut wire = StreamOwned::new(session, stream.unwrap());
                notes.lock().unwrap().push(Vec::new());
                let (notes, serve) = (Arc::clone(&notes), Arc::clone(&serve));
                spawn(move || {
                    let mut note = |words| notes.lock().unwrap()[line].push(words);
                    // Whoever gives up leaves in the middle.
                    let _ = serve(&mut wire, &mut note);
                    wire.conn.send_close_notify();
                    let _ = wire.flush();
                });
            }
        });
        Self {
            address,
            authority,
            heard,
        }
    }

    /// The server as `--dns` names it, by its address and with its own name, if that is `named`.
    pub(super) fn asked(&self, asking: Asking, name: &str) -> NameServers {
        let roots = Roots::Only(vec![self.authority.certificate()]);
        self.asked_by(asking, "127.0.0.1", name, roots)
    }

    pub(super) fn asked_by(
        &self,
        asking: Asking,
        host: &str,
        name: &str,
        roots: Roots,
    ) -> NameServers {
        let rules = Rules {
            protocols: SecureServer::protocols(&asking),
            ..Rules::new(roots)
        };
        let tls = Tls::with(rules).unwrap();
        let server = SecureServer::new(host, self.address.port(), name, asking, tls);
        NameServers::Secure(Box::new(server))
    }

    pub(super) fn heard(&self) -> Vec<Vec<String>> {
        self.heard.lock().unwrap().clone()
    }
}

/// A message with its length before it.
pub(super) fn take(wire: &mut Wire) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 2];
    wire.read_exact(&mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    wire.read_exact(&mut message)?;
    Ok(message)
}

pub(super) fn put(wire: &mut Wire, message: &[u8]) -> std::io::Result<()> {
    let length = u16::try_from(message.len()).unwrap();
    wire.write_all(&[&length.to_be_bytes(), message].concat())?;
    wire.flush()
}

/// The head of a request in lines, and its body.
pub(super) fn request(wire: &mut Wire) -> std::io::Result<(Vec<String>, Vec<u8>)> {
    // Nothing comes behind a request before it is answered: a buffer of its own loses nothing.
    let mut reader = BufReader::new(wire);
    let mut head = Vec::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(bytes) = line.strip_prefix("Content-Length: ") {
            length = bytes.parse().unwrap();
        }
        head.push(line.to_owned());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((head, body))
}

/// Answers with this head and body.
pub(super) fn answer(wire: &mut Wire, head: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("{head}\r\nContent-Length: {length}\r\n\r\n");
    wire.write_all(&[head.as_bytes(), body].concat())?;
    wire.flush()
}
