//! The listener of the forge, whose connections can be cut in the middle of a request.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// How much more is written to a connection: all, the next reply without the second half of its body, nothing.
const WHOLE: u8 = 0;
const HALF: u8 = 1;
const NOTHING: u8 = 2;

/// Cuts one connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Cut(Arc<AtomicU8>);

impl Cut {
    /// Nothing more is written to it.
    pub(super) fn now(&self) {
        self.0.store(NOTHING, Ordering::SeqCst);
    }

    /// The next body is written by half, and then nothing more.
    pub(super) fn halfway(&self) {
        self.0.store(HALF, Ordering::SeqCst);
    }

    fn left(&self) -> u8 {
        self.0.load(Ordering::SeqCst)
    }
}

/// How many bytes of a write are a head and the half of a body; all of them when there is no body.
fn half(bytes: &[u8]) -> usize {
    let head = bytes.windows(4).position(|it| it == b"\r\n\r\n").map_or(0, |at| at + 4);
    let body = bytes.len() - head;
    if body == 0 { head } else { head + body / 2 }
}

pub(super) struct Wires(pub TcpListener);

impl Listener for Wires {
    type Io = Wire;
    type Addr = Cut;

    async fn accept(&mut self) -> (Wire, Cut) {
        loop {
            // A client that gives up before it is accepted is no reason to stop listening.
            if let Ok((stream, _)) = self.0.accept().await {
                let _ = stream.set_nodelay(true);
                let cut = Cut::default();
                return (Wire { stream, cut: cut.clone() }, cut);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Cut> {
        self.0.local_addr().map(|_: SocketAddr| Cut::default())
    }
}

impl Connected<IncomingStream<'_, Wires>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.remote_addr().clone()
    }
}

pub(super) struct Wire {
    stream: TcpStream,
    cut: Cut,
}

impl Wire {
    fn alive(&self) -> io::Result<()> {
        if self.cut.left() == NOTHING { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.alive()?;
        if self.cut.left() == WHOLE {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        }
        let some = half(bytes);
        let written = std::task::ready!(Pin::new(&mut self.stream).poll_write(cx, &bytes[..some]))?;
        if some < bytes.len() && written == some {
            self.cut.now();
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.alive()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
