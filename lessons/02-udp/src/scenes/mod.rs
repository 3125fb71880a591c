//! What the command line starts: from flags to the subject, and from its results to lines of text.
//!
//! A scene asks `cli` for what all lessons share, and puts the recorder around the socket.

pub mod address_book;
pub mod broadcast;
pub mod chat;
pub mod clients;
pub mod demo;
pub mod limits;
pub mod servers;
mod shown;

use std::borrow::Borrow;
use std::io;
use std::net::{SocketAddr, UdpSocket};

use timeline::DatagramTap;

use crate::datagram::Datagrams;

const HERE: &str = "127.0.0.1:8080";
const CHAT: &str = "127.0.0.1:8081";
const TIME: &str = "127.0.0.1:9000";

/// A recorded socket: its four calls are drawn.
impl<S: Borrow<UdpSocket>> Datagrams for DatagramTap<S> {
    fn socket(&self) -> &UdpSocket {
        self.get_ref().borrow()
    }

    fn send_to(&self, bytes: &[u8], destination: SocketAddr) -> io::Result<usize> {
        self.send_to(bytes, destination)
    }

    fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.recv_from(buffer)
    }

    fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        self.send(bytes)
    }

    fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.recv(buffer)
    }
}
