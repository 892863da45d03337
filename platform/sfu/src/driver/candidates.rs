//! The addresses that browsers are told to send to.

use std::net::IpAddr;

/// The description with its host candidates at the announced addresses, same ports. Behind a one-to-one NAT the
/// address of the socket means nothing to a browser; the crate below has a setting for this that it does not apply.
///
/// Without announced addresses the description stays as it is.
pub(crate) fn announce(sdp: &str, announced: &[IpAddr]) -> String {
    if announced.is_empty() {
        return sdp.to_owned();
    }
    let mut lines = Vec::new();
    for line in sdp.lines() {
        if !line.starts_with("a=candidate:") {
            lines.push(line.to_owned());
            continue;
        }
        for (nth, address) in announced.iter().enumerate() {
            if let Some(line) = at_address(line, nth, *address)
                && !lines.contains(&line)
            {
                lines.push(line);
            }
        }
    }
    lines.push(String::new());
    lines.join("\r\n")
}

/// `a=candidate:<foundation> <component> <transport> <priority> <address> <port> typ host …` (RFC 8839 §5.1). The
/// foundation differs by address, because equal ones mean one base (RFC 8445 §5.1.1.3).
fn at_address(line: &str, nth: usize, address: IpAddr) -> Option<String> {
    let mut fields: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let (first, at) = (fields.first()?.clone(), fields.get_mut(4)?);
    *at = address.to_string();
    fields[0] = format!("{first}{nth}");
    Some(fields.join(" "))
}

#[cfg(test)]
mod tests {
    use super::announce;

    const SDP: &str =
        "v=0\r\na=candidate:42 1 udp 2130706431 10.0.0.5 40000 typ host\r\na=end-of-candidates\r\n";

    #[test]
    fn candidates_move_to_the_announced_addresses() {
        let announced = ["192.0.2.7".parse().unwrap(), "2001:db8::7".parse().unwrap()];
        assert_eq!(
            announce(SDP, &announced),
            "v=0\r\n\
             a=candidate:420 1 udp 2130706431 192.0.2.7 40000 typ host\r\n\
             a=candidate:421 1 udp 2130706431 2001:db8::7 40000 typ host\r\n\
             a=end-of-candidates\r\n"
        );
    }

    #[test]
    fn without_announced_addresses_nothing_changes() {
        assert_eq!(announce(SDP, &[]), SDP);
    }
}
