//! What the kernel says of real sockets: when bytes passed, and where connections stand.

use std::io::{IoSliceMut, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::thread::spawn;

use netwaterfall::clock::Clock;
use netwaterfall::event::{
    Because, Command, Event, Fact, KernelWord, Moment, Stage, Tcp, TcpState, Times, Verdict, Wanted,
};
use netwaterfall::message::{Family, Payload};
use netwaterfall::model::{Model, closing, ladder};
use netwaterfall::net::{
    Found, Heard, Internet, NameServers, Network, Opened, Stamping, Wire, Work,
};
use nix::cmsg_space;
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, TimestampingFlag, recvmsg, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;
use rustls::{ServerConnection, StreamOwned};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::oneshot;

use crate::sim::{Authority, fetch};
use crate::sockets::{NOBODY, OK, read_head, serve_one, told};

fn internet() -> Internet {
    let internet = Internet::new(NameServers::Only(NOBODY));
    wait_for_stamps();
    internet
}

/// Waits until the kernel stamps what comes, which it begins a moment after it is asked to.
fn wait_for_stamps() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let wanted = TimestampingFlag::SOF_TIMESTAMPING_SOFTWARE
        | TimestampingFlag::SOF_TIMESTAMPING_RX_SOFTWARE;
    setsockopt(&socket, sockopt::Timestamping, &wanted).unwrap();
    let own = socket.local_addr().unwrap();
    let is_stamped = (0..1_000_000).any(|_| {
        socket.send_to(&[0], own).unwrap();
        let mut byte = [0];
        let mut into = [IoSliceMut::new(&mut byte)];
        let mut space = cmsg_space!([TimeSpec; 3]);
        let end = socket.as_raw_fd();
        let came = recvmsg::<()>(end, &mut into, Some(&mut space), MsgFlags::empty()).unwrap();
        let is_stamp = |told| matches!(told, ControlMessageOwned::ScmTimestampsns(_));
        came.cmsgs().unwrap().any(is_stamp)
    });
    assert!(is_stamped, "the kernel never stamps");
}

/// The kernel's times of the first stage of this name.
fn times(events: &[Event], wanted: Stage) -> Times {
    let timed = events.iter().find_map(|event| match &event.fact {
        Fact::StageTimed { stage, times, .. } if *stage == wanted => Some(*times),
        _ => None,
    });
    timed.unwrap_or_else(|| panic!("the kernel did not time {wanted:?}"))
}

fn heard_at(events: &[Event], wanted: Stage) -> Moment {
    let ended = events.iter().find_map(|event| match &event.fact {
        Fact::StageEnded { stage, .. } if *stage == wanted => Some(event.at),
        _ => None,
    });
    ended.unwrap()
}

fn words_of_kernel(events: &[Event]) -> Vec<&KernelWord> {
    let words = events.iter().filter_map(|event| match &event.fact {
        Fact::KernelTold { word, .. } => Some(word),
        _ => None,
    });
    words.collect()
}

fn is_answered(events: &[Event]) -> bool {
    let is_answer = |event: &Event| {
        matches!(
            event.fact,
            Fact::RequestEnded {
                verdict: Verdict::Answered,
                ..
            }
        )
    };
    events.iter().any(is_answer)
}

/// The internet, but nothing is read before somebody says so.
struct Late {
    internet: Internet,
    gate: std::cell::RefCell<Option<oneshot::Receiver<()>>>,
}

impl Network for Late {
    fn ask<'a>(
        &'a self,
        host: &'a str,
        family: Family,
        told: &'a dyn Fn(Heard),
    ) -> Work<'a, Found> {
        self.internet.ask(host, family, told)
    }

    fn connect(&self, address: SocketAddr) -> Work<'_, Opened> {
        Box::pin(async move {
            let opened = self.internet.connect(address).await?;
            let wire = Box::new(HeldBack {
                wire: opened.wire,
                gate: self.gate.borrow_mut().take(),
            });
            Ok(Opened { wire, ..opened })
        })
    }
}

struct HeldBack {
    wire: Wire,
    gate: Option<oneshot::Receiver<()>>,
}

impl AsyncRead for HeldBack {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if let Some(gate) = &mut self.gate {
            ready!(Pin::new(gate).poll(context)).unwrap();
            self.gate = None;
        }
        Pin::new(&mut self.wire).poll_read(context, buffer)
    }
}

