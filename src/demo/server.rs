use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener, UdpSocket as StdSocket};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::pki_types::CertificateDer;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use super::authority::Authority;
use super::line::{Line, Orders};
use super::wild::{self, Wild};
use super::{names, site};

/// The running demo: a name server and a web server on 127.0.0.1, stopped when this is dropped.
pub struct Demo {
    authority: CertificateDer<'static>,
    name_server: SocketAddr,
    http: SocketAddr,
    https: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Demo {
    /// Starts the servers on ports that the system picks, in a thread of their own.
    ///
    /// Fails where the system gives no port, key or thread.
    pub fn start() -> io::Result<Self> {
        let authority = Authority::generate()?;
        let acceptor = TlsAcceptor::from(Arc::new(authority.server()?));
        let names = StdSocket::bind(ANY_PORT)?;
        let http = StdListener::bind(ANY_PORT)?;
        let https = StdListener::bind(ANY_PORT)?;
        names.set_nonblocking(true)?;
        http.set_nonblocking(true)?;
        https.set_nonblocking(true)?;
        let (stop, stopped) = oneshot::channel();
        let mut demo = Self {
            authority: authority.certificate(),
            name_server: names.local_addr()?,
            http: http.local_addr()?,
            https: https.local_addr()?,
            stop: Some(stop),
            thread: None,
        };

        let runtime = Builder::new_current_thread().enable_all().build()?;
        let inside = runtime.enter();
        let names = UdpSocket::from_std(names)?;
        let http = TcpListener::from_std(http)?;
        let https = TcpListener::from_std(https)?;
        drop(inside);
        let work = move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    () = names::serve(names) => {}
                    () = accept(http, None) => {}
                    () = accept(https, Some(acceptor)) => {}
                }
            });
        };
        demo.thread = Some(thread::Builder::new().name("demo".to_owned()).spawn(work)?);
        Ok(demo)
    }

    /// The certificate of the authority that vouches for the demo's sites.
    pub fn authority(&self) -> CertificateDer<'static> {
        self.authority.clone()
    }

    /// Where the names of the demo are looked up, over UDP.
    pub fn name_server(&self) -> SocketAddr {
        self.name_server
    }

    /// The ports that URLs mean, each with the address that really answers for it on 127.0.0.1, and
    /// by how much further away that is than the others.
    pub fn routes(&self) -> Vec<(u16, SocketAddr, Duration)> {
        vec![
            (80, self.http, Duration::ZERO),
            (443, self.https, Duration::ZERO),
            (8080, self.http, FAR),
        ]
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Demo")
            .field("name_server", &self.name_server)
            .field("http", &self.http)
            .field("https", &self.https)
            .finish_non_exhaustive()
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(greet(stream, tls.clone()));
            }
            Err(_) => sleep(BREATH).await,
        }
    }
}

async fn greet(stream: TcpStream, tls: Option<TlsAcceptor>) {
    // Nagle's wait would blur the pace of the pieces.
    let _ = stream.set_nodelay(true);
    if let Some(wild) = Wild::of(&stream).await {
        return wild.act(stream).await;
    }
    let is_slow = tls.is_some() && wild::asks_for(&stream, "handshake.slow.test").await;
    let (line, orders) = Line::new(stream);
    let Some(tls) = tls else {
        return serve(line, orders).await;
    };
    sleep(if is_slow {
        SLOW_HANDSHAKE
    } else {
        BEFORE_HANDSHAKE
    })
    .await;
    if let Ok(line) = tls.accept(line).await {
        serve(line, orders).await;
    }
}

/// One exchange after another, until either side has had enough.
async fn serve(line: impl AsyncRead + AsyncWrite + Unpin, orders: Arc<Orders>) {
    let service = service_fn(|request| site::answer(request, Arc::clone(&orders)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .title_case_headers(true)
        .serve_connection(TokioIo::new(line), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        () = patience(&orders) => None,
    };
    if ended.is_none() {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

/// Ends when the site wants to leave and has been idle for as long as it likes.
async fn patience(orders: &Orders) {
    orders.left().await;
    sleep(IDLE).await;
}

const ANY_PORT: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);
/// Makes the handshake long enough to be seen.
const BEFORE_HANDSHAKE: Duration = Duration::from_millis(60);
/// Makes one handshake so long that nobody overlooks it.
const SLOW_HANDSHAKE: Duration = Duration::from_millis(1_300);
/// How much longer a round trip to what is far away takes.
const FAR: Duration = Duration::from_millis(600);
/// How long a fleeting site keeps an idle connection.
const IDLE: Duration = Duration::from_millis(400);
/// A pause after a failed accept, so that a lack of descriptors does not spin.
const BREATH: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;

    use hickory_resolver::proto::op::{Message, Query};
    use hickory_resolver::proto::rr::{Name, RecordType};

    use super::*;

    fn fetch(demo: &Demo, host: &str, path: &str) -> (String, io::Result<usize>) {
        let mut stream = TcpStream::connect(demo.http).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut said = Vec::new();
        let ended = stream.read_to_end(&mut said);
        (String::from_utf8(said).unwrap(), ended)
    }

    #[test]
    fn the_site_answers_and_hangs_up_as_it_should() {
        let demo = Demo::start().unwrap();
        let (said, ended) = fetch(&demo, "shop.test", "/missing");
        assert!(said.starts_with("HTTP/1.1 404 Not Found\r\n"), "{said}");
        assert!(said.contains("Server: netwaterfall-demo\r\n"), "{said}");
        assert!(said.contains("Date: "), "{said}");
        ended.unwrap();

        let (said, ended) = fetch(&demo, "fleeting.test", "/reset.bin");
        assert!(said.contains("Content-Length: 200000\r\n"), "{said}");
        assert!((60_000..61_000).contains(&said.len()), "{}", said.len());
        assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    }

    #[test]
    fn the_name_server_answers() {
        let demo = Demo::start().unwrap();
        let mut question = Message::query();
        let name = Name::from_ascii("pictures.test.").unwrap();
        question.add_query(Query::query(name, RecordType::A));
        let socket = StdSocket::bind(ANY_PORT).unwrap();
        socket
            .send_to(&question.to_vec().unwrap(), demo.name_server())
            .unwrap();
        let mut reply = [0; 512];
        let bytes = socket.recv(&mut reply).unwrap();
        let reply = Message::from_vec(&reply[..bytes]).unwrap();
        assert_eq!(
            reply.answers[0].data.ip_addr(),
            Some(Ipv4Addr::LOCALHOST.into())
        );
    }
}
