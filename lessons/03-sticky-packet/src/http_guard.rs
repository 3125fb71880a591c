//! A request that a browser wrote is not a command.
//!
//! Any page on the internet can make a browser send `POST / HTTP/1.1` to `127.0.0.1`, with a body of the page's choice.
//! Loopback keeps other machines out, not other people's pages. A server that takes each read for a command would answer
//! the head with an error and then run the body. So the head ends the connection before the body is looked at.
//!
//! ```text
//! POST / HTTP/1.1\r\n ... \r\n\r\n      <- begins with a method and a blank: close, run nothing, answer nothing
//! rm -rf important                      <- would have been the next command
//! ```

/// The methods of RFC 9110 section 9.3 and RFC 5789. They are case-sensitive (section 9.1).
const METHODS: [&[u8]; 9] = [
    b"GET ",
    b"HEAD ",
    b"POST ",
    b"PUT ",
    b"DELETE ",
    b"OPTIONS ",
    b"PATCH ",
    b"TRACE ",
    b"CONNECT ",
];

/// Whether this request begins with an HTTP method and a blank: then end the connection at once, without an answer.
pub fn is_http(request: &[u8]) -> bool {
    METHODS.iter().any(|method| request.starts_with(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_with_a_blank_is_http() {
        for method in [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
        ] {
            assert!(
                is_http(format!("{method} / HTTP/1.1\r\n").as_bytes()),
                "{method}"
            );
            assert!(is_http(format!("{method} ").as_bytes()), "{method}");
        }
    }

    #[test]
    fn commands_are_not_http() {
        for command in [
            "",
            "GET",
            "GETX /",
            "get /",
            " GET /",
            "echo GET /",
            "PUTS",
            "date",
            "POSTER now",
        ] {
            assert!(!is_http(command.as_bytes()), "{command}");
        }
    }
}