impl AsyncWrite for HeldBack {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.wire).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(context)
    }
}

#[test]
fn a_reader_that_is_late_does_not_make_the_figures_late() {
    let clock = Clock::start();
    let (open, gate) = oneshot::channel();
    let (address, server) = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = spawn(move || {
            let mut line = listener.accept().unwrap().0;
            read_head(&mut line).unwrap();
            let heard = clock.now();
            line.write_all(OK).unwrap();
            let answered = clock.now();
            // Only now may the client read.
            open.send(()).unwrap();
            let _ = line.read(&mut [0; 1]);
            (heard, answered)
        });
        (address, server)
    };
    let late = move || {
        Box::new(Late {
            internet: internet(),
            gate: Some(gate).into(),
        }) as Box<dyn Network>
    };
    let url = format!("http://{address}/");
    let events = told(fetch(&[&url]), vec![], late, clock);
    let (heard, answered) = server.join().unwrap();
    assert!(is_answered(&events));

    let (send, wait, receive) = (
        times(&events, Stage::Send),
        times(&events, Stage::Wait),
        times(&events, Stage::Receive),
    );
    assert!(
        heard_at(&events, Stage::Wait) > answered,
        "the reader was late"
    );
    assert!(send.ended.unwrap() <= heard);
    assert_eq!(
        wait.began, send.ended,
        "the wait begins as the request leaves"
    );
    assert!(
        (heard..=answered).contains(&wait.ended.unwrap()),
        "{wait:?}"
    );
    assert_eq!(receive.began, wait.ended);
    assert!((heard..=answered).contains(&receive.ended.unwrap()));
}

#[test]
fn bars_are_drawn_by_the_kernels_times_and_say_so() {
    let (address, server) = serve_one(|mut line| {
        read_head(&mut line).unwrap();
        line.write_all(OK).unwrap();
        let _ = line.read(&mut [0; 1]);
    });
    let network = || Box::new(internet()) as Box<dyn Network>;
    let url = format!("http://{address}/");
    let events = told(fetch(&[&url]), vec![], network, Clock::start());
    server.join().unwrap();
    let mut model = Model::default();
    for event in &events {
        model.apply(event);
    }
    let request = &model.requests()[0];
    for (stage, source) in [
        (
            Stage::Connect,
            "measured, the kernel's round trip: c1 was opened meanwhile",
        ),
        (Stage::Send, "measured, our clock until the kernel's stamp"),
        (Stage::Wait, "measured, the kernel's clock"),
        (Stage::Receive, "measured, the kernel's clock"),
    ] {
        let timings = netwaterfall::model::timings(request, &model, Moment(u64::MAX));
        let timing = timings.iter().find(|timing| timing.stage == stage).unwrap();
        assert_eq!(timing.source, source, "{stage:?}");
    }
    let spans = request.timeline.spans();
    let wait = spans.iter().find(|span| span.stage == Stage::Wait).unwrap();
    let timed = times(&events, Stage::Wait);
    assert_eq!(Some(wait.began), timed.began);
    assert_eq!(Some(wait.until(Moment(u64::MAX))), timed.ended);
}

#[test]
fn tcp_tells_of_the_handshake_and_of_each_exchange() {
    let (address, server) = serve_one(|mut line| {
        read_head(&mut line).unwrap();
        line.write_all(OK).unwrap();
        let _ = line.read(&mut [0; 1]);
    });
    let network = || Box::new(internet()) as Box<dyn Network>;
    let url = format!("http://{address}/");
    let events = told(fetch(&[&url]), vec![], network, Clock::start());
    server.join().unwrap();
    let words = words_of_kernel(&events);
    let books: Vec<&Tcp> = words
        .iter()
        .filter_map(|word| match word {
            KernelWord::Tcp(tcp) => Some(tcp),
            _ => None,
        })
        .collect();
    assert_eq!(
        books.len(),
        2,
        "as it opened, and after the exchange: {words:?}"
    );
    for tcp in books {
        assert!(tcp.rtt_us > 0 && tcp.cwnd > 0 && tcp.mss > 500, "{tcp:?}");
        assert_eq!(tcp.retransmitted, 0, "loopback loses nothing");
    }
    let connect = times(&events, Stage::Connect);
    assert!(connect.ended.unwrap() < heard_at(&events, Stage::Connect));
}

