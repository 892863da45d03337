// A home connection between browsers and the media server: so much goes through, what is too much waits, what would wait
// too long is lost, and some is lost anyway. Datagrams only.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What datagrams meet in one direction. Change it at any time. */
function direction() {
  return { bitsPerSecond: Infinity, lostPercent: 0, delayMs: 5, queueMs: 250, free: 0 };
}

function carry(way, length, send) {
  const now = performance.now();
  if (Math.random() * 100 < way.lostPercent) return;
  const from = Math.max(way.free, now);
  if (from - now > way.queueMs) return;
  // 28 bytes are the headers of UDP and IP.
  way.free = from + ((length + 28) * 8_000) / way.bitsPerSecond;
  setTimeout(send, way.free - now + way.delayMs);
}

/**
 * Opens a link to where the media server takes datagrams. `port` is what browsers take for the server; `down` is the way
 * to them, `up` the way from them.
 */
export async function openLink(server) {
  const [down, up] = [direction(), direction()];
  const outside = createSocket('udp4');
  const inside = new Map();
  let closed = false;
  outside.on('message', (message, { port, address }) => {
    let socket = inside.get(port);
    if (!socket) {
      socket = createSocket('udp4');
      inside.set(port, socket);
      socket.on('message', (answer) =>
        carry(down, answer.length, () => closed || outside.send(answer, port, address)),
      );
    }
    carry(up, message.length, () => closed || socket.send(message, server.port, server.address));
  });
  outside.bind(0, '127.0.0.1');
  await once(outside, 'listening');
  return {
    port: outside.address().port,
    down,
    up,
    close() {
      closed = true;
      for (const socket of [outside, ...inside.values()]) socket.close();
    },
  };
}
