"""A client that is not ours: publishes by WHIP (RFC 9725) or watches by WHEP, by means of aiortc.

    exchange.py publish|watch <endpoint> <token>

Tells every fifth of a second, a JSON object a line, what it has received: decoded frames, the height of the latest one,
how loud the sound was (0 to 1), and how the connection is. Ends, and deletes what it began, when its input ends.
"""

import asyncio
import fractions
import json
import math
import sys
import urllib.request
from array import array
from urllib.parse import urljoin

import av
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import VideoStreamTrack

RATE = 48_000
SAMPLES = 960


class Bars(VideoStreamTrack):
    """A bar that wanders, so that each picture differs from the one before."""

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        left = pts // 900 % 600
        frame = av.VideoFrame(640, 360, "yuv420p")
        luma, *chroma = frame.planes
        row = bytearray(b"\x20" * luma.line_size)
        row[left : left + 40] = b"\xd0" * 40
        luma.update(bytes(row) * luma.height)
        for plane in chroma:
            plane.update(b"\x80" * plane.buffer_size)
        frame.pts, frame.time_base = pts, time_base
        return frame


class Tone(MediaStreamTrack):
    """A tone of 440 hertz."""

    kind = "audio"

    def __init__(self):
        super().__init__()
        self.at = 0
        self.began = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.began = self.began or loop.time()
        await asyncio.sleep(max(0, self.began + self.at / RATE - loop.time()))
        steps = range(self.at, self.at + SAMPLES)
        tone = array("h", (int(math.sin(2 * math.pi * 440 * step / RATE) * 8_000) for step in steps))
        frame = av.AudioFrame("s16", "mono", SAMPLES)
        frame.planes[0].update(tone.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = RATE, self.at, fractions.Fraction(1, RATE)
        self.at += SAMPLES
        return frame


def ask(method, url, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    request = urllib.request.Request(url, body and body.encode(), headers, method=method)
    with urllib.request.urlopen(request) as response:
        return response.read().decode(), response.headers.get("Location")


async def main(what, endpoint, token):
    connection = RTCPeerConnection()
    told = {"frames": 0, "height": 0, "energy": 0.0}

    async def take(track):
        while True:
            frame = await track.recv()
            if track.kind == "video":
                told["frames"] += 1
                told["height"] = frame.height
            else:
                sound = array("h", bytes(frame.planes[0]))
                told["energy"] = sum(map(abs, sound)) / len(sound) / 32_768

    tasks = []
    connection.on("track", lambda track: tasks.append(asyncio.ensure_future(take(track))))
    if what == "publish":
        connection.addTrack(Tone())
        connection.addTrack(Bars())
    else:
        connection.addTransceiver("audio", direction="recvonly")
        connection.addTransceiver("video", direction="recvonly")
    await connection.setLocalDescription(await connection.createOffer())
    loop = asyncio.get_running_loop()
    answer, location = await loop.run_in_executor(
        None, ask, "POST", endpoint, token, connection.localDescription.sdp
    )
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def tell():
        while True:
            print(json.dumps({**told, "state": connection.connectionState}), flush=True)
            await asyncio.sleep(0.2)

    tasks.append(asyncio.ensure_future(tell()))
    await loop.run_in_executor(None, sys.stdin.read)
    for task in tasks:
        task.cancel()
    await loop.run_in_executor(None, ask, "DELETE", urljoin(endpoint, location), token)
    await connection.close()


asyncio.run(main(*sys.argv[1:]))