/// How a connection was closed, in words, and the facts.
fn closed(serve: impl FnOnce(TcpStream) + Send + 'static) -> (String, Vec<TcpState>) {
    let (address, server) = serve_one(serve);
    let network = || Box::new(internet()) as Box<dyn Network>;
    let url = format!("http://{address}/");
    let events = told(fetch(&[&url]), vec![], network, Clock::start());
    server.join().unwrap();
    let mut model = Model::default();
    for event in &events {
        model.apply(event);
    }
    let connection = &model.connections()[0];
    let states = connection.states().map(|(_, state)| state).collect();
    (closing(connection).unwrap_or_default(), states)
}

#[test]
fn who_closed_first_is_told_with_the_states_as_the_kernel_had_them() {
    let (words, states) = closed(|mut line| {
        read_head(&mut line).unwrap();
        line.write_all(OK).unwrap();
        assert_eq!(
            line.read(&mut [0; 1]).unwrap(),
            0,
            "the client says goodbye"
        );
    });
    // The waiting for the FIN of the server may be over before anybody looks.
    assert!(words.starts_with("our FIN went first: "), "{words}");
    assert_eq!(states.last(), Some(&TcpState::TimeWait), "{states:?}");

    let (words, states) = closed(|mut line| {
        read_head(&mut line).unwrap();
        line.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello")
            .unwrap();
    });
    assert!(
        words.starts_with("the server's FIN came first: CLOSE_WAIT"),
        "{words}"
    );
    assert_eq!(states.last(), Some(&TcpState::Closed), "{states:?}");
}

#[test]
fn a_reset_leaves_no_states_to_go_through() {
    // A socket that is closed with something unread in it is reset.
    let (words, states) = closed(|mut line| {
        line.read_exact(&mut [0; 1]).unwrap();
    });
    assert_eq!(states, [TcpState::Closed]);
    assert!(words.starts_with("without a FIN: reset"), "{words}");
}

#[test]
fn the_ladder_has_every_step_in_order() {
    let (address, server) = serve_one(|mut line| {
        read_head(&mut line).unwrap();
        line.write_all(OK).unwrap();
        let _ = line.read(&mut [0; 1]);
    });
    let network = || Box::new(internet()) as Box<dyn Network>;
    let url = format!("http://{address}/");
    let events = told(fetch(&[&url]), vec![], network, Clock::start());
    server.join().unwrap();
    let mut model = Model::default();
    for event in &events {
        model.apply(event);
    }
    let (rungs, left_out) = ladder(&model.connections()[0], &model, Moment(u64::MAX), 10);
    assert_eq!(left_out, 0);
    let proofs: Vec<(String, String)> = rungs
        .iter()
        .map(|rung| (rung.words.clone(), rung.proof.to_string()))
        .collect();
    let bytes = events.iter().find_map(|event| match event.fact {
        Fact::RequestSent { bytes, .. } => Some(bytes),
        _ => None,
    });
    let stamped = "measured by the kernel";
    let expected = [
        ("SYN".to_owned(), "derived: we asked for it"),
        ("SYN-ACK".to_owned(), "derived: TCP's round trip"),
        ("ACK".to_owned(), "derived: at once, by the kernel"),
        (format!("#1 GET, {} bytes", bytes.unwrap()), stamped),
        ("#1 first byte of the answer".to_owned(), stamped),
        ("#1 last byte, 43 in all".to_owned(), stamped),
    ];
    for (step, (words, proof)) in proofs.iter().zip(&expected) {
        assert_eq!((&step.0, step.1.as_str()), (words, *proof));
    }
    let ends: Vec<&str> = proofs[expected.len()..]
        .iter()
        .map(|(words, _)| words.as_str())
        .collect();
    assert_eq!(ends, ["FIN", "ACK of the FIN", "FIN"]);
    assert!(rungs.is_sorted_by_key(|rung| rung.at));
}

#[test]
fn over_tls_the_handshake_ends_as_its_last_byte_leaves() {
    let authority = Authority::generate();
    let config = Arc::clone(authority.server(&["127.0.0.1"]).config());
    let (address, server) = serve_one(move |line| {
        let session = ServerConnection::new(config).unwrap();
        let mut line = StreamOwned::new(session, line);
        read_head(&mut line).unwrap();
        line.write_all(OK).unwrap();
        line.flush().unwrap();
        let _ = line.read(&mut [0; 1]);
    });
    let network = || Box::new(internet()) as Box<dyn Network>;
    let url = format!("https://{address}/");
    let trusted = vec![authority.certificate()];
    let events = told(fetch(&[&url]), trusted, network, Clock::start());
    server.join().unwrap();
    assert!(is_answered(&events));
    let (connect, tls) = (times(&events, Stage::Connect), times(&events, Stage::Tls));
    let (send, wait) = (times(&events, Stage::Send), times(&events, Stage::Wait));
    let receive = times(&events, Stage::Receive);
    assert_eq!(tls.began, connect.ended);
    let moments = [tls.began, tls.ended, send.ended, wait.ended, receive.ended];
    assert!(moments.iter().all(Option::is_some), "{moments:?}");
    assert!(moments.is_sorted(), "{moments:?}");
    assert!(tls.ended.unwrap() < heard_at(&events, Stage::Tls));
}

/// The internet, and how often a write had to wait.
struct Counted {
    internet: Internet,
    waits: Arc<AtomicUsize>,
}

impl Network for Counted {
    fn ask<'a>(
        &'a self,
        host: &'a str,
        family: Family,
        told: &'a dyn Fn(Heard),
    ) -> Work<'a, Found> {
        self.internet.ask(host, family, told)
    }

    fn connect(&self, address: SocketAddr) -> Work<'_, Opened> {
        Box::pin(async move {
            let opened = self.internet.connect(address).await?;
            let (wire, waits) = (opened.wire, Arc::clone(&self.waits));
            let wire = Box::new(Counting { wire, waits });
            Ok(Opened { wire, ..opened })
        })
    }
}

struct Counting {
    wire: Wire,
    waits: Arc<AtomicUsize>,
}

impl AsyncRead for Counting {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.wire).poll_read(context, buffer)
    }
}

impl AsyncWrite for Counting {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.wire).poll_write(context, bytes);
        self.waits
            .fetch_add(usize::from(written.is_pending()), Ordering::Relaxed);
        written
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.wire).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.wire).poll_shutdown(context)
    }
}

/// Stamps of bytes that leave later come while a write waits for room: they look like a closed
/// line to the runtime, and a write that believed it would ask without end.
#[test]
fn an_upload_that_has_to_wait_for_room_does_not_ask_over_and_over() {
    const LARGE: usize = 32 * 1024 * 1024;
    const PIECE: usize = 16 * 1024;
    let (address, server) = serve_one(|mut line| {
        read_head(&mut line).unwrap();
        let mut piece = [0; PIECE];
        let mut left = LARGE;
        while left > 0 {
            left -= line.read(&mut piece).unwrap();
        }
        line.write_all(OK).unwrap();
        let _ = line.read(&mut [0; 1]);
    });
    let waits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&waits);
    let network = move || {
        Box::new(Counted {
            internet: internet(),
            waits: counted,
        }) as Box<dyn Network>
    };
    let url = format!("http://{address}/").parse().unwrap();
    let mut post = Wanted::plain("POST".parse().unwrap(), url, Because::Typed);
    post.saying.payload = Some(Payload {
        bytes: vec![b'x'; LARGE].into(),
        media_type: None,
    });
    let events = told(Command::Fetch(vec![post]), vec![], network, Clock::start());
    server.join().unwrap();
    assert!(is_answered(&events));
    let waits = waits.load(Ordering::Relaxed);
    // Between two waits there was room for something, and never for less than a segment.
    assert!(waits < LARGE / PIECE, "{waits} waits");
}

#[test]
fn nobody_asks_the_kernel_where_our_clock_is_wanted() {
    let (address, server) = serve_one(|mut line| {
        read_head(&mut line).unwrap();
        line.write_all(OK).unwrap();
        let _ = line.read(&mut [0; 1]);
    });
    let network = || Box::new(internet().with_stamping(Stamping::Off)) as Box<dyn Network>;
    let url = format!("http://{address}/");
    let events = told(fetch(&[&url]), vec![], network, Clock::start());
    server.join().unwrap();
    assert!(is_answered(&events));
    let is_timed = |event: &Event| matches!(event.fact, Fact::StageTimed { .. });
    assert!(!events.iter().any(is_timed));
    let words = words_of_kernel(&events);
    let untold = KernelWord::Untold("the kernel is not asked (--clock ours)".to_owned());
    assert_eq!(words, [&untold]);
}
